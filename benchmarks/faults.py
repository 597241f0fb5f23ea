"""Ten services are called while everything that can happen to a process happens to theirs.

python -m benchmarks.faults [--quick]

Children are killed, made to crash, frozen; they leak memory to the limit, print garbage among their answers, answer
too late, try to leave processes behind, fill their disk; and their code is swapped all the while, now and then for a
version that is broken. In the end each service's own database is held against what was answered.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import anyio
import psutil

from benchmarks import faulty
from benchmarks.process import fresh_home
from benchmarks.report import Row, alone, percentile
from services.runtime.room import LOOK_SECONDS
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Done, Failed

TITLE = "Calls while services are killed, frozen, swapped and worse"
CALLS, QUICK_CALLS = 10_000, 1_000
SERVICES = 10
WORKERS = 16
"""Calls in flight at once."""
PAUSE_SECONDS = 0.1
"""Between two calls of one caller, on average: some 130 calls a second, half of what two cores bear."""
CALLS_A_FAULT = 33
SEED = 11
FAULTS = {
    "killed": 6,
    "crashed": 4,
    "frozen": 1,
    "leaking": 6,
    "babbling": 4,
    "late": 1,
    "leaving strays": 2,
    "filling the disk": 1,
    "swapped": 4,
    "swapped for a broken version": 1,
}
"""How often each comes, beside the others."""
SIGNALS = {"killed": signal.SIGKILL, "crashed": signal.SIGSEGV, "frozen": signal.SIGSTOP}
TOOLS = {"leaking": "leak", "babbling": "babble", "late": "late", "leaving strays": "stray", "filling the disk": "fill"}
AMID = "crashed amid another fault"
CRASH_MS = 150.0
CALLER = Caller("owner", "home", "Europe/Paris", datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
LEAST_RIGHT = 0.99


@dataclass
class Campaign:
    """What was done, and what came of it."""

    supervisor: Supervisor
    folder: Path
    random: random.Random
    calls: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    """Calls that ended in a sentence instead of an answer, by its beginning."""
    faults: Counter[str] = field(default_factory=Counter)
    written: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Numbers whose writing was acknowledged, by service."""
    outages_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """From what was done to a child to the next answer of another, by what was done."""
    struck: dict[str, tuple[str, int, float]] = field(default_factory=dict)
    """By service: what was done to its child, that child, and when."""
    due: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(0))
    """Faults that should have come by now."""
    troubled: Counter[str] = field(default_factory=Counter)
    """Services with another fault going on."""
    versions: Counter[str] = field(default_factory=Counter)
    refused_swaps: int = 0
    failed_swaps: list[str] = field(default_factory=list)

    # Calls

    async def work(self, numbers: Iterator[int]) -> None:
        """One caller: the next call as soon as the last one has ended."""
        for number in numbers:
            kind = self.random.choice(("mark", "mark", "double", "nap"))
            naps = {"naps_ms": self.random.randint(5, 40)} if kind == "nap" else {}
            await self.call(f"s{number % SERVICES}", "mark" if kind == "nap" else kind, number, **naps)
            await anyio.sleep(self.random.uniform(0, 2 * PAUSE_SECONDS))

    async def call(self, service: str, tool: str, number: int, **more: int) -> None:
        """One call, judged."""
        self.calls += 1
        if self.calls % CALLS_A_FAULT == 0:
            self.due.release()
        outcome = await self.supervisor.call(Call(f"{service}_{tool}", {"number": number, **more}, CALLER))
        self.note_answer(service)
        if isinstance(outcome, Failed):
            self.refused[" ".join(outcome.reason.split()[1:9])] += 1
            return
        if outcome.data.get("number") == (2 * number if tool == "double" else number):
            self.right += 1
        else:
            self.wrong.append(f"{tool} {number}: {outcome}")
        if tool != "double":
            self.written[service].add(number)

    def note_answer(self, service: str) -> None:
        """If the service's child was struck and this came from another one, the outage is over."""
        if service in self.struck:
            what, pid, since = self.struck[service]
            if self.supervisor.roster.drivers[service].pid not in {0, pid}:
                del self.struck[service]
                self.outages_ms[what].append((time.perf_counter() - since) * 1000)

    # Faults

    async def harm(self, faults: int, numbers: Iterator[int]) -> None:
        """One fault after the other, evenly over the calls; a swap goes on beside the next ones."""
        kinds, weights = list(FAULTS), list(FAULTS.values())
        async with anyio.create_task_group() as going_on:
            for count in range(faults):
                await self.due.acquire()
                kind = kinds[count] if count < len(kinds) else self.random.choices(kinds, weights)[0]
                service = f"s{self.random.randrange(SERVICES)}"
                self.faults[kind] += 1
                if kind in SIGNALS:
                    self.strike(service, kind)
                    going_on.start_soon(self.call, service, "double", next(numbers))  # somebody wants it right then
                elif kind in TOOLS:
                    going_on.start_soon(self.misbehave, service, kind, next(numbers))
                else:
                    with self.suffering(service):
                        await self.swap(service, broken=kind != "swapped")

    @contextmanager
    def suffering(self, service: str) -> Iterator[None]:
        """Something is done to it meanwhile that makes a crash worse."""
        self.troubled[service] += 1
        try:
            yield
        finally:
            self.troubled[service] -= 1

    async def misbehave(self, service: str, kind: str, number: int) -> None:
        """Have a tool do its harm; a full disk is found by the hub some seconds later."""
        with self.suffering(service):
            await self.call(service, TOOLS[kind], number)
            if kind == "filling the disk":
                await anyio.sleep(LOOK_SECONDS)

    def strike(self, service: str, kind: str) -> None:
        """Send a signal to its child, if it has one."""
        pid = self.supervisor.roster.drivers[service].pid
        if pid and service not in self.struck:
            what = AMID if self.troubled[service] and kind != "frozen" else kind
            self.struck[service] = (what, pid, time.perf_counter())
            os.kill(pid, SIGNALS[kind])

    async def swap(self, service: str, broken: bool) -> None:
        """Change its code and have it taken up; a broken version must be refused."""
        place = self.folder / service
        good = faulty.code(self.versions[service] + 2)
        faulty.write(place, self.random.choice(faulty.BROKEN) if broken else good)
        outcome = await self.supervisor.swap(service)
        if broken:
            self.refused_swaps += isinstance(outcome, Failed)
            faulty.write(place, good)
        elif isinstance(outcome, Done):
            self.versions[service] += 1
        else:
            self.failed_swaps.append(outcome.reason)

    # In the end

    def found(self, home: Path) -> tuple[int, int]:
        """Acknowledged numbers that are not there, and numbers that are there twice."""
        lost = doubled = 0
        for service in (f"s{number}" for number in range(SERVICES)):
            there = faulty.marked(home, service)
            lost += len(self.written[service] - there.keys())
            doubled += sum(1 for times in there.values() if times > 1)
        return lost, doubled


def own_mb() -> float:
    """Memory of this process, which is the hub here, that nobody shares."""
    return float(psutil.Process().memory_full_info().uss) / 2**20


def left_behind(home: Path) -> int:
    """Processes that still work in that home."""
    found = 0
    for process in psutil.process_iter():
        try:
            found += process.environ().get("MUOS_SERVICE_DATA", "").startswith(str(home))
        except (psutil.Error, OSError):
            continue
    return found


async def campaign(home: Path, calls: int) -> tuple[Campaign, float, float, float]:
    """All of it; also the seconds that it took, and the hub's memory before and after."""
    folder = home / "folders"
    for number in range(SERVICES):
        faulty.make(folder, f"s{number}")
    async with Supervisor([folder], home=home) as supervisor:
        await supervisor.tools()
        done = Campaign(supervisor, folder, random.Random(SEED))
        await done.call("s0", "mark", -1)
        before, began = own_mb(), time.monotonic()
        numbers, more = iter(range(calls)), iter(range(calls, 10 * calls))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(done.harm, calls // CALLS_A_FAULT, more)
            for _ in range(WORKERS):
                tasks.start_soon(done.work, numbers)
        took, after = time.monotonic() - began, own_mb()
    return done, took, before, after


def rows_of(done: Campaign, home: Path, took: float, before: float, after: float) -> list[Row]:
    """What is claimed."""
    lost, doubled = done.found(home)
    left = left_behind(home)
    kinds = ", ".join(f"{count} {kind}" for kind, count in done.faults.most_common())
    why = "; ".join(f"{count}× …{reason}…" for reason, count in done.refused.most_common(3))
    crashes = [*done.outages_ms["killed"], *done.outages_ms["crashed"]]
    amid = done.outages_ms[AMID]
    longest = max((max(each) for each in done.outages_ms.values() if each), default=0.0)
    swaps, broken = sum(done.versions.values()), done.faults["swapped for a broken version"]
    share = done.right / done.calls
    crash = percentile(crashes, 0.95) if crashes else 0.0
    return [
        (f"calls over {SERVICES} services, {WORKERS} at a time", "", f"{done.calls} in {took:.0f} s", None),
        (f"faults: {kinds}", "", str(done.faults.total()), None),
        (
            "answered right, in spite of all",
            f"≥ {LEAST_RIGHT:.0%}",
            f"{done.right} ({share:.2%})",
            share >= LEAST_RIGHT,
        ),
        ("answered wrong", "0", str(len(done.wrong)), not done.wrong),
        (f"refused in words{f': {why}' if why else ''}", "", str(done.refused.total()), None),
        ("acknowledged and lost", "0", str(lost), lost == 0),
        ("done twice", "0", str(doubled), doubled == 0),
        (f"swaps done, {broken} broken versions refused", "", str(swaps), done.refused_swaps == broken),
        ("swaps that failed", "0", str(len(done.failed_swaps)), not done.failed_swaps),
        ("outage after a crash, p50", "", f"{percentile(crashes or [0.0], 0.5):.0f} ms", None),
        ("outage after a crash, p95", f"≤ {CRASH_MS:.0f} ms", f"{crash:.0f} ms", crash <= CRASH_MS),
        ("outage after a crash amid another fault, p95", "", f"{percentile(amid or [0.0], 0.95):.0f} ms", None),
        (f"longest outage of all (frozen ones are given {faulty.SECONDS:g} s)", "", f"{longest:.0f} ms", None),
        ("restarts of the hub", "0", "0", True),
        ("processes left behind", "0", str(left), left == 0),
        ("memory of the hub, before and after", "", f"{before:.0f} and {after:.0f} MB", None),
    ]


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    with fresh_home() as home:
        done, took, before, after = anyio.run(campaign, home, QUICK_CALLS if quick else CALLS)
        return rows_of(done, home, took, before, after)


if __name__ == "__main__":
    alone(TITLE, run)

"""What running services in their own processes costs: starts, calls, crashes, the catalogue.

python -m benchmarks.runtime
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio

from benchmarks.process import fresh_home
from benchmarks.report import Row, alone, percentile
from services.runtime.supervisor import BUILT_IN, Supervisor
from services.runtime.wire import call_meta
from services.tool import Call, Caller, Done

TITLE = "Services in processes of their own"
ROUNDS = 30
CALLS = 500
CALLER = Caller("owner", "home", "Europe/Paris", datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
SHOW = "lists_names"
LISTS = BUILT_IN / "lists"


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds that it took."""
    before = time.perf_counter()
    await work()
    return (time.perf_counter() - before) * 1000


async def ask(supervisor: Supervisor) -> None:
    """One call that must be answered."""
    outcome = await supervisor.call(Call(SHOW, {}, CALLER))
    if not isinstance(outcome, Done):
        raise SystemExit(f"lists did not answer: {outcome}")


async def asleep(supervisor: Supervisor) -> None:
    """Wait until the service's child has gone."""
    while supervisor.status()[0].state != "asleep":
        await supervisor.changed()


async def starts(home: Path, rounds: int) -> list[float]:
    """A sleeping service: child, handshake and first call."""
    samples = []
    async with Supervisor([LISTS], home=home, idle_seconds=0.0) as supervisor:
        await ask(supervisor)
        for _ in range(rounds):
            await asleep(supervisor)
            samples.append(await timed(lambda: ask(supervisor)))
    return samples


async def calls(home: Path) -> list[float]:
    """A service that is awake."""
    async with Supervisor([LISTS], home=home) as supervisor:
        await ask(supervisor)
        return [await timed(lambda: ask(supervisor)) for _ in range(CALLS)]


async def straight(home: Path) -> tuple[list[float], list[float]]:
    """The same request through the supervisor and straight to the same child, in turns."""
    through, direct = [], []
    async with Supervisor([LISTS], home=home) as supervisor:
        await ask(supervisor)
        child = await supervisor.roster.drivers["lists"].warm()
        for _ in range(CALLS):
            through.append(await timed(lambda: ask(supervisor)))
            params = {"name": "names", "arguments": {}, "_meta": call_meta(Call(SHOW, {}, CALLER), {})}
            direct.append(await timed(partial(child.request, "tools/call", params, 10.0)))
    return through, direct


async def crashes(home: Path, rounds: int) -> list[float]:
    """From `kill -9` to the next answer."""
    samples = []
    async with Supervisor([LISTS], home=home) as supervisor:
        for _ in range(rounds):
            await ask(supervisor)
            os.kill(supervisor.status()[0].pid, signal.SIGKILL)
            samples.append(await timed(lambda: ask(supervisor)))
    return samples


async def catalogue(home: Path) -> tuple[float, float, int]:
    """All built-in services: their tools with nothing remembered, then with all; how many services."""
    shutil.rmtree(home / "cache", ignore_errors=True)

    async def look() -> tuple[float, int]:
        async with Supervisor(home=home) as supervisor:
            took = await timed(supervisor.tools)
            return took, sum(1 for row in supervisor.status() if row.tools)

    cold, count = await look()
    warm, _ = await look()
    return cold, warm, count


async def first_answer(home: Path) -> list[float]:
    """With no hub: from nothing to an answer, the template's own start included, tools remembered."""

    async def once() -> None:
        async with Supervisor([LISTS], home=home) as supervisor:
            await ask(supervisor)

    await once()
    return [await timed(once) for _ in range(5)]


def row(what: str, samples: list[float], share: float, target_ms: float | None) -> Row:
    """A row for one percentile."""
    figure = percentile(samples, share)
    met = None if target_ms is None else figure <= target_ms
    return (f"{what}, p{share * 100:.0f}", f"≤ {target_ms:g} ms" if target_ms else "", f"{figure:.1f} ms", met)


async def measure(home: Path, quick: bool) -> list[Row]:
    """Measure all, one after the other."""
    rounds = 8 if quick else ROUNDS
    started, called, crashed = await starts(home, rounds), await calls(home), await crashes(home, rounds)
    through, direct = await straight(home)
    added = percentile(through, 0.5) - percentile(direct, 0.5)
    first = await first_answer(home)
    cold, warm, count = await catalogue(home)
    return [
        row("sleeping service answers", started, 0.5, 100),
        row("sleeping service answers", started, 0.95, 120),
        row("call to a service that is awake", called, 0.5, 5),
        row("call to a service that is awake", called, 0.95, None),
        ("added to a call by the runtime, p50", "≤ 2 ms", f"{added:.2f} ms", added <= 2),
        row("crashed service answers again", crashed, 0.5, 150),
        row("crashed service answers again", crashed, 0.95, 150),
        row("first answer with no hub and no template", first, 0.5, 1500),
        (f"catalogue of {count} services, nothing remembered", "", f"{cold:.0f} ms", None),
        (f"catalogue of {count} services, all remembered", "≤ 50 ms", f"{warm:.1f} ms", warm <= 50),
    ]


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    with fresh_home() as home:
        return anyio.run(measure, home, quick)


if __name__ == "__main__":
    alone(TITLE, run)

"""Whether a call is lost or done twice when services are killed at random: `python -m benchmarks.lost`.

Several calls at a time to a service whose process is killed with `kill -9` over and over: at a random moment after it
answered again. Each call is one write of its own; a call is lost if the person hears that it failed, or if its effect
is not there in the end.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import anyio

from benchmarks.process import fresh_home
from benchmarks.report import Row, alone
from services.runtime.supervisor import BUILT_IN, Supervisor
from services.tool import Call, Caller, Done

TITLE = "Calls lost when services are killed"
CALLER = Caller("owner", "home", "Europe/Paris", datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
AT_ONCE = 4
LISTS = 50
"""The writes are spread over so many lists, as a long list is slower to write to."""
LATEST_KILL = 0.3
"""Seconds after its first answer: at random between at once and this."""


class Trial:
    """Calls and kills on one service."""

    def __init__(self, supervisor: Supervisor, count: int) -> None:
        self.supervisor = supervisor
        self.left = iter(range(count))
        self.failed: list[object] = []
        self.kills = 0
        self.answered = anyio.Event()

    async def write(self) -> None:
        """Take numbers until there are none left, and put each on a list."""
        for number in self.left:
            arguments = {"items": [f"thing {number}"], "list": f"list {number % LISTS}"}
            outcome = await self.supervisor.call(Call("lists_add", arguments, CALLER))
            self.answered.set()
            if not isinstance(outcome, Done):
                self.failed.append(outcome)

    async def kill(self) -> None:
        """Kill the child again and again, until cancelled."""
        chance = random.Random(8)
        while True:
            await self.answered.wait()
            await anyio.sleep(chance.uniform(0, LATEST_KILL))
            self.answered = anyio.Event()
            pid = self.supervisor.status()[0].pid
            if pid:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.kills += 1

    async def there(self) -> Counter[str]:
        """What the service has, by name."""
        found: Counter[str] = Counter()
        for number in range(LISTS):
            outcome = await self.supervisor.call(Call("lists_show", {"list": f"list {number}"}, CALLER))
            if isinstance(outcome, Done):
                found.update(thing.name for thing in outcome.touched if thing.kind == "item")
        return found


async def measure(home: Path, count: int) -> tuple[int, int, int]:
    """Calls lost, calls done twice, kills."""
    async with Supervisor([BUILT_IN / "lists"], home=home) as supervisor:
        trial = Trial(supervisor, count)
        async with anyio.create_task_group() as killing:
            killing.start_soon(trial.kill)
            async with anyio.create_task_group() as writing:
                for _ in range(AT_ONCE):
                    writing.start_soon(trial.write)
            killing.cancel_scope.cancel()
        there = await trial.there()
    lost = sum(1 for number in range(count) if f"thing {number}" not in there)
    return max(lost, len(trial.failed)), sum(times - 1 for times in there.values()), trial.kills


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    count = 1_000 if quick else 10_000
    with fresh_home() as home:
        lost, twice, kills = anyio.run(measure, home, count)
    return [
        (f"calls lost of {count:,} while the service was killed {kills} times", "0", f"{lost}", lost == 0),
        (f"calls done twice of {count:,}", "0", f"{twice}", twice == 0),
    ]


if __name__ == "__main__":
    alone(TITLE, run)

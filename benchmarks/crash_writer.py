"""A hub that writes without pause and says on standard output what it begins and what it has acknowledged.

python -m benchmarks.crash_writer HOME RUN       until it is killed
python -m benchmarks.crash_writer HOME settle    only until all that was due is told

`benchmarks.crashes` kills it.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import sqlalchemy as sa

from interface.hub import Hub, open_hub
from interface.settings import Settings
from services.record import Status, calls
from services.tool import Call, Caller, Done

DUE_IN = timedelta(seconds=1)
"""From the request until its reminder is due."""
SETTLED = 60.0
"""Seconds in which everything that was due must have been told."""

Writes = Mapping[str, Callable[[str, datetime], Mapping[str, Any]]]
WRITES: Writes = {
    "calendar_add": lambda name, now: {"title": name, "start": (now + timedelta(days=1)).isoformat()},
    "notes_add": lambda name, now: {"text": name},
    "lists_add": lambda name, now: {"items": [name]},
    "reminders_add": lambda name, now: {"text": name, "at": (now + DUE_IN).isoformat()},
    "memory_remember": lambda name, now: {"text": name},
}
"""What is written, by the tool that writes it; each name can be counted afterwards."""


def say(*words: str) -> None:
    """A line to whoever kills us."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def write(hub: Hub, tool: str, run: str) -> None:
    """Write with one tool, again and again."""
    for number in itertools.count():
        now = datetime.now(UTC)
        name = f"{tool.partition('_')[0]}-{run}-{number}"
        call = Call(tool, WRITES[tool](name, now), Caller("owner", "home", "UTC", now))
        say("begun", name)
        outcome = await hub.call(call)
        say("acknowledged" if isinstance(outcome, Done) else f"failed {outcome}", name, call.id)


async def write_flows(hub: Hub, run: str) -> None:
    """Write two things as one piece of work, again and again."""
    for number in itertools.count():
        now = datetime.now(UTC)
        names = [f"{kind}-flow-{run}-{number}" for kind in ("lists", "notes")]
        steps: list[tuple[str, Mapping[str, Any]]] = [
            ("lists_add", {"items": [names[0]]}),
            ("notes_add", {"text": names[1]}),
        ]
        for name in names:
            say("begun", name)
        flow = await hub.flows.steps(steps, Caller("owner", "home", "UTC", now), "")
        for name, entry in zip(names, flow.calls, strict=True):
            say("acknowledged" if entry.status is Status.DONE else f"failed {entry.text}", name, entry.id)


async def tell(hub: Hub) -> None:
    """Say what the person is told."""
    async for alert in hub.alerts():
        say("told", alert.id)


def left_running(hub: Hub) -> int:
    """Calls without an end in the journal."""
    with hub.engine.connect() as db:
        return len(db.execute(sa.select(calls.c.id).where(calls.c.status.in_(["running", "planned"]))).all())


async def settle(hub: Hub) -> None:
    """Wait until nothing is due any more."""
    with anyio.fail_after(SETTLED):
        await hub.watched.catch_up()
        wait = 0.0
        while wait < math.inf:
            await anyio.sleep(wait)
            wait = await hub.watched.tell_due(datetime.now(UTC))


async def main(home: Path, run: str) -> None:
    """Write until killed, or settle."""
    async with open_hub(Settings(home=home)) as hub, anyio.create_task_group() as tasks:
        say("running", str(left_running(hub)))
        tasks.start_soon(tell, hub)
        if run == "settle":
            await settle(hub)
            tasks.cancel_scope.cancel()
            return
        tasks.start_soon(hub.watched.watch)
        for tool in WRITES:
            tasks.start_soon(write, hub, tool, run)
        tasks.start_soon(write_flows, hub, run)


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), sys.argv[2])

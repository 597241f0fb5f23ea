"""How long a turn takes inside the hub, from hearing it to having kept it: `python -m benchmarks.turn`.

The requests of our dev set, reads and writes as they come, through everything: understanding, journal, service,
dialogue, memory. The services are awake; every commit is on disk when it is said to be.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import anyio

from agent.turn import Calling, Thinking, Turn
from benchmarks.process import fresh_home
from benchmarks.report import Row, alone, percentile
from interface.hub import Hub, open_hub
from interface.settings import Settings
from services.tool import Effect

TITLE = "A turn inside the hub, by reflex"
DEV = Path(__file__).parent.parent / "tests" / "dev"
ZONE = "Europe/Paris"
NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
TARGET_MS = 60
WARM_UP = 20
"""Turns that are not counted: the services wake up."""


@dataclass(frozen=True, slots=True)
class Took:
    """One turn."""

    ms: float
    writes: bool
    path: str


def requests() -> list[str]:
    """What is asked: every request of the dev set that stands alone."""
    rows = [json.loads(line) for line in (DEV / "requests.jsonl").read_text().splitlines()]
    return [row["text"] for row in rows if not row.get("history") and not row.get("pending")]


async def timed(hub: Hub, text: str, effects: dict[str, Effect]) -> Took:
    """Answer one turn."""
    turn = Turn(text=text, now=NOW, zone=ZONE)
    path, writes = "none", False
    started = time.perf_counter()
    async for event in hub.answer(turn):
        match event:
            case Thinking():
                path = event.path
            case Calling():
                writes = writes or effects[event.call.tool] is not Effect.READ
            case _:
                pass
    return Took((time.perf_counter() - started) * 1000, writes, path)


async def measure(home: Path, count: int) -> tuple[list[Took], float]:
    """Answer that many turns; gives them, and the milliseconds of this process's processor for each."""
    texts = requests()
    spread = texts[:: max(1, len(texts) // (count + WARM_UP))]
    async with open_hub(Settings(home=home, zone=ZONE)) as hub:
        effects = {tool.name: tool.effect for tool in await hub.toolbox.tools()}
        await hub.supervisor.prepare(*(row.name for row in hub.supervisor.status()))
        for text in spread[:WARM_UP]:
            await timed(hub, text, effects)
        before = time.process_time()
        took = [await timed(hub, text, effects) for text in spread[WARM_UP : WARM_UP + count]]
        return took, (time.process_time() - before) * 1000 / len(took)


def row(what: str, took: Sequence[Took], target: int | None) -> Row:
    """The middle and near the end."""
    times = [one.ms for one in took]
    slow = percentile(times, 0.95)
    met = slow <= target if target else None
    return f"{what} ({len(took)})", f"p95 ≤ {target} ms" if target else "", figure(percentile(times, 0.5), slow), met


def figure(middle: float, slow: float) -> str:
    """Both, as printed."""
    return f"p50 {middle:.1f} ms, p95 {slow:.1f} ms"


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    with fresh_home() as home:
        took, processor_ms = anyio.run(measure, home, 60 if quick else 200)
    answered = [one for one in took if one.path == "reflex"]
    return [
        row("a turn inside the hub by reflex", answered, TARGET_MS),
        row("  of these, reads and questions", [one for one in answered if not one.writes], None),
        row("  of these, writes", [one for one in answered if one.writes], None),
        row("  turns that fit no tool", [one for one in took if one.path == "none"] or took[:1], None),
        ("  the hub's processor for one turn", "", f"{processor_ms:.1f} ms", None),
    ]


if __name__ == "__main__":
    alone(TITLE, run)

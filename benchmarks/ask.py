"""How long one question takes from the shell, start and end of the process included: `python -m benchmarks.ask`.

With the hub running, and without; then also in a home that never saw MuOS, where nothing is remembered yet.
"""

from __future__ import annotations

from benchmarks.process import fresh_home, ran, running_hub, seconds_row
from benchmarks.report import Row, alone

TITLE = "One question from the shell, whole process"
READ = "what time is it in Tokyo?"
WITH_HUB, WITHOUT_HUB = 0.35, 1.5
"""Seconds, from the budget."""


def with_hub(rounds: int) -> list[Row]:
    """The hub runs and is warm."""
    with fresh_home() as home, running_hub(home):
        ran(home, "ask", READ)
        ran(home, "ask", "add tea to the shopping list")
        reads = [ran(home, "ask", READ) for _ in range(rounds)]
        writes = [ran(home, "ask", f"add apples number {number} to the shopping list") for number in range(rounds)]
    return [
        seconds_row("muos ask, hub running, a read", WITH_HUB, reads),
        seconds_row("muos ask, hub running, a write", WITH_HUB, writes),
    ]


def without_hub(rounds: int) -> list[Row]:
    """Everything starts for the one question, one service with it."""
    with fresh_home() as home:
        ran(home, "ask", READ)
        known = [ran(home, "ask", READ) for _ in range(rounds)]
    first = []
    for _ in range(max(1, rounds // 3)):
        with fresh_home() as home:
            first.append(ran(home, "ask", READ))
    return [
        seconds_row("muos ask, no hub, one service started", WITHOUT_HUB, known),
        seconds_row("muos ask, no hub, the first ever in a home", None, first),
    ]


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    rounds = 6 if quick else 12
    return with_hub(rounds) + without_hub(rounds // 2)


if __name__ == "__main__":
    alone(TITLE, run)

"""Tells the person at the terminal how far the index of vectors is, when it has much to fill."""

from __future__ import annotations

from collections.abc import Callable

MUCH = 5000
"""Notes from which on it is told: fewer take some seconds."""
CELLS = 20
"""Of the bar; a line is told for each."""


class Filling:
    """Told (done, all) from whatever thread fills the index; tells a line for every twentieth."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told = -1

    def tell(self, done: int, total: int) -> None:
        """So many of so many notes are in the index."""
        cells = CELLS * done // max(1, total)
        if total < MUCH or cells == self._told:
            return
        self._told = cells if done < total else -1
        self._tell(f"Index of memory: {'█' * cells}{'░' * (CELLS - cells)} {done:,} of {total:,} notes")

"""An offer: one way to give one slot a value, with the part of the text that it would use up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DATE, TIME, REPEAT, NUMBER, UNIT = 1, 2, 4, 8, 16
ALL = 31
"""Layers of a text range: a moment's day and hour, a quantity's number and unit may go to two slots; anything
else is used once. Of a range in time, DATE is its start and TIME its end."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """A value for a slot."""

    slot: int
    """Index of the slot."""
    ranges: tuple[Range, ...]
    """Where the text says it."""
    value: Any
    score: float
    """About 0 for "could be", 1 for a fair reason, above 2 for a clear one."""
    reach: Range | None = None
    """A range with the words that only lead to the value; taken out of what remains."""
    layer: int = ALL

    def clashes(self, other: Offer) -> bool:
        """Both would use the same words."""
        if not self.layer & other.layer:
            return False
        return any(a < d and c < b for a, b in self.ranges for c, d in other.ranges)

"""What has been filled so far, and which words that used up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.reflex.filling.clause import Clause
from models.reflex.filling.offer import Offer, Range
from models.reflex.filling.rest import parts, remaining


class State:
    """A filling under way."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self.values: dict[int, Any] = {}
        self.ranges: dict[int, tuple[Range, ...]] = {}
        self.covered: list[Range] = []
        """What is taken out of the remaining text."""
        self.rested: list[Range] = []
        """What the remaining text explains."""

    def give(self, index: int, value: Any, ranges: Iterable[Range] = ()) -> None:
        """Fill a slot."""
        self.values[index] = value
        self.ranges[index] = tuple(ranges)
        self.covered += ranges

    def take(self, offer: Offer) -> None:
        """Fill a slot as offered."""
        self.give(offer.slot, offer.value, offer.ranges)
        if offer.reach is not None:
            self.cover(offer.reach)

    def cover(self, place: Range) -> None:
        self.covered.append(place)

    def free(self, offer: Offer) -> bool:
        """The offer's slot is empty and its words are not used."""
        if offer.slot in self.values:
            return False
        return not any(a < d and c < b for a, b in offer.ranges for c, d in self.covered)

    def rest(self) -> str:
        """The remaining words."""
        return remaining(self.clause, self.covered)

    def parts(self, text: str, kind: str | None = None) -> list[str]:
        """The entries of a spoken list; a known name that holds an "and" stays whole."""
        known = self.clause.request.names.get(kind or "", ())
        return parts(text, (name for name in known if " and " in name))

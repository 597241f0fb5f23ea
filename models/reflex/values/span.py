"""A typed value that a text holds, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """One value found: `text[start:end]` says it."""

    start: int
    end: int
    kind: str
    """One of `KINDS`."""
    value: Any
    """Normalised and plain (JSON): see the package's docstring for each kind."""
    text: str
    """As said, with the preposition that belongs to it ("at 5", "for an hour")."""
    score: float = 1.0
    """How surely the words mean this: an alternative reading of words inside a longer span has 0.2."""
    detail: Mapping[str, Any] = field(default_factory=dict)


TEMPORAL = frozenset({"moment", "day", "time", "range", "duration", "repeat", "shift", "absurd"})
NUMERIC = frozenset({"number", "percent", "money", "quantity", "temperature", "unit", "ordinal"})
MARKS = frozenset({"email", "phone", "url", "quoted"})
KINDS = TEMPORAL | NUMERIC | MARKS

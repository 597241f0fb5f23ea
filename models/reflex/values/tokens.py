"""A text as the value grammars read it: words, numbers and signs with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

LOOKED_AT = 4000
"""Characters of a text that are looked at: a request is short, and a megabyte must not cost more."""
MAX_DIGITS = 15
"""Longer runs of digits are no numbers that anyone says."""

PADDING = 12
"""Empty words after the last."""

T = TypeVar("T")

_TOKEN = re.compile(
    r"""(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}
        (?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?(?![0-9]))
    |(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9]))
    |(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|(?<![0-9])\.[0-9]+)
    |(?P<word>[AaPp]\.[Mm]\b\.?|[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*)
    |(?P<owner>['’][sS]\b)
    |(?P<sign>[^\s])""",
    re.VERBOSE,
)


class Token(NamedTuple):
    start: int
    end: int
    low: str
    """In lower case, with straight apostrophes."""
    kind: str
    """iso, clock, number, word, owner ("'s") or sign"""
    number: int | float | None = None


class Hit(NamedTuple, Generic[T]):
    """What a grammar read, and the index of the token after it."""

    value: T
    end: int


@dataclass(frozen=True, slots=True)
class Scene:
    """The tokens of a text and the moment from which it is understood."""

    text: str
    tokens: tuple[Token, ...]
    now: datetime
    lows: tuple[str, ...]
    """The words, with empty ones after the last: also what an index just before the first reaches."""

    def low(self, i: int) -> str:
        """The word at i; empty outside the text."""
        try:
            return self.lows[i]
        except IndexError:
            return ""

    def number(self, i: int) -> int | float | None:
        """The value of the digits at i."""
        return self.tokens[i].number if 0 <= i < len(self.tokens) else None

    def kind(self, i: int) -> str:
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def touches(self, i: int) -> bool:
        """Token i begins where the one before it ends."""
        return 0 < i < len(self.tokens) and self.tokens[i - 1].end == self.tokens[i].start

    def near(self, i: int, j: int, reach: int = 8) -> frozenset[str]:
        """The words around tokens i to j."""
        return frozenset(t.low for t in self.tokens[max(0, i - reach) : j + reach])


def read_scene(text: str, now: datetime) -> Scene:
    """Split the beginning of the text into tokens."""
    looked_at = text[:LOOKED_AT]
    found = []
    for match in _TOKEN.finditer(looked_at):
        kind = match.lastgroup or "sign"
        raw = match.group()
        number = _value(raw) if kind == "number" else None
        found.append(Token(match.start(), match.end(), raw.lower().replace("’", "'"), kind, number))
    return Scene(text, tuple(found), now, (*(token.low for token in found), *("",) * PADDING))


def _value(raw: str) -> int | float | None:
    plain = raw.replace(",", "")
    if len(plain) > MAX_DIGITS:
        return None
    return float(plain) if "." in plain else int(plain)

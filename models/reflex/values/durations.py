"""Durations and shifts: "half an hour", "1h30", "two and a half hours", "for ten days", "an hour earlier".

A month counts as 30 days and a year as 365 in detail's seconds; the ISO value keeps them as they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from models.reflex.values import words
from models.reflex.values.days import and_a_half_at, count_at
from models.reflex.values.span import Span
from models.reflex.values.tokens import Hit, Scene

MAX_PIECES = 4
_FOR = frozenset({"for", "lasting", "during"})
_CLOSING = frozenset("and or for to with in at on then please later earlier before after from of ago is".split())


class Length(NamedTuple):
    """A stretch of time: months and years kept apart, since they have no fixed length."""

    seconds: float = 0.0
    months: int = 0
    years: int = 0

    @property
    def total_seconds(self) -> float:
        return self.seconds + 86400 * (words.DAYS_PER["month"] * self.months + words.DAYS_PER["year"] * self.years)

    def plus(self, other: Length) -> Length:
        """Both together."""
        return Length(self.seconds + other.seconds, self.months + other.months, self.years + other.years)

    def iso(self, minus: bool = False) -> str:
        """ISO 8601: P2D, PT1H30M, P1M."""
        return iso_duration(self.seconds, self.months, self.years, minus)


def iso_duration(seconds: float, months: int = 0, years: int = 0, minus: bool = False) -> str:
    """The ISO 8601 form; days are 24 hours."""
    days, rest = divmod(abs(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    date_part = "".join(f"{n:g}{unit}" for n, unit in ((years, "Y"), (months, "M")) if n)
    date_part += f"{int(days)}D" if days else ""
    time_part = "".join(f"{int(n)}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    secs = round(secs, 3)
    if secs or not (date_part or time_part):
        time_part += f"{secs:g}S"
    return f"{'-' if minus else ''}P{date_part}{'T' + time_part if time_part else ''}"


def length_at(s: Scene, i: int) -> Hit[Length] | None:
    """A stretch of time at token i, without a preposition."""
    if s.low(i) in {"all", "whole"} and s.low(i + 1) == "day":
        return Hit(Length(86400.0), i + 2)
    if s.low(i) in words.A and s.low(i + 1) in _IDLE and s.low(i + 2) in {"hour", "minute", "day", "week"}:
        return Hit(Length(float(words.SECONDS[s.low(i + 2)])), i + 3)
    length, j, found = Length(), i, False
    smallest = ""
    for _ in range(MAX_PIECES):
        k = j + 1 if found and s.low(j) in {"and", ","} else j
        piece = _piece_at(s, k, first=not found)
        if piece is None:
            tail = _bare_minutes(s, j, smallest)
            if tail is not None:
                length, j = Length(length.seconds + tail.value * 60, *length[1:]), tail.end
            break
        (n, unit), end = piece
        if found and not _smaller(unit, smallest):
            break
        added = _times(n, unit)
        if added is None:
            return None
        length = length.plus(added)
        j, found, smallest = end, True, unit
        half = and_a_half_at(s, j)
        if half is not None and (more := _times(half.value, unit)) is not None:
            return Hit(length.plus(more), half.end)
    return Hit(length, j) if found else None


_IDLE = frozenset({"free", "spare", "whole", "full", "good"})
"""Words between "an" and its unit that change nothing: "a free hour"."""
_ORDER = ("second", "minute", "hour", "day", "week", "fortnight", "month", "year")


def _smaller(unit: str, than: str) -> bool:
    return _ORDER.index(unit) < _ORDER.index(than)


def _times(n: int | float, unit: str) -> Length | None:
    if not 0 <= n < 10**6:
        return None
    if unit in words.SECONDS:
        return Length(float(n * words.SECONDS[unit]))
    if unit == "year" and n != int(n):
        return Length(months=round(n * 12))
    if n != int(n):
        return Length(float(n * words.DAYS_PER[unit] * 86400))
    return Length(months=int(n)) if unit == "month" else Length(years=int(n))


def _piece_at(s: Scene, i: int, first: bool) -> Hit[tuple[int | float, str]] | None:
    """A count with its unit: 12 minutes, half an hour, a quarter of an hour, an hour."""
    if first and s.low(i) == "hour" and and_a_half_at(s, i + 1) is not None:
        return Hit((1, "hour"), i + 1)
    count = count_at(s, i)
    if count is None:
        return None
    n, j = count
    if n < 1:
        # half an hour, three quarters of an hour
        j += s.low(j) == "of"
        j += s.low(j) in words.A
    elif s.low(j) in {"full", "whole", "more", "extra", "additional"}:
        j += 1
    word = s.low(j)
    unit = words.TIME_UNITS.get(word, "")
    if not unit or (word in words.SHORT_TIME_UNITS and not s.touches(j)):
        return None
    if (
        word == "second"
        and s.low(i) in words.A
        and s.low(j + 1)
        and s.low(j + 1) not in _CLOSING
        and s.kind(j + 1) == "word"
    ):
        return None
    return Hit((n, unit), j + 1)


def _bare_minutes(s: Scene, j: int, smallest: str) -> Hit[int] | None:
    """The 30 of 1h30."""
    n = s.number(j)
    if smallest == "hour" and isinstance(n, int) and n < 60 and s.touches(j) and s.low(j - 1) == "h":
        return Hit(n, j + 1)
    return None


def duration_span(s: Scene, i: int) -> Hit[Span] | None:
    """The duration at token i, with the "for" before it."""
    led = s.low(i) in _FOR
    j = i + 1 if led else i
    j += led and s.low(j) in {"the", "about", "around"}
    hit = length_at(s, j)
    if hit is None or (not led and s.low(j) in words.A and s.low(j - 1) in {"once", "twice", "times", "per", "time"}):
        return None
    length, end = hit
    first, last = s.tokens[i].start, s.tokens[end - 1].end
    detail: dict[str, Any] = {"seconds": plain(length.total_seconds), "led": led}
    one = _piece_at(s, j, first=True)
    if one is not None and one.end == end:
        detail |= {"amount": one.value[0], "unit": one.value[1]}
    minus = s.low(j - 1) in words.MINUS  # kept, so that whoever wants a length can refuse it
    return Hit(Span(first, last, "duration", length.iso(minus), s.text[first:last], detail=detail), end)


def shift_span(s: Scene, i: int) -> Hit[Span] | None:
    """an hour later, two days earlier, 10 minutes before, back by half an hour"""
    led = s.low(i) == "by"
    hit = length_at(s, i + led)
    if hit is None:
        return None
    length, end = hit
    after = s.low(end)
    near = s.near(i, end)
    if after in {"later", "earlier", "sooner", "before", "after", "afterwards", "beforehand"}:
        minus, end = after in {"earlier", "sooner", "before", "beforehand"}, end + 1
    elif led and near & words.MOVE_CUES | near & {"extend", "lengthen", "shorten", "by"}:
        minus = bool(near & {"earlier", "sooner"}) or {"bring", "forward"} <= near
    else:
        return None
    first, last = s.tokens[i].start, s.tokens[end - 1].end
    seconds = plain(-length.total_seconds if minus else length.total_seconds)
    return Hit(Span(first, last, "shift", length.iso(minus), s.text[first:last], detail={"seconds": seconds}), end)


def plain(n: float) -> int | float:
    """Whole floats as integers."""
    return int(n) if n == int(n) else n

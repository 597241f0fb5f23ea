"""Dates in digits: 2026-03-05, 5/3, 5/3/2026, 5.3.2026, 05-03-2026.

Day before month, but month first where now's zone is American or no other reading is a date.
"""

from __future__ import annotations

from models.reflex.values.dates import FIRST_YEAR, LAST_YEAR, Day, month_day
from models.reflex.values.tokens import Hit, Scene


def iso_at(s: Scene, i: int) -> Hit[Day] | None:
    if s.kind(i) != "iso":
        return None
    year, month, day = (int(part) for part in s.tokens[i].low[:10].split("-"))
    if not 1 <= month <= 12 or not FIRST_YEAR <= year < LAST_YEAR:
        return Hit(Day(None, f"There is no date {s.tokens[i].low[:10]}."), i + 1)
    return Hit(month_day(s.now.date(), month, day, year), i + 1)


def digits_at(s: Scene, i: int) -> Hit[Day] | None:
    """5/3, 5/3/2026, 5.3.2026"""
    first, separator = s.number(i), s.low(i + 1)
    if isinstance(first, float):
        return _dotted(s, i)
    second = s.number(i + 2)
    tight = s.touches(i + 1) and s.touches(i + 2)
    if not (isinstance(first, int) and isinstance(second, int) and separator in {"/", "-"} and tight):
        return None
    third = s.number(i + 4) if s.low(i + 3) == separator and s.touches(i + 3) and s.touches(i + 4) else None
    if third is None and separator == "-":
        return None
    year = int(third) + 2000 * (third < 100) if third is not None else None
    return _pair(s, first, second, year, i + 5 if third is not None else i + 3)


def _dotted(s: Scene, i: int) -> Hit[Day] | None:
    parts = s.text[s.tokens[i].start : s.tokens[i].end].split(".")
    year = s.number(i + 2) if s.low(i + 1) == "." and s.touches(i + 2) else None
    if len(parts) != 2 or not all(p.isdigit() and len(p) <= 2 for p in parts) or not isinstance(year, int):
        return None
    return _pair(s, int(parts[0]), int(parts[1]), year + 2000 * (year < 100), i + 3)


def _pair(s: Scene, first: int, second: int, year: int | None, end: int) -> Hit[Day] | None:
    if year is not None and not FIRST_YEAR <= year < LAST_YEAR:
        return None
    today = s.now.date()
    month_first = str(getattr(s.now.tzinfo, "key", "")).startswith("America/")
    order = [(second, first), (first, second)]
    if month_first:
        order.reverse()
    days = [month_day(today, month, day, year) for month, day in order if 1 <= month <= 12]
    if not days or max(first, second) > 99:
        return None
    good = [day for day in days if day.on is not None]
    if not good:
        return Hit(days[0], end)
    weak = year is None
    return Hit(Day(good[0].on, also=good[1].on if len(good) > 1 else None, weak=weak), end)

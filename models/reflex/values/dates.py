"""Dates on the calendar: the coming such day, months and years as said, steps by weeks and months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from models.reflex.values import words
from models.reflex.values.tokens import Hit, Scene

FIRST_YEAR, LAST_YEAR = 1700, 2200


@dataclass(frozen=True, slots=True)
class Day:
    """A date as said, or why there is none."""

    on: date | None
    absurd: str = ""
    part: str = ""
    """A part of the day that the word itself says: tonight."""
    hour: int | None = None
    """A time of day that the words say: the end of the day."""
    also: date | None = None
    """The other date that the words could mean."""
    weak: bool = False
    """The words often mean something else ("the second")."""
    doubtful: bool = False
    """Only with a preposition before it or a time after it ("sat")."""


def coming(today: date, weekday: int, weeks: int = 0) -> date:
    """The next such weekday after today."""
    return today + timedelta((weekday - today.weekday() - 1) % 7 + 1 + 7 * weeks)


def month_day(today: date, month: int, day: int, year: int | None = None) -> Day:
    """That day of that month: of the year given, else the coming one."""
    if not 1 <= day <= 31:
        return Day(None, f"No month has a day {day}.")
    if day > calendar.monthrange(2024, month)[1]:
        return Day(None, f"{words.MONTH_NAMES[month]} has no day {day}.")
    if year is not None:
        if day > calendar.monthrange(year, month)[1]:
            return Day(None, f"{words.MONTH_NAMES[month]} {year} has no day {day}.")
        return Day(date(year, month, day))
    # eight years hold a leap day, whatever the century
    for candidate in range(today.year, today.year + 9):
        if day <= calendar.monthrange(candidate, month)[1] and date(candidate, month, day) >= today:
            return Day(date(candidate, month, day))
    return Day(None, f"{words.MONTH_NAMES[month]} has no day {day}.")


def day_of_month(today: date, day: int) -> Day:
    """The coming such day of a month, today included."""
    if not 1 <= day <= 31:
        return Day(None, f"No month has a day {day}.")
    month = today.replace(day=1)
    while day > calendar.monthrange(month.year, month.month)[1] or month.replace(day=day) < today:
        month += relativedelta(months=1)
    return Day(month.replace(day=day))


def month_at(s: Scene, i: int) -> Hit[tuple[int, int]] | None:
    """A month as year and month: "March", "March 2027", "next month", "the month"."""
    today = s.now.date()
    j = i + 1 if s.low(i) in {"the", "of"} else i
    low = s.low(j)
    if low in words.MONTHS:
        month = words.MONTHS[low]
        year = year_at(s, j + 1)
        if year is not None:
            return Hit((year.value, month), year.end)
        return Hit((today.year + (month < today.month), month), j + 1)
    step = {"next": 1, "this": 0, "last": -1}.get(low)
    if step is not None and s.low(j + 1) == "month":
        at = today.replace(day=1) + relativedelta(months=step)
        return Hit((at.year, at.month), j + 2)
    if low == "month" and s.low(j - 1) in {"the", "of"}:
        return Hit((today.year, today.month), j + 1)
    if step is not None and s.low(j + 1) in words.MONTHS:
        return _stepped_month(s, j, step)
    return None


def _stepped_month(s: Scene, j: int, step: int) -> Hit[tuple[int, int]]:
    month, today = words.MONTHS[s.low(j + 1)], s.now.date()
    past = month < today.month or (month == today.month and step != 0)
    year = today.year + (past if step >= 0 else -(month >= today.month))
    return Hit((year, month), j + 2)


def year_at(s: Scene, i: int) -> Hit[int] | None:
    """A year in four digits, after a comma or not."""
    j = i + 1 if s.low(i) == "," else i
    n = s.number(j)
    if not isinstance(n, int) or not FIRST_YEAR <= n < LAST_YEAR or s.low(j + 1) in words.TIME_UNITS:
        return None
    return Hit(n, j + 1) if s.tokens[j].end - s.tokens[j].start == 4 else None


def shifted(at: date, n: int, unit: str) -> date:
    """That many units on; a month after 31 January is the end of February."""
    if unit in {"month", "year"}:
        return at + (relativedelta(months=n) if unit == "month" else relativedelta(years=n))
    return at + timedelta(n * words.SECONDS[unit] // 86400)


def midnight(at: date, now: datetime) -> datetime:
    """The beginning of a day in now's zone."""
    return datetime(at.year, at.month, at.day, tzinfo=now.tzinfo)

"""Days: "tomorrow", "next Tuesday", "on the first", "March 5th", "5/3", "in three days", "the last Friday of May".

A weekday is the coming one, never today; "this" one may be today; the "next" one is that of the next week, Monday to
Sunday. A day of a month or of a year is the coming one, today included. "5/3" is day/month, but month/day where now's
zone is American or no other reading is a date.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from models.reflex.values import words
from models.reflex.values.dates import (
    Day,
    coming,
    day_of_month,
    month_at,
    month_day,
    shifted,
    year_at,
)
from models.reflex.values.digits import digits_at, iso_at
from models.reflex.values.numbers import number_at, ordinal_at
from models.reflex.values.tokens import Hit, Scene

MAX_OFFSET = {"day": 40000, "week": 6000, "fortnight": 3000, "month": 1300, "year": 100}


def day_at(s: Scene, i: int) -> Hit[Day] | None:
    """The date that begins at token i, without the preposition before it."""
    first = s.low(i)
    if not first:
        return None
    for grammar in _GRAMMARS:
        hit = grammar(s, i)
        if hit is not None:
            return hit
    return None


def _relative(s: Scene, i: int) -> Hit[Day] | None:
    today, low = s.now.date(), s.low(i)
    if low in words.DAY_WORDS:
        at = today + timedelta(words.DAY_WORDS[low])
        if s.low(i + 1) == "week" and low in {"today", "tomorrow"}:
            return Hit(Day(at + timedelta(7)), i + 2)
        return Hit(Day(at, part="night" if low == "tonight" else ""), i + 1)
    j = i + 1 if low == "the" else i
    if s.low(j) == "day" and s.low(j + 1) in {"after", "before"}:
        step = 1 if s.low(j + 1) == "after" else -1
        if s.low(j + 2) in {"tomorrow", "yesterday"}:
            return Hit(Day(today + timedelta(step + words.DAY_WORDS[s.low(j + 2)])), j + 3)
    if low == "last" and s.low(i + 1) == "night":
        return Hit(Day(today - timedelta(1), part="night"), i + 2)
    return None


def _weekday(s: Scene, i: int) -> Hit[Day] | None:
    today, low = s.now.date(), s.low(i)
    ahead = low if low in {"next", "this", "last", "coming"} else ""
    j = i + 1 if ahead else i
    if s.low(j) == "coming":
        j, ahead = j + 1, "coming"
    name = s.low(j)
    if name not in words.WEEKDAYS or name in words.PLURAL_WEEKDAYS:
        return None
    if name in words.DOUBTFUL_WEEKDAYS and not ahead and s.low(i - 1) in words.BEFORE_THINGS:
        return None  # the sun
    n, nearest = words.WEEKDAYS[name], coming(today, words.WEEKDAYS[name])
    if ahead == "next":
        at = today + timedelta(7 - today.weekday() + n)
        return Hit(Day(at, also=nearest if nearest != at else None), j + 1)
    if ahead == "last":
        return Hit(Day(nearest - timedelta(14 if n == today.weekday() else 7)), j + 1)
    if ahead == "this" and n == today.weekday():
        return Hit(Day(today), j + 1)
    if s.low(j + 1) in {"week", "fortnight"}:
        return Hit(Day(nearest + timedelta(7 if s.low(j + 1) == "week" else 14)), j + 2)
    if s.low(j + 1) == "next" and s.low(j + 2) == "week":
        return Hit(Day(today + timedelta(7 - today.weekday() + n)), j + 3)
    weeks = _weeks_on(s, j + 1) if not ahead else None
    if weeks is not None:
        return Hit(Day(today + timedelta(7 * weeks.value - today.weekday() + n)), weeks.end)
    doubtful = not ahead and name in words.DOUBTFUL_WEEKDAYS
    also = today if n == today.weekday() else None
    return Hit(Day(nearest, also=also, doubtful=doubtful), j + 1)


def _weeks_on(s: Scene, i: int) -> Hit[int] | None:
    """The "in two weeks" of "Monday in two weeks"."""
    count = count_at(s, i + 1) if s.low(i) == "in" else None
    if count is None or words.TIME_UNITS.get(s.low(count.end)) != "week" or not isinstance(count.value, int):
        return None
    return Hit(count.value, count.end + 1) if count.value <= MAX_OFFSET["week"] else None


def _named_weekday_date(s: Scene, i: int) -> Hit[Day] | None:
    """Friday the 13th, Friday 13 March: the date counts."""
    if s.low(i) not in words.WEEKDAYS or s.low(i) in words.PLURAL_WEEKDAYS:
        return None
    j = i + 1 + (s.low(i + 1) == ",")
    hit = _month_first(s, j) or _day_first(s, j)
    if hit is not None:
        return hit
    j += s.low(j) == "the"
    ordinal = ordinal_at(s, j)
    if ordinal is not None and s.number(j) is not None:
        month = s.now.date().replace(day=1)
        for step in range(60):
            at = month + relativedelta(months=step)
            if 1 <= ordinal.value <= calendar.monthrange(at.year, at.month)[1]:
                there = at.replace(day=ordinal.value)
                if there >= s.now.date() and there.weekday() == words.WEEKDAYS[s.low(i)]:
                    return Hit(Day(there), ordinal.end)
    return None


def _month_first(s: Scene, i: int) -> Hit[Day] | None:
    """March 5th, March 5, 2027, May the first"""
    if s.low(i) not in words.MONTHS:
        return None
    j = i + 1 + (s.low(i + 1) in {"the", "."})
    hit = ordinal_at(s, j)
    if hit is None:
        n = s.number(j)
        if not isinstance(n, int) or n > 99 or s.low(j + 1) in words.MERIDIEMS or s.low(i + 1) == "the":
            return None
        hit = Hit(n, j + 1)
    year = year_at(s, hit.end)
    day = month_day(s.now.date(), words.MONTHS[s.low(i)], hit.value, year.value if year else None)
    return Hit(day, year.end if year else hit.end)


def _day_first(s: Scene, i: int) -> Hit[Day] | None:
    """5 March 2027, the 5th of March, the first of next month, 31st of February"""
    j = i + 1 if s.low(i) == "the" else i
    ordinal = ordinal_at(s, j)
    n = s.number(j)
    if ordinal is not None:
        number, k = ordinal
    elif isinstance(n, int) and n <= 99:
        number, k = n, j + 1
    else:
        return None
    of = s.low(k) == "of"
    k += of
    low = s.low(k)
    if low in words.MONTHS and (ordinal is None or low != "second"):
        year = year_at(s, k + 1)
        day = month_day(s.now.date(), words.MONTHS[low], number, year.value if year else None)
        return Hit(day, year.end if year else k + 1)
    month = month_at(s, k) if of and ordinal is not None else None
    if month is None:
        return None
    return Hit(month_day(s.now.date(), month.value[1], number, month.value[0]), month.end)


def _ordinal_day(s: Scene, i: int) -> Hit[Day] | None:
    """the 15th, on the first: the coming one; not the second of several things"""
    if s.low(i) != "the":
        return None
    hit = ordinal_at(s, i + 1)
    if hit is None or (s.kind(hit.end) == "word" and not _after_day(s.low(hit.end))):
        return None
    return Hit(
        replace(day_of_month(s.now.date(), hit.value), weak=True),
        hit.end,
    )


def _after_day(low: str) -> bool:
    return low in words.FOLLOWS_TIME or low in words.RELATIONS or low in words.PARTS


def _offset(s: Scene, i: int) -> Hit[Day] | None:
    """in three days, two weeks from now, a week on Tuesday, two days ago, three days after tomorrow"""
    j = i + 1 if s.low(i) in {"in", "within"} else i
    count = count_at(s, j)
    if count is None:
        return None
    n, k = count
    unit = words.TIME_UNITS.get(s.low(k), "")
    if unit not in MAX_OFFSET or s.low(k) == "d":
        return None
    k += 1
    k += s.low(k) == "'"
    k += s.low(k) == "time"
    if not isinstance(n, int) or n > MAX_OFFSET[unit]:
        return None
    low = s.low(k)
    if j > i and s.low(i) == "in" and unit == "week" and s.low(k) == "on" and s.low(k + 1) in words.WEEKDAYS:
        monday = s.now.date() + timedelta(7 * n - s.now.date().weekday())
        return Hit(Day(monday + timedelta(words.WEEKDAYS[s.low(k + 1)])), k + 2)
    if j > i and s.low(i) == "in":
        return Hit(Day(shifted(s.now.date(), n, unit)), k + 2 if low == "from" and s.low(k + 1) == "now" else k)
    if low == "ago":
        return Hit(Day(shifted(s.now.date(), -n, unit)), k + 1)
    if low in {"from", "after", "before", "on"} and (low != "on" or unit == "week"):
        return _from_day(s, k + 1, -n if low == "before" else n, unit)
    if low in {"tomorrow", "today"} and unit == "week":
        return Hit(Day(shifted(s.now.date(), n, unit) + timedelta(words.DAY_WORDS[low])), k + 1)
    return None


def _from_day(s: Scene, k: int, n: int, unit: str) -> Hit[Day] | None:
    if s.low(k) == "now" or s.low(k) == "today":
        return Hit(Day(shifted(s.now.date(), n, unit)), k + 1)
    for grammar in (_relative, _weekday, _month_first, _day_first, _named):
        base = grammar(s, k)
        if base is not None and base.value.on is not None:
            return Hit(Day(shifted(base.value.on, n, unit)), base.end)
    return None


def count_at(s: Scene, i: int) -> Hit[int | float] | None:
    """A count of units: three, a, a couple of, a few, half a."""
    low = s.low(i)
    j = i + 1 if low in words.A else i
    if s.low(j) in words.VAGUE_COUNT:
        return Hit(words.VAGUE_COUNT[s.low(j)], j + 1)
    if s.low(j) == "couple":
        return Hit(2, j + 2 if s.low(j + 1) == "of" else j + 1)
    hit = number_at(s, i)
    if hit is not None:
        return Hit(hit.value.value, hit.end + (s.low(hit.end) == "-" and s.touches(hit.end)))
    return Hit(1, j) if j > i else None


def and_a_half_at(s: Scene, i: int) -> Hit[float] | None:
    """The "and a half" behind a unit, unless it begins the next piece ("and a quarter of an hour")."""
    if s.low(i) != "and" or s.low(i + 1) not in words.A or s.low(i + 2) not in {"half", "quarter"}:
        return None
    if s.low(i + 3) in words.TIME_UNITS or s.low(i + 4) in words.TIME_UNITS:
        return None
    return Hit(words.FRACTIONS[s.low(i + 2)], i + 3)


def _edge(s: Scene, i: int) -> Hit[Day] | None:
    """the end of the month, the beginning of next week, the last day of May, the end of the day"""
    j = i + 1 if s.low(i) == "the" else i
    edge = s.low(j)
    if edge == "last" and s.low(j + 1) == "day" and s.low(j + 2) == "of":
        edge, j = "end", j + 1
    if edge == "first" and s.low(j + 1) == "day" and s.low(j + 2) == "of":
        edge, j = "start", j + 1
    if edge not in {"end", "start", "beginning", "middle"} or s.low(j + 1) != "of":
        return None
    k, late, today = j + 2, edge == "end", s.now.date()
    named = s.low(k + 1) if s.low(k) in {"the", "this"} else s.low(k)
    after = k + 2 if s.low(k) in {"the", "this"} else k + 1
    if named == "day" and late:
        return Hit(Day(today, hour=words.END_OF_DAY_HOUR), after)
    if named == "year":
        return Hit(Day(date(today.year, 12, 31) if late else date(today.year + 1, 1, 1)), after)
    if named == "week" or (s.low(k) == "next" and s.low(k + 1) == "week"):
        return _week_edge(s, k, edge, after)
    month = month_at(s, k)
    if month is None:
        return None
    year, number = month.value
    day = calendar.monthrange(year, number)[1] if late else 15 if edge == "middle" else 1
    return Hit(Day(date(year, number, day)), month.end)


def _week_edge(s: Scene, k: int, edge: str, after: int) -> Hit[Day]:
    """The end of a week is its Friday, the middle its Wednesday."""
    ahead = s.low(k) == "next"
    monday = s.now.date() - timedelta(s.now.date().weekday()) + timedelta(7 * ahead)
    at = monday + timedelta({"end": 4, "middle": 2}.get(edge, 0))
    return Hit(Day(at + timedelta(7) if at < s.now.date() else at), k + 2 if ahead else after)


def _nth_weekday(s: Scene, i: int) -> Hit[Day] | None:
    """the first Monday in May, the last Friday of the month"""
    j = i + 1 if s.low(i) == "the" else i
    nth = Hit(-1, j + 1) if s.low(j) == "last" else ordinal_at(s, j)
    if nth is None or nth.value > 5 or s.low(nth.end) not in words.WEEKDAYS or s.low(nth.end + 1) not in {"of", "in"}:
        return None
    month = month_at(s, nth.end + 2)
    if month is None:
        return None
    (year, number), weekday = month.value, words.WEEKDAYS[s.low(nth.end)]
    days = [d for d in calendar.Calendar().itermonthdates(year, number) if d.month == number and d.weekday() == weekday]
    if nth.value > len(days):
        return Hit(Day(None, f"{words.MONTH_NAMES[number]} {year} has no fifth such day."), month.end)
    return Hit(Day(days[nth.value if nth.value < 0 else nth.value - 1]), month.end)


def _named(s: Scene, i: int) -> Hit[Day] | None:
    today = s.now.date()
    for name, (month, day) in words.FIXED_DAYS.items() if s.low(i) in words.FIXED_FIRSTS else ():
        if s.low(i) == name[0] and all(s.low(i + n) == word for n, word in enumerate(name)):
            year = year_at(s, i + len(name))
            ends = year.end if year else i + len(name)
            return Hit(month_day(today, month, day, year.value if year else None), ends)
    if s.low(i) == "easter":
        step = {"sunday": 0, "monday": 1}.get(s.low(i + 1))
        ends = i + 1 + (step is not None)
        year = year_at(s, ends)
        at = easter(today.year) if easter(today.year) >= today else easter(today.year + 1)
        at = easter(year.value) if year else at
        return Hit(Day(at + timedelta(step or 0)), year.end if year else ends)
    return None


_GRAMMARS: tuple[Callable[[Scene, int], Hit[Day] | None], ...] = (
    iso_at,
    _edge,
    _nth_weekday,
    _offset,
    _relative,
    _named_weekday_date,
    _weekday,
    _month_first,
    _day_first,
    digits_at,
    _ordinal_day,
    _named,
)

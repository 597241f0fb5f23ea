"""Parts of months and years: "mid-March", "late June", "the first week of April", "in the spring".

The first week of a month is its days 1 to 7; seasons are those of the calendar's quarters in the north: spring is
March to May.
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from models.reflex.values.dates import month_at
from models.reflex.values.tokens import Hit, Scene

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month that each begins with."""
THIRDS = {"early": (1, 11), "mid": (11, 21), "late": (21, 32)}
"""First day, and the day after the last."""
WEEKS = {"first": 0, "second": 1, "third": 2, "fourth": 3}
Period = tuple[date, date]


def season_at(s: Scene, i: int) -> Hit[Period] | None:
    """The part of a month or year at token i: its first day and the day after its last."""
    return _third(s, i) or _week_of(s, i) or _season(s, i)


def _third(s: Scene, i: int) -> Hit[Period] | None:
    """early May, mid-March, late next month"""
    j = i + (s.low(i) in {"in", "by"})
    j += s.low(j) == "the"
    said = s.low(j)
    month = month_at(s, j + 1 + (s.low(j + 1) == "-")) if said in THIRDS else None
    if month is None:
        return None
    first = date(*month.value, 1)
    begin, end = THIRDS[said]
    after = first + relativedelta(months=1) if said == "late" else first + timedelta(end - 1)
    return Hit((first + timedelta(begin - 1), after), month.end)


def _week_of(s: Scene, i: int) -> Hit[Period] | None:
    """the first week of April, the last week of next month"""
    j = i + (s.low(i) in {"in", "during"})
    j += s.low(j) == "the"
    word = s.low(j)
    if (word not in WEEKS and word != "last") or s.low(j + 1) != "week" or s.low(j + 2) not in {"of", "in"}:
        return None
    month = month_at(s, j + 3)
    if month is None:
        return None
    first = date(*month.value, 1)
    if word == "last":
        after = first + relativedelta(months=1)
        return Hit((after - timedelta(7), after), month.end)
    start = first + timedelta(7 * WEEKS[word])
    return Hit((start, start + timedelta(7)), month.end)


def _season(s: Scene, i: int) -> Hit[Period] | None:
    """in the spring, this summer, next winter"""
    led = s.low(i) in {"in", "during", "over"}
    j = i + led
    step = {"this": 0, "next": 1, "last": -1}.get(s.low(j), 0)
    marked = s.low(j) in {"this", "next", "last"} or (led and s.low(j) == "the")
    month = SEASONS.get(s.low(j + marked))
    if month is None or not (marked or (led and s.low(j) != "fall")):
        return None
    today = s.now.date()
    first = date(today.year, month, 1)
    if first + relativedelta(months=3) <= today:
        first += relativedelta(years=1)
    within = first <= today
    first += relativedelta(years=step if within or step < 0 else 0)
    return Hit((first, first + relativedelta(months=3)), j + marked + 1)

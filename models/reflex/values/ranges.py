"""Ranges: "between 3 and 6 on Tuesday", "from 2 to 4pm", "March 5-8", "this weekend", "next week", "in March".

An end takes the day and the half of the day of the other end where it says none: "from 11 to 2pm" begins at 11:00.
Weeks run from Monday, weekends from Saturday; both ends are moments and the last is not within.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from models.reflex.values import words
from models.reflex.values.dates import month_at, month_day, shifted, year_at
from models.reflex.values.days import count_at
from models.reflex.values.durations import Length, length_at
from models.reflex.values.moments import phrase_at
from models.reflex.values.numbers import integer_at, ordinal_at
from models.reflex.values.reckoning import Phrase, local, reckon
from models.reflex.values.seasons import season_at
from models.reflex.values.span import Span
from models.reflex.values.times import Clock, clock_at, may_follow, settle
from models.reflex.values.tokens import Hit, Scene

BARE_YEARS = (1980, 2100)
BARE_YEAR = 0.3
"""The score of a year that nothing leads to."""
_JOINS = frozenset({"to", "until", "till", "til", "-", "–", "—", "through", "thru"})


def range_span(s: Scene, i: int) -> Hit[Span] | None:
    """The range at token i: one with two ends, else a named period."""
    both = _two_ended(s, i)
    if both is not None:
        return both
    period = season_at(s, i) or _period_at(s, i)
    bare = _bare_year(s, i) if period is None else None
    if bare is not None:
        return bare
    if period is None:
        return _next_hours(s, i)
    (start, end), after = period
    begins = local(start, 0, s.now)
    at = local(start, words.DAY_DEFAULT_HOUR, s.now)
    if begins <= s.now < local(end, 0, s.now):
        at = s.now
    return Hit(_span(s, i, after, begins, local(end, 0, s.now), at, has_time=False), after)


def _span(s: Scene, i: int, after: int, start: datetime, end: datetime, at: datetime, has_time: bool) -> Span:
    first, last = s.tokens[i].start, s.tokens[after - 1].end
    ends = {"start": start.isoformat(), "end": end.isoformat()}
    detail: dict[str, Any] = {
        **ends,
        "moment": at.isoformat(),
        "date": at.date().isoformat(),
        "time": start.time().isoformat() if has_time else None,
        "has_date": True,
        "has_time": has_time,
        "seconds": int((end - start).total_seconds()),
    }
    return Span(first, last, "range", ends, s.text[first:last], detail=detail)


def _two_ended(s: Scene, i: int) -> Hit[Span] | None:
    shared, j = Phrase(), i
    if s.low(i) not in {"from", "between"}:
        before = phrase_at(s, i, timeless=True)
        if before is not None and before.value.clock is None and s.low(before.end) in {"from", "between"}:
            shared, j = before
    marked = s.low(j) in {"from", "between"}
    both = _ends_at(s, j, marked)
    if both is None:
        return None
    (a, b), after = both
    ends = _dates(s, a, b, shared)
    if ends is None and (marked or _clear(a) or _clear(b) or a.day is not None or b.day is not None):
        ends = _times(s, a, b, shared, after)
    if ends is None:
        return None
    start, end, has_time = ends
    return Hit(_span(s, i, after, start, end, start, has_time), after)


def _ends_at(s: Scene, j: int, marked: bool) -> Hit[tuple[Phrase, Phrase]] | None:
    """Both ends as said, joined by "to", "until" or a dash, or by the "and" of "between"."""
    first = _end_at(s, j + marked) if marked or s.kind(j) != "sign" else None
    if first is None:
        return None
    if not marked and s.kind(j) == "word" and s.low(first.end) in words.TO and clock_at(s, j) is not None:
        # ten to noon
        return None
    joined = s.low(first.end) in _JOINS or (s.low(first.end) == "and" and s.low(j) == "between")
    second = _end_at(s, first.end + 1) if joined else None
    if second is None:
        return None
    a, b = first.value, second.value
    counted = b.clock is not None and b.clock.bare and not may_follow(s, second.end)
    if counted and not _clear(a) and _date(a) is None:
        # between 5 and 10 people
        return None
    return Hit((a, b), second.end)


def _clear(phrase: Phrase) -> bool:
    """The end cannot be a mere number."""
    return phrase.clock is not None and not phrase.clock.bare


def _end_at(s: Scene, j: int) -> Hit[Phrase] | None:
    """One end: a bare hour counts, and "2 to 4" is not two minutes to four."""
    j += s.low(j) in {"at", "about", "around"}
    hour = integer_at(s, j)
    if hour is not None and s.low(hour.end) in _JOINS | {"and"} and 0 <= hour.value <= 31 and ordinal_at(s, j) is None:
        h = hour.value
        return Hit(Phrase(clock=Clock(h, sure=h == 0 or h > 12, bare=True), start=j), hour.end)
    return _ordinal_end(s, j) or phrase_at(s, j, bare=True) or _loose_hour(s, j)


def _ordinal_end(s: Scene, j: int) -> Hit[Phrase] | None:
    """The 5th of "the 5th to the 8th of March"."""
    k = j + (s.low(j) == "the")
    hit = ordinal_at(s, k)
    if hit is not None and s.low(hit.end) in _JOINS | {"and"}:
        return Hit(Phrase(clock=Clock(hit.value, bare=True), part="ordinal", start=j), hit.end)
    return None


def _loose_hour(s: Scene, j: int) -> Hit[Phrase] | None:
    hit = integer_at(s, j)
    if hit is None or not 0 <= hit.value <= 31:
        return None
    clock = clock_at(s, j, bare=True) or Hit(Clock(hit.value, bare=True), hit.end)
    return Hit(Phrase(clock=clock.value, start=j), clock.end) if clock.value.bare else None


def _dates(s: Scene, a: Phrase, b: Phrase, shared: Phrase) -> tuple[datetime, datetime, bool] | None:
    """Both ends are days: Monday to Friday, March 5-8, the 5th to the 8th of March."""
    first, second = _date(a), _date(b)
    if first is None and second is not None and a.clock is not None and a.clock.bare and b.clock is None:
        first = month_day(second, second.month, a.clock.hour, second.year).on
    elif second is None and first is not None and a.clock is None and b.clock is not None and b.clock.bare:
        second = month_day(first, first.month, b.clock.hour, first.year).on
    if first is None or second is None or _timed(a) or _timed(b) or shared.day is not None:
        return None
    if second < first:
        second += timedelta(7) if (first - second).days < 7 else relativedelta(years=1)
    return local(first, 0, s.now), local(second, 24, s.now), False


def _date(phrase: Phrase) -> date | None:
    return phrase.day.on if phrase.day is not None else None


def _times(s: Scene, a: Phrase, b: Phrase, shared: Phrase, after: int) -> tuple[datetime, datetime, bool] | None:
    """Both ends have times, or parts of the day, or one is a day."""
    if "ordinal" in {a.part, b.part} or any(p.clock is not None and p.clock.hour > 24 for p in (a, b)):
        return None
    day, part = shared.day or a.day or b.day, shared.part or a.part or b.part
    a = replace(a, day=a.day or day, part=a.part or part)
    b = replace(b, day=b.day or day, part=b.part or part)
    if a.clock is not None and b.clock is not None:
        a, b = _halves(a, b, s.near(a.start, after))
    first, second = reckon(a, s, after), reckon(b, s, after)
    if isinstance(first, str) or isinstance(second, str):
        return None
    start = first.start if _day_alone(a) else first.at
    end = second.at if b.clock is not None or b.instant is not None else second.end
    if a.day is None and b.day is None:
        # both of the same day: one that is going on has its start today
        end = end if a.clock is None or b.clock is None or end > start else end + timedelta(1)
        start = start - timedelta(1) if (end - start).total_seconds() < 0 else start
    if end <= start:
        end += timedelta(1)
    return (start, end, True) if end > start else None


def _timed(phrase: Phrase) -> bool:
    return phrase.day is not None and (phrase.clock is not None or bool(phrase.part))


def _day_alone(phrase: Phrase) -> bool:
    return phrase.clock is None and not phrase.part and phrase.instant is None


def _halves(a: Phrase, b: Phrase, near: frozenset[str]) -> tuple[Phrase, Phrase]:
    """Settles which half of the day each end means, by the other."""
    first, second = a.clock, b.clock
    if first is None or second is None:
        return a, b
    if second.sure and not first.sure:
        late = first.hour % 12 + 12
        end = second.hour + second.minute / 60
        hour = late if late + first.minute / 60 < end else first.hour % 12 if first.hour % 12 < end else late
    else:
        hour = settle(first, a.part, near)[0]
    first = replace(first, hour=hour, sure=True)
    if not second.sure:
        choices = sorted({second.hour % 12, second.hour % 12 + 12})
        start = hour % 24 + first.minute / 60
        after = [h for h in choices if h + second.minute / 60 > start]
        second = replace(second, hour=after[0] if after else choices[0], sure=True)
    return replace(a, clock=first, part=""), replace(b, clock=second, part="")


def _period_at(s: Scene, i: int) -> Hit[tuple[date, date]] | None:
    """this weekend, next week, in March, the next three days: first day and the day after the last"""
    j = i
    led = s.low(j) in {"in", "during", "over", "for", "on", "at", "throughout", "until", "by"}
    j += led
    low = s.low(j + (s.low(j) == "the"))
    if low in {"next", "coming", "past", "last"}:
        counted = _counted(s, j + (s.low(j) == "the"), low)
        if counted is not None:
            return counted
    named = _named_period(s, j)
    if named is not None:
        return named
    dated = s.low(j) in words.MONTHS and (year_at(s, j + 1) is not None or len(s.tokens) == 1)
    if dated or (led and s.low(i) in {"in", "during", "throughout", "over"}):
        month = month_at(s, j)
        if month is not None:
            return Hit(_month(*month.value), month.end)
        year = year_at(s, j)
        if year is not None:
            return Hit((date(year.value, 1, 1), date(year.value + 1, 1, 1)), year.end)
    return None


def _next_hours(s: Scene, i: int) -> Hit[Span] | None:
    """within the next hour, in the next 90 minutes, the last 5 minutes"""
    j = i + (s.low(i) in {"in", "within", "over", "during", "for", "from"})
    j += s.low(j) == "the"
    past = s.low(j) in {"last", "past"} and s.low(j - 1) == "the"
    if s.low(j) != "next" and not past:
        return None
    one = words.TIME_UNITS.get(s.low(j + 1), "") in {"hour", "minute"} and s.low(j + 1) not in words.SHORT_TIME_UNITS
    hit = Hit(Length(float(words.SECONDS[words.TIME_UNITS[s.low(j + 1)]])), j + 2) if one else length_at(s, j + 1)
    if hit is None or not 0 < hit.value.seconds < 86400 * 366:
        return None
    if past:
        start = (s.now.astimezone(UTC) - timedelta(seconds=hit.value.seconds)).astimezone(s.now.tzinfo)
        return Hit(_span(s, i, hit.end, start, s.now, start, has_time=True), hit.end)
    end = (s.now.astimezone(UTC) + timedelta(seconds=hit.value.seconds)).astimezone(s.now.tzinfo)
    return Hit(_span(s, i, hit.end, s.now, end, s.now, has_time=True), hit.end)


def _bare_year(s: Scene, i: int) -> Hit[Span] | None:
    """The 2027 of "Japan 2027": only perhaps a year."""
    year = year_at(s, i)
    if year is None or s.kind(i) != "number" or s.kind(i - 1) != "word" or s.kind(i + 1) in ("word", "number"):
        return None
    if not BARE_YEARS[0] <= year.value < BARE_YEARS[1] or s.low(i - 1) in _JOINS:
        return None
    start, end = (local(date(n, 1, 1), 0, s.now) for n in (year.value, year.value + 1))
    span = _span(s, i, year.end, start, end, start, has_time=False)
    return Hit(replace(span, score=BARE_YEAR, detail={**span.detail, "bare": True}), year.end)


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first + relativedelta(months=1)


def _counted(s: Scene, j: int, low: str) -> Hit[tuple[date, date]] | None:
    """the next three days, the last two weeks"""
    count = count_at(s, j + 1)
    unit = words.TIME_UNITS.get(s.low(count.end), "") if count else ""
    if count is None or unit not in {"day", "week", "fortnight", "month", "year"} or not isinstance(count.value, int):
        return None
    if not 0 < count.value <= 1000 or (unit == "year" and count.value > 100):
        return None
    today = s.now.date()
    if low in {"past", "last"}:
        return Hit((shifted(today, -count.value, unit), today + timedelta(1)), count.end + 1)
    return Hit((today, shifted(today, count.value, unit)), count.end + 1)


def _named_period(s: Scene, i: int) -> Hit[tuple[date, date]] | None:
    j = i + (s.low(i) == "the")
    step = {"this": 0, "next": 1, "last": -1, "past": -1}.get(s.low(j))
    today = s.now.date()
    monday = today - timedelta(today.weekday())
    k = j + (step is not None)
    word = s.low(k)
    if word == "weekend" and s.low(k + 1) == "after" and s.low(k + 2) == "next":
        return Hit(_weekend(today, monday, 2), k + 3)
    if word == "weekend":
        return Hit(_weekend(today, monday, step or 0), k + 1)
    if word == "week" and s.low(k + 1) == "after" and s.low(k + 2) == "next":
        return Hit((monday + timedelta(14), monday + timedelta(21)), k + 3)
    if s.low(j) == "rest" and s.low(j + 1) == "of" and s.low(j + 3) == "week":
        return Hit((today, monday + timedelta(7)), j + 4)
    if step is None:
        return None
    if word == "week" and s.low(k + 1) not in words.WEEKDAYS:
        return Hit((monday + timedelta(7 * step), monday + timedelta(7 * step + 7)), k + 1)
    if word == "month" or (word in words.MONTHS and s.number(k + 1) is None):
        month = month_at(s, j)
        return Hit(_month(*month.value), month.end) if month else None
    if word == "year":
        return Hit((date(today.year + step, 1, 1), date(today.year + step + 1, 1, 1)), k + 1)
    return None


def _weekend(today: date, monday: date, step: int) -> tuple[date, date]:
    saturday = monday + timedelta(5 + 7 * step)
    return saturday, saturday + timedelta(2)

"""Recurrences: "every Monday at 8", "weekdays", "every other Friday", "monthly on the 3rd", "every day until June".

The value is an RFC 5545 RRULE; UNTIL is in UTC. "Twice a week" names no days and has no value. The first occurrence
is reckoned by dateutil.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from dateutil.rrule import rrulestr

from models.reflex.values import words
from models.reflex.values.dates import midnight, month_at
from models.reflex.values.durations import length_at
from models.reflex.values.moments import phrase_at
from models.reflex.values.numbers import integer_at
from models.reflex.values.reckoning import Phrase, local, place, reckon
from models.reflex.values.rules import Rule, on_days, rule_at
from models.reflex.values.span import Span
from models.reflex.values.times import Clock, clock_at, settle
from models.reflex.values.tokens import Hit, Scene

MAX_SUFFIXES = 6
MAX_MORE = 6


@dataclass(frozen=True, slots=True)
class Series:
    """A rule with when in the day, from when and how long."""

    rule: Rule
    clock: Clock | None = None
    more: tuple[Clock, ...] = ()
    """Further times on the same day."""
    part: str = ""
    first: date | None = None
    until: datetime | None = None
    """Inclusive."""
    count: int | None = None


def repeat_span(s: Scene, i: int) -> Hit[Span] | None:
    """The recurrence at token i, with the time before it ("at 8 every Monday") and all that follows."""
    before: Phrase | None = None
    j = i
    if s.low(i) in words.STRONG_AT | {"for"} or s.kind(i) in {"number", "clock"} or s.low(i) in words.CARDINALS:
        led = phrase_at(s, i)
        if led is None or led.value.clock is None or led.value.day is not None:
            return None
        before, j = led
    j += s.low(j) == ","
    core = rule_at(s, j)
    if core is None:
        return None
    series = Series(core.value)
    if before is not None:
        series = replace(series, clock=before.clock, part=before.part)
    end = core.end
    for _ in range(MAX_SUFFIXES):
        step = _suffix(s, end, series)
        if step is None:
            break
        series, end = step
    return Hit(_span(s, i, end, series), end)


def _suffix(s: Scene, i: int, series: Series) -> Hit[Series] | None:
    j = i + 1 if s.low(i) == "," else i
    low = s.low(j)
    if low in {"until", "till", "til"}:
        return _until(s, j + 1, series)
    if series.rule.freq == "HOURLY" and (between := _hours_between(s, j, series)) is not None:
        return between
    if low in {"starting", "beginning", "from", "commencing"}:
        return _starting(s, j + 1, series)
    if low == "for" or (s.number(j) is not None and s.low(j + 1) == "times"):
        return _bounded(s, j + (low == "for"), series)
    if low == "and" and series.clock is not None:
        return _also_at(s, j + 1, series)
    days = on_days(s, j, series.rule)
    if days is not None:
        return Hit(replace(series, rule=days.value), days.end)
    if series.clock is not None and series.part:
        return None
    return _timed(s, j, series)


def _timed(s: Scene, j: int, series: Series) -> Hit[Series] | None:
    """at 8, in the morning"""
    hit = phrase_at(s, j)
    if hit is None or hit.value.day is not None or hit.value.instant is not None:
        return None
    phrase = hit.value
    if (phrase.clock is not None and series.clock is not None) or (phrase.part and series.part):
        return None
    return Hit(
        replace(series, clock=series.clock or phrase.clock, part=series.part or phrase.part),
        hit.end,
    )


def _hours_between(s: Scene, j: int, series: Series) -> Hit[Series] | None:
    """every hour from 9 to 5"""
    if s.low(j) not in {"from", "between"}:
        return None
    first = clock_at(s, j + 1, bare=True)
    if first is None or s.low(first.end) not in {"to", "until", "till", "and", "-", "through"}:
        return None
    second = clock_at(s, first.end + 1, bare=True)
    if second is None:
        return None
    begin = first.value.hour % 24
    last = second.value.hour % 24
    ends = sorted({last, last if second.value.sure else (last + 12) % 24})
    end = next((hour for hour in ends if hour > begin), None)
    if end is None or series.clock is not None:
        return None
    hours = ",".join(map(str, range(begin, end + 1, series.rule.interval)))
    rule = replace(series.rule, freq="DAILY", interval=1, parts=(("BYHOUR", hours), ("BYMINUTE", "0")))
    return Hit(replace(series, rule=rule, clock=Clock(begin, sure=True)), second.end)


def _also_at(s: Scene, j: int, series: Series) -> Hit[Series] | None:
    """every day at 8am and 8pm"""
    at = s.low(j) in words.STRONG_AT
    hit = clock_at(s, j + at, bare=at)
    if hit is None or series.clock is None or hit.value.minute != series.clock.minute or len(series.more) > MAX_MORE:
        return None
    return Hit(replace(series, more=(*series.more, hit.value)), hit.end)


def _until(s: Scene, j: int, series: Series) -> Hit[Series] | None:
    """until June: to the end of May; until 1 May: that day included"""
    bare_month = s.low(j) in words.MONTHS and s.number(j + 1) is None and s.low(j + 1) != "the"
    month = month_at(s, j) if bare_month or s.low(j) == "next" else None
    if month is not None:
        first = date(*month.value, 1)
        return Hit(replace(series, until=local(first, 0, s.now) - timedelta(seconds=1)), month.end)
    hit = phrase_at(s, j)
    if hit is None:
        return None
    if hit.value.clock is not None:
        found = reckon(hit.value, s, hit.end)
        return None if isinstance(found, str) else Hit(replace(series, until=found.at), hit.end)
    if hit.value.day is None or hit.value.day.on is None:
        return None
    return Hit(replace(series, until=local(hit.value.day.on, 24, s.now) - timedelta(seconds=1)), hit.end)


def _starting(s: Scene, j: int, series: Series) -> Hit[Series] | None:
    month = month_at(s, j) if s.number(j + 1) is None else None
    hit = phrase_at(s, j)
    if hit is not None and hit.value.day is not None and hit.value.day.on is not None:
        return Hit(replace(series, first=hit.value.day.on, clock=series.clock or hit.value.clock), hit.end)
    if s.low(j) == "next" and s.low(j + 1) == "week":
        monday = s.now.date() + timedelta(7 - s.now.date().weekday())
        return Hit(replace(series, first=monday), j + 2)
    return Hit(replace(series, first=date(*month.value, 1)), month.end) if month is not None else None


def _bounded(s: Scene, j: int, series: Series) -> Hit[Series] | None:
    """for 10 days, for six weeks, 10 times"""
    j += s.low(j) == "the" and s.low(j + 1) == "next"
    j += s.low(j) == "next"
    count = integer_at(s, j)
    if count is not None and s.low(count.end) in {"times", "occurrences"} and 0 < count.value < 10000:
        return Hit(replace(series, count=count.value), count.end + 1)
    hit = length_at(s, j)
    if hit is None or hit.value.total_seconds < 86400:
        return None
    length = hit.value
    if series.rule.freq == "DAILY" and series.rule.interval == 1 and not series.rule.parts:
        return Hit(replace(series, count=int(length.total_seconds // 86400)), hit.end)
    if length.total_seconds > 86400 * 36500:
        return None
    end = s.now + timedelta(seconds=length.total_seconds)
    return Hit(replace(series, until=local(end.date(), 0, s.now) - timedelta(seconds=1)), hit.end)


def _span(s: Scene, i: int, end: int, series: Series) -> Span:
    first, last = s.tokens[i].start, s.tokens[end - 1].end
    said, rule = s.text[first:last], series.rule
    if rule.absurd or (series.clock is not None and series.clock.absurd):
        reason = rule.absurd or (series.clock.absurd if series.clock else "")
        return Span(first, last, "absurd", None, said, detail={"reason": reason})
    part = series.part or rule.part
    time = _time(s, i, end, series, part)
    text = rule.text() + _hours(s, i, end, series, part)
    if series.until is not None:
        text += f";UNTIL={series.until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if series.count is not None and series.until is None:
        text += f";COUNT={series.count}"
    start = _first(text, series, time, s.now)
    detail = {
        "time": time,
        "start": start.isoformat(),
        "date": start.date().isoformat(),
        "until": series.until.isoformat() if series.until else None,
        "count": series.count,
        "vague": series.clock is None,
    }
    return Span(first, last, "repeat", text, said, detail=detail)


def _hours(s: Scene, i: int, end: int, series: Series, part: str) -> str:
    """BYHOUR where there are several times a day."""
    if not series.more or series.clock is None:
        return ""
    near = s.near(i, end)
    hours = sorted({settle(clock, part, near)[0] % 24 for clock in (series.clock, *series.more)})
    return f";BYHOUR={','.join(map(str, hours))};BYMINUTE={series.clock.minute}"


def _time(s: Scene, i: int, end: int, series: Series, part: str) -> str | None:
    """The time of day; a bare hour is not moved on because it is past today."""
    day = s.now.date() + timedelta(1)
    if series.clock is not None:
        return place(series.clock, part, day, s.now, s.near(i, end))[0].time().isoformat()
    if part:
        found = reckon(Phrase(part=part), s, end)
        if not isinstance(found, str):
            return f"{words.PARTS[part][0]:02d}:00:00"
    return None


def _first(text: str, series: Series, time: str | None, now: datetime) -> datetime:
    """The first occurrence after now."""
    if series.rule.freq in {"HOURLY", "MINUTELY"} and time is None and series.first is None:
        step = timedelta(hours=1) if series.rule.freq == "HOURLY" else timedelta(minutes=1)
        return now + step * series.rule.interval
    at = series.first or now.date()
    hours = words.DAY_DEFAULT_HOUR
    begin = midnight(at, now).replace(tzinfo=None) + timedelta(hours=hours)
    if time is not None:
        begin = datetime.combine(begin.date(), datetime.strptime(time, "%H:%M:%S").time())
    rule = rrulestr(_unbounded(text), dtstart=begin)
    found = (
        rule.after(now.replace(tzinfo=None), inc=False)
        if begin <= now.replace(tzinfo=None)
        else rule.after(begin, inc=True)
    )
    if series.rule.interval > 1 and series.rule.freq in {"DAILY", "WEEKLY"} and not series.first:
        every = rrulestr(_each(text), dtstart=begin)
        found = every.after(now.replace(tzinfo=None), inc=False)
    chosen = found or begin
    return chosen.replace(tzinfo=now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)


def _unbounded(text: str) -> str:
    return ";".join(p for p in text.split(";") if not p.startswith(("UNTIL=", "COUNT=")))


def _each(text: str) -> str:
    """The rule with its interval taken out: the first of every other Friday is the coming Friday."""
    kept = (p for p in text.split(";") if not p.startswith(("INTERVAL=", "UNTIL=", "COUNT=")))
    return ";".join(kept)

"""Moments: a day, a part of the day and a time, read in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from models.reflex.values import words
from models.reflex.values.dates import Day
from models.reflex.values.days import day_at
from models.reflex.values.durations import length_at
from models.reflex.values.reckoning import Phrase, reckon
from models.reflex.values.span import Span
from models.reflex.values.times import Clock, clock_at, may_follow_at
from models.reflex.values.tokens import Hit, Scene

MAX_PARTS = 6
MAX_OFFSET_HOURS = 24 * 366
_SHY = frozenset({"by", "from", "about", "around", "past", "after", "before", "since"})
"""Before a bare number these make a time only where nothing follows that it could count."""


def phrase_at(s: Scene, i: int, *, bare: bool = False, timeless: bool = False) -> Hit[Phrase] | None:
    """All that is said of one moment from token i on; `bare` allows a number alone to be an hour."""
    instant = _instant_at(s, i)
    if instant is not None:
        return instant
    phrase, j = Phrase(start=i), i
    for _ in range(MAX_PARTS):
        step = _step(s, j, phrase, bare, timeless)
        if step is None:
            break
        phrase, j = step
    if phrase.empty or (phrase.day is not None and phrase.day.doubtful and phrase.clock is None and not phrase.part):
        return None
    return Hit(_back(s, phrase, j), j)


def _back(s: Scene, phrase: Phrase, end: int) -> Phrase:
    """ "since 1 January", "since Monday": the latest such day, not the coming one."""
    day = phrase.day
    if phrase.relation != "since" or day is None or day.on is None or day.on <= s.now.date():
        return phrase
    lows = {s.low(k) for k in range(phrase.start, end)}
    step = relativedelta(years=1) if lows & words.MONTHS.keys() else relativedelta(months=1)
    step = relativedelta(days=7) if lows & words.WEEKDAYS.keys() else step
    if any(s.kind(k) in ("number", "iso") and len(s.low(k)) >= 4 for k in range(phrase.start, end)):
        return phrase
    return replace(phrase, day=replace(day, on=day.on - step))


def _step(s: Scene, i: int, phrase: Phrase, bare: bool, timeless: bool) -> Hit[Phrase] | None:
    """One more piece of the phrase, with the small words before it."""
    lead, k, relation = _lead(s, i, first=phrase.empty)
    if phrase.clock is None and not timeless:
        clock = _clock_after(s, k, lead, phrase, bare)
        if clock is not None:
            return Hit(replace(phrase, clock=clock.value, relation=phrase.relation or relation), clock.end)
    if not phrase.part:
        part = _part_at(s, k, lead, phrase)
        if part is not None:
            return Hit(replace(part.value, relation=phrase.relation or relation), part.end)
    if phrase.day is None:
        return _day_step(s, i, k, lead, replace(phrase, relation=phrase.relation or relation))
    return None


def _day_step(s: Scene, i: int, k: int, lead: str, phrase: Phrase) -> Hit[Phrase] | None:
    # "in three days" and "the 15th" begin with words that are else skipped
    starts = (k - 1, k) if k > i and s.low(k - 1) in {"this", "in", "the", "coming"} else (k,)
    for start in starts:
        hit = day_at(s, start)
        if hit is None:
            continue
        day = hit.value
        if day.weak and not phrase.relation and phrase.clock is None and not _vouched(s, start, lead):
            hit_clock = s.low(hit.end) in words.STRONG_AT or s.low(hit.end) in words.PARTS
            if not hit_clock and s.low(start) != "the":
                return None
        if day.doubtful and (lead or phrase.clock is not None):
            day = replace(day, doubtful=False)
        clock = Clock(day.hour) if day.hour is not None and phrase.clock is None else phrase.clock
        return Hit(replace(phrase, day=day, part=phrase.part or day.part, clock=clock), hit.end)
    return None


def _vouched(s: Scene, start: int, lead: str) -> bool:
    """A weak date has a preposition before it."""
    before = s.low(start - 2) if s.low(start - 1) == "the" else s.low(start - 1)
    return lead in {"on", "for"} or before in {"on", "for", "by", "until", "from"}


def _lead(s: Scene, i: int, first: bool) -> tuple[str, int, str]:
    """The small words before a piece: the last that tells something, where they end, and the relation they say."""
    j, lead, relation = i, "", ""
    for _ in range(3):
        low = s.low(j)
        if low == "," and not first and j == i:
            lead = ","
        elif low == "'s" and not first and j == i:
            lead = ""
        elif low in words.RELATIONS and low != "past" and s.low(j + 1) != "of":
            lead, relation = low, words.RELATIONS[low]
        elif low in words.ON or low in words.STRONG_AT:
            lead = low
        else:
            break
        j += 1
    return lead, j, relation


def _clock_after(s: Scene, k: int, lead: str, phrase: Phrase, bare: bool) -> Hit[Clock] | None:
    strong = lead in words.STRONG_AT
    begins_day = phrase.day is not None and lead in {"", ","} and s.low(k + 1) not in words.MONTHS
    shy = lead in _SHY and not (lead == "by" and (s.near(k, k) & words.COUNTING_CUES or s.kind(k - 2) == "number"))
    hit = clock_at(s, k, bare=bare or strong or shy or begins_day or _before_part(s, k))
    if hit is None and strong:
        hit = _at_anything(s, k)
    if hit is None:
        return None
    weakly_led = lead in _SHY and not strong and phrase.empty and lead in {"about", "around", "past"}
    if hit.value.bare and (weakly_led or _is_date(s, k)) and not bare:
        return None
    return hit


def _before_part(s: Scene, k: int) -> bool:
    """7 in the morning, 9 tonight, 11 at night"""
    low, j = s.low(k + 1), k + 2
    if low == "tonight" or (low == "at" and s.low(j) == "night"):
        return True
    return low in {"in", "this"} and s.low(j + (s.low(j) == "the")) in {"morning", "afternoon", "evening"}


def _at_anything(s: Scene, k: int) -> Hit[Clock] | None:
    """After "at" a number is an hour, whatever word follows that cannot be counted or paid."""
    n = s.number(k) if s.kind(k) == "number" else words.CARDINALS.get(s.low(k))
    if not isinstance(n, int) or not may_follow_at(s, k + 1) or _is_date(s, k):
        return None
    if n > 24 and s.kind(k) == "number" and len(s.tokens[k].low) == 4 and n < 2400 and n % 100 < 60:
        return Hit(Clock(n // 100, n % 100), k + 1)
    if n > 24:
        return Hit(Clock(0, absurd=f"There is no hour {n}."), k + 1) if n < 30 and not s.low(k + 1) else None
    return Hit(Clock(n, sure=n == 0 or n > 12, bare=True), k + 1)


def _is_date(s: Scene, k: int) -> bool:
    return s.low(k + 1) in words.MONTHS or (
        s.low(k + 1) in {"/", "-"} and s.touches(k + 1) and s.kind(k + 2) == "number"
    )


def _part_at(s: Scene, k: int, lead: str, phrase: Phrase) -> Hit[Phrase] | None:
    """the morning, tonight, this evening; a part alone only after "in", "this", "at" or another piece"""
    low = s.low(k)
    if low not in words.PARTS or low.endswith(("ings", "ghts", "oons")) or low == "tonight":
        return None
    said_this = s.low(k - 1) == "this"
    if phrase.empty and not said_this and lead not in {"in", "the", "at"} and low != "lunchtime":
        return None
    if low == "night" and lead == "the":
        return None
    day = phrase.day or (Day(s.now.date()) if said_this else None)
    return Hit(replace(phrase, part=words.PART_FORMS.get(low, low), day=day), k + 1)


def _instant_at(s: Scene, i: int) -> Hit[Phrase] | None:
    """in 10 minutes, half an hour from now, two hours ago, now, 2026-03-05T17:00"""
    if s.kind(i) == "iso" and len(s.tokens[i].low) > 10:
        return _iso_instant(s, i)
    if s.low(i) == "now" or (s.low(i) == "right" and s.low(i + 1) == "now"):
        return Hit(Phrase(instant=s.now, start=i), i + 1 + (s.low(i) == "right"))
    j = i + 1 if s.low(i) in {"in", "within"} else i
    found = _exact_seconds_at(s, j)
    if found is None:
        return None
    seconds, k = found
    if abs(seconds) > MAX_OFFSET_HOURS * 3600:
        return None
    if s.low(k) == "from" and s.low(k + 1) == "now":
        return _after(s, i, seconds, k + 2)
    if s.low(k) == "ago":
        return _after(s, i, -seconds, k + 1)
    return _after(s, i, seconds, k) if j > i else None


def _after(s: Scene, i: int, seconds: float, end: int) -> Hit[Phrase]:
    at = (s.now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(s.now.tzinfo)
    return Hit(Phrase(instant=at, start=i), end)


def _exact_seconds_at(s: Scene, i: int) -> Hit[float] | None:
    """A stretch reckoned in hours and less; whole days are dates instead."""
    hit = length_at(s, i)
    if hit is None or hit.value.months or hit.value.years:
        return None
    small = any(words.TIME_UNITS.get(s.low(k)) in {"hour", "minute", "second"} for k in range(i, hit.end))
    if not small and hit.value.seconds % 86400 == 0:
        return None
    return Hit(hit.value.seconds, hit.end)


def _iso_instant(s: Scene, i: int) -> Hit[Phrase] | None:
    raw = s.tokens[i].low.upper()
    try:
        at = datetime.fromisoformat(raw)
        at = at.replace(tzinfo=s.now.tzinfo) if at.tzinfo is None else at
        at = at.astimezone(UTC).astimezone(s.now.tzinfo)
    except (ValueError, OverflowError):
        return Hit(Phrase(day=Day(None, f"There is no such time as {raw}."), start=i), i + 1)
    return Hit(Phrase(instant=at, start=i), i + 1)


def _score(s: Scene, phrase: Phrase, end: int) -> float:
    """ "the third" may be one of several things; "the 15th" and "on the third" hardly."""
    if phrase.day is None or not phrase.day.weak or phrase.clock is not None or phrase.part:
        return 1.0
    in_words = all(s.kind(k) == "word" for k in range(phrase.start, end))
    led = bool(phrase.relation) or s.low(phrase.start) in {"on", "for"}
    return 0.8 if led else 0.4 if in_words else 0.7


def moment_span(s: Scene, phrase: Phrase, end: int) -> Span:
    """The phrase as a span of kind moment, day, time or absurd."""
    begin = phrase.start
    while begin < end - 1 and (
        s.low(begin) == "of" or (s.low(begin) == "the" and phrase.day is None and not phrase.part)
    ):
        begin += 1
    first, last = s.tokens[begin].start, s.tokens[end - 1].end
    said = s.text[first:last]
    found = reckon(phrase, s, end)
    if isinstance(found, str):
        return Span(first, last, "absurd", None, said, detail={"reason": found})
    has_date = phrase.day is not None or phrase.instant is not None
    has_time = phrase.clock is not None or bool(phrase.part) or phrase.instant is not None
    kind = "moment" if has_date and has_time else "day" if has_date else "time"
    score = _score(s, phrase, end)
    detail: dict[str, Any] = {
        "moment": found.at.isoformat(),
        "date": found.at.date().isoformat()
        if phrase.day is None or phrase.day.on is None
        else phrase.day.on.isoformat(),
        "time": found.at.time().isoformat() if has_time else None,
        "has_date": has_date,
        "has_time": has_time,
        "vague": phrase.clock is None and phrase.instant is None,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "relation": phrase.relation,
        "also": found.also.isoformat() if found.also else None,
    }
    value = {"moment": detail["moment"], "day": detail["date"], "time": detail["time"]}[kind]
    return Span(first, last, kind, value, said, score, detail)

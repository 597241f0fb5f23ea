"""New times for something that has one: "4", "to Thursday", "an hour later", relative to when it takes place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from models.reflex.values import words
from models.reflex.values.durations import shift_span
from models.reflex.values.moments import phrase_at
from models.reflex.values.reckoning import Phrase, local
from models.reflex.values.span import Span
from models.reflex.values.times import Clock, settle
from models.reflex.values.tokens import Scene, read_scene

_LEAD = re.compile(
    r"^\s*(?:please\s+)?(?:(?:move|push|shift|change|reschedule|make|bring|put|set)\s+)?"
    r"(?:it\s+|that\s+)?(?:(?:to|for|at|on|until)\b\s*)?",
    re.IGNORECASE,
)
_DAYS_ON = {"next day": 1, "day after": 1, "following day": 1, "day before": -1, "day earlier": -1, "previous day": -1}
_WEEKS_ON = {"next week": 7, "following week": 7, "week after": 7, "week before": -7, "previous week": -7}


def refine_moment(said: Span | str, anchor: datetime, now: datetime) -> datetime | None:
    """What the words make of something that takes place at `anchor`; None where they say no time.

    A time alone keeps the anchor's day and is the half of the day nearest to the anchor; a day alone keeps its time;
    a weekday is the one nearest to the anchor that is not past.
    """
    text = said.text if isinstance(said, Span) else said
    anchor = anchor.astimezone(now.tzinfo)
    shifted = _shift(text, anchor, now)
    if shifted is not None:
        return shifted
    plain = _LEAD.sub("", text, count=1)
    scene = read_scene(plain, now)
    low = plain.lower().removeprefix("the ").strip(" .!?")
    for table in (_DAYS_ON, _WEEKS_ON):
        if low in table:
            return _same_time(anchor, (anchor + timedelta(table[low])).date(), now)
    for i in range(len(scene.tokens)):
        hit = phrase_at(scene, i, bare=i == 0)
        if hit is not None:
            return _apply(scene, hit.value, anchor)
    return None


def _shift(text: str, anchor: datetime, now: datetime) -> datetime | None:
    scene = read_scene(text, now)
    for i in range(len(scene.tokens)):
        hit = shift_span(scene, i)
        if hit is None and scene.low(i) == "by":
            hit = shift_span(read_scene(f"move {text}", now), i + 1)
        if hit is not None:
            seconds = hit.value.detail["seconds"]
            if seconds % 86400 == 0:
                return _same_time(anchor, (anchor + timedelta(seconds=seconds)).date(), now)
            return (anchor.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(now.tzinfo)
    return None


def _same_time(anchor: datetime, day: date, now: datetime) -> datetime:
    hours = anchor.hour + anchor.minute / 60 + anchor.second / 3600
    return local(day, hours, now)


def _apply(s: Scene, phrase: Phrase, anchor: datetime) -> datetime | None:
    if phrase.instant is not None:
        return phrase.instant
    if (phrase.day is not None and phrase.day.absurd) or (phrase.clock is not None and phrase.clock.absurd):
        return None
    day = _day(s, phrase, anchor)
    if phrase.clock is not None:
        hour = _hour(phrase.clock, phrase.part, anchor)
        return local(day, hour + phrase.clock.minute / 60 + phrase.clock.second / 3600, s.now)
    if phrase.part:
        return local(day, words.PARTS[phrase.part][0], s.now)
    return _same_time(anchor, day, s.now)


def _hour(clock: Clock, part: str, anchor: datetime) -> int:
    if clock.sure or part:
        return settle(clock, part, frozenset())[0]
    there = anchor.hour + anchor.minute / 60
    halves = (clock.hour % 12, clock.hour % 12 + 12)
    return min(halves, key=lambda h: abs(h + clock.minute / 60 - there))


def _day(s: Scene, phrase: Phrase, anchor: datetime) -> date:
    """The day said, or the anchor's; a bare weekday is the one nearest to the anchor that is not past."""
    if phrase.day is None or phrase.day.on is None:
        return anchor.date()
    said, lows = phrase.day.on, [token.low for token in s.tokens]
    named = [i for i, low in enumerate(lows) if low in words.WEEKDAYS]
    stepped = {"next", "this", "last", "week", "of", "from"} & set(lows) or any(low in words.MONTHS for low in lows)
    if not named or stepped or said.weekday() != words.WEEKDAYS[lows[named[0]]]:
        return said
    near = anchor.date() + timedelta((said.weekday() - anchor.weekday() + 3) % 7 - 3)
    return near if near > s.now.date() else said

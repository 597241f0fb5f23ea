"""What is said of one moment, and what it comes to from now.

With no day the next coming such time is meant: a bare 7 to 11 that is past this morning is this evening, and what is
past today is tomorrow. A day with no time has 9:00 in its moment. Local times that a change of the clocks leaves out
move forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from models.reflex.values import words
from models.reflex.values.dates import Day, midnight
from models.reflex.values.times import Clock, settle
from models.reflex.values.tokens import Scene


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was said of one moment, not yet reckoned."""

    day: Day | None = None
    clock: Clock | None = None
    part: str = ""
    instant: datetime | None = None
    """Reckoned already: in 10 minutes."""
    relation: str = ""
    start: int = 0
    """Index of its first token."""

    @property
    def empty(self) -> bool:
        return self.day is None and self.clock is None and not self.part and self.instant is None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a phrase comes to."""

    at: datetime
    also: datetime | None
    start: datetime
    end: datetime


def local(at: date, hours: float, now: datetime) -> datetime:
    """So many hours on the clock of that day, 24 and more being the next; a time left out moves forward."""
    wall = midnight(at, now) + timedelta(hours=hours)
    return wall.astimezone(UTC).astimezone(now.tzinfo)


def reckon(phrase: Phrase, s: Scene, end: int) -> Reckoned | str:
    """What the phrase comes to from now, or why there is no such time."""
    for piece in (phrase.day, phrase.clock):
        if piece is not None and piece.absurd:
            return piece.absurd
    if phrase.instant is not None:
        return Reckoned(phrase.instant, None, phrase.instant, phrase.instant)
    day = phrase.day.on if phrase.day is not None else None
    if phrase.clock is not None:
        near = s.near(phrase.start, end)
        if phrase.relation == "since" and day is None and not phrase.part:
            at = latest(phrase.clock, s.now)
            return Reckoned(at, None, at, at)
        at, also = place(phrase.clock, phrase.part, day, s.now, near)
        return Reckoned(at, also, at, at)
    if phrase.part:
        return _part_of_day(phrase.part, day, s.now)
    if day is None:
        return "There is no such time."
    now = s.now
    also_day = phrase.day.also if phrase.day is not None else None
    return Reckoned(
        local(day, words.DAY_DEFAULT_HOUR, now),
        local(also_day, words.DAY_DEFAULT_HOUR, now) if also_day else None,
        local(day, 0, now),
        local(day, 24, now),
    )


def _part_of_day(part: str, day: date | None, now: datetime) -> Reckoned:
    hour, first, last = words.PARTS[part]
    on = day or now.date()
    if day is None and local(on, hour, now) <= now:
        on += timedelta(1)
    at = local(on, hour, now)
    if on == now.date() and at <= now < local(on, last, now):
        # said in the middle of it: an hour from now, or its end
        at = min(now + timedelta(hours=1), local(on, last, now))
    return Reckoned(at, None, local(on, first, now), local(on, last, now))


def latest(clock: Clock, now: datetime) -> datetime:
    """ "since 9": the last time that it was so late, on either half of the day where none is said."""
    minutes = clock.minute / 60 + clock.second / 3600
    hours = {clock.hour} if clock.sure else {clock.hour % 12, clock.hour % 12 + 12}
    days = (now.date(), now.date() - timedelta(1))
    return max(at for day in days for hour in hours if (at := local(day, hour % 24 + minutes, now)) <= now)


def place(
    clock: Clock, part: str, day: date | None, now: datetime, near: frozenset[str] = frozenset()
) -> tuple[datetime, datetime | None]:
    """A time of day on its date, and the other moment it might mean."""
    hour, open_half = settle(clock, part, near)
    minutes = clock.minute / 60 + clock.second / 3600
    on = day or now.date()
    at = local(on, hour + minutes, now)
    late = local(on, hour + 12 + minutes, now) if open_half and hour < 12 else None
    if at <= now and late is not None and late > now and on == now.date():
        return late, local(on + timedelta(1), hour + minutes, now)
    if day is None and at <= now:
        at = local(on + timedelta(1), hour + minutes, now)
    if not open_half:
        return at, None
    return at, at + timedelta(hours=12 if hour < 12 else -12)

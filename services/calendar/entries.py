"""Events as they are kept, and their occurrences in a span of time.

Must stay true: a start is kept on the wall clock of its own zone, so that 8 am stays 8 am when the clocks
change; an all-day event is a date, wherever one is. Every query is for one member.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.kit import Context, Refusal, Thing
from services.kit.moment import day_bounds, seconds
from services.kit.recurrence import next_occurrence, occurrences, on_clock
from services.kit.reference import Candidate, choose
from services.kit.speech import spoken_date, spoken_day, spoken_moment, spoken_span

TABLES = """
CREATE TABLE IF NOT EXISTS event(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, uid TEXT NOT NULL, title TEXT NOT NULL,
    start TEXT NOT NULL, zone TEXT NOT NULL, seconds INTEGER NOT NULL, all_day INTEGER NOT NULL DEFAULT 0,
    location TEXT, rule TEXT, skips TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS event_at ON event(member, at);
CREATE INDEX IF NOT EXISTS event_uid ON event(member, uid);
"""
"""`start` is a wall clock time; `skips` are those of cancelled occurrences, divided by blanks; `at` the instant."""
REPLACES = "\N{SYMBOL FOR UNIT SEPARATOR}"
"""Stands in the UID of what takes the place of one time of a series, between the series' UID and that time."""
WALL = "%Y-%m-%dT%H:%M:%S"
LISTED_AT_MOST = 500
HORIZON = timedelta(days=3660)
"""How far ahead occurrences of repeating events are looked for."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place."""

    row: sqlite3.Row
    start: datetime
    """Aware, in the person's zone; midnight there for an all-day event."""
    end: datetime

    @property
    def title(self) -> str:
        return str(self.row["title"])

    @property
    def all_day(self) -> bool:
        return bool(self.row["all_day"])

    @property
    def repeats(self) -> bool:
        return self.row["rule"] is not None

    @property
    def wall(self) -> str:
        """Its start as kept: on the clock of the event's zone."""
        zone = self.start.tzinfo if self.all_day else ZoneInfo(self.row["zone"])
        return self.start.astimezone(zone).strftime(WALL)

    @property
    def id(self) -> str:
        """Stable: e3, and of a repeating event e3@2026-03-09t08:00:00."""
        return f"e{self.row['id']}" + (f"@{self.wall.lower()}" if self.repeats else "")

    @property
    def thing(self) -> Thing:
        return Thing("event", self.title, self.id, self.start)

    def data(self) -> dict[str, object]:
        """For programs."""
        found = {"id": self.id, "title": self.title, "start": self.start.isoformat(), "end": self.end.isoformat()}
        return {**found, "all_day": self.all_day, "location": self.row["location"], "repeat": self.row["rule"]}


def replacing(uid: str) -> tuple[str, str]:
    """The UIDs of what takes the place of single times of the series lie from the first up to the second."""
    return uid + REPLACES, uid + chr(ord(REPLACES) + 1)


def insert(
    ctx: Context,
    title: str,
    wall: datetime,
    zone: ZoneInfo,
    length: timedelta,
    *,
    all_day: bool = False,
    location: str | None = None,
    rule: str | None = None,
    uid: str = "",
    skips: Iterable[str] = (),
) -> sqlite3.Row:
    """Keep a new event that starts at `wall` on the zone's clock."""
    row: sqlite3.Row = ctx.db.execute(
        "INSERT INTO event(member, uid, title, start, zone, seconds, all_day, location, rule, skips, at)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?) RETURNING *",
        (
            ctx.member,
            uid or f"{ctx.call}-{seconds(ctx.now)}-{title[:20]}@muos",
            title,
            wall.strftime(WALL),
            str(zone),
            int(length.total_seconds()),
            all_day,
            location,
            rule,
            " ".join(skips),
            seconds(on_clock(wall, zone)),
        ),
    ).fetchone()
    return row


def put(ctx: Context, number: int, wall: datetime, zone: ZoneInfo) -> None:
    """Set another start."""
    ctx.db.execute(
        "UPDATE event SET start=?, zone=?, at=? WHERE id=?",
        (wall.strftime(WALL), str(zone), seconds(on_clock(wall, zone)), number),
    )


def reread(ctx: Context, number: int) -> sqlite3.Row:
    """The row as it is now."""
    row: sqlite3.Row = ctx.db.execute("SELECT * FROM event WHERE id=?", (number,)).fetchone()
    return row


def occurrence(ctx: Context, row: sqlite3.Row, start: datetime) -> Occurrence:
    """The row's event at that start (aware)."""
    begins = start.astimezone(ctx.zone)
    if row["all_day"]:
        wall = begins.replace(tzinfo=None) + timedelta(seconds=row["seconds"])
        return Occurrence(row, begins, on_clock(wall, ctx.zone))
    return Occurrence(row, begins, begins + timedelta(seconds=row["seconds"]))


def zone_of(ctx: Context, row: sqlite3.Row) -> ZoneInfo:
    """Where its clock hangs."""
    return ctx.zone if row["all_day"] else ZoneInfo(row["zone"])


def first_of(ctx: Context, row: sqlite3.Row, after: datetime | None = None) -> Occurrence | None:
    """The first occurrence that begins later than `after` and is not cancelled; without it, of all."""
    zone, start = zone_of(ctx, row), datetime.fromisoformat(row["start"])
    if row["rule"] is None:
        at = on_clock(start, zone)
        return occurrence(ctx, row, at) if after is None or at > after else None
    skips = set(row["skips"].split())
    at_last = after or on_clock(start, zone) - timedelta(seconds=1)
    for _ in range(LISTED_AT_MOST):
        found = next_occurrence(row["rule"], start, zone, at_last)
        if found is None:
            return None
        if found.strftime(WALL) not in skips:
            return occurrence(ctx, row, found)
        at_last = found
    return None


def between(ctx: Context, after: datetime, before: datetime) -> list[Occurrence]:
    """The member's occurrences that overlap the span, in order."""
    day = 86_400  # all-day events are kept at their own zone's midnight, up to a day off this one's
    rows = ctx.db.execute(
        "SELECT * FROM event WHERE member=? AND (rule IS NOT NULL OR (at<? AND at+seconds>=?))",
        (ctx.member, seconds(before) + day, seconds(after) - day),
    )
    found: list[Occurrence] = []
    for row in rows:
        found += [one for one in row_between(ctx, row, after, before) if overlaps(one, after, before)]
    return sorted(found, key=lambda one: (one.start, not one.all_day))[:LISTED_AT_MOST]


def row_between(ctx: Context, row: sqlite3.Row, after: datetime, before: datetime) -> list[Occurrence]:
    """The row's occurrences that may overlap the span."""
    zone, start = zone_of(ctx, row), datetime.fromisoformat(row["start"])
    if row["rule"] is None:
        return [occurrence(ctx, row, on_clock(start, zone))]
    skips = set(row["skips"].split())
    found = []
    for at in occurrences(row["rule"], start, zone, after - timedelta(seconds=row["seconds"]), before):
        if at.strftime(WALL) not in skips:
            found.append(occurrence(ctx, row, at))
        if len(found) >= LISTED_AT_MOST:
            break
    return found


def overlaps(one: Occurrence, after: datetime, before: datetime) -> bool:
    """Whether it takes place in the span, be it for no time at all."""
    return one.start < before and (one.end > after or after <= one.start)


def find(ctx: Context, said: str, day: date | None = None) -> Occurrence:
    """The occurrence that is meant: by its id, its title or a part of it, perhaps on a day."""
    named = by_id(ctx, said)
    if named is not None:
        return named
    there = on_day(ctx, day) if day is not None else one_each(ctx)
    if not there:
        when = f" {spoken_day(day, ctx.now)}" if day is not None else ""
        raise Refusal(f"There is nothing on your calendar{when}.")
    chosen = choose(said, [Candidate(one.id, one.title, one.start) for one in there], "event", ctx.now)
    return next(one for one in there if one.id == chosen.id)


def by_id(ctx: Context, said: str) -> Occurrence | None:
    """The occurrence with that id, if it is one."""
    number, _, wall = said.strip().lower().partition("@")
    if not (number.startswith("e") and number[1:].isdecimal() and len(number) < 12):
        return None
    row = ctx.db.execute("SELECT * FROM event WHERE member=? AND id=?", (ctx.member, int(number[1:]))).fetchone()
    if row is None:
        return None
    if not wall:
        return first_of(ctx, row, ctx.now) or first_of(ctx, row)
    try:
        at = on_clock(datetime.strptime(wall.upper(), WALL), zone_of(ctx, row))
    except (ValueError, OverflowError):
        return None
    return next((one for one in row_between(ctx, row, at, at + timedelta(seconds=1)) if one.start == at), None)


def on_day(ctx: Context, day: date) -> list[Occurrence]:
    """What takes place on that day."""
    return between(ctx, *day_bounds(ctx, day))


def one_each(ctx: Context) -> list[Occurrence]:
    """Every event once: its next occurrence, or its first when it is over."""
    rows = ctx.db.execute("SELECT * FROM event WHERE member=? ORDER BY at", (ctx.member,)).fetchall()
    found = [first_of(ctx, row, ctx.now) or first_of(ctx, row) for row in rows]
    return [one for one in found if one is not None]


def said_when(one: Occurrence, now: datetime) -> str:
    """Tuesday 10 March from 3 pm to 4 pm; tomorrow, all day."""
    if not one.all_day:
        return spoken_span(one.start, one.end, now) if one.end > one.start else spoken_moment(one.start, now)
    last = (one.end - timedelta(hours=12)).date()
    if last <= one.start.date():
        return f"{spoken_day(one.start.date(), now)}, all day"
    return f"from {spoken_date(one.start.date(), now)} to {spoken_date(last, now)}"

"""iCalendar (RFC 5545) in and out. The parsing is the icalendar library's.

An event that comes in again under the same UID replaces the earlier one. Alarms, attendees and tasks are not
taken over. Of a changed occurrence of a series, the change becomes an event of its own.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from services.calendar import entries
from services.kit import Context, Refusal, Reply
from services.kit.moment import LONGEST, sensible_year
from services.kit.recurrence import checked_rule, on_clock, with_local_until
from services.kit.speech import counted, one_line

if TYPE_CHECKING:
    import icalendar

LARGEST = 5_000_000
"""Characters of a calendar that is taken in."""
MOST_EVENTS = 10_000
NOT_READABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What icalendar raises, by experience, for content that is not what it claims to be."""


@dataclass(frozen=True, slots=True)
class Read:
    """One event as it was read."""

    uid: str
    title: str
    wall: datetime
    zone: ZoneInfo
    length: timedelta
    all_day: bool
    location: str | None
    rule: str | None
    skips: tuple[str, ...]
    replaces: date | datetime | None
    """The occurrence of the series of the same UID whose place it takes."""
    cancelled: bool


def import_(
    ctx: Context,
    content: Annotated[
        str, Field(description="The text of an iCalendar (.ics) file", min_length=1, max_length=LARGEST)
    ],
) -> Reply:
    """Take in events from the text of an iCalendar (.ics) file."""
    found, unreadable = read(ctx, content)
    series = [event for event in found if event.replaces is None and not event.cancelled]
    changes = [event for event in found if event.replaces is not None]
    uids = {event.uid for event in series} | {event.uid for event in changes}
    replaced = 0
    for uid in uids:
        replaced += ctx.db.execute(
            "DELETE FROM event WHERE member=? AND (uid=? OR (uid>=? AND uid<?))",
            (ctx.member, uid, *entries.replacing(uid)),
        ).rowcount
    for event in series:
        skips = [*event.skips, *(skipped(ctx, event, change.replaces) for change in changes if change.uid == event.uid)]
        keep(ctx, event, tuple(skips))
    for change in changes:
        if not change.cancelled:
            place = wall_of(change.replaces or change.wall, change.zone).strftime(entries.WALL)
            keep(ctx, replace(change, uid=f"{change.uid}{entries.REPLACES}{place}"), ())
    number = len(series) + sum(not change.cancelled for change in changes)
    notes = [f"{replaced} replaced"] * bool(replaced) + [f"{unreadable} could not be read"] * bool(unreadable)
    remark = f" ({'; '.join(notes)})" if notes else ""
    text = f"Imported {counted(number, 'event')}{remark}."
    return Reply(text, {"imported": number, "replaced": replaced, "unreadable": unreadable})


def keep(ctx: Context, event: Read, skips: tuple[str, ...]) -> None:
    """Put it on the calendar."""
    entries.insert(
        ctx,
        event.title,
        event.wall,
        event.zone,
        event.length,
        all_day=event.all_day,
        location=event.location,
        rule=event.rule,
        uid=event.uid,
        skips=skips,
    )


def read(ctx: Context, content: str) -> tuple[list[Read], int]:
    """The events in the text, and how many could not be read; refuses what is no calendar."""
    import icalendar  # noqa: PLC0415 - takes 70 ms, which every start of the service would pay

    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
        components = [part for calendar in calendars for part in calendar.walk("VEVENT")]
    except NOT_READABLE:
        raise Refusal("That is not an iCalendar file that I can read; it should begin with BEGIN:VCALENDAR.") from None
    if not components:
        raise Refusal("I find no events in that; an iCalendar file begins with BEGIN:VCALENDAR.")
    if len(components) > MOST_EVENTS:
        raise Refusal(f"That calendar has {len(components)} events; {MOST_EVENTS} at a time is the most.")
    found = []
    for number, component in enumerate(components):
        try:
            found.append(read_event(ctx, component, number))
        except (*NOT_READABLE, Refusal):
            continue
    if not found:
        raise Refusal("None of the events in that calendar can be read.")
    return found, len(components) - len(found)


def read_event(ctx: Context, component: Any, number: int) -> Read:
    """One event; raises one of NOT_READABLE, or Refusal, for one that makes no sense."""
    start = component.decoded("DTSTART")
    all_day = not isinstance(start, datetime)
    zone = zone_of(ctx, start)
    wall = wall_of(start, zone)
    sensible_year(wall.year)
    length = length_of(component, start, all_day)
    if not timedelta() <= length <= LONGEST:
        raise ValueError(f"length {length}")
    rule = component.get("RRULE")
    if isinstance(rule, list):
        raise ValueError("more than one rule")
    checked = checked_rule(with_local_until(rule.to_ical().decode(), zone), wall) if rule else None
    if checked and "HOURLY" in checked:
        raise ValueError("hourly")
    replaces = component.decoded("RECURRENCE-ID") if "RECURRENCE-ID" in component else None
    return Read(
        uid=str(component.get("UID", "")) or f"{ctx.call}-{number}@muos",
        title=one_line(str(component.get("SUMMARY", "")))[:300] or "untitled",
        wall=wall,
        zone=zone,
        length=length,
        all_day=all_day,
        location=one_line(str(component.get("LOCATION", "")))[:300] or None,
        rule=checked,
        skips=tuple(wall_of(day, zone).strftime(entries.WALL) for day in left_out(component)),
        replaces=replaces,
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def zone_of(ctx: Context, start: date | datetime) -> ZoneInfo:
    """The event's own zone where it has one that is known by name; else the person's."""
    zone = start.tzinfo if isinstance(start, datetime) else None
    if isinstance(zone, ZoneInfo):
        return zone
    return ZoneInfo("UTC") if zone is UTC else ctx.zone


def wall_of(at: date | datetime, zone: ZoneInfo) -> datetime:
    """As clocks in the zone show it."""
    if not isinstance(at, datetime):
        return datetime.combine(at, datetime.min.time())
    return at.replace(tzinfo=None) if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None)


def length_of(component: Any, start: date | datetime, all_day: bool) -> timedelta:
    """From DTEND or DURATION; without them a day, or no time at all."""
    if "DTEND" in component:
        end = component.decoded("DTEND")
        return timedelta(seconds=(end - start).total_seconds())
    if "DURATION" in component:
        length = component.decoded("DURATION")
        assert isinstance(length, timedelta)
        return length
    return timedelta(days=1) if all_day else timedelta()


def left_out(component: Any) -> list[date | datetime]:
    """The occurrences that are left out (EXDATE)."""
    fields = component.get("EXDATE", [])
    return [day.dt for field in (fields if isinstance(fields, list) else [fields]) for day in field.dts]


def skipped(ctx: Context, series: Read, replaced: date | datetime | None) -> str:
    """The occurrence of the series whose place another takes, as it is kept."""
    return wall_of(replaced or series.wall, series.zone).strftime(entries.WALL)


def export(ctx: Context) -> Reply:
    """Give the whole calendar as the text of an iCalendar (.ics) file."""
    rows = ctx.db.execute("SELECT * FROM event WHERE member=? ORDER BY at", (ctx.member,)).fetchall()
    import icalendar  # noqa: PLC0415 - takes 70 ms, which every start of the service would pay

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//MuOS//calendar//EN")
    calendar.add("version", "2.0")
    for row in rows:
        event = icalendar.Event()
        write_event(ctx, row, event)
        if row["rule"]:
            rule = rule_written(row["rule"], ZoneInfo(row["zone"]), bool(row["all_day"]))
            event.add("rrule", icalendar.vRecur.from_ical(rule))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    text = f"Your calendar with {counted(len(rows), 'event')} is ready as an iCalendar file."
    return Reply(text, {"content": calendar.to_ical().decode(), "events": len(rows), "type": "text/calendar"})


def write_event(ctx: Context, row: sqlite3.Row, event: icalendar.Event) -> None:
    """Fill in the event for the file, all but its rule."""
    zone, wall = ZoneInfo(row["zone"]), datetime.fromisoformat(row["start"])
    length = timedelta(seconds=row["seconds"])

    def at(clock: datetime) -> date | datetime:
        return clock.date() if row["all_day"] else clock.replace(tzinfo=zone)

    event.add("uid", row["uid"])
    event.add("dtstamp", ctx.now.astimezone(UTC))
    event.add("summary", row["title"])
    event.add("dtstart", at(wall))
    event.add("dtend", at(wall + length) if row["all_day"] else (on_clock(wall, zone) + length).astimezone(zone))
    if row["location"]:
        event.add("location", row["location"])
    if row["skips"]:
        event.add("exdate", [at(datetime.fromisoformat(skip)) for skip in row["skips"].split()])


def rule_written(rule: str, zone: ZoneInfo, all_day: bool) -> str:
    """The rule with its UNTIL as the standard wants it: a date, or in UTC."""
    until = re.search(r"UNTIL=(\d{8}T\d{6})", rule)
    if until is None:
        return rule
    clock = datetime.strptime(until[1], "%Y%m%dT%H%M%S")
    end = f"{clock:%Y%m%d}" if all_day else f"{on_clock(clock, zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return re.sub(r"UNTIL=\d{8}T\d{6}Z?", f"UNTIL={end}", rule)

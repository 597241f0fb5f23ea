"""Putting events on the calendar, changing them and taking them off."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from services.calendar import entries
from services.calendar.entries import Occurrence
from services.kit import Context, Refusal, Reply
from services.kit.moment import capital, day_bounds, lasting, moment, sensible_day
from services.kit.recurrence import Repeat, checked_rule, spoken_rule, with_local_until
from services.kit.speech import counted, one_line, spoken, spoken_duration, spoken_time

HOUR = timedelta(hours=1)
CLASHES_NAMED = 3

Title = Annotated[
    str,
    Field(
        description="What it is, such as dentist or lunch with Anna",
        min_length=1,
        max_length=300,
        json_schema_extra={"x-fill": "rest"},
    ),
]
Event = Annotated[
    str,
    Field(
        description="Which event: its title, a part of it, or its id",
        min_length=1,
        max_length=300,
        json_schema_extra={"x-kind": "event"},
    ),
]
Location = Annotated[str | None, Field(description="Where it takes place", max_length=300)]
OnDay = Annotated[date | None, Field(description="The day on which it takes place, to tell it from others")]
Length = Annotated[timedelta | None, Field(description="How long it lasts; an hour if not said")]


def add(
    ctx: Context,
    title: Title,
    start: Annotated[datetime, Field(description="When it begins")],
    duration: Length = None,
    end: Annotated[datetime | None, Field(description="When it ends, instead of how long it lasts")] = None,
    location: Location = None,
    repeat: Repeat = None,
) -> Reply:
    """Put an event on the calendar at a time of day, such as an appointment, a meeting or a run."""
    begins = moment(ctx, start)
    length = length_of(ctx, begins, duration, end)
    rule = rule_of(ctx, repeat, begins)
    row = entries.insert(
        ctx,
        titled(title),
        begins.replace(tzinfo=None),
        ctx.zone,
        length,
        location=placed(location),
        rule=rule,
    )
    return added(ctx, row["id"])


def add_all_day(
    ctx: Context,
    title: Title,
    day: Annotated[date, Field(description="The day, or the first of several")],
    last_day: Annotated[date | None, Field(description="The last day, when it takes several")] = None,
    location: Location = None,
    repeat: Repeat = None,
) -> Reply:
    """Put something on the calendar that takes a whole day or several, without a time of day: a birthday, a holiday."""
    last = sensible_day(last_day or day)
    if last < sensible_day(day):
        raise Refusal("The last day must not come before the first.")
    begins = day_bounds(ctx, day)[0]
    length = lasting(timedelta(days=(last - day).days + 1))
    row = entries.insert(
        ctx,
        titled(title),
        datetime.combine(day, datetime.min.time()),
        ctx.zone,
        length,
        all_day=True,
        location=placed(location),
        rule=rule_of(ctx, repeat, begins),
    )
    return added(ctx, row["id"])


def length_of(ctx: Context, begins: datetime, duration: timedelta | None, end: datetime | None) -> timedelta:
    """How long it lasts: as said, up to the end that was said, or an hour."""
    if end is None:
        return lasting(HOUR if duration is None else duration)
    ends = moment(ctx, end)
    if ends <= begins:
        raise Refusal(f"It can't end at {spoken_time(ends)}: that is not after its start at {spoken_time(begins)}.")
    return lasting(ends - begins)


def rule_of(ctx: Context, repeat: str | None, begins: datetime) -> str | None:
    """The rule, fit to be kept."""
    if not repeat:
        return None
    rule = checked_rule(with_local_until(repeat, ctx.zone), begins.replace(tzinfo=None))
    if "HOURLY" in rule:
        raise Refusal("An event can repeat by day, week, month or year, but not by the hour.")
    return rule


def added(ctx: Context, number: int) -> Reply:
    """The answer about a new event, its clashes included."""
    one = entries.first_of(ctx, entries.reread(ctx, number))
    assert one is not None, "a rule without any occurrence is refused before"
    where = f" at {one.row['location']}" if one.row["location"] else ""
    often = f", {spoken_rule(one.row['rule'])}" if one.repeats else ""
    when = entries.said_when(one, ctx.now)
    text = f"{capital(one.title)} is on your calendar: {when}{where}{often}.{clash(ctx, one)}"
    return Reply(text, one.data(), [one.thing])


def clash(ctx: Context, one: Occurrence) -> str:
    """A sentence on what else takes place then; empty when nothing does."""
    if one.all_day:
        return ""
    others = [
        f"{other.title} from {spoken_time(other.start)} to {spoken_time(other.end)}"
        for other in entries.between(ctx, one.start, one.end)
        if other.row["id"] != one.row["id"] and not other.all_day
    ]
    more = [f"{len(others) - CLASHES_NAMED} more"] if len(others) > CLASHES_NAMED else []
    return f" It overlaps {spoken(others[:CLASHES_NAMED] + more)}." if others else ""


def move(
    ctx: Context,
    event: Event,
    start: Annotated[datetime, Field(description="When it is to begin now")],
    day: OnDay = None,
) -> Reply:
    """Move an event to another time, keeping how long it lasts; of a repeating one, only its next time."""
    one = entries.find(ctx, event, day)
    begins = moment(ctx, start)
    wall = begins.replace(tzinfo=None)
    if one.all_day:
        wall = wall.replace(hour=0, minute=0, second=0)
    number = int(one.row["id"])
    if one.repeats:
        skip(ctx, one)
        number = entries.insert(
            ctx,
            one.title,
            wall,
            ctx.zone,
            timedelta(seconds=one.row["seconds"]),
            all_day=one.all_day,
            location=one.row["location"],
        )["id"]
    else:
        entries.put(ctx, number, wall, ctx.zone)
    there = entries.first_of(ctx, entries.reread(ctx, number))
    assert there is not None, "an event that does not repeat has its one occurrence"
    once = ", only this time" if one.repeats else ""
    text = f"Moved {one.title} to {entries.said_when(there, ctx.now)}{once}.{clash(ctx, there)}"
    return Reply(text, there.data(), [there.thing])


def skip(ctx: Context, one: Occurrence) -> None:
    """Leave this occurrence out of its series."""
    ctx.db.execute("UPDATE event SET skips=trim(skips || ' ' || ?) WHERE id=?", (one.wall, one.row["id"]))


def rename(ctx: Context, event: Event, title: Title, day: OnDay = None) -> Reply:
    """Give an event another title."""
    one = entries.find(ctx, event, day)
    ctx.db.execute("UPDATE event SET title=? WHERE id=?", (titled(title), one.row["id"]))
    return changed(ctx, one, f"Renamed {one.title} to {titled(title)}")


def set_location(
    ctx: Context,
    event: Event,
    location: Annotated[
        str,
        Field(description="Where it takes place", min_length=1, max_length=300, json_schema_extra={"x-fill": "rest"}),
    ],
    day: OnDay = None,
) -> Reply:
    """Say or change where an event takes place."""
    one = entries.find(ctx, event, day)
    place = placed(location)
    if place is None:
        raise Refusal(f"Where does {one.title} take place?")
    ctx.db.execute("UPDATE event SET location=? WHERE id=?", (place, one.row["id"]))
    return changed(ctx, one, f"{capital(one.title)} takes place at {place}")


def set_duration(
    ctx: Context,
    event: Event,
    duration: Annotated[timedelta, Field(description="How long it is to last")],
    day: OnDay = None,
) -> Reply:
    """Make an event longer or shorter."""
    one = entries.find(ctx, event, day)
    if one.all_day:
        raise Refusal(f"{capital(one.title)} takes whole days; cancel it and add it anew with a time.")
    length = int(lasting(duration).total_seconds())
    ctx.db.execute("UPDATE event SET seconds=? WHERE id=?", (length, one.row["id"]))
    return changed(ctx, one, f"{capital(one.title)} now lasts {spoken_duration(duration)}")


def changed(ctx: Context, one: Occurrence, text: str) -> Reply:
    """The answer about a changed event, at the occurrence that was meant."""
    now = entries.occurrence(ctx, entries.reread(ctx, one.row["id"]), one.start)
    return Reply(f"{text}: {entries.said_when(now, ctx.now)}.", now.data(), [now.thing])


def cancel(ctx: Context, event: Event, day: OnDay = None) -> Reply:
    """Cancel one event; of a repeating one, only its next time or that of the given day."""
    one = entries.find(ctx, event, day)
    when = entries.said_when(one, ctx.now)
    if one.repeats:
        skip(ctx, one)
        return Reply(f"Cancelled {one.title} {when}; the others stay.", one.data())
    ctx.db.execute("DELETE FROM event WHERE id=?", (one.row["id"],))
    return Reply(f"Cancelled {one.title} {when}.", one.data())


def cancel_series(ctx: Context, event: Event) -> Reply:
    """Cancel a whole series: a repeating event altogether, every time of it."""
    one = entries.find(ctx, event)
    ctx.db.execute("DELETE FROM event WHERE id=?", (one.row["id"],))
    often = f", {spoken_rule(one.row['rule'])}" if one.repeats else f" {entries.said_when(one, ctx.now)}"
    return Reply(f"Cancelled {one.title}{often}{' and every time of it' if one.repeats else ''}.", one.data())


def clear(ctx: Context) -> Reply:
    """Delete everything on the person's calendar, for good."""
    number = ctx.db.execute("DELETE FROM event WHERE member=?", (ctx.member,)).rowcount
    text = f"Deleted {counted(number, 'event')}." if number else "Your calendar was empty."
    return Reply(text, {"deleted": number})


def titled(text: str) -> str:
    """The title in one line; refuses blanks."""
    title = one_line(text)
    if not title:
        raise Refusal("What is the event called?")
    return title


def placed(location: str | None) -> str | None:
    """The place in one line, without a leading "at"; None where none was said."""
    return re.sub(r"^(at|in)\s+", "", one_line(location), flags=re.IGNORECASE) or None

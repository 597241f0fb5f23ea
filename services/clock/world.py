"""What time and date it is, here and elsewhere. Reads only; reckons from the time of the request."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from pydantic import Field

from services.clock.places import Place, place, places
from services.kit import Context, Refusal, Reply
from services.kit.moment import capital, how_far, sensible_day, sensible_year
from services.kit.recurrence import on_clock
from services.kit.speech import counted, spoken, spoken_date, spoken_day, spoken_duration, spoken_time

AnyPlace = Annotated[
    str | None,
    Field(
        description="A city, country or time zone, such as Tokyo, France or Pacific time; empty for here",
        max_length=80,
        json_schema_extra={"x-fill": "place"},
    ),
]
NamedPlace = Annotated[
    str,
    Field(
        description="A city, country or time zone, such as Tokyo, France or Pacific time",
        min_length=1,
        max_length=80,
        json_schema_extra={"x-fill": "place"},
    ),
]


def time(ctx: Context, place: AnyPlace = None) -> Reply:
    """Tell the time of the clock now, here or in any city, country or time zone of the world."""
    if place is None or not place.strip():
        return Reply(f"It is {spoken_time(ctx.now)}.", {"time": ctx.now.isoformat(), "zone": str(ctx.zone)})
    found = several(place)
    said = [f"{said_there(ctx.now.astimezone(there.zone), ctx.now)} in {there.name}" for there in found]
    times = [
        {"place": there.name, "zone": str(there.zone), "time": ctx.now.astimezone(there.zone).isoformat()}
        for there in found
    ]
    return Reply(f"It is {spoken(said)}.", {**times[0], "times": times})


def several(said: str) -> list[Place]:
    """The places of that name; of names with "and" between them, each one's first. Refuses what is not known."""
    try:
        return places(said)
    except Refusal:
        parts = [part for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", said.strip()) if part]
        if len(parts) < 2:
            raise
    return [places(part)[0] for part in parts]


def said_there(there: datetime, here: datetime) -> str:
    """5 pm, with the day where it is another than here."""
    return spoken_time(there) + ("" if there.date() == here.date() else f" {spoken_day(there.date(), here)}")


def day(
    ctx: Context,
    day: Annotated[date | None, Field(description="The day asked about; empty for today")] = None,
    place: AnyPlace = None,
) -> Reply:
    """Tell today's date, or which day of the week a date falls on."""
    now = ctx.now
    where = ""
    if place and place.strip():
        there = place_of(place, ctx)
        now, where = ctx.now.astimezone(there[1]), f" in {there[0]}"
    asked = sensible_day(day or now.date())
    data = {"date": asked.isoformat(), "weekday": f"{asked:%A}", "week": asked.isocalendar().week}
    if asked == now.date():
        return Reply(f"Today is {asked:%A} {asked.day} {asked:%B %Y}{where}.", data)
    verb = "was" if asked < now.date() else "is"
    return Reply(f"{asked.day} {asked:%B %Y} {verb} a {asked:%A}.", data)


def difference(
    ctx: Context,
    place: NamedPlace,
    other_place: Annotated[
        AnyPlace, Field(description="The place to compare with; empty for here", json_schema_extra={"x-fill": "place"})
    ] = None,
) -> Reply:
    """Tell the time difference between two places, or between a place and here."""
    name, zone = place_of(place, ctx)
    other, other_zone = place_of(other_place, ctx)
    gap = offset(ctx.now, zone) - offset(ctx.now, other_zone)
    data = {"place": name, "other_place": other, "hours": gap.total_seconds() / 3600}
    if not gap:
        return Reply(f"{capital(name)} and {other} have the same time.", data)
    side = "ahead of" if gap > timedelta() else "behind"
    return Reply(f"{capital(name)} is {spoken_duration(gap)} {side} {other}.", data)


def convert(
    ctx: Context,
    at: Annotated[datetime, Field(description="The time to convert, as clocks show it in from_place")],
    from_place: Annotated[
        AnyPlace, Field(description="Where that time is meant; empty for here", json_schema_extra={"x-fill": "place"})
    ] = None,
    to_place: Annotated[
        AnyPlace, Field(description="Where to tell it; empty for here", json_schema_extra={"x-fill": "place"})
    ] = None,
) -> Reply:
    """Convert a given time of day between places: what 3 pm in one city is in another or here."""
    if not from_place and not to_place:
        raise Refusal("Convert it to which place?")
    sensible_year(at.year)
    name, zone = place_of(from_place, ctx)
    other, other_zone = place_of(to_place, ctx)
    there = on_clock(at.replace(tzinfo=None), zone)
    result = there.astimezone(other_zone)
    text = f"{capital(spoken_time(there))} {spoken_date(there.date(), ctx.now)} in {name} is {spoken_time(result)}"
    if result.date() != there.date():
        text += f" {spoken_date(result.date(), ctx.now)}"
    elif there.date() == ctx.now.astimezone(zone).date():
        text = f"{capital(spoken_time(there))} in {name} is {spoken_time(result)}"
    text += f" {'here' if other == 'here' else f'in {other}'}."
    return Reply(text.replace(" in here ", " here "), {"from": there.isoformat(), "to": result.isoformat()})


def days_until(
    ctx: Context,
    day: Annotated[date, Field(description="The day counted to, or since")],
    other_day: Annotated[date | None, Field(description="The second of two days, where between two is asked")] = None,
) -> Reply:
    """Count the days until a date, since a date that has passed, or between two dates."""
    asked = sensible_day(day)
    if other_day:
        return between(ctx, asked, sensible_day(other_day))
    days = (asked - ctx.now.date()).days
    if days == 0:
        return Reply("That is today.", {"date": asked.isoformat(), "days": 0})
    verb = "was" if days < 0 else "is"
    return Reply(f"That {verb} {how_far(asked, ctx.now)}.", {"date": asked.isoformat(), "days": days})


def between(ctx: Context, first: date, last: date) -> Reply:
    """The days between two; "1 March", read as the coming one, is the last where it would come after the other."""
    earlier = first - relativedelta(years=1)
    first = earlier if first > last >= earlier else first
    days = abs((last - first).days)
    text = f"From {spoken_date(min(first, last), ctx.now)} to {spoken_date(max(first, last), ctx.now)}"
    data = {"date": last.isoformat(), "from": first.isoformat(), "days": days}
    return Reply(f"{text} it is {counted(days, 'day')}{as_weeks(days)}.", data)


def as_weeks(days: int) -> str:
    """, 6 weeks and 2 days; nothing for a few days."""
    weeks, left = divmod(days, 7)
    if weeks < 2:
        return ""
    rest = f" and {counted(left, 'day')}" if left else ""
    return f", {counted(weeks, 'week')}{rest}"


def place_of(said: str | None, ctx: Context) -> tuple[str, ZoneInfo]:
    """The name and zone of what was said; "here" where nothing was."""
    if said is None or plain_here(said):
        return "here", ctx.zone
    found = place(said)
    return found.name, found.zone


def plain_here(said: str) -> bool:
    """Whether the person means where they are."""
    return said.strip().casefold() in {"", "here", "home", "local", "local time", "me", "us", "my time", "our time"}


def offset(now: datetime, zone: ZoneInfo) -> timedelta:
    """How far clocks in the zone are ahead of UTC now."""
    return now.astimezone(zone).utcoffset() or timedelta()

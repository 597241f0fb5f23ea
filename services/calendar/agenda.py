"""Reading the calendar: what is on, what comes next, when there is time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated

from pydantic import Field

from services.calendar import entries
from services.calendar.changes import HOUR, length_of
from services.calendar.entries import Occurrence
from services.kit import Context, Refusal, Reply
from services.kit.moment import capital, day_bounds, lasting, moment
from services.kit.recurrence import on_clock
from services.kit.reference import Candidate, best_fit, words
from services.kit.speech import spoken, spoken_day, spoken_span, spoken_time

SPOKEN_AT_MOST = 20
DAY_BEGINS, DAY_ENDS = time(8), time(20)
"""Between these, free times of a day are looked for."""
SHORTEST_GAP = timedelta(minutes=30)


def agenda(
    ctx: Context,
    day: Annotated[date | None, Field(description="The day; today if nothing is said")] = None,
    start: Annotated[datetime | None, Field(description="Begin of a longer span, instead of a day")] = None,
    end: Annotated[datetime | None, Field(description="End of that span")] = None,
) -> Reply:
    """Tell what is on the calendar: today, on a day, or between two times."""
    first, last = span(ctx, day, start, end)
    found = entries.between(ctx, first, last)
    data = {"events": [one.data() for one in found], "start": first.isoformat(), "end": last.isoformat()}
    single = last - first <= timedelta(hours=25) and (last - timedelta(seconds=1)).date() == first.date()
    if not found:
        when = on_day(first.date(), ctx) if single else "then"
        return Reply(f"You have nothing on your calendar {when}.", data)
    shown, more = found[:SPOKEN_AT_MOST], len(found) - SPOKEN_AT_MOST
    parts = []
    for that_day, those in groupby(shown, key=lambda one: max(one.start, first).date()):
        parts.append(f"{capital(spoken_day(that_day, ctx.now))}: {spoken([brief(one) for one in those])}.")
    text = " ".join(parts) + (f" And {more} more." if more > 0 else "")
    return Reply(text, data, [one.thing for one in found])


def on_day(day: date, ctx: Context) -> str:
    """Today; on Tuesday 10 March."""
    said = spoken_day(day, ctx.now)
    return said if abs((day - ctx.now.date()).days) <= 1 else f"on {said}"


def span(ctx: Context, day: date | None, start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    """What is asked about: the span from start to end, else the day, else today."""
    if start is None and end is None:
        return day_bounds(ctx, day or ctx.now.date())
    first = moment(ctx, start) if start else ctx.now
    last = moment(ctx, end) if end else day_bounds(ctx, first.date())[1]
    if last <= first:
        raise Refusal("The end must be later than the start.")
    return first, last


def brief(one: Occurrence) -> str:
    """Dentist from 3 pm to 4 pm at the clinic, within a day that was named."""
    where = f" at {one.row['location']}" if one.row["location"] else ""
    if one.all_day:
        return f"{one.title}{where} (all day)"
    if one.end <= one.start:
        return f"{one.title} at {spoken_time(one.start)}{where}"
    return f"{one.title} from {spoken_time(one.start)} to {spoken_time(one.end)}{where}"


def next_(ctx: Context) -> Reply:
    """Tell the next event on the calendar."""
    after = ctx.now
    ahead = [first for row in rows(ctx) if (first := entries.first_of(ctx, row, after)) is not None]
    if not ahead:
        return Reply("You have nothing ahead on your calendar.", {"event": None})
    one = min(ahead, key=lambda one: one.start)
    return Reply(f"Next is {described(one, ctx)}.", {"event": one.data()}, [one.thing])


def rows(ctx: Context) -> list[sqlite3.Row]:
    """The member's events."""
    return ctx.db.execute("SELECT * FROM event WHERE member=? ORDER BY at", (ctx.member,)).fetchall()


def described(one: Occurrence, ctx: Context) -> str:
    """Dentist tomorrow from 3 pm to 4 pm at the clinic."""
    where = f" at {one.row['location']}" if one.row["location"] else ""
    return f"{one.title} {entries.said_when(one, ctx.now)}{where}"


def find(
    ctx: Context,
    text: Annotated[
        str,
        Field(
            description="Words of the title or the place",
            min_length=1,
            max_length=300,
            json_schema_extra={"x-kind": "event", "x-fill": "rest"},
        ),
    ],
) -> Reply:
    """Find an event by its title or place: when that event is, and where."""
    there = entries.one_each(ctx)
    wanted = words(text, "event")
    by_title = [Candidate(one.id, one.title, one.start) for one in there]
    by_place = [Candidate(one.id, f"{one.title} {one.row['location'] or ''}", one.start) for one in there]
    fitting = {match.id for match in best_fit(wanted, by_title, "event") or best_fit(wanted, by_place, "event")}
    found = sorted((one for one in there if one.id in fitting), key=lambda one: (one.end < ctx.now, one.start))
    if not found:
        return Reply(f"I find no {text.strip()!r} on your calendar.", {"events": []})
    said = "; ".join(described(one, ctx) for one in found[:SPOKEN_AT_MOST])
    more = f"; and {len(found) - SPOKEN_AT_MOST} more" if len(found) > SPOKEN_AT_MOST else ""
    return Reply(f"{capital(said)}{more}.", {"events": [one.data() for one in found]}, [one.thing for one in found])


def free(
    ctx: Context,
    start: Annotated[datetime, Field(description="From when")],
    end: Annotated[datetime | None, Field(description="Until when; an hour later if not said")] = None,
    duration: Annotated[timedelta | None, Field(description="For how long, instead of until when")] = None,
) -> Reply:
    """Tell whether the person is free or busy at a given time or between two times, yes or no."""
    first = moment(ctx, start)
    last = first + length_of(ctx, first, duration or HOUR, end)
    found = entries.between(ctx, first, last)
    busy = [one for one in found if not one.all_day]
    also = [one.title for one in found if one.all_day]
    note = f" All day: {spoken(also)}." if also else ""
    when = spoken_span(first, last, ctx.now)
    things = [one.thing for one in found]
    data = {"free": not busy, "events": [one.data() for one in found]}
    if not busy:
        return Reply(f"Yes, you are free {when}.{note}", data, things)
    in_the_way = f"{spoken([brief(one) for one in busy])} {'is' if len(busy) == 1 else 'are'} in the way"
    left = gaps(busy, first, last, timedelta(minutes=15))
    rest = f" You are free {said_gaps(left)}." if left else ""
    return Reply(f"No: {in_the_way}.{rest}{note}", {**data, "gaps": gap_rows(left)}, things)


def free_times(
    ctx: Context,
    day: Annotated[date, Field(description="The day")],
    duration: Annotated[timedelta | None, Field(description="How long the free time must be at least")] = None,
) -> Reply:
    """Find the gaps of a day: when the person has free time, perhaps of at least some length."""
    least = lasting(duration) if duration is not None else SHORTEST_GAP
    midnight, following = day_bounds(ctx, day)
    if following <= ctx.now:
        raise Refusal(f"{capital(spoken_day(day, ctx.now))} is over.")
    first = max(on_clock(datetime.combine(day, DAY_BEGINS), ctx.zone), ctx.now)
    last = on_clock(datetime.combine(day, DAY_ENDS), ctx.zone)
    found = entries.between(ctx, midnight, following)
    also = [one.title for one in found if one.all_day]
    note = f" All day: {spoken(also)}." if also else ""
    left = gaps([one for one in found if not one.all_day], first, last, least)
    data = {"gaps": gap_rows(left), "day": day.isoformat()}
    when = on_day(day, ctx)
    if not left:
        return Reply(f"You have no free time {when} between 8 am and 8 pm.{note}", data)
    return Reply(f"{capital(when)} you are free {said_gaps(left)}.{note}", data)


def gaps(
    busy: Sequence[Occurrence], first: datetime, last: datetime, least: timedelta
) -> list[tuple[datetime, datetime]]:
    """The free spans of at least that length between first and last."""
    found = []
    at = first
    for one in sorted(busy, key=lambda one: one.start):
        if one.start - at >= least:
            found.append((at, min(one.start, last)))
        at = max(at, one.end)
    if last - at >= least:
        found.append((at, last))
    return [(start, end) for start, end in found if end - start >= least]


def said_gaps(left: Sequence[tuple[datetime, datetime]]) -> str:
    """From 8 am to 3 pm and from 4 pm to 8 pm."""
    return spoken([f"from {spoken_time(start)} to {spoken_time(end)}" for start, end in left])


def gap_rows(left: Sequence[tuple[datetime, datetime]]) -> list[dict[str, str]]:
    """The same for programs."""
    return [{"start": start.isoformat(), "end": end.isoformat()} for start, end in left]

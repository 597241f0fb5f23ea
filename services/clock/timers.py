"""Timers: they run for a duration from the time of the request, and are told once when they end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit import Alert, Context, Refusal, Reply, Thing
from services.kit.moment import capital, from_seconds, lasting, lateness
from services.kit.reference import Candidate, choose
from services.kit.speech import counted, one_line, spoken, spoken_duration, spoken_moment, spoken_time

TABLES = """
CREATE TABLE IF NOT EXISTS timer(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, room TEXT NOT NULL, name TEXT NOT NULL,
    seconds REAL NOT NULL, ends REAL NOT NULL, told INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS timer_ends ON timer(told, ends);
"""
REMEMBERED = timedelta(days=1)
"""How long a timer that has ended can still be asked about."""

TimerName = Annotated[
    str | None,
    Field(
        description="Which timer: its name; empty when there is only one",
        max_length=80,
        json_schema_extra={"x-kind": "timer"},
    ),
]


def set_timer(
    ctx: Context,
    duration: Annotated[timedelta, Field(description="How long it runs")],
    name: Annotated[
        str | None,
        Field(description="What it is for, such as pasta", max_length=80, json_schema_extra={"x-fill": "rest"}),
    ] = None,
) -> Reply:
    """Set a timer that rings after a duration, with a name if you like."""
    length = lasting(duration)
    called = plain_name(name) or name_of(length)
    ends = ctx.now + length
    row = ctx.db.execute(
        "INSERT INTO timer(member, room, name, seconds, ends) VALUES(?,?,?,?,?) RETURNING id",
        (ctx.member, ctx.room, called, length.total_seconds(), ends.timestamp()),
    ).fetchone()
    label = f"The {called} timer is set" if plain_name(name) else "Timer set"
    until = spoken_time(ends) if ends.date() == ctx.now.date() else spoken_moment(ends, ctx.now)
    return Reply(
        f"{label} for {spoken_duration(length)}, until {until}.",
        {"timer": called, "ends": ends.isoformat()},
        [Thing("timer", called, f"t{row['id']}", ends)],
    )


def timer_left(ctx: Context, timer: TimerName = None) -> Reply:
    """Tell how much time is left on a timer, or on all that are running."""
    if timer and timer.strip():
        chosen = choose(timer, candidates(ctx, ended=True), "timer", ctx.now)
    else:
        running = candidates(ctx)
        if len(running) != 1:
            return timers(ctx)
        chosen = running[0]
    left = chosen.at - ctx.now
    thing = Thing("timer", chosen.name, chosen.id, chosen.at)
    data = {"timer": chosen.name, "seconds": max(0, round(left.total_seconds())), "ends": chosen.at.isoformat()}
    if left <= timedelta():
        return Reply(f"The {chosen.name} timer ended {spoken_duration(left)} ago.", data, [thing])
    return Reply(f"{spoken_duration(left)} left on the {chosen.name} timer.", data, [thing])


def timers(ctx: Context) -> Reply:
    """List the timers that are running, with the time left on each."""
    running = candidates(ctx)
    if not running:
        return Reply("No timer is running.", {"timers": []})
    said = [f"{spoken_duration(timer.at - ctx.now)} left on the {timer.name} timer" for timer in running]
    rows = [{"timer": timer.name, "ends": timer.at.isoformat()} for timer in running]
    return Reply(f"{spoken(said)}.", {"timers": rows}, [Thing("timer", t.name, t.id, t.at) for t in running])


def extend_timer(
    ctx: Context,
    duration: Annotated[timedelta, Field(description="How much longer it should run")],
    timer: TimerName = None,
) -> Reply:
    """Add time to a timer that is running."""
    chosen = the_timer(ctx, timer)
    ends = chosen.at + lasting(duration)
    ctx.db.execute("UPDATE timer SET ends=? WHERE id=?", (ends.timestamp(), row_id(chosen)))
    left = spoken_duration(ends - ctx.now)
    return Reply(
        f"Added {spoken_duration(duration)}: {left} left on the {chosen.name} timer.",
        {"timer": chosen.name, "ends": ends.isoformat()},
        [Thing("timer", chosen.name, chosen.id, ends)],
    )


def cancel_timer(ctx: Context, timer: TimerName = None) -> Reply:
    """Cancel a timer before it rings."""
    chosen = the_timer(ctx, timer)
    ctx.db.execute("DELETE FROM timer WHERE id=?", (row_id(chosen),))
    return Reply(f"Cancelled the {chosen.name} timer.", {"timer": chosen.name})


def cancel_all_timers(ctx: Context) -> Reply:
    """Cancel all the timers that are running."""
    running = candidates(ctx)
    if not running:
        raise Refusal("No timer is running.")
    ctx.db.executemany("DELETE FROM timer WHERE id=?", [(row_id(timer),) for timer in running])
    return Reply(f"Cancelled {counted(len(running), 'timer')}.", {"timers": [timer.name for timer in running]})


def plain_name(name: str | None) -> str:
    """The name without the words around it: "the pasta timer" is pasta; empty where nothing is left."""
    said = re.sub(r"\b(timer|called|named)\b", " ", one_line(name), flags=re.IGNORECASE)
    said = re.sub(r"^\s*((set|start|a|an|the|my|for|please)\b\s*)*", "", said, flags=re.IGNORECASE)
    return " ".join(said.split()).strip(" .,!?\"'")


def name_of(length: timedelta) -> str:
    """What a timer without a name is called: 12 minute, 90 second."""
    seconds = round(length.total_seconds())
    if seconds < 120 and seconds % 60:
        return f"{seconds} second"
    if seconds < 7_200 and not seconds % 60 and seconds != 3_600:
        return f"{seconds // 60} minute"
    return re.sub(r"s\b", "", spoken_duration(length))


def candidates(ctx: Context, ended: bool = False) -> list[Candidate]:
    """The member's timers that run, next to end first; also those that ended lately if so asked."""
    since = ctx.now - REMEMBERED if ended else ctx.now
    rows = ctx.db.execute(
        "SELECT id, name, ends FROM timer WHERE member=? AND ends>? ORDER BY ends", (ctx.member, since.timestamp())
    )
    return [Candidate(f"t{row['id']}", row["name"], from_seconds(ctx, row["ends"])) for row in rows]


def the_timer(ctx: Context, said: str | None) -> Candidate:
    """The running timer that is meant; refuses where none runs or it isn't clear which."""
    running = candidates(ctx)
    if not running:
        raise Refusal("No timer is running.")
    return choose(said or "", running, "timer", ctx.now)


def row_id(timer: Candidate) -> int:
    """Its row."""
    return int(timer.id[1:])


def due_timers(ctx: Context) -> list[Alert]:
    """Everyone's timers that have ended and were not told, marked told; old ones are forgotten."""
    rows = ctx.db.execute("SELECT * FROM timer WHERE told=0 AND ends<=?", (ctx.now.timestamp(),)).fetchall()
    ctx.db.execute("UPDATE timer SET told=1 WHERE told=0 AND ends<=?", (ctx.now.timestamp(),))
    old = (ctx.now - REMEMBERED).timestamp()
    ctx.db.execute("DELETE FROM timer WHERE told=1 AND ends<?", (old,))
    return [
        Alert(
            f"timer-{row['id']}-{int(row['ends'])}",
            capital(f"the {row['name']} timer is done{lateness(from_seconds(ctx, row['ends']), ctx.now)}."),
            from_seconds(ctx, row["ends"]),
            row["member"],
            row["room"],
        )
        for row in rows
    ]

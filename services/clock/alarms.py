"""Alarms: they ring at a time of day, once or by a rule; 7 am stays 7 am when the clocks change.

Each keeps the zone it was set in.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from services.kit import Alert, Context, Refusal, Reply, Thing
from services.kit.moment import capital, from_seconds, lateness, moment, seconds
from services.kit.recurrence import (
    Repeat,
    checked_rule,
    next_occurrence,
    on_clock,
    spoken_rule,
    with_local_until,
)
from services.kit.reference import Candidate, choose
from services.kit.speech import counted, one_line, spoken, spoken_moment, spoken_time

TABLES = """
CREATE TABLE IF NOT EXISTS alarm(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, room TEXT NOT NULL, name TEXT NOT NULL,
    start TEXT NOT NULL, zone TEXT NOT NULL, rule TEXT, rings INTEGER, rung INTEGER);
CREATE INDEX IF NOT EXISTS alarm_rings ON alarm(rings);
"""

AlarmName = Annotated[
    str | None,
    Field(
        description="Which alarm: its name, or its time such as 7 am; empty when there is only one",
        max_length=80,
        json_schema_extra={"x-kind": "alarm"},
    ),
]


def set_alarm(
    ctx: Context,
    at: Annotated[datetime, Field(description="When it rings")],
    repeat: Repeat = None,
    name: Annotated[str | None, Field(description="What it is for, such as school", max_length=80)] = None,
) -> Reply:
    """Set an alarm that rings at a time, once or repeating."""
    start = moment(ctx, at)
    rule = checked_rule(with_local_until(repeat, ctx.zone), start.replace(tzinfo=None)) if repeat else None
    rings = first_ring(ctx, start, rule)
    called = one_line(name) or spoken_time(rings)
    row = ctx.db.execute(
        "INSERT INTO alarm(member, room, name, start, zone, rule, rings) VALUES(?,?,?,?,?,?,?) RETURNING id",
        (ctx.member, ctx.room, called, f"{start:%Y-%m-%dT%H:%M:%S}", str(ctx.zone), rule, seconds(rings)),
    ).fetchone()
    often = f", then {spoken_rule(rule)}" if rule else ""
    label = f"The {called} alarm is set" if one_line(name) else "Alarm set"
    return Reply(
        f"{label} for {spoken_moment(rings, ctx.now)}{often}.",
        {"alarm": called, "at": rings.isoformat(), "repeat": rule},
        [Thing("alarm", called, f"a{row['id']}", rings)],
    )


def first_ring(ctx: Context, start: datetime, rule: str | None) -> datetime:
    """When it rings first. A time of today that has passed means tomorrow; a day that has passed is refused."""
    if rule:
        rings = next_occurrence(rule, start.replace(tzinfo=None), ctx.zone, ctx.now)
    elif ctx.now - timedelta(days=1) < start <= ctx.now:
        rings = on_clock(start.replace(tzinfo=None) + timedelta(days=1), ctx.zone)
    else:
        rings = start if start > ctx.now else None
    if rings is None:
        raise Refusal(f"{capital(spoken_moment(start, ctx.now))} has already passed; please give a later time.")
    return rings


def alarms(ctx: Context) -> Reply:
    """List the alarms that are set."""
    rows = ctx.db.execute(
        "SELECT * FROM alarm WHERE member=? AND rings IS NOT NULL ORDER BY rings", (ctx.member,)
    ).fetchall()
    if not rows:
        return Reply("No alarm is set.", {"alarms": []})
    listed = [{"alarm": r["name"], "at": from_seconds(ctx, r["rings"]).isoformat(), "repeat": r["rule"]} for r in rows]
    things = [Thing("alarm", row["name"], f"a{row['id']}", from_seconds(ctx, row["rings"])) for row in rows]
    said = spoken([described(ctx, row) for row in rows])
    return Reply(f"{counted(len(rows), 'alarm')}: {said}.", {"alarms": listed}, things)


def described(ctx: Context, row: sqlite3.Row) -> str:
    """School, tomorrow at 7 am, every weekday."""
    at = from_seconds(ctx, row["rings"])
    named = "" if row["name"] == spoken_time(at) else f"{row['name']} "
    often = f" ({spoken_rule(row['rule'])})" if row["rule"] else ""
    return f"{named}{spoken_moment(at, ctx.now)}{often}"


def cancel_alarm(ctx: Context, alarm: AlarmName = None) -> Reply:
    """Cancel an alarm; a repeating one altogether."""
    there = candidates(ctx)
    if not there:
        raise Refusal("No alarm is set.")
    chosen = choose(alarm or "", there, "alarm", ctx.now)
    ctx.db.execute("DELETE FROM alarm WHERE id=?", (int(chosen.id[1:]),))
    named = "" if chosen.name == spoken_time(chosen.at) else f" {chosen.name}"
    return Reply(
        f"Cancelled the{named} alarm for {spoken_moment(chosen.at, ctx.now)}.",
        {"alarm": chosen.name, "at": chosen.at.isoformat()},
    )


def candidates(ctx: Context) -> list[Candidate]:
    """The member's alarms that are still to ring."""
    rows = ctx.db.execute("SELECT * FROM alarm WHERE member=? AND rings IS NOT NULL ORDER BY rings", (ctx.member,))
    return [Candidate(f"a{row['id']}", row["name"], from_seconds(ctx, row["rings"])) for row in rows]


def due_alarms(ctx: Context) -> list[Alert]:
    """Everyone's alarms that have rung and were not told; a repeating one missed often is told once."""
    rows = ctx.db.execute("SELECT * FROM alarm WHERE rings<=? ORDER BY rings", (seconds(ctx.now),)).fetchall()
    alerts = []
    for row in rows:
        zone = ZoneInfo(row["zone"])
        at = from_seconds(ctx, row["rings"]).astimezone(zone)
        following = None
        if row["rule"]:
            following = next_occurrence(row["rule"], datetime.fromisoformat(row["start"]), zone, ctx.now)
        ctx.db.execute(
            "UPDATE alarm SET rings=?, rung=? WHERE id=?",
            (seconds(following) if following else None, row["rings"], row["id"]),
        )
        named = "" if row["name"] == spoken_time(at) else f", {row['name']}"
        text = f"Alarm: it is {spoken_time(at)}{named}."
        late = lateness(at, ctx.now.astimezone(zone))
        if late:
            text = f"Alarm: {row['name']}{late}."
        alerts.append(Alert(f"alarm-{row['id']}-{row['rings']}", text, at, row["member"], row["room"]))
    return alerts

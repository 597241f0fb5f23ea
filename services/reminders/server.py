"""Reminders: a text and when to tell it, once or by a rule. They go off through the hub.

Each is its member's own and keeps the zone it was set in: 8 am stays 8 am when the clocks change. What was
missed while nothing ran is told once.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from services.kit import Alert, Context, Refusal, Reply, Service, Thing
from services.kit.moment import capital, from_seconds, lasting, lateness, moment, seconds, to_come
from services.kit.recurrence import Repeat, checked_rule, next_occurrence, spoken_rule, with_local_until
from services.kit.speech import counted, one_line, spoken_moment
from services.reminders import schedule

service = Service(__file__, tables=schedule.TABLES)

Text = Annotated[
    str,
    Field(
        description="What to be reminded of, such as: call mum",
        min_length=1,
        max_length=500,
        json_schema_extra={"x-fill": "rest"},
    ),
]
Which = Annotated[
    str,
    Field(
        description="Which reminder: its text, a part of it, or its id",
        min_length=1,
        max_length=500,
        json_schema_extra={"x-kind": "reminder"},
    ),
]
SNOOZE = timedelta(minutes=10)
SPOKEN_AT_MOST = 10


@service.tool(
    "reversible",
    examples=[
        "remind me to call mum tomorrow at 5 pm",
        "remind me tonight at ten to lock the shed",
        "every Sunday at 6 remind me to feed the fish",
        "don't let me forget to pay the rent on the first at nine",
        "remind me in 20 minutes to check the oven",
        "set a reminder for Friday noon: bring cake",
        "could you remind me about the parcel at four",
        "nudge me on Monday morning to book the train",
        "I mustn't forget the tablets at 8 every evening",
        "reminder to return the drill this Saturday at 11",
        "please ping me in an hour so I stretch",
        "remind us to cancel the subscription on the 28th",
        "make a reminder for tomorrow, post the letter",
        "at 7 pm tell me to take out the bins",
        "remind me to ring the bank",
    ],
)
def add(
    ctx: Context, text: Text, at: Annotated[datetime, Field(description="When to remind")], repeat: Repeat = None
) -> Reply:
    """Set a new reminder: remind the person of something at a time, once or repeating."""
    said = plain_text(text)
    rule = None
    if repeat:
        start = moment(ctx, at)
        rule = checked_rule(with_local_until(repeat, ctx.zone), start.replace(tzinfo=None))
        first = next_occurrence(rule, start.replace(tzinfo=None), ctx.zone, ctx.now)
        if first is None:
            raise Refusal(f"The last time of {spoken_rule(rule)} has already passed.")
    else:
        start = first = to_come(ctx, at)
    row = ctx.db.execute(
        "INSERT INTO reminder(member, room, text, start, zone, rule, at, slot) VALUES(?,?,?,?,?,?,?,?) RETURNING *",
        (ctx.member, ctx.room, said, f"{start:%Y-%m-%dT%H:%M:%S}", str(ctx.zone), rule, seconds(first), seconds(first)),
    ).fetchone()
    often = f", then {spoken_rule(rule)}" if rule else ""
    return Reply(
        f"I'll remind you {spoken_moment(first, ctx.now)}{often}: {said}.",
        {"id": f"r{row['id']}", "text": said, "at": first.isoformat(), "repeat": rule},
        [schedule.thing(ctx, row)],
    )


@service.tool(
    "read",
    examples=[
        "what are my reminders?",
        "show my reminders for tomorrow",
        "what do I need to be reminded of this week?",
        "do I have any reminders?",
        "list reminders",
        "which reminders are still open?",
        "could you read out Friday's reminders",
        "what did I ask you to remind me of?",
        "my reminders please",
        "anything I should be reminded about tonight?",
    ],
)
def list_(
    ctx: Context,
    day: Annotated[date | None, Field(description="Only those of this day")] = None,
    start: Annotated[datetime | None, Field(description="Only those from this time on")] = None,
    end: Annotated[datetime | None, Field(description="Only those before this time")] = None,
) -> Reply:
    """List the reminders that are open: all, of one day, or between two times."""
    span = schedule.bounds(ctx, day, start, end)
    found = [(at, row) for row in schedule.still_open(ctx) for at in schedule.within(ctx, row, span)]
    found = sorted(found, key=lambda pair: pair[0])[: schedule.LISTED_AT_MOST]
    data = [
        {"id": f"r{row['id']}", "text": row["text"], "at": at.isoformat(), "repeat": row["rule"]} for at, row in found
    ]
    if not found:
        return Reply(f"You have no reminders{' then' if span else ''}.", {"reminders": []})
    said = [f"{spoken_moment(at, ctx.now)}: {row['text']}{remark(at, row, ctx)}" for at, row in found]
    more = f"; and {len(said) - SPOKEN_AT_MOST} more" if len(said) > SPOKEN_AT_MOST else ""
    return Reply(
        f"{counted(len(found), 'reminder')}. {capital('; '.join(said[:SPOKEN_AT_MOST]))}{more}.",
        {"reminders": data},
        [Thing("reminder", row["text"], f"r{row['id']}", at) for at, row in found],
    )


def remark(at: datetime, row: sqlite3.Row, ctx: Context) -> str:
    """(every Monday); (not done yet); or nothing."""
    if row["rule"]:
        return f" ({spoken_rule(row['rule'])})"
    return " (not done yet)" if at <= ctx.now else ""


@service.tool(
    "reversible",
    examples=[
        "mark the reminder to call mum as done",
        "I've called mum, tick off that reminder",
        "the rent reminder is done",
        "done with the plants reminder",
        "I took the tablets, you can check the reminder off",
        "that one's taken care of",
        "parcel is posted, reminder finished",
        "could you complete the bank reminder",
        "already did the bins, no need to remind me again",
    ],
)
def done(ctx: Context, reminder: Which) -> Reply:
    """Mark a reminder as done; a repeating one comes back at its next time."""
    row = schedule.find(ctx, reminder)
    if not row["rule"]:
        ctx.db.execute("UPDATE reminder SET done=1, at=NULL WHERE id=?", (row["id"],))
        return Reply(f"Done: {row['text']}.", {"id": f"r{row['id']}", "next": None})
    if row["told"] is not None and row["at"] is not None:
        ctx.db.execute("UPDATE reminder SET told=NULL WHERE id=?", (row["id"],))
        following = from_seconds(ctx, row["at"])
    else:
        advanced = schedule.advance(ctx, row, ctx.now, None)
        if advanced is None:
            ctx.db.execute("UPDATE reminder SET done=1 WHERE id=?", (row["id"],))
            return Reply(f"Done: {row['text']}. That was the last time.", {"id": f"r{row['id']}", "next": None})
        following = advanced
    return Reply(
        f"Done: {row['text']}. Next {spoken_moment(following, ctx.now)}.",
        {"id": f"r{row['id']}", "next": following.isoformat()},
        [schedule.thing(ctx, schedule.reread(ctx, row["id"]))],
    )


@service.tool(
    "reversible",
    examples=[
        "snooze",
        "snooze that for 10 minutes",
        "remind me again in half an hour",
        "snooze the plants reminder until 6 pm",
        "not now, ask me again later",
        "give me a quarter of an hour more",
        "tell me once more in two hours",
        "later please",
        "could you repeat that reminder at eight",
        "come back to me about the tablets in 5 minutes",
        "snooze the bins reminder by an hour",
    ],
)
def snooze(
    ctx: Context,
    reminder: Annotated[
        Which | None,
        Field(
            description="Which reminder; empty for the one that was just told", json_schema_extra={"x-kind": "reminder"}
        ),
    ] = None,
    duration: Annotated[timedelta | None, Field(description="For how long; ten minutes if not said")] = None,
    until: Annotated[datetime | None, Field(description="Until when, instead of for how long")] = None,
) -> Reply:
    """Tell a reminder again a little later."""
    row = schedule.find(ctx, reminder) if reminder else schedule.last_told(ctx)
    at = to_come(ctx, until) if until else ctx.now + lasting(duration or SNOOZE)
    slot = row["told"] if row["told"] is not None else row["slot"]
    ctx.db.execute("UPDATE reminder SET at=?, slot=?, told=NULL WHERE id=?", (seconds(at), slot, row["id"]))
    return moved(ctx, row["id"], f"Snoozed until {spoken_moment(at, ctx.now)}: {row['text']}.")


@service.tool(
    "reversible",
    examples=[
        "move the reminder to call mum to 6 pm",
        "change my rent reminder to Friday at 10",
        "remind me about the plants an hour later instead",
        "put off the dentist reminder until tomorrow at 9",
        "the tablets reminder should come at seven instead",
        "could you shift my bins reminder to Sunday evening",
        "reschedule the reminder for the parcel to noon",
        "have the bank reminder ring on the 4th at 8 rather",
    ],
)
def move(ctx: Context, reminder: Which, at: Annotated[datetime, Field(description="The new time")]) -> Reply:
    """Move a reminder that is there to another time; of a repeating one, only its next time."""
    row = schedule.find(ctx, reminder)
    when = to_come(ctx, at)
    slot = row["slot"] if row["at"] is not None else row["told"]
    ctx.db.execute("UPDATE reminder SET at=?, slot=? WHERE id=?", (seconds(when), slot, row["id"]))
    once = ", only this time" if row["rule"] else ""
    return moved(ctx, row["id"], f"Moved to {spoken_moment(when, ctx.now)}{once}: {row['text']}.")


def moved(ctx: Context, number: int, text: str) -> Reply:
    """The answer about a reminder whose time was changed."""
    row = schedule.reread(ctx, number)
    at = schedule.shown_at(ctx, row).isoformat()
    return Reply(text, {"id": f"r{number}", "text": row["text"], "at": at}, [schedule.thing(ctx, row)])


@service.tool(
    "reversible",
    examples=[
        "change the reminder to call mum to say call mum and dad",
        "reword my rent reminder: pay rent and electricity",
        "the plants reminder should say water the roses",
        "edit the text of the bank reminder to ring the savings bank",
        "make the parcel reminder read post both parcels",
        "could the bins reminder be about the paper bins",
        "rephrase the tablets reminder as take the white tablets",
        "replace the wording of my fish reminder with feed the cat",
    ],
)
def change(ctx: Context, reminder: Which, text: Text) -> Reply:
    """Change what a reminder says."""
    row = schedule.find(ctx, reminder)
    said = plain_text(text)
    ctx.db.execute("UPDATE reminder SET text=? WHERE id=?", (said, row["id"]))
    return moved(
        ctx, row["id"], f"The reminder {spoken_moment(schedule.shown_at(ctx, row), ctx.now)} now says: {said}."
    )


@service.tool(
    "reversible",
    examples=[
        "delete the reminder to call mum",
        "cancel my rent reminder",
        "stop reminding me to water the plants",
        "forget the reminder about the dentist",
        "I don't need the parcel reminder any more",
        "could you remove the one about the bins",
        "no more tablets reminder please",
        "get rid of my bank reminder",
        "drop the fish reminder",
        "scrap that reminder",
    ],
)
def delete(ctx: Context, reminder: Which) -> Reply:
    """Delete one reminder; a repeating one altogether."""
    row = schedule.find(ctx, reminder)
    ctx.db.execute("DELETE FROM reminder WHERE id=?", (row["id"],))
    return Reply(f"Deleted the reminder: {row['text']}.", {"id": f"r{row['id']}", "text": row["text"]})


@service.tool(
    "irreversible",
    examples=[
        "delete all my reminders",
        "clear my reminders",
        "remove every reminder",
        "wipe reminders",
        "get rid of everything you are to remind me of",
        "could you cancel all the reminders",
        "forget all reminders",
        "no reminders at all any more, erase them",
    ],
)
def delete_all(ctx: Context) -> Reply:
    """Delete all your reminders, for good."""
    number = ctx.db.execute("DELETE FROM reminder WHERE member=?", (ctx.member,)).rowcount
    return Reply(f"Deleted {counted(number, 'reminder')}." if number else "You had no reminders.", {"deleted": number})


def plain_text(text: str) -> str:
    """The text in one line, without a leading "to" or "that" and a closing full stop."""
    said = re.sub(r"^(to|that|me to|about)\s+", "", one_line(text), flags=re.IGNORECASE).rstrip(" .")
    if not said:
        raise Refusal("What shall I remind you of?")
    return said


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """What the member is to be reminded of."""
    return {"reminder": list(dict.fromkeys(row["text"] for row in schedule.still_open(ctx)))}


def next_due(ctx: Context) -> datetime | None:
    """When the next reminder of anyone is to be told."""
    row = ctx.db.execute("SELECT min(at) AS at FROM reminder").fetchone()
    return from_seconds(ctx, row["at"]) if row["at"] is not None else None


@service.due(next_due)
def due(ctx: Context) -> list[Alert]:
    """Everyone's reminders whose time has come; one that was missed many times is told once."""
    alerts = []
    for row in ctx.db.execute("SELECT * FROM reminder WHERE at<=? ORDER BY at", (seconds(ctx.now),)).fetchall():
        zone = ZoneInfo(row["zone"])
        at = from_seconds(ctx, row["at"]).astimezone(zone)
        schedule.advance(ctx, row, ctx.now, row["slot"])
        ctx.db.execute("UPDATE reminder SET told_at=? WHERE id=?", (seconds(ctx.now), row["id"]))
        text = f"Reminder: {row['text']}{lateness(at, ctx.now.astimezone(zone))}."
        alerts.append(Alert(f"reminder-{row['id']}-{row['at']}", text, at, row["member"], row["room"]))
    return alerts


if __name__ == "__main__":
    service.run()

"""When a reminder is told next, and which one is meant.

A row's `at` is when it is told next (null: not again). `slot` is the moment of the rule that `at` stands for,
which differs once it was moved or snoozed; `told` is the slot that was told last and not yet done, `told_at`
when that was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.kit import Context, Refusal, Thing
from services.kit.moment import day_bounds, from_seconds, moment, seconds
from services.kit.recurrence import next_occurrence, occurrences
from services.kit.reference import Candidate, choose

TABLES = """
CREATE TABLE IF NOT EXISTS reminder(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, room TEXT NOT NULL, text TEXT NOT NULL,
    start TEXT NOT NULL, zone TEXT NOT NULL, rule TEXT, at INTEGER, slot INTEGER, told INTEGER,
    told_at INTEGER, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS reminder_at ON reminder(at);
CREATE INDEX IF NOT EXISTS reminder_member ON reminder(member, done);
"""
FRESH = timedelta(days=1)
"""How long a reminder that was told and not ticked off is still listed, snoozed and marked done."""
LISTED_AT_MOST = 200


def following(row: sqlite3.Row, after: datetime) -> datetime | None:
    """The next moment of a repeating reminder after both the instant and the slot it stands at."""
    if not row["rule"]:
        return None
    zone = ZoneInfo(row["zone"])
    later = max(after, datetime.fromtimestamp(row["slot"], zone))
    return next_occurrence(row["rule"], datetime.fromisoformat(row["start"]), zone, later)


def advance(ctx: Context, row: sqlite3.Row, after: datetime, told: int | None) -> datetime | None:
    """Set the reminder to its next moment, if there is one, and give it."""
    at = following(row, after)
    stored = seconds(at) if at else None
    ctx.db.execute("UPDATE reminder SET at=?, slot=?, told=? WHERE id=?", (stored, stored, told, row["id"]))
    return at


def still_open(ctx: Context) -> list[sqlite3.Row]:
    """The member's reminders that are to come, or were told lately and not ticked off."""
    return ctx.db.execute(
        "SELECT * FROM reminder WHERE member=? AND done=0 AND (at IS NOT NULL OR told_at>?)"
        " ORDER BY coalesce(at, told)",
        (ctx.member, seconds(ctx.now - FRESH)),
    ).fetchall()


def shown_at(ctx: Context, row: sqlite3.Row) -> datetime:
    """When it is told next, else when it was told last."""
    return from_seconds(ctx, row["at"] if row["at"] is not None else row["told"])


def thing(ctx: Context, row: sqlite3.Row) -> Thing:
    """The reminder as something that "it" may mean."""
    return Thing("reminder", row["text"], f"r{row['id']}", shown_at(ctx, row))


def find(ctx: Context, said: str) -> sqlite3.Row:
    """The open reminder that is meant; refuses where there is none or it isn't clear which."""
    rows = still_open(ctx)
    if not rows:
        raise Refusal("You have no open reminders.")
    there = [Candidate(f"r{row['id']}", row["text"], shown_at(ctx, row)) for row in rows]
    chosen = choose(said, there, "reminder", ctx.now)
    return reread(ctx, int(chosen.id[1:]))


def reread(ctx: Context, number: int) -> sqlite3.Row:
    """The row as it is now."""
    row: sqlite3.Row = ctx.db.execute("SELECT * FROM reminder WHERE id=?", (number,)).fetchone()
    return row


def last_told(ctx: Context) -> sqlite3.Row:
    """The reminder that was told last, a while ago at most; refuses where there is none."""
    row: sqlite3.Row | None = ctx.db.execute(
        "SELECT * FROM reminder WHERE member=? AND done=0 AND told IS NOT NULL AND told_at>?"
        " ORDER BY told_at DESC, told DESC LIMIT 1",
        (ctx.member, seconds(ctx.now - FRESH)),
    ).fetchone()
    if row is None:
        raise Refusal("No reminder has just been told; say which one you mean.")
    return row


def bounds(
    ctx: Context, day: date | None, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime] | None:
    """The span that is asked about; None where none was named."""
    if day is not None:
        return day_bounds(ctx, day)
    if start is None and end is None:
        return None
    first = moment(ctx, start) if start else ctx.now
    last = moment(ctx, end) if end else first + timedelta(days=366)
    if last <= first:
        raise Refusal("The end must be later than the start.")
    return first, last


def within(ctx: Context, row: sqlite3.Row, span: tuple[datetime, datetime] | None) -> Sequence[datetime]:
    """When it is told in the span; without a span, when it is told next."""
    at = shown_at(ctx, row)
    if span is None:
        return [at]
    found = [at] if span[0] <= at < span[1] else []
    if row["rule"] and row["at"] is not None:
        zone, start = ZoneInfo(row["zone"]), datetime.fromisoformat(row["start"])
        later = max(span[0], from_seconds(ctx, max(row["slot"], row["at"])) + timedelta(seconds=1))
        for moment_ in occurrences(row["rule"], start, zone, later, span[1]):
            found.append(moment_.astimezone(ctx.zone))
            if len(found) >= LISTED_AT_MOST:
                break
    return found

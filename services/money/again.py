"""What comes again: rent, subscriptions, a salary. Each time is noted once, also those missed while nothing ran."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.kit import Alert, Context, Refusal, Reply
from services.kit.moment import from_seconds, seconds
from services.kit.recurrence import next_occurrence, spoken_rule
from services.kit.speech import spoken, spoken_date
from services.money.book import Entry, plain_name, spoken_amount, write

CAUGHT_UP_AT_MOST = 400
"""Times of one entry that are noted after a long absence."""


def rows_of(ctx: Context) -> list[sqlite3.Row]:
    """The member's."""
    return ctx.db.execute("SELECT * FROM again WHERE member=? ORDER BY at", (ctx.member,)).fetchall()


def find(ctx: Context, said: str) -> sqlite3.Row:
    """The one that is meant; refuses where there is none."""
    rows, wanted = rows_of(ctx), plain_name(said, "").casefold()
    fitting = [row for row in rows if row["category"].casefold() == wanted]
    fitting = fitting or [row for row in rows if set(wanted.split()) & set(row["category"].casefold().split())]
    if not fitting:
        hint = f" There is {spoken([row['category'] for row in rows[:6]])}." if rows else ""
        raise Refusal(f"Nothing called {wanted!r} is noted by itself.{hint}")
    return fitting[0]


def listed(ctx: Context) -> Reply:
    """All of the member's, the next first."""
    rows = rows_of(ctx)
    if not rows:
        return Reply("Nothing is noted by itself.", {"entries": []})
    said, data = [], []
    for row in rows:
        at = from_seconds(ctx, row["at"]) if row["at"] is not None else None
        when = f", next {spoken_date(at.date(), ctx.now)}" if at else ", ended"
        said.append(
            f"{spoken_amount(row['amount'], row['currency'])} for {row['category']} {spoken_rule(row['rule'])}{when}"
        )
        data.append({"id": f"a{row['id']}", "category": row["category"], "rule": row["rule"], "kind": row["kind"]})
    return Reply(f"{'; '.join(said)}.", {"entries": data})


def note_due(ctx: Context) -> list[Alert]:
    """Note all that has come, and tell of each thing once."""
    alerts = []
    for row in ctx.db.execute("SELECT * FROM again WHERE at<=? ORDER BY at", (seconds(ctx.now),)).fetchall():
        zone = ZoneInfo(row["zone"])
        owner = replace(ctx, member=row["member"], now=ctx.now.astimezone(zone))
        at: datetime | None = from_seconds(owner, row["at"])
        first, times = at, 0
        while at is not None and at <= ctx.now and times < CAUGHT_UP_AT_MOST:
            values = (row["kind"], row["amount"], row["currency"], row["category"], row["account"], "")
            write(owner, Entry(0, at.astimezone(zone).date(), *values))
            times += 1
            at = next_occurrence(row["rule"], datetime.fromisoformat(row["start"]), zone, at)
        ctx.db.execute("UPDATE again SET at=? WHERE id=?", (seconds(at) if at else None, row["id"]))
        assert first is not None
        often = f", {times} times since {spoken_date(first.date(), owner.now)}" if times > 1 else ""
        said = f"Noted {spoken_amount(row['amount'], row['currency'])} for {row['category']}{often}."
        alerts.append(Alert(f"money-{row['id']}-{row['at']}", said, first, row["member"], row["room"]))
    return alerts

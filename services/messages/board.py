"""Announcements: what everyone at home is told, and what stays pinned until it is taken down or its time is over."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from services.kit import Alert, Context, Refusal, Thing
from services.kit.moment import from_seconds, seconds
from services.kit.speech import spoken_moment
from services.messages.people import people
from services.messages.post import excerpt

TABLES = """
CREATE TABLE IF NOT EXISTS announcement(
    id INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    until INTEGER);
CREATE TABLE IF NOT EXISTS announced(
    id INTEGER PRIMARY KEY AUTOINCREMENT, announcement INTEGER NOT NULL, member TEXT NOT NULL,
    UNIQUE(announcement, member));
"""
"""`announced`: who was told of it."""
TOLD_WITHIN = 86_400
"""Seconds after which an announcement is no longer news to those who come to be known later."""


def pinned(ctx: Context) -> list[sqlite3.Row]:
    """What is up now, the latest first."""
    return ctx.db.execute(
        "SELECT * FROM announcement WHERE until IS NULL OR until>? ORDER BY at DESC, id DESC", (seconds(ctx.now),)
    ).fetchall()


def own(ctx: Context, said: str) -> sqlite3.Row:
    """The member's own announcement that is meant: by its id or words of it; the latest when nothing is said."""
    mine = [row for row in pinned(ctx) if row["author"] == ctx.member]
    if not mine:
        others = " Only who put one up can take it down." if pinned(ctx) else ""
        raise Refusal(f"You have no announcement up.{others}")
    words = [word for word in said.casefold().split() if word not in {"the", "my", "that", "announcement", "about"}]
    fitting = [row for row in mine if f"n{row['id']}" == said.strip().lower()]
    fitting = fitting or [row for row in mine if all(word in row["text"].casefold() for word in words)]
    if not fitting:
        raise Refusal(f"You have no announcement up about {said.strip()!r}.")
    if len(fitting) > 1 and words:
        raise Refusal(f"Which one do you mean: {' or '.join(excerpt(row['text']) for row in fitting[:5])}?")
    return fitting[0]


def said(ctx: Context, row: sqlite3.Row) -> str:
    """Anna, today at 5 pm: the water is off (until tomorrow at noon)."""
    until = f" (until {spoken_moment(from_seconds(ctx, row['until']), ctx.now)})" if row["until"] else ""
    return f"{row['author']}, {spoken_moment(from_seconds(ctx, row['at']), ctx.now)}: {row['text']}{until}"


def data(ctx: Context, row: sqlite3.Row) -> dict[str, object]:
    """The announcement for programs."""
    until = from_seconds(ctx, row["until"]).isoformat() if row["until"] else None
    at = from_seconds(ctx, row["at"]).isoformat()
    return {"id": f"n{row['id']}", "from": row["author"], "text": row["text"], "at": at, "until": until}


def thing(ctx: Context, row: sqlite3.Row) -> Thing:
    """The announcement as something that "it" may mean."""
    return Thing("announcement", excerpt(row["text"]), f"n{row['id']}", from_seconds(ctx, row["at"]))


def untold(ctx: Context) -> list[tuple[sqlite3.Row, str]]:
    """The announcements of late that someone still has to hear of, and who."""
    told = {(row["announcement"], row["member"]) for row in ctx.db.execute("SELECT * FROM announced")}
    return [
        (row, name)
        for row in pinned(ctx)
        if row["at"] > seconds(ctx.now) - TOLD_WITHIN
        for name in people(ctx)
        if name != row["author"] and (row["id"], name) not in told
    ]


def next_untold(ctx: Context) -> datetime | None:
    """When the first of them was made."""
    waiting = [row["at"] for row, _ in untold(ctx)]
    return from_seconds(ctx, min(waiting)) if waiting else None


def tell(ctx: Context) -> list[Alert]:
    """An alert for each, with the text."""
    alerts = []
    for row, name in untold(ctx):
        ctx.db.execute("INSERT INTO announced(announcement, member) VALUES(?,?)", (row["id"], name))
        text = f"Announcement from {row['author']}: {row['text']}"
        alerts.append(Alert(f"announcement-{row['id']}-{name}", text, from_seconds(ctx, row["at"]), name))
    return alerts

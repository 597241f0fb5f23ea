"""Messages as they are kept, and who may read them.

Must stay true: a message to a member is seen by its sender and that member alone; one that was left in a room by
its sender and those who ask from within that room. Each member's marks are rows of their own, so that taking
back what one did never touches another's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.kit import Alert, Context, Refusal, Thing
from services.kit.moment import from_seconds, seconds
from services.kit.outside import before
from services.kit.speech import spoken, spoken_moment
from services.messages.people import HOME, Recipient, also_called, present

TABLES = """
CREATE TABLE IF NOT EXISTS message(
    id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, member TEXT NOT NULL, room TEXT NOT NULL,
    text TEXT NOT NULL, at INTEGER NOT NULL, answers INTEGER);
CREATE INDEX IF NOT EXISTS message_member ON message(member, at);
CREATE INDEX IF NOT EXISTS message_sender ON message(sender, at);
CREATE INDEX IF NOT EXISTS message_room ON message(room, at);
CREATE TABLE IF NOT EXISTS opened(
    id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER NOT NULL, member TEXT NOT NULL, at INTEGER NOT NULL,
    UNIQUE(message, member));
CREATE TABLE IF NOT EXISTS hidden(
    id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER NOT NULL, member TEXT NOT NULL, UNIQUE(message, member));
CREATE TABLE IF NOT EXISTS awaited(
    id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER NOT NULL, member TEXT NOT NULL, UNIQUE(message, member));
CREATE TABLE IF NOT EXISTS told(
    id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER NOT NULL, member TEXT NOT NULL, UNIQUE(message, member));
"""
"""`member` or `room` is empty; `awaited`: who is to be told of it, `told`: who was."""
MINE = (
    "(m.sender=:me OR m.member IN (:me, :also) OR (m.room<>'' AND m.room=:room))"
    " AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.message=m.id AND h.member=:me)"
)
"""What the member may see, asking from where they are."""
UNREAD = f"{MINE} AND m.sender<>:me AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.message=m.id AND o.member=:me)"
KNOWN = f"{MINE} AND (m.sender=:me OR EXISTS (SELECT 1 FROM opened o WHERE o.message=m.id AND o.member=:me))"
"""What the member wrote or has read."""
WAITING = (
    "SELECT a.member AS whom, m.* FROM awaited a JOIN message m ON m.id=a.message"
    " WHERE NOT EXISTS (SELECT 1 FROM told t WHERE t.message=a.message AND t.member=a.member)"
    " AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.message=a.message AND o.member=a.member)"
)
Values = Mapping[str, object]
"""What is asked about, by its name in the condition."""
NONE: Values = {}
SHOWN_AT_MOST = 20
EXCERPT = 60


def rows(
    ctx: Context, where: str, values: Values = NONE, most: int = SHOWN_AT_MOST, *, latest: bool = False
) -> list[sqlite3.Row]:
    """Messages in the order in which they were sent: the first of those that fit, or the latest."""
    order = "DESC" if latest else "ASC"
    found = ctx.db.execute(
        f"SELECT m.* FROM message m WHERE {where} ORDER BY m.at {order}, m.id {order} LIMIT :most",
        {**asking(ctx), "most": most, **values},
    ).fetchall()
    return found[::-1] if latest else found


def count(ctx: Context, where: str, values: Values = NONE) -> int:
    """How many messages fit."""
    found = ctx.db.execute(f"SELECT count(*) FROM message m WHERE {where}", {**asking(ctx), **values})
    return int(found.fetchone()[0])


def asking(ctx: Context) -> dict[str, object]:
    """Who asks, and where."""
    return {"me": ctx.member, "also": also_called(ctx), "room": ctx.room}


def put(ctx: Context, to: Recipient, text: str, answers: int | None = None) -> sqlite3.Row:
    """Keep a new message, and who is to be told of it."""
    row: sqlite3.Row = ctx.db.execute(
        "INSERT INTO message(sender, member, room, text, at, answers) VALUES(?,?,?,?,?,?) RETURNING *",
        (ctx.member, to.member, to.room, text, seconds(ctx.now), answers),
    ).fetchone()
    told = [to.member] if to.member else [name for name in present(ctx, to.room) if name != ctx.member]
    ctx.db.executemany("INSERT INTO awaited(message, member) VALUES(?,?)", [(row["id"], name) for name in told])
    before(ctx, (), lambda: {"message": row["id"], "room": to.room})
    return row


def open_all(ctx: Context, found: Sequence[sqlite3.Row]) -> None:
    """Mark messages of others as read by the member."""
    ctx.db.executemany(
        "INSERT OR IGNORE INTO opened(message, member, at) VALUES(?,?,?)",
        [(row["id"], ctx.member, seconds(ctx.now)) for row in found if row["sender"] != ctx.member],
    )


def by_id(ctx: Context, said: str) -> sqlite3.Row | None:
    """The message with that id (m12), if the member may see it."""
    bare = said.strip().lower()
    if not (bare.startswith("m") and bare[1:].isdecimal() and len(bare) < 16):
        return None
    found = rows(ctx, f"{MINE} AND m.id=:id", {"id": int(bare[1:])}, 1)
    return found[0] if found else None


def refuse_if_read(ctx: Context, former: Mapping[str, Any]) -> None:
    """Refuses to take back a message that someone has read, or was told; `former` is what sending it noted."""
    sent = (former["message"],)
    readers = [row["member"] for row in ctx.db.execute("SELECT member FROM opened WHERE message=?", sent)]
    if readers:
        raise Refusal(f"{spoken(readers)} read it already, so it can't be taken back; you can still delete it.")
    if former["room"] and ctx.db.execute("SELECT 1 FROM told WHERE message=?", sent).fetchone():
        raise Refusal("It was told to the others already, so it can't be taken back; you can still delete it.")


def thing(ctx: Context, row: sqlite3.Row) -> Thing:
    """The message as something that "it" may mean."""
    return Thing("message", excerpt(row["text"]), f"m{row['id']}", from_seconds(ctx, row["at"]), partner(ctx, row))


def data(ctx: Context, row: sqlite3.Row) -> dict[str, object]:
    """The message for programs."""
    return {
        "id": f"m{row['id']}",
        "from": row["sender"],
        "to": row["member"] or None,
        "room": row["room"] or None,
        "text": row["text"],
        "at": from_seconds(ctx, row["at"]).isoformat(),
    }


def partner(ctx: Context, row: sqlite3.Row) -> str:
    """Whom the member talks with by this message: the other member, or the room."""
    return str(row["room"] or (row["member"] if row["sender"] == ctx.member else row["sender"]))


def said(ctx: Context, row: sqlite3.Row) -> str:
    """Anna, today at 5 pm: dinner is ready."""
    who = "you" if row["sender"] == ctx.member else row["sender"]
    where = f" in the {row['room']}" if row["room"] not in {"", HOME} else " to everyone" if row["room"] else ""
    return f"{who}{where}, {spoken_moment(from_seconds(ctx, row['at']), ctx.now)}: {row['text']}"


def excerpt(text: str) -> str:
    """The beginning, if it is long."""
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1].rstrip()}…"


def next_waiting(ctx: Context) -> datetime | None:
    """When the first message was sent that someone has still to be told of."""
    row = ctx.db.execute(f"SELECT min(at) AS at FROM ({WAITING})").fetchone()
    return from_seconds(ctx, row["at"]) if row["at"] is not None else None


def tell(ctx: Context) -> list[Alert]:
    """Everyone who has to be told of a message: of one to a member only that it is there, for it may still be taken
    back; of one left in a room what it says."""
    alerts = []
    for row in ctx.db.execute(f"{WAITING} ORDER BY m.at, m.id").fetchall():
        ctx.db.execute("INSERT INTO told(message, member) VALUES(?,?)", (row["id"], row["whom"]))
        where = "to everyone" if row["room"] == HOME else f"in the {row['room']}"
        text = f"{row['sender']} {where}: {row['text']}" if row["room"] else f"{row['sender']} sent you a message."
        at = from_seconds(ctx, row["at"])
        alerts.append(Alert(f"message-{row['id']}-{row['whom']}", text, at, row["whom"], row["room"] or HOME))
    return alerts

"""Announcing something to everyone, reading what is announced, and taking it down."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.kit import Context, Reply
from services.kit.moment import seconds, to_come
from services.kit.speech import counted, spoken_moment
from services.messages import board
from services.messages.people import notice_presence
from services.messages.talk import SPOKEN_AT_MOST, Text, ended, worded


def announce(
    ctx: Context,
    text: Text,
    until: Annotated[datetime | None, Field(description="When it comes down by itself")] = None,
) -> Reply:
    """Announce something to everyone at home and keep it pinned until it is taken down."""
    notice_presence(ctx)
    ends = to_come(ctx, until) if until else None
    row = ctx.db.execute(
        "INSERT INTO announcement(author, text, at, until) VALUES(?,?,?,?) RETURNING *",
        (ctx.member, worded(text), seconds(ctx.now), seconds(ends) if ends else None),
    ).fetchone()
    when = f" until {spoken_moment(ends, ctx.now)}" if ends else ""
    return Reply(f"Announced to everyone{when}: {row['text']}", board.data(ctx, row), [board.thing(ctx, row)])


def announcements(ctx: Context) -> Reply:
    """Read the announcements that are pinned for everyone at home."""
    found = board.pinned(ctx)
    if not found:
        return Reply("Nothing is announced.", {"announcements": []})
    said = " ".join(ended(board.said(ctx, row)) for row in found[:SPOKEN_AT_MOST])
    more = f" And {len(found) - SPOKEN_AT_MOST} more." if len(found) > SPOKEN_AT_MOST else ""
    return Reply(
        f"{counted(len(found), 'announcement')}. {said}{more}",
        {"announcements": [board.data(ctx, row) for row in found]},
        [board.thing(ctx, row) for row in found],
    )


def unpin(
    ctx: Context,
    announcement: Annotated[
        str,
        Field(
            description="Which announcement: words of it; the latest if empty",
            max_length=200,
            json_schema_extra={"x-kind": "announcement"},
        ),
    ] = "",
) -> Reply:
    """Take down an announcement that the member had put up."""
    row = board.own(ctx, announcement)
    ctx.db.execute("DELETE FROM announcement WHERE id=?", (row["id"],))
    return Reply(f"Took down: {row['text']}", board.data(ctx, row))

"""The timeline: what was said, newest first, page by page.

Must stay true: a page holds what its view may see and nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select

from memory.note import View
from memory.record.record import Kept, Record
from memory.record.tables import claims, notes


def page(
    record: Record,
    view: View,
    n: int,
    *,
    before: datetime | None = None,
    who: str = "",
    kind: str = "",
    place: str = "",
) -> tuple[list[Kept], bool]:
    """The latest n notes, and whether there are more.

    before: said at that moment or earlier, so that none of several said in one moment is passed over between pages.
    who: said by them. kind: something of this kind follows from it: fact, preference, commitment or condition.
    place: said in that room.
    """
    wanted: list[ColumnElement[bool]] = []
    if before is not None:
        wanted.append(notes.c.at <= before.astimezone(UTC).isoformat(timespec="microseconds"))
    if who:
        wanted.append(func.lower(notes.c.who) == who.lower())
    if place:
        wanted.append(notes.c.room == place)
    if kind:
        wanted.append(select(claims.c.seq).where(claims.c.seq == notes.c.seq, claims.c.kind == kind).exists())
    found = record.newest(view, n + 1, *wanted)
    return found[:n], len(found) > n

"""Who is in which room, as the tables hold it: what changes a room, and what places a note in one, share this.

Must stay true: whoever changes who is in a room has its row locked until the change is on disk, so that its epochs
follow one another and nobody is in it who was just shut out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from memory.company.guests import utc
from memory.record.tables import epochs, rooms, stays

OWN_ROOM = "home"
"""Where a member is alone with MuOS."""


def is_shared(room: str) -> bool:
    """Whether others may listen in this room. Home is not shared, however it is written."""
    return room != OWN_ROOM and likeness(room) not in ("", OWN_ROOM)


def likeness(room: str) -> str:
    """Equal for names that people take for the same: case, width and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", room).casefold().split())


def like(connection: Connection, name: str, *, closed: bool) -> str | None:
    """Another room that people may take for this one, of the closed ones or of all; None: there is none."""
    others = select(rooms.c.name).where(rooms.c.name != name)
    found = connection.execute(others.where(rooms.c.closed) if closed else others).scalars()
    return next((other for other in found if likeness(other) == likeness(name)), None)


def locked(connection: Connection, name: str) -> bool:
    """Have the room to ourselves until the transaction ends; whether it is closed."""
    add_new(connection, rooms, {"name": name, "closed": False, "epoch": 0})
    locking = update(rooms).where(rooms.c.name == name).values(epoch=rooms.c.epoch).returning(rooms.c.closed)
    return bool(connection.execute(locking).scalar_one())


def next_epoch(connection: Connection, room: str, at: datetime) -> tuple[int, str]:
    """Begin an epoch, never before the one that it follows."""
    counting = update(rooms).where(rooms.c.name == room).values(epoch=rooms.c.epoch + 1).returning(rooms.c.epoch)
    epoch: int = connection.execute(counting).scalar_one()
    began = select(func.max(epochs.c.at)).where(epochs.c.room == room)
    since = max(utc(at), connection.execute(began).scalar() or "")
    connection.execute(insert(epochs).values(room=room, epoch=epoch, at=since))
    return epoch, since


def here(room: str, member: str | None = None) -> list[ColumnElement[bool]]:
    """Of the stays those that last, in one room."""
    present = [stays.c.room == room, stays.c.until == ""]
    return present if member is None else [*present, stays.c.member == member]


def stay_row(member: str, room: str, first: int, since: str) -> dict[str, Any]:
    return {"member": member, "room": room, "first": first, "since": since, "until": ""}


def add_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Add the row unless there is one of its key."""
    adding = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(adding(table).values(**row).on_conflict_do_nothing())

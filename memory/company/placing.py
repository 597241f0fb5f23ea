"""Placing: in which epoch of its room a note was said, and whether its member could say it there.

Must stay true: nobody puts a note where they are not; and a note goes to nobody who left before its member came.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from memory.company.guests import Guest, guest_of, utc
from memory.company.stays import add_new, here, is_shared, like, locked, stay_row
from memory.errors import Refused
from memory.note import Note, Scope
from memory.record.tables import epochs, heard, rooms, stays


class Placing:
    """Finds the epochs of one batch of notes; reads of each room and member once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._now = datetime.now(UTC)
        self._guests: dict[str, Guest | None] = {}
        self._rooms: dict[str, tuple[bool, list[str], set[int]]] = {}
        self._meant: dict[str, str | None] = {}
        """By an open room's name the closed one that people may take it for."""
        self._firsts: dict[tuple[str, str], int | None] = {}
        self._heard: dict[tuple[str, int], None] = {}
        self._came: dict[tuple[str, str], str] = {}

    def place(self, note: Note) -> Note | Refused:
        """The note with its epoch, or why it can't be said there."""
        if note.scope is Scope.PRIVATE or note.when.tzinfo is None:
            return note
        guest = self._guest(note.member)
        if note.scope is Scope.HOUSEHOLD:
            return Refused(f"{note.member} is a guest, and can't tell the whole household.") if guest else note
        if not is_shared(note.room):
            return replace(note, scope=Scope.PRIVATE)  # said where nobody else hears
        closed, began, known = self._room(note.room)
        if not closed and (meant := self._meant[note.room]) is not None:
            return Refused(
                f"There is a room called {meant}: what is said in {note.room!r} is not for it, so it is not kept."
            )
        first = self._first(note.member, note.room)
        if (first is None and (closed or guest)) or (guest and not guest.here(self._now)):
            return Refused(f"{note.member} is not in {note.room}, so nothing can be kept there for those who are.")
        said = utc(note.when)
        if first is None:
            first = self._firsts[note.member, note.room] = 0
            self._came[note.member, note.room] = said
        # Who tells of earlier times tells it now: it is not for those who left before they came.
        epoch = max(first, bisect_right(began, said))
        if epoch not in known:
            known.add(epoch)
            self._heard[note.room, epoch] = None
        return replace(note, epoch=epoch)

    def keep(self, connection: Connection) -> None:
        """Write down what was said where for the first time, and who was there for the first time."""
        for room, epoch in self._heard:
            locked(connection, room)
            add_new(connection, heard, {"room": room, "epoch": epoch})
        for (member, room), since in self._came.items():
            # It may have been closed, or the member come, in the meantime.
            there = connection.execute(select(stays.c.seq).where(*here(room, member))).first()
            if not (locked(connection, room) or there or guest_of(connection, member)):
                connection.execute(insert(stays).values(**stay_row(member, room, 0, since)))

    def _guest(self, member: str) -> Guest | None:
        if member not in self._guests:
            self._guests[member] = guest_of(self._connection, member)
        return self._guests[member]

    def _room(self, room: str) -> tuple[bool, list[str], set[int]]:
        """Whether it is closed, when its epochs from the first on began, and those that something was said in."""
        if room not in self._rooms:
            ask = self._connection.execute
            closed = ask(select(rooms.c.closed).where(rooms.c.name == room)).scalar()
            began = ask(select(epochs.c.at).where(epochs.c.room == room).order_by(epochs.c.epoch)).scalars()
            known = ask(select(heard.c.epoch).where(heard.c.room == room)).scalars()
            self._meant[room] = None if closed else like(self._connection, room, closed=True)
            self._rooms[room] = bool(closed), list(began), set(known)
        return self._rooms[room]

    def _first(self, member: str, room: str) -> int | None:
        if (member, room) not in self._firsts:
            found = self._connection.execute(select(stays.c.first).where(*here(room, member))).scalar()
            self._firsts[member, room] = found
        return self._firsts[member, room]

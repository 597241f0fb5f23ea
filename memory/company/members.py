"""The members that notes belong to, so that nobody's words about another member become facts about them.

Must stay true: asking costs a look-up now and then, never a reading of all notes.
"""

from __future__ import annotations

import time
from threading import Lock

from sqlalchemy import Connection, func, select

from memory.note import Note
from memory.record.tables import notes

FRESH = 60.0
"""Seconds for which the members that other processes added may be unknown here."""


class Members:
    """Knows whose notes there are. Safe to use from several threads."""

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()
        self._read = 0.0
        self._lock = Lock()

    def known(self, connection: Connection, note: Note) -> frozenset[str]:
        """All members of whom there are notes, and this one's, in lower case."""
        with self._lock:
            if not self._read or time.monotonic() - self._read > FRESH:
                self._names |= _stored(connection)
                self._read = time.monotonic()
            if note.member.casefold() not in self._names:
                self._names |= {note.member.casefold()}
            return self._names


def _stored(connection: Connection) -> frozenset[str]:
    """Names by private audience, each found from the one before by the index."""
    found: set[str] = set()
    last = "m"
    while True:
        query = select(func.min(notes.c.audience)).where(notes.c.audience > last, notes.c.audience < "n")
        following = connection.execute(query).scalar()
        if following is None:
            return frozenset(found)
        last = following
        found.add(_name(last).casefold())


def _name(audience: str) -> str:
    try:
        return bytes.fromhex(audience[1:-1]).decode("utf-8", "replace")
    except ValueError:
        return ""

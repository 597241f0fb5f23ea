"""Forgetting: which notes are meant, and that nothing of them is left.

Must stay true: a member forgets their own notes alone; what is forgotten is gone with its words, its vector and all that
was drawn from it, in one transaction, and its bytes leave the files: the record's at once, the index's before its
number leaves the list of what is still to be swept.

Does not reach what the hub wrote down of it elsewhere: that is `agent/erasing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from memory.facts import Facts
from memory.indexing import Indexing
from memory.record import Kept, Record
from memory.rooms import Rooms


@dataclass(frozen=True, slots=True)
class What:
    """What is to be forgotten; all that is given must hold. With nothing given it means nothing."""

    ids: tuple[str, ...] = ()
    """Of notes, or of facts, which stand for the notes that say so."""
    topic: str = ""
    """In the member's words: "my knee surgery"."""
    person: str = ""
    """By name: what they said, and what was said about them."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten."""

    notes: tuple[Kept, ...]
    verified: bool
    """Neither their ids nor their words nor their meaning find them any more."""

    @property
    def count(self) -> int:
        """How many notes that were."""
        return len(self.notes)


class Forgetting:
    """Finds and erases notes. Safe to use from several threads; blocks, for a second where there are 100,000 notes."""

    def __init__(self, record: Record, indexing: Indexing, facts: Facts, rooms: Rooms) -> None:
        self._record = record
        self._indexing = indexing
        self._facts = facts
        self._rooms = rooms

    def select(self, member: str, what: What, now: datetime | None = None) -> list[Kept]:
        """The member's own notes that are meant, newest first. Changes nothing."""
        raise NotImplementedError

    def erase(self, member: str, notes: Iterable[Kept]) -> Forgotten:
        """Erase those of the notes that are the member's own, and look that they are gone."""
        raise NotImplementedError

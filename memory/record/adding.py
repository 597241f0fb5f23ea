"""Adding notes to the record: what is refused, what merges into an older note, what is new.

What must stay true: all of a batch is kept in the caller's transaction or none of it; a new note is kept with its words
and with what follows from it; nobody else adds the same note in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, Column, ColumnElement, Connection, bindparam, case, insert, or_, select, update

from memory.errors import Refused
from memory.note import Note
from memory.record.dialect import Dialect
from memory.record.rows import Kept, kept_of, row_of
from memory.record.tables import notes

LONGEST = 2**21
"""Characters of one note; a megabyte pasted by mistake is kept, a disk image is not."""
LONGEST_NAME = 250
"""Characters of an id, a member or a room: more do not fit into PostgreSQL's indexes."""
MANY = 8
"""Notes from which on they are put in together, which takes a third of the time of one by one."""
AT_ONCE = 500
"""Notes in one statement."""

Also = Callable[[Connection, int, Note], None]
Outcome = tuple[Kept, bool] | Refused
"""What is kept, and whether it merged into an older note."""


def larger(column: Column[Any], name: str) -> ColumnElement[Any]:
    """What the column holds or what is given by that name, whichever is more."""
    given = bindparam(name, type_=column.type)
    return case((column < given, given), else_=column)


# Built once: building them for each note took four fifths of an import's time.
_MERGE = (
    update(notes)
    .where(notes.c.digest == bindparam("same"))
    .values(
        # the very note brought in again was not said again
        times=notes.c.times + case((notes.c.id == bindparam("its"), 0), else_=1),
        asked=or_(notes.c.asked, bindparam("asks", type_=Boolean)),
        last_at=larger(notes.c.last_at, "said"),
    )
    .returning(*notes.c)
)
_TAKEN = select(notes.c.seq, notes.c.member).where(notes.c.id == bindparam("taken"))
_KNOWN = select(notes.c.seq, notes.c.id, notes.c.digest)
_INSERT_ONE = insert(notes).returning(*notes.c)
_INSERT_MANY = insert(notes)


class Adding:
    """Adds notes of one batch."""

    def __init__(self, dialect: Dialect, connection: Connection, also: Also | None) -> None:
        """`also` keeps what follows from a new note."""
        self._dialect = dialect
        self._connection = connection
        self._also = also

    def add(self, batch: Sequence[Note]) -> list[Outcome]:
        """What becomes of each, in order."""
        if len(batch) < MANY:
            self._dialect.begin_writing(self._connection)
            return [refusal(note) or self._one(note, row_of(note)) for note in batch]
        self._dialect.begin_making(self._connection)
        outcomes: list[Outcome] = []
        for start in range(0, len(batch), AT_ONCE):
            outcomes += self._many(batch[start : start + AT_ONCE])
        return outcomes

    def _many(self, batch: Sequence[Note]) -> list[Outcome]:
        """Those that are plainly new together, then the others one by one."""
        refused = [refusal(note) for note in batch]
        rows = [None if wrong else row_of(note) for note, wrong in zip(batch, refused, strict=True)]
        new = self._new([row for row in rows if row is not None])
        outcomes: list[Outcome] = []
        fresh = self._insert(new)
        for note, row, wrong in zip(batch, rows, refused, strict=True):
            if row is None or wrong is not None:
                outcomes.append(wrong or Refused("It can't be kept."))
            elif new.get(row["id"]) is row:
                kept = kept_of(row | {"seq": fresh[row["id"]]})
                if self._also is not None:
                    self._also(self._connection, kept.seq, note)
                outcomes.append((kept, False))
            else:
                outcomes.append(self._one(note, row))
        return outcomes

    def _new(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
        """By their ids those rows that nothing in the record or earlier in the batch is like."""
        wanted = or_(notes.c.id.in_([row["id"] for row in rows]), notes.c.digest.in_([row["digest"] for row in rows]))
        known = self._connection.execute(_KNOWN.where(wanted)).all()
        ids, digests = {row.id for row in known}, {row.digest for row in known}
        new: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            if row["id"] not in ids and row["digest"] not in digests:
                new[row["id"]] = row
            ids.add(row["id"])
            digests.add(row["digest"])
        return new

    def _insert(self, new: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        """Their numbers by their ids."""
        if not new:
            return {}
        self._connection.execute(_INSERT_MANY, list(new.values()))
        found = self._connection.execute(_KNOWN.where(notes.c.id.in_(list(new))))
        numbers = {row.id: row.seq for row in found}
        self._dialect.words.add(
            self._connection,
            [(numbers[row["id"]], row["text"], row["who"], row["audience"]) for row in new.values()],
        )
        return numbers

    def _one(self, note: Note, row: Mapping[str, Any]) -> Outcome:
        # The update comes first because it takes the write lock: nobody can add the same note in between.
        merging = {"same": row["digest"], "its": row["id"], "asks": note.asked, "said": row["at"]}
        if older := self._connection.execute(_MERGE, merging).mappings().first():
            return kept_of(older), True
        if taken := self._connection.execute(_TAKEN, {"taken": row["id"]}).first():
            if taken.member == row["member"]:
                return Refused(f"The id {row['id']!r} is taken by another note. Give it another id.")
            # Whose it is, and that it is, is not theirs to know.
            note = replace(note, id=uuid4().hex)
            row = {**row, "id": note.id}
        new = self._connection.execute(_INSERT_ONE, row).mappings().one()
        self._dialect.words.add(self._connection, [(new["seq"], new["text"], new["who"], new["audience"])])
        if self._also is not None:
            self._also(self._connection, new["seq"], note)
        return kept_of(new), False


def refusal(note: Note) -> Refused | None:
    """Why the note can't be kept as it is."""
    if not note.text.strip():
        return Refused("An empty note can't be kept. Say what should be remembered.")
    if len(note.text) > LONGEST:
        return Refused(f"A note of {len(note.text):,} characters can't be kept; the most is {LONGEST:,}.")
    if note.when.tzinfo is None:
        return Refused(f"The time {note.when.isoformat()!r} of the note has no time zone. Give one, such as +01:00.")
    for what in ("id", "member", "room"):
        if len(getattr(note, what)) > LONGEST_NAME:
            return Refused(f"The {what} of the note has more than {LONGEST_NAME} characters. Give it a shorter one.")
    return None

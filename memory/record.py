"""The record of all notes: SQLite tables that everything else in memory can be rebuilt from.

What must stay true: a note is on disk, with its words, before `add` returns; and no reader gets a row whose
audience is not its own. The vectors are kept here too (half precision), so that an index that was lost or damaged
is rebuilt without encoding anything again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from memory import words
from memory.errors import Refused
from memory.index import Entry, Vectors
from memory.note import Note, Scope, Source, View
from memory.tables import forgotten, notes, vectors

LONGEST = 2**21
"""Characters of one note; a megabyte pasted by mistake is kept, a disk image is not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A note as the record holds it."""

    seq: int
    note: Note
    times: int
    """How often it was said."""
    last: datetime
    """When it was said most recently; UTC."""


class Record:
    """Reads and writes the notes; safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, batch: Iterable[Note]) -> list[tuple[Kept, bool] | Refused]:
        """Keep notes in one transaction; each comes back as kept (and whether it merged into an older one)."""
        with self._engine.begin() as connection:
            return [_add(connection, note) for note in batch]

    def get(self, seqs: Iterable[int], view: View) -> dict[int, Kept]:
        """Those of the notes that the view may see."""
        # Joined to "", the audience can't be sought first: SQLite takes that for quicker, and reads half the table.
        wanted = notes.c.seq.in_(list(seqs)), (notes.c.audience + "").in_(view.audiences)
        with self._engine.connect() as connection:
            return {row["seq"]: _kept(row) for row in connection.execute(select(notes).where(*wanted)).mappings()}

    def find(self, note_id: str, view: View) -> Kept | None:
        """The note with this id, if the view may see it."""
        wanted = notes.c.id == note_id, notes.c.audience.in_(view.audiences)
        with self._engine.connect() as connection:
            row = connection.execute(select(notes).where(*wanted)).mappings().first()
        return _kept(row) if row else None

    def newest(self, view: View, n: int) -> list[Kept]:
        """The latest notes that the view may see, newest first."""
        query = (
            select(notes).where(notes.c.audience.in_(view.audiences)).order_by(notes.c.at.desc(), notes.c.seq.desc())
        )
        with self._engine.connect() as connection:
            return [_kept(row) for row in connection.execute(query.limit(n)).mappings()]

    def of_member(self, member: str) -> Iterator[Kept]:
        """Every note that belongs to the member, oldest first."""
        with self._engine.connect() as connection:
            query = select(notes).where(notes.c.member == member).order_by(notes.c.at, notes.c.seq)
            yield from map(_kept, connection.execute(query).mappings())

    def match(self, query: str, view: View, limit: int) -> list[int]:
        """The notes that share words with the query, best first."""
        with self._engine.connect() as connection:
            return words.search(connection, query, view.audiences, limit)

    def forget(self, note_id: str, member: str) -> Kept | None:
        """Erase one of the member's notes with its words and vector; None if the member has no such note.

        Its bytes are overwritten, in the write-ahead log too, unless another process is reading just then.
        """
        mine = notes.c.id == note_id, notes.c.member == member
        with self._engine.begin() as connection:
            connection.execute(text("PRAGMA secure_delete = ON"))
            row = connection.execute(delete(notes).where(*mine).returning(*notes.c)).mappings().first()
            if row is None:
                return None
            connection.execute(delete(vectors).where(vectors.c.seq == row["seq"]))
            words.remove(connection, row["seq"])
            words.scrub(connection)
            connection.execute(insert(forgotten).values(seq=row["seq"], audience=row["audience"]))
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return _kept(row)

    def forgotten(self) -> list[tuple[int, str]]:
        """(seq, audience) of erased notes whose vectors may still be in the index."""
        with self._engine.connect() as connection:
            return [(row.seq, row.audience) for row in connection.execute(select(forgotten))]

    def swept(self, seqs: Sequence[int]) -> None:
        """Their vectors are out of the index."""
        with self._engine.begin() as connection:
            connection.execute(delete(forgotten).where(forgotten.c.seq.in_(seqs)))

    def unencoded(self, outside: ColumnElement[bool], model: str, limit: int) -> list[tuple[int, str]]:
        """(seq, "who: text") of notes that this model made no vector of, newest first: those are asked for soonest."""
        has = select(vectors.c.seq).where(vectors.c.seq == notes.c.seq, vectors.c.model == model).exists()
        query = (
            select(notes.c.seq, notes.c.who, notes.c.text)
            .where(outside, ~has)
            .order_by(notes.c.seq.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [(row.seq, f"{row.who}: {row.text}") for row in connection.execute(query)]

    def entries(self, outside: ColumnElement[bool], model: str, limit: int) -> list[Entry]:
        """The vectors of this model, oldest first."""
        query = select(notes.c.seq, notes.c.audience, vectors.c.vector).join(vectors, vectors.c.seq == notes.c.seq)
        query = query.where(outside, vectors.c.model == model).order_by(notes.c.seq).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Entry(seq, audience, np.frombuffer(row, "<f2").astype(np.float32)) for seq, audience, row in rows]

    def indexed(self, stamp: str) -> int:
        """How many notes the index of this stamp should hold."""
        query = select(func.count()).select_from(notes).where(notes.c.indexed == stamp)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def mark(self, seqs: Sequence[int], stamp: str) -> None:
        """The index of this stamp now holds them."""
        with self._engine.begin() as connection:
            connection.execute(update(notes).where(notes.c.seq.in_(seqs)).values(indexed=stamp))

    def put_vectors(self, made: Mapping[int, Vectors], model: str) -> None:
        """Keep vectors, in place of older ones, of those notes that are still there."""
        if not made:
            return
        with self._engine.begin() as connection:
            put = upsert(vectors)
            put = put.on_conflict_do_update(
                index_elements=["seq"], set_={"model": put.excluded.model, "vector": put.excluded.vector}
            )
            rows = [{"seq": seq, "model": model, "vector": row.astype("<f2").tobytes()} for seq, row in made.items()]
            connection.execute(put, rows)
            # A note may have been forgotten while its vector was being made.
            gone = vectors.c.seq.in_(list(made)) & vectors.c.seq.not_in(select(notes.c.seq))
            connection.execute(delete(vectors).where(gone))


def outside(stamp: str) -> ColumnElement[bool]:
    """Notes that the index of this stamp does not hold; said so that the table's own index finds them."""
    return or_(notes.c.indexed < stamp, notes.c.indexed > stamp)


def after(seq: int) -> ColumnElement[bool]:
    """Notes that were added after that one."""
    return notes.c.seq > seq


# Built once: building them for each note took four fifths of an import's time.
_MERGE = (
    update(notes)
    .where(notes.c.digest == bindparam("same"))
    .values(
        times=notes.c.times + 1,
        asked=or_(notes.c.asked, bindparam("asks", type_=Boolean)),
        last_at=func.max(notes.c.last_at, bindparam("said")),
    )
    .returning(*notes.c)
)
_TAKEN = select(notes.c.seq).where(notes.c.id == bindparam("taken"))
_INSERT = insert(notes).returning(*notes.c)


def _add(connection: Connection, note: Note) -> tuple[Kept, bool] | Refused:
    if not note.text.strip():
        return Refused("An empty note can't be kept. Say what should be remembered.")
    if len(note.text) > LONGEST:
        return Refused(f"A note of {len(note.text):,} characters can't be kept; the most is {LONGEST:,}.")
    if note.when.tzinfo is None:
        return Refused(f"The time {note.when.isoformat()!r} of the note has no time zone. Give one, such as +01:00.")
    row = _row(note)
    # The update comes first because it takes the write lock: nobody can add the same note in between.
    if (
        older := connection.execute(_MERGE, {"same": row["digest"], "asks": note.asked, "said": row["at"]})
        .mappings()
        .first()
    ):
        return _kept(older), True
    if connection.execute(_TAKEN, {"taken": row["id"]}).first():
        return Refused(f"The id {row['id']!r} is taken by another note. Give it another id.")
    new = connection.execute(_INSERT, row).mappings().one()
    words.add(connection, new["seq"], new["text"], new["who"], new["audience"])
    return _kept(new), False


def _row(note: Note) -> dict[str, Any]:
    said = {name: _storable(getattr(note, name)) for name in ("id", "member", "room", "who", "text", "turn")}
    at = note.when.astimezone(UTC).isoformat(timespec="microseconds")
    same = (note.audience, said["member"], said["who"], note.source.value, fold(said["text"]))
    return said | {
        "audience": note.audience,
        "epoch": note.epoch,
        "scope": note.scope.value,
        "source": note.source.value,
        "at": at,
        "said_at": note.when.isoformat(),
        "last_at": at,
        "times": 1,
        "asked": note.asked,
        "digest": hashlib.sha256("\0".join(same).encode()).hexdigest(),
        "indexed": "",
    }


def _storable(said: str) -> str:
    # SQLite ends a text at NUL in places, and no encoding has half a surrogate pair.
    return said.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def fold(said: str) -> str:
    """Equal for texts that say the same: case, spaces and the final stop aside."""
    return " ".join(said.casefold().split()).rstrip(".!")


def _kept(row: RowMapping) -> Kept:
    plain = {name: row[name] for name in ("id", "text", "who", "member", "room", "turn", "asked", "epoch")}
    when = datetime.fromisoformat(row["said_at"])
    note = Note(**plain, when=when, source=Source(row["source"]), scope=Scope(row["scope"]))
    return Kept(row["seq"], note, row["times"], datetime.fromisoformat(row["last_at"]))

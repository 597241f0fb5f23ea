"""The record of all notes: SQLite tables that everything else in memory can be rebuilt from.

What must stay true: a note is on disk, with its words, before `add` returns; and no reader gets a row whose
audience is not its own. The vectors are kept here too (half precision), so that an index that was lost or damaged
is rebuilt without encoding anything again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Engine,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from memory.errors import Refused
from memory.note import Note, View, member_audience
from memory.record.adding import Adding, Also, larger
from memory.record.dialect import dialect_of
from memory.record.rows import Kept, fold, kept_of
from memory.record.tables import drawn, forgotten, notes, vectors
from memory.vectors.exact import unpacked
from memory.vectors.index import Entry, Vectors

__all__ = ["ASIDE", "Kept", "Record", "after", "fold", "outside", "parts"]

PAGE = 1000
"""Notes read at once of all that a member has."""
AT_ONCE = 500
"""Notes in one statement that erases."""

T = TypeVar("T")

ASIDE = "small"
"""Mark of a note whose audience has too few for a place in the index. Stamps are hexadecimal, so none is this."""


class Record:
    """Reads and writes the notes; safe to use from several threads and processes."""

    def __init__(self, engine: Engine, also: Also | None = None) -> None:
        """`also` keeps what follows from a new note, in the transaction that keeps the note."""
        self._engine = engine
        self._also = also
        self._dialect = dialect_of(engine)

    def add(self, batch: Iterable[Note]) -> list[tuple[Kept, bool] | Refused]:
        """Keep notes in one transaction; each comes back as kept (and whether it merged into an older one)."""
        with self._engine.begin() as connection:
            return Adding(self._dialect, connection, self._also).add(list(batch))

    def restore(self, said: Sequence[tuple[str, int, datetime]]) -> None:
        """What an export tells of notes by their ids: how often they were said, and when most recently."""
        rows = [
            {"its": note_id, "count": times, "said": last.astimezone(UTC).isoformat(timespec="microseconds")}
            for note_id, times, last in said
        ]
        with self._engine.begin() as connection:
            connection.execute(_RESTORE, rows)

    def get(self, seqs: Iterable[int], view: View) -> dict[int, Kept]:
        """Those of the notes that the view may see."""
        wanted = {"seqs": list(seqs), "audiences": list(view.audiences)}
        with self._engine.connect() as connection:
            return {row["seq"]: kept_of(row) for row in connection.execute(_GET, wanted).mappings().all()}

    def find(self, note_id: str, view: View) -> Kept | None:
        """The note with this id, if the view may see it."""
        wanted = notes.c.id == note_id, notes.c.audience.in_(view.audiences)
        with self._engine.connect() as connection:
            row = connection.execute(select(notes).where(*wanted)).mappings().first()
        return kept_of(row) if row else None

    def newest(self, view: View, n: int, *wanted: ColumnElement[bool]) -> list[Kept]:
        """The latest notes that the view may see and for which all of that is true, newest first."""
        query = select(notes).where(notes.c.audience.in_(view.audiences), *wanted)
        query = query.order_by(notes.c.at.desc(), notes.c.seq.desc())
        with self._engine.connect() as connection:
            return [kept_of(row) for row in connection.execute(query.limit(n)).mappings()]

    def of_member(self, member: str) -> Iterator[Kept]:
        """Every note that belongs to the member, in the order in which they came."""
        last: int | None = -1
        while last is not None:  # in pages, so that a slow reader holds nothing up
            query = select(notes).where(notes.c.member == member, notes.c.seq > last).order_by(notes.c.seq).limit(PAGE)
            with self._engine.connect() as connection:
                page = [kept_of(row) for row in connection.execute(query).mappings()]
            yield from page
            last = page[-1].seq if len(page) == PAGE else None

    def match(self, query: str, view: View, limit: int) -> list[int]:
        """The notes that share words with the query, best first."""
        with self._engine.connect() as connection:
            return self._dialect.words.search(connection, query, view.audiences, limit)

    def own(self, member: str, *wanted: ColumnElement[bool]) -> list[Kept]:
        """The member's own notes for which all of that is true, wherever they were said, newest first."""
        query = select(notes).where(notes.c.member == member, *wanted).order_by(notes.c.at.desc(), notes.c.seq.desc())
        with self._engine.connect() as connection:
            return [kept_of(row) for row in connection.execute(query).mappings()]

    def audiences(self, member: str) -> tuple[str, ...]:
        """Those of the member's own notes."""
        given = {"me": member, "mine": member_audience(member)}
        with self._engine.connect() as connection:
            return tuple(connection.execute(_WHERE_MINE, given).scalars().all())

    def forget(self, note_id: str, member: str) -> Kept | None:
        """Erase one of the member's notes; None if the member has no such note."""
        gone = self.erase(member, [kept.seq for kept in self.own(member, notes.c.id == note_id)])
        return gone[0] if gone else None

    def erase(self, member: str, seqs: Iterable[int]) -> list[Kept]:
        """Erase those of the notes that are the member's, with words, vectors and claims, in one transaction.

        Their bytes are overwritten, in the write-ahead log too, unless another process is reading just then.
        """
        gone: list[RowMapping] = []
        with self._engine.begin() as connection:
            self._dialect.begin_erasing(connection)
            for part in parts(seqs):
                mine = notes.c.seq.in_(part), notes.c.member == member
                rows = connection.execute(delete(notes).where(*mine).returning(*notes.c)).mappings().all()
                for table in drawn:
                    connection.execute(delete(table).where(table.c.seq.in_([row["seq"] for row in rows])))
                for row in rows:
                    self._dialect.words.remove(connection, row["seq"])
                gone += rows
            if not gone:
                return []
            self._dialect.words.scrub(connection)
            connection.execute(insert(forgotten), [{"seq": row["seq"], "audience": row["audience"]} for row in gone])
        self._dialect.shred(self._engine)
        return [kept_of(row) for row in gone]

    def vectors(self, seqs: Iterable[int]) -> list[bytes]:
        """The vectors of these notes, as they are kept."""
        with self._engine.connect() as connection:
            return [
                row
                for part in parts(seqs)
                for row in connection.execute(select(vectors.c.vector).where(vectors.c.seq.in_(part))).scalars()
            ]

    def left(self, seqs: Iterable[int]) -> int:
        """In how many rows something of these notes is left."""
        with self._engine.connect() as connection:
            return sum(
                int(connection.execute(select(func.count()).where(table.c.seq.in_(part))).scalar_one())
                for part in parts(seqs)
                for table in (notes, *drawn)
            )

    def forgotten(self) -> list[tuple[int, str]]:
        """(seq, audience) of erased notes whose vectors may still be in the index."""
        with self._engine.connect() as connection:
            return [(row.seq, row.audience) for row in connection.execute(select(forgotten))]

    def latest(self) -> tuple[int, int]:
        """The number of the newest note, and how many are forgotten: unchanged while neither is done."""
        with self._engine.connect() as connection:
            newest, gone = connection.execute(_LATEST).one()
        return newest or 0, gone

    def swept(self, seqs: Sequence[int]) -> None:
        """Their vectors are out of the index."""
        with self._engine.begin() as connection:
            connection.execute(delete(forgotten).where(forgotten.c.seq.in_(seqs)))

    def unencoded(
        self, outside: ColumnElement[bool], model: str, limit: int, below: int | None = None
    ) -> list[tuple[int, str]]:
        """(seq, "who: text") of notes that this model made no vector of, newest first: those are asked for soonest."""
        query = (
            select(notes.c.seq, notes.c.who, notes.c.text)
            .where(outside, _lacks(model), *([] if below is None else [notes.c.seq < below]))
            .order_by(notes.c.seq.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [(row.seq, f"{row.who}: {row.text}") for row in connection.execute(query)]

    def count_unencoded(self, outside: ColumnElement[bool], model: str) -> int:
        """How many notes this model made no vector of."""
        query = select(func.count()).select_from(notes).where(outside, _lacks(model))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def entries(self, outside: ColumnElement[bool], model: str, limit: int) -> list[Entry]:
        """The vectors of this model, oldest first."""
        query = select(notes.c.seq, notes.c.audience, vectors.c.vector).join(vectors, vectors.c.seq == notes.c.seq)
        query = query.where(outside, vectors.c.model == model).order_by(notes.c.seq).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return []
        whole = unpacked([row[2] for row in rows])
        return [Entry(row[0], row[1], vector) for row, vector in zip(rows, whole, strict=True)]

    def count_encoded(self, outside: ColumnElement[bool], model: str) -> int:
        """How many notes this model made a vector of."""
        query = select(func.count()).select_from(notes.join(vectors, vectors.c.seq == notes.c.seq))
        with self._engine.connect() as connection:
            return int(connection.execute(query.where(outside, vectors.c.model == model)).scalar_one())

    def counts(self, view: View) -> tuple[int, int]:
        """How many notes the view may see, and how many of them have a vector."""
        seen = select(func.count(notes.c.seq), func.count(vectors.c.seq))
        seen = seen.select_from(notes.outerjoin(vectors, vectors.c.seq == notes.c.seq))
        with self._engine.connect() as connection:
            row = connection.execute(seen.where(notes.c.audience.in_(view.audiences))).one()
        return int(row[0]), int(row[1])

    def damage(self) -> str:
        """What is wrong with the database's file; empty if nothing is. Reads all of it."""
        return self._dialect.damage(self._engine)

    def indexed(self, stamp: str) -> int:
        """How many notes the index of this stamp should hold."""
        query = select(func.count()).select_from(notes).where(notes.c.indexed == stamp)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def take_in(self, audiences: Collection[str]) -> None:
        """Their notes are to be in the index from now on, those that were kept aside too."""
        aside = notes.c.indexed == ASIDE, notes.c.audience.in_(audiences)
        with self._engine.begin() as connection:
            connection.execute(update(notes).where(*aside).values(indexed=""))

    def held(self, audience: str, stamp: str) -> int:
        """How many notes of an audience the index of this stamp holds."""
        query = select(func.count()).select_from(notes)
        query = query.where(notes.c.audience == audience, notes.c.indexed == stamp)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def take_out(self, audience: str) -> None:
        """The index holds nothing of the audience any more."""
        theirs = notes.c.audience == audience, notes.c.indexed != ASIDE
        with self._engine.begin() as connection:
            connection.execute(update(notes).where(*theirs).values(indexed=""))

    def mark(self, seqs: Sequence[int], stamp: str) -> None:
        """The index of this stamp now holds them."""
        with self._engine.begin() as connection:
            connection.execute(update(notes).where(notes.c.seq.in_(seqs)).values(indexed=stamp))

    def put_vectors(self, made: Mapping[int, Vectors], model: str) -> None:
        """Keep vectors, in place of older ones, of those notes that are still there."""
        if not made:
            return
        with self._engine.begin() as connection:
            put = self._dialect.upsert(vectors)
            put = put.on_conflict_do_update(
                index_elements=["seq"], set_={"model": put.excluded.model, "vector": put.excluded.vector}
            )
            rows = [{"seq": seq, "model": model, "vector": row.astype("<f2").tobytes()} for seq, row in made.items()]
            connection.execute(put, rows)
            # A note may have been forgotten while its vector was being made.
            gone = vectors.c.seq.in_(list(made)) & vectors.c.seq.not_in(select(notes.c.seq))
            connection.execute(delete(vectors).where(gone))


def parts(seqs: Iterable[T]) -> Iterator[list[T]]:
    """As many at once as fit in a statement."""
    listed = list(seqs)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))


def _lacks(model: str) -> ColumnElement[bool]:
    return ~select(vectors.c.seq).where(vectors.c.seq == notes.c.seq, vectors.c.model == model).exists()


def outside(stamp: str) -> ColumnElement[bool]:
    """Notes that the index of this stamp should hold and does not; said so that the table's own index finds them."""
    mark = notes.c.indexed
    return or_(mark < stamp, and_(mark > stamp, mark < ASIDE), mark > ASIDE)


def after(seq: int) -> ColumnElement[bool]:
    """Notes that were added after that one."""
    return notes.c.seq > seq


_its = notes.alias()
_each = select(func.min(notes.c.audience).label("audience")).cte("each_audience", recursive=True)
_next = select(func.min(_its.c.audience)).where(_its.c.audience > _each.c.audience).scalar_subquery()
_each = _each.union_all(select(_next).where(_each.c.audience.is_not(None)))
_of_me = select(_its.c.seq).where(_its.c.audience == _each.c.audience, _its.c.member == bindparam("me")).exists()
# Each audience from the one before by its index, and none that is another member's own: not a reading of all notes.
_WHERE_MINE = select(_each.c.audience).where(
    or_(_each.c.audience == bindparam("mine"), _each.c.audience < "m", _each.c.audience > "n"), _of_me
)
_LATEST = select(
    select(func.max(notes.c.seq)).scalar_subquery(), select(func.count()).select_from(forgotten).scalar_subquery()
)
_GET = select(notes).where(
    notes.c.seq.in_(bindparam("seqs", expanding=True)),
    # Joined to "", the audience can't be sought first: SQLite takes that for quicker, and reads half the table.
    (notes.c.audience + "").in_(bindparam("audiences", expanding=True)),
)
_RESTORE = (
    update(notes)
    .where(notes.c.id == bindparam("its"))
    .values(
        times=larger(notes.c.times, "count"),
        last_at=larger(notes.c.last_at, "said"),
    )
)

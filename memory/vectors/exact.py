"""Exact search among the vectors of a few notes, read from the record.

A place of its own in Chroma costs an audience 3 MB of memory, four open files and a tenth of a second when it is filled
(measured with a thousand of them: 3 GB), so that only an audience with enough notes is given one. Reading a
thousand vectors takes about three milliseconds. What must stay true: only the audiences asked for are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import nlargest

import numpy as np
from sqlalchemy import Connection, Engine, bindparam, func, select

from memory.record.tables import notes, vectors
from memory.vectors.index import Vectors

_THESE = select(vectors.c.seq, vectors.c.vector).where(
    vectors.c.seq.in_(bindparam("seqs", expanding=True)), vectors.c.model == bindparam("model")
)
_THEIRS = (
    select(vectors.c.seq, vectors.c.vector)
    .join(notes, notes.c.seq == vectors.c.seq)
    .where(notes.c.audience.in_(bindparam("audiences", expanding=True)), vectors.c.model == bindparam("model"))
)
_SOME = select(func.count()).select_from(
    select(notes.c.seq).where(notes.c.audience == bindparam("audience")).limit(bindparam("least")).subquery()
)

FEW = 8
"""Audiences that are counted one by one, each up to a limit: more are quicker counted together, to the end."""
AT_ONCE = 500
"""Audiences in one statement."""


class Exact:
    """Knows which audiences are small, and searches them. Safe to use from several threads."""

    def __init__(self, engine: Engine, model: str, least: int) -> None:
        """`least`: how many notes an audience must have for a place in the index."""
        self._engine = engine
        self._model = model
        self._least = least

    def small(self, audiences: Iterable[str]) -> list[str]:
        """Those of the audiences that have too few notes for a place in the index."""
        if self._least == 0:
            return []
        with self._engine.connect() as connection:
            found = []
            asked = list(dict.fromkeys(audiences))
            if len(asked) > FEW:
                return [audience for part in parts(asked) for audience in self._counted(connection, part)]
            for audience in asked:
                given = {"audience": audience, "least": self._least}
                if connection.execute(_SOME, given).scalar_one() < self._least:
                    found.append(audience)
            return found

    def _counted(self, connection: Connection, audiences: Sequence[str]) -> list[str]:
        sizes = select(notes.c.audience).where(notes.c.audience.in_(audiences)).group_by(notes.c.audience)
        return list(connection.execute(sizes.having(func.count() < self._least)).scalars())

    def nearest(self, vector: Vectors, audiences: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The nearest k of these audiences: (seq, cosine), nearest first."""
        if not audiences:
            return []
        with self._engine.connect() as connection:
            rows = connection.execute(_THEIRS, {"audiences": list(audiences), "model": self._model}).all()
        if not rows:
            return []
        likeness = unpacked([row[1] for row in rows]) @ vector
        found = zip([row[0] for row in rows], likeness.tolist(), strict=True)
        return nlargest(k, found, key=lambda hit: hit[1])

    def likeness(self, vector: Vectors, seqs: Collection[int]) -> dict[int, float]:
        """Cosine of these notes with the vector, of those that have one; whoever asks may see them."""
        with self._engine.connect() as connection:
            rows = connection.execute(_THESE, {"seqs": list(seqs), "model": self._model}).all()
        if not rows:
            return {}
        likeness = unpacked([row[1] for row in rows]) @ vector
        return dict(zip([row[0] for row in rows], likeness.tolist(), strict=True))


def parts(audiences: Sequence[str]) -> list[Sequence[str]]:
    """As many at once as fit in a statement."""
    return [audiences[start : start + AT_ONCE] for start in range(0, len(audiences), AT_ONCE)]


def unpacked(blobs: Sequence[bytes]) -> Vectors:
    """The vectors as the record keeps them, half precision, as rows."""
    halves = np.frombuffer(b"".join(blobs), "<f2")
    rows: Vectors = halves.reshape(len(blobs), -1).astype(np.float32)
    return rows

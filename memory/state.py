"""How memory is: what it holds, where that lies, and what of it can be found by meaning just now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from memory.record.tables import notes, vectors
from memory.vectors.indexing import Indexing


@dataclass(frozen=True, slots=True)
class State:
    notes: int
    indexed: int
    """How many of them can be found by their meaning; the others by their words."""
    record: str
    """sqlite or postgresql."""
    vectors: str
    """chroma, server, plain, or none."""
    stamp: str | None
    """Of the index's present contents."""
    filling: tuple[int, int] | None
    """While the index is filled: how many are in, of how many."""
    trouble: str
    """Why the index can't be used; empty while it can."""


def state_of(engine: Engine, indexing: Indexing) -> State:
    """The present state; counts every note, whoever's it is."""
    with engine.connect() as connection:
        held = connection.execute(select(func.count()).select_from(notes)).scalar_one()
        encoded = select(func.count()).select_from(notes.join(vectors, vectors.c.seq == notes.c.seq))
        if (wanting := indexing.wanting()) is not None:
            encoded = encoded.where(~wanting)
        indexed = connection.execute(encoded).scalar_one()
    kind, stamp = indexing.place
    return State(held, indexed, engine.dialect.name, kind, stamp, indexing.filling, indexing.trouble)

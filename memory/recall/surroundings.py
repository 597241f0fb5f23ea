"""What stands around a note: the note before and after it, its vector, and how rare its words are.

Ranking reads hundreds of notes for each question, so it reads of each only what it weighs. What must stay true: every
query holds the viewer's audiences.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import gt, lt
from typing import Any

from sqlalchemy import ColumnElement, Engine, FromClause, asc, bindparam, desc, func, select

from memory.note import Source, View
from memory.record.dialect import dialect_of
from memory.record.tables import notes
from memory.record.words import READ_CHARS

SITTING = timedelta(hours=1)
"""Silence after which people are no longer talking of the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """As much of a note as is weighed."""

    seq: int
    text: str
    """Its beginning."""
    who: str
    room: str
    audience: str
    at: datetime
    last: datetime
    """When it was said most recently."""
    source: Source
    asked: bool
    answers: str
    """The beginning of what someone else asked right before it; empty if nobody did."""


class Surroundings:
    """Reads around notes; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._words = dialect_of(engine).words

    def read(self, seqs: Collection[int], view: View) -> dict[int, Said]:
        """Those of the notes that the view may see."""
        if not seqs:
            return {}
        with self._engine.connect() as connection:
            rows = connection.execute(_READ, {"seqs": list(seqs), "audiences": list(view.audiences)})
            return {row[0]: _said(row) for row in rows.all()}

    def after(self, seqs: Collection[int], view: View) -> list[int]:
        """The notes that come after these in their audiences."""
        if not seqs:
            return []
        with self._engine.connect() as connection:
            rows = connection.execute(_AFTER, {"seqs": list(seqs), "audiences": list(view.audiences)})
            return [seq for [seq] in rows.all() if seq is not None]

    def matching(self, groups: Sequence[Sequence[str]], view: View, limit: int) -> tuple[list[int], list[float]]:
        """The notes with words of these groups, best first; and how much each group tells, 0 to 1.

        A group is the forms of one word. 1: one note of all has it. After Robertson and Spärck Jones (1976), as a share
        of the most there can be, so that words weigh no more in a larger record.
        """
        with self._engine.connect() as connection:
            number = connection.execute(_NUMBER).scalar() or 0
            seqs, counts = self._words.find(connection, groups, view.audiences, limit)
        return seqs, [rarity(count, number) for count in counts]


def rarity(count: int, number: int) -> float:
    """How much a word tells that so many notes have, of that number."""
    others = max(number - count, 0)
    return math.log(1 + (others + 0.5) / (count + 0.5)) / math.log(2 + 2 * number)


def _said(row: Sequence[Any]) -> Said:
    seq, text, who, room, audience, at, last, source, asked, question, asked_at = row
    when, latest = datetime.fromisoformat(at), datetime.fromisoformat(last)
    if question is not None and when - datetime.fromisoformat(asked_at) > SITTING:
        question = None
    return Said(seq, text, who, room, audience, when, latest, Source(source), asked, question or "")


def _neighbour(one: FromClause, *, later: bool) -> ColumnElement[Any]:
    """The note next to this one in its audience; said so that the table's own index finds it in one step."""
    other = notes.alias()
    beyond, order = (gt, asc) if later else (lt, desc)
    near = select(other.c.seq).where(other.c.audience == one.c.audience).limit(1)
    at_once = near.where(other.c.at == one.c.at, beyond(other.c.seq, one.c.seq)).order_by(order(other.c.seq))
    apart = near.where(beyond(other.c.at, one.c.at)).order_by(order(other.c.at), order(other.c.seq))
    return func.coalesce(at_once.scalar_subquery(), apart.scalar_subquery())


_one = notes.alias()
_wanted = (
    _one.c.seq.in_(bindparam("seqs", expanding=True)),
    # Joined to "", the audience can't be sought first: SQLite takes that for quicker, and reads half the table.
    (_one.c.audience + "").in_(bindparam("audiences", expanding=True)),
)
_before = notes.alias()
_asked_before = (
    (_before.c.seq == _neighbour(_one, later=False))
    & (_before.c.room == _one.c.room)
    & (_before.c.who != _one.c.who)
    & _before.c.text.contains("?")
)
_READ = select(
    _one.c.seq,
    func.substr(_one.c.text, 1, READ_CHARS),
    _one.c.who,
    _one.c.room,
    _one.c.audience,
    _one.c.at,
    _one.c.last_at,
    _one.c.source,
    _one.c.asked,
    func.substr(_before.c.text, 1, READ_CHARS),
    _before.c.at,
)
_READ = _READ.select_from(_one.outerjoin(_before, _asked_before)).where(*_wanted)
_AFTER = select(_neighbour(_one, later=True)).where(*_wanted)
_NUMBER = select(func.max(notes.c.seq))

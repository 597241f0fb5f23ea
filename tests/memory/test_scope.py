"""Nobody is ever shown a note that is not theirs to see."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import StaticPool, create_engine

from memory.memory import Memory
from memory.note import HOUSEHOLD, Note, Scope, View, member_audience, room_audience
from memory.record.tables import create
from memory.vectors.index import Vectors
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

NAMES = ["a", "b", "ab", "A", "a0", "", "é", "a b", '"', "*", "édé", "ed", "ing"]
WORDS = ["milk", "key", "the", "garage", "code", "is"]

names = st.sampled_from(NAMES)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
notes = st.builds(
    Note, text=texts, who=names, when=st.just(MONDAY), member=names, room=names, scope=st.sampled_from(list(Scope))
)


class EveryoneIndex(PlainIndex):
    """A faulty index that ignores audiences: the record must hold the line alone."""

    def search(self, vector: Vectors, audiences: object, k: int) -> list[tuple[int, float]]:
        return super().search(vector, list(self._shelves), k)


def visible(note: Note, view: View, told: list[Note], alone: bool) -> bool:
    """The rule for open rooms in plain words, written apart from the code that it checks."""
    if note.scope is Scope.HOUSEHOLD:
        return True
    if note.scope is Scope.PRIVATE or note.room == "":  # where each is alone, nobody else hears
        return alone and note.member == view.member
    been = any(one.scope is Scope.ROOM and (one.member, one.room) == (view.member, note.room) for one in told)
    return note.room == view.room or (alone and view.room == "" and been)


@settings(max_examples=80, deadline=None)
@given(st.lists(notes, min_size=1, max_size=12), names, names, st.booleans(), texts, st.booleans())
def test_no_query_shows_what_the_viewer_may_not_see(
    told: list[Note], member: str, room: str, alone: bool, query: str, faulty: bool
) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    create(engine)
    memory = Memory(engine, encode, EveryoneIndex() if faulty else PlainIndex())
    memory.bring(told)
    memory.catch_up()
    view = memory.rooms.view(member, room, alone=alone)
    seen = [one.note for one in memory.recall(query, member=member, room=room, k=50, now=MONDAY, alone=alone)]
    assert all(visible(note, view, told, alone) for note in seen + memory.recent(member, room, 50, alone=alone))
    due = {
        note.text
        for note in told
        if visible(note, view, told, alone) and set(note.text.split()) & set(query.split()) - {"the", "is"}
    }
    assert due <= {note.text for note in seen}
    assert all(
        (memory.why(note.id, member, room) is not None) <= visible(note, view, told, alone=True) for note in told
    )
    engine.dispose()


def test_audiences_differ_wherever_names_do() -> None:
    audiences = {(member_audience(name), room_audience(other), HOUSEHOLD) for name in NAMES for other in NAMES}
    assert len(audiences) == len(NAMES) ** 2
    assert np.unique([view for pair in audiences for view in pair]).size == 2 * len(NAMES) + 1

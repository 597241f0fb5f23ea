"""Recall: finds the notes that a question is about, by their words, by their meaning and by what stands around them.

The best by words and the nearest by meaning are candidates, and the notes that follow a question with its words; they
are then weighed together (`memory/recall/ranking.py`). What must stay true: every query holds the viewer's audiences;
nothing is found by what its viewer may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from memory.company.stays import is_shared
from memory.facts.drawing import Periods
from memory.note import Note, View
from memory.recall.question import Question, asks, read_question, said_stems, said_words
from memory.recall.ranking import Found, Ranked, rank
from memory.recall.stems import stem
from memory.recall.surroundings import Said, Surroundings
from memory.record.record import Kept, Record, fold
from memory.vectors.indexing import Indexing

POOL = 50
"""Notes taken from each list before they are weighed: 100 find hardly more (any@10 0.877 for 0.873) and cost 3 ms."""
FOLLOWED = 50
"""Questions among them whose answers are weighed too."""
FAINT = 0.2
"""Cosine below which nearness alone finds nothing: unrelated English sentences lie at 0.0 to 0.2 under MiniLM."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A note that a question was about."""

    note: Note
    score: float
    """0 to 1; only compares answers to one question."""
    why: str
    """In plain words."""


class Recalling:
    """Finds notes. Safe to use from several threads; blocks for milliseconds."""

    def __init__(self, engine: Engine, record: Record, indexing: Indexing, periods: Periods | None = None) -> None:
        self._record = record
        self._indexing = indexing
        self._surroundings = Surroundings(engine)
        self._periods = periods

    def recall(self, query: str, view: View, k: int, now: datetime | None = None) -> list[Recalled]:
        """The notes that the query is about, best first; no two with the same text."""
        now = now or datetime.now(UTC)
        question = read_question(query)
        cosines = {seq: cosine for seq, cosine in self._indexing.nearest(query, view, POOL) if cosine >= FAINT}
        matching, told = self._surroundings.matching(question.forms, view, POOL)
        rarity = dict(zip(question.words, told, strict=True))
        said = self._surroundings.read({*cosines, *matching}, view)
        said |= self._answers(question, said, view)
        question = question.without(stem(name) for one in said.values() for name in said_words(one.who))
        known = self._indexing.likeness(query, said.keys() - cosines.keys()) | cosines
        found = [Found(one, known.get(seq)) for seq, one in said.items()]
        periods = self._periods(query, now) if self._periods else ()
        here = view.room if is_shared(view.room) else ""
        ranked = rank(question, found, {one: rarity[one] for one in question.words}, periods, now, here)
        return self._told(ranked, cosines, view, max(k, 0))

    def _answers(self, question: Question, said: dict[int, Said], view: View) -> dict[int, Said]:
        """What was said next to those that ask with words of the question."""
        asking = [one.seq for one in said.values() if asks(one.text) and question.words.keys() & said_stems(one.text)]
        later = set(self._surroundings.after(asking[:FOLLOWED], view)) - said.keys()
        return {seq: one for seq, one in self._surroundings.read(later, view).items() if one.answers}

    def _told(self, ranked: Sequence[Ranked], cosines: dict[int, float], view: View, k: int) -> list[Recalled]:
        """The first k of different texts, with their reasons."""
        told: dict[str, Recalled] = {}
        for start in range(0, len(ranked), max(k, 1)):
            if len(told) >= k:
                break
            part = ranked[start : start + k]
            kept = self._record.get([one.seq for one in part], view)
            for one in part:
                if note := kept.get(one.seq):
                    why = _why(note, one, cosines.get(one.seq))
                    told.setdefault(fold(note.note.text), Recalled(note.note, round(one.score, 4), why))
        return list(told.values())[:k]


def _why(kept: Kept, ranked: Ranked, likeness: float | None) -> str:
    reasons = []
    if ranked.words:
        reasons.append(f"words: {', '.join(ranked.words[:5])}")
    if ranked.answers:
        reasons.append(f"answers a question about {', '.join(ranked.answers[:5])}")
    if likeness is not None:
        reasons.append(f"meaning: {likeness:.2f} alike")
    if ranked.kind:
        reasons.append(f"says a {ranked.kind}")
    if ranked.timely:
        reasons.append("said around the time you name")
    if ranked.own:
        reasons.append(f"said by {kept.note.who}, whom you ask about")
    if kept.note.asked:
        reasons.append("you asked me to remember it")
    if kept.times > 1:
        reasons.append(f"said {kept.times} times")
    return "; ".join(reasons) or "words: forms of what you asked for"

"""Recall: finds the notes that a question is about, by their words and by their meaning.

The two lists are joined by reciprocal rank (Cormack, Clarke and Büttcher, 2009). What must stay true: both queries hold
the viewer's audiences; and questions, answers of the agent and foreign text never stand above what a person said.

Does not resolve dates or people in a question, nor facts that replace older facts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from memory.indexing import Indexing
from memory.note import Note, Source, View
from memory.record import Kept, Record, fold
from memory.words import content_words

POOL = 50
"""Notes taken from each list before they are joined."""
RANK_SOFTENER = 10
"""The k of reciprocal rank fusion: how much less the second place is worth than the first. The original's 60 lets a
second, weaker list bury the best of the first: recall@5 of 0.49 against 0.55 on conversations to develop on."""
WORDS_WEIGHT = 1.0
MEANING_WEIGHT = 0.7
"""On the same conversations words alone find more than vectors alone (0.54 and 0.37); joined, recall@5 and @10 are no
worse than by words (0.56, 0.64), which find the first place better (0.36 against 0.27)."""
ASKED_WEIGHT = 2.0
"""A note that someone asked for beats a mere turn that leads both lists."""
FAINT = 0.2
"""Cosine below which nearness says nothing: unrelated English sentences lie at 0.0 to 0.2 under MiniLM."""
RECENT_WEIGHT = 0.05
"""Most that newness adds: decides between notes that match alike, no more."""
RECENT_DAYS = 30.0

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ASKS = re.compile(
    r"(what|who|where|when|why|how|which)(['’]s|\s+(is|are|was|were|do|does|did|can|could|will|would|should|have|has|"
    r"many|much|long|far|old|often))\b",
    re.IGNORECASE,
)


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

    def __init__(self, record: Record, indexing: Indexing) -> None:
        self._record = record
        self._indexing = indexing

    def recall(self, query: str, view: View, k: int, now: datetime | None = None) -> list[Recalled]:
        """The notes that the query is about, best first; no two with the same text."""
        near = {seq: cosine for seq, cosine in self._indexing.nearest(query, view, POOL) if cosine >= FAINT}
        ranked: dict[int, float] = {}
        lists = (self._record.match(query, view, POOL), WORDS_WEIGHT), (list(near), MEANING_WEIGHT)
        for listed, weight in lists:
            for place, seq in enumerate(listed, start=1):
                ranked[seq] = ranked.get(seq, 0.0) + weight / (RANK_SOFTENER + place)
        kept = self._record.get(ranked, view)
        now = now or datetime.now(UTC)
        scored = {seq: _weigh(ranked[seq], one, now) for seq, one in kept.items()}
        best = sorted(kept.values(), key=lambda one: (_lesser(one.note), -scored[one.seq], -one.seq))
        asked_for = content_words(query)
        return [
            Recalled(one.note, round(scored[one.seq], 4), _why(one, asked_for, near.get(one.seq)))
            for one in _once_each(best)[: max(k, 0)]
        ]


def _weigh(ranks: float, one: Kept, now: datetime) -> float:
    """Score of a note: 0 to 1, where 1 is an asked, brand-new note that leads both lists."""
    age_days = max(0.0, (now - one.last).total_seconds() / 86_400)
    newness = 1.0 + RECENT_WEIGHT * math.exp2(-age_days / RECENT_DAYS)
    asked = ASKED_WEIGHT if one.note.asked else 1.0
    best = (WORDS_WEIGHT + MEANING_WEIGHT) / (RANK_SOFTENER + 1) * (1 + RECENT_WEIGHT) * ASKED_WEIGHT
    return ranks * newness * asked / best


def _lesser(note: Note) -> bool:
    """Not something that a person told: it stands below all that someone did."""
    return note.source is not Source.OWNER or (is_question(note.text) and not note.asked)


def is_question(said: str) -> bool:
    """Whether a text only asks."""
    sentences = _SENTENCE_END.split(said.strip())
    if all(sentence.endswith("?") for sentence in sentences):
        return True
    return len(sentences) == 1 and not said.rstrip().endswith((".", "!")) and _ASKS.match(said.lstrip()) is not None


def _once_each(ranked: Iterable[Kept]) -> list[Kept]:
    first: dict[str, Kept] = {}
    for one in ranked:
        first.setdefault(fold(one.note.text), one)
    return list(first.values())


def _why(one: Kept, asked_for: Sequence[str], likeness: float | None) -> str:
    said = set(content_words(f"{one.note.text} {one.note.who}"))
    shared = [word for word in asked_for if word in said]
    reasons = []
    if shared:
        reasons.append(f"words: {', '.join(shared[:5])}")
    if likeness is not None:
        reasons.append(f"meaning: {likeness:.2f} alike")
    if one.note.asked:
        reasons.append("you asked me to remember it")
    if one.times > 1:
        reasons.append(f"said {one.times} times")
    return "; ".join(reasons) or "words: forms of what you asked for"

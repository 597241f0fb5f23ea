"""Memory: keeps notes, and finds those that a question is about, by their words and by their meaning.

The two lists are joined by reciprocal rank (Cormack, Clarke and Büttcher, 2009). What must stay true: a note is kept
before `remember` returns, whatever becomes of the index; both queries hold the viewer's scope; and questions, answers
of the agent and foreign text never stand above what a person said.

Does not resolve dates or people in a question, nor facts that replace older facts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import RLock

import numpy as np
from sqlalchemy import ColumnElement, Engine

from memory.errors import IndexBroken, Refused
from memory.index import Index, Vectors
from memory.note import Note, Source, View
from memory.record import Kept, Record, after, fold, outside
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
BATCH = 64
"""Notes encoded between two commits of a catch-up: a tenth of a second."""
PUT = 1000
"""Vectors put into the index between two commits."""
AT_ONCE = 512
"""Notes that a recall itself may encode where the index is this process's own: the newest; the rest are found by
their words until some process has encoded them."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ASKS = re.compile(
    r"(what|who|where|when|why|how|which)(['’]s|\s+(is|are|was|were|do|does|did|can|could|will|would|should|have|has|"
    r"many|much|long|far|old|often))\b",
    re.IGNORECASE,
)

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A note that a question was about."""

    note: Note
    score: float
    """0 to 1; only compares answers to one question."""
    why: str
    """In plain words."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of notes that were brought in together, in order: kept, merged or refused."""

    outcomes: tuple[Note | Refused, ...]
    imported: int
    merged: int
    refused: int


class Memory:
    """Safe to use from several threads. Its calls block for milliseconds."""

    def __init__(self, engine: Engine, embed: Embed, index: Index | None = None, model: str = "") -> None:
        """`embed` gives one row for each text; `model` names it, so that another model's vectors are not mixed in.

        Without an index, notes are found by their words alone.
        """
        self.record = Record(engine)
        self._embed = embed
        self._model = model
        self._index = index
        self._last = 0  # the newest note in an index that only this process has
        self._catching = RLock()
        self._checked = False

    def remember(self, note: Note) -> Note:
        """Keep a note; on disk when this returns. The same said again merges: the older note comes back.

        Raises Refused for what can't be kept.
        """
        [outcome] = self.bring((note,)).outcomes
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def bring(self, notes: Iterable[Note]) -> Brought:
        """Keep many notes in one transaction; ids are kept as given."""
        added = self.record.add(notes)
        merged = sum(one[1] for one in added if not isinstance(one, Refused))
        refused = sum(isinstance(one, Refused) for one in added)
        outcomes = tuple(one if isinstance(one, Refused) else one[0].note for one in added)
        return Brought(outcomes, len(added) - merged - refused, merged, refused)

    def recall(
        self,
        query: str,
        *,
        member: str,
        room: str = "home",
        k: int = 5,
        now: datetime | None = None,
        alone: bool = True,
    ) -> list[Recalled]:
        """The notes that the query is about, best first; no two with the same text.

        Where others listen (not `alone`), the member's private notes stay out.
        """
        view = View(member, room, alone)
        near = self._nearest(query, view)
        ranked: dict[int, float] = {}
        lists = (self.record.match(query, view, POOL), WORDS_WEIGHT), (list(near), MEANING_WEIGHT)
        for listed, weight in lists:
            for place, seq in enumerate(listed, start=1):
                ranked[seq] = ranked.get(seq, 0.0) + weight / (RANK_SOFTENER + place)
        kept = self.record.get(ranked, view)
        now = now or datetime.now(UTC)
        scored = {seq: _weigh(ranked[seq], one, now) for seq, one in kept.items()}
        best = sorted(kept.values(), key=lambda one: (_lesser(one.note), -scored[one.seq], -one.seq))
        asked_for = content_words(query)
        return [
            Recalled(one.note, round(scored[one.seq], 4), _why(one, asked_for, near.get(one.seq)))
            for one in _once_each(best)[: max(k, 0)]
        ]

    def recent(self, member: str, room: str = "home", n: int = 10, *, alone: bool = True) -> list[Note]:
        """The latest notes that can be seen from there, newest first."""
        return [one.note for one in self.record.newest(View(member, room, alone), n)]

    def why(self, note_id: str, member: str, room: str = "home") -> Kept | None:
        """The note with its source and how often it was said; None if the member may not see it from there."""
        return self.record.find(note_id, View(member, room))

    def export(self, member: str) -> Iterator[Note]:
        """All that belongs to the member, oldest first."""
        return (one.note for one in self.record.of_member(member))

    def forget(self, note_id: str, member: str) -> Note | None:
        """Erase one of the member's own notes from the record, the words and the vectors; None: there is none."""
        with self._catching:
            gone = self.record.forget(note_id, member)
            if gone is not None and self._index is not None:
                try:
                    self._sweep(self._index)
                except IndexBroken:
                    self._rebuild_later()  # what is built anew no longer has it
        return gone.note if gone else None

    def catch_up(self, limit: int | None = None) -> int:
        """Put into the index what it lacks; how many notes that were. Rebuilds it from the record if it is broken.

        The hub calls this in the background, after turns and at the start.
        """
        if self._index is None:
            return 0
        # What this process alone has is filled in one go: its mark, the newest note, must not pass one in the making.
        with self._catching if self._index.stamp is None else nullcontext():
            self._encode(self._index, limit)
            try:
                return self._fill(self._index)
            except IndexBroken:
                self._index.reset()
                return self._fill(self._index)

    def use(self, index: Index) -> None:
        """Change to another index, which is filled by the next `catch_up`."""
        with self._catching:
            earlier, self._index, self._last, self._checked = self._index, index, 0, False
        if earlier is not None:
            earlier.close()

    def close(self) -> None:
        """Let go of the index; the engine is its maker's to dispose of."""
        if self._index is not None:
            self._index.close()

    def _nearest(self, query: str, view: View) -> dict[int, float]:
        """Notes near in meaning with their cosine, nearest first."""
        if self._index is None or not query.strip():
            return {}
        if self._index.stamp is None:
            self.catch_up(AT_ONCE)
        try:
            [vector] = _unit(self._embed([query]))
            hits = self._index.search(vector, view.audiences, POOL)
        except IndexBroken:
            self._rebuild_later()
            return {}
        return {seq: likeness for seq, likeness in hits if likeness >= FAINT}

    def _encode(self, index: Index, limit: int | None) -> None:
        """Make the vectors that the record lacks and keep them there."""
        left = limit
        while left is None or left > 0:
            with self._catching:
                size = BATCH if left is None else min(BATCH, left)
                if not (batch := self.record.unencoded(self._outside(index), self._model, size)):
                    return
                rows = _unit(self._embed([text for _, text in batch]))
                made = {seq: row for (seq, _), row in zip(batch, rows, strict=True)}
                self.record.put_vectors(made, self._model)
            left = None if left is None else left - len(batch)

    def _fill(self, index: Index) -> int:
        """Put into the index the vectors that it lacks."""
        self._check(index)
        done = 0
        while True:
            # One lock a batch: whoever forgets a note waits for one batch, and no vector slips in behind the sweep.
            with self._catching:
                self._sweep(index)
                batch = self.record.entries(self._outside(index), self._model, PUT)
                if not batch:
                    return done
                index.add(batch)
                done += len(batch)
                if index.stamp is not None:
                    self.record.mark([entry.seq for entry in batch], index.stamp)
                    continue
                self._last = batch[-1].seq

    def _outside(self, index: Index) -> ColumnElement[bool]:
        return after(self._last) if index.stamp is None else outside(index.stamp)

    def _check(self, index: Index) -> None:
        """Once: an index that holds fewer notes than the record believes has lost some."""
        if not self._checked and index.stamp is not None and len(index) < self.record.indexed(index.stamp):
            index.reset()
        self._checked = True

    def _sweep(self, index: Index) -> None:
        """Take the vectors of forgotten notes out of the index."""
        if not (gone := self.record.forgotten()):
            return
        for audience in {audience for _, audience in gone}:
            index.remove([seq for seq, theirs in gone if theirs == audience], audience)
        if index.stamp is not None:
            self.record.swept([seq for seq, _ in gone])

    def _rebuild_later(self) -> None:
        if self._index is not None:
            self._index.reset()
            self._last = 0


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit


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

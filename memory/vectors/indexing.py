"""Keeps the index of vectors up with the record.

Must stay true: nothing acknowledged hangs on the index. What it lacks is put in, what is forgotten is taken out, and
one that is missing, damaged or another model's is filled anew from the vectors that the record keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext, suppress
from heapq import nlargest
from threading import RLock
from time import monotonic

import numpy as np
from sqlalchemy import ColumnElement

from memory.errors import IndexAway, IndexBroken
from memory.note import View
from memory.record.record import ASIDE, Record, after, outside
from memory.vectors.exact import Exact
from memory.vectors.index import Entry, Index, Vectors

BATCH = 64
"""Notes encoded between two commits of a catch-up: a tenth of a second."""
PUT = 1000
"""Vectors put into the index between two commits."""
LOADED = 2000
"""Vectors put into an index of this process's own at once: with more, the processor's caches hold them no longer."""
PAUSE = 10.0
"""Seconds for which an index that did not answer is not asked again: meanwhile words answer at once."""
AT_ONCE = 512
"""Notes that a recall itself may encode where the index is this process's own: the newest; the rest are found by
their words until some process has encoded them."""

DEAR = 100
"""So many vectors are put in while one is taken out of Chroma without a trace: 0.3 and 30 ms, measured."""

Embed = Callable[[Sequence[str]], Vectors]
Progress = Callable[[int, int], None]
"""Told (done, all) while vectors are made."""


class Indexing:
    """One index, and what is to be done so that it holds what the record holds. Safe to use from several threads."""

    def __init__(self, record: Record, exact: Exact, embed: Embed, index: Index | None, model: str) -> None:
        self._record = record
        self._exact = exact
        self._embed = embed
        self._model = model
        self._index = index
        self._last = 0  # the newest note in an index that only this process has
        self._followed: tuple[int, int] | None = None  # the state of the record when such an index was up with it
        self._asked: tuple[str, Vectors] = "", np.empty(0, np.float32)  # what was asked last, and its vector
        self._catching = RLock()
        self._checked = False
        self._asked_again = 0.0
        self.trouble = ""
        """Why the index can't be used; empty while it can."""
        self.filling: tuple[int, int] | None = None
        """While it is filled: how many notes are in, of how many."""
        self.told: Progress | None = None
        """Told the same."""

    def nearest(self, query: str, view: View, limit: int) -> list[tuple[int, float]]:
        """Notes near in meaning with their cosine, nearest first. Empty while the index is unusable."""
        if self._index is None or not query.strip():
            return []
        if self._index.stamp is None:
            self._follow()
        vector = self._read(query)
        small = self._exact.small(view.audiences) if self._index.stamp is not None else []
        large = [audience for audience in view.audiences if audience not in small]
        found = self._exact.nearest(vector, small, limit) + self._search(self._index, vector, large, limit)
        return nlargest(limit, found, key=lambda hit: hit[1])

    def _follow(self) -> None:
        """Bring an index of this process's own up with the record, if that has changed."""
        latest = self._record.latest()
        if latest != self._followed:
            self.catch_up(AT_ONCE)
            self._followed = latest

    def likeness(self, query: str, seqs: Collection[int]) -> dict[int, float]:
        """Cosine of these notes with the query, of those that have a vector; whoever asks may see them."""
        if self._index is None or not query.strip() or not seqs:
            return {}
        vector = self._read(query)
        return self._exact.likeness(vector, seqs)

    def _read(self, query: str) -> Vectors:
        """The vector of the query; one recall needs it twice."""
        known, vector = self._asked
        if query != known:
            [vector] = _unit(self._embed([query]))
            self._asked = query, vector
        return vector

    def _search(self, index: Index, vector: Vectors, audiences: Sequence[str], k: int) -> list[tuple[int, float]]:
        if not audiences or monotonic() < self._asked_again:
            return []
        try:
            return index.search(vector, audiences, k)
        except IndexBroken as broken:
            self._put_right(index, broken)
            return []

    def catch_up(self, limit: int | None = None, tell: Progress | None = None) -> int:
        """Put into the index what it lacks; how many notes that were. Rebuilds it from the record if it is broken."""
        if self._index is None:
            return 0
        # What this process alone has is filled in one go: its mark, the newest note, must not pass one in the making.
        with self._catching if self._index.stamp is None else nullcontext():
            self._encode(self._index, limit, tell)
            try:
                return self._fill(self._index)
            except IndexAway as away:
                self._put_right(self._index, away)
                return 0
            except IndexBroken:
                self._index.reset()
                return self._fill(self._index)
            finally:
                self.filling = None

    @property
    def place(self) -> tuple[str, str | None]:
        """What kind of index it is, and the stamp of its contents."""
        return ("none", None) if self._index is None else (self._index.kind, self._index.stamp)

    def wanting(self) -> ColumnElement[bool] | None:
        """Which notes a lasting index should hold and does not; None where each process has its own."""
        return None if self._index is None or self._index.stamp is None else outside(self._index.stamp)

    def rebuild(self) -> int:
        """Empty the index and fill it anew; how many notes that were."""
        with self._catching:
            if self._index is not None:
                self._index.reset()
                self._last, self._asked_again, self._followed = 0, 0.0, None
        return self.catch_up()

    def encode(self, tell: Progress | None = None) -> None:
        """Make the vectors that the record lacks, and leave the index for later."""
        if self._index is not None:
            self._encode(self._index, None, tell)

    def use(self, index: Index) -> None:
        """Change to another index, which is filled by the next `catch_up`."""
        with self._catching:
            earlier, self._index, self._last, self._checked = self._index, index, 0, False
            self._followed = None
        if earlier is not None:
            earlier.close()

    def sweep(self) -> None:
        """Take the vectors of forgotten notes out of the index; if it is away just then, when it is back."""
        with self._catching:
            if self._index is not None:
                try:
                    self._sweep(self._index)
                    if self._index.stamp is not None:
                        self._fill(self._index)
                except IndexBroken as broken:
                    self._put_right(self._index, broken)  # what is built anew no longer has them

    def close(self) -> None:
        """Let go of the index."""
        if self._index is not None:
            self._index.close()

    def _encode(self, index: Index, limit: int | None, tell: Progress | None) -> None:
        """Make the vectors that the record lacks and keep them there."""
        left = limit
        newest: int | None = None  # those above it have theirs: without it, each batch would look at all of them again
        done, total = 0, self._record.count_unencoded(self._outside(index), self._model) if tell else 0
        while left is None or left > 0:
            with self._catching:
                size = BATCH if left is None else min(BATCH, left)
                batch = self._record.unencoded(self._outside(index), self._model, size, newest)
                if not batch and newest is None:
                    return
                newest = batch[-1][0] if batch else None
                if not batch:
                    continue  # once more from the top: notes may have come meanwhile
                rows = _unit(self._embed([text for _, text in batch]))
                made = {seq: row for (seq, _), row in zip(batch, rows, strict=True)}
                self._record.put_vectors(made, self._model)
            left = None if left is None else left - len(batch)
            done += len(batch)
            if tell:
                tell(done, max(done, total))

    def _fill(self, index: Index) -> int:
        """Put into the index the vectors that it lacks."""
        self._check(index)
        done, total = 0, self._record.count_encoded(self._outside(index), self._model) if index.stamp else 0
        while True:
            # One lock a batch: whoever forgets a note waits for one batch, and no vector slips in behind the sweep.
            with self._catching:
                self._sweep(index)
                batch = self._record.entries(self._outside(index), self._model, PUT if index.stamp else LOADED)
                if not batch:
                    self.trouble = ""
                    return done
                self._put(index, batch)
                done += len(batch)
                self.filling = done, max(done, total)
                if self.told is not None:
                    self.told(*self.filling)

    def _put(self, index: Index, batch: Sequence[Entry]) -> None:
        """Put in those whose audience is large enough for a place there; the others are found without."""
        if index.stamp is None:
            index.add(batch)
            self._last = batch[-1].seq
            return
        small = self._exact.small({entry.audience for entry in batch})
        large = [entry for entry in batch if entry.audience not in small]
        if small:
            self._record.mark([entry.seq for entry in batch if entry.audience in small], ASIDE)
        if large:
            self._record.take_in({entry.audience for entry in large})
            index.add(large)
            self._record.mark([entry.seq for entry in large], index.stamp)

    def _outside(self, index: Index) -> ColumnElement[bool]:
        return after(self._last) if index.stamp is None else outside(index.stamp)

    def _check(self, index: Index) -> None:
        """Once: an index that holds fewer notes than the record believes has lost some."""
        # Twice, because another process may be putting in or taking out just then.
        if not self._checked and self._has_lost(index) and self._has_lost(index):
            index.reset()
        self._checked = True

    def _has_lost(self, index: Index) -> bool:
        if index.stamp is None:
            return False
        expected = self._record.indexed(index.stamp)
        return len(index) < expected

    def _sweep(self, index: Index) -> None:
        if not (gone := self._record.forgotten()):
            return
        for audience in {audience for _, audience in gone}:
            self._remove(index, [seq for seq, theirs in gone if theirs == audience], audience)
        if index.stamp is not None:
            index.scrub([audience for _, audience in gone])
            self._record.swept([seq for seq, _ in gone])

    def _remove(self, index: Index, seqs: Sequence[int], audience: str) -> None:
        """One by one, or where that takes longer than filling anew, all at once."""
        if index.stamp is not None and len(seqs) * DEAR > self._record.held(audience, index.stamp):
            self._record.take_out(audience)
            index.drop(audience)
        else:
            index.remove(seqs, audience)

    def _put_right(self, index: Index, broken: IndexBroken) -> None:
        """After a fault: begin anew with what is broken, which `catch_up` fills; wait for what is away."""
        if not isinstance(broken, IndexAway):
            with suppress(IndexBroken):
                index.reset()
                self._last, self._followed = 0, None
                return
        self.trouble = str(broken)
        self._asked_again = monotonic() + PAUSE


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit

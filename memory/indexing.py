"""Keeps the index of vectors up with the record.

Must stay true: nothing acknowledged hangs on the index. What it lacks is put in, what is forgotten is taken out, and
one that is missing, damaged or another model's is filled anew from the vectors that the record keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from threading import RLock

import numpy as np
from sqlalchemy import ColumnElement

from memory.errors import IndexBroken
from memory.index import Index, Vectors
from memory.note import View
from memory.record import Record, after, outside

BATCH = 64
"""Notes encoded between two commits of a catch-up: a tenth of a second."""
PUT = 1000
"""Vectors put into the index between two commits."""
AT_ONCE = 512
"""Notes that a recall itself may encode where the index is this process's own: the newest; the rest are found by
their words until some process has encoded them."""

Embed = Callable[[Sequence[str]], Vectors]
Progress = Callable[[int, int], None]
"""Told (done, all) while an index is filled."""


class Indexing:
    """One index, and what is to be done so that it holds what the record holds. Safe to use from several threads."""

    def __init__(self, record: Record, embed: Embed, index: Index | None, model: str) -> None:
        self._record = record
        self._embed = embed
        self._model = model
        self._index = index
        self._last = 0  # the newest note in an index that only this process has
        self._catching = RLock()
        self._checked = False

    def nearest(self, query: str, view: View, limit: int) -> list[tuple[int, float]]:
        """Notes near in meaning with their cosine, nearest first. Empty while the index is unusable."""
        if self._index is None or not query.strip():
            return []
        if self._index.stamp is None:
            self.catch_up(AT_ONCE)
        try:
            [vector] = _unit(self._embed([query]))
            return self._index.search(vector, view.audiences, limit)
        except IndexBroken:
            self._rebuild_later()
            return []

    def catch_up(self, limit: int | None = None) -> int:
        """Put into the index what it lacks; how many notes that were. Rebuilds it from the record if it is broken."""
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

    def sweep(self) -> None:
        """Take the vectors of forgotten notes out of the index; if it is away just then, when it is back."""
        with self._catching:
            if self._index is not None:
                try:
                    self._sweep(self._index)
                except IndexBroken:
                    self._rebuild_later()  # what is built anew no longer has them

    def close(self) -> None:
        """Let go of the index."""
        if self._index is not None:
            self._index.close()

    def _encode(self, index: Index, limit: int | None) -> None:
        """Make the vectors that the record lacks and keep them there."""
        left = limit
        while left is None or left > 0:
            with self._catching:
                size = BATCH if left is None else min(BATCH, left)
                if not (batch := self._record.unencoded(self._outside(index), self._model, size)):
                    return
                rows = _unit(self._embed([text for _, text in batch]))
                made = {seq: row for (seq, _), row in zip(batch, rows, strict=True)}
                self._record.put_vectors(made, self._model)
            left = None if left is None else left - len(batch)

    def _fill(self, index: Index) -> int:
        """Put into the index the vectors that it lacks."""
        self._check(index)
        done = 0
        while True:
            # One lock a batch: whoever forgets a note waits for one batch, and no vector slips in behind the sweep.
            with self._catching:
                self._sweep(index)
                batch = self._record.entries(self._outside(index), self._model, PUT)
                if not batch:
                    return done
                index.add(batch)
                done += len(batch)
                if index.stamp is not None:
                    self._record.mark([entry.seq for entry in batch], index.stamp)
                    continue
                self._last = batch[-1].seq

    def _outside(self, index: Index) -> ColumnElement[bool]:
        return after(self._last) if index.stamp is None else outside(index.stamp)

    def _check(self, index: Index) -> None:
        """Once: an index that holds fewer notes than the record believes has lost some."""
        if not self._checked and index.stamp is not None and len(index) < self._record.indexed(index.stamp):
            index.reset()
        self._checked = True

    def _sweep(self, index: Index) -> None:
        if not (gone := self._record.forgotten()):
            return
        for audience in {audience for _, audience in gone}:
            index.remove([seq for seq, theirs in gone if theirs == audience], audience)
        if index.stamp is not None:
            self._record.swept([seq for seq, _ in gone])

    def _rebuild_later(self) -> None:
        if self._index is not None:
            self._index.reset()
            self._last = 0


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit

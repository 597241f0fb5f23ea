"""The index of vectors in plain numpy: exact, kept in this process only.

One-shot commands use it, since it costs nothing to import; it is also the judge of Chroma's answers.
Each audience has its own shelf, so a search never touches another's vectors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from heapq import nlargest
from threading import Lock

import numpy as np

from memory.vectors.index import Entry, Vectors


class PlainIndex:
    """Exact nearest neighbours by one product per audience."""

    kind = "plain"

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._lock = Lock()

    @property
    def stamp(self) -> None:
        return None

    def add(self, entries: Sequence[Entry]) -> None:
        parted: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            parted[entry.audience].append(entry)
        with self._lock:
            for audience, theirs in parted.items():
                rows = np.stack([entry.vector for entry in theirs])
                shelf = self._shelves.setdefault(audience, _Shelf(rows.shape[1]))
                shelf.put([entry.seq for entry in theirs], rows)

    def remove(self, seqs: Sequence[int], audience: str) -> None:
        with self._lock:
            if shelf := self._shelves.get(audience):
                for seq in seqs:
                    shelf.drop(seq)

    def drop(self, audience: str) -> None:
        with self._lock:
            self._shelves.pop(audience, None)

    def scrub(self, audiences: Sequence[str]) -> None:
        """There are no files."""

    def search(self, vector: Vectors, audiences: Sequence[str], k: int) -> list[tuple[int, float]]:
        with self._lock:
            shelves = [self._shelves[audience] for audience in dict.fromkeys(audiences) if audience in self._shelves]
            found = [hit for shelf in shelves for hit in shelf.nearest(vector, k)]
        return nlargest(k, found, key=lambda hit: hit[1])

    def reset(self) -> None:
        with self._lock:
            self._shelves.clear()

    def __len__(self) -> int:
        return sum(len(shelf.seqs) for shelf in self._shelves.values())

    def close(self) -> None:
        self.reset()


class _Shelf:
    """The vectors of one audience: the first `len(seqs)` rows of an array that doubles when full."""

    def __init__(self, width: int) -> None:
        self.seqs: list[int] = []
        self._place: dict[int, int] = {}
        self._rows: Vectors = np.empty((64, width), dtype=np.float32)

    def put(self, seqs: Sequence[int], rows: Vectors) -> None:
        known = len(self.seqs)
        for seq in seqs:
            if self._place.setdefault(seq, len(self.seqs)) == len(self.seqs):
                self.seqs.append(seq)
        self._grow()
        if len(self.seqs) == known + len(seqs):  # all are new
            self._rows[known : len(self.seqs)] = rows
        else:
            for seq, row in zip(seqs, rows, strict=True):
                self._rows[self._place[seq]] = row

    def _grow(self) -> None:
        if len(self.seqs) > len(self._rows):
            more: Vectors = np.empty((max(len(self.seqs), 2 * len(self._rows)), self._rows.shape[1]), np.float32)
            more[: len(self._rows)] = self._rows
            self._rows = more

    def drop(self, seq: int) -> None:
        place = self._place.pop(seq, None)
        if place is None:
            return
        last = self.seqs.pop()
        if last != seq:
            self.seqs[place], self._place[last] = last, place
            self._rows[place] = self._rows[len(self.seqs)]
        self._rows[len(self.seqs)] = 0

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        likeness = self._rows[: len(self.seqs)] @ vector
        best = range(len(likeness)) if len(likeness) <= k else np.argpartition(-likeness, k)[:k].tolist()
        return [(self.seqs[place], float(likeness[place])) for place in best]

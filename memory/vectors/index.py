"""What an index of vectors is: Chroma's and the plain one in numpy are both one of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """The vector of one note."""

    seq: int
    """The note's number in the record."""
    audience: str
    vector: Vectors
    """Unit length, shape (d,)."""


class Index(Protocol):
    """Finds the nearest vectors of some audiences. Raises only `IndexBroken`."""

    @property
    def kind(self) -> str:
        """chroma, server or plain."""
        ...

    @property
    def stamp(self) -> str | None:
        """Names the present contents: notes not marked with it are not in here. None: kept in this process only."""
        ...

    def add(self, entries: Sequence[Entry]) -> None:
        """Put in, or replace by `seq`."""
        ...

    def remove(self, seqs: Sequence[int], audience: str) -> None:
        """Take out; what is not there is no error."""
        ...

    def drop(self, audience: str) -> None:
        """Take all of an audience out."""
        ...

    def scrub(self, audiences: Sequence[str]) -> None:
        """What was removed from these audiences leaves its files, if it has any."""
        ...

    def search(self, vector: Vectors, audiences: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The nearest k of these audiences: (seq, cosine), nearest first. Looks at no other audience."""
        ...

    def reset(self) -> None:
        """Empty it and take a new stamp."""
        ...

    def __len__(self) -> int: ...

    def close(self) -> None: ...

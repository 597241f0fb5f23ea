"""A stand-in for a sentence encoder: texts spelt alike get vectors that are alike. No model, no download.

For tests and benchmarks; it knows nothing of meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from memory.vectors.index import Vectors

READ_CHARS = 2000


def encode(texts: Sequence[str], width: int = 64) -> Vectors:
    """Counts of letter triples, each in a place given by its checksum; shape (len(texts), width)."""
    rows = np.zeros((len(texts), width), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        padded = f"  {text.casefold()[:READ_CHARS]} ".encode("utf-8", "replace")
        for start in range(len(padded) - 2):
            row[crc32(padded[start : start + 3]) % width] += 1
    return rows

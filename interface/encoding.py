"""The sentence encoder for a command that encodes much: loaded when it is first needed, on every core.

Must stay true: a sentence gets the same vector here as in the hub.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from memory.vectors.index import Vectors
from models.embed.encoder import Encoder


class Encoding:
    """Encodes sentences one by one, several at once: a batch would be no faster, and differ."""

    def __init__(self) -> None:
        self._cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self._cores, thread_name_prefix="encoding")

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text, in order."""
        encode = self._encoder.encode
        if len(texts) == 1:
            return encode(texts)
        return np.concatenate(list(self._threads.map(lambda text: encode([text]), texts)))

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder()

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

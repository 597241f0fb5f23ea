"""The few tools that a larger model should be offered for a request.

Half of the places go to the nearest tools, the rest to their kin of the same service: who asks to delete "the second
one" may need to see the list first. What must stay true: never more than asked for, and the nearest come first.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from models.embed.encoder import Encoder
from models.guess import ToolSchema
from models.reflex.choose import NONE_SIGNALS, chances, load_weights
from models.reflex.plain import fingerprint, readable
from models.reflex.retrieve import Index
from models.reflex.vectors import KeptVectors

NO_MATTER = (0.0,) * len(NONE_SIGNALS)
"""Whether none fits is not asked here."""


class Nearest:
    """Ranks tools for requests; safe to use from several threads."""

    def __init__(self, encoder: Encoder, cache: Path | None = None) -> None:
        """`cache`: the folder that the reader keeps the tools' vectors in."""
        self._encoder = encoder
        self._kept = KeptVectors(encoder, cache)
        self._weights = load_weights()
        self._lock = threading.Lock()
        self._last: tuple[tuple[object, ...], Index] | None = None

    def names(self, text: str, tools: Sequence[ToolSchema], services: Sequence[str], k: int) -> list[str]:
        """The names of at most `k` tools, the nearest first; `services` says whose each tool is."""
        order = self._order(readable(text), tools)
        first = order[: (k + 1) // 2]
        kin = [
            number
            for service in dict.fromkeys(services[number] for number in first)
            for number in order
            if services[number] == service
        ]
        return [tools[number].name for number in dict.fromkeys([*first, *kin, *order])][: max(k, 0)]

    def _order(self, text: str, tools: Sequence[ToolSchema]) -> list[int]:
        if not tools:
            return []
        index = self._index(tools)
        vector, shape = self._encoder.encode([text, index.shape(text)])
        scores, _ = chances(self._weights, index.signals(text, vector, shape), index.bare, NO_MATTER)
        return [int(number) for number in scores.argsort(kind="stable")[::-1]]

    def _index(self, tools: Sequence[ToolSchema]) -> Index:
        """The last set's index is kept: it seldom changes."""
        key = tuple(fingerprint(tool) for tool in tools)
        with self._lock:
            if self._last is None or self._last[0] != key:
                self._last = key, Index(tools, self._kept)
            return self._last[1]

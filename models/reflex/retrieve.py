"""Which tools a request may mean: a handful of signals for every tool, by meaning and by words.

What must stay true: a tool that was never seen before, without any example, is treated by the same signals;
the order of the tools does not matter. What the signals weigh together is decided in `choose.py`.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.embed.encoder import Vectors
from models.guess import ToolSchema
from models.reflex.filling.words import content_stems, stems_of
from models.reflex.vectors import KeptVectors

SIGNALS = ("example", "second", "description", "name", "covered", "alike", "named", "kin")
"""In the order of a row of `Index.signals`:
example, second: cosine with the nearest example and the mean of the two nearest (the description where none is)
description, name: cosine with each
covered: share of the request's telling words that the tool's own words explain
alike: words shared with the likest example, weighed by rarity
named: share of the tool's name that the request says
kin: the request points at something of a kind the tool speaks of"""

Matrix = NDArray[np.float64]


class Index:
    """Signals of a fixed set of tools."""

    def __init__(self, tools: Sequence[ToolSchema], vectors: KeptVectors) -> None:
        self.tools = tuple(tools)
        texts: list[str] = []
        self._examples: list[tuple[int, int]] = []
        for tool in self.tools:
            texts += [first_sentences(tool.description) or plain_name(tool.name), plain_name(tool.name)]
        for tool in self.tools:
            self._examples.append((len(texts), len(texts) + len(tool.examples)))
            texts += tool.examples
        self._rows: Vectors = vectors.of(texts)
        self.bare = np.array([float(not tool.examples) for tool in self.tools])
        """1 for a tool without examples."""
        self._names = [frozenset(stems_of(tool.name)) for tool in self.tools]
        self._words = Words(self.tools)
        self._kinds = [kinds_of(tool) for tool in self.tools]

    def signals(self, text: str, vector: Vectors, kinds: frozenset[str] = frozenset()) -> Matrix:
        """One row of `SIGNALS` for each tool, in the tools' order; `kinds` are those that the text points at."""
        table = np.zeros((len(self.tools), len(SIGNALS)))
        if not self.tools:
            return table
        cosines = (self._rows @ vector).astype(np.float64)
        table[:, 2] = cosines[: 2 * len(self.tools) : 2]
        table[:, 3] = cosines[1 : 2 * len(self.tools) : 2]
        for number, (start, end) in enumerate(self._examples):
            nearest = np.sort(cosines[start:end])[::-1][:2] if end > start else table[number, 2:3]
            table[number, 0], table[number, 1] = nearest[0], nearest.mean()
        stems = content_stems(text)
        table[:, 4], table[:, 5] = self._words.shared(stems)
        table[:, 6] = [len(name & stems) / max(1, len(name)) for name in self._names]
        table[:, 7] = [float(bool(own & kinds)) for own in self._kinds]
        return table


class Words:
    """Rarity-weighted word overlap with the tools and with each example."""

    def __init__(self, tools: Sequence[ToolSchema]) -> None:
        self._count = len(tools)
        self._tools: defaultdict[str, list[int]] = defaultdict(list)
        self._texts: defaultdict[str, list[int]] = defaultdict(list)
        self._owner: list[int] = []
        weights: list[frozenset[str]] = []
        for number, tool in enumerate(tools):
            for word in own_words(tool):
                self._tools[word].append(number)
            for text in tool.examples or (first_sentences(tool.description),):
                stems = content_stems(text)
                for word in stems:
                    self._texts[word].append(len(self._owner))
                self._owner.append(number)
                weights.append(stems)
        self._mass = np.array([sum(self.rarity(word) for word in stems) for stems in weights])

    def rarity(self, word: str) -> float:
        """How telling a word is: of the tools present, how few have it."""
        return math.log((self._count + 1.5) / (len(self._tools.get(word, ())) + 0.5))

    def shared(self, stems: frozenset[str]) -> tuple[Matrix, Matrix]:
        """For each tool, `covered` and `alike`."""
        covered, overlap = np.zeros(self._count), np.zeros(len(self._owner))
        total = 0.0
        for word in stems:
            weight = self.rarity(word)
            total += weight
            covered[self._tools.get(word, [])] += weight
            overlap[self._texts.get(word, [])] += weight
        alike = np.zeros(self._count)
        np.maximum.at(alike, self._owner, 2 * overlap / (self._mass + total + 1e-9))
        return covered / max(total, 1e-9), alike


def own_words(tool: ToolSchema) -> frozenset[str]:
    """Stems of all the words that speak for a tool."""
    properties = tool.schema.get("properties")
    parts = [tool.name, tool.description, *tool.examples, *(properties if isinstance(properties, Mapping) else ())]
    return frozenset().union(*(content_stems(str(part)) for part in parts))


def plain_name(name: str) -> str:
    """get_user-infoById as words: get user info by id."""
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)).strip().lower()


def first_sentences(text: str, limit: int = 300) -> str:
    """The beginning of a description, which says what the tool is for."""
    return re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0][:limit]


def kinds_of(tool: ToolSchema) -> frozenset[str]:
    """The kinds of things whose names its parameters take (`x-kind`)."""
    properties = tool.schema.get("properties")
    if not isinstance(properties, Mapping):
        return frozenset()
    marks = [p.get("x-kind") for p in properties.values() if isinstance(p, Mapping)]
    return frozenset(mark for mark in marks if isinstance(mark, str))

"""Which tools a request may mean: a handful of signals for every tool, by meaning and by words.

What must stay true: a tool that was never seen before, without any example, is treated by the same signals;
the order of the tools does not matter. What the signals weigh together is decided in `choose.py`.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.embed.encoder import Vectors
from models.guess import ToolSchema
from models.reflex.action import acts_of
from models.reflex.contrast import Contrast, features
from models.reflex.filling.leftover import takes_rest
from models.reflex.filling.opening import VERBS, polite_end
from models.reflex.filling.slot import slots_of
from models.reflex.filling.words import STOP, content_stems, stem, stems_of, words_of
from models.reflex.valued import KINDS, table_of, values_said, values_taken, values_wanted
from models.reflex.vectors import KeptVectors

MASK = "something"
COMMANDS = VERBS
ALL = re.compile(r"\b(?:all|every|everything|entire|whole|each|series|completely|any more|wipe|empty)\b", re.IGNORECASE)
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
SIGNALS = (
    "example",
    "second",
    "shape",
    "description",
    "name",
    "covered",
    "alike",
    "phrase",
    "named",
    "kin",
    "act",
    "against",
    "all",
    "opening",
    "contrast",
    "told",
    "takes",
    "spare",
    "wants",
    "profile",
    "beside",
    "lacks",
)
"""In the order of a row of `Index.signals`:
example, second: cosine with the nearest example and the mean of the two nearest (the description where none is)
shape: the same for request and examples whose values are masked
description, name: cosine with each
covered: share of the request's telling words that the tool's own words explain
alike: words shared with the likest example, weighed by rarity
phrase: pairs of neighbouring words shared with the likest example, values masked
named: share of the tool's name that the request says
kin, beside: the request points at something of a kind the tool takes, that only its neighbours by name take
act: share of the tool's texts that ask for the same kind of act, weighed by rarity; against: none of them does
all: request and tool agree on speaking of all there is, or of one
opening: how rare the first words are that the request shares with an example
contrast: score of the regression that tells the tools' texts apart
told: kin, where the request says little but the name of a thing
takes, spare: share of the kinds of values said (a time, a percentage) that the tool's parameters take by their types,
and that none of them takes; wants: share of its required typed parameters whose value is not said
profile: how much likelier these kinds are in the tool's examples than in all
lacks: the tool requires a thing that exists, and the request points at none of that kind"""

FIRST_WORDS = 4
MAKING = frozenset("add sav creat mak new put stor log insert register".split())

Matrix = NDArray[np.float64]


class Index:
    """Signals of a fixed set of tools."""

    def __init__(self, tools: Sequence[ToolSchema], vectors: KeptVectors, others: Sequence[str] = ()) -> None:
        """`others`: requests that are likely none of any tool's."""
        self.tools = tuple(tools)
        self.bare = np.array([float(not tool.examples) for tool in self.tools])
        """1 for a tool without examples."""
        self.frame = frame_of(self.tools)
        described = [first_sentences(tool.description) or plain_name(tool.name) for tool in self.tools]
        self._described = vectors.of(described)
        self._named = vectors.of([plain_name(tool.name) for tool in self.tools])
        texts = [
            (number, text) for number, tool in enumerate(self.tools) for text in tool.examples or (described[number],)
        ]
        self._owner = np.array([number for number, _ in texts], int)
        self._firsts = np.searchsorted(self._owner, np.arange(len(self.tools)))
        """Where each tool's texts begin."""
        self._rows = vectors.of([text for _, text in texts])
        shapes = [self.shape(text) for _, text in texts]
        self._shapes = vectors.of(shapes)
        self._names = [frozenset(stems_of(tool.name)) for tool in self.tools]
        self._covered = Shared(len(self.tools), [(number, own_words(tool)) for number, tool in enumerate(self.tools)])
        self._alike = Shared(len(self.tools), [(number, content_stems(text)) for number, text in texts])
        self._phrase = Shared(
            len(self.tools), [(number, pairs(shape)) for (number, _), shape in zip(texts, shapes, strict=True)]
        )
        self._kinds = list(zip(map(kinds_of, self.tools), kinds_beside(self.tools), strict=True))
        self._sweeping = np.array(
            [np.mean([bool(ALL.search(text)) for text in tool.examples or (tool.description,)]) for tool in self.tools]
        )
        self._acts = [[acts_of(text) for text in (*tool.examples, tool.description)] for tool in self.tools]
        self._shares: dict[frozenset[str], Matrix] = {}
        """For each tool, the share of its texts that ask for one of some acts; there are few such sets."""
        self._acting = np.array([any(acts) for acts in self._acts])
        self._opening = Openings(len(self.tools), texts)
        self._contrast = self._contrasted([text for _, text in texts], described, others, vectors)
        self._scored: tuple[str, Matrix] | None = None
        """The text looked at last and its scores."""
        self._needed = [frozenset() if makes(tool) else kinds_of(tool, required=True) for tool in self.tools]
        self.writes = np.array([any(map(takes_rest, slots_of(tool))) for tool in self.tools], bool)
        """Whether a tool takes words of one's own."""
        self._taken = table_of([values_taken(tool) for tool in self.tools])
        wanted = [values_wanted(tool) for tool in self.tools]
        self._wanted = table_of([kinds for some in wanted for kinds in some])
        self._wanting = np.array([number for number, some in enumerate(wanted) for _ in some], int)
        self._most = np.maximum(1, np.array([len(some) for some in wanted], int))
        self._profile = profiles([tool.examples for tool in self.tools])

    def _contrasted(
        self, texts: Sequence[str], described: Sequence[str], others: Sequence[str], vectors: KeptVectors
    ) -> Contrast:
        more = [*described, *others]
        shapes = vectors.of([self.shape(text) for text in more])
        rows = np.vstack([features(texts, self._rows, self._shapes), features(more, vectors.of(more), shapes)])
        owners = [*self._owner, *range(len(described)), *[len(described)] * len(others)]
        return Contrast(owners, rows, len(described))

    def shape(self, text: str) -> str:
        """The text with its values masked, as far as they can be told from the words of the tools present."""
        return masked(text, self.frame)

    def contrast(self, text: str, vector: Vectors, shape: Vectors) -> Matrix:
        """How much the text looks like each tool's, and last like one of the `others`."""
        latest = self._scored
        if latest is None or latest[0] != text:
            latest = self._scored = text, self._contrast.scores(features([text], vector[None], shape[None])[0])
        return latest[1]

    def signals(
        self,
        text: str,
        vector: Vectors,
        shape: Vectors,
        kinds: frozenset[str] = frozenset(),
        told: frozenset[str] = frozenset(),
    ) -> Matrix:
        """One row of `SIGNALS` for each tool, in the tools' order.

        `vector` is of the text, `shape` of its `shape`; `kinds` are those that the text points at, `told` those of
        the names in which all lies that it says.
        """
        table = np.zeros((len(self.tools), len(SIGNALS)))
        if not self.tools:
            return table
        stems = content_stems(text)
        table[:, 0], table[:, 1] = self._nearest(self._rows @ vector)
        table[:, 2] = self._nearest(self._shapes @ shape)[0]
        table[:, 3] = self._described @ vector
        table[:, 4] = self._named @ vector
        table[:, 5] = self._covered.share(stems)
        table[:, 6] = self._alike.likest(stems)
        table[:, 7] = self._phrase.likest(pairs(self.shape(text)))
        table[:, 8] = [len(name & stems) / max(1, len(name)) for name in self._names]
        table[:, 9] = [float(bool(own & kinds)) for own, _ in self._kinds]
        table[:, 10], table[:, 11] = self._agreeing(acts_of(text))
        table[:, 12] = 1 - np.abs(self._sweeping - float(bool(ALL.search(text))))
        table[:, 13] = self._opening.shared(text)
        table[:, 14] = self.contrast(text, vector, shape)[:-1]
        table[:, 15] = [float(bool((own | beside) & told)) for own, beside in self._kinds]
        table[:, 16:20] = self._valued(values_said(text))
        table[:, 20] = [float(bool(beside & kinds and not own & kinds)) for own, beside in self._kinds]
        table[:, 21] = [float(bool(needed and not needed & kinds)) for needed in self._needed]
        return table

    def _valued(self, said: frozenset[str]) -> Matrix:
        """For each tool, `takes`, `spare`, `wants` and `profile`."""
        row = np.array([kind in said for kind in KINDS], float)
        taken, many = self._taken @ row, max(1, len(said))
        takes = np.where(self._taken.all(axis=1), 0, taken)
        unsaid = (self._wanted @ row == 0).astype(float)
        wants = np.bincount(self._wanting, unsaid, len(self.tools)) / self._most
        profile = np.clip(self._profile[0] + self._profile[1] @ row, -6, 6) / 3
        return np.column_stack([takes / many, (len(said) - taken) / many, wants, profile])

    def _agreeing(self, acts: frozenset[str]) -> tuple[Matrix, Matrix]:
        """For each tool, `act` and `against`."""
        share = self._shares.get(acts)
        if share is None:
            share = np.array([sum(bool(acts & own) for own in texts) / len(texts) for texts in self._acts])
            self._shares[acts] = share
        rarity = math.log((len(self.tools) + 1.5) / (np.count_nonzero(share) + 0.5)) / 2
        return share * rarity, np.where((share == 0) & self._acting, float(bool(acts)), 0.0)

    def _nearest(self, cosines: Vectors) -> tuple[Matrix, Matrix]:
        """For each tool the best cosine of its texts, and the mean of its two best."""
        best = np.maximum.reduceat(cosines, self._firsts).astype(np.float64)
        others = np.where(cosines >= best[self._owner], -1.0, cosines)
        second = np.maximum.reduceat(others, self._firsts)
        return best, np.where(second > -1.0, (best + second) / 2, best)


class Shared:
    """Overlap of a request's marks (words, pairs of words) with those of the tools' texts, weighed by rarity."""

    def __init__(self, tools: int, texts: Sequence[tuple[int, frozenset[str]]]) -> None:
        self._tools = tools
        self._owner = np.array([number for number, _ in texts], int)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        owners: defaultdict[str, set[int]] = defaultdict(set)
        for place, (number, marks) in enumerate(texts):
            for mark in marks:
                self._places[mark].append(place)
                owners[mark].add(number)
        self._rarity = {mark: math.log((tools + 1.5) / (len(who) + 0.5)) for mark, who in owners.items()}
        self._unknown = math.log((tools + 1.5) / 0.5)
        self._mass = np.array([sum(self._rarity[mark] for mark in marks) for _, marks in texts])

    def _overlap(self, marks: frozenset[str]) -> tuple[Matrix, float]:
        overlap, total = np.zeros(len(self._owner)), 1e-9
        for mark in marks:
            weight = self._rarity.get(mark, self._unknown)
            total += weight
            overlap[self._places.get(mark, [])] += weight
        return overlap, total

    def share(self, marks: frozenset[str]) -> Matrix:
        """For each tool (of one text each), the share of the request's marks that it has."""
        overlap, total = self._overlap(marks)
        return overlap / total

    def likest(self, marks: frozenset[str]) -> Matrix:
        """For each tool, how much the likest of its texts has in common with the request: 0 to 1."""
        overlap, total = self._overlap(marks)
        best = np.zeros(self._tools)
        np.maximum.at(best, self._owner, 2 * overlap / (self._mass + total))
        return best


class Openings:
    """First words of the tools' texts."""

    def __init__(self, tools: int, texts: Sequence[tuple[int, str]]) -> None:
        self._tools = tools
        self._owners: defaultdict[str, set[int]] = defaultdict(set)
        for number, text in texts:
            for words in openings(text):
                self._owners[words].add(number)

    def shared(self, text: str) -> Matrix:
        """For each tool, the rarest first words that one of its texts has too, 0 to 1."""
        best = np.zeros(self._tools)
        for words in openings(text):
            if owners := list(self._owners.get(words, ())):
                rarity = math.log((self._tools + 1.5) / (len(owners) + 0.5)) / math.log((self._tools + 1.5) / 0.5)
                best[owners] = np.maximum(best[owners], rarity)
        return best


def frame_of(tools: Sequence[ToolSchema]) -> frozenset[str]:
    """Stems of words that say what to do; all others are taken for values. A word that stands in a single one of
    a tool's examples and in no name or description is a value too ("mum", "rent").
    """
    frame = set().union(
        *(content_stems(tool.name) | content_stems(first_sentences(tool.description)) for tool in tools)
    )
    for tool in tools:
        count = Counter(word for text in tool.examples for word in content_stems(text))
        frame |= {word for word, times in count.items() if times > 1}
    return frozenset(frame)


@lru_cache(maxsize=8192)
def masked(text: str, frame: frozenset[str]) -> str:
    """Each run of words outside the frame becomes "something", each number 5, each day of the week Monday."""
    out: list[str] = []
    for word in words_of(text[polite_end(text) :]):
        if word.is_mark:
            continue
        if word.lower in STOP or word.lower in COMMANDS:
            out.append(word.lower)
        elif word.lower[0].isdigit():
            out.append("5")
        elif word.lower in DAYS:
            out.append("monday")
        elif word.stem in frame:
            out.append(word.lower)
        elif not out or out[-1] != MASK:
            out.append(MASK)
    return " ".join(out)


def pairs(shape: str) -> frozenset[str]:
    """Neighbouring words, and the first one with the beginning."""
    words = ["^", *map(stem, shape.split())]
    return frozenset(f"{a} {b}" for a, b in pairwise(words) if b != MASK)


def openings(text: str) -> frozenset[str]:
    """The first word, the first two, and so on, after courtesies."""
    words = [word.lower for word in words_of(text[polite_end(text) :]) if not word.is_mark][:FIRST_WORDS]
    return frozenset(" ".join(words[:many]) for many in range(1, len(words) + 1))


def profiles(examples: Sequence[Sequence[str]]) -> tuple[Matrix, Matrix]:
    """Of each tool a constant and a weight for each kind of value: log of how much likelier than in all examples."""
    rows = [np.array([[kind in values_said(text) for kind in KINDS] for text in some], float) for some in examples]
    every = np.vstack([np.zeros((1, len(KINDS))), *(some.reshape(-1, len(KINDS)) for some in rows)])
    usual = (every.sum(axis=0) + 0.5) / (len(every) + 1)
    constants, weights = np.zeros(len(rows)), np.zeros((len(rows), len(KINDS)))
    for number, some in enumerate(rows):
        share = (some.reshape(-1, len(KINDS)).sum(axis=0) + 2 * usual) / (len(some) + 2)
        here, absent = np.log(share / usual), np.log((1 - share) / (1 - usual))
        constants[number], weights[number] = absent.sum(), here - absent
    return constants, weights


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


def kinds_of(tool: ToolSchema, required: bool = False) -> frozenset[str]:
    """The kinds of things whose names its (required) parameters take (`x-kind`)."""
    properties, needed = tool.schema.get("properties"), tool.schema.get("required")
    if not isinstance(properties, Mapping):
        return frozenset()
    if required:
        wanted = needed if isinstance(needed, list) else ()
        properties = {name: p for name, p in properties.items() if name in wanted}
    marks = [p.get("x-kind") for p in properties.values() if isinstance(p, Mapping)]
    return frozenset(mark for mark in marks if isinstance(mark, str))


def makes(tool: ToolSchema) -> bool:
    """By its name, it makes the thing that it names: that need not exist before."""
    return bool(MAKING & frozenset(stems_of(tool.name)))


def kinds_beside(tools: Sequence[ToolSchema]) -> list[frozenset[str]]:
    """For each tool, the kinds of all tools whose names begin with the same word."""
    shared: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for tool in tools:
        shared[plain_name(tool.name).partition(" ")[0]] |= kinds_of(tool)
    return [shared[plain_name(tool.name).partition(" ")[0]] for tool in tools]

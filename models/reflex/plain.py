"""The plain reader: retrieval, choice and filling by rules and by one small regression; the judge of the trained one.

What must stay true: any text is read without a fault and in bounded time, and nothing is called by reading.
Order of trying: an answer to what was asked, a correction or continuation of the last call, then one or several
new requests.
"""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.embed.encoder import Encoder, Vectors
from models.guess import Guess, Reading, Request, ToolSchema
from models.reflex.choose import Background, chances, evidence, load_weights, none_signals, settle
from models.reflex.fill import complete, fill
from models.reflex.filling.opening import polite_end
from models.reflex.pointing import kinds_pointed, kinds_told
from models.reflex.refer import continues, corrects, last_call
from models.reflex.retrieve import SIGNALS, Index, Matrix, kinds_of
from models.reflex.split import candidates
from models.reflex.vectors import KeptVectors

NEGATED = re.compile(
    r"(?:please\s+|no,?\s+|and\s+)*(?:don['’]?t|do not|never)\s+(?!forget|let me forget|mind|worry)", re.IGNORECASE
)
"""Asks that something not be done: there is no call for that, least of all the one that it names."""
DICTATED = re.compile(
    r"(?:(?:note|jot|write|put)(?: (?:this|it))?(?: down)?(?: (?:in|into|to) (?:my|the|our) notes)?|remember|"
    r"(?:make|take|save|add) a (?:quick |new )?note|keep in mind)(?: that\s|:\s)|(?:note|jot) down\s",
    re.IGNORECASE,
)
REMINDED = re.compile(r"(?:^|[\s,])remind (?:me|us) to\s+\w", re.IGNORECASE)
"""What follows is to be written down as it stands, whatever known names or values are in it."""
BEGUN, WRITTEN = 0.3, 0.1
"""Where a tool's examples begin so, as the signal `opening` says, this is what remains of the chance of none."""
WEB = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+[^\s<>\"'.,;:!?)]", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
TEXT_LIMIT = 2_000
"""Characters of a request that are looked at."""
SETS_KEPT = 16
"""Sets of tools whose index is kept."""
TRIED = 5
"""Tools whose arguments are filled before one is chosen."""
NEAR = 5
"""Tools named as nearest."""
SPLIT_WELL = 0.35
"""What it counts that the words alone suggest a way to take the text apart; else the surest weakest part wins."""
WITHOUT = 0.5
"""What a part counts for each required argument that it does not say: more likely the text was cut wrongly."""
OPENING = SIGNALS.index("opening")
NONE_EDGE = 0.25
"""Chance of none above which nothing is guessed; on the dev set 4 % of good requests lie above."""
HOPELESS = 0.985
"""Chance of none above which no arguments are tried."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one clause was understood to be."""

    guess: Guess | None
    near: tuple[tuple[str, float], ...]


class PlainReader:
    """A `models.guess.Reader` that needs no training on the tools; safe to use from several threads."""

    def __init__(self, encoder: Encoder, cache: Path | None = None) -> None:
        """`cache`: a folder for the tools' vectors; it may be deleted at any time."""
        self._encoder = encoder
        self._kept = KeptVectors(encoder, cache)
        self._background = Background(self._kept)
        self._weights = load_weights()
        self._indexes: OrderedDict[tuple[object, ...], Index] = OrderedDict()
        self._latest: tuple[Sequence[ToolSchema], tuple[object, ...], Index] | None = None
        """The tools asked about last, what tells at once that they are the same again, and their index."""
        self._lock = threading.Lock()

    def vectors(self) -> Mapping[str, Vectors]:
        """Of all texts of tools that were looked at, by key."""
        return self._kept.rows()

    def read(self, request: Request) -> Reading:
        """Understand one request."""
        started = time.perf_counter()
        text = readable(request.text)
        reading = self._read(text, replace(request, text=text)) if any(map(str.isalnum, text)) else Reading(())
        return replace(reading, ms=(time.perf_counter() - started) * 1000)

    def _read(self, text: str, request: Request) -> Reading:
        index = self._index(request.tools)
        if NEGATED.match(text):
            return Reading((), self._hear(text, request, index).near)
        if (answer := self._answer(text, request)) is not None:
            return answer
        heard: dict[str, Heard] = {}

        def hear(clause: str) -> Heard:
            if clause not in heard:
                heard[clause] = self._hear(clause, request, index)
            return heard[clause]

        best, reading = -1.0, None
        for rank, clauses in enumerate(candidates(text)):
            parts = [hear(clause) for clause in clauses]
            guesses = tuple(part.guess for part in parts if part.guess is not None)
            if not guesses or len(guesses) < len(clauses):
                continue
            sure = min(guess.confidence * WITHOUT ** len(guess.missing) for guess in guesses)
            sure += SPLIT_WELL if rank == 0 else 0.0
            if sure > best:
                best, reading = sure, Reading(guesses, parts[0].near)
        if reading is not None:
            return reading
        return Reading((), hear(text.strip()).near)

    def _answer(self, text: str, request: Request) -> Reading | None:
        """The text as an answer to a question of ours, or as more about the last call."""
        tools = {tool.name: tool for tool in request.tools}
        if request.pending is not None and request.pending.name in tools:
            guess = complete(text, tools[request.pending.name], request)
            if guess is not None:
                return Reading((guess,), ((guess.name, guess.confidence),))
        call = last_call(request)
        if call is not None and call.name in tools and (corrects(text, request) or continues(text, request)):
            guess = fill(text, tools[call.name], request)
            return Reading((guess,), ((guess.name, guess.confidence),))
        return None

    def _hear(self, clause: str, request: Request, index: Index) -> Heard:
        said = plain_addresses(clause)
        vector, shape = self._encoder.encode([said, index.shape(said)])
        told = kinds_told(said, request)
        signals = index.signals(said, vector, shape, kinds_pointed(said, request), told)
        near_none, foreign = self._background.nearness(vector), float(index.contrast(said, vector, shape)[-1])
        none = none_signals(said, len(index.tools), near_none, foreign, bool(told))
        tools, nothing = chances(self._weights, signals, index.bare, none)
        if dictated(said):
            tools = given_to(tools, index.writes)
            nothing *= WRITTEN if signals[index.writes, OPENING].max(initial=0.0) > BEGUN else 1.0
        best = [int(number) for number in tools.argsort()[::-1][:NEAR]]
        near = tuple((index.tools[number].name, round(float(tools[number]), 3)) for number in best)
        if not best or nothing > HOPELESS:
            return Heard(None, near)
        tried = [number for number in best[:TRIED] if tools[number] > tools[best[0]] / 50]
        guesses = [fill(clause, index.tools[number], request) for number in tried]
        rows = [
            evidence(guess, index.tools[number], request.names, float(tools[number]))
            for guess, number in zip(guesses, tried, strict=True)
        ]
        shares, none_left = settle(self._weights, rows, nothing)
        if none_left > NONE_EDGE:
            return Heard(None, near)
        top = int(np.argmax(shares))
        sure = round(float(shares[top]), 3)
        return Heard(replace(guesses[top], confidence=sure), near)

    def _index(self, tools: Sequence[ToolSchema]) -> Index:
        same = tuple((id(tool.schema), id(tool.examples), id(tool.description), tool.name) for tool in tools)
        latest = self._latest
        if latest is not None and latest[1] == same:
            return latest[2]
        index = self._kept_index(tools)
        self._latest = tools, same, index  # holding the tools keeps their ids their own
        return index

    def _kept_index(self, tools: Sequence[ToolSchema]) -> Index:
        key = tuple(fingerprint(tool) for tool in tools)
        with self._lock:
            if key in self._indexes:
                self._indexes.move_to_end(key)
                return self._indexes[key]
        index = Index(tools, self._kept, self._background.texts)
        with self._lock:
            self._indexes[key] = index
            while len(self._indexes) > SETS_KEPT:
                self._indexes.popitem(last=False)
        return index


def fingerprint(tool: ToolSchema) -> tuple[object, ...]:
    """All of a tool that its index depends on."""
    properties = tool.schema.get("properties")
    return tool.name, tool.description, tool.examples, tuple(properties or ()), kinds_of(tool)


def dictated(text: str) -> bool:
    """The text gives words to be written down as they stand."""
    return DICTATED.match(text, polite_end(text)) is not None or REMINDED.search(text) is not None


def given_to(chances: Matrix, some: Matrix) -> Matrix:
    """Only some tools keep their chances, which grow by what the others lose."""
    kept = np.where(some, chances, 0.0)
    total = float(kept.sum())
    return kept * (float(chances.sum()) / total) if total > 0 else chances


def plain_addresses(text: str) -> str:
    """The text with one and the same address for each of a page or a mailbox: their words tell nothing of the act."""
    return EMAIL.sub("ada@example.org", WEB.sub("https://example.org", text)) if "/" in text or "@" in text else text


def readable(text: str) -> str:
    """The beginning of the text, in composed form, with control characters and lone surrogates as spaces."""
    composed = unicodedata.normalize("NFC", text[:TEXT_LIMIT])
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cs") or c == "\n" else " " for c in composed).strip()

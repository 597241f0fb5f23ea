"""One clause being read for one tool: everything the makers of offers look at, found once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise

from models.guess import Request, ToolSchema
from models.reflex.filling.opening import afterthought, opening_end, vocabulary
from models.reflex.filling.slot import Slot, slots_of
from models.reflex.filling.words import ARTICLES, Word, stems_of, words_of
from models.reflex.values import Span, find_values
from models.reflex.values.span import TEMPORAL

TIMED = TEMPORAL - {"duration", "shift", "absurd"}
SENTENCE = re.compile(r"[.!?;]\s+")
SURE = 0.5
"""Spans below are other readings of a longer span's words."""


@dataclass(frozen=True)
class Clause:
    """The text with its words, its typed values and the tool's slots."""

    text: str
    words: tuple[Word, ...]
    spans: tuple[Span, ...]
    tool: ToolSchema
    slots: tuple[Slot, ...]
    request: Request
    opening: int
    """Where the words that say what to do end."""
    own: frozenset[str]
    """Stems of the tool's own words."""

    labels: frozenset[str]
    """Stems of all slots' names."""
    common: frozenset[str]
    """Those of them that several slots share."""

    def weight(self, name: str) -> float:
        """What a word of a slot's name tells: little where several slots have it."""
        return 0.3 if name in self.common else 1.0

    @cached_property
    def capitals(self) -> bool:
        """The text writes names with capitals."""
        for at, (before, word) in enumerate(pairwise(self.words), start=1):
            first = before.text in ".!?" or word.lower == "i" or word.lower.startswith("i'")
            if word.text[0].isupper() and not first and not self.timed(at):
                return True
        return False

    @cached_property
    def openings(self) -> tuple[tuple[int, int], ...]:
        """The openings of the sentences after the first."""
        starts = [m.end() for m in SENTENCE.finditer(self.text)]
        return tuple((start, opening_end(self.text, self.tool, start)) for start in starts)

    def opens(self, place: int) -> bool:
        """The place lies in a sentence's opening."""
        return place < self.opening or any(start <= place < end for start, end in self.openings)

    @cached_property
    def taken(self) -> frozenset[str]:
        """Stems of the choices that slots have."""
        return frozenset(s for slot in self.slots for value in slot.choices for s in stems_of(str(value)))

    def number(self, start: int, end: int) -> bool:
        """The whole range is a number."""
        return any(s.kind == "number" and s.start <= start and end <= s.end and s.score >= SURE for s in self.spans)

    def measured(self, start: int, end: int) -> bool:
        """The whole range is an amount of something, or speaks of time."""
        return self.temporal(start, end) or any(
            s.kind in ("money", "quantity", "temperature", "percent")
            and s.start <= start
            and end <= s.end
            and s.score >= SURE
            for s in self.spans
        )

    def valued_at(self, place: int) -> bool:
        """An amount begins at a place."""
        return any(s.start == place and s.kind in ("money", "number", "quantity") for s in self.spans)

    def valued(self, word: Word, before: int) -> bool:
        """The word belongs to a value that ends before a place."""
        return any(s.start <= word.start < s.end <= before and s.score >= SURE for s in self.spans)

    def timed(self, at: int) -> bool:
        """The word belongs to a date, a time or a recurrence."""
        word = self.words[at]
        return any(s.start <= word.start < s.end and s.kind in TIMED and s.score >= SURE for s in self.spans)

    @cached_property
    def timely(self) -> bool:
        """The tool takes something of time."""
        return any(slot.shape in ("date-time", "date", "time", "duration", "rrule") for slot in self.slots)

    def dated(self, place: int) -> bool:
        """The place belongs to a date or a time; "daily" and the like alone are none."""
        found = [s for s in self.spans if s.start <= place < s.end and s.kind in TIMED and s.score >= SURE]
        return any(s.kind != "repeat" or " " in s.text for s in found)

    @property
    def now(self) -> datetime:
        return self.request.now

    def index_at(self, position: int) -> int:
        """Index of the first word at or after a place."""
        return bisect_left(self.words, position, key=lambda word: word.start)

    def before(self, position: int, count: int = 4) -> list[Word]:
        """The words just before a place in the same phrase, nearest first, without articles and "is"."""
        found: list[Word] = []
        for word in reversed(self.words[: self.index_at(position)]):
            if word.is_mark and word.text not in ":=#'\"“":
                break
            if word.lower not in ARTICLES and not word.is_mark and word.lower not in ("is", "be", "are", "set"):
                found.append(word)
            if len(found) == count:
                break
        return found

    def after(self, position: int, count: int = 3) -> list[Word]:
        """The words just after a place, in the same phrase."""
        found: list[Word] = []
        for word in self.words[self.index_at(position) :]:
            if word.is_mark or len(found) == count:
                break
            found.append(word)
        return found

    def lead(self, position: int) -> str:
        """The word that leads to what stands at a place: the nearest one before that is no article."""
        near = self.before(position, 1)
        return near[0].lower if near else ""

    def lead_before(self, position: int) -> str:
        """The word just before a place, whatever it is."""
        at = self.index_at(position)
        return self.words[at - 1].lower if at else ""

    @cached_property
    def afterthought(self) -> int:
        """Where a command at the end begins that speaks of what was said before it: ", put it in the calendar"."""
        return afterthought(self.text)

    def temporal(self, start: int, end: int) -> bool:
        """The range touches words that surely speak of time."""
        return any(s.start < end and start < s.end for s in self.spans if s.kind in TEMPORAL and s.score >= SURE)


@lru_cache(maxsize=64)
def _spans(text: str, now: datetime) -> tuple[Span, ...]:
    """Several tools are tried with one text."""
    return tuple(find_values(text, now))


def clause_of(text: str, tool: ToolSchema, request: Request) -> Clause:
    """Read the text once for all offers."""
    slots = slots_of(tool)
    seen = Counter(name for slot in slots for name in slot.names)
    return Clause(
        text=text,
        words=tuple(words_of(text)),
        spans=_spans(text, request.now),
        tool=tool,
        slots=slots,
        request=request,
        opening=opening_end(text, tool),
        own=vocabulary(tool),
        labels=frozenset(seen),
        common=frozenset(name for name, count in seen.items() if count > 1),
    )

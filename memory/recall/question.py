"""What a question asks for: its words, the kind of answer it wants, and whether a text is a question at all.

Must stay true: any text can be asked. Does not know the notes, nor people's names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from memory.recall.stems import forms, stem
from memory.record.words import READ_CHARS, content_words, split

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ASKS = re.compile(
    r"(what|who|where|when|why|how|which)(['’]s|\s+(is|are|was|were|do|does|did|can|could|will|would|should|have|has|"
    r"many|much|long|far|old|often))\b",
    re.IGNORECASE,
)
_WANTS_TIME = re.compile(
    r"\b(when|dates?|how (long|old|recently)|(what|which) (year|month|day|week|time))\b", re.IGNORECASE
)
_TIME = re.compile(
    r"\b(yesterday|today|tonight|tomorrow|ago|last|next|since|recently|just|soon|"
    r"this (week|month|year|morning|weekend|summer|spring|fall|autumn|winter)|weeks?|weekends?|months?|years?|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"mon|tues|wednes|thurs|fri|satur|sun)(day)?\b|\b\d{4}\b|\b\d{1,2}(st|nd|rd|th)\b|\b\d{1,2}[:.]\d\d\b",
    re.IGNORECASE,
)
_WANTS_NUMBER = re.compile(r"\bhow (many|much|long|often|old|far|big|tall)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twice|once|couple|few|dozen|half|every)\b",
    re.IGNORECASE,
)

_WANTS_DEEDS = re.compile(r"\b(has|have)\b(?!\s+to\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A form in which answers come."""

    name: str
    asked: re.Pattern[str]
    """Finds itself in a question that wants it."""
    given: re.Pattern[str]
    """Finds itself in a text that has it."""


_KINDS = (Kind("time", _WANTS_TIME, _TIME), Kind("number", _WANTS_NUMBER, _NUMBER))


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read."""

    text: str
    words: dict[str, str]
    """The words that it is about, by their stems, in order."""

    @property
    def forms(self) -> list[list[str]]:
        """Of each word the forms to look up, itself first."""
        return [forms(word) for word in self.words.values()]

    def without(self, names: Iterable[str]) -> Question:
        """The same but for the words that only name who speaks; all of it where nothing else is asked."""
        left = {one: word for one, word in self.words.items() if one not in frozenset(names)}
        return Question(self.text, left or self.words)


def wanted_kind(question: str) -> Kind | None:
    """In what form the answer to this will come."""
    begin = question[:READ_CHARS]
    return next((kind for kind in _KINDS if kind.asked.search(begin)), None)


def wants_deeds(question: str) -> bool:
    """Whether it asks what someone has done or has: something that is told in many talks."""
    return _WANTS_DEEDS.search(question[:READ_CHARS]) is not None


def read_question(text: str) -> Question:
    """What this text is about."""
    words: dict[str, str] = {}
    for word in content_words(text):
        for part in said_words(word):
            words.setdefault(stem(part), part)
    return Question(text, words)


def said_words(said: str) -> list[str]:
    """All words of a text, in small letters and without accents."""
    small = said[:READ_CHARS].casefold()
    if not small.isascii():
        small = split(small)
        small = "".join(sign for sign in unicodedata.normalize("NFD", small) if not unicodedata.combining(sign))
    return _WORD.findall(small)


def said_stems(said: str) -> frozenset[str]:
    """What the words of a text share with all their forms."""
    return frozenset(map(stem, said_words(said)))


def asks(said: str) -> bool:
    """Whether a text asks anything, whatever else it says."""
    return "?" in said


def is_question(said: str) -> bool:
    """Whether a text only asks."""
    sentences = _SENTENCE_END.split(said.strip())
    if all(sentence.endswith("?") for sentence in sentences):
        return True
    return len(sentences) == 1 and not said.rstrip().endswith((".", "!")) and _ASKS.match(said.lstrip()) is not None

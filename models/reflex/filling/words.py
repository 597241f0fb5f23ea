"""Words of a request with their places, and the few closed word classes that the filling turns on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:[-'’.&/][^\W_]+)*|[^\w\s]")
APOSTROPHES = str.maketrans("’‘", "''")


def bag(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


ARTICLES = bag("a an the my our your his her their its some any this that these those")
PREPOSITIONS = bag(
    "from to in at on for by with about near of into onto off out called named titled labelled labeled as until till "
    "under over between around via through within saying regarding towards toward using after before since than "
    "starring featuring like against during without inside outside above below per containing entitled"
)
CONJUNCTIONS = bag("and or but then also plus")
AUXILIARIES = bag(
    "is are was were be been am do does did have has had will would can could should shall may might must s 's"
)
JOINED = bag(
    "what's who's where's when's how's that's it's there's here's i'm i've i'd i'll we're we've we'd we'll you're "
    "you've you'll they're he's she's let's don't doesn't didn't isn't aren't wasn't can't won't"
)
"""Little words run together: no content of their own."""
PRONOUNS = bag("i me we us you he him she it they them what who which where when how why that there")
FILLERS = bag("please just thanks thank now too well instead again only more like want need hey ok okay yes no not")
STOP = ARTICLES | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | PRONOUNS | FILLERS | bag("if so up down")
QUOTED = re.compile(r"[\"“«]([^\"”»]+)[\"”»]?|(?<!\w)['‘]([^'‘’]+(?:['’]\w[^'‘’]*)*)['’](?!\w)")


TEXTS_KEPT = 8_192
"""Texts whose words are kept: the examples of a few hundred tools are looked at several times over, 10 MB."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark of the text; `lower` has straight apostrophes."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def stem(self) -> str:
        return stem(self.lower)

    @property
    def is_mark(self) -> bool:
        return not (self.text[0].isalnum() or self.text[-1].isalnum())


@lru_cache(maxsize=TEXTS_KEPT)
def words_of(text: str) -> tuple[Word, ...]:
    """All words and marks in order."""
    found = TOKEN.finditer(text)
    return tuple(Word(m.group(), m.group().lower().translate(APOSTROPHES), m.start(), m.end()) for m in found)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A light stem: enough that plural, possessive, -ing and -ed forms meet."""
    word = word.lower().translate(APOSTROPHES).removesuffix("'s").removesuffix("'")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3:
            if root[-1] == root[-2] and root[-1] not in "ls":
                return root[:-1]
            return root.removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def stem_bag(words: str) -> frozenset[str]:
    """The stems of the words of a line as a set."""
    return frozenset(map(stem, words.split()))


@lru_cache(maxsize=16384)
def stems_of(text: str) -> tuple[str, ...]:
    """Stems of the words of a name or a description, also of camelCase and snake_case names."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("_", " ").replace("-", " ")
    return tuple(word.stem for word in words_of(spaced) if not word.is_mark)


@lru_cache(maxsize=TEXTS_KEPT)
def content_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("_", " ").replace("-", " ")
    return frozenset(
        word.stem
        for word in words_of(spaced)
        if not word.is_mark and word.lower not in STOP and word.lower not in JOINED
    )


def titled(text: str, start: int, end: int) -> bool:
    """An article with a capital before another capital, not at the text's beginning: "The Beatles"."""
    after = text[end:].lstrip()
    return start > 0 and text[start].isupper() and after[:1].isupper()


def trim(text: str, start: int, end: int, drop: frozenset[str] = ARTICLES) -> tuple[int, int]:
    """The range without spaces and marks at its ends and without leading words of `drop`."""
    while True:
        while start < end and (text[start].isspace() or text[start] in ",.;:!?-–"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",.;:!?-–"):
            end -= 1
        first = re.match(r"[^\W\d_]+(?=\s)", text[start:end])
        if first is None or first.group().lower() not in drop or titled(text, start, start + first.end()):
            return start, end
        start += first.end()

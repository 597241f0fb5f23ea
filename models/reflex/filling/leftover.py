"""Slots that take what remains: titles, messages, questions, and required names that nothing else gave."""

from __future__ import annotations

import re
from collections.abc import Callable

from models.reflex.filling.arithmetic import EXPRESSIONS, as_expression
from models.reflex.filling.named import CALL, WHOLE
from models.reflex.filling.opening import HEADS, QUESTION, VERBS, polite_end
from models.reflex.filling.phrase import GEO, VAGUE, VERBAL
from models.reflex.filling.rest import sought
from models.reflex.filling.slot import Slot
from models.reflex.filling.state import State
from models.reflex.filling.words import ARTICLES, AUXILIARIES, PRONOUNS, STOP, Word, bag, stem, stem_bag, words_of

TAKES_REST = stem_bag(
    "query question prompt text message content body note expression equation sentence description title task subject "
    "reminder summary keyword keywords search"
)
QUERIES = stem_bag("query keyword keywords search q terms")
CUTS = bag("from out off to on in at into until")
TITLED = stem_bag("title")
NAMED = stem_bag("name label")
TALKED = re.compile(r"^(?:(?:i'm|we're|i am|we are)\s+(?=\w+ing\b)|(?:i've got|we've got|there's)\s+(?:an?\s+)?)", re.I)
NEW = bag("minus countdown new one another timer alarm fresh second")
LOOKS = bag("reach contact meet know")
TALK = AUXILIARIES | PRONOUNS
"""A value that merely remains has none of these: it is talk."""
NAME_WORDS = 6
"""A name that only remains is no longer than this."""


def fill_leftovers(state: State, following: bool) -> None:
    """Give the remaining words to the slot that takes them."""
    index = _taker(state, following)
    if index is None:
        return
    slot = state.clause.slots[index]
    text = _said(state, slot)
    if not text or _empty(state, slot, text):
        return
    if slot.kind and not slot.many:
        text = _noun_phrase(text)
    if slot.kind or slot.names & {"name", "nam", "label"}:
        text = _without_head(text)
    value: str | list[str] = state.parts(text, slot.kind) if slot.many else text
    if not slot.holds(value):
        return
    state.give(index, value)
    state.rested.append((state.clause.opening, len(state.clause.text)))


def _said(state: State, slot: Slot) -> str:
    """The remaining words as this sort of slot takes them."""
    if slot.fill == "all":
        return state.clause.text.strip()
    text = state.rest()
    if slot.names & QUERIES and slot.fill == "rest":
        text = sought(state.clause) or text
    if slot.names & EXPRESSIONS:
        text = as_expression(state.clause.text) or text
    if slot.names & NAMED and (call := CALL.search(text)):
        text = text[call.end() :]
    if slot.names & NAMED:
        text = re.sub(r"^(?:name|title|label)\s+(?:(?:to|is)\s+)?(?=\S)", "", text)
    if slot.names & GEO:
        text = re.sub(r"^(?:in|at)\s+(?:the\s+)?", "", text)
    if slot.names & TITLED:
        text = TALKED.sub("", text)
    return text


def takes_rest(slot: Slot) -> bool:
    """The slot's value is free text that nothing marks off."""
    return slot.fill == "rest" or (slot.shape == "text" and not slot.kind and bool(slot.names & TAKES_REST))


def _taker(state: State, following: bool) -> int | None:
    """The slot for what remains: one that says so, else a required one, else a short name."""
    empty = [(i, s) for i, s in enumerate(state.clause.slots) if i not in state.values and s.shape == "text"]
    wishes: tuple[Callable[[Slot], bool], ...] = (
        lambda s: s.fill == "all",
        lambda s: s.fill == "rest" and s.required,
        lambda s: s.fill == "rest" and not following,
        lambda s: takes_rest(s) and s.required,
        lambda s: s.required and s.kind is not None,
        lambda s: s.required and s.fill not in ("place", "zone", "unit"),
        lambda s: s.required and s.fill != "unit",
        lambda s: s.kind is not None and not s.many and not _others(state),
    )
    for wanted in wishes:
        for index, slot in empty:
            if wanted(slot):
                return index
    return None


def _others(state: State) -> bool:
    """Another slot already has the request's object."""
    return any(s.fill == "rest" or s.kind for i, s in enumerate(state.clause.slots) if i in state.values)


def _empty(state: State, slot: Slot, text: str) -> bool:
    """Nothing of the person's own in it."""
    words = [word for word in words_of(text) if not word.is_mark]
    if (
        slot.fill == "all"
        or (slot.fill == "rest" and slot.required)
        or (slot.names & NAMED and CALL.search(state.clause.text))
    ):
        return not words
    optional = not slot.required
    if optional and slot.kind and any(word.lower in STOP - ARTICLES - {"of", "and", "with"} for word in words):
        return True
    if optional and all(word.lower in STOP | NEW for word in words):
        return True
    own = all(
        word.lower in STOP
        or (word.stem in state.clause.own and not word.lower.isdigit())
        or (optional and word.lower in VERBS)
        for word in words
    )
    if not takes_rest(slot) and not slot.kind and not slot.many and _is_talk(state, words):
        return True
    if optional and slot.kind and any(word.lower in AUXILIARIES for word in words):
        return True
    return own or (not slot.fill and slot.kind is not None and len(words) > NAME_WORDS)


def _noun_phrase(text: str) -> str:
    """ "plumber" of "reach the plumber out of there": what an article leads to, up to a little word."""
    words = words_of(text)
    while len(words) > 1 and words[0].lower in WHOLE:
        words = words[1:]
    at = next((i for i, word in enumerate(words) if word.lower in ARTICLES), -1) + 1
    if at and any(word.lower not in VERBS | LOOKS for word in words[: at - 1]):
        at = 0
    end = next((i for i, word in enumerate(words) if i > at and word.lower in CUTS), len(words))
    return text[words[at].start : words[end - 1].end] if at < end <= len(words) else text


def _without_head(text: str) -> str:
    """ "egg" of "egg timer"."""
    words = text.split()
    return " ".join(words[:-1]) if len(words) > 1 and stem(words[-1]) in HEADS else text


def _is_talk(state: State, words: list[Word]) -> bool:
    """The person talks about the request; a value that merely remains is a bare phrase."""
    if not words or words[0].lower in VERBAL or any(word.lower in TALK for word in words):
        return True
    clause = state.clause
    return all(
        word.lower in STOP | VAGUE or word.stem in clause.own | clause.labels or word.lower in VERBAL for word in words
    )


def _is_question(text: str) -> bool:
    return text.rstrip().endswith("?") or QUESTION.match(text, polite_end(text)) is not None

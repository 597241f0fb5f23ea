"""Values of array slots: every choice that is named, every number, the entries of a spoken list."""

from __future__ import annotations

import re
from typing import Any

from models.reflex.filling.choice import chosen_all
from models.reflex.filling.clause import SURE, Clause
from models.reflex.filling.opening import VERBS
from models.reflex.filling.phrase import Piece, lead_score, pieces_of
from models.reflex.filling.rooms import NAMED, rooms_in
from models.reflex.filling.slot import Slot
from models.reflex.filling.state import State
from models.reflex.filling.words import QUOTED, STOP, Word, bag

STATED = re.compile(
    r"(?!(?:i|we|you|it|they|that|he|she|what|there)\b)(.+?)\s+(?:is|are|was|were|isn't|aren't|don't|doesn't|"
    r"do not|does not|has|have)(?:\s|$)(?!.*\band\b)",
    re.I,
)
"""What something is said of: "the tent is not packed"."""
KINDS = {
    "date": "day",
    "date-time": "moment",
    "time": "time",
    "email": "email",
    "phone": "phone",
    "url": "url",
    "duration": "duration",
}


HEADED = bag("between among amongst of from")
TAILED = bag("in into")
COUNTS = bag("pick choose select one two three four five six seven eight nine ten")
OR = re.compile(r"\s*,?\s+or\s+(?=\S)", re.I)
LEAD = re.compile(r"^(?:(?:between|among|amongst|with|of|from|as)\s+)+(?=\S)", re.I)
"""Little words before a list."""


def array_value(state: State, index: int) -> None:
    """Fill an array slot where the text gives it anything."""
    clause, slot = state.clause, state.clause.slots[index]
    if slot.choices:
        if offers := chosen_all(clause, index):
            state.give(index, [o.value for o in offers], [r for o in offers for r in o.ranges])
    elif slot.shape in ("number", "integer"):
        _numbers(state, index)
    elif slot.shape in KINDS:
        spans = [s for s in clause.spans if s.kind == KINDS[slot.shape] and s.score >= SURE]
        if spans:
            state.give(index, [s.value for s in spans], [(s.start, s.end) for s in spans])
    else:
        _texts(state, index)


def _numbers(state: State, index: int) -> None:
    whole = state.clause.slots[index].shape == "integer"
    found: list[tuple[Any, tuple[int, int]]] = []
    for span in state.clause.spans:
        value = span.value.get("amount") if isinstance(span.value, dict) else span.value
        used = any(a < span.end and span.start < b for a, b in state.covered)
        if span.kind not in ("number", "money", "quantity", "percent") or span.score < SURE or used or value is None:
            continue
        if not whole or value == int(value):
            found.append((int(value) if whole else value, (span.start, span.end)))
    if found:
        state.give(index, [value for value, _ in found], [place for _, place in found])


def _texts(state: State, index: int) -> None:
    clause, slot = state.clause, state.clause.slots[index]
    quoted = list(QUOTED.finditer(clause.text))
    if quoted:
        state.give(index, [(m.group(1) or m.group(2)).strip(" ,.") for m in quoted], [m.span() for m in quoted])
        return
    if slot.names & NAMED and not slot.kind and (rooms := rooms_in(clause)):
        state.give(index, [clause.text[a:b] for a, b in rooms], rooms)
        return
    if slot.required and not slot.kind and not slot.fill:
        _led(state, index)
        if index in state.values:
            return
    if slot.required or slot.kind or slot.fill:
        if not slot.kind:
            state.covered += [*own_head(clause), *own_tail(clause)]
        text = state.rest()
        if slot.kind and (match := STATED.match(text)):
            text = match.group(1)
        if not slot.kind:
            text = LEAD.sub("", OR.sub(", ", text))
        entries = [] if any(s.required and s.fill == "rest" for s in clause.slots) else state.parts(text, slot.kind)
        if entries and (slot.required or slot.fill == "rest"):
            state.give(index, entries)
            state.rested.append((clause.opening, len(clause.text)))
        return
    _led(state, index)


def own_head(clause: Clause) -> list[tuple[int, int]]:
    """ "two teams of", "one number between": the tool's own words that lead to a list."""
    for at, word in enumerate(clause.words):
        if word.start >= clause.opening and word.lower in HEADED:
            return [(0, word.end)] if all(_own(clause, one) for one in clause.words[:at]) else []
        if word.end > clause.opening and not _own(clause, word):
            break
    return [(0, clause.opening)]


def own_tail(clause: Clause) -> list[tuple[int, int]]:
    """ "in random order", "into two teams": the tool's own words after a list."""
    words = [word for word in clause.words if not (word.is_mark and word.text in ".?!")]
    at = len(words) - 1
    while at > 0 and words[at].start >= clause.opening and words[at].lower not in TAILED and _own(clause, words[at]):
        at -= 1
    told = any(word.stem in clause.own and word.lower not in STOP for word in words[at + 1 :])
    led = at > 0 and words[at].lower in TAILED and words[at].start > clause.opening
    return [(words[at].start, len(clause.text))] if led and told else []


def _own(clause: Clause, word: Word) -> bool:
    """Of the tool rather than of the person: its own word, a verb, a little word or a number."""
    return (
        word.stem in clause.own | clause.labels
        or word.lower in STOP | VERBS | COUNTS
        or word.lower.isdigit()
        or word.end <= clause.opening
    )


def _unlabelled(clause: Clause, slot: Slot, piece: Piece) -> int:
    """Where a piece begins without the slot's own name: "labels ui and theme"."""
    first = clause.words[piece.first]
    return clause.words[piece.first + 1].start if first.stem in slot.names and piece.first < piece.last else piece.start


def _led(state: State, index: int) -> None:
    """An optional list needs its own lead: "with cheese and ham"."""
    clause, slot = state.clause, state.clause.slots[index]
    entries: list[str] = []
    ranges: list[tuple[int, int]] = []
    for piece in pieces_of(clause):
        used = any(a < piece.end and piece.start < b for a, b in state.covered)
        follows = bool(entries) and piece.lead == ","
        before = clause.before(piece.start, 2)
        named = any(w.stem in slot.names and not (w.end <= clause.opening and w.lower in VERBS) for w in before)
        named = named or _unlabelled(clause, slot, piece) > piece.start
        if not used and (follows or (not entries and (lead_score(slot, piece.lead) > 0.9 or named))):
            entries += state.parts(clause.text[_unlabelled(clause, slot, piece) : piece.end])
            ranges.append((piece.lead_start, piece.end))
        elif entries:
            break
    if entries:
        state.give(index, entries, ranges)

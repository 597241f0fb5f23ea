"""Offers of names of things that exist in this home: a list, a contact, an event, a timer.

A known name wins, the longest first; else the words around the kind's own noun ("the pasta timer", "mum's
number") name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from models.reflex.filling.clause import Clause
from models.reflex.filling.offer import Offer
from models.reflex.filling.past import touched
from models.reflex.filling.slot import Slot
from models.reflex.filling.words import ARTICLES, PREPOSITIONS, QUOTED, STOP, bag, stem, trim, words_of

KNOWN, PARTLY, NOUN, CALLED, POSSESSIVE = 3.4, 1.5, 2.6, 2.8, 2.2
NOUNS = {
    "list": "list",
    "event": "event appointment meeting",
    "reminder": "reminder",
    "note": "note memo",
    "contact": "contact",
    "timer": "timer",
    "alarm": "alarm",
    "item": "item",
}
WHOLE = bag("all every whole entire each")
ABOUT = bag("about to for on of with regarding that")
SAYS = bag("takes should says")
ENDS_NAME = (PREPOSITIONS - {"of"}) | bag("is are was were has have should")
"""In small letters these end a name that begins with a capital."""
PART_OF = re.compile(r"(?:the )?(?:title|name|location|place|time|length|text|wording) (?:of|for) ", re.I)
CALL = re.compile(
    r"\b(?:(?<!is )(?<!are )(?<!was )called|named|titled|labell?ed|(?:name|call|label) (?:it|this|that))\s+", re.I
)
KIN = re.compile(
    r"\bmy (?:(?:big|little|older|younger|ex|step|grand|best|late) ?-?)*(?:sister|brother|mother|father|"
    r"mum|mom|dad|wife|husband|"
    r"partner|son|daughter|aunt|uncle|cousin|niece|nephew|grandma|grandpa|grandmother|grandfather|granny|"
    r"gran|boss|doctor|"
    r"dentist|neighbou?r|friend|girlfriend|boyfriend|landlord|plumber|electrician|vet|teacher|colleague|manager|lawyer|"
    r"accountant|roommate|flatmate)(?:-in-law)?\b",
    re.I,
)
NAMED_KIN = re.compile(r"(?: is|'s| is (?:called|named))\s+[A-Z]")
"""After "my dentist" the name follows."""
TITLED = bag("dr mr mrs ms prof st")
RELATION = re.compile(
    r"(?:,\s*)?(?:\b(?:and )?(?:(?:she|he|they|who)(?: is|'s| are|'re| was)|is|as|being)|,)\s+(?:my|our|"
    r"the) ([a-z][a-z-]*(?:[ -]in[ -]law)?)\b"
    r"|\bmy ([a-z][a-z-]*(?:-in-law)?)\s+(?:is\s+)?(?=[A-Z])",
)


def named_offers(clause: Clause) -> Iterator[Offer]:
    """All offers to slots that name a thing."""
    for index, slot in enumerate(clause.slots):
        if slot.kind and not slot.many and slot.shape == "text":
            yield from _known(clause, index, slot)
            yield from _by_noun(clause, index, slot)
            yield from _after_noun(clause, index, slot)
            yield from _called(clause, index, slot)
            yield from _about(clause, index, slot)
            yield from _object(clause, index, slot)
            if slot.kind == "contact":
                yield from _people(clause, index)
        if stem("relation") in slot.names or stem("relationship") in slot.names:
            yield from _relation(clause, index)


def _known(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    stems = tuple(word.stem for word in clause.words)
    present = frozenset(stems)
    kind = slot.kind or ""
    recent = [str(thing["name"]) for thing in touched(clause.request, kind) if thing.get("name")]
    for name in [*clause.request.names.get(kind, ()), *recent]:
        form = form_of(name)
        if not form or form[0] not in present or not present.issuperset(form):
            continue
        for at in places(stems, form):
            first, last = clause.words[at], clause.words[at + len(form) - 1]
            score = KNOWN + 0.2 * len(form) - (0.8 if last.end <= clause.opening else 0.0)
            score += _led(clause, slot, first.start)
            reach = with_noun(clause, first.start, last.end, slot)
            yield Offer(index, ((first.start, last.end),), name, score, reach)


@lru_cache(maxsize=16384)
def form_of(name: str) -> tuple[str, ...]:
    """The stems of a name without a leading article."""
    form = tuple(word.stem for word in words_of(name) if not word.is_mark)
    return form[1:] if len(form) > 1 and form[0] in ARTICLES else form


def places(stems: Sequence[str], form: tuple[str, ...]) -> Iterator[int]:
    """Where a sequence of stems stands."""
    for at in range(len(stems) - len(form) + 1):
        if stems[at] == form[0] and tuple(stems[at : at + len(form)]) == form:
            yield at


def nouns_of(slot: Slot) -> frozenset[str]:
    """Stems of the words for a slot's kind of thing."""
    kind = slot.kind or slot.name
    return frozenset(stem(word) for word in NOUNS.get(kind, kind).split())


def with_noun(clause: Clause, start: int, end: int, slot: Slot) -> tuple[int, int]:
    """The range with its preposition and article before, and the kind's noun after it."""
    after = clause.after(end, 1)
    if after and after[0].stem in nouns_of(slot) and clause.text[end : after[0].start].isspace():
        end = after[0].end
    at = clause.index_at(start) - 1
    if at >= 0 and clause.words[at].stem in nouns_of(slot) and clause.words[at].start >= clause.opening:
        start, at = clause.words[at].start, at - 1
    while at >= 0 and clause.words[at].start >= clause.opening and clause.words[at].lower in ARTICLES | PREPOSITIONS:
        start = clause.words[at].start
        if clause.words[at].lower in PREPOSITIONS:
            break
        at -= 1
    return start, end


def _by_noun(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    """ "the pasta timer", "my packing list"."""
    nouns = nouns_of(slot)
    for at, word in enumerate(clause.words):
        if word.stem not in nouns or word.start < clause.opening:
            continue
        first = at
        while first > 0 and at - first < 4 and _names(clause, first - 1):
            first -= 1
        if first < at:
            start, end = clause.words[first].start, clause.words[at - 1].end
            yield Offer(
                index,
                ((start, end),),
                clause.text[start:end].removesuffix("'s"),
                NOUN + _led(clause, slot, start),
                with_noun(clause, start, end, slot),
            )


def _after_noun(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    """ "the bookmark Our daily bread": a name in capitals right after the kind's noun."""
    nouns = nouns_of(slot)
    for at, word in enumerate(clause.words[:-1]):
        follows = clause.words[at + 1]
        if word.stem not in nouns or word.start < clause.opening or not follows.text[0].isupper():
            continue
        end = follows.start
        for one in clause.words[at + 1 :]:
            little = one.text[0].islower() and one.lower in ENDS_NAME
            if one.is_mark or little or clause.dated(one.start):
                break
            end = one.end
        if end > follows.start:
            yield Offer(
                index,
                ((follows.start, end),),
                clause.text[follows.start : end],
                CALLED + 0.4 + _led(clause, slot, word.start),
                with_noun(clause, word.start, end, slot),
            )


def _about(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    """ "the reminder to call mum", "the note about the boiler"."""
    nouns = nouns_of(slot)
    for at, word in enumerate(clause.words[:-2]):
        if word.stem not in nouns or clause.words[at + 1].lower not in ABOUT:
            continue
        start, end = trim(clause.text, clause.words[at + 2].start, called_end(clause, clause.words[at + 2].start))
        if end > start and not clause.temporal(start, start + 1):
            yield Offer(index, ((start, end),), clause.text[start:end], NOUN - 0.4, (word.start, end))


def _object(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    """What the verb is said of, where more is to be said about it: "rename the meeting to …"."""
    if not any(other.fill == "rest" and other is not slot for other in clause.slots):
        return
    start = clause.opening
    if match := PART_OF.match(clause.text, start):
        start = match.end()
    end = start
    for word in clause.words[clause.index_at(start) :]:
        stops = (
            word.is_mark
            or word.lower in STOP - ARTICLES - {"with", "of", "about"}
            or clause.timed(clause.index_at(word.start))
        )
        if stops or word.lower in SAYS:
            break
        end = word.end
    start, end = trim(clause.text, start, end)
    words, whole = clause.words[clause.index_at(start) : clause.index_at(end)], end
    if len(words) > 1 and words[-1].stem in nouns_of(slot):
        end = words[-2].end
    if start < end < len(clause.text.rstrip(" .!?")):
        yield Offer(
            index,
            ((start, end),),
            clause.text[start:end],
            NOUN + 0.1 if slot.required else 0.5,
            (clause.opening, whole),
        )


def _names(clause: Clause, at: int) -> bool:
    word = clause.words[at]
    plain = word.lower not in STOP | WHOLE and not word.is_mark
    return plain and word.start >= clause.opening and not clause.temporal(word.start, word.end)


def _led(clause: Clause, slot: Slot, start: int) -> float:
    """Between two slots of a kind ("from the shopping list to the packing list") the leading word decides."""
    rivals = [other for other in clause.slots if other is not slot and other.kind == slot.kind and not other.many]
    if not rivals:
        return 0.0
    lead = clause.lead(start)
    if lead in slot.directions:
        return 1.0
    return -1.0 if any(lead in rival.directions for rival in rivals) else 0.0


def _called(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    for match in CALL.finditer(clause.text):
        end = called_end(clause, match.end())
        if end > match.end():
            value = clause.text[match.end() : end].strip(" ,.?!'\"")
            yield Offer(index, ((match.end(), end),), value, CALLED, (match.start(), end))
    for match in QUOTED.finditer(clause.text):
        value = match.group(1) or match.group(2)
        yield Offer(index, (match.span(),), value, 1.9, match.span())


def called_end(clause: Clause, start: int) -> int:
    """A name given by "called" runs to a mark, to words about time, or to a little word."""
    end = start
    for word in clause.words[clause.index_at(start) :]:
        if word.is_mark or word.lower in PREPOSITIONS | {"and"} or (end > start and clause.dated(word.start)):
            break
        end = word.end
    return end


def _people(clause: Clause, index: int) -> Iterator[Offer]:
    for match in KIN.finditer(clause.text):
        if NAMED_KIN.match(clause.text, match.end()):
            continue
        yield Offer(index, (match.span(),), match.group(), POSSESSIVE + 0.6, match.span())
    for at, word in enumerate(clause.words):
        if word.lower.endswith(("'s", "s'")) and word.lower.rstrip("s").rstrip("'") not in STOP | {
            "what",
            "who",
            "let",
            "here",
        }:
            first = at
            while first > 0 and clause.words[first - 1].text[0].isupper() and _names(clause, first - 1):
                first -= 1
            start = clause.words[first].start
            end = word.end - 2 if word.lower.endswith("'s") else word.end - 1
            score = POSSESSIVE + (0.3 if word.text[0].isupper() else 0.0)
            yield Offer(index, ((start, word.end),), clause.text[start:end], score, (start, word.end))
        elif word.text[0].isupper() and word.start >= clause.opening and _names(clause, at):
            score = 2.3 if word.start == clause.opening else 1.7
            name = _full_name(clause, at)
            place = (word.start, word.start + len(name))
            yield Offer(index, (place,), name, score, place)


def _full_name(clause: Clause, at: int) -> str:
    last, words = at, clause.words
    while last + 1 < len(words):
        step = 1 + (words[last].lower in TITLED and words[last + 1].text == ".")
        if last + step >= len(words) or not words[last + step].text[0].isupper() or not _names(clause, last + step):
            break
        last += step
    return clause.text[clause.words[at].start : clause.words[last].end]


def _relation(clause: Clause, index: int) -> Iterator[Offer]:
    for match in RELATION.finditer(clause.text):
        group = 1 if match.group(1) else 2
        yield Offer(index, (match.span(group),), match.group(group), 3.0, match.span())

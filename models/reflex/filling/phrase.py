"""Offers of free text: pieces of the sentence between its little words.

"find me a flight | from Paris | to New York | on Friday". A piece goes to the slot that its leading word, its
neighbours, the schema's examples or its look speak for. Titles and messages that take all the rest are in rest.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.reflex.filling.choice import forms
from models.reflex.filling.clause import Clause
from models.reflex.filling.cues import ALL_LEADS
from models.reflex.filling.named import called_end
from models.reflex.filling.offer import Offer
from models.reflex.filling.opening import VERBS
from models.reflex.filling.people import person_offers
from models.reflex.filling.slot import Slot, trailing_lead
from models.reflex.filling.words import (
    ARTICLES,
    AUXILIARIES,
    CONJUNCTIONS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    STOP,
    Word,
    bag,
    stem,
    stem_bag,
    titled,
    trim,
)

BREAKS = (
    (PREPOSITIONS - {"of"})
    | AUXILIARIES
    | (PRONOUNS - {"my"})
    | {
        "located",
        "related",
        "based",
        "given",
        "right",
        "now",
        "also",
        "if",
        "but",
        "then",
        "want",
        "need",
        "starting",
        "departing",
        "leaving",
        "arriving",
        "because",
        "behind",
        "ahead",
    }
)
MERGES = 2
"""How many pieces may be taken together as one value."""
MARKED = bag("called named titled labelled labeled entitled saying says")
PROPER = stem_bag(
    "name city title artist place location country author person origin destination company team album "
    "song movie film book restaurant hotel airport state brand director actor contact recipient"
)
CODES = stem_bag(
    "id identifier code number reference symbol ticker token key isbn sku vin iban account password "
    "plate license licence"
)
LONG = stem_bag(
    "text message content body note description comment query question prompt sentence paragraph expression equation"
)
STREETS = stem_bag("address street")
TITLES = stem_bag("title label")
COUNTED = stem_bag("number count amount quantity size age year total price budget seats id code zip") | LONG
SHORT = re.compile(r"(?:i|we|you|he|she|it|they|that|there|who|what|here|let)'|\w+n't$")
VERBAL = (
    VERBS
    - {
        "play",
        "order",
        "book",
        "mail",
        "post",
        "file",
        "record",
        "watch",
        "light",
        "new",
        "run",
        "open",
        "close",
        "view",
    }
) | bag("go eat visit think fly travel stay leave looking searching")
GEO = stem_bag("city location country state area origin destination airport place town region venue address")
VAGUE = bag(
    "people person persons something anything anyone someone somewhere thing things time way one ones place yeah nope "
    "option options possible else other others sorry sure great good fine back"
)
"""Words that are never a value by themselves."""
SECOND = stem_bag("other second to two b end destination target")
YEAR = re.compile(r"(?:19|20|21)\d\d")
JOINS = frozenset({"to", "in", "on", "at", "with", "from", "by", "of", "for", "a", "the", "and", "or"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words and the word that leads to it."""

    start: int
    end: int
    lead: str
    lead_start: int
    first: int
    """Index of its first word."""
    last: int


def pieces_of(clause: Clause) -> list[Piece]:
    """The text after its opening, cut at prepositions, marks and auxiliaries."""
    found: list[Piece] = []
    lead, lead_start, run = "", clause.opening, list[int]()
    for at, word in enumerate(clause.words):
        if clause.opens(word.start):
            _close(clause, found, run, lead, lead_start)
            lead, lead_start, run = "", word.end, []
            continue
        breaks = (word.lower in BREAKS and word.text != "May") or clause.timed(at) or bool(SHORT.match(word.lower))
        if not breaks and not (word.is_mark and word.text not in "&+-#$"):
            run.append(at)
            continue
        _close(clause, found, run, lead, lead_start)
        run = []
        lead, lead_start = (word.lower, word.start) if breaks else ("," if word.text == "," else "", word.start)
    _close(clause, found, run, lead, lead_start)
    return found


def _close(clause: Clause, found: list[Piece], run: list[int], lead: str, lead_start: int) -> None:
    while run and clause.words[run[0]].lower in ARTICLES | CONJUNCTIONS:
        if titled(clause.text, clause.words[run[0]].start, clause.words[run[0]].end):
            break
        run = run[1:]
    while run and clause.words[run[-1]].lower in STOP - {"me"}:
        run = run[:-1]
    if run:
        start, end = clause.words[run[0]].start, clause.words[run[-1]].end
        found.append(Piece(start, end, lead, lead_start, run[0], run[-1]))


def phrase_offers(clause: Clause) -> Iterator[Offer]:
    """All offers of free text to text slots."""
    wanted = [
        (i, s)
        for i, s in enumerate(clause.slots)
        if s.shape == "text" and not s.many and not s.kind and s.fill != "rest"
    ]
    if not wanted:
        return
    pieces = pieces_of(clause)
    for index, slot in wanted:
        yield from _quoted(clause, index, slot)
        yield from person_offers(clause, index, slot)
        for at, piece in enumerate(pieces):
            if (slot.names & LONG and piece.lead not in MARKED) or _old(clause, slot, piece):
                continue
            yield from _piece_offers(clause, index, slot, piece)
            if at + 1 < len(pieces):
                yield from _merged(clause, index, slot, pieces[at : at + 2])


def _quoted(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    for match in QUOTED.finditer(clause.text):
        group = 1 if match.group(1) is not None else 2
        start, end = match.span(group)
        score = 2.2 + near_score_text(clause, slot, match.start())
        yield Offer(index, ((start, end),), clause.text[start:end].strip(" ,."), score, match.span())


def near_score_text(clause: Clause, slot: Slot, start: int) -> float:
    """What the words before a piece of text say for a slot."""
    before = clause.before(start, 3)
    if not before:
        return 0.0
    score = 0.0
    for distance, word in enumerate(before):
        if word.stem in slot.names and word.lower not in ALL_LEADS:
            score += clause.weight(word.stem) * (1.8 - 0.4 * distance)
            if clause.weight(word.stem) == 1.0:
                break
            continue
        if word.stem in slot.hints and word.stem not in clause.own:
            score += 0.5 - 0.1 * distance
            break
    return score + lead_score(slot, before[0].lower)


def lead_score(slot: Slot, lead: str) -> float:
    """What the leading word says for a slot."""
    if slot.directions:
        if lead in slot.directions:
            return 1.6
        if lead in ("in", "at") and lead in slot.leads:
            return 0.3
        return -1.6 if lead in ("from", "to", "by", "with", "against") else -0.2
    if lead in slot.leads:
        return 1.0
    if lead in MARKED:
        return -0.4
    return 0.2 if lead not in PREPOSITIONS else -0.4


def _piece_offers(clause: Clause, index: int, slot: Slot, piece: Piece) -> Iterator[Offer]:
    words = clause.words[piece.first : piece.last + 1]
    score = 0.3 + _look(clause, slot, piece, words) + near_score_text(clause, slot, piece.start)
    if piece.lead in MARKED and clause.lead_before(piece.lead_start) in ("is", "are", "was", "were"):
        return
    if slot.fill == "unit" and any(s.kind == "unit" for s in clause.spans):
        return
    if slot.fill == "place" and clause.words[piece.first - 1].lower == "its":  # the sun at its highest
        return
    if not piece.lead or piece.lead == ",":
        score += 0.7 if not piece.lead and _alone(clause, slot) else 0.2
    first, last = 0, len(words)
    while first < last - 1 and words[first].stem in slot.names and words[first].lower not in STOP:
        first += 1
        score += 1.4
    if first == 0 and last > 1 and words[-1].stem in slot.names:
        last -= 1
        score += 1.3
    elif last - first > 1 and words[-1].stem in clause.own and not words[-1].text[0].isupper():
        yield _offer(clause, index, piece, words[first : last - 1], score + 0.25)
    if slot.fill == "place" and last - first > 1 and YEAR.fullmatch(words[last - 1].text):
        last -= 1
    if last > first:
        yield _offer(clause, index, piece, words[first:last], score)
        yield from _halves(clause, index, piece, words[first:last], score)
        yield from _parts(clause, index, slot, piece, words[first:last], score)
    yield from _marked(clause, index, slot, piece, score)


def coded(slot: Slot) -> bool:
    """The value is an identifier, not what something is for."""
    return bool(slot.names & CODES) and "for" not in trailing_lead(str(slot.schema.get("description", "")))


def _code(clause: Clause, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The run of words that look like an identifier: "B-MX 2210"."""
    run: tuple[Word, ...] = ()
    for word in words:
        if (
            any(c.isdigit() for c in word.text) or (word.text.isupper() and len(word.text) > 1)
        ) and not clause.measured(word.start, word.end):
            run = (*run, word)
        elif _has_digit(run):
            break
        else:
            run = ()
    return run if _has_digit(run) else ()


def _has_digit(words: tuple[Word, ...]) -> bool:
    return any(c.isdigit() for word in words for c in word.text)


def _marked(clause: Clause, index: int, slot: Slot, piece: Piece, score: float) -> Iterator[Offer]:
    """All that follows "called", or a message after "saying"."""
    if piece.lead in MARKED and slot.names & (PROPER | LONG | TITLES):
        end = called_end(clause, piece.start) if not slot.names & LONG else len(clause.text.rstrip(" .!?"))
        start = piece.start
        if slot.names & LONG and clause.lead(start) == piece.lead:
            start = piece.lead_start + len(piece.lead) + 1
        if end > piece.end or start < piece.start:
            yield Offer(
                index, ((start, end),), clause.text[start:end].strip(" ,:"), score + 0.8, (piece.lead_start, end)
            )


def _old(clause: Clause, slot: Slot, piece: Piece) -> bool:
    """ "the name of the party list": says whose name is meant, not the new one."""
    words = clause.words[piece.first : piece.first + 2]
    of = len(words) == 2 and words[0].stem in slot.names and words[1].lower == "of"
    return of and any(one.kind for one in clause.slots if one is not slot)


def chosen_stems(clause: Clause) -> frozenset[str]:
    """Single words that name a choice of any slot."""
    said = (form for s in clause.slots for v in s.choices for form, _ in forms(str(v)))
    return clause.taken | {form[0] for form in said if len(form) == 1}


def _alone(clause: Clause, slot: Slot) -> bool:
    """The only parameter for words: the verb's object is its value."""
    return slot.fill is None and all(one is slot or (one.shape != "text" and not one.many) for one in clause.slots)


def _parts(
    clause: Clause, index: int, slot: Slot, piece: Piece, words: tuple[Word, ...], score: float
) -> Iterator[Offer]:
    """A code alone, what follows "of", and the piece without a choice that another slot takes."""
    if len(words) < 2:
        return
    if coded(slot) and (code := _code(clause, words)):
        yield _offer(clause, index, piece, code, score + 0.5)
    of = next((i for i, word in enumerate(words) if word.lower == "of"), 0)
    if 0 < of < len(words) - 1 and not any(one.kind for one in clause.slots):
        led = lead_score(slot, "of") + (0.5 if {word.stem for word in words[:of]} & (slot.names | slot.hints) else 0.0)
        yield _offer(clause, index, piece, words[of + 1 :], score - lead_score(slot, piece.lead) + led)
    if words[0].lower in VERBAL and words[1].text[0].isupper():
        yield _offer(clause, index, piece, words[1:], score + 1.3)
    if words[-1].stem in chosen_stems(clause):
        yield _offer(clause, index, piece, words[:-1], score - 0.1)
    if words[0].stem in clause.taken:
        yield _offer(clause, index, piece, words[1:], score - 0.1)


def _halves(clause: Clause, index: int, piece: Piece, words: tuple[Word, ...], score: float) -> Iterator[Offer]:
    """ "between London and Tokyo": each for a slot of its own."""
    at = next((i for i, word in enumerate(words) if word.lower in ("and", "or") and 0 < i < len(words) - 1), None)
    if at is None:
        return
    score += 0.4 if piece.lead == "between" else -0.2
    for half, second in ((words[:at], False), (words[at + 1 :], True)):
        later = bool(clause.slots[index].names & SECOND)
        yield _offer(clause, index, piece, half, score + (0.15 if later == second else 0.0))


def _offer(clause: Clause, index: int, piece: Piece, words: tuple[Word, ...], score: float) -> Offer:
    start, end = trim(clause.text, words[0].start, words[-1].end, ARTICLES | {"and", "or", "of"})
    return Offer(index, ((start, end),), clause.text[start:end], score, (piece.lead_start, piece.end))


def _look(clause: Clause, slot: Slot, piece: Piece, words: tuple[Word, ...]) -> float:
    """What the piece itself looks like, for this slot."""
    score = 0.0 if slot.fill == "unit" and len(words) == 1 else _talk(clause, words)
    proper = [word for word in words if word.text[:1].isupper() and word.start > 0]
    if proper and slot.names & PROPER:
        score += 0.9 if len(proper) == len(words) and slot.required else 0.5
    if not proper and slot.names & GEO and not slot.fill and clause.capitals:
        score -= 0.5
    mixed = _has_digit(words)
    if coded(slot):
        score += 0.9 if mixed else -0.5
    elif mixed and slot.names & STREETS:
        score += 0.8
    elif mixed and not slot.names & LONG:
        score -= 0.3
    if clause.temporal(piece.start, piece.end):
        score -= 1.5
    if clause.measured(piece.start, piece.end) or (not slot.names & COUNTED and clause.number(piece.start, piece.end)):
        score -= 1.2
    if slot.fill in ("place", "zone"):
        score += 0.6 if proper else -0.8 if clause.capitals else 0.0
    return score


def _talk(clause: Clause, words: tuple[Word, ...]) -> float:
    """Pieces that are talk about the request, or the tool's own words, rather than a value."""
    score = 0.0
    if words[0].lower in VERBAL and not words[0].text[0].isupper():
        score -= 0.9
    if all(word.lower in VAGUE or word.lower in STOP for word in words):
        score -= 1.5
    if all(word.stem in clause.own or word.stem in clause.labels or word.lower in STOP for word in words):
        score -= 1.2 if len(words) > 1 or words[0].stem not in clause.labels else 2.2
    return score


def _merged(clause: Clause, index: int, slot: Slot, pieces: list[Piece]) -> Iterator[Offer]:
    """Two pieces as one value, where they read like a title or the slot takes long text."""
    first, second = pieces
    between = clause.words[first.last + 1 : second.first]
    if any(word.is_mark and word.text != "," for word in between) or clause.temporal(first.start, second.end):
        return
    words = clause.words[first.first : second.last + 1]
    titled = all(w.text[0].isupper() for w in words if w.lower not in JOINS and not w.is_mark)
    if titled and all(word.lower in JOINS for word in between):
        bonus = (
            0.1
            if slot.names & {"titl", "titel", stem("title"), stem("song"), stem("movie"), stem("book"), stem("name")}
            else -0.9
        )
    elif slot.names & LONG or (slot.names & STREETS and words[0].text[0].isdigit() and words[-1].text[0].isupper()):
        bonus = 0.3
    else:
        bonus = -1.0 if any(word.lower in ("and", "or", "of") for word in between) else -1.3
    whole = Piece(first.start, second.end, first.lead, first.lead_start, first.first, second.last)
    score = 0.3 + bonus + _look(clause, slot, whole, words) + near_score_text(clause, slot, first.start)
    yield _offer(clause, index, whole, words, score)

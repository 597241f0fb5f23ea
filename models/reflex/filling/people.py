"""Offers of people by where they stand: "send Bob an email", "Anna's flight"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from models.reflex.filling.clause import Clause
from models.reflex.filling.offer import Offer
from models.reflex.filling.slot import Slot
from models.reflex.filling.words import PREPOSITIONS, STOP, bag, stem

RECEIVED = bag("that a an the about some my this saying")


def person_offers(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    """Offers to one text slot."""
    yield from _possessor(clause, index, slot)
    yield from _receiver(clause, index, slot)


def _receiver(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    """ "send Bob an email", "email Claire that …": who gets it stands right after the verb."""
    if not {"to"} <= slot.directions or "at" in slot.directions:
        return
    first = clause.index_at(clause.opening)
    last = first
    while last < len(clause.words) and clause.words[last].text[0].isupper() and last - first < 3:
        last += 1
    follows = last < len(clause.words) and (
        clause.words[last].lower in RECEIVED or clause.valued_at(clause.words[last].start)
    )
    if first < last and follows:
        start, end = clause.words[first].start, clause.words[last - 1].end
        yield Offer(index, ((start, end),), clause.text[start:end], 3.4, (start, end))


def _possessor(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    if not slot.names & {stem("name"), stem("person"), stem("contact"), stem("who"), stem("user"), stem("owner")}:
        return
    for word, after in pairwise(clause.words):
        if after.is_mark or after.lower in PREPOSITIONS or clause.lead(word.start) in ("to", "called", "named"):
            continue
        if word.lower.endswith("'s") and word.text[0].isupper() and word.lower[:-2] not in STOP:
            yield Offer(index, ((word.start, word.end),), word.text[:-2], 1.8, (word.start, word.end))

"""Offers of rooms of a house: a closed class of words, so "turn on the kitchen lights" names one without a lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.reflex.filling.clause import Clause
from models.reflex.filling.offer import Offer
from models.reflex.filling.words import stem_bag

ROOM = re.compile(
    r"(?<![\w'])(?:(?:living|dining|guest|laundry|sitting|children's|kids'?|game|utility|bath|bed|play|family|store|work|"
    r"master bed|guest bed) ?rooms?|master bedroom|"
    r"kitchen|hallway|hall|corridor|office|study|nursery|attic|loft|cellar|basement|garage|"
    r"garden|terrace|patio|balcony|porch|conservatory|pantry|toilet|landing|upstairs|downstairs|outdoors?|den|lounge|"
    r"workshop|shed|entrance)(?![\w'])",
    re.I,
)
NAMED = stem_bag("room rooms area")


def room_offers(clause: Clause) -> Iterator[Offer]:
    """All offers to text slots for a room."""
    for index, slot in enumerate(clause.slots):
        if slot.shape != "text" or slot.many or slot.kind or not slot.names & NAMED:
            continue
        for start, end in rooms_in(clause):
            yield Offer(index, ((start, end),), clause.text[start:end], 3.6, (start, end))


def rooms_in(clause: Clause) -> list[tuple[int, int]]:
    """Where the text names rooms."""
    return [match.span() for match in ROOM.finditer(clause.text)]

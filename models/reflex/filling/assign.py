"""The joint choice: which offers are taken, so that no words are used twice and the sum of scores is best.

A beam search over the slots, those with the clearest offers first. An optional slot takes an offer only
above a threshold; leaving it out costs nothing.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from models.reflex.filling.offer import Offer
from models.reflex.filling.slot import Slot

BEAM = 10
PER_SLOT = 6
OPTIONAL = 1.1
"""What an optional slot's offer must score: positive evidence, not only what is left."""
REQUIRED = 0.75
IN_ORDER = 0.06
"""Between equals, what is said first goes to what the schema names first."""
MUST = 1.0
"""Added for filling a required slot."""

Chosen = tuple[float, tuple[Offer, ...]]


def assign(slots: Sequence[Slot], offers: Sequence[Offer], had: Container[str] = ()) -> tuple[Offer, ...]:
    """The best set of offers, at most one for each slot, none using another's words; `had` names filled slots."""
    end = max((offer.ranges[0][0] for offer in offers), default=0) or 1
    by_slot: dict[int, list[Offer]] = {}
    for offer in offers:
        if offer.score >= (REQUIRED if slots[offer.slot].required else OPTIONAL):
            by_slot.setdefault(offer.slot, []).append(offer)
    order = sorted(by_slot, key=lambda i: -max(offer.score for offer in by_slot[i]))
    beam: list[Chosen] = [(0.0, ())]
    for index in order:
        best = sorted(by_slot[index], key=lambda offer: -offer.score)[:PER_SLOT]
        beam = _extended(
            beam,
            best,
            MUST if slots[index].required and slots[index].name not in had else 0.0,
            (index / len(slots), end),
        )
    return max(beam, key=lambda one: one[0])[1]


def _extended(beam: list[Chosen], offers: list[Offer], bonus: float, place: tuple[float, int]) -> list[Chosen]:
    at, end = place
    grown = list(beam)
    for score, taken in beam:
        grown += [
            (score + offer.score + bonus + IN_ORDER * (1 - abs(at - offer.ranges[0][0] / end)), (*taken, offer))
            for offer in offers
            if not any(offer.clashes(other) for other in taken)
        ]
    grown.sort(key=lambda one: -one[0])
    return grown[:BEAM]

"""How well a filling explains the words: the confidence of a guess."""

from __future__ import annotations

from models.reflex.filling.state import State
from models.reflex.filling.words import STOP

RESTED = 0.7
"""A word that only remains is explained by less than one that its type or place explains."""


def confidence(state: State, missing: int) -> float:
    """Half the share of required slots that are filled, half the share of content words that are explained."""
    required = sum(slot.required for slot in state.clause.slots)
    filled = 1.0 if not required else (required - min(missing, required)) / required
    return round(0.5 * filled + 0.5 * explained(state), 4)


def explained(state: State) -> float:
    """The share of content words that the opening, the tool's own words or the values account for."""
    clause = state.clause
    total = weight = 0.0
    for word in clause.words:
        if word.is_mark or word.lower in STOP:
            continue
        total += 1.0
        if any(a <= word.start < b for a, b in state.covered) or word.stem in clause.own:
            weight += 1.0
        elif word.end <= clause.opening:
            weight += 0.5
        elif any(a <= word.start < b for a, b in state.rested):
            weight += RESTED
    return weight / total if total else 1.0

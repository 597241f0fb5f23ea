"""Dice as players write them: 2d6+1, d20, 3d8 - 2, 4d6 keep highest 3 (4d6kh3).

Names follow the notation that role-playing games share; exploding dice and pools are not covered.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from services.kit import Refusal

MOST_DICE, MOST_SIDES, MOST_PARTS = 100, 1_000_000, 10
COUNTS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
WORDS = {"die": "1d6", "dice": "2d6", "percentile": "1d100"}
PART = re.compile(r"([+-]?)(?:(\d{0,9})d(\d{1,9}|%)(?:k([hl])(\d{1,9}))?|(\d{1,9}))")


@dataclass(frozen=True, slots=True)
class Throw:
    """What came of a throw."""

    notation: str
    rolls: tuple[int, ...]
    """Every die, in order; those not kept too."""
    total: int


def throw(said: str) -> Throw:
    """Throw the dice of the notation. Refuses what is none."""
    plain = re.sub(r"^(?:a|an|the|some)\s+|\s+dices?$|\s+dic?e$", "", said.strip().lower())
    number = COUNTS.get(plain) or (int(plain) if re.fullmatch(r"\d{1,3}", plain) else 0)
    notation = f"{number}d6" if number else re.sub(r"\s+", "", WORDS.get(plain, plain).replace("minus", "-"))
    notation = notation.replace("plus", "+")
    notation = notation.replace("keephighest", "kh").replace("keeplowest", "kl")
    rolls: list[int] = []
    total, at, parts = 0, 0, 0
    while at < len(notation):
        match = PART.match(notation, at)
        if match is None or (at > 0 and not match[1]) or parts >= MOST_PARTS:
            raise Refusal(f"I can't read {said.strip()!r} as dice; write them like 2d6+1.")
        sign = -1 if match[1] == "-" else 1
        if match[6] is not None:
            total += sign * int(match[6])
        else:
            thrown = thrown_of(match)
            rolls += thrown
            total += sign * sum(kept(thrown, match))
        at, parts = match.end(), parts + 1
    if not rolls:
        raise Refusal(f"I can't read {said.strip()!r} as dice; write them like 2d6+1.")
    return Throw(notation, tuple(rolls), total)


def thrown_of(match: re.Match[str]) -> list[int]:
    """The dice of one part."""
    number = int(match[2] or 1)
    sides = 100 if match[3] == "%" else int(match[3])
    if not 1 <= number <= MOST_DICE or not 2 <= sides <= MOST_SIDES:
        raise Refusal(f"I throw 1 to {MOST_DICE} dice of 2 to {MOST_SIDES:,} sides.")
    return [1 + secrets.randbelow(sides) for _ in range(number)]


def kept(thrown: list[int], match: re.Match[str]) -> list[int]:
    """Those that count: all, or the highest or lowest few."""
    if match[4] is None:
        return thrown
    number = int(match[5])
    if not 1 <= number <= len(thrown):
        raise Refusal(f"Of {len(thrown)} dice I can't keep {number}.")
    return sorted(thrown, reverse=match[4] == "h")[:number]

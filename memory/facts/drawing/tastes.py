"""What people like, cannot stand, prefer, do without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.facts.claim import Kind
from memory.facts.drawing import values
from memory.facts.drawing.draft import Draft, of_each
from memory.facts.drawing.shapes import Found, Shapes, simple
from memory.facts.drawing.values import value_of, values_of

LIKE = (
    "(?:likes?|loves?|enjoys?|adores?|(?:am|is|are) (?:a (?:big |huge |great |massive )?fan of|fond of|"
    "(?:really )?into|crazy about|obsessed with|mad about|keen on|passionate about|a sucker for|liking|"
    "loving)|"
    "(?:have|has) (?:a (?:weakness|soft spot|thing) for)|(?:have|has) (?:always|long) (?:loved|liked)|"
    "(?:have|has) (?:loved|liked)|can not get enough of|can not live without|have come to (?:like|"
    "love))"
)


DISLIKE = (
    "(?:dislikes?|hates?|detests?|loathes?|despises?|can not (?:stand|bear|abide)|(?:am|is|"
    "are) not (?:a (?:big |huge )?fan of|fond of|into|keen on)|can not stomach|"
    "(?:have|has) (?:always )?(?:hated|disliked))"
)


def _likes(found: Found) -> Sequence[Draft]:
    return of_each(filter(values.liked, values_of(re.sub(r"^to ", "to ", found["v"]))), "likes", Kind.PREFERENCE)


def _dislikes(found: Found) -> Sequence[Draft]:
    return of_each(filter(values.liked, values_of(found["v"])), "dislikes", Kind.PREFERENCE)


def _prefers(found: Found) -> Sequence[Draft]:
    said = re.split(r"\s+(?:to|over|rather than|instead of|than)\s+", re.sub(r"^to\s+", "", found["v"]))[0]
    value = value_of(said)
    return [Draft("prefers", value, Kind.PREFERENCE)] if value and values.liked(value) else []


def _avoids(found: Found) -> Sequence[Draft]:
    raw = re.sub(r"^(?:any|anything with|much)\s+", "", found["v"] or "")
    verb = found["verb"].casefold().rstrip("s")
    if not raw:
        return [Draft("avoids", verb, Kind.PREFERENCE)] if verb in ("drink", "smoke", "drive") else []
    return [
        Draft("avoids", f"{verb} {value}", Kind.PREFERENCE)
        for value in values_of(raw)
        if not re.search(r"\b(?:today|tonight|yet|before|after|at|on)\b", value)
    ]


def _takes(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"\s+in the (?:morning|evening)s?\b.*", "", found["v"]))
    return [Draft(f"takes_{found['drink'].casefold()}", value, Kind.PREFERENCE)] if value else []


SHAPES: Shapes = (
    (r"prefers? to be called (?P<v>[A-Z][\w-]+)", simple("same_as")),
    (r"(?:have |has )?gone off (?P<v>.+)", lambda found: [draft.but(denied=True) for draft in _likes(found)]),
    (rf"{LIKE} (?P<v>.+)", _likes),
    (rf"{DISLIKE} (?P<v>.+)", _dislikes),
    (r"prefers? (?P<v>.+)", _prefers),
    (r"can not (?P<verb>eat|drink|tolerate) (?P<v>.+)", _avoids),
    (
        r"takes? (?:my|his|her|our) (?P<drink>tea|coffee) (?P<v>.+)|drinks? (?:my|his|her|"
        r"our) (?P<drink2>tea|coffee) (?P<w>.+)",
        lambda found: (
            _takes(found)
            if found["v"]
            else [Draft(f"takes_{found['drink2']}", value, Kind.PREFERENCE)]
            if (value := value_of(found["w"]))
            else []
        ),
    ),
    (
        r"(?:have |has )?(?:quit|stopped|gave up|given up) (?P<v>smoking|drinking|gambling|vaping|sugar|"
        r"alcohol|meat|caffeine|coffee)\b.*",
        simple("quit", begins=True),
    ),
)
_AVOIDS = re.compile(r"(?P<verb>eats?|drinks?|smokes?|touch|drives?|consume)(?: (?P<v>.+))?")


def avoided(rest: str) -> Sequence[Draft] | None:
    """What somebody does not eat or drink; None where it is nothing of the kind."""
    found = _AVOIDS.fullmatch(rest)
    return _avoids(found) if found else None

"""What is said of people: where they live, what they do, like, own, are."""

from __future__ import annotations

import re

from memory.facts.drawing import being, having, living, tastes
from memory.facts.drawing.draft import Draft

RULES = tuple((re.compile(shape), says) for part in (living, being, tastes, having) for shape, says in part.SHAPES)


def predicate(rest: str, *, denied: bool, over: bool) -> list[Draft]:
    """What the rest of a statement, from its verb on, says of its subject."""
    if denied and not over and (avoided := tastes.avoided(rest)) is not None:
        return list(avoided)
    for shape, says in RULES:
        if (found := shape.fullmatch(rest)) is not None and (drafts := says(found)):
            return [_turned(draft, over) for draft in drafts] if denied else list(drafts)
    return []


def _turned(draft: Draft, over: bool) -> Draft:
    """What is said by denying it: who does not like a thing dislikes it, unless they liked it before."""
    if draft.relation == "likes" and not over:
        return draft.but(relation="dislikes")
    return draft.but(denied=not draft.denied)

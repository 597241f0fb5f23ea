"""The form of a rule: what a statement looks like from its verb on, and what it then says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from memory.facts.claim import Kind
from memory.facts.drawing.draft import Draft
from memory.facts.drawing.values import value_of

Found = re.Match[str]
Says = Callable[[Found], Sequence[Draft]]
Shapes = Sequence[tuple[str, Says]]


def verb(base: str, doing: str, done: str = "", third: str = "") -> str:
    """All forms in which a verb says what is so now."""
    forms = [f"{base}|{third or base + 's'}", f"(?:am|is|are) {doing}", f"(?:have|has) been {doing}"]
    return f"(?:{'|'.join([*forms, f'(?:have|has) {done}'] if done else forms)})"


def simple(relation: str, most: int = 5, kind: Kind = Kind.FACT, begins: bool = False) -> Says:
    """The value as it was said."""

    def drafts(found: Found) -> Sequence[Draft]:
        value = value_of(found["v"], most)
        return [Draft(relation, value, kind, begins=begins)] if value else []

    return drafts


def former(rule: Says) -> Says:
    """The same, once."""
    return lambda found: [draft.but(former=True) for draft in rule(found)]

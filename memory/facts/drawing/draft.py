"""A claim in the making, and how it is put into a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from memory.facts.claim import Claim, Kind
from memory.facts.drawing.days import When

WORDS = {
    "lives_in": "{s} lives in {v}",
    "home": "{s} lives in {v}",
    "lives_with": "{s} lives with {v}",
    "works_at": "{s} works at {v}",
    "works_in": "{s} works in {v}",
    "job": "{s} works as {v}",
    "studies": "{s} studies {v}",
    "studies_at": "{s} studies at {v}",
    "age": "{s} is {v} years old",
    "born_in": "{s} was born in {v}",
    "from": "{s} is from {v}",
    "grew_up_in": "{s} grew up in {v}",
    "married": "{s} got married",
    "marital_status": "{s} is {v}",
    "children": "{s} has {v}",
    "family": "{s} has {v}",
    "owns": "{s} has {v}",
    "drives": "{s} drives {v}",
    "likes": "{s} likes {v}",
    "dislikes": "{s} does not like {v}",
    "prefers": "{s} prefers {v}",
    "avoids": "{s} does not {v}",
    "allergic_to": "{s} is allergic to {v}",
    "diet": "{s} is {v}",
    "health": "{s} is {v}",
    "condition": "{s} has {v}",
    "plays": "{s} plays {v}",
    "speaks": "{s} speaks {v}",
    "learning": "{s} is learning {v}",
    "habit": "{s} will {v}",
    "visited": "{s} has been to {v}",
    "knows": "{s} knows {v}",
    "same_as": "{s} is also called {v}",
    "located_at": "{s} is {v}",
    "parked": "{s} parked {v}",
    "happens": "{s} is {v}",
    "opens": "{s} opens {v}",
    "closes": "{s} closes {v}",
    "closed": "{s} is closed {v}",
    "collected": "{s} goes out {v}",
    "is_a": "{s} is {v}",
    "colour": "{s} is {v}",
    "state": "{s} is {v}",
    "has": "{s} has {v}",
    "medication": "{s} takes {v}",
    "school": "{s} goes to {v}",
    "is": "{s} is {v}",
    "gets_up": "{s} gets up {v}",
    "bedtime": "{s} goes to bed {v}",
    "wears": "{s} wears {v}",
    "owes": "{s} owes {v}",
    "quit": "{s} gave up {v}",
    "belongs_to": "{s} belongs to {v}",
    "costs": "{s} costs {v}",
    "will": "{s} will {v}",
    "teaches": "{s} teaches {v}",
    "retired": "{s} is retired",
    "takes_tea": "{s} takes tea {v}",
    "takes_coffee": "{s} takes coffee {v}",
    "height": "{s} is {v} tall",
    "weight": "{s} weighs {v}",
    "birthday": "{s} was born on {v}",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a statement says of its subject."""

    relation: str
    value: str
    kind: Kind = Kind.FACT
    denied: bool = False
    former: bool = False
    """It held once."""
    dates: tuple[When, ...] = ()
    begins: bool = False
    """The statement tells of a beginning, so a bare date is when that was: moved, started, bought."""
    ends: bool = False
    """It tells of an end, whose date that is: left, sold."""
    lasting: bool = True
    """False: dates say nothing of how long it holds."""

    def but(self, **changes: object) -> Draft:
        """The same with changes."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are this class's own fields


_PLURAL = re.compile(r"(?<=^We )(\w+)")
_OURS = {"is": "are", "has": "have", "was": "were", "does": "do", "goes": "go"}


def claim_of(draft: Draft, subject: str, shown: str, now: datetime) -> Claim:
    """The claim with its dates, said in one sentence."""
    since, until = _dates(draft, now) if draft.lasting else (None, None)
    if draft.former and until is None:
        until = now
    form = WORDS.get(draft.relation) or f"{{s}}'s {draft.relation.replace('_', ' ')} is {{v}}"
    text = form.format(s=shown[:1].upper() + shown[1:], v=draft.value)
    text = text.replace("We's ", "Our ", 1)
    if shown.startswith("the ") and shown.endswith("s") and not shown.endswith("ss"):
        text = text.replace(" is ", " are ", 1)
    if text.startswith("We "):
        text = _PLURAL.sub(lambda found: _OURS.get(found[1], found[1].removesuffix("s")), text, count=1)
    if draft.denied:
        text = f"It is not so, or no longer: {text}"
    elif draft.former:
        text = f"It was so once: {text}"
    return Claim(draft.kind, subject, draft.relation, draft.value, text, since=since, until=until, denied=draft.denied)


def _dates(draft: Draft, now: datetime) -> tuple[datetime | None, datetime | None]:
    since = until = None
    for when in draft.dates:
        if when.prep == "to" and since:
            until = when.end
        elif when.prep in ("until", "till", "up to", "before", "by"):
            until = when.start if draft.former or when.start <= now else when.end
        elif when.prep in ("since", "from", "as of", "starting"):
            since = when.start
        elif when.prep in ("for", "over"):
            since = since if draft.former else when.start
        elif draft.begins or draft.ends:
            since = when.start
        elif draft.former:
            since, until = when.start, when.end
    if since and until and until <= since:
        until = None
    return since, until


def of_each(values: Iterable[str], relation: str, kind: Kind = Kind.FACT) -> list[Draft]:
    """One draft for each value."""
    return [Draft(relation, value, kind) for value in values]

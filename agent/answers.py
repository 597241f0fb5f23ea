"""Which facts answer a question, now or at a past moment, and the sentence that says them.

The grammar that draws claims from statements finds the fact: the question is turned into a statement and drawn from.

Must stay true: all is seen through one view, made from who asks and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from agent.inversion import COUNT, DAY, NAME, Statement, declared, plain
from agent.telling import LATER, fact_text
from memory.drawing import draw
from memory.facts import Claim, Fact, Kind
from memory.memory import Memory
from memory.note import Note, View
from memory.relations import is_single
from memory.rooms import is_shared
from memory.words import content_words
from models.reflex.filling.words import stem
from models.reflex.values.periods import Period, read_periods
from services.tool import Caller

MOST = 6
"""Facts told at once."""
_WORD = re.compile(r"[\w-]+")
WE = "we"
"""The household, as the grammar names it."""
_ENDED = re.compile(r"\b(?:before|previously|earlier|formerly|used to)\b[\s?.!]*$|\bdid .* use to\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about, as the claims that would answer it: the same thing can be told in several ways."""

    claims: tuple[Claim, ...]
    open: bool
    """False: a yes or no is asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Facts that answer a question, and one sentence that says them."""

    text: str
    facts: tuple[Fact, ...]


class Answers:
    """Finds answers in memory. Blocks for milliseconds."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def view(self, caller: Caller) -> View:
        """What the caller may see from there: where others listen, nothing private."""
        return self.memory.rooms.view(caller.member, caller.room, alone=not is_shared(caller.room))

    def asked(self, question: str, caller: Caller) -> Asked | None:
        """The subjects and relations that the question is about; None where it is of no known form."""
        said = without(question, read_periods(question, caller.now))
        claims: dict[tuple[str, str], Claim] = {}
        is_open = False
        for statement in declared(said):
            is_open = is_open or statement.open
            for claim in _claims(statement, caller):
                claims.setdefault((claim.subject.casefold(), claim.relation), claim)
        return Asked(tuple(claims.values()), is_open) if claims else None

    def known(self, question: str, caller: Caller) -> Answer | None:
        """The facts that answer the question, as one sentence; None where none does."""
        asked = self.asked(question, caller)
        if asked is None:
            return None
        periods = read_periods(question, caller.now)
        history = self.history(asked, caller)
        found = holding(history, periods, caller.now, ended=_ENDED.search(question) is not None)
        if not asked.open:
            return self._confirmed(asked.claims[0], found, caller)
        if not found:
            return None
        at = _moment(periods, caller.now)
        changed = len(history) > 1 and len(found) == 1
        said = [fact_text(fact, caller, at, since=_says_since(fact, changed)) for fact in found[:MOST]]
        return Answer(_sentences(said), tuple(found[:MOST]))

    def history(self, asked: Asked, caller: Caller) -> list[Fact]:
        """All that was ever so of what is asked, oldest first, in whichever way it was told."""
        view, found = self.view(caller), {}
        for claim in asked.claims:
            kind = _kind_asked(claim) if asked.open else frozenset()
            for subject in _same(claim.subject, caller):
                for fact in self.memory.facts.history(view, subject, claim.relation):
                    if kind <= stems(fact.claim.value):
                        found[fact.id] = fact
        ordered = sorted(found.values(), key=lambda fact: (fact.claim.since or fact.said, fact.said))
        single = any(is_single(claim.relation) for claim in asked.claims)
        return _in_turn(ordered) if single else ordered

    def own(self, subject: str, caller: Caller) -> list[Fact]:
        """What is so now of somebody or something; of who asks, what is so of "us" too."""
        view, found = self.view(caller), []
        for name in _same(subject, caller):
            found += self.memory.facts.find(view, subject=name, now=caller.now)
        latest: dict[str, datetime] = {}
        for fact in found:
            if is_single(fact.claim.relation):
                begun = fact.claim.since or fact.said
                latest[fact.claim.relation] = max(begun, latest.get(fact.claim.relation, begun))
        return [fact for fact in found if latest.get(fact.claim.relation) in (None, fact.claim.since or fact.said)]

    def _confirmed(self, claim: Claim, found: Sequence[Fact], caller: Caller) -> Answer | None:
        """Yes with the fact, or what is so instead; None where nothing bears on it."""
        wanted = set(content_words(claim.value))
        same = [fact for fact in found if set(content_words(fact.claim.value)) & wanted]
        if same:
            return Answer(f"Yes: {_lower(fact_text(same[0], caller))}.", (same[0],))
        others = self.memory.facts.find(self.view(caller), subject=claim.subject, now=caller.now)
        same = [fact for fact in others if wanted and wanted <= set(content_words(fact.claim.value))]
        if same:
            return Answer(f"{fact_text(same[0], caller)}.", (same[0],))
        return Answer(f"{fact_text(found[0], caller)}.", (found[0],)) if len(found) == 1 else None


def holding(history: Sequence[Fact], periods: Sequence[Period], now: datetime, *, ended: bool = False) -> list[Fact]:
    """Of all that was ever so what was so then: in the period asked about, before now (`ended`), or now."""
    if ended and not periods:
        return [fact for fact in history if fact.claim.until is not None and fact.claim.until <= now][-1:]
    first, last = (periods[0].start, min(periods[0].end, now)) if periods else (now, now)
    return [
        fact
        for fact in history
        if (fact.claim.since is None or fact.claim.since < last or (not periods and fact.claim.since == last))
        and (fact.claim.until is None or fact.claim.until > first)
    ]


def _in_turn(facts: Sequence[Fact]) -> list[Fact]:
    """Of what can be so only once each ends where the next begins."""
    turns = list(facts)
    for number, (fact, later) in enumerate(pairwise(facts)):
        begins = later.claim.since or later.said
        if fact.claim.until is None or fact.claim.until > begins:
            turns[number] = replace(fact, claim=replace(fact.claim, until=begins))
    return turns


def _claims(statement: Statement, caller: Caller) -> list[Claim]:
    """What the statement claims of what is asked; the made-up answer must be a value, and of no promise."""
    drawn = draw(stated(statement.text, caller))
    claims = [
        one for one in drawn if one.kind in (Kind.FACT, Kind.PREFERENCE) and NAME.lower() not in one.subject.lower()
    ]
    return [one for one in claims if not statement.open or not one.denied]


def _same(subject: str, caller: Caller) -> tuple[str, ...]:
    """What is said of "us" is so of who asks, and the other way round."""
    if subject.casefold() not in (caller.member.casefold(), WE):
        return (subject,)
    return caller.member, WE


def _kind_asked(claim: Claim) -> frozenset[str]:
    """Of several things the sort that is asked for: "a bike" of "which bike do I have?"."""
    if is_single(claim.relation):
        return frozenset()
    return stems(claim.value) - stems(f"{NAME} {DAY} {COUNT} a an the in on at")


def stems(text: str) -> frozenset[str]:
    """The stems of all words."""
    return frozenset(stem(word) for word in _WORD.findall(text.lower()))


def without(question: str, periods: Iterable[Period]) -> str:
    """The question without the words that say when."""
    said = plain(question)
    for period in periods:
        said = said.replace(period.words, " ")
    return plain(said)


def _moment(periods: Sequence[Period], now: datetime) -> datetime | None:
    """The last moment of the period asked about."""
    if not periods:
        return None
    end = periods[0].end - timedelta(seconds=1)
    return end if end < now else None


def _says_since(fact: Fact, changed: bool) -> bool:
    since = fact.claim.since
    return since is not None and (changed or abs(fact.said - since) > LATER)


def _sentences(said: Sequence[str]) -> str:
    return f"{'. '.join(said)}."


def _lower(said: str) -> str:
    return said[:1].lower() + said[1:] if said.startswith(("You ", "Your ", "The ")) else said


def as_said(claim: Claim, fact: Fact) -> bool:
    """Whether a fact says what a claim says."""
    mine, its = set(content_words(claim.value)), set(content_words(fact.claim.value))
    same = fact.claim.subject.casefold() == claim.subject.casefold() and fact.claim.relation == claim.relation
    return same and bool(mine & its)


def stated(text: str, caller: Caller) -> Note:
    """A statement as a note that is kept nowhere, to draw from."""
    return replace(Note(text, caller.member, caller.now, caller.member), room=caller.room)

"""Which facts answer a question, now or at a past moment, and the sentence that says them.

The grammar that draws claims from statements finds the fact: the question is turned into a statement and drawn from.

Must stay true: all is seen through one view, made from who asks and where.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from agent.memory.inversion import COUNT, DAY, NAME, Statement, declared, plain
from agent.memory.telling import LATER, fact_text, told_notes
from memory.company.rooms import is_shared
from memory.facts.drawing import draw
from memory.facts.drawing.values import is_car
from memory.facts.facts import Claim, Fact, Kind
from memory.facts.relations import ROLES, is_single
from memory.memory import Memory
from memory.note import Note, Source, View
from memory.recall.question import is_question
from memory.recall.recall import Recalled
from memory.record.words import content_words
from models.reflex.filling.words import stem
from models.reflex.values.periods import Period, read_periods
from services.tool import Call, Caller

POOL = 50
"""Notes looked at for one that says a fact anew."""
ANEW, SURELY = 0.5, 0.6
"""The two cosines of such a note, together: from when it is told beside the fact, and in its place."""
_SORTS = tuple(re.compile(shape) for shape in (r"(?<=[\w,;:] )(?!I\b)[A-Z][\w&'-]*", r"\b[a-z]+[-_.]\w+"))
"""Of what sort a value is: a name, a made-up word; so is the value that takes its place."""
_OWN = frozenset("i me my mine we us our ours".split())
PRESUMED = timedelta(days=366)
"""So long before it was first told something lasting is taken to have been so."""
LASTING = ROLES | {"lives_in", "home", "works_at", "works_in", "job", "partner", "lives_with", "school"}
_EVER = datetime.min.replace(tzinfo=UTC)
MOST = 6
"""Facts told at once."""
_WORD = re.compile(r"[\w-]+")
WE = "we"
"""The household, as the grammar names it."""
_ENDED = re.compile(r"\b(?:before|previously|earlier|formerly|used to)\b[\s?.!]*$|\bdid .* use to\b", re.IGNORECASE)


def stems(text: str) -> frozenset[str]:
    """The stems of all words."""
    return frozenset(stem(word) for word in _WORD.findall(text.lower()))


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
    newer: tuple[Recalled, ...] = ()
    """The note that is told in their place, where it says the same anew."""


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
        if is_open and any(map(_of_car, claims.values())):
            claims |= {(one.subject.casefold(), one.relation): one for one in _car_claims(caller)} | claims
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
        guessed = not found and bool(periods)
        found = _before(history, periods) if guessed else found
        if not found:
            return None
        newer = self._newer(question, found, periods, caller)
        if newer is not None:
            told = told_notes([newer], Call("", {}, caller))
            if newer.score < SURELY:
                told = f"{fact_text(found[0], caller, _moment(periods, caller.now))}. But later: {_lower(told)}"
            return Answer(told, tuple(found[:MOST]), (newer,))
        at = _moment(periods, caller.now)
        if periods and (guessed or (len(found) == 1 and found[0].claim.since is None)):
            return Answer(f"As far as I know, {_lower(fact_text(found[0], caller, at))}.", (found[0],))
        changed = len(history) > 1 and len(found) == 1
        said = [fact_text(fact, caller, at, since=_says_since(fact, changed)) for fact in found[:MOST]]
        return Answer(_sentences(said), tuple(found[:MOST]))

    def _newer(
        self, question: str, found: Sequence[Fact], periods: Sequence[Period], caller: Caller
    ) -> Recalled | None:
        """A later note that may say the fact anew in words that the grammar does not read; only where one value holds.

        How near it is counts twice: to the question, and to the sentence that says the fact.
        """
        fact, view = found[0], self.view(caller)
        if len(found) > 1 or not is_single(fact.claim.relation):
            return None
        until = periods[0].end if periods else caller.now
        since = (fact.claim.since or fact.said) if periods else fact.said
        near: Counter[int] = Counter()
        for said in (without(question, periods), fact.claim.text):
            near.update(dict(self.memory.indexing.nearest(said, view, POOL)))
        likely = {seq: cosine for seq, cosine in near.items() if cosine >= ANEW}
        kept = self.memory.record.get(likely, view).items()
        later = {seq: one.note for seq, one in kept if since < one.note.when < until and _is_anew(one.note, fact)}
        if not later:
            return None
        best = max(later, key=lambda seq: likely[seq])
        others = [one for one in self.own(fact.claim.subject, caller) if one.claim.relation != fact.claim.relation]
        mine = self.memory.indexing.likeness(fact.claim.text, [best]).get(best, 0.0)
        for other in (one.claim.text for one in others if is_single(one.claim.relation)):
            if self.memory.indexing.likeness(other, [best]).get(best, 0.0) > mine:
                return None  # it is about something else
        return Recalled(later[best], round(likely[best], 4), "said later, and near to the question")

    def history(self, asked: Asked, caller: Caller) -> list[Fact]:
        """All that was ever so of what is asked, oldest first, in whichever way it was told."""
        view, found = self.view(caller), {}
        for claim in asked.claims:
            kind = _kind_asked(claim) if asked.open else frozenset()
            for subject in _same(claim.subject, caller):
                for fact in self.memory.facts.history(view, subject, claim.relation):
                    if kind <= stems(fact.claim.value) or (kind == _CAR and is_car(fact.claim.value)):
                        found[fact.id] = fact
        ordered = sorted(found.values(), key=lambda fact: (_begins(fact), fact.said))
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


def _is_anew(note: Note, fact: Fact) -> bool:
    """Whether a note may say a fact anew: a statement of which the grammar makes nothing, with another such value."""
    if note.source is not Source.OWNER or note.id in fact.sources or is_question(note.text) or draw(note):
        return False
    subject, value = fact.claim.subject.casefold(), fact.claim.value
    words = set(note.text.casefold().replace("'", " ").split())
    if not (words & _OWN if subject in (note.who.casefold(), WE) else subject.split("'")[0] in words):
        return False
    sort = next((one for one in _SORTS if one.search(f"is {value}")), None)
    return sort is not None and bool(set(sort.findall(note.text)) - set(value.split()))


def _before(history: Sequence[Fact], periods: Sequence[Period]) -> list[Fact]:
    """What was told first, of a time not long before that: it will have been so then too."""
    first = next(iter(history), None)
    if first is None or first.dated or first.claim.since is None or first.claim.relation not in LASTING:
        return []
    return [first] if first.claim.since - PRESUMED <= periods[0].start < first.claim.since else []


def _begins(fact: Fact) -> datetime:
    """For their order: what ended and has no beginning was so before all else."""
    return fact.claim.since or (fact.said if fact.claim.until is None else _EVER)


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


_CAR = stems("car")


def _of_car(claim: Claim) -> bool:
    """Whether the speaker's car is asked for."""
    whose = "'s car" in claim.subject or claim.subject == "car" or claim.subject == WE
    return (whose and claim.relation == "is_a") or (claim.relation in ("drives", "owns") and stems(claim.value) >= _CAR)


def _car_claims(caller: Caller) -> list[Claim]:
    """All ways to tell what one drives."""
    ways = ("I drive a {} car.", "I have a {} car.", "My car is a {}.", "Our car is a {}.")
    return [claim for way in ways for claim in draw(stated(way.format(NAME.lower()), caller))]


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

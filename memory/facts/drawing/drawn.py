"""From a note to its claims: sentence by sentence, statement by statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from memory import sensitive
from memory.facts.claim import Claim, Kind
from memory.facts.drawing import Periods, things
from memory.facts.drawing.conditions import condition
from memory.facts.drawing.days import WHEN, When, take
from memory.facts.drawing.draft import Draft, claim_of
from memory.facts.drawing.people import predicate
from memory.facts.drawing.polarity import turn
from memory.facts.drawing.promises import Promise, bare, is_assisted, promise
from memory.facts.drawing.sentences import asks, clauses, doubtful, sentences
from memory.facts.drawing.subjects import WE, About, read_subject
from memory.facts.drawing.values import SECRETS, value_of
from memory.facts.drawing.wording import worded
from memory.facts.relations import SAME_AS, role_named
from memory.note import Note, Scope

MOST = 12
"""Claims of one note; who says more at once pastes a page."""
_MINUTE = timedelta(minutes=1)
_SAYS = re.compile(
    r"\b(?:I|we|my|our|us|me|i|We|My|Our|im|ive)\b|\b(?:if|when|whenever|once|as soon as|let me know|"
    r"call|forget|never mind|scrap|done|finished)\b|\b(?:is|are|lives|works|likes|loves|hates|goes|go|"
    r"opens|closes|has|plays|speaks|was|will|prefers|does|cannot|can|no longer|moved|belongs|owns|"
    r"drives|died|promised|parked|sold|wears|takes|broke|stopped|collects|rides|attends|got|"
    r"became|turned|started|joined|married|supports|adores|owes|fixed|brought|paid|lent|sent|gave|came|"
    r"works?)\b|'s\b|^(?!need)[a-z]+ed the\b",
    re.IGNORECASE,
)


def drawn(note: Note, periods: Periods | None, members: frozenset[str]) -> list[Claim]:
    """The claims of what the note's own speaker said."""
    reader = _Reader(note, periods, members)
    found: list[Claim] = []
    for sentence in sentences(note.text):
        if _SAYS.search(sentence) and (claims := list(reader.read(sentence))) and not _secret(sentence):
            found += claims
        if len(found) >= MOST:
            break
    return list(dict.fromkeys(found))[:MOST]


def _secret(sentence: str) -> bool:
    return SECRETS.search(sentence) is not None or bool(sensitive.find(sentence))


class _Reader:
    """Reads one note."""

    def __init__(self, note: Note, periods: Periods | None, members: frozenset[str]) -> None:
        self._note = note
        self._now = note.when
        self._periods = periods
        self._others = members - {note.who.casefold()}
        self._last = ""

    def read(self, sentence: str) -> Iterator[Claim]:
        """The claims of one sentence."""
        if (wanted := condition(sentence)) is not None:
            text = f"When {wanted.trigger}: {wanted.value}" if wanted.value else f"No longer when {wanted.trigger}"
            yield Claim(
                Kind.CONDITION, self._note.who, "when", wanted.value, text, trigger=wanted.trigger, denied=wanted.over
            )
            return
        sentence = bare(sentence)
        if asks(sentence):
            return
        for clause in clauses(sentence):
            yield from self._clause(clause)

    def _clause(self, clause: str) -> Iterator[Claim]:
        if made := promise(clause):
            yield from self._promised(made)
        stated = list(self._stated(worded(clause)))
        if stated and not doubtful(clause):
            yield from stated

    def _stated(self, clause: str) -> Iterator[Claim]:
        """What it says for certain, if it does."""
        if named := things.renamed(clause):
            yield from self._renamed(*named)
            return
        if role := things.bearer(clause, self._note.who, WE):
            yield from self._role(*role)
            return
        if best := things.favourite(clause):
            yield from self._claims([best[1]], best[0] or self._note.who)
            return
        if stored := things.put(clause):
            yield from self._claims([self._dated(stored[1])], stored[0], f"the {stored[0]}")
            return
        if about := read_subject(clause, self._note.who, self._last):
            yield from self._about(about)

    def _about(self, about: About) -> Iterator[Claim]:
        if about.role:
            yield from self._role(*about.role)
        if about.person and not about.first and "'s " not in about.name:
            self._last = about.name
        drafts = self._drafts(about)
        for draft in drafts:
            yield from self._claims([draft], about.name, about.shown)
            if draft.relation == "partner" and about.name == WE:
                yield from self._claims([draft], self._note.who)
            if draft.relation == "owns" and draft.denied:
                other = WE if about.name != WE else self._note.who
                yield from self._claims([draft], other)

    def _drafts(self, about: About) -> list[Draft]:
        """What is said, with the dates in it."""
        if about.attribute:
            return [
                draft if not draft.lasting else self._dated(draft)
                for draft in things.attribute(about.attribute, about.rest)
            ]
        turned = turn(about.rest)
        if turned is None:
            return []
        if not about.person:
            drafts = list(things.drafts_of(about.name, turned.rest, asked=self._note.asked))
            drafts = [draft.but(denied=draft.denied or turned.denied, former=turned.former) for draft in drafts]
        else:
            drafts = predicate(turned.rest, denied=turned.denied, over=turned.over)
            if not drafts and (bare := take(turned.rest, self._now, ahead=False))[1]:
                dates = tuple(bare[1])
                drafts = [
                    draft.but(dates=dates) for draft in predicate(bare[0], denied=turned.denied, over=turned.over)
                ]
            drafts = [draft.but(former=draft.former or turned.former) for draft in drafts]
        source = about.rest
        return [self._dated(draft, source) for draft in drafts]

    def _dated(self, draft: Draft, source: str = "") -> Draft:
        """With its dates taken out of its value, or out of the whole statement."""
        if not draft.lasting or draft.relation in ("happens", "opens", "closes", "closed"):
            return draft
        value, inside = take(draft.value, self._now, ahead=False)
        dates = draft.dates or tuple(inside)
        if not dates and source:
            dates = tuple(take(source, self._now, ahead=False)[1])
        if not dates and draft.begins and self._periods is not None and source:
            dates = tuple(
                When("", start, end, False, "")
                for start, end in self._periods(source, self._now)[:1]
                if start <= self._now
            )
        return draft.but(value=value_of(value) if inside else draft.value, dates=dates)

    def _claims(self, drafts: Sequence[Draft], subject: str, shown: str = "") -> Iterator[Claim]:
        if self._is_anothers(subject):
            return
        for draft in drafts:
            if draft.value or draft.denied:
                yield claim_of(draft, subject, shown or ("We" if subject == WE else subject), self._now)

    def _is_anothers(self, subject: str) -> bool:
        """Whether it is about another member, of whom it would be a fact only by someone else's word.

        What is asked to be remembered for oneself alone is one's own note about them, and seen by nobody else.
        """
        first = re.split(r"['\s]", subject.casefold(), maxsplit=1)[0]
        if first not in self._others and subject.casefold() not in self._others:
            return False
        return not (self._note.asked and self._note.scope is Scope.PRIVATE)

    def _role(self, whose: str, role: str, name: str) -> Iterator[Claim]:
        relation = role_named(role)
        if not self._is_anothers(whose):
            text = f"{'Our' if whose == WE else whose + chr(39) + 's'} {role} is {name}"
            yield Claim(Kind.FACT, whose, relation, name, text[:1].upper() + text[1:])
        self._last = name

    def _renamed(self, old: str, new: str) -> Iterator[Claim]:
        who = self._note.who
        subject = old or who
        if new.casefold() in self._others or self._is_anothers(subject):
            return
        if not old:
            yield from self._claims([Draft("name", new)], who)
        if new.casefold() != subject.casefold():
            yield from self._claims([Draft(SAME_AS, new)], subject)

    def _promised(self, made: Promise) -> Iterator[Claim]:
        deed, dates = take(made.deed, self._now, ahead=True)
        due = self._due(made.deed, dates) if not made.over else None
        deed = re.sub(
            r"\s+(?:too|as well|again|soon|later|first|then|for sure|please|instead|in the|at|by|on|this)$",
            "",
            deed.strip(" .,!"),
        )
        deed = re.split(r"\s+(?:because|so that|so|but|when|if|as soon as|once|before|after|while|since)\s+", deed)[0]
        if not deed or (due is None and not made.sure) or (not made.sure and is_assisted(deed) and not _firm(dates)):
            return
        if not made.over and (" " not in deed or deed.split()[-1] in ("to", "the", "for")):
            return
        subject = made.who or self._note.who
        if subject.startswith("my "):
            subject = f"{self._note.who}'s {subject[3:]}"
        if self._is_anothers(subject):
            return
        done = made.over
        text = f"{subject[:1].upper()}{subject[1:]} {'has done this:' if done else 'will'} {deed}"
        yield Claim(Kind.COMMITMENT, subject, "will", deed, text, due=due, denied=done)

    def _due(self, said: str, dates: Sequence[When]) -> datetime | None:
        """By when: the moment, or the last minute of the day or period."""
        for when in dates:
            if when.prep not in ("since", "for", "from", "over") and when.end > self._now:
                if when.clock:
                    return when.start
                before = when.prep in ("before", "until", "till")
                return (when.start if before and when.start > self._now else when.end) - _MINUTE
        if self._periods is not None and WHEN.search(said):
            ahead = [end for _, end in self._periods(said, self._now) if end > self._now]
            return ahead[0] if ahead else None
        return None


def _firm(dates: Sequence[When]) -> bool:
    """Whether a day is named by which it must be done."""
    return any(when.prep in ("by", "before", "until", "till") for when in dates)

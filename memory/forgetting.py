"""Forgetting: which notes are meant, and that nothing of them is left.

Must stay true: a member forgets their own notes alone; what is forgotten is gone with its words, its vector and all
that was drawn from it, in one transaction, and its bytes leave the files: the record's at once, the index's before its
number leaves the list of what is still to be swept.

Does not reach what the hub wrote down of it elsewhere: that is `agent/memory/erasing.py`. Who is meant by "she" in a
note is known only where a fact says so.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, or_

from memory.company.rooms import OWN_ROOM
from memory.facts.facts import Fact, Facts
from memory.note import View
from memory.record.record import Kept, Record, parts
from memory.record.tables import notes
from memory.record.words import content_words
from memory.vectors.indexing import Indexing

POOL = 2000
"""Notes that are looked at for a topic or a name in one go."""
NEAR_POOL = 200
"""Of these, those sought by their meaning."""
ALIKE = 0.6
"""Cosine from which a note is about a topic without sharing a word."""
RELATED = 0.4
"""Cosine from which it is about a topic of which it shares more than half, by the weight of the words."""
HALF = 0.5
LOOKED_FOR = 20
"""Of the notes that were erased, those that are sought again by their words and meaning."""

_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?<=\w{3})(ies|es|s|ing|ed|er)$")


@dataclass(frozen=True, slots=True)
class What:
    """What is to be forgotten; all that is given must hold. With nothing given it means nothing."""

    ids: tuple[str, ...] = ()
    """Of notes, or of facts, which stand for the notes that say so."""
    topic: str = ""
    """In the member's words: "my knee surgery"."""
    person: str = ""
    """By name: what they said, and what was said about them."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten."""

    notes: tuple[Kept, ...]
    verified: bool
    """Neither their numbers nor their words nor their meaning find them any more."""

    @property
    def count(self) -> int:
        """How many notes that were."""
        return len(self.notes)


class Forgetting:
    """Finds and erases notes. Safe to use from several threads; blocks, for a second where there are 100,000 notes."""

    def __init__(self, record: Record, indexing: Indexing, facts: Facts) -> None:
        self._record = record
        self._indexing = indexing
        self._facts = facts

    def select(self, member: str, what: What, now: datetime | None = None) -> list[Kept]:
        """The member's own notes that are meant, newest first. Changes nothing."""
        view = self.own(member)
        found: list[dict[int, Kept]] = []
        if what.ids:
            found.append(self._named(member, what.ids, view, now))
        if what.topic.strip():
            found.append(self._on(member, what.topic, view, now))
        if what.person.strip():
            found.append(self._about(member, what.person.strip(), view, now))
        if what.since or what.until:
            found.append(self._within(member, what.since, what.until))
        meant = [one for seq, one in found[0].items() if all(seq in rest for rest in found)] if found else []
        return sorted(meant, key=lambda one: (one.note.when, one.seq), reverse=True)

    def erase(self, member: str, meant: Iterable[Kept]) -> Forgotten:
        """Erase those of the notes that are the member's own, and look that they are gone."""
        sought = list(meant)
        view = self.own(member)
        gone = self._record.erase(member, [one.seq for one in sought])
        if gone:
            self._indexing.sweep()
        left = self._record.left([one.seq for one in gone])
        return Forgotten(tuple(gone), left == 0 and not any(self._finds(one, view) for one in gone[:LOOKED_FOR]))

    def _finds(self, gone: Kept, view: View) -> bool:
        near = self._indexing.nearest(gone.note.text, view, NEAR_POOL)
        return gone.seq in self._record.match(gone.note.text, view, POOL) or gone.seq in dict(near)

    def own(self, member: str) -> View:
        """Sees where the member's own notes lie; only to forget: what is not theirs is dropped."""
        # Wherever they said it, also in rooms that they have left since: what is found is theirs or is dropped.
        return View(member, OWN_ROOM, self._record.audiences(member))

    def _named(self, member: str, ids: Sequence[str], view: View, now: datetime | None) -> dict[int, Kept]:
        """Notes by their ids, and those that facts of these ids rest on."""
        facts = [fact for fact in (self._facts.get(one, view) for one in ids) if fact is not None]
        return self._by_id(member, [*ids, *(source for fact in facts for source in fact.sources)])

    def _by_id(self, member: str, ids: Iterable[str]) -> dict[int, Kept]:
        listed = list(dict.fromkeys(ids))
        return {one.seq: one for part in parts(listed) for one in self._record.own(member, notes.c.id.in_(part))}

    def _on(self, member: str, topic: str, view: View, now: datetime | None) -> dict[int, Kept]:
        """Notes on a topic: with all its words, or near enough to it; and those that a fact on it rests on."""
        wanted = [word for word in map(root, content_words(topic)) if word]
        near = dict(self._indexing.nearest(topic, view, NEAR_POOL))
        candidates = self._mine(member, [*self._record.match(topic, view, POOL), *near], view)
        held = {seq: set(map(root, tokens(f"{one.note.text} {one.note.who}"))) for seq, one in candidates.items()}
        weights = {
            word: math.log(1 + len(held) / (1 + sum(word in has for has in held.values()))) or 1.0 for word in wanted
        }
        total = sum(weights.values()) or 1.0
        meant = {}
        for seq, one in candidates.items():
            share = sum(weight for word, weight in weights.items() if word in held[seq]) / total
            likeness = near.get(seq, 0.0)
            if share > 1 - 1e-9 or likeness >= ALIKE or (share > HALF and likeness >= RELATED):
                meant[seq] = one
        facts = [fact for fact in self._all_facts(view, now) if set(wanted) <= set(map(root, tokens(said_of(fact))))]
        return meant | self._by_id(member, [source for fact in facts for source in fact.sources])

    def _about(self, member: str, person: str, view: View, now: datetime | None) -> dict[int, Kept]:
        """What a person said, what names them, and what facts about them rest on."""
        name = tokens(person)
        said = {one.seq: one for one in self._record.own(member, func.lower(notes.c.who) == person.lower())}
        candidates = self._mine(member, self._record.match(person, view, POOL), view)
        named = {seq: one for seq, one in candidates.items() if holds(tokens(one.note.text), name)}
        facts = [
            fact
            for fact in self._all_facts(view, now)
            if tokens(fact.claim.subject) == name or holds(tokens(fact.claim.value), name)
        ]
        return said | named | self._by_id(member, [source for fact in facts for source in fact.sources])

    def _all_facts(self, view: View, now: datetime | None) -> list[Fact]:
        return self._facts.find(view, now=now or datetime.now(UTC))

    def _within(self, member: str, since: datetime | None, until: datetime | None) -> dict[int, Kept]:
        """What was said in a period, be it for the first time or most recently."""
        first, last = notes.c.at, notes.c.last_at
        after = [or_(first >= stamp(since), last >= stamp(since))] if since else []
        before = [first < stamp(until)] if until else []
        kept = self._record.own(member, *after, *before)
        return {one.seq: one for one in kept if falls(one, since, until)}

    def _mine(self, member: str, seqs: Iterable[int], view: View) -> dict[int, Kept]:
        found: dict[int, Kept] = {}
        for part in parts(dict.fromkeys(seqs)):
            found |= self._record.get(part, view)
        return {seq: one for seq, one in found.items() if one.note.member == member}


def falls(one: Kept, since: datetime | None, until: datetime | None) -> bool:
    """Whether it was said in the period, first or last."""
    return any((since is None or at >= since) and (until is None or at < until) for at in (one.note.when, one.last))


def stamp(at: datetime) -> str:
    """A moment as the record sorts them."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def tokens(said: str) -> list[str]:
    """The words of a text without case and accents."""
    parted = unicodedata.normalize("NFD", said.casefold())
    return _WORD.findall("".join(sign for sign in parted if not unicodedata.combining(sign)))


def root(word: str) -> str:
    """A word without its commonest English endings."""
    [plain] = tokens(word)[:1] or [""]
    return _ENDING.sub(lambda found: "y" if found[0] == "ies" else "", plain).rstrip("e")


def holds(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether the words of a name follow each other in there."""
    size = len(name)
    return bool(name) and any(list(words[at : at + size]) == list(name) for at in range(len(words) - size + 1))


def said_of(fact: Fact) -> str:
    """A fact in all its words."""
    claim = fact.claim
    return f"{claim.subject} {claim.relation.replace('_', ' ')} {claim.value} {claim.text}"

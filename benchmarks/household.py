"""A household to look for leaks in: members, guests, rooms with comings and goings, and who may see which note.

Every note holds a secret that occurs nowhere else, and a hint that everybody may know: whoever asks by the hint and is
told the secret of a note that is not for them has found a leak. Who may see what is worked out here from who was where
when it was said, apart from the code that it judges.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from memory.memory import Memory
from memory.note import Note, Scope

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MEMBERS = ("ann", "bob", "carl", "dora", "emil", "fay", "greg", "hana", "ivan", "jane")
GUESTS = ("gus", "gerda")
EVERYBODY = (*MEMBERS, *GUESTS)
OPEN = ("kitchen", "garden", "hall")
CLOSED = ("den", "attic", "studio", "cellar", "office", "loft")
THINGS = ("boat", "parrot", "cabin", "choir", "horse", "bakery", "teacher", "team", "tractor", "doll")
WORDINGS = (
    "The {thing} at {hint} is called {secret}.",
    "I work at {secret}, the {thing} at {hint}",
    "I like {secret}, the {thing} at {hint}",
    "I promised to call {secret} about the {thing} at {hint} on Friday.",
    "Tell me when {secret} comes to the {thing} at {hint}",
    "{secret} lives in {hint} with the {thing}.",
)
"""A name, a fact, a preference, a promise, a condition, and somebody of whom there is a fact."""
ALONE = "home"


@dataclass(slots=True)
class Told:
    """A note, and who it is for."""

    hint: str
    secret: str
    note: Note
    alone: frozenset[str] = frozenset()
    """Who may be told on their own screen."""
    aloud: frozenset[str] = frozenset()
    """Who may be told where others listen, in the note's room."""


@dataclass(slots=True)
class Household:
    """Built note by note; `settle` works out who may see what in the end."""

    memory: Memory
    seed: int = 1
    told: list[Told] = field(default_factory=list)
    inside: dict[tuple[str, str], int] = field(default_factory=dict)
    """(member, room): since which minute; 0 for whoever saw it from its beginning."""
    minute: int = 1

    def now(self) -> datetime:
        """Each thing happens a minute after the one before."""
        self.minute += 1
        return MONDAY + timedelta(minutes=self.minute)

    def say(self, member: str, room: str = ALONE, scope: Scope = Scope.PRIVATE) -> None:
        """Somebody tells a secret."""
        one = self.thought(member, room, scope)
        one.note = self.memory.remember(one.note)
        self.told.append(one)
        if scope is Scope.ROOM:
            self.inside.setdefault((member, room), 0)

    def thought(self, member: str, room: str = ALONE, scope: Scope = Scope.PRIVATE) -> Told:
        """A secret that is still to be told."""
        dice, number = random.Random(f"{self.seed} {len(self.told)}"), len(self.told)
        hint, secret = f"place{number:03d}", "zq" + "".join(dice.choices("bcdfghjklmnpqrstvwxz", k=10))
        text = WORDINGS[number % len(WORDINGS)].format(thing=THINGS[number % len(THINGS)], hint=hint, secret=secret)
        return Told(hint, secret, Note(text, member, self.now(), member, room, scope=scope))

    def make(self, room: str, *members: str) -> None:
        """A room is made."""
        self.memory.rooms.make(room, members, self.now())
        self.inside = {key: since for key, since in self.inside.items() if key[1] != room}
        self.inside |= {(member, room): self.minute if member in GUESTS else 0 for member in members}

    def join(self, room: str, member: str) -> None:
        """Somebody comes."""
        self.memory.rooms.join(room, member, self.now())
        self.inside.setdefault((member, room), self.minute)

    def leave(self, room: str, member: str) -> None:
        """Somebody goes."""
        self.memory.rooms.leave(room, member, self.now())
        del self.inside[member, room]

    def settle(self) -> None:
        """Who may see what, as things are now."""
        for one in self.told:
            one.alone = frozenset(who for who in EVERYBODY if self._for(one, who)) | {one.note.member}
            one.aloud = frozenset(who for who in EVERYBODY if self._for(one, who) and self._all_may_hear(one))

    def _for(self, one: Told, who: str) -> bool:
        match one.note.scope:
            case Scope.PRIVATE:
                return who == one.note.member
            case Scope.HOUSEHOLD:
                return who not in GUESTS
            case Scope.ROOM:
                room, said = one.note.room, minute_of(one.note)
                everybody = room in OPEN and who not in GUESTS
                return everybody or self.inside.get((who, room), said + 1) <= said

    def _all_may_hear(self, one: Told) -> bool:
        company = [since for (_, room), since in self.inside.items() if room == one.note.room]
        return one.note.scope is Scope.ROOM and all(since <= minute_of(one.note) for since in company)

    def insiders(self, one: Told) -> frozenset[str]:
        """Who can see it now; whoever told it may have left."""
        return frozenset(who for who in EVERYBODY if self._for(one, who))

    def guests_in(self, room: str) -> bool:
        """Whether what is for the household must not be told aloud there."""
        return any((guest, room) in self.inside for guest in GUESTS)

    def forbidden(self, who: str, room: str = ALONE, *, alone: bool = True) -> dict[str, Told]:
        """The secrets that they must not be told there, by secret."""

        def may(one: Told) -> bool:
            if alone:
                return who in one.alone
            if one.note.scope is Scope.HOUSEHOLD:
                return who not in GUESTS and not self.guests_in(room)
            return who in one.aloud and one.note.room == room

        return {one.secret: one for one in self.told if not may(one)}


def minute_of(note: Note) -> int:
    """When it was said, as the household counts."""
    return int((note.when - MONDAY).total_seconds() // 60)


def settled(memory: Memory, each: int) -> Household:
    """A household with a history; `each`: how many notes somebody tells at a time."""
    house = Household(memory)
    for guest in GUESTS:
        memory.rooms.guests.add(guest, house.now())
    for who in EVERYBODY:
        for number in range(each):
            house.say(who, ALONE if number % 2 else OPEN[number % len(OPEN)])
    for who in MEMBERS[::3]:
        house.say(who, scope=Scope.HOUSEHOLD)
    for room, who in zip(OPEN * 2, MEMBERS, strict=False):
        house.say(who, room, Scope.ROOM)
    house.join("garden", "gus")
    house.say("ann", "garden", Scope.ROOM)
    house.say("gus", "garden", Scope.ROOM)
    for number, room in enumerate(CLOSED):
        _lived_in(house, room, number, each)
    house.settle()
    return house


def _lived_in(house: Household, room: str, number: int, each: int) -> None:
    """A room that was open, is made, and sees its people come, go and come again."""
    members = _from(number)
    first, second, third, fourth, fifth = (next(members) for _ in range(5))
    house.say(first, room, Scope.ROOM)
    house.say(fifth, room, Scope.ROOM)
    house.make(room, first, second)
    for _ in range(each):
        house.say(first, room, Scope.ROOM)
    house.join(room, third)
    house.say(third, room, Scope.ROOM)
    house.leave(room, second)
    house.say(first, room, Scope.ROOM)
    house.join(room, fourth)
    house.say(fourth, room, Scope.ROOM)
    house.leave(room, fourth)
    house.join(room, second)
    for _ in range(each):
        house.say(second, room, Scope.ROOM)
    if number % 2:
        house.join(room, GUESTS[number % len(GUESTS)])
        house.say(first, room, Scope.ROOM)
        house.say(GUESTS[number % len(GUESTS)], room, Scope.ROOM)
    if number % 3 == 2:
        house.leave(room, third)
    house.say(first, room)


def _from(number: int) -> Iterator[str]:
    """The members, round and round, from this one on."""
    while True:
        yield MEMBERS[number % len(MEMBERS)]
        number += 3

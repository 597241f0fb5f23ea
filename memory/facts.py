"""Facts: what follows from notes about people, places and things; now and then.

A *claim* is what one note says, drawn from it when it is kept and stored with it, in the same transaction. A *fact* is
what all claims about the same thing amount to: repeats merge, a later one of a kind that can hold only once
supersedes the earlier, which keeps its end. Facts are folded from claims when they are asked for, so that forgetting a
note forgets all that followed from it.

Must stay true: a claim has its note's audience; foreign text makes none; what a model wrote never outranks what a
person said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine

from memory.note import View


class Kind(StrEnum):
    """What sort of thing is claimed."""

    FACT = "fact"
    PREFERENCE = "preference"
    COMMITMENT = "commitment"
    """Something that its subject said they would do."""
    CONDITION = "condition"
    """Something that the member wants to be told, or done, when it happens."""


class Maker(StrEnum):
    """Who put it into a claim; in falling rank."""

    PERSON = "person"
    """A member wrote or corrected the fact itself."""
    GRAMMAR = "grammar"
    """Read from a person's own words by fixed rules."""
    MODEL = "model"
    """Derived by a language model."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one note says about one thing."""

    kind: Kind
    subject: str
    """Who or what it is about, as named: the speaker's own name for "I"."""
    relation: str
    """What is said of it, one word or words joined by _: lives_in, works_at, likes, birthday, wifi_password …"""
    value: str
    text: str
    """One plain sentence that says it: "Ann lives in Lyon"."""
    since: datetime | None = None
    """From when it holds, where the note says so; else from when it was said."""
    until: datetime | None = None
    """Till when it held (exclusive), where the note says so."""
    due: datetime | None = None
    """Of a commitment: by when."""
    trigger: str = ""
    """Of a condition: what must happen."""
    denied: bool = False
    """The note says that this is not, or no longer, so."""
    maker: Maker = Maker.GRAMMAR


@dataclass(frozen=True, slots=True)
class Fact:
    """What the claims that can be seen amount to."""

    id: str
    """Stays the same as long as subject, relation, value and start do; 16 hexadecimal digits."""
    claim: Claim
    """With `since` and `until` as they follow from all claims; `until` None: still so."""
    sources: tuple[str, ...]
    """Ids of the notes that say so, oldest first."""
    said: datetime
    """When it was said most recently."""
    done: bool = False
    """Of a commitment: it was said to be done, or taken back."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, place or thing that facts are about."""

    name: str
    facts: int
    last: datetime


class Facts:
    """Reads and writes claims; safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, connection: Connection, seq: int, audience: str, claims: Sequence[Claim]) -> None:
        """Keep what the note of this number says, within the transaction that keeps the note."""

    def find(
        self,
        view: View,
        *,
        subject: str | None = None,
        relation: str | None = None,
        kind: Kind | None = None,
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> list[Fact]:
        """The facts that hold at that moment (`at`, else `now`), said by then; the latest said first."""
        return []

    def history(self, view: View, subject: str, relation: str) -> list[Fact]:
        """All that was ever so, oldest first."""
        return []

    def commitments(self, view: View, *, now: datetime, until: datetime | None = None) -> list[Fact]:
        """What was promised and is not done, the soonest due first; those due by `until` if it is given."""
        return []

    def conditions(self, view: View) -> list[Fact]:
        """What members want to hear of when it happens, that still stands."""
        return []

    def of_note(self, note_id: str, view: View) -> list[Fact]:
        """The facts that this note is a source of."""
        return []

    def get(self, fact_id: str, view: View) -> Fact | None:
        """The fact of this id, if the view may see it."""
        return None

    def subjects(self, view: View) -> list[Subject]:
        """Whom and what facts are about, the most facts first."""
        return []

"""What facts are made of: claims, and what they amount to. Types alone; `memory/facts/facts.py` reads and writes
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    """What is said of it, one word or words joined by _: lives_in, works_at, likes, birthday, blood_type …"""
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
    dated: bool = False
    """Its beginning was said; else `since` is when it was first told."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, place or thing that facts are about."""

    name: str
    facts: int
    last: datetime

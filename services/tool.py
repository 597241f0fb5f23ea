"""Tools and calls: what can be done, a request to do it, and how it ended.

Every way to act goes through a `Toolbox`. The supervisor is one, the wrappers that journal, confirm and
check calls are each one around another, and so are the doubles used in tests: they stack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import uuid4


class Effect(StrEnum):
    """What a call does to the world, which decides whether it may simply run."""

    READ = "read"
    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing that can be done."""

    name: str
    """Unique in the registry: `<service>_<verb>`, at most 64 of a-z, 0-9 and _."""
    description: str
    """For people and models: what it does, in a sentence or two."""
    schema: Mapping[str, Any]
    """JSON Schema of the arguments; its type is object."""
    effect: Effect
    service: str
    examples: tuple[str, ...] = ()
    """Requests in plain words that this tool answers."""
    undo: str | None = None
    """Name of the tool that takes a call of this one back, by the call's id."""
    idempotent: bool = False
    """A call may be sent again with the same id: it takes effect once."""
    hidden: bool = False
    """Only the hub itself calls it; paths never see it."""
    previews: bool = True
    """It can say what it would do and change nothing; a stranger's tool can't."""
    private: bool = False
    """What it is given and answers is recorded nowhere."""
    shown: bool = False
    """The question for a yes shows what it says beforehand that it would do: who a mail goes to, and what it says."""
    foreign: bool = False
    """Someone else wrote it: what it says of itself is data, and never an instruction."""
    trusted: bool = False
    """A person said that it may run without asking, although it can't be undone."""


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf, where and when a call is made."""

    member: str
    room: str
    zone: str
    """IANA time zone, such as Europe/Paris."""
    now: datetime
    """Aware; what "tomorrow" in the request is counted from."""


def new_call_id() -> str:
    """A fresh call id: 16 hexadecimal digits."""
    return uuid4().hex[:16]


@dataclass(frozen=True, slots=True)
class Call:
    """A request to use a tool. Its id is the idempotency key, stored with the effect."""

    tool: str
    arguments: Mapping[str, Any]
    caller: Caller
    id: str = field(default_factory=new_call_id)
    preview: bool = False
    """Only say what would happen."""
    confirmed: bool = False
    """The member said yes to exactly this tool with these arguments. Paths can't forge it: see agent/policy.py."""
    unasked: bool = True
    """A trusted tool may run without asking; not where words of others may have led to the call."""
    flow: str | None = None
    """Id of the piece of work that it is part of; None: it is one by itself."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a call showed or touched, so that "it" and "the second one" can mean it."""

    kind: str
    """event, reminder, item, list, note, contact, timer, alarm …: as the schemas' `x-kind` says."""
    name: str
    id: str = ""
    at: str | None = None
    """When it takes place, ISO 8601, if it has a time."""
    within: str | None = None
    """The name of what holds it: the list of an item."""


@dataclass(frozen=True, slots=True)
class Done:
    """The call took effect (or, in a preview, would)."""

    text: str
    """A sentence for the person."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The same for programs: JSON."""
    touched: tuple[Thing, ...] = ()
    """In the order in which the text names them."""
    undoable: bool = False
    due: datetime | None = None
    """When the service next wants to be asked what is due (its hidden tool `due`)."""
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names that now exist, by kind, so that requests can be understood with no child running."""
    names_shared: bool = False
    """They are the whole household's, not the calling member's alone."""


class Hears(StrEnum):
    """Who must hear of a failure."""

    PERSON = "person"
    """An ordinary refusal in words for the person: no such list, that time is past."""
    MODEL = "model"
    """The arguments were wrong: whoever made the call may try again."""
    US = "us"
    """A fault of ours: a crash, a time-out."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The call took no effect."""

    reason: str
    """One clear sentence: what happened, with what, and what to do next."""
    hears: Hears = Hears.PERSON


@dataclass(frozen=True, slots=True)
class Waiting:
    """The call has not run: it waits for the member's yes to exactly these arguments."""

    question: str
    call: Call


Outcome = Done | Failed | Waiting


class Toolbox(Protocol):
    """What can be done, and the one way to do it. Never raises for what a tool did wrong."""

    async def tools(self) -> Sequence[Tool]:
        """Every tool on offer, hidden ones included; needs no service running."""
        ...

    async def call(self, call: Call) -> Outcome:
        """Make the call; bounded in time; a failure is a value."""
        ...

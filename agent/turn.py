"""The types that everything turns on: a turn comes in, events stream out, a path answers or passes.

Every path has one signature. Reflex, reasoning and a test double are all a `Path`, and the ladder is a
loop over them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from services.tool import Call, Caller, Done, Failed, Toolbox


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing asked."""

    text: str
    now: datetime
    """Aware; `--now` sets it, else the clock."""
    zone: str
    """IANA time zone of the person."""
    member: str = "owner"
    room: str = "home"
    way: Literal["text", "voice", "api"] = "text"
    yes: bool = False
    """The member agreed beforehand to what needs a yes (`--yes`)."""
    preview: bool = False
    """Only say what would happen (`--dry-run`)."""
    id: str = field(default_factory=lambda: uuid4().hex[:16])

    @property
    def caller(self) -> Caller:
        """The same, as calls carry it."""
        return Caller(member=self.member, room=self.room, zone=self.zone, now=self.now)


def in_zone(now: datetime, zone: str) -> tuple[datetime, str]:
    """The moment in the person's zone; where its own offset contradicts that zone, a zone of that offset.

    So "tomorrow at 5" said at 09:00+01:00 is 17:00+01:00, also on a machine that runs on UTC.
    """
    if now.tzinfo is None:
        return now.replace(tzinfo=ZoneInfo(zone)), zone
    here = now.astimezone(ZoneInfo(zone))
    if here.utcoffset() == now.utcoffset():
        return here, zone
    hours, rest = divmod(int((now.utcoffset() or timedelta()).total_seconds()), 3600)
    if rest == 0 and -12 <= hours <= 14:
        named = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"  # their sign counts the other way
    else:
        named = next(
            (z for z in sorted(available_timezones()) if now.astimezone(ZoneInfo(z)).utcoffset() == now.utcoffset()),
            zone,
        )
    return now.astimezone(ZoneInfo(named)), named


@dataclass(frozen=True, slots=True)
class Answered:
    """The path dealt with the turn; all it has to say went out as events."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Not mine: the next path may try."""

    reason: str
    near: tuple[str, ...] = ()
    """Names of the tools that came nearest."""


@dataclass(frozen=True, slots=True)
class Heard:
    turn: Turn


@dataclass(frozen=True, slots=True)
class Thinking:
    path: str
    """Which path is trying: reflex, reason."""


@dataclass(frozen=True, slots=True)
class Calling:
    call: Call


@dataclass(frozen=True, slots=True)
class Called:
    call: Call
    outcome: Done | Failed
    ms: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """The turn goes no further until the person answers."""

    question: str
    kind: Literal["confirm", "missing"]
    call: Call
    """confirm: runs as it is on a yes. missing: lacks the arguments named in `parameters`."""
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer; the pieces in order are the whole text."""

    text: str


@dataclass(frozen=True, slots=True)
class Broke:
    """A fault of ours, in one sentence for the person."""

    text: str


Event = Heard | Thinking | Calling | Called | Waiting | Said | Broke
Emit = Callable[[Event], Awaitable[None]]
Path = Callable[[Turn, Toolbox, Emit], Awaitable[Answered | Passed]]

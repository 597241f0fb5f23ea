"""One remembered thing with its source, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import uuid4


class Scope(StrEnum):
    """Who may see a note; enforced as a filter inside every query."""

    PRIVATE = "private"
    """Only the member it belongs to."""
    ROOM = "room"
    """Whoever is in the room it was said in."""
    HOUSEHOLD = "household"
    """Every member, in any room."""


class Source(StrEnum):
    """Whose words they are; what is not the member's own can never rank as what the member said."""

    OWNER = "owner"
    AGENT = "agent"
    UNTRUSTED = "untrusted"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    who: str
    """Who said it."""
    when: datetime
    """Aware."""
    member: str
    """Whose note it is."""
    room: str = "home"
    turn: str = ""
    """Id of the turn it came from."""
    source: Source = Source.OWNER
    scope: Scope = Scope.PRIVATE
    asked: bool = False
    """The member asked for it to be remembered."""
    epoch: int = 0
    """Which company of the room heard it: counts who joined before it was said. Set by `memory/company/rooms.py`."""
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def audience(self) -> str:
        """Who may see it, as one word that both indexes are partitioned by."""
        match self.scope:
            case Scope.PRIVATE:
                return member_audience(self.member)
            case Scope.ROOM:
                return room_audience(self.room, self.epoch)
            case Scope.HOUSEHOLD:
                return HOUSEHOLD


@dataclass(frozen=True, slots=True)
class View:
    """Who is looking, from where: all that decides which notes can be seen. Made by `memory/company/rooms.py` alone."""

    member: str
    room: str
    audiences: tuple[str, ...]
    """A note is visible if its own audience is among these."""


HOUSEHOLD = "h0"


def member_audience(member: str) -> str:
    """What one member alone may see."""
    return _audience("m", member)


def room_audience(room: str, epoch: int = 0) -> str:
    """What whoever was in the room in that epoch may see."""
    return _audience("r", room) if epoch == 0 else f"{_audience('r', room)}z{epoch}z0"


def _audience(kind: str, name: str) -> str:
    # Hexadecimal, so that two names never read as one; the last 0 keeps the words' stemmer from cutting an ending.
    return kind + name.encode("utf-8", "surrogatepass").hex() + "0"

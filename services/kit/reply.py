"""What a tool is given, and what it gives back."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.kit.connection import CONNECT_SECONDS, connect
from services.kit.refusal import Refusal
from services.kit.web import Web

__all__ = ["Alert", "Ask", "Context", "Refusal", "Reply", "Thing"]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something shown or touched, so that "it" and "the second one" can mean it."""

    kind: str
    name: str
    id: str = ""
    at: datetime | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a call."""

    text: str
    """One or two sentences for the person, as one would speak them."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The same for programs; must be JSON."""
    touched: Sequence[Thing] = ()
    """In the order in which the text names them."""


Ask = Callable[[str, Mapping[str, Any]], Reply]
"""The name of another service's tool and its arguments, to its answer. Raises Refusal."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is due: the hub tells the member."""

    id: str
    """Unique within the service and stable: the same alert is told once."""
    text: str
    at: datetime
    member: str
    room: str = "home"


@dataclass(slots=True)
class Context:
    """On whose behalf a call is made, and the data it works on. Writes commit only if the tool returns."""

    db: sqlite3.Connection
    """In a transaction; rows are `sqlite3.Row`. Never commit or roll back yourself."""
    member: str
    room: str
    now: datetime
    """Aware, in the person's time zone."""
    call: str
    """The call's id."""
    preview: bool
    folder: Path
    """The service's own data folder."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What people set for this service, as its manifest declares: the household's and the calling member's."""
    web: Web = field(default_factory=Web)
    """Fetches addresses, as far as the manifest's rights go."""
    asking: Ask | None = None
    """Has the hub call another service's tool; see `ask`."""
    files: dict[Path, bytes | None] = field(default_factory=dict)
    """Files to be written (None: removed) once the transaction is certain; see `write_file`."""
    granted: tuple[Path, ...] = ()
    """Folders that the member, or the household, opened to this service for writing."""
    moves: list[tuple[Path, Path, bool, Path | None]] = field(default_factory=list)
    """See `move_file` and `copy_file`: source, target, whether it is a copy, and where an unwanted copy goes."""
    former: tuple[tuple[str, ...], Any] | None = None
    """See `services.kit.outside.before`: what is changed outside, and what was so there."""
    notes: list[Path] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        zone = self.now.tzinfo
        assert isinstance(zone, ZoneInfo)
        return zone

    def connect(self, host: str, port: int, seconds: float = CONNECT_SECONDS) -> socket.socket:
        """A connected TCP socket, as far as the manifest's rights go; wrap it with `ssl` yourself. Raises Refusal."""
        return connect(host, port, seconds)

    def ask(self, tool: str, arguments: Mapping[str, Any] | None = None) -> Reply:
        """What another service's tool says (`places_find`): a read that the manifest's rights name. Raises Refusal."""
        if self.asking is None:
            raise Refusal(f"I can't ask {tool!r} here.")
        return self.asking(tool, arguments or {})

    def write_file(self, path: Path, content: bytes | None) -> None:
        """Write (or with None remove) a file below `folder` or a granted one when the call commits; undo puts it back.

        Until then `read_file` of the same path gives the new content. A preview writes nothing.
        """
        resolved = path.resolve()
        self._refuse_outside(resolved)
        self.files[resolved] = content

    def move_file(self, source: Path, target: Path) -> None:
        """Move a file or folder to a place that is free, when the call commits; undo moves it back."""
        self._plan(source, target, False, None)

    def copy_file(self, source: Path, target: Path, trash: Path) -> None:
        """Copy a file or folder to a place that is free, when the call commits; undo moves the copy to `trash`."""
        self._refuse_outside(trash.parent.resolve() / trash.name)
        self._plan(source, target, True, trash)

    def _plan(self, source: Path, target: Path, copy: bool, trash: Path | None) -> None:
        places = [path.parent.resolve() / path.name for path in (source, target)]
        for place in places:
            self._refuse_outside(place)
        self.moves.append((places[0], places[1], copy, trash))

    def _refuse_outside(self, resolved: Path) -> None:
        if not any(resolved.is_relative_to(root.resolve()) for root in (self.folder, *self.granted)):
            raise Refusal(f"{str(resolved)!r} lies outside the folders that are open to me.")

    def read_file(self, path: Path) -> bytes | None:
        """The file's content as this call sees it, or None where there is none."""
        resolved = path.resolve()
        if resolved in self.files:
            return self.files[resolved]
        return resolved.read_bytes() if resolved.is_file() else None

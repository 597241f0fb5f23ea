"""What a tool is given, and what it gives back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


class Refusal(Exception):
    """Raised by a tool: it can't be done, and why, in one sentence for the person. Takes back all writes."""


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
    files: dict[Path, bytes | None] = field(default_factory=dict)
    """Files to be written (None: removed) once the transaction is certain; see `write_file`."""

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        zone = self.now.tzinfo
        assert isinstance(zone, ZoneInfo)
        return zone

    def write_file(self, path: Path, content: bytes | None) -> None:
        """Write (or with None remove) a file below `folder` when the call commits; undo puts it back.

        Until then `read_file` of the same path gives the new content. A preview writes nothing.
        """
        resolved = path.resolve()
        if not resolved.is_relative_to(self.folder.resolve()):
            raise Refusal(f"{str(path)!r} lies outside this service's folder.")
        self.files[resolved] = content

    def read_file(self, path: Path) -> bytes | None:
        """The file's content as this call sees it, or None where there is none."""
        resolved = path.resolve()
        if resolved in self.files:
            return self.files[resolved]
        return resolved.read_bytes() if resolved.is_file() else None

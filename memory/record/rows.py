"""A note as a row of the record, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from memory.note import Note, Scope, Source


@dataclass(frozen=True, slots=True)
class Kept:
    """A note as the record holds it."""

    seq: int
    note: Note
    times: int
    """How often it was said."""
    last: datetime
    """When it was said most recently; UTC."""


def row_of(note: Note) -> dict[str, Any]:
    """The row of a new note; its number comes from the database."""
    said = {name: _storable(getattr(note, name)) for name in ("id", "member", "room", "who", "text", "turn")}
    at = note.when.astimezone(UTC).isoformat(timespec="microseconds")
    same = (note.audience, said["member"], said["who"], note.source.value, fold(said["text"]))
    return said | {
        "audience": note.audience,
        "epoch": note.epoch,
        "scope": note.scope.value,
        "source": note.source.value,
        "at": at,
        "said_at": note.when.isoformat(),
        "last_at": at,
        "times": 1,
        "asked": note.asked,
        "digest": hashlib.sha256("\0".join(same).encode()).hexdigest(),
        "indexed": "",
    }


def kept_of(row: RowMapping | Mapping[str, Any]) -> Kept:
    """The note of a row."""
    plain = {name: row[name] for name in ("id", "text", "who", "member", "room", "turn", "asked", "epoch")}
    when = datetime.fromisoformat(row["said_at"])
    note = Note(**plain, when=when, source=Source(row["source"]), scope=Scope(row["scope"]))
    return Kept(row["seq"], note, row["times"], datetime.fromisoformat(row["last_at"]))


def fold(said: str) -> str:
    """Equal for texts that say the same: case, spaces and the final stop aside."""
    return " ".join(said.casefold().split()).rstrip(".!")


def _storable(said: str) -> str:
    # SQLite ends a text at NUL in places, and no encoding has half a surrogate pair.
    return said.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")

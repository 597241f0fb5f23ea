"""Notes as JSON lines, in and out: the open format of `muos memory import`, `recall` and `export`.

What must stay true: what `export_line` writes, `read_note` reads back as the same note. Unknown keys are ignored;
a line that can't be read is a `BadLine` with its id, and the rest goes on. No input or output is done here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from memory.errors import Trouble
from memory.memory import Brought
from memory.note import Note, Scope, Source
from memory.recall import Recalled

MOST_ASKED = 1000
"""Notes that one query may ask for."""


class BadLine(Trouble):
    """This line can't be read; the others can."""

    def __init__(self, line_id: str | None, reason: str) -> None:
        super().__init__(reason)
        self.line_id = line_id


@dataclass(frozen=True, slots=True)
class Query:
    """One line of `muos memory recall -`."""

    id: str | None
    query: str
    member: str
    room: str
    k: int
    now: datetime


def read_note(line: str, *, member: str, room: str, now: datetime) -> Note:
    """The note on this line; member, room and now stand in for what it leaves out. Raises BadLine."""
    fields = _Fields(line)
    whose = fields.text("member", member)
    return Note(
        text=fields.text("text"),
        who=fields.text("who", whose),
        when=fields.time("when", now),
        member=whose,
        room=fields.text("room", room),
        turn=fields.text("turn", ""),
        source=Source(fields.one_of("source", list(Source), Source.OWNER)),
        scope=Scope(fields.one_of("scope", list(Scope), Scope.PRIVATE)),
        asked=fields.flag("asked"),
        id=fields.id or uuid4().hex,
    )


def read_query(line: str, *, member: str, room: str, now: datetime, k: int = 5) -> Query:
    """The query on this line, with stand-ins as for `read_note`. Raises BadLine."""
    fields = _Fields(line)
    return Query(
        id=fields.id,
        query=fields.text("query"),
        member=fields.text("member", member),
        room=fields.text("room", room),
        k=fields.count("k", k),
        now=fields.time("now", now),
    )


def export_line(note: Note) -> str:
    """Everything about a note, for keeps."""
    return _line(
        {
            "id": note.id,
            "text": note.text,
            "who": note.who,
            "when": note.when.isoformat(),
            "member": note.member,
            "room": note.room,
            "scope": note.scope.value,
            "source": note.source.value,
            "turn": note.turn,
            "asked": note.asked,
        }
    )


def recalled_line(query_id: str | None, notes: Sequence[Recalled], ms: float) -> str:
    """The answer to one query."""
    return _line({"id": query_id, "notes": [recalled_fields(one) for one in notes], "ms": round(ms, 2)})


def recalled_fields(one: Recalled) -> dict[str, Any]:
    """A recalled note as JSON gives it."""
    note = one.note
    plain = {"id": note.id, "text": note.text, "who": note.who, "when": note.when.isoformat()}
    return plain | {"score": one.score, "why": one.why}


def summary_line(brought: Brought, unread: int, ms: float) -> str:
    """What became of an import; `unread` lines were no notes at all."""
    counts = {"imported": brought.imported, "merged": brought.merged, "refused": brought.refused + unread}
    return _line(counts | {"ms": round(ms, 2)})


def error_line(line_id: str | None, reason: str) -> str:
    """What a line that can't be read gets."""
    return _line({"id": line_id, "error": reason})


class _Fields:
    """One line's object, read key by key with errors that name the key."""

    def __init__(self, line: str) -> None:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadLine(None, f"This line is not JSON ({error}).") from error
        if not isinstance(found, Mapping):
            raise BadLine(None, "This line is not a JSON object.")
        self._found = {key: value for key, value in found.items() if value is not None}
        given = self._found.get("id")
        self.id = str(given) if isinstance(given, str | int) and str(given).strip() else None

    def text(self, key: str, default: str | None = None) -> str:
        value = self._found.get(key, default)
        if value is None:
            raise self._bad(f"{key!r} is missing.")
        if not isinstance(value, str):
            raise self._bad(f"{key!r} must be a text, not {value!r:.80}.")
        return value

    def time(self, key: str, default: datetime) -> datetime:
        """A time without an offset is taken in the zone of the default."""
        if key not in self._found:
            return default
        said = self.text(key)
        try:
            when = datetime.fromisoformat(said)
            when = when if when.tzinfo else when.replace(tzinfo=default.tzinfo)
            when.astimezone(default.tzinfo)  # the first and last days of the calendar overflow
        except (ValueError, OverflowError) as error:
            raise self._bad(f"{key!r} must be an ISO 8601 time, not {said!r:.80}.") from error
        return when

    def one_of(self, key: str, allowed: Sequence[str], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self._bad(f"{key!r} must be one of {', '.join(allowed)}, not {value!r:.80}.")
        return value

    def flag(self, key: str) -> bool:
        value = self._found.get(key, False)
        if not isinstance(value, bool):
            raise self._bad(f"{key!r} must be true or false, not {value!r:.80}.")
        return value

    def count(self, key: str, default: int) -> int:
        value = self._found.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_ASKED:
            raise self._bad(f"{key!r} must be a whole number from 1 to {MOST_ASKED}, not {value!r:.80}.")
        return value

    def _bad(self, reason: str) -> BadLine:
        return BadLine(self.id, reason)


def _line(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)

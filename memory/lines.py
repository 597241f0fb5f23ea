"""Notes as JSON lines, in and out: the open format of `muos memory import`, `recall` and `export`.

What must stay true: what `export_line` writes, `read_line` reads back as the same note. Unknown keys are ignored;
a line that can't be read is a `BadLine` with its id, and the rest goes on. Facts follow from notes: an export tells
them too, for whoever reads it, and an import passes them over. No input or output is done here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from memory.errors import Trouble
from memory.facts.claim import Fact
from memory.note import Note, Scope, Source

if TYPE_CHECKING:
    # for the types alone: loading them costs every command of the terminal a fifth of a second
    from memory.recall.recall import Recalled

MOST_ASKED = 1000
"""Notes that one query may ask for."""
DERIVED = "fact"
"""The `kind` of lines that an import passes over; notes have none."""


class BadLine(Trouble):
    """This line can't be read; the others can."""

    def __init__(self, line_id: str | int | None, reason: str) -> None:
        super().__init__(reason)
        self.line_id = line_id


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an import that could be read."""

    id: str | None
    """As it was given."""
    note: Note
    times: int = 1
    """How often it was said."""
    last: datetime | None = None
    """When it was said most recently."""


@dataclass(frozen=True, slots=True)
class Query:
    """One line of `muos memory recall -`."""

    id: str | int | None
    """As it was given, for the answer."""
    query: str
    member: str
    room: str
    k: int
    now: datetime


def read_line(line: str | bytes, *, member: str, room: str, now: datetime) -> Line | None:
    """What this line brings; None for one that only tells what follows from others.

    member, room and now stand in for what it leaves out. Raises BadLine.
    """
    fields = _Fields(line)
    if fields.derived:
        return None
    whose = fields.text("member", member) or member
    note = Note(
        text=fields.text("text"),
        who=fields.text("who", whose) or whose,
        when=fields.time("when", now),
        member=whose,
        room=fields.text("room", room) or room,
        turn=fields.text("turn", ""),
        source=Source(fields.one_of("source", list(Source), Source.OWNER)),
        scope=Scope(fields.one_of("scope", list(Scope), Scope.PRIVATE)),
        asked=fields.flag("asked"),
        id=fields.id or uuid4().hex,
    )
    last = fields.time("last", now) if fields.has("last") else None
    return Line(fields.id, note, fields.count("times", 1, sys.maxsize), last)


def read_query(line: str | bytes, *, member: str, room: str, now: datetime, k: int = 5) -> Query:
    """The query on this line, with stand-ins as for `read_note`. Raises BadLine."""
    fields = _Fields(line)
    return Query(
        id=fields.given,
        query=fields.text("query"),
        member=fields.text("member", member) or member,
        room=fields.text("room", room) or room,
        k=fields.count("k", k),
        now=fields.time("now", now),
    )


def export_line(note: Note, times: int = 1, last: datetime | None = None) -> str:
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
            "times": times,
            "last": (last or note.when).isoformat(),
        }
    )


def fact_line(fact: Fact) -> str:
    """A fact, to be read; an import passes it over."""
    return _line({**fact_fields(fact), "kind": DERIVED, "sort": fact.claim.kind.value})


def fact_fields(fact: Fact) -> dict[str, Any]:
    """A fact as JSON gives it."""
    claim = fact.claim
    return {
        "id": fact.id,
        "kind": claim.kind.value,
        "subject": claim.subject,
        "relation": claim.relation,
        "value": claim.value,
        "text": claim.text,
        "since": _iso(claim.since),
        "until": _iso(claim.until),
        "due": _iso(claim.due),
        "trigger": claim.trigger,
        "maker": claim.maker.value,
        "said": _iso(fact.said),
        "done": fact.done,
        "sources": list(fact.sources),
    }


def recalled_line(query_id: str | int | None, notes: Sequence[Mapping[str, Any]], ms: float) -> str:
    """The answer to one query; its notes as `recalled_fields` gives them."""
    return _line({"id": query_id, "notes": notes, "ms": round(ms, 2)})


def recalled_fields(one: Recalled) -> dict[str, Any]:
    """A recalled note as JSON gives it."""
    note = one.note
    plain = {"id": note.id, "text": note.text, "who": note.who, "when": note.when.isoformat()}
    return plain | {"score": one.score, "why": one.why}


def summary_line(imported: int, merged: int, refused: int, ms: float) -> str:
    """What became of an import."""
    return _line({"imported": imported, "merged": merged, "refused": refused, "ms": round(ms, 2)})


def error_line(line_id: str | int | None, reason: str) -> str:
    """What a line that can't be read gets."""
    return _line({"id": line_id, "error": reason})


class _Fields:
    """One line's object, read key by key with errors that name the key."""

    def __init__(self, line: str | bytes) -> None:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadLine(None, f"This line is not JSON ({error}).") from error
        if not isinstance(found, Mapping):
            raise BadLine(None, "This line is not a JSON object.")
        self._found = {key: value for key, value in found.items() if value is not None}
        given = self._found.get("id")
        self.given = given if isinstance(given, str | int) and str(given).strip() else None
        self.id = None if self.given is None else str(self.given)
        self.derived = self._found.get("kind") == DERIVED

    def has(self, key: str) -> bool:
        return key in self._found

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

    def count(self, key: str, default: int, most: int = MOST_ASKED) -> int:
        value = self._found.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self._bad(f"{key!r} must be a whole number from 1 to {most}, not {value!r:.80}.")
        return value

    def _bad(self, reason: str) -> BadLine:
        return BadLine(self.given, reason)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _line(fields: Mapping[str, Any]) -> str:
    # an id may hold half a surrogate pair, which no file can
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace").decode()

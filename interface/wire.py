"""Everything that goes out, as plain JSON: one shape for the API, the page, `--json` and other assistants.

Must stay true: whatever a service put into its data, `dump` gives valid JSON in valid UTF-8.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agent.alerts import AlertRow
from agent.memory.erasing import Erased
from agent.turn import Broke, Called, Calling, Event, Heard, Said, Thinking, Turn, Waiting
from memory.recall.recall import Recalled
from services.record import Entry, Status, entry_row
from services.runtime.status import ServiceStatus
from services.tool import Call, Done, Failed, Outcome, Tool

Row = dict[str, Any]
DEPTH_LIMIT = 60
"""Data nested deeper than this is cut: no reader of ours goes so deep."""


@dataclass(slots=True)
class Account:
    """What a turn came to, gathered from its events: the object that `muos ask --json` prints."""

    calls: dict[str, Row] = field(default_factory=dict)
    """By the call's id, in the order they were made."""
    said: list[str] = field(default_factory=list)
    path: str = "none"
    waiting: Row | None = None
    began: float = field(default_factory=time.perf_counter)

    def add(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case Thinking(path):
                self.path = path
            case Calling(call):
                self.calls[call.id] = call_row(call)
            case Called(call, outcome):
                self.calls[call.id] = call_row(call, outcome)
            case Waiting():
                self.waiting = waiting_row(event)
                if event.kind == "confirm":
                    self.calls[event.call.id] = call_row(event.call) | {"status": Status.WAITING.value}
            case Said(text) | Broke(text):
                self.said.append(text)
            case Heard():
                pass

    def row(self) -> Row:
        """The whole: text, path, calls, waiting, ms."""
        return {
            "text": "".join(self.said),
            "path": self.path,
            "calls": list(self.calls.values()),
            "waiting": self.waiting,
            "ms": round((time.perf_counter() - self.began) * 1000, 1),
        }


def event_row(event: Event) -> Row:
    """One event; `event` says which: heard thinking calling called waiting said broke."""
    kind = {"event": type(event).__name__.lower()}
    match event:
        case Heard(turn):
            return kind | {"turn": turn_row(turn)}
        case Thinking(path):
            return kind | {"path": path}
        case Calling(call):
            return kind | {"call": call_row(call)}
        case Called(call, outcome, ms):
            return kind | {"call": call_row(call, outcome), "ms": round(ms, 1)}
        case Waiting():
            return kind | {"waiting": waiting_row(event)}
        case Said(text) | Broke(text):
            return kind | {"text": text}


def turn_row(turn: Turn) -> Row:
    """A turn as it was heard."""
    return {
        "id": turn.id,
        "text": turn.text,
        "member": turn.member,
        "room": turn.room,
        "zone": turn.zone,
        "now": turn.now.isoformat(),
    }


def call_row(call: Call, outcome: Done | Failed | None = None) -> Row:
    """A call and how it ended; `undo` is the id to give to undo, null where that can't be."""
    status = Status.RUNNING if outcome is None else Status.DONE if isinstance(outcome, Done) else Status.ERROR
    return {
        "id": call.id,
        "tool": call.tool,
        "arguments": dict(call.arguments),
        "status": status.value,
        "result": None if outcome is None else result_row(outcome),
        "undo": call.id if isinstance(outcome, Done) and outcome.undoable and not call.preview else None,
        **({"preview": True} if call.preview else {}),
    }


def result_row(outcome: Done | Failed) -> Row:
    """A result: the sentence, the same for programs, and the things that it names."""
    if isinstance(outcome, Failed):
        return {"text": outcome.reason, "data": {}, "touched": []}
    return {
        "text": outcome.text,
        "data": dict(outcome.data),
        "touched": [asdict(thing) for thing in outcome.touched],
    }


def made_row(call: Call, outcome: Outcome, entry: Entry | None) -> Row:
    """A typed call as its record has it; a preview has none, and is shown as a turn would show it."""
    if entry is not None and not call.preview:
        return entry_row(entry)
    if isinstance(outcome, Done | Failed):
        return call_row(call, outcome)
    return call_row(call) | {"status": Status.WAITING.value, "result": result_row(Failed(outcome.question))}


def outcome_row(outcome: Outcome) -> Row:
    """How one call ended, where it is the whole answer."""
    if isinstance(outcome, Done | Failed):
        status = Status.DONE if isinstance(outcome, Done) else Status.ERROR
        return {"status": status.value, **result_row(outcome)}
    waiting = call_row(outcome.call) | {"status": Status.WAITING.value}
    return {"status": Status.WAITING.value, "text": outcome.question, "data": {"call": waiting}, "touched": []}


def waiting_row(waiting: Waiting) -> Row:
    """What a turn waits for: a yes to `call` (confirm), or the arguments in `parameters` (missing)."""
    return {
        "kind": waiting.kind,
        "question": waiting.question,
        "call": waiting.call.id,
        "tool": waiting.call.tool,
        "arguments": dict(waiting.call.arguments),
        "parameters": list(waiting.parameters),
    }


def tool_row(tool: Tool) -> Row:
    """A tool, with an MCP tool object's names for what MCP has names for."""
    return {
        "name": tool.name,
        "description": tool.description,
        "inputSchema": dict(tool.schema),
        "effect": tool.effect.value,
        "service": tool.service,
        "examples": list(tool.examples),
    }


def service_row(status: ServiceStatus) -> Row:
    """A service as it is now."""
    return asdict(status) | {"started": status.started.isoformat() if status.started else None}


def alert_row(alert: AlertRow) -> Row:
    """A reminder, timer or alarm that came due; late: it came due while nobody was there to tell it."""
    return {
        "id": alert.id,
        "text": alert.text,
        "at": alert.at.isoformat(),
        "member": alert.member,
        "room": alert.room,
        "late": alert.late,
    }


def recalled_row(hit: Recalled) -> Row:
    """A note that a question was about, how well it fits and why."""
    note = hit.note
    return {
        "id": note.id,
        "text": note.text,
        "who": note.who,
        "when": note.when.isoformat(),
        "score": round(hit.score, 4),
        "why": hit.why,
    }


def erased_row(member: str, erased: Erased) -> Row:
    """What was erased of a member, and whether something could not be."""
    left = f" Not reached: {', '.join(erased.left)}; do it again when they work." if erased.left else ""
    text = f"{member} is erased: {erased.removed.get('notes', 0)} notes, and all else that was theirs.{left}"
    return {"text": text, "removed": dict(erased.removed), "left": list(erased.left), "verified": erased.verified}


def plain(value: Any, depth: int = 0) -> Any:
    """The value as JSON can hold it: no NaN, no lone surrogate, nothing but plain types."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if depth >= DEPTH_LIMIT:
        return "…"
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in value]
    return plain(str(value))


def dump(row: Any) -> str:
    """One line of JSON."""
    return json.dumps(plain(row), ensure_ascii=False, allow_nan=False, separators=(",", ":"))

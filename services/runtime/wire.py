"""MCP objects to our types and back, for our own services and for strangers'.

Must stay true: whatever a service sends, what comes out is well typed, bounded in length, and safe to print.
A stranger's tool without annotations counts as irreversible and as not to be repeated.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.tool import Call, Done, Effect, Failed, Hears, Thing, Tool

NAME_LIMIT = 64
TEXT_LIMIT = 20_000
"""Characters of an answer; the rest is cut."""
DESCRIPTION_LIMIT = 2_000
SHORT_LIMIT = 500
"""Characters of a name or an example."""
MANY = 2_000
"""Most things, names or examples of one answer."""
ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links, device control
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # other control characters, tab and line feed excepted
    r"|[\u202a-\u202e\u2066-\u2069]"  # changes of direction, which can make text read as what it is not
)


def clean(text: object, limit: int = TEXT_LIMIT) -> str:
    """Text that is safe to show: no escapes, no control characters, no more than `limit` characters."""
    plain = ESCAPES.sub("", str(text)[: 4 * limit].replace("\r\n", "\n"))
    return plain if len(plain) <= limit else f"{plain[:limit]}… (cut)"


def registry_name(service: str, name: str) -> str:
    """`<service>_<tool>` in at most 64 of a-z, 0-9 and _; a long name keeps a digest of itself."""
    full = re.sub(r"[^a-z0-9_]+", "_", f"{service}_{name}".lower())
    if len(full) <= NAME_LIMIT:
        return full
    return f"{full[: NAME_LIMIT - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def as_tool(service: str, listed: Mapping[str, Any], siblings: frozenset[str]) -> Tool:
    """A tool of the registry from one that a service listed. `siblings`: all that the service has."""
    meta, hints = table(listed.get("_meta")), table(listed.get("annotations"))
    undo = meta.get("muos/undo")
    undone_by = registry_name(service, undo) if isinstance(undo, str) and undo in siblings else None
    hidden = meta.get("muos/hidden") is True
    effect = as_effect(meta.get("muos/effect"), hints)
    if effect is Effect.REVERSIBLE and undone_by is None and not hidden:
        effect = Effect.IRREVERSIBLE
    examples = meta.get("muos/examples")
    return Tool(
        name=registry_name(service, str(listed["name"])),
        description=clean(listed.get("description") or listed.get("title") or listed["name"], DESCRIPTION_LIMIT),
        schema=table(listed.get("inputSchema")) or {"type": "object"},
        effect=effect,
        service=service,
        examples=tuple(clean(text, SHORT_LIMIT) for text in rows(examples) if isinstance(text, str)),
        undo=undone_by,
        idempotent=hints.get("idempotentHint") is True or effect is Effect.READ,
        hidden=hidden,
        private=meta.get("muos/private") is True,
        shown=meta.get("muos/shown") is True,
        previews=effect is Effect.READ or isinstance(meta.get("muos/effect"), str),
    )


def as_effect(declared: object, hints: Mapping[str, Any]) -> Effect:
    """What it does to the world, by its own word; irreversible where it says nothing."""
    try:
        return Effect(str(declared))
    except ValueError:
        return Effect.READ if hints.get("readOnlyHint") is True else Effect.IRREVERSIBLE


def call_meta(call: Call, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a service learns of a call besides its arguments; `settings` are those of the service and the member."""
    return {
        "muos/call": call.id,
        "muos/member": call.caller.member,
        "muos/room": call.caller.room,
        "muos/zone": call.caller.zone,
        "muos/now": call.caller.now.isoformat(),
        "muos/preview": call.preview,
        "muos/settings": dict(settings),
    }


def as_outcome(result: Mapping[str, Any]) -> Done | Failed:
    """How a call ended, from the service's result."""
    meta = table(result.get("_meta"))
    text = spoken(result)
    if result.get("isError") is True:
        hears = meta.get("muos/hears")
        known = hears in tuple(Hears)
        return Failed(text or "It failed without saying why.", Hears(str(hears)) if known else Hears.MODEL)
    return Done(
        text=text,
        data=table(result.get("structuredContent")),
        touched=tuple(as_thing(row) for row in rows(meta.get("muos/touched")) if is_thing(row)),
        undoable=meta.get("muos/undoable") is True,
        due=as_time(meta.get("muos/due")),
        names={
            clean(kind, SHORT_LIMIT): [clean(name, SHORT_LIMIT) for name in rows(names) if isinstance(name, str)]
            for kind, names in table(meta.get("muos/names")).items()
        },
        names_shared=meta.get("muos/names_shared") is True,
    )


def spoken(result: Mapping[str, Any]) -> str:
    """All text of the result; other content is named; data stands in where there is none."""
    parts = [
        str(part["text"]) if isinstance(part.get("text"), str) else f"[{clean(part.get('type'), SHORT_LIMIT)}]"
        for part in rows(result.get("content"))
        if isinstance(part, Mapping)
    ]
    if not parts and result.get("structuredContent") is not None:
        parts = [json.dumps(result["structuredContent"], ensure_ascii=False, default=str)]
    return clean("\n".join(parts))


def is_thing(row: object) -> bool:
    """Whether it has what a thing needs."""
    return isinstance(row, Mapping) and isinstance(row.get("kind"), str) and isinstance(row.get("name"), str)


def as_thing(row: Mapping[str, Any]) -> Thing:
    """A thing that was touched."""
    at, within = row.get("at"), row.get("within")
    return Thing(
        kind=clean(row["kind"], SHORT_LIMIT),
        name=clean(row["name"], SHORT_LIMIT),
        id=clean(row.get("id") or "", SHORT_LIMIT),
        at=at if as_time(at) or is_day(at) else None,
        within=clean(within, SHORT_LIMIT) if isinstance(within, str) else None,
    )


def is_day(value: object) -> bool:
    """An ISO 8601 date or a time with no zone."""
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def as_time(value: object) -> datetime | None:
    """An aware time from ISO 8601, or None; also for one that has no place in every zone, as in the year 1."""
    if not isinstance(value, str) or not is_day(value):
        return None
    time = datetime.fromisoformat(value)
    return time if time.tzinfo is not None and 1 < time.year < 9999 else None


def table(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return dict(value) if isinstance(value, Mapping) else {}


def rows(value: object) -> Sequence[Any]:
    """The value if it is a JSON array, else an empty one; never too long."""
    return value[:MANY] if isinstance(value, list) else []

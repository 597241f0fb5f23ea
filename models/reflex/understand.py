"""The contract of `muos understand`: JSON lines of requests in, JSON objects of calls out (DESIGN section 10).

What must stay true: every line gets exactly one answer, and a line that can't be read harms no other.
Not covered: where lines come from and go to, and calling anything.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from models.errors import BadRequest
from models.guess import Guess, PastCall, Reader, Request, Said, ToolSchema

Row = dict[str, Any]
MOST_TOOLS = 5_000
"""More in one line is taken for a mistake."""


def understand_lines(
    lines: Iterable[str | bytes], default_tools: Sequence[ToolSchema], reader: Reader, now: datetime | None = None
) -> Iterator[Row]:
    """Answer each line in turn; blank lines are passed over. `now` is for lines that give none (else the clock)."""
    for line in lines:
        if not line.strip():
            continue
        started = time.perf_counter()
        row: Row = {}
        try:
            row = parsed(line)
            request = request_of(row, default_tools, now or datetime.now(UTC).astimezone())
        except BadRequest as error:
            yield {"id": row.get("id"), "error": str(error)}
            continue
        try:
            guesses = reader.read(request).guesses
        except Exception as error:  # whatever one line does to the reader, the others are still answered
            yield {"id": row.get("id"), "error": f"A fault of ours while understanding: {one_line(repr(error))}"}
            continue
        yield answer(row.get("id"), guesses, (time.perf_counter() - started) * 1000)


def answer(name: object, guesses: Sequence[Guess], ms: float) -> Row:
    """One line out. A call that lacks arguments is listed with what is known of it, and under `missing`."""
    return {
        "id": name,
        "calls": [
            {"name": guess.name, "arguments": dict(guess.arguments), "confidence": round(guess.confidence, 3)}
            for guess in guesses
        ],
        "missing": [{"name": guess.name, "parameter": key} for guess in guesses for key in guess.missing],
        "ms": round(ms, 2),
    }


def parsed(line: str | bytes) -> Row:
    """The line as an object; BadRequest says why it is none."""
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        text.encode("utf-8")
    except UnicodeError as error:
        raise BadRequest("The line is not valid UTF-8.") from error
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The line is not JSON: {one_line(str(error))}") from error
    if not isinstance(row, dict):
        raise BadRequest(f"The line must be an object, not {one_line(repr(row))}.")
    return row


def request_of(row: Mapping[str, Any], default_tools: Sequence[ToolSchema], now: datetime) -> Request:
    """The request that a line states; unknown keys are ignored, null stands for absent."""
    text = row.get("text")
    if not isinstance(text, str):
        raise BadRequest(f"'text' must be a string, not {one_line(repr(text))}.")
    tools = row.get("tools")
    return Request(
        text=text,
        tools=default_tools if tools is None else tools_of(tools),
        now=moment_of(row.get("now"), now),
        history=history_of(row.get("history")),
        names=names_of(row.get("names")),
    )


def tools_of(rows: object) -> tuple[ToolSchema, ...]:
    """MCP tool objects as the reflex sees them; the list may also stand under the key `tools`, as MCP answers it."""
    if isinstance(rows, Mapping):
        rows = rows.get("tools")
    if not isinstance(rows, list):
        raise BadRequest(f"'tools' must be a list of tools, not {one_line(repr(rows))}.")
    if len(rows) > MOST_TOOLS:
        raise BadRequest(f"'tools' holds {len(rows)} tools; at most {MOST_TOOLS} are looked at.")
    return tuple(tool_of(row) for row in rows)


def tool_of(row: object) -> ToolSchema:
    """One MCP tool object."""
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str) or not row["name"]:
        raise BadRequest(f"A tool must be an object with a name, not {one_line(repr(row))}.")
    schema = row.get("inputSchema", row.get("input_schema"))
    if schema is not None and not isinstance(schema, Mapping):
        raise BadRequest(f"The inputSchema of {row['name']!r} must be an object.")
    properties = (schema or {}).get("properties", {})
    if not isinstance(properties, Mapping) or not isinstance((schema or {}).get("required", []), list):
        raise BadRequest(f"The inputSchema of {row['name']!r} is no JSON Schema of an object.")
    meta = row.get("_meta")
    examples = meta.get("muos/examples") if isinstance(meta, Mapping) else None
    return ToolSchema(
        name=row["name"],
        description=str(row.get("description") or row.get("title") or ""),
        schema=schema or {"type": "object", "properties": {}},
        examples=tuple(str(example) for example in examples) if isinstance(examples, list) else (),
    )


def history_of(rows: object) -> tuple[Said, ...]:
    """The dialogue so far, oldest first."""
    if rows is None:
        return ()
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadRequest(f"'history' must be a list of objects, not {one_line(repr(rows))}.")
    return tuple(
        Said(
            role=str(row.get("role", "user")),
            content=str(row.get("content") or ""),
            calls=tuple(past_call(call) for call in objects(row.get("calls"))),
        )
        for row in rows
    )


def past_call(row: Mapping[str, Any]) -> PastCall:
    """A call that the dialogue reports; arguments as an object or, as OpenAI writes them, as JSON text."""
    arguments = row.get("arguments")
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            arguments = None
    return PastCall(
        name=str(row.get("name", "")),
        arguments=arguments if isinstance(arguments, Mapping) else {},
        touched=objects(row.get("touched")),
    )


def objects(rows: object) -> tuple[Mapping[str, Any], ...]:
    """The objects in a list; anything else is passed over."""
    return tuple(row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()


def names_of(rows: object) -> Mapping[str, Sequence[str]]:
    """Names known to exist, by kind; an addition of ours to the line, so what does not fit is left out."""
    if not isinstance(rows, Mapping):
        return {}
    return {
        str(kind): [name for name in known if isinstance(name, str)]
        for kind, known in rows.items()
        if isinstance(known, list)
    }


def moment_of(value: object, otherwise: datetime) -> datetime:
    """The line's own clock; a time without an offset is taken in the default's zone."""
    if value is None:
        return otherwise
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise BadRequest(f"'now' must be a time in ISO 8601, not {one_line(repr(value))}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=otherwise.tzinfo)


def one_line(text: str, limit: int = 120) -> str:
    """Short enough to stand in an error."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"

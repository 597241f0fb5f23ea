"""A parameter as the filling sees it: its shape, its names, and the words that lead to its value.

Everything is read from the JSON Schema alone, so a tool that was never seen before is understood the same
way as our own. Not covered: tuples, conditional schemas, arrays of objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.guess import ToolSchema
from models.reflex.filling.cues import directions_of, leads_of
from models.reflex.filling.words import STOP, content_stems, stem, stems_of

DEPTH = 3
"""Objects nested deeper than this are left to a larger model."""

FORMATS = {
    "date-time": "date-time",
    "date": "date",
    "time": "time",
    "duration": "duration",
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "phone": "phone",
    "tel": "phone",
}
NAMED_SHAPES = (
    ("email", frozenset({"email", "mail"})),
    ("phone", frozenset({"phon", "telephon", "mobil"})),
    ("url", frozenset({"url", "uri", "link", "websit"})),
    ("date-time", frozenset({"datetim", "timestamp"})),
    ("date", frozenset({"dat", "date", "day", "birthday", "checkin", "checkout", "deadlin", "dob"})),
    ("duration", frozenset({"duration", "length"})),
    ("time", frozenset({"time"})),
)
EXAMPLES = re.compile(
    r"(?:e\.?g\.?|i\.e\.|for example|for instance|such as|like|one of|options?(?: are)?|"
    r"possible values)[:,]?\s*([^).;]+)",
    re.I,
)
PATTERN_TRIED = 120
"""Characters of patterns, and of values that are held against them."""
REPETITION = re.compile(r"[*+]|\{\d*,\}")
REPEATED_GROUP = re.compile(r"\((?!(?:\?:)?[ ,;/_-])[^()]*[*+}][^()]*\)[*+{]|\([^()]*\|[^()]*\)[*+{]|\)[*+?]?\)+[*+{]")
"""A repeated group with a repetition in it, unless it begins with a mark that keeps its rounds apart."""
QUOTED_VALUE = re.compile(r"[\"'“‘`]([^\"'”’`]{1,40})[\"'”’`]")


@dataclass(frozen=True, slots=True)
class Slot:
    """One value to be filled."""

    path: tuple[str, ...]
    schema: Mapping[str, Any]
    """Without null alternatives and references."""
    shape: str
    """text, number, integer, boolean, enum, date-time, date, time, duration, rrule, email, phone, url."""
    many: bool
    required: bool
    strict: bool
    """The shape is declared, not only suspected from the name."""
    names: frozenset[str]
    hints: frozenset[str]
    means: frozenset[str]
    """Of a switch, stems of what its description says it stands for when it is on."""
    leads: frozenset[str]
    directions: frozenset[str]
    choices: tuple[Any, ...]
    samples: frozenset[str]
    """Lower-case values that the schema gives as examples."""
    kind: str | None
    fill: str | None

    @property
    def name(self) -> str:
        return self.path[-1]

    def holds(self, value: Any) -> bool:
        """The text keeps the schema's `pattern`; any does where there is none that can be tried in bounded time."""
        pattern = self.schema.get("pattern")
        if not isinstance(value, str) or not isinstance(pattern, str) or self.many:
            return True
        tried = compiled(pattern) if len(value) <= PATTERN_TRIED else None
        return tried is None or tried.search(value) is not None


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern; None where it is none of Python's, or repeats a group that might take for ever to be tried."""
    if len(pattern) > PATTERN_TRIED or REPEATED_GROUP.search(pattern) or len(REPETITION.findall(pattern)) > 3:
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None


def slots_of(tool: ToolSchema) -> tuple[Slot, ...]:
    """The slots of a tool in schema order, nested objects flattened."""
    return _slots(tool.name, json.dumps(tool.schema, default=str))


@lru_cache(maxsize=2048)
def _slots(_name: str, schema: str) -> tuple[Slot, ...]:
    root = json.loads(schema)
    return tuple(_walk(root, root, (), True, 0))


def _walk(
    root: Mapping[str, Any], schema: Mapping[str, Any], path: tuple[str, ...], required: bool, depth: int
) -> Iterator[Slot]:
    wanted = set(schema.get("required") or ())
    for name, given in (schema.get("properties") or {}).items():
        if not isinstance(given, Mapping):
            continue
        one = plain(root, given)
        must = required and name in wanted
        if one.get("properties") and depth < DEPTH:
            yield from _walk(root, one, (*path, name), must, depth + 1)
        else:
            yield _slot((*path, name), one, plain(root, one.get("items") or {}), must)


def plain(root: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with references followed and null alternatives taken away."""
    seen = dict(schema)
    for _ in range(8):
        if "$ref" in seen:
            found: Any = root
            for step in str(seen.pop("$ref")).removeprefix("#/").split("/"):
                found = found.get(step, {}) if isinstance(found, Mapping) else {}
            seen = {**found, **seen}
        several = seen.pop("anyOf", None) or seen.pop("oneOf", None) or seen.pop("allOf", None)
        if several:
            real = [one for one in several if isinstance(one, Mapping) and one.get("type") != "null"]
            seen = {**(real[0] if real else {}), **seen}
        if not {"$ref", "anyOf", "oneOf", "allOf"} & seen.keys():
            break
    if isinstance(seen.get("type"), list):
        seen["type"] = next((t for t in seen["type"] if t != "null"), "string")
    return seen


def _slot(path: tuple[str, ...], schema: dict[str, Any], items: dict[str, Any], required: bool) -> Slot:
    many = schema.get("type") in ("array", "list") or "items" in schema
    one = items if many else schema
    title = f"{path[-1]} {schema.get('title', '')}"
    description = f"{schema.get('description', '')} {items.get('description', '') if many else ''}"
    names = frozenset(s for s in stems_of(title) if s not in STOP or s in ("from", "to"))
    shape, strict = _shape(one, names, description)
    choices = tuple(one["enum"]) if one.get("enum") else (one["const"],) if "const" in one else ()
    hints = content_stems(description.split("e.g", maxsplit=1)[0])
    return Slot(
        path=path,
        schema=schema,
        shape=str(schema["x-fill"]) if schema.get("x-fill") == "rrule" else shape,
        many=many,
        required=required,
        strict=strict,
        names=names,
        hints=hints - names,
        means=meant(description) if shape == "boolean" else frozenset(),
        leads=leads_of(names, hints) | trailing_lead(description),
        directions=directions_of(stems_of(path[-1]), stems_of(description)),
        choices=choices,
        samples=_samples(one, schema, description),
        kind=schema.get("x-kind") or one.get("x-kind"),
        fill=schema.get("x-fill") or one.get("x-fill"),
    )


def meant(description: str) -> frozenset[str]:
    """What a switch is for: "Seated outside", "By video instead of on site"."""
    short = re.split(r"\b(?:instead of|rather than|or|if|when|without|not|default)\b|[.(,;]", description, maxsplit=1)[
        0
    ]
    found = content_stems(short) | {stem(word) for word in ("outside", "inside") if word in short.lower()}
    return found if len(found) <= 3 else frozenset()


def trailing_lead(description: str) -> frozenset[str]:
    """ "What it is for", "Who it is from": the lead that the description ends with."""
    match = re.search(r"\b(?:what|who|whom|where)\b.*\b(for|about|with|from|to|by)[\s.]*$", description, re.I)
    return frozenset({match.group(1).lower()}) if match else frozenset()


def _shape(one: Mapping[str, Any], names: frozenset[str], description: str) -> tuple[str, bool]:
    kind = one.get("type")
    if one.get("enum") or "const" in one:
        return "enum", True
    if kind in ("integer", "int"):
        return "integer", True
    if kind in ("number", "float"):
        return "number", True
    if kind in ("boolean", "bool"):
        return "boolean", True
    if one.get("format") in FORMATS:
        return FORMATS[str(one["format"])], True
    if one.get("x-kind") or one.get("x-fill"):
        return "text", True
    return _suspected(names, description.lower()), False


def _suspected(names: frozenset[str], description: str) -> str:
    if "iso 8601 duration" in description:
        return "duration"
    if "rrule" in names or "rfc 5545" in description:
        return "rrule"
    if re.search(r"yyyy[-/]mm[-/]dd\S?[t ]+hh|date and time|iso 8601 date-?time", description):
        return "date-time"
    if re.search(r"yyyy[-/]mm[-/]dd|mm[-/]dd[-/]yyyy|dd[-/]mm[-/]yyyy", description):
        return "date"
    if re.search(r"\bhh:mm", description):
        return "time"
    if "dat" in names and "tim" in names:
        return "date-time"
    for shape, words in NAMED_SHAPES:
        if names & {stem(word) for word in words} and not names & NOT_TYPED:
            return shape
    return "text"


NOT_TYPED = frozenset(
    {"format", "zon", "zone", "timezon", "name", "typ", "titl", "subject", "body", "fram", "rang", "period"}
)


def _samples(one: Mapping[str, Any], schema: Mapping[str, Any], description: str) -> frozenset[str]:
    found = [str(value) for value in [*(one.get("examples") or ()), *(schema.get("examples") or ())] if value]
    for match in EXAMPLES.finditer(description):
        found += re.split(r",\s*(?:or |and )?|\s+(?:or|and)\s+", match.group(1))
    found += QUOTED_VALUE.findall(description)
    return frozenset(value.strip(" '\"`").lower() for value in found if 0 < len(value.strip(" '\"`")) <= 40)

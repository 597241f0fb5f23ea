"""A phrase as a JSON Schema property wants it: its type, format, enumeration, pattern, items and bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.reflex.values import words
from models.reflex.values.finding import find_values
from models.reflex.values.span import Span

FORMAT_KINDS = {
    "date-time": "moment",
    "date": "day",
    "time": "time",
    "duration": "duration",
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "uri-reference": "url",
    "phone": "phone",
    "rrule": "repeat",
}
_SAYS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\brrule\b|recurrence rule", "repeat"),
        (r"iso.?8601 duration|\bPT\d+[HMS]", "duration"),
        (r"yyyy-mm-dd[t ]hh|date.?time|timestamp|date and time|\d{4}-\d\d-\d\d[T ]\d\d:\d\d", "moment"),
        (r"yyyy-mm-dd|mm/dd/yyyy|dd/mm/yyyy|\d{4}-\d\d-\d\d", "day"),
        (r"\bhh:mm", "time"),
        (r"iso.?8601", "moment"),
    )
)
"""What a description says of the form."""
_NAMED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"\bdate ?time\b|\btimestamp\b|^when$|\bdeadline$|^due$", "moment"),
        (r"\bdate$|^date\b(?! range)|\bday$(?<!per day)", "day"),
        (r"\btime$", "time"),
        (r"\bduration$", "duration"),
        (r"\be ?mail\b(?! subject| body)|\be ?mail address$", "email"),
        (r"\bphone\b|\bphone number$", "phone"),
        (r"\burl\b|\bwebsite$", "url"),
        (r"\brecurrence$|\brrule$", "repeat"),
    )
)
"""What a name says, in lower case with its words apart."""
_COUNTED = re.compile(r"\b(milliseconds|seconds|minutes|hours|days|weeks)\b|_(ms|secs?|mins?)$", re.IGNORECASE)
_COUNTED_SECONDS = {"milliseconds": 0.001, "ms": 0.001, "sec": 1, "secs": 1, "min": 60, "mins": 60}
MAX_ITEMS = 100


def kind_wanted(name: str, schema: Mapping[str, Any]) -> str | None:
    """The kind of value that a property wants, by its schema, then by its name and description; None for free text."""
    schema = _plain(schema)
    if schema.get("x-fill") == "rrule":
        return "repeat"
    if "enum" in schema or "const" in schema:
        return None
    kind = FORMAT_KINDS.get(str(schema.get("format", "")))
    if kind is not None:
        return kind
    declared = _type(schema)
    if declared in {"integer", "number"}:
        return "number"
    return _hinted(name, str(schema.get("description", ""))) if declared == "string" else None


def _hinted(name: str, description: str) -> str | None:
    for pattern, kind in _SAYS:
        if pattern.search(description):
            return kind
    said = _folded(name)
    return next((kind for pattern, kind in _NAMED if pattern.search(said)), None)


def normalise(text: str, schema: Mapping[str, Any], now: datetime, name: str = "") -> Any | None:
    """The phrase as a value the schema accepts; None where it says none. `name` is the property's, as a hint."""
    schema = _plain(schema)
    value = _value(text.strip(), schema, now, name)
    return value if value is not None and _allowed(value, schema) else None


def _plain(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one branch of anyOf or oneOf that is not null, with the outer keys."""
    branches = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(branches, Sequence) and not isinstance(branches, str):
        real = [b for b in branches if isinstance(b, Mapping) and b.get("type") != "null"]
        if real:
            return {**{k: v for k, v in schema.items() if k not in {"anyOf", "oneOf"}}, **_plain(real[0])}
    return schema


def _type(schema: Mapping[str, Any]) -> str:
    declared = schema.get("type", "string")
    if isinstance(declared, list):
        declared = next((t for t in declared if t != "null"), "string")
    return str(declared)


def _value(text: str, schema: Mapping[str, Any], now: datetime, name: str) -> Any | None:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return _choice(text, schema["enum"])
    declared = _type(schema)
    if declared in {"integer", "number"}:
        return _number(text, declared, now, _counted(name, schema))
    if declared == "boolean":
        return _truth(text)
    if declared == "array":
        return _items(text, schema, now, name)
    if declared != "string":
        return None
    kind = kind_wanted(name, schema)
    return _string(text, now) if kind is None else _of_kind(text, kind, schema, now)


def _choice(text: str, options: Sequence[Any]) -> Any | None:
    """The option that is said: whole, else the longest that the phrase holds."""
    said = _folded(text)
    by_form = {_folded(str(option)): option for option in options if option is not None}
    if said in by_form:
        return by_form[said]
    padded = f" {said} "
    held = [
        form
        for form in by_form
        if form and (f" {form} " in padded or f" {form}s " in padded or f" {form.rstrip('s')} " in padded)
    ]
    if held:
        return by_form[max(held, key=len)]
    starts = [form for form in by_form if len(said) >= 3 and form.startswith(said)]
    return by_form[starts[0]] if len(starts) == 1 else None


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ").lower()))


def _counted(name: str, schema: Mapping[str, Any]) -> float | None:
    """The seconds of the unit that a number counts: 60 for "duration in minutes"."""
    for text in (name.replace("_", " "), name, str(schema.get("description", ""))):
        match = _COUNTED.search(text)
        if match:
            unit = (match.group(1) or match.group(2)).lower()
            return _COUNTED_SECONDS.get(unit) or float(words.SECONDS[unit.rstrip("s")])
    return None


def _number(text: str, declared: str, now: datetime, counted: float | None) -> int | float | None:
    if counted is not None:
        lengths = find_values(text, now, {"duration"})
        stretch = _best(lengths, "duration")
        if stretch is not None and "seconds" in stretch.detail:
            return _as_declared(abs(stretch.detail["seconds"]) / counted, declared)
    best = max(find_values(text, now, {"number"}), key=lambda span: span.score, default=None)
    return None if best is None else _as_declared(best.value, declared)


def _as_declared(value: int | float, declared: str) -> int | float | None:
    whole = value == int(value)
    if declared == "integer":
        return int(value) if whole else None
    return int(value) if whole and isinstance(value, float) and abs(value) < 2**53 else value


def _truth(text: str) -> bool | None:
    for word in re.findall(r"\w+", text.lower()):
        if word in words.NO:
            return False
        if word in words.YES:
            return True
    return None


def _items(text: str, schema: Mapping[str, Any], now: datetime, name: str) -> list[Any] | None:
    """Split at commas and "and"; each as `items` says."""
    inner = schema.get("items")
    inner = inner if isinstance(inner, Mapping) else {"type": "string"}
    pieces = re.split(r"\s*[,;]\s*(?:and\s+|or\s+)?|\s+(?:and|&|or)\s+", text)[:MAX_ITEMS]
    values = [normalise(piece, inner, now, name) for piece in pieces if piece.strip()]
    return values if values and all(v is not None for v in values) else None


def _string(text: str, now: datetime) -> str | None:
    quoted = [s for s in find_values(text, now, {"quoted"}) if s.end - s.start == len(text)]
    return quoted[0].value if quoted else text or None


def _of_kind(text: str, kind: str, schema: Mapping[str, Any], now: datetime) -> str | None:
    best = _best(find_values(text, now, {kind}), kind)
    if best is None or best.kind == "absurd":
        return None
    value = str(best.value)
    about = str(schema.get("description", ""))
    if kind == "time" and re.search(r"hh:mm(?!:)", about, re.IGNORECASE):
        return value[:5]
    return value


def _best(spans: Sequence[Span], kind: str) -> Span | None:
    return max(spans, key=lambda s: (s.kind == kind, s.score, s.end - s.start), default=None)


def _allowed(value: Any, schema: Mapping[str, Any]) -> bool:
    """The value is within the schema's bounds."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return _within(value, schema)
    if isinstance(value, str):
        return _fits(value, schema)
    if isinstance(value, list):
        return bool(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", MAX_ITEMS))
    return True


def _within(value: int | float, schema: Mapping[str, Any]) -> bool:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    return bool(
        (low is None or value >= low)
        and (high is None or value <= high)
        and (above is None or value > above)
        and (below is None or value < below)
    )


def _fits(value: str, schema: Mapping[str, Any]) -> bool:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return False
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return True
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True

"""A stranger's JSON Schema made tame: what is known of a tool here can neither hang us nor speak to us.

Must stay true: the outcome is plain JSON of at most `NODES` schemas, without references, without patterns, with
clean text. It never refuses what the stranger's own schema takes; the stranger itself checks the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.runtime.wire import clean

NODES = 1_000
"""Schemas within one schema, references written out; what is beyond becomes one that takes anything."""
DEPTH = 12
TEXT = 500
"""Characters of a description within a schema."""
ENUM = 200
"""Values of an enumeration; a longer one takes anything of its type."""
WORDS = frozenset({"format", "x-kind", "x-fill"})
NUMBERS = frozenset("minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems".split())
VALUES = frozenset({"default", "const"})
TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
"""What is not named here or in `Taming` is left out: patterns, conditions and whatever else can take long to check."""
ANYTHING: Mapping[str, Any] = {}


def tame(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema with references written out and everything left out that could do harm."""
    return {"type": "object", **Taming(schema).schema(schema, 0)}


class Taming:
    """One schema on its way."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.left = NODES
        self.parts: Mapping[str, Callable[[Any, int], Any]] = {
            "description": lambda value, _: clean(value, TEXT),
            "title": lambda value, _: clean(value, TEXT),
            "enum": self._enum,
            "examples": self._enum,
            "items": self._inner,
            "additionalProperties": self._inner,
            "properties": self._properties,
            "anyOf": self._several,
            "oneOf": self._several,
            "allOf": self._several,
        }

    def schema(self, schema: Any, depth: int) -> dict[str, Any]:
        """One schema; an empty one where it is no object, too deep, or too much."""
        self.left -= 1
        if not isinstance(schema, Mapping) or depth > DEPTH or self.left < 0:
            return {}
        schema = self._resolved(schema)
        tamed = {key: value for key, value in schema.items() if isinstance(key, str) and plain(key, value)}
        for key, part in self.parts.items():
            if key in schema and (value := part(schema[key], depth + 1)) is not None:
                tamed["anyOf" if key == "oneOf" and "anyOf" not in schema else key] = value
        if "patternProperties" in schema:
            tamed.pop("additionalProperties", None)
        return tamed

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a reference within this very document names; nothing else is looked up."""
        for _ in range(DEPTH):
            pointer = schema.get("$ref")
            if not isinstance(pointer, str):
                return schema
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            found = self._at(pointer)
            schema = {**found, **beside}
        return ANYTHING

    def _at(self, pointer: str) -> Mapping[str, Any]:
        if not pointer.startswith("#/"):
            return ANYTHING
        place: Any = self.root
        for part in pointer[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            place = place.get(name) if isinstance(place, Mapping) else None
        return place if isinstance(place, Mapping) else ANYTHING

    def _inner(self, value: Any, depth: int) -> Any:
        return value if isinstance(value, bool) else self.schema(value, depth)

    def _several(self, value: Any, depth: int) -> list[dict[str, Any]] | None:
        if not isinstance(value, list) or not value or len(value) > max(self.left, 0):
            return None
        return [self.schema(each, depth) for each in value]

    def _properties(self, value: Any, depth: int) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            return None
        return {str(name)[:TEXT]: self.schema(inner, depth) for name, inner in value.items()}

    def _enum(self, value: Any, _: int) -> list[Any] | None:
        return value if isinstance(value, list) and 0 < len(value) <= ENUM and all(map(small, value)) else None


def plain(key: str, value: Any) -> bool:
    """Whether a keyword may stand as it is: known, and with a value of the kind that belongs to it."""
    if key in WORDS:
        return isinstance(value, str) and small(value)
    if key in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if key in VALUES:
        return small(value)
    if key == "type":
        return value in TYPES if isinstance(value, str) else texts(value) and bool(value) and set(value) <= TYPES
    return key == "required" and texts(value)


def texts(value: Any) -> bool:
    """Whether it is a list of short texts."""
    return isinstance(value, list) and small(value) and all(isinstance(each, str) for each in value)


def small(value: Any) -> bool:
    """Whether a value is short enough to stand in a schema as it is."""
    if isinstance(value, str):
        return len(value) <= TEXT
    if isinstance(value, list):
        return len(value) <= ENUM and all(not isinstance(each, list) and small(each) for each in value)
    if isinstance(value, Mapping):
        return len(value) <= ENUM and all(
            not isinstance(each, Mapping | list) and small(each) for each in value.values()
        )
    return True

"""Which kinds of values a text says, and which a tool takes: a time of day, a day, a percentage, a phone number, …

Only kinds are told here, by plain patterns; the values themselves are read where arguments are filled. What must
stay true: a schema that says nothing about types takes anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.guess import ToolSchema

_NUMBER = (
    r"(?:\d[\d,.]*|an?|half(?: an?)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|"
    r"thirty|forty|fifty|sixty|ninety|hundred|couple of|few|quarter of an?|more)"
)
_HOUR = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_PATTERNS = {
    "time": rf"\b\d{{1,2}}:\d\d\b|\b{_HOUR} ?(?:[ap]\.?m\b|o'?clock)|\b(?:half|quarter) (?:past|to)\b|\bnoon\b|"
    rf"\bmidnight\b|\b(?:at|till|until|from|between|by|to) (?:about )?{_HOUR}(?= (?:and|to|till|in the|tonight|on|"
    rf"instead|tomorrow|today|for|every|{_DAY})\b|[?.!,]|$)",
    "day": rf"\b{_DAY}s?\b|\b(?:today|tomorrow|yesterday|tonight)\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}"
    rf"|\b{_MONTH} \d|\b\d{{4}}-\d\d-\d\d\b|\bthe (?:\d{{1,2}}(?:st|nd|rd|th)|first|second|third)\b|\bthis (?:week|"
    r"month|morning|afternoon|evening|weekend)\b|\b(?:next|coming|last) (?:week|month|weekend|year)\b|\bweekend\b|"
    r"\bchristmas\b|\beaster\b|\bnew year",
    "span": rf"\b{_NUMBER}[ -](?:(?:more|extra|whole|full) )?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)\b|"
    r"\bhalf an hour\b|\ban hour\b",
    "repeat": rf"\bevery (?:other |second |single )?(?:day|week|month|year|morning|evening|weekday|{_DAY})"
    rf"|\beach (?:day|week|{_DAY})|\b(?:daily|weekly|monthly|yearly|annual(?:ly)?)\b|\bon {_DAY}s\b|\bevery \d",
    "percent": r"%|\bper ?cent(?:age)?\b",
    "phone": r"(?<!\w)\+?\d[\d /()-]{6,}\d\b|\b\d{3}[ -]\d{4}\b",
    "email": r"\S+@\S+\.\w+",
    "sum": r"\d ?[-+*/^×÷x] ?\d|\b(?:plus|minus|times|divided by|squared|cubed|square root|power of|multipl\w+|"
    r"subtract\w*|divide)\b",
    "unit": r"\b(?:\d+ ?(?:km|cm|mm|m|kg|g|lb|oz|ml|l|mph|mb|gb|kb|tb|°?[cf]))\b|\b(?:miles?|kilomet\w+|met(?:re|er)s?|"
    r"feet|foot|inch(?:es)?|yards?|centimet\w+|pounds?|kilos?|kilograms?|grams?|ounces?|stones?|lit(?:re|er)s?|"
    r"gallons?|pints?|cups?|tablespoons?|teaspoons?|fahrenheit|celsius|kelvin|acres?|hectares?|joules?|calories|"
    r"kilojoules?|knots|mph|(?:mega|giga|kilo|tera)bytes?)\b",
    "spans": r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b.*\b(?:in(?:to)?|is|are|make|there)"
    r"(?: in)?(?: an?)? (?:\d+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b",
}
VALUES = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _PATTERNS.items()}
_COUNT = re.compile(
    r"(?<![\w:.])\d+(?:[.,]\d+)?(?![\w:])|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half of|third of|quarter of)\b",
    re.IGNORECASE,
)
NUMBERS = frozenset({"one number", "numbers"})
KINDS = (*VALUES, *sorted(NUMBERS))
BY_FORMAT = {
    "date-time": frozenset({"time", "day", "span"}),
    "date": frozenset({"day"}),
    "time": frozenset({"time"}),
    "duration": frozenset({"span"}),
    "email": frozenset({"email"}),
    "phone": frozenset({"phone"}),
}
BY_FILL = {
    "rrule": frozenset({"repeat"}),
    "unit": frozenset({"unit", "spans"}),
    "expression": NUMBERS | {"sum"},
    "place": frozenset[str](),
    "zone": frozenset[str](),
}
BY_TYPE = {
    "number": NUMBERS | {"percent"},
    "integer": NUMBERS | {"percent"},
    "boolean": frozenset[str](),
    "null": frozenset[str](),
}
ANYTHING = frozenset(KINDS)


@lru_cache(maxsize=8192)
def values_said(text: str) -> frozenset[str]:
    """The kinds of values in the text."""
    kinds = {kind for kind, pattern in VALUES.items() if pattern.search(text)}
    if numbers := len(_COUNT.findall(text)):
        kinds.add("one number" if numbers == 1 else "numbers")
    return frozenset(kinds)


def values_taken(tool: ToolSchema) -> frozenset[str]:
    """The kinds of values that the tool's parameters take by type; ANYTHING where one is free text."""
    properties = tool.schema.get("properties")
    return frozenset().union(*map(values_of, properties.values())) if isinstance(properties, Mapping) else frozenset()


def values_wanted(tool: ToolSchema) -> tuple[frozenset[str], ...]:
    """For each required parameter of a definite type, the kinds of values that it takes."""
    properties, needed = tool.schema.get("properties"), tool.schema.get("required")
    if not isinstance(properties, Mapping) or not isinstance(needed, list):
        return ()
    taken = [values_of(schema) for name, schema in properties.items() if name in needed]
    return tuple(kinds for kinds in taken if kinds and kinds != ANYTHING)


def table_of(sets: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """One row for each set, one column for each of KINDS."""
    return np.array([[kind in one for kind in KINDS] for one in sets], float).reshape(len(sets), len(KINDS))


def values_of(schema: Any) -> frozenset[str]:
    """The kinds of values that a parameter takes."""
    if not isinstance(schema, Mapping):
        return ANYTHING
    if "x-kind" in schema or "enum" in schema:
        return frozenset()
    for key, known in (("x-fill", BY_FILL), ("format", BY_FORMAT), ("type", BY_TYPE)):
        if isinstance(schema.get(key), str) and schema[key] in known:
            return known[schema[key]]
    if schema.get("type") == "array":
        return values_of(schema.get("items"))
    forms = schema.get("anyOf")
    if isinstance(forms, list):
        return frozenset().union(*map(values_of, forms))
    return ANYTHING

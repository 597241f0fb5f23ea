"""When arguments are right: gold values of the dev set against what was understood.

A gold value may be {"any": [...]} (one of these), {"anything": true}, {"equals": n} (a sum that comes to n) or
{"unit": u} (a unit by any of its names).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from services.calculate.exact import evaluate
from services.calculate.words import as_symbols

LEADS = re.compile(r"^(?:the|a|an|my|our|to|that|some|about)\s+")
CLOSE = 1e-6
DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
SECONDS = (604_800, 86_400, 3_600, 60, 1)


def right_arguments(gold: Mapping[str, Any], got: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Each gold value is there, and nothing else but what equals the default."""
    properties = schema.get("properties", {})

    def default(name: str) -> Any:
        return properties.get(name, {}).get("default")

    def right(name: str, value: Any) -> bool:
        given = got.get(name, default(name))
        return same(value, given) or ("x-kind" in properties.get(name, {}) and part_of(value, given))

    if not all(right(name, value) for name, value in gold.items()):
        return False
    return all(name in gold or value in (None, "") or same(default(name), value) for name, value in got.items())


def part_of(gold: Any, got: Any) -> bool:
    """A part of the name of a thing that exists is enough for the service to find it."""
    if not isinstance(gold, str) or not isinstance(got, str) or not normal(got):
        return False
    return f" {normal(got)} " in f" {normal(gold)} "


def same(gold: Any, got: Any) -> bool:
    """One value is as good as the gold one."""
    if isinstance(gold, Mapping):
        return special(gold, got)
    if isinstance(gold, list):
        return isinstance(got, list) and len(gold) == len(got) and all(map(same, gold, got))
    if isinstance(gold, bool) or gold is None:
        return gold is got
    if isinstance(gold, int | float):
        return isinstance(got, int | float) and abs(gold - got) < CLOSE
    return isinstance(got, str) and normal(str(gold)) == normal(got)


def special(gold: Mapping[str, Any], got: Any) -> bool:
    """The gold value is a rule."""
    if "any" in gold:
        return any(same(one, got) for one in gold["any"])
    if "equals" in gold:
        return comes_to(str(got), gold["equals"])
    if "unit" in gold:
        return isinstance(got, str) and unit(gold["unit"]) == unit(got)
    return got is not None


def comes_to(expression: str, value: float) -> bool:
    """The sum, as the calculator reads it, has that value."""
    try:
        return abs(evaluate(as_symbols(expression)) - Fraction(value)) < CLOSE
    except Exception:  # a sum that can't be read in whatever way is a wrong one
        return False


def unit(name: str) -> str:
    """A unit's name without number and case."""
    return (
        name.strip()
        .lower()
        .removeprefix("degrees ")
        .removesuffix("s")
        .replace("metre", "meter")
        .replace("litre", "liter")
    )


def normal(text: str) -> Any:
    """Text without case, articles and marks; times and durations by what they mean, repeats as a set of parts."""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)", text):
        return datetime.fromisoformat(text).timestamp()
    if (match := DURATION.fullmatch(text)) and len(text) > 1:
        return sum(float(part or 0) * size for part, size in zip(match.groups(), SECONDS, strict=True))
    if text.startswith("FREQ="):
        return frozenset(text.removesuffix(";INTERVAL=1").split(";"))
    if re.fullmatch(r"[+\d][\d ()/.-]{4,}", text) and not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return re.sub(r"\D", "", text)
    plain = " ".join(re.sub(r"[^\w\s@%+-]", " ", text.lower().replace("’", "'").replace("'", "")).split())
    while LEADS.match(plain):
        plain = LEADS.sub("", plain, count=1)
    return plain

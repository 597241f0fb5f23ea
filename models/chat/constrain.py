"""What a local model may write next: free words, or calls that are valid under the schemas of the tools on offer.

Compiles the schemas to a grammar for llguidance (MIT), which says at each step which tokens go on. Lengths that a
schema leaves open are bounded here, so that no call is without an end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from numpy.typing import NDArray

from models.guess import ToolSchema

TEXT_LIMIT = 500
"""Characters of a text argument whose schema sets no length."""
ITEMS_LIMIT = 20
"""Items of a list whose schema sets no number."""
NUMBER_LIMIT = 1e12
"""Size of a number whose schema allows more: the grammar spells ranges out digit by digit."""
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
CALLS_LIMIT = 4
"""Calls in one answer."""
SCHEMA_FORM = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
    "lenient": True,
    "coerce_one_of": True,
}
"""JSON with the spaces that models were trained on, and no others; unknown keywords are passed over."""
ANY_OBJECT = {"type": "object", "x-guidance": SCHEMA_FORM}
MAPS = ("properties", "$defs", "definitions", "patternProperties")
LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
SINGLE = ("items", "additionalProperties")
DAY = (
    r"([12]\d{3}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))"
    r"|((19|20)([02468][48]|[2468]0|[13579][26])|2000)-02-29)"
)
CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
ZONE = r"(Z|[+-](0\d|1[0-4]):[0-5]\d)"
FORMATS = {"date": DAY, "time": CLOCK, "date-time": f"{DAY}T{CLOCK}{ZONE}"}
"""Days that exist and no leap seconds: the grammar's own formats would let both pass, Python does not. A time alone is
the household's own, so it has no offset."""
NOTES = ("title", "description", "examples", "default")

START = r"""%llguidance {}
start: bare | words | tagged
bare: call
words: WORDS
WORDS: /([^{](.|\n)*)?/
opening[lazy]: WORDS "<tool_call>"
tagged: opening rest again{0,MORE}
"""
FORCED = r"""%llguidance {}
start: OPEN rest again{0,MORE}
OPEN: "<tool_call>"
"""
CALLS = r"""rest: "\n" call "\n" CLOSE
again: "\n" OPENS rest
CLOSE: "</tool_call>"
OPENS: "<tool_call>"
KEY: "\"arguments\": " | "\"parameters\": "
"""


def grammar(tools: Sequence[ToolSchema], forced: bool = False, special: bool = False) -> str:
    """The grammar of an answer. `forced`: nothing but a call. `special`: the marks are tokens of their own kind."""
    rules = [(FORCED if forced else START).replace("MORE", str(CALLS_LIMIT - 1)) + CALLS]
    rules.append("call: " + " | ".join(f"tool_{number}" for number in range(len(tools))))
    for number, tool in enumerate(tools):
        opening = json.dumps(json.dumps({"name": tool.name})[:-1] + ", ")
        rules.append(f'tool_{number}: {opening} KEY %json {compiled(json.dumps(dict(tool.schema)))} "}}"')
    text = "\n".join(rules) + "\n"
    return as_special(text) if special else text


def as_special(text: str) -> str:
    """The same grammar where the marks are special tokens, which no text can contain."""
    for terminal in ("CLOSE", "OPENS", "OPEN"):
        mark = "</tool_call>" if terminal == "CLOSE" else "<tool_call>"
        text = text.replace(f'{terminal}: "{mark}"\n', "").replace(f" {terminal}", f" {mark}")
    return text.replace('opening[lazy]: WORDS "<tool_call>"', "opening: WORDS <tool_call>")


@lru_cache(maxsize=256)
def compiled(schema: str) -> str:
    """The schema as the grammar takes it; any object where it can't be followed (the call is checked later anyway)."""
    try:
        tight = json.dumps({**bounded(json.loads(schema)), "x-guidance": SCHEMA_FORM})
        wrong, _ = LLMatcher.validate_grammar_with_warnings(LLMatcher.grammar_from_json_schema(tight))
    except (ValueError, RecursionError, TypeError):
        return json.dumps(ANY_OBJECT)
    return json.dumps(ANY_OBJECT) if wrong else tight


def bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with an end to every text and list, and no properties that it does not name."""
    out = {key: value for key, value in schema.items() if key not in NOTES and not key.startswith("x-")}
    if out.get("format") in FORMATS and "pattern" not in out:
        out["pattern"] = f"^{FORMATS[out.pop('format')]}$"
    for key in MAPS:
        if isinstance(out.get(key), Mapping):
            out[key] = {name: inner(value) for name, value in out[key].items()}
    for key in LISTS:
        if isinstance(out.get(key), Sequence):
            out[key] = [inner(value) for value in out[key]]
    for key in SINGLE:
        if key in out:
            out[key] = inner(out[key])
    return out | ends(out)


def ends(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The limits that a schema lacks, and formats as patterns."""
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    out: dict[str, Any] = {
        key: max(-NUMBER_LIMIT, min(NUMBER_LIMIT, schema[key]))
        for key in BOUNDS
        if isinstance(schema.get(key), int | float) and abs(schema[key]) > NUMBER_LIMIT
    }
    if "object" in kinds and "properties" in schema:
        out["additionalProperties"] = False
    if "array" in kinds:
        out["maxItems"] = min(schema.get("maxItems", ITEMS_LIMIT), max(ITEMS_LIMIT, schema.get("minItems", 0)))
    if "string" in kinds and not schema.keys() & {"enum", "const", "format", "pattern"}:
        out["maxLength"] = min(schema.get("maxLength", TEXT_LIMIT), max(TEXT_LIMIT, schema.get("minLength", 0)))
    return out


def inner(schema: Any) -> Any:
    """The same for a schema within a schema; true and false are schemas too."""
    return bounded(schema) if isinstance(schema, Mapping) else schema


class Reins:
    """Follows one answer and says which tokens may come next."""

    def __init__(self, tokenizer: LLTokenizer, rules: str) -> None:
        """Raises ValueError for rules that can't be compiled."""
        self._matcher = LLMatcher(tokenizer, rules, log_level=0)
        self._check()

    @property
    def done(self) -> bool:
        """Nothing may follow."""
        return self._matcher.is_stopped()

    def allowed(self, size: int) -> NDArray[np.bool_]:
        """One truth value for each of `size` tokens."""
        bits = np.unpackbits(np.frombuffer(self._matcher.compute_bitmask(), np.uint8), bitorder="little")
        self._check()
        out = np.zeros(size, bool)
        out[: min(size, len(bits))] = bits[:size]
        return out

    def take(self, token: int) -> None:
        """The token that was chosen."""
        self._matcher.consume_token(token)
        self._check()

    def _check(self) -> None:
        if self._matcher.is_error():
            raise ValueError(self._matcher.get_error())

"""The short question for what a request did not give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.guess import Guess
from services.tool import Tool

BY_FORMAT = {
    "date-time": "When should that be?",
    "date": "On which day?",
    "time": "At what time?",
    "duration": "For how long?",
}


def ask_for(tool: Tool, guess: Guess) -> str:
    """One question for the first parameter that is missing."""
    name = guess.missing[0]
    schema: Mapping[str, Any] = tool.schema.get("properties", {}).get(name, {})
    if "x-ask" in schema:
        return str(schema["x-ask"])
    known = BY_FORMAT.get(form(schema))
    if known:
        return known
    what = str(schema.get("description") or name.replace("_", " ")).split(",")[0].split(";")[0].rstrip(".")
    choices = schema.get("enum")
    options = f" ({', '.join(map(str, choices))})" if choices else ""
    return f"Tell me this first: {what[:1].lower()}{what[1:]}{options}?"


def form(schema: Mapping[str, Any]) -> str:
    """The format, also inside an `anyOf` with null."""
    branches = [schema, *schema.get("anyOf", ())]
    return next((str(branch["format"]) for branch in branches if "format" in branch), "")

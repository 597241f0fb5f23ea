"""What the reflex is asked and what it answers, in plain types: models know nothing of services.

A request with its tools goes in as a `Request`; a `Reading` comes out. Sources of tools are MCP tool
objects, so anything that has a JSON Schema can be understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ToolSchema:
    """A tool as the reflex sees it."""

    name: str
    description: str
    schema: Mapping[str, Any]
    """JSON Schema of the arguments. `x-kind` on a property says which things its value names."""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call made earlier in the dialogue and what it touched."""

    name: str
    arguments: Mapping[str, Any]
    touched: Sequence[Mapping[str, Any]] = ()
    """Things in the order the answer named them: kind, name, id, at (ISO 8601 or None), within."""


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier line of the dialogue."""

    role: str
    """user or assistant"""
    content: str
    calls: Sequence[PastCall] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One request to be understood."""

    text: str
    tools: Sequence[ToolSchema]
    now: datetime
    """Aware."""
    history: Sequence[Said] = ()
    """Oldest first."""
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names that exist in this home, by kind (list, contact, event …)."""
    pending: Guess | None = None
    """A call whose missing arguments were asked for in the last line of the dialogue."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One call that the request seems to ask for."""

    name: str
    arguments: Mapping[str, Any]
    """Typed and normalised as the schema says: dates ISO 8601, durations ISO 8601, numbers as numbers."""
    confidence: float
    """0 to 1."""
    missing: tuple[str, ...] = ()
    """Required parameters that the request does not give."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a request was understood to be. No guesses: none of the tools fits."""

    guesses: tuple[Guess, ...]
    near: tuple[tuple[str, float], ...] = ()
    """The nearest tools with their scores, best first, also when none fits."""
    ms: float = 0.0


class Reader(Protocol):
    """Understands requests. The plain reader and the trained one are both one of these."""

    def read(self, request: Request) -> Reading:
        """Understand one request; blocks for milliseconds, so callers in a loop use a thread."""
        ...

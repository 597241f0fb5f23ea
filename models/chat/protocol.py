"""What a chat model is asked and what it answers, whichever backend it runs on."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from models.guess import ToolSchema


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for. The arguments are its own text: nobody has checked them yet."""

    id: str
    name: str
    arguments: str
    """JSON, if the model kept to it."""

    @property
    def object(self) -> dict[str, Any]:
        """The arguments as an object; empty if they are none."""
        try:
            given = json.loads(self.arguments or "{}")
        except (ValueError, RecursionError):
            return {}
        return given if isinstance(given, dict) else {}


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the conversation with the model."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    """What the assistant asked for."""
    call_id: str = ""
    """Which call a tool's message answers."""


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of what the model says."""

    text: str


@dataclass(frozen=True, slots=True)
class Asks:
    """A complete call that the model asks for."""

    call: ToolCall


Piece = Text | Asks


class Chat(Protocol):
    """A chat model. Raises models.errors.ChatFault where it can't answer, in words for the person."""

    name: str

    def stream(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> AsyncGenerator[Piece, None]:
        """The answer as it comes; ends when the model is done. Whoever leaves it early closes it."""
        ...

    async def aclose(self) -> None:
        """Let go of what it holds; it is not used after that."""
        ...

"""A chat model that says what it is told to: the double for tests of whatever reasons."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from models.chat.protocol import Message, Piece
from models.errors import ChatFault
from models.guess import ToolSchema


class ScriptedChat:
    """Gives its answers in order, and keeps what it was asked."""

    name = "scripted"

    def __init__(self, *answers: Sequence[Piece] | ChatFault) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[tuple[Message, ...], tuple[str, ...]]] = []
        """The messages and the names of the tools, each time."""

    async def stream(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> AsyncGenerator[Piece, None]:
        """The next answer; the last one again when there are no more."""
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((tuple(messages), tuple(tool.name for tool in tools)))
        if isinstance(answer, ChatFault):
            raise answer
        for piece in answer:
            yield piece

    async def aclose(self) -> None:
        """Holds nothing."""

"""Any server that speaks OpenAI's chat protocol: Ollama, llama.cpp, vLLM, LM Studio or a hosted one.

Source: the chat completions API as the official client sends it. What comes back is trusted with nothing: tool
calls are put together from their pieces here, and their arguments are checked by whoever makes the call.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from models.chat.protocol import Asks, Message, Piece, Text, ToolCall
from models.errors import ChatFault
from models.guess import ToolSchema

logger = logging.getLogger(__name__)

CONNECT = 5.0
"""Seconds to reach the server."""
SILENCE = 120.0
"""Seconds that it may be silent: a small machine reads a long prompt slowly."""
RETRIES = 1
"""Further tries, before the answer has begun, when the server is busy or cut the line."""
DEFAULT_URL = "http://127.0.0.1:11434/v1"
"""Where Ollama listens."""
NO_KEY = "none"
"""The client insists on a key; local servers ignore it."""


@dataclass(slots=True)
class Growing:
    """A tool call that is still coming in."""

    id: str = ""
    name: str = ""
    arguments: str = ""


class OpenAIChat:
    """A model behind an OpenAI-compatible server."""

    def __init__(self, name: str, base_url: str | None = None, api_key: str | None = None) -> None:
        self.name = name
        self.base_url = base_url or DEFAULT_URL
        self.client = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=api_key or NO_KEY,
            timeout=openai.Timeout(SILENCE, connect=CONNECT),
            max_retries=RETRIES,
        )

    async def stream(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> AsyncIterator[Piece]:
        """The answer as it comes. Raises ChatFault."""
        growing: dict[int, Growing] = {}
        finished = False
        try:
            chunks = await self.client.chat.completions.create(**self._request(messages, tools))
            async for chunk in chunks:
                for choice in chunk.choices[:1]:
                    finished = finished or choice.finish_reason is not None
                    if choice.delta.content:
                        yield Text(choice.delta.content)
                    for part in choice.delta.tool_calls or ():
                        grow(growing, part)
        except (openai.OpenAIError, httpx2.HTTPError, ValueError) as fault:
            logger.warning("the chat model %s at %s failed: %r", self.name, self.base_url, fault)
            raise ChatFault(self._reason(fault)) from fault
        if not finished:
            raise ChatFault(f"The model {self.name} was cut off in the middle of its answer.")
        for number, call in sorted(growing.items()):
            yield Asks(ToolCall(call.id or f"call_{number}", call.name, call.arguments))

    def _request(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.name,
            "messages": [message_row(message) for message in messages],
            "stream": True,
            "temperature": 0,
        }
        if tools:
            request["tools"] = [tool_row(tool) for tool in tools]
        return request

    def _reason(self, fault: Exception) -> str:
        match fault:
            case openai.APITimeoutError():
                return f"The model {self.name} did not answer in time."
            case openai.APIConnectionError():
                return f"The model server at {self.base_url} can't be reached. Is it running?"
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return f"The model server at {self.base_url} refused the key in MUOS_API_KEY."
            case openai.NotFoundError():
                return f"The model server at {self.base_url} has no model {self.name!r}."
            case openai.APIStatusError():
                return f"The model server at {self.base_url} answered with an error ({fault.status_code})."
            case _:
                return f"The model {self.name} gave an answer that can't be read."


def grow(growing: dict[int, Growing], part: Any) -> None:
    """Add a piece of a tool call to what has come so far."""
    call = growing.setdefault(part.index, Growing())
    call.id = part.id or call.id
    if part.function is not None:
        call.name += part.function.name or ""
        call.arguments += part.function.arguments or ""


def message_row(message: Message) -> dict[str, Any]:
    """A message as the protocol has it."""
    row: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.calls:
        row["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.calls
        ]
    if message.role == "tool":
        row["tool_call_id"] = message.call_id
    return row


def tool_row(tool: ToolSchema) -> dict[str, Any]:
    """A tool as the protocol has it."""
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)},
    }

"""Any server that speaks OpenAI's chat protocol: Ollama, llama.cpp, vLLM, LM Studio or a hosted one.

Source: the chat completions API as the official client sends it. What comes back is trusted with nothing: calls are
put together from their pieces in `streamed.py`, and their arguments are checked by whoever makes the call.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import httpx2
import openai

from models.chat.answer import Answer
from models.chat.plain import in_words
from models.chat.protocol import Asks, Message, Piece, Text
from models.chat.streamed import Chunk, Growth
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
SAID_LIMIT = 200
"""Characters of a server's own words that are passed on."""


class OpenAIChat:
    """A model behind an OpenAI-compatible server."""

    def __init__(
        self,
        name: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        silence: float = SILENCE,
        retries: int = RETRIES,
    ) -> None:
        """Without a name, the first model that the server lists. `silence`: seconds without a word; see SILENCE."""
        self.name = name or ""
        self.base_url = base_url or DEFAULT_URL
        self.client = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=api_key or NO_KEY,
            timeout=openai.Timeout(silence, connect=min(CONNECT, silence)),
            max_retries=retries,
        )
        self._knows_tools = True
        """False once the server has said that this model does not."""

    async def stream(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> AsyncGenerator[Piece, None]:
        """The answer as it comes; calls at its end. Raises ChatFault."""
        growth, answer = Growth(), Answer([tool.name for tool in tools])
        try:
            self.name = self.name or await self._first_model()
            async with await self._begin(messages, tools) as chunks:
                async for chunk in chunks:
                    words = answer.hear(growth.add(Chunk.read(chunk)))
                    if words:
                        yield Text(words)
        except (openai.OpenAIError, httpx2.HTTPError, ValueError, RecursionError) as fault:
            logger.warning("the chat model %s at %s failed: %r", self.name, self.base_url, fault)
            raise ChatFault(self._reason(fault, growth.begun)) from fault
        if not growth.finished:
            cut = "was cut off in the middle of its answer" if growth.begun else "gave no answer"
            raise ChatFault(f"The model {self.name} {cut}.")
        if words := answer.end():
            yield Text(words)
        for call in growth.calls() or answer.calls:
            yield Asks(call)

    async def aclose(self) -> None:
        """Close what is open to the server."""
        await self.client.close()

    async def _first_model(self) -> str:
        names = [model.id async for model in self.client.models.list()]
        talking = [name for name in names if "embed" not in name.lower()]
        if not talking:
            raise ChatFault(f"The model server at {self.base_url} has no model yet. Load one, or set MUOS_MODEL.")
        return talking[0]

    async def _begin(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> openai.AsyncStream[Any]:
        if self._knows_tools:
            try:
                return await self._create(messages, tools)
            except openai.BadRequestError as fault:
                if not tools or "tool" not in str(fault).lower():
                    raise
                logger.warning("the chat model %s takes no tools: they are put in words (%s)", self.name, said(fault))
                self._knows_tools = False
        return await self._create(in_words(messages, tools), ())

    async def _create(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> openai.AsyncStream[Any]:
        request: dict[str, Any] = {
            "model": self.name,
            "messages": [message_row(message) for message in messages],
            "stream": True,
            "temperature": 0,
        }
        if tools:
            request["tools"] = [tool_row(tool) for tool in tools]
        stream: openai.AsyncStream[Any] = await self.client.chat.completions.create(**request)
        return stream

    def _reason(self, fault: Exception, begun: bool) -> str:
        match fault:
            case openai.APITimeoutError() | httpx2.TimeoutException():
                return f"The model {self.name or 'server'} did not answer in time."
            case openai.APIConnectionError() if not begun:
                return f"The model server at {self.base_url} can't be reached. Is it running?"
            case openai.APIConnectionError() | httpx2.HTTPError():
                return f"The model {self.name} was cut off in the middle of its answer."
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return f"The model server at {self.base_url} refused the key in MUOS_API_KEY."
            case openai.NotFoundError():
                return f"The model server at {self.base_url} has no model {self.name!r}."
            case openai.RateLimitError():
                return f"The model server at {self.base_url} is busy or its quota is used up. Try again later."
            case openai.APIStatusError():
                return (
                    f"The model server at {self.base_url} answered with an error ({fault.status_code}: {said(fault)})."
                )
            case openai.APIError():
                return f"The model {self.name} broke off with an error: {said(fault)}."
            case _:
                return f"The model {self.name} gave an answer that can't be read."


def said(fault: openai.APIError) -> str:
    """The server's own words, on one short line."""
    body = fault.body
    words = body.get("message", body.get("error")) if isinstance(body, dict) else None
    return " ".join(str(words or fault.message).split())[:SAID_LIMIT].rstrip(".")


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

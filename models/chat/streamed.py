"""A streamed completion put together, as servers really send it: pieces without index or id, ids given twice,
a whole message instead of pieces, fields that are not there.

Source: OpenAI's chat completion chunks, read leniently; what is not named here (reasoning_content and the like) is
not looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import BaseModel

from models.chat.answer import LIMIT, new_id
from models.chat.protocol import ToolCall
from models.errors import ChatFault


class Function(BaseModel):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class Part(BaseModel):
    """A piece of a call."""

    index: int | None = None
    id: str | None = None
    function: Function | None = None


class Delta(BaseModel):
    """What is new in the answer."""

    content: str | list[Any] | None = None
    tool_calls: list[Part] | None = None

    @property
    def text(self) -> str:
        """The words in it."""
        if isinstance(self.content, list):
            return "".join(str(part.get("text", "")) for part in self.content if isinstance(part, dict))
        return self.content or ""


class Choice(BaseModel):
    delta: Delta | None = None
    message: Delta | None = None
    """The whole answer, from servers that do not stream."""
    finish_reason: str | None = None


class Chunk(BaseModel):
    choices: list[Choice] | None = None

    @classmethod
    def read(cls, chunk: Any) -> Self:
        """From the client's chunk, whatever it has made of the server's JSON. Raises ValueError."""
        return cls.model_validate(chunk.to_dict(warnings=False) if hasattr(chunk, "to_dict") else chunk)


@dataclass(slots=True)
class Growing:
    """A call that is still coming in."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Growth:
    """An answer that is still coming in."""

    finished: bool = False
    """The server has said that this was all."""
    begun: bool = False
    _calls: list[Growing] = field(default_factory=list)
    _by_index: dict[int, Growing] = field(default_factory=dict)
    _size: int = 0

    def add(self, chunk: Chunk) -> str:
        """Take in a chunk; gives the words in it. Raises ChatFault for calls without an end."""
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        delta = choice.delta or choice.message or Delta()
        for part in delta.tool_calls or ():
            self._grow(part)
        self.begun = self.begun or bool(delta.text or delta.tool_calls)
        self.finished = self.finished or choice.finish_reason is not None
        return delta.text

    def calls(self) -> list[ToolCall]:
        """The calls, each with an id of its own. Raises ChatFault for one without a name."""
        taken: set[str] = set()
        calls: list[ToolCall] = []
        for call in self._calls:
            if not call.name:
                raise ChatFault("The model asked for a tool without naming it.")
            own = call.id if call.id and call.id not in taken else new_id()
            taken.add(own)
            calls.append(ToolCall(own, call.name, call.arguments))
        return calls

    def _grow(self, part: Part) -> None:
        call = self._belongs_to(part)
        if call is None:
            call = Growing()
            self._calls.append(call)
            if part.index is not None:
                self._by_index[part.index] = call
        call.id = call.id or part.id or ""
        function = part.function or Function()
        if function.name and function.name != call.name:  # some servers send it with every piece
            call.name += function.name
        given = function.arguments
        call.arguments += json.dumps(given) if isinstance(given, dict) else given or ""
        self._size += len(call.name) + len(given or "")
        if self._size > LIMIT:
            raise ChatFault("The model's answer had no end, so I stopped it.")

    def _belongs_to(self, part: Part) -> Growing | None:
        """The call that a piece goes on with; None: it begins another."""
        name = part.function.name if part.function else None
        if part.index is None:
            known = next((call for call in self._calls if part.id and call.id == part.id), None)
            goes_on = self._calls and not part.id and not name
            return self._calls[-1] if goes_on else known
        call = self._by_index.get(part.index)
        another = call and name and part.id and call.id and part.id != call.id
        return None if another else call

"""OpenAI's chat protocol, so that any client of it can talk to the hub as the model `muos`.

The last user message is a turn like any other: what the hub remembers of the room is its context, the earlier
messages that the client sends along are not taken as said, and no message can give a yes beforehand. What the
turn came to goes along under `muos`. Does not cover: sampling parameters, tools and functions of the client's.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from agent.turn import Broke, Event, Said
from interface import wire
from interface.http.errors import Json, error
from interface.http.turns import UNBUFFERED, Who, hub_of, watched

router = APIRouter(prefix="/v1", tags=["openai"])
MODEL = "muos"
MODEL_ROW = {"id": MODEL, "object": "model", "created": 1_767_225_600, "owned_by": "muos"}


class Part(BaseModel):
    """A piece of a message; only text is read."""

    type: str
    text: str | None = None


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """All its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: bool = False


class Completion(BaseModel):
    """What we read of a chat completion request."""

    messages: Annotated[list[Message], Field(min_length=1)]
    model: str = MODEL
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = 1
    metadata: Who | None = None
    """Of ours: member, room, zone, now."""


@router.get("/models")
async def models() -> Response:
    """The one model there is to choose."""
    return Json({"object": "list", "data": [MODEL_ROW]})


@router.get("/models/{name}")
async def model(request: Request, name: str) -> Response:
    """That model."""
    return Json(MODEL_ROW) if name == MODEL else unknown_model(request, name)


@router.post("/chat/completions")
async def complete(request: Request, asked: Completion) -> Response:
    """Ask something in plain words, in OpenAI's protocol."""
    if asked.model != MODEL:
        return unknown_model(request, asked.model)
    text = next((message.text for message in reversed(asked.messages) if message.role == "user"), None)
    if text is None:
        return error(422, "messages: one of them must be the user's", request.url.path)
    hub = hub_of(request)
    turn = (asked.metadata or Who()).turn(hub.settings, wire.plain(text), way="api")
    events = watched(hub.answer(turn))
    if asked.stream:
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        return StreamingResponse(chunks(events, usage), media_type="text/event-stream", headers=UNBUFFERED)
    return Json(await whole(events))


def unknown_model(request: Request, name: str) -> Response:
    """There is no such model."""
    return error(404, f"There is no model {name!r} here; the only one is {MODEL!r}.", request.url.path)


NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
"""Turns are not counted in tokens."""


async def whole(events: AsyncIterator[Event]) -> dict[str, Any]:
    """The answer in one piece."""
    account = wire.Account()
    async for event in events:
        account.add(event)
    row = account.row()
    message = {"role": "assistant", "content": row["text"], "refusal": None}
    return {
        **head("chat.completion"),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": NO_USAGE,
        "muos": row,
    }


async def chunks(events: AsyncIterator[Event], usage: bool) -> AsyncIterator[str]:
    """The answer piece by piece, as server-sent events."""
    start = head("chat.completion.chunk")
    account = wire.Account()

    def chunk(delta: dict[str, Any], end: str | None = None, **more: Any) -> str:
        choices = [{"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}]
        return f"data: {wire.dump({**start, 'choices': choices, **more})}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    async for event in events:
        account.add(event)
        if isinstance(event, Said | Broke):
            yield chunk({"content": event.text})
    yield chunk({}, "stop", muos=account.row())
    if usage:
        yield f"data: {wire.dump({**start, 'choices': [], 'usage': NO_USAGE})}\n\n"
    yield "data: [DONE]\n\n"


def head(kind: str) -> dict[str, Any]:
    """What every answer begins with."""
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}

"""Asking another service, through the hub: a request from the service to its MCP client, beyond what MCP knows.

    {"method": "muos/call", "params": {"tool": "places_find", "arguments": {…}, "for": "<id of the call in progress>"}}

Must stay true: whatever goes wrong is a Refusal in a sentence. Called in the thread that a tool runs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import anyio.from_thread
from mcp.server.session import ServerSession
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ValidationError

from services.kit.refusal import Refusal
from services.kit.reply import Reply

METHOD = "muos/call"
ASK_SECONDS = 60.0
"""For the other service's answer; the hub gives up earlier."""


class Request(BaseModel):
    """What goes to the hub."""

    method: str = METHOD
    params: dict[str, Any]


class Result(BaseModel):
    """What comes back: of a refusal only its text."""

    done: bool
    text: str
    data: dict[str, Any] = {}


def asking(session: ServerSession, call: str, tool: str, arguments: Mapping[str, Any]) -> Reply:
    """The answer of another service's tool, asked for during this call. Raises Refusal."""
    request = Request(params={"tool": tool, "arguments": dict(arguments), "for": call})
    send = partial(session.send_request, cast(Any, request), Result, ASK_SECONDS)
    try:
        result = anyio.from_thread.run(send)
    except (MCPError, ValidationError) as error:
        raise Refusal(f"I can't ask {tool!r} here.") from error
    if not result.done:
        raise Refusal(result.text)
    return Reply(result.text, result.data)

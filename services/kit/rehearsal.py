"""A conversation with a server that has nothing to offer, in memory.

The first messages of a process are slow, for the protocol's types are compiled on first use. The template
process holds this conversation once, so that no child has to: it saves each about 13 ms.
"""

from __future__ import annotations

from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.shared.message import SessionMessage

from services.kit.reply import Reply
from services.kit.service import arguments_model

LINES = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},'
    '"clientInfo":{"name":"muos","version":"1"}}}',
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '{"jsonrpc":"2.0","id":2,"method":"tools/list"}',
    '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"say","arguments":{},"_meta":{"muos/call":"1"}}}',
)


def rehearse() -> None:
    """Say all lines and hear all answers; leaves no thread and no open file."""
    anyio.run(converse)


async def converse() -> None:
    """The same, inside an event loop."""

    async def on_list_tools(_ctx: Any, _params: Any) -> types.ListToolsResult:
        schema = arguments_model("say", say).model_json_schema()
        return types.ListToolsResult(tools=[types.Tool(name="say", input_schema=schema, _meta={})])

    async def on_call_tool(_ctx: Any, _params: Any) -> types.CallToolResult:
        return types.CallToolResult(content=[types.TextContent(type="text", text="")], structured_content={})

    server: Server[Any] = Server("rehearsal", on_list_tools=on_list_tools, on_call_tool=on_call_tool)
    told, hears = anyio.create_memory_object_stream[SessionMessage | Exception](len(LINES))
    says, heard = anyio.create_memory_object_stream[SessionMessage](len(LINES))
    async with told, hears, says, heard, anyio.create_task_group() as tasks:
        tasks.start_soon(server.run, hears, says, server.create_initialization_options())
        for line in LINES:
            message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
            await told.send(SessionMessage(message))
            if '"id"' in line:
                (await heard.receive()).message.model_dump_json(by_alias=True, exclude_unset=True)
        tasks.cancel_scope.cancel()


def say(text: str = "") -> Reply:
    """Nothing."""
    return Reply(text)

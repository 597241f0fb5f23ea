"""A real MCP server over streamable HTTP, made with the official SDK, that can be told to misbehave."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.lowlevel
import mcp_types as types
import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Message, Receive, Scope, Send

STARTING = 30.0


@dataclass
class Far:
    """The server, what it saw, and what it is to do next."""

    url: str
    token: str = ""
    tools: list[types.Tool] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    fault: str = ""
    """slow, cut, 500, html: how the next call is spoilt."""
    manager: Any = None
    session: Any = None

    def forget_sessions(self) -> None:
        """As after a restart of it."""
        self.manager._server_instances.clear()


def tool(name: str, description: str = "Say it again.") -> types.Tool:
    schema = {"type": "object", "properties": {"say": {"type": "string"}}, "required": ["say"]}
    hints = types.ToolAnnotations(read_only_hint=True)
    return types.Tool(name=name, description=description, input_schema=schema, annotations=hints)


class App:
    """The SDK's server behind a door that asks for the token and spoils answers."""

    def __init__(self, far: Far) -> None:
        self.far = far
        server: Server[Any] = Server("far", on_list_tools=self._list, on_call_tool=self._call)
        self.manager = far.manager = StreamableHTTPSessionManager(server)

    async def _list(self, _ctx: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=self.far.tools)

    async def _call(self, ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        said = str((params.arguments or {}).get("say"))
        self.far.calls.append(said)
        if self.far.fault == "slow":
            await anyio.sleep_forever()
        if said == "change":
            await ctx.session.send_tool_list_changed()
        return types.CallToolResult(content=[types.TextContent(type="text", text=f"far: {said}")])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        if self.far.token and headers.get(b"authorization") != f"Bearer {self.far.token}".encode():
            await plain(send, 401, b"who are you?")
        elif self.far.fault == "500":
            await plain(send, 500, b"oops")
        elif self.far.fault == "html":
            await plain(send, 200, b"<html>hello</html>")
        elif self.far.fault == "cut" and scope["method"] == "POST":
            await self.manager.handle_request(scope, receive, Cut(send))
        else:
            await self.manager.handle_request(scope, receive, send)


class Cut:
    """Lets the head of an answer through, and nothing after it."""

    def __init__(self, send: Send) -> None:
        self.send = send

    async def __call__(self, message: Message) -> None:
        """Send, or end."""
        if message["type"] == "http.response.start":
            await self.send(message)
        else:
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
            raise ConnectionResetError


async def plain(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def faraway(*tools: types.Tool, token: str = "") -> AsyncIterator[Far]:
    """Serve on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        far = Far(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", token, list(tools))
        app = App(far)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
        async with app.manager.run(), anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            with anyio.fail_after(STARTING):
                while not server.started:
                    await anyio.lowlevel.checkpoint()
            yield far
            server.should_exit = True
            far.fault = ""

"""The child that stands for an MCP server elsewhere: it serves on its standard input and output what that one offers.

Must stay true: it reaches that one address and no other, over connections from the hub's gate; a request ends with an
answer or in plain words within its time; a session that the other side has forgotten is begun anew, once.
A request is sent again only where the other side said that it did not take it (404, the session is gone).

Streamable HTTP of revision 2025-11-25: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import anyio
import httpx2
import mcp_types as types
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel

from services.runtime.strangers.addition import ADDRESS, TOKEN
from services.runtime.strangers.gated import transport

Answer = TypeVar("Answer", bound=BaseModel)

SECONDS = 50.0
"""For one request; less than the hub waits."""
OPEN_SECONDS = 20.0
"""For the connection and the handshake."""
STREAM_SECONDS = 300.0
"""For a word on a stream that the other side holds open."""
CLOSE_SECONDS = 2.0
WISHES = 16
GONE = 404
FAULTS = frozenset(
    {types.INTERNAL_ERROR, types.CONNECTION_CLOSED, types.REQUEST_TIMEOUT, types.INVALID_REQUEST, types.PARSE_ERROR}
)
WORDS = {
    401: "it wants a token: `muos services set {name} token`",
    403: "it does not let us in; perhaps another token helps: `muos services set {name} token`",
    GONE: "there is no MCP server at that address",
    429: "it has had too many requests from us; try again later",
}


class Line:
    """One session with the other side, from the wish for it to its end."""

    def __init__(self) -> None:
        self.opened = anyio.Event()
        """It is there, or can't be had."""
        self.over = anyio.Event()
        self.session: ClientSession | None = None
        self.fault = ""
        self.status = 0
        """The last refusal of HTTP."""

    async def note(self, response: httpx2.Response) -> None:
        """What HTTP says to our requests."""
        if response.status_code >= 400 and response.request.method == "POST":
            self.status = response.status_code


class Far:
    """The server elsewhere: one session with it, opened when it is needed, and again after it was lost."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.host = urlsplit(address).hostname or address
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.changed = anyio.Event()
        """It said that its tools are others now."""
        self._line: Line | None = None
        self._wanted, self._wishes = anyio.create_memory_object_stream[Line](WISHES)

    async def request(self, request: types.ClientRequest, kind: type[Answer]) -> Answer:
        """The answer. Raises MCPError, its message in plain words where the fault is the connection's."""
        for again in (True, False):
            line, session = await self._open()
            line.status = 0
            try:
                return await session.send_request(request, kind, SECONDS)
            except MCPError as error:
                if line.status == GONE and again:
                    self._drop(line)
                    continue
                if line.status or error.error.code in FAULTS:
                    self._drop(line)
                    raise MCPError(error.error.code, self._words(error.error.message, line.status)) from error
                raise
        raise MCPError(types.CONNECTION_CLOSED, self._words("it forgets its sessions at once"))

    def _words(self, message: str, status: int = 0) -> str:
        return f"{self.host}: {fault(message, status)}"

    async def _open(self) -> tuple[Line, ClientSession]:
        line = self._line
        if line is None:
            line = self._line = Line()
            await self._wanted.send(line)
        with anyio.move_on_after(OPEN_SECONDS + CLOSE_SECONDS):
            await line.opened.wait()
        if line.session is None:
            self._drop(line)
            raise MCPError(types.CONNECTION_CLOSED, line.fault or self._words("it does not answer"))
        return line, line.session

    def _drop(self, line: Line) -> None:
        """The next request opens another."""
        line.over.set()
        if self._line is line:
            self._line = None

    async def keep(self) -> None:
        """Own all sessions, each in a task of its own."""
        async with self._wanted, self._wishes, anyio.create_task_group() as tasks:
            async for line in self._wishes:
                tasks.start_soon(self._hold, line)

    async def _hold(self, line: Line) -> None:
        try:
            async with (
                httpx2.AsyncClient(
                    transport=transport(),
                    headers=self.headers,
                    timeout=httpx2.Timeout(OPEN_SECONDS, read=STREAM_SECONDS),
                    event_hooks={"response": [line.note]},
                    trust_env=False,
                ) as client,
                streamable_http_client(self.address, http_client=client, terminate_on_close=False) as (read, write),
                ClientSession(read, write, message_handler=self._hear) as session,
            ):
                with anyio.fail_after(OPEN_SECONDS):
                    await session.initialize()
                line.session = session
                line.opened.set()
                await line.over.wait()
        except Exception as error:  # whatever the SDK raises, the person is told in words
            line.fault = self._words(innermost(error), line.status)
        finally:
            self._drop(line)
            line.opened.set()

    async def _hear(self, message: Any) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            self.changed.set()


def fault(message: str, status: int) -> str:
    """What went wrong, in words: by the status of HTTP where there was one."""
    why = WORDS.get(status, f"it answers with HTTP {status}" if status else message)
    return why.format(name=Path.cwd().name) if status in WORDS else why


def innermost(error: BaseException) -> str:
    """What went wrong at the bottom of it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return "it does not answer" if isinstance(error, TimeoutError) else str(error) or type(error).__name__


class Near:
    """Our side: the server that the hub speaks with."""

    def __init__(self, far: Far) -> None:
        self.far = far
        self._session: Any = None

    async def list(
        self, ctx: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """The tools of the other side, as it lists them."""
        self._session = ctx.session
        asked = types.ListToolsRequest(params=types.PaginatedRequestParams(cursor=params.cursor if params else None))
        return await self.far.request(asked, types.ListToolsResult)

    async def call(
        self, _ctx: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        """The other side's answer, or in words why there is none. What the hub says of the call stays here."""
        asked = types.CallToolRequest(params=types.CallToolRequestParams(name=params.name, arguments=params.arguments))
        try:
            return await self.far.request(asked, types.CallToolResult)
        except MCPError as error:
            text = types.TextContent(type="text", text=error.error.message)
            return types.CallToolResult(content=[text], is_error=True, _meta={"muos/hears": "person"})

    async def pass_on(self) -> None:
        """Tell the hub that the tools changed."""
        while True:
            await self.far.changed.wait()
            self.far.changed = anyio.Event()
            if self._session is not None:
                await self._session.send_tool_list_changed()


@asynccontextmanager
async def background(far: Far, near: Near) -> AsyncIterator[None]:
    """What runs beside the conversation with the hub."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(far.keep)
        tasks.start_soon(near.pass_on)
        yield
        tasks.cancel_scope.cancel()


async def serve(address: str, token: str) -> None:
    """Stand for the server at the address until the hub closes our input."""
    far = Far(address, token)
    near = Near(far)
    server: Server[Any] = Server("remote", on_list_tools=near.list, on_call_tool=near.call)
    async with background(far, near), stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def main() -> None:
    """Serve what the environment names."""
    logging.disable(logging.WARNING)  # the SDK logs what we say in words
    address = os.environ.get(ADDRESS, "")
    if not address:
        raise SystemExit("its address is not set")
    anyio.run(serve, address, os.environ.get(TOKEN, ""))

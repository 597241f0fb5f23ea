"""MuOS as an MCP server on standard input and output, for assistants that start their servers themselves.

Must stay true: nothing but the protocol is written to standard output. It acts through the hub of the home where one
runs, and else through a MuOS in this process; a hub that comes or goes meanwhile breaks nothing. What can't be undone
waits for the person: where the client can ask its person (elicitation), their answer there counts; else they are told
to confirm it in MuOS. No tool gives the yes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
import httpx2
import mcp_types as types
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from interface.holder import HOLDER, OWNER, Holder, NotTheirs, holder, speaker
from interface.home import HomeFault
from interface.http.mcp import INSTRUCTIONS, Mcp, caller_of
from interface.hub import Hub, open_hub
from interface.running import Running, find_hub
from interface.settings import Settings
from interface.version import muos_version
from interface.wire import Account

SECONDS = 600.0
"""For an answer of the hub."""
ASK_SECONDS = 300.0
"""For the person to answer a question of the client's."""
YES: Any = {"type": "object", "properties": {}}


class Stdio:
    """The server; `serve` runs it until the client closes our input."""

    def __init__(self, settings: Settings, holder: Holder = OWNER) -> None:
        """`holder`: for whom the client may speak."""
        self.settings = settings
        self._holder = holder
        self._wanted, self._opened, self._over = anyio.Event(), anyio.Event(), anyio.Event()
        self._alone: Mcp | None = None
        self._fault = ""

    async def serve(self) -> None:
        """Serve one client."""
        HOLDER.set(self._holder)
        server: Server[Any] = Server(
            "muos",
            version=muos_version(),
            title="MuOS",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._keep)
            async with stdio_server() as (read, write):
                await server.run(read, write, server.create_initialization_options())
            self._over.set()
            self._wanted.set()

    async def _keep(self) -> None:
        """The one task that owns a MuOS in this process, which is opened when it is first needed."""
        await self._wanted.wait()
        if self._over.is_set():
            return
        try:
            async with open_hub(self.settings) as hub:
                self._alone = Mcp(hub, muos_version())
                self._opened.set()
                await self._over.wait()
        except HomeFault as fault:
            self._fault = str(fault)
            self._opened.set()

    async def _own(self) -> Mcp:
        """A MuOS in this process. Raises MCPError where its home can't be used."""
        self._wanted.set()
        await self._opened.wait()
        if self._alone is None:
            raise MCPError(types.INTERNAL_ERROR, self._fault)
        return self._alone

    async def _running(self) -> Running | None:
        return await anyio.to_thread.run_sync(find_hub, self.settings.home)

    async def _list(
        self, ctx: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        running = await self._running()
        if running is None:
            return await (await self._own()).list(ctx, params)
        async with session(running) as far:
            return await far.list_tools(params=params)

    async def _call(
        self, ctx: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        running = await self._running()
        try:
            params = spoken_for(self.settings, params)
        except NotTheirs as refused:
            return refusal(str(refused))
        if running is None:
            own = await self._own()
            result = await own.call(ctx, params)
            return await answered(ctx, result, lambda call, yes: decide_here(own.hub, call, yes, params))
        async with session(running) as far:
            asked = types.CallToolRequest(params=params)
            result = await far.send_request(asked, types.CallToolResult, SECONDS)
        return await answered(ctx, result, lambda call, yes: decide_there(running, call, yes, params))


def spoken_for(settings: Settings, params: types.CallToolRequestParams) -> types.CallToolRequestParams:
    """The call in the name of the member that the client may speak for. Raises NotTheirs for another's."""
    if holder().owner:
        return params
    meta: Any = {**(params.meta or {})}
    meta["muos/member"] = speaker(meta.get("muos/member"), settings)
    return params.model_copy(update={"meta": meta})


def refusal(text: str) -> types.CallToolResult:
    """A call that is not made."""
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)


Decide = Callable[[str, bool], Awaitable[tuple[str, bool]]]
"""Give a waiting call the person's answer; what came of it, and whether it went wrong."""


async def answered(
    ctx: ServerRequestContext[Any, Any], result: types.CallToolResult, decide: Decide
) -> types.CallToolResult:
    """The result; where the call waits and the client can ask its person, what they decided."""
    waiting = result.structured_content or {}
    able = ctx.session.client_capabilities
    if not (result.meta or {}).get("muos/waiting") or able is None or able.elicitation is None:
        return result
    try:
        with anyio.fail_after(ASK_SECONDS):
            said = await ctx.session.elicit_form(str(waiting.get("question")), YES, ctx.request_id)
    except (MCPError, TimeoutError):
        return result
    if said.action == "cancel":
        return result
    text, wrong = await decide(str(waiting.get("call")), said.action == "accept")
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=text)]
    return types.CallToolResult(content=content, is_error=wrong, _meta={"muos/call": waiting.get("call")})


async def decide_here(hub: Hub, call: str, yes: bool, params: types.CallToolRequestParams) -> tuple[str, bool]:
    """In this process."""
    account = Account()
    async for event in hub.confirm(call, yes, caller_of(hub.settings, params.meta or {})):
        account.add(event)
    return outcome_of(account.row())


async def decide_there(running: Running, call: str, yes: bool, params: types.CallToolRequestParams) -> tuple[str, bool]:
    """In the running hub."""
    meta: Mapping[str, Any] = params.meta or {}
    who = {name: meta[f"muos/{name}"] for name in ("member", "room", "zone", "now") if f"muos/{name}" in meta}
    async with client_of(running) as client:
        answer = await client.post(f"/api/calls/{call}/confirm?stream=false", json={"yes": yes, **who})
    row = answer.json()
    return outcome_of(row) if answer.is_success else (str(row.get("error")), True)


def outcome_of(row: Mapping[str, Any]) -> tuple[str, bool]:
    """What was said, and whether it went wrong."""
    return str(row["text"]), any(call["status"] == "error" for call in row["calls"])


def client_of(running: Running) -> httpx2.AsyncClient:
    """HTTP to the running hub, with its token."""
    host = f"[{running.host}]" if ":" in running.host else running.host
    headers = {"Authorization": f"Bearer {running.token}"} if running.token else {}
    return httpx2.AsyncClient(
        base_url=f"http://{host}:{running.port}", headers=headers, timeout=SECONDS, trust_env=False
    )


@asynccontextmanager
async def session(running: Running) -> AsyncIterator[ClientSession]:
    """A session with the running hub's /mcp."""
    async with (
        client_of(running) as client,
        streamable_http_client(f"{str(client.base_url).rstrip('/')}/mcp", http_client=client) as (read, write),
        ClientSession(read, write, read_timeout_seconds=SECONDS) as far,
    ):
        await far.initialize()
        yield far

"""The hub as an MCP server: other assistants list and call every tool, through the one toolbox.

Must stay true: a call that needs a yes is not run, and there is no tool that could give the yes. The person gives
it, on the page or in the terminal; the other assistant is told so.

Sessions are not kept: each request stands for itself, so a restart of the hub breaks no client.
"""

from __future__ import annotations

from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from agent.turn import Turn
from interface import wire
from interface.holder import NotTheirs
from interface.http.guard import BODY_LIMIT
from interface.http.turns import Who
from interface.hub import Hub
from interface.settings import Settings
from services.tool import Call, Done, Effect, Failed, Outcome, Tool, Waiting

INSTRUCTIONS = (
    "MuOS acts for a household: lists, calendar, reminders, notes and whatever else its tools say. Reads and"
    " changes that can be undone run at once; muos_undo takes one back. What can't be undone waits until the person"
    " confirms it in MuOS itself. muos_log shows what was done; an argument may be"
    ' {"$result": "<id of an earlier call>", "path": "<JSON Pointer>"}, which stands for what that call gave.'
)
CONTEXT = ("member", "room", "zone", "now")
"""What a call's `_meta` may tell of the person, each under muos/<name>."""


class Mcp:
    """The ASGI app behind /mcp; `manager.run()` must be entered for as long as it serves."""

    def __init__(self, hub: Hub, version: str) -> None:
        self.hub = hub
        server: Server[Any] = Server(
            "muos",
            version=version,
            title="MuOS",
            instructions=INSTRUCTIONS,
            on_list_tools=self.list,
            on_call_tool=self.call,
        )
        self.manager = StreamableHTTPSessionManager(
            server, stateless=True, json_response=True, max_request_body_size=BODY_LIMIT
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.manager.handle_request(scope, receive, send)

    async def list(
        self, _ctx: ServerRequestContext[Any, Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """Every tool that is not hidden."""
        return types.ListToolsResult(tools=[offered(tool) for tool in await self.hub.tools()])

    async def call(
        self, _ctx: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        """Make a call; what needs a yes waits."""
        if params.name not in {tool.name for tool in await self.hub.tools()}:
            return answered(Failed(f"There is no tool {params.name!r}."))
        try:
            caller = caller_of(self.hub.settings, params.meta or {}).caller
        except ValidationError as error:
            return answered(Failed(f"The call's _meta is wrong: {error.errors()[0]['msg']}."))
        except NotTheirs as refused:
            return answered(Failed(str(refused)))
        call = Call(params.name, wire.plain(params.arguments or {}), caller, unasked=False)
        return answered(await self.hub.call(call), call)


def caller_of(settings: Settings, meta: Any) -> Turn:
    """Who asks, where and when, from a call's `_meta`, as a turn without words. Raises ValidationError, NotTheirs."""
    given = {name: meta[f"muos/{name}"] for name in CONTEXT if f"muos/{name}" in meta}
    return Who.model_validate(given).turn(settings)


def offered(tool: Tool) -> types.Tool:
    """A tool as other assistants see it."""
    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=dict(tool.schema),
        annotations=types.ToolAnnotations(
            read_only_hint=tool.effect is Effect.READ,
            destructive_hint=tool.effect is Effect.IRREVERSIBLE,
            idempotent_hint=tool.effect is Effect.READ,
            open_world_hint=tool.foreign,
        ),
        _meta={"muos/effect": tool.effect.value, "muos/examples": list(tool.examples)},
    )


def answered(outcome: Outcome, call: Call | None = None) -> types.CallToolResult:
    """How the call ended, in MCP's words."""
    meta: dict[str, Any] = {"muos/call": call.id} if call else {}
    data: dict[str, Any] | None = None
    match outcome:
        case Done(text):
            data = wire.plain(outcome.data)
            meta["muos/undoable"] = outcome.undoable
        case Failed(text):
            meta["muos/hears"] = outcome.hears.value
        case Waiting(question, waiting):
            text = (
                f"Not done: this waits for the person's yes. {question} The person confirms it on MuOS's page, under"
                f" Activity, or with `muos confirm {waiting.id}`; it can't be confirmed from here."
            )
            data = {"status": "waiting", "call": waiting.id, "question": question}
            meta["muos/waiting"] = True
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=wire.plain(text))],
        structured_content=data,
        is_error=isinstance(outcome, Failed),
        _meta=meta,
    )

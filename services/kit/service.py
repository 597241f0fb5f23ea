"""A service: typed tools declared by decorators, served as an MCP server over stdio.

Must stay true: tools run one at a time, off the event loop, each in one transaction; a write with a call id
that was seen before is answered from the store.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sqlite3
import tomllib
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_type_hints
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from services.kit.asking import asking
from services.kit.reply import Alert, Ask, Context, Refusal, Reply, Thing
from services.kit.store import Store
from services.kit.web import Web

EffectName = Literal["read", "reversible", "irreversible"]
ToolFunction = Callable[..., Reply]
SPARE_BYTES = 16 * 1024 * 1024
"""What must be left where no limit is known."""
OUT_OF_MEMORY = 70
"""Its exit code then."""
ERASE = "erase"
"""The hidden tool that every service has, by which the hub erases a member."""
NAMES_LIMIT = 2_000
"""Most names of one kind that are told to the hub."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A tool as its author declared it."""

    name: str
    function: ToolFunction
    effect: EffectName
    examples: tuple[str, ...]
    arguments: type[BaseModel]
    hidden: bool
    private: bool = False
    """What it is given and answers is recorded nowhere."""
    shown: bool = False
    """The question for a yes shows what a preview says."""

    def as_mcp(self) -> types.Tool:
        """The tool as the hub, or any MCP client, lists it."""
        meta: dict[str, Any] = {"muos/effect": self.effect, "muos/examples": list(self.examples)}
        if self.effect == "reversible" and not self.hidden:
            meta["muos/undo"] = "undo"
        if self.hidden:
            meta["muos/hidden"] = True
        if self.private:
            meta["muos/private"] = True
        if self.shown:
            meta["muos/shown"] = True
        return types.Tool(
            name=self.name,
            description=inspect.getdoc(self.function) or self.name,
            input_schema=self.arguments.model_json_schema(),
            annotations=types.ToolAnnotations(
                read_only_hint=self.effect == "read",
                destructive_hint=self.effect == "irreversible",
                idempotent_hint=True,
                open_world_hint=False,
            ),
            _meta=meta,
        )


class Service:
    """A set of tools over one SQLite file."""

    def __init__(self, file: str, tables: str = "") -> None:
        self.source = Path(file).resolve().parent
        self.manifest = tomllib.loads((self.source / "service.toml").read_text())
        self.name: str = self.manifest["name"]
        self.title: str = self.manifest.get("title") or self.name.capitalize()
        self.tables = tables
        self.declared: dict[str, Declared] = {}
        self._names: Callable[[Context], Mapping[str, Sequence[str]]] | None = None
        self._names_shared = False
        self._next_due: Callable[[Context], datetime | None] | None = None
        self._undoing: Callable[[Context, Any], None] | None = None
        self._mirrored: Callable[[Context], None] | None = None
        self._store: Store | None = None
        self._erasing: Callable[[Context, str], None] | None = None
        self._declare("undo", self._undo, "reversible", (), hidden=True)
        self._declare(ERASE, self._erase, "irreversible", (), hidden=True)

    def tool(
        self, effect: EffectName, examples: Sequence[str] = (), *, private: bool = False, shown: bool = False
    ) -> Callable[[ToolFunction], ToolFunction]:
        """Declare a tool: its name, description and schema are the function's own.

        `private`: its arguments and answers are kept neither by the kit nor by the hub. `shown`: the question for a
        yes shows what it says in a preview, so that the person sees what the arguments alone don't tell.
        """

        def declare(function: ToolFunction) -> ToolFunction:
            self._declare(function.__name__.strip("_"), function, effect, tuple(examples), private=private, shown=shown)
            return function

        return declare

    def names(self, function: Callable[[Context], Mapping[str, Sequence[str]]]) -> Any:
        """Declare which names exist, by kind; told to the hub after each write."""
        self._names = function
        return function

    def shared_names(self, function: Callable[[Context], Mapping[str, Sequence[str]]]) -> Any:
        """The same for names that the whole household knows: every member's requests are understood with them."""
        self._names_shared = True
        return self.names(function)

    def due(self, next_due: Callable[[Context], datetime | None]) -> Callable[[Callable[[Context], list[Alert]]], Any]:
        """Declare what is due at `ctx.now` (marking it told); `next_due` says when to ask again."""
        self._next_due = next_due

        def declare(function: Callable[[Context], list[Alert]]) -> Any:
            def due(ctx: Context) -> Reply:
                """What is due now."""
                alerts = function(ctx)
                rows = [
                    {"id": a.id, "text": a.text, "at": a.at.isoformat(), "member": a.member, "room": a.room}
                    for a in alerts
                ]
                return Reply(text=f"{len(rows)} due", data={"alerts": rows})

            self._declare("due", due, "reversible", (), hidden=True)
            return function

        return declare

    def _declare(
        self,
        name: str,
        function: ToolFunction,
        effect: EffectName,
        examples: tuple[str, ...],
        *,
        hidden: bool = False,
        private: bool = False,
        shown: bool = False,
    ) -> None:
        arguments = arguments_model(name, function)
        self.declared[name] = Declared(name, function, effect, examples, arguments, hidden, private, shown)

    def undoing(self, function: Callable[[Context, Any], None]) -> Any:
        """Declare how to put back what a call noted with `outside.before`, which this is given."""
        self._undoing = function
        return function

    def mirrored(self, function: Callable[[Context], None]) -> Any:
        """Declare what is written out to open files after each write; it may be lost, and undo passes it by."""
        self._mirrored = function
        return function

    def erasing(self, function: Callable[[Context, str], None]) -> Any:
        """Declare what else of a member, given by name, is deleted when they are erased, before their rows are."""
        self._erasing = function
        return function

    def _erase(self, ctx: Context, member: str) -> Reply:
        """Delete all that is kept of a member."""
        assert self._store is not None
        if ctx.preview:
            return Reply("")
        if self._erasing is not None:
            self._erasing(ctx, member)
        rows, files = self._store.erase(member)
        return Reply("Erased.", {"rows": rows, "files": files})

    def _undo(self, ctx: Context, call: str) -> Reply:
        """Take back what an earlier call did."""
        assert self._store is not None
        summary = self._store.undo(ctx, call)
        former = self._store.former(call)
        if former is not None and self._undoing is not None:
            self._undoing(ctx, json.loads(former))
        return Reply(text=f"Undone: {summary}")

    # Calls

    def answer(
        self, name: str, arguments: Mapping[str, Any], meta: Mapping[str, Any], ask: Ask | None = None
    ) -> types.CallToolResult:
        """Make one call. Blocks; used from one thread. `ask`: what calls other services' tools."""
        tool = self.declared.get(name)
        if tool is None:
            return failure(f"{self.name} has no tool {name!r}.", "model")
        try:
            checked = tool.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            return failure(explain(error, private=tool.private), "model")
        values = {field: getattr(checked, field) for field in tool.arguments.model_fields}
        try:
            return types.CallToolResult.model_validate_json(self._perform(tool, values, self._context(meta, ask)))
        except Refusal as refusal:
            return failure(str(refusal), "person")
        except (sqlite3.Error, OSError) as error:
            return failure(f"{self.title} can't use its data: {error}. Nothing was changed.", "us")
        except Exception as error:
            if isinstance(error, MemoryError):
                end_if_full()
            if tool.private:
                traceback.print_tb(error.__traceback__)  # where, not what
                return failure(f"{self.name} failed in {name}: {type(error).__name__}.", "us")
            traceback.print_exc()  # to the service's log
            return failure(f"{self.name} failed in {name}: {type(error).__name__}: {error}", "us")

    def _perform(self, tool: Declared, values: dict[str, Any], ctx: Context) -> str:
        store = self._opened()
        if tool.effect == "read":
            with store.reading():
                return self._result(tool, ctx, tool.function(ctx, **values))

        def work() -> tuple[str, str]:
            reply = tool.function(ctx, **values)
            summary = reply.text.splitlines()[0] if reply.text and not tool.private else f"{self.title}: {tool.name}"
            return self._result(tool, ctx, reply), summary

        hide = hidden_result if tool.private else str
        answer = store.write(ctx, tool.name, work, for_good=tool.effect == "irreversible", hide=hide)
        if self._mirrored is not None and not ctx.preview and tool.name != ERASE:
            self._mirror(store, ctx)
        if tool.name == ERASE:
            store.shred()
        return answer

    def _mirror(self, store: Store, ctx: Context) -> None:
        """The effect stands, whatever becomes of its copy in open files."""
        assert self._mirrored is not None
        try:
            with store.reading():
                self._mirrored(ctx)
        except OSError:
            traceback.print_exc()

    def _result(self, tool: Declared, ctx: Context, reply: Reply) -> str:
        meta: dict[str, Any] = {"muos/touched": [thing_row(thing) for thing in reply.touched]}
        if tool.effect != "read":
            meta["muos/undoable"] = tool.effect == "reversible" and tool.name not in {"undo", "due", ERASE}
            if self._names is not None:
                meta["muos/names"] = {kind: list(n)[:NAMES_LIMIT] for kind, n in self._names(ctx).items()}
                meta["muos/names_shared"] = self._names_shared
            if self._next_due is not None:
                due = self._next_due(ctx)
                meta["muos/due"] = due.isoformat() if due else None
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=reply.text)],
            structured_content=dict(reply.data),
            _meta=meta,
        ).model_dump_json(by_alias=True)

    def _context(self, meta: Mapping[str, Any], ask: Ask | None) -> Context:
        zone = ZoneInfo(str(meta.get("muos/zone") or "UTC"))
        now = datetime.fromisoformat(meta["muos/now"]) if "muos/now" in meta else datetime.now(zone)
        settings = dict(meta.get("muos/settings") or {})
        return Context(
            db=self._opened().db,
            member=str(meta.get("muos/member", "owner")),
            room=str(meta.get("muos/room", "home")),
            now=now.astimezone(zone),
            call=str(meta.get("muos/call", "")) or os.urandom(8).hex(),
            preview=bool(meta.get("muos/preview", False)),
            settings=settings,
            folder=self._opened().folder,
            asking=ask,
            web=Web(self._opened().folder, now.astimezone(zone), self.name),
            granted=self._granted(settings),
        )

    def _granted(self, settings: Mapping[str, Any]) -> tuple[Path, ...]:
        """The folders that settings open for writing, as the manifest's rights say."""
        rights = self.manifest.get("rights", {}).get("write", ())
        names = [entry.removeprefix("setting:") for entry in rights if entry.startswith("setting:")]
        return tuple(Path(folder).expanduser() for name in names for folder in settings.get(name) or ())

    def _opened(self) -> Store:
        if self._store is None:
            self._store = Store(Path(os.environ.get("MUOS_SERVICE_DATA", ".")), self.tables)
        return self._store

    # Serving

    async def serve(self) -> None:
        """Serve MCP on standard input and output until the input closes."""
        one_at_a_time = anyio.CapacityLimiter(1)

        async def on_list_tools(_ctx: Any, _params: Any) -> types.ListToolsResult:
            return types.ListToolsResult(tools=[tool.as_mcp() for tool in self.declared.values()])

        async def on_call_tool(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
            meta = dict(params.meta or {})
            ask = partial(asking, ctx.session, str(meta.get("muos/call", "")))
            return await anyio.to_thread.run_sync(
                self.answer, params.name, params.arguments or {}, meta, ask, limiter=one_at_a_time
            )

        server: Server[Any] = Server(
            self.name,
            version=str(self.manifest.get("version", "1")),
            on_list_tools=on_list_tools,
            on_call_tool=on_call_tool,
        )
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    def run(self) -> None:
        """The service's main: serve until the hub closes the pipe."""
        anyio.run(self.serve)


def end_if_full() -> None:
    """Where less than a quarter of its memory is left, the hub had better start another process, with all of it."""
    spare = SPARE_BYTES
    with suppress(ImportError):
        limits = importlib.import_module("resource")  # Windows has none
        most = limits.getrlimit(limits.RLIMIT_DATA)[0]
        spare = most // 4 if most != limits.RLIM_INFINITY else spare
    try:
        bytes(spare)
    except MemoryError:
        os.write(2, b"out of memory\n")
        os._exit(OUT_OF_MEMORY)


def arguments_model(name: str, function: ToolFunction) -> type[BaseModel]:
    """A pydantic model of the function's parameters, all but the context."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1 if "ctx" in hints else 0 :]:
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    return create_model(f"{name}_arguments", __config__=ConfigDict(extra="forbid"), **fields)


def thing_row(thing: Thing) -> dict[str, Any]:
    """A thing as it goes over the wire."""
    at = thing.at.isoformat() if thing.at else None
    return {"kind": thing.kind, "name": thing.name, "id": thing.id, "at": at, "within": thing.within}


def failure(reason: str, hears: Literal["person", "model", "us"]) -> types.CallToolResult:
    """A failed call, with who must hear of it."""
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=reason)], is_error=True, _meta={"muos/hears": hears}
    )


def hidden_result(result: str) -> str:
    """What is stored of a private tool's result: that there was one."""
    kept = json.loads(result)
    kept["content"], kept["structuredContent"] = [{"type": "text", "text": "That was done before."}], {}
    kept["_meta"]["muos/touched"] = []
    return json.dumps(kept)


def explain(error: ValidationError, private: bool = False) -> str:
    """All that is wrong with the arguments, in one line; of a private tool's without what was given."""
    parts = []
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"]) or "arguments"
        given = "" if private or fault["type"] == "missing" else f", not {json.dumps(fault['input'], default=str)[:80]}"
        parts.append(f"{where}: {fault['msg']}{given}")
    return "; ".join(parts)

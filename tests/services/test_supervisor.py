"""The toolbox over all services: what it offers, what it refuses, what comes back, and that it costs nothing idle."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.runtime.status import ServiceStatus
from services.runtime.supervisor import Supervisor
from services.tool import Call, Done, Effect, Failed, Hears, Thing, Tool

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]
Until = Callable[[Supervisor, Callable[[ServiceStatus], bool]], Awaitable[ServiceStatus]]

FOREIGN = '''
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

server = MCPServer("foreign")

@server.tool()
def Send_Mail(to: str) -> str:
    """Send it."""
    return f"sent to {to}"

@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def look(colour: str = "red") -> str:
    """Look at it."""
    return f"\\x1b[31m{colour}\\x1b[0m\\x07 \\x1b]0;title\\x07and \\u202eback" + "x" * 50_000

@server.tool()
def fail() -> str:
    """Fail."""
    raise ValueError("wrong colour")

server.run("stdio")
'''


def named(tools: list[Tool], name: str) -> Tool:
    [tool] = [tool for tool in tools if tool.name == name]
    return tool


async def test_a_call_is_answered_with_all_that_the_service_said(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise() as supervisor:
        outcome = await supervisor.call(call("sample_mark", text="a"))
    assert outcome == Done("Marked a in red.", {"shade": "red"}, (Thing("mark", "a"),), undoable=True)


async def test_tools_carry_effect_undo_examples_and_whether_they_may_be_repeated(
    make_service: MakeService, supervise: Supervise
) -> None:
    make_service()
    async with supervise() as supervisor:
        tools = await supervisor.tools()
    mark, undo = named(tools, "sample_mark"), named(tools, "sample_undo")
    assert (mark.effect, mark.undo, mark.examples) == (Effect.REVERSIBLE, "sample_undo", ("mark this",))
    assert mark.idempotent
    assert not mark.hidden
    assert undo.hidden
    assert named(tools, "sample_marks").effect is Effect.READ


async def test_the_same_call_sent_twice_takes_effect_once(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise() as supervisor:
        once = call("sample_mark", text="a")
        assert await supervisor.call(once) == await supervisor.call(once)
        shown = await supervisor.call(call("sample_marks"))
        assert shown.data == {"marks": ["a"]}


async def test_a_preview_writes_nothing(make_service: MakeService, supervise: Supervise, call: MakeCall) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", preview=True, text="a"))
        shown = await supervisor.call(call("sample_marks"))
        assert shown.data == {"marks": []}


@pytest.mark.parametrize(
    ("tool", "arguments", "reason", "hears"),
    [
        ("sample_mark", {}, "'text' is a required property", Hears.MODEL),
        ("sample_mark", {"text": 3}, "text: 3 is not of type 'string'", Hears.MODEL),
        ("sample_mark", {"text": "a", "size": 3}, "'size' was unexpected", Hears.MODEL),
        ("sample_mark", {"text": float("nan")}, "nan is not of type 'string'", Hears.MODEL),
        ("sample_mark", {"text": "x" * 9_000_000}, "longer than 8 MB", Hears.MODEL),
        ("sample_marx", {}, "Nearest: sample_mark", Hears.MODEL),
        ("\x1b[31m", {}, "There is no tool ''", Hears.MODEL),
        ("sample_refuse", {}, "There is no such mark.", Hears.PERSON),
        ("sample_slip", {}, "KeyError: 'oops'", Hears.US),
    ],
)
async def test_what_is_wrong_with_a_call_is_said_in_one_line_to_whom_it_concerns(
    tool: str,
    arguments: dict[str, Any],
    reason: str,
    hears: Hears,
    make_service: MakeService,
    supervise: Supervise,
    call: MakeCall,
) -> None:
    make_service()
    async with supervise() as supervisor:
        outcome = await supervisor.call(call(tool, **arguments))
    assert isinstance(outcome, Failed)
    assert reason in outcome.reason
    assert "\n" not in outcome.reason
    assert outcome.hears is hears


async def test_text_that_no_encoder_takes_is_mended_on_its_way(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise() as supervisor:
        outcome = await supervisor.call(call("sample_mark", text="a\ud83d \U0001f600 é"))
    assert isinstance(outcome, Done)
    assert outcome.text == "Marked a\ufffd \U0001f600 é in red."


async def test_a_strangers_tools_are_irreversible_and_not_repeated_unless_they_say_otherwise(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service("foreign", FOREIGN)
    async with supervise() as supervisor:
        tools = await supervisor.tools()
        send, look = named(tools, "foreign_send_mail"), named(tools, "foreign_look")
        assert (send.effect, send.idempotent, send.undo) == (Effect.IRREVERSIBLE, False, None)
        assert (look.effect, look.idempotent) == (Effect.READ, True)
        assert await supervisor.call(call("foreign_send_mail", to="Ann")) == Done(
            "sent to Ann", {"result": "sent to Ann"}
        )


async def test_a_strangers_text_is_cut_and_rid_of_what_could_steer_a_terminal(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service("foreign", FOREIGN)
    async with supervise() as supervisor:
        outcome = await supervisor.call(call("foreign_look"))
        failed = await supervisor.call(call("foreign_fail"))
    assert outcome.text.startswith("red and backxxx")
    assert outcome.text.endswith("x… (cut)")
    assert len(outcome.text) < 21_000
    assert failed.hears is Hears.MODEL
    assert failed.reason.startswith("Error executing tool fail")


@pytest.mark.parametrize("fork", [True, False])
async def test_a_service_may_be_any_command(
    fork: bool, make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service("foreign", FOREIGN, run=f'command = ["{sys.executable}", "server.py"]', start_seconds=60)
    async with supervise(fork=fork) as supervisor:
        outcome = await supervisor.call(call("foreign_send_mail", to="Ann"))
    assert outcome.text == "sent to Ann"


async def test_a_service_sees_nothing_of_the_hubs_environment(
    make_service: MakeService, supervise: Supervise, call: MakeCall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    folder = make_service()
    async with supervise() as supervisor:
        outcome = await supervisor.call(call("sample_where"))
    assert outcome.data["cwd"] == str(folder)
    assert outcome.data["sid"] == outcome.data["pid"]
    assert outcome.data["env"]["MUOS_SERVICE_DATA"] == str(tmp_path / "home" / "services" / "sample")
    assert "secret" not in outcome.data["env"].values()
    own = {"MUOS_SERVICE_DATA", "HOME", "MALLOC_ARENA_MAX", "PYTHONUTF8", "PATH", "TMPDIR"}
    assert {name for name in outcome.data["env"] if not name.startswith(("LC_", "LANG", "TZ"))} <= own


async def test_an_idle_service_is_put_to_sleep_and_wakes_with_the_next_call(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until
) -> None:
    make_service()
    async with supervise(idle_seconds=0.0) as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        row = await until(supervisor, lambda row: row.state == "asleep")
        assert (row.pid, row.error, row.restarts) == (0, "", 0)
        shown = await supervisor.call(call("sample_marks"))
        assert shown.data == {"marks": ["a"]}


async def test_a_restart_loses_no_call(make_service: MakeService, supervise: Supervise, call: MakeCall) -> None:
    make_service()
    outcomes: list[Any] = []
    async with supervise() as supervisor:
        await supervisor.tools()

        async def mark(text: str) -> None:
            outcomes.append(await supervisor.call(call("sample_mark", text=text)))

        async with anyio.create_task_group() as tasks:
            for number in range(40):
                tasks.start_soon(mark, str(number))
                if number % 10 == 0:
                    before = supervisor.status()[0].pid
                    assert isinstance(await supervisor.restart("sample"), Done)
                    assert supervisor.status()[0].pid != before
        shown = await supervisor.call(call("sample_marks"))
    assert [outcome for outcome in outcomes if not isinstance(outcome, Done)] == []
    assert sorted(shown.data["marks"], key=int) == [str(number) for number in range(40)]


async def test_a_broken_service_loses_only_its_own_tools_and_status_says_why(
    make_service: MakeService, supervise: Supervise, call: MakeCall, tmp_path: Path
) -> None:
    make_service()
    make_service("broken", "raise SystemExit('no battery')")
    unreadable = tmp_path / "services" / "unreadable"
    unreadable.mkdir()
    (unreadable / "service.toml").write_text("name = [")
    async with supervise() as supervisor:
        assert {tool.service for tool in await supervisor.tools()} == {"sample"}
        rows = {row.name: row for row in supervisor.status()}
        assert "no battery" in rows["broken"].error
        assert rows["unreadable"].state == "broken"
        assert "can't be read" in rows["unreadable"].error
        assert isinstance(await supervisor.call(call("sample_marks")), Done)
        missing, unread = await supervisor.restart("nobody"), await supervisor.restart("unreadable")
        assert isinstance(missing, Failed)
        assert isinstance(unread, Failed)


async def test_a_tool_whose_schema_is_no_schema_is_left_out_and_named(
    make_service: MakeService, supervise: Supervise
) -> None:
    code = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    result = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "x", "version": "1"}}
    if asked["method"] == "tools/list":
        good = {"name": "good", "inputSchema": {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/x"}}}}
        bad = [{"name": "bad", "inputSchema": {"type": "object", "properties": 7}}, {"name": 5}, 5, good]
        result = {"tools": [good, *bad]}
    if "id" in asked:
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)
"""
    make_service(code=code)
    async with supervise() as supervisor:
        assert [tool.name for tool in await supervisor.tools()] == ["sample_good"]
        [row] = supervisor.status()
        assert "bad: its schema is no JSON Schema" in row.error


async def test_services_that_come_and_go_are_seen_on_reload(make_service: MakeService, supervise: Supervise) -> None:
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.tools()
        make_service("second")
        (folder / "service.toml").unlink()
        await supervisor.reload()
        assert {tool.service for tool in await supervisor.tools()} == {"second"}


async def test_leaving_ends_every_process(make_service: MakeService, supervise: Supervise, call: MakeCall) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.prepare("sample")
        pids = [supervisor.status()[0].pid, supervisor.template_pid]
        assert all(pids)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_home_that_cannot_be_written_is_one_clear_sentence(
    make_service: MakeService, tmp_path: Path, call: MakeCall
) -> None:
    make_service()
    (tmp_path / "file").write_text("")
    async with Supervisor([tmp_path / "services"], home=tmp_path / "file") as supervisor:
        assert await supervisor.tools() == []
        [row] = supervisor.status()
        assert row.error.startswith("Sample could not be started: ")

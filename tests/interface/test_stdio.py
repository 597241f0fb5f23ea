"""`muos mcp`: other assistants use MuOS over standard input and output, under the same rules as over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult, TextContent

from interface.running import Running, announced
from tests.interface.conftest import Site

WHO: Any = {"muos/member": "stdio", "muos/now": "2026-03-04T09:00:00+01:00", "muos/zone": "Europe/Paris"}
MUOS = [sys.executable, "-c", "from interface.cli import main; main()"]
INSPECTOR = "@modelcontextprotocol/inspector@0.17.2"
INSPECTOR_SECONDS = 180


@pytest.fixture(params=["alone", "through the hub"])
def home(request: pytest.FixtureRequest, site: Site, tmp_path: Path) -> Iterator[Path]:
    """A home on which no hub runs, or the one of the running hub."""
    if request.param == "alone":
        yield tmp_path
        return
    address = urlsplit(site.url)
    assert address.hostname is not None
    assert address.port is not None
    with announced(site.hub.settings.home, Running(address.hostname, address.port, os.getpid())):
        yield site.hub.settings.home


@asynccontextmanager
async def connected(home: Path, *arguments: str, **options: Any) -> AsyncIterator[Client]:
    command = [*MUOS, "mcp", "--home", str(home), *arguments]
    with (home / "stderr.txt").open("w") as errors:
        parameters = StdioServerParameters(command=command[0], args=command[1:])
        async with Client(stdio_client(parameters, errlog=errors), mode="legacy", **options) as client:
            yield client


def text_of(result: CallToolResult) -> str:
    return "".join(cast("TextContent", part).text for part in result.content)


async def irreversible(client: Client) -> str:
    """A tool that waits for a yes and needs no argument."""
    tools = (await client.list_tools()).tools
    return next(
        tool.name
        for tool in tools
        if tool.annotations and tool.annotations.destructive_hint and not tool.input_schema.get("required")
    )


@pytest.mark.anyio
async def test_tools_are_listed_called_and_undone(home: Path) -> None:
    async with connected(home) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools["lists_add"].annotations is not None
        assert tools["lists_show"].annotations is not None
        assert tools["lists_show"].annotations.read_only_hint
        done = await client.call_tool("lists_add", {"items": ["tea"], "list": "stdio"}, meta=WHO)
        assert not done.is_error
        assert "tea" in text_of(done)
        undone = await client.call_tool("muos_undo", {"call": (done.meta or {})["muos/call"]}, meta=WHO)
        assert not undone.is_error
        wrong = await client.call_tool("lists_add", {"items": 7}, meta=WHO)
        assert wrong.is_error


@pytest.mark.anyio
async def test_without_a_way_to_ask_what_can_not_be_undone_waits_in_muos(home: Path) -> None:
    async with connected(home) as client:
        waits = await client.call_tool(await irreversible(client), {}, meta=WHO)
        assert text_of(waits).startswith("Not done")


@pytest.mark.anyio
@pytest.mark.parametrize("action", ["accept", "decline", "cancel"])
async def test_where_the_client_asks_its_person_their_word_counts(action: Any, home: Path) -> None:
    asked: list[str] = []

    async def ask(_: Any, params: ElicitRequestParams) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action=action, content={} if action == "accept" else None)

    async with connected(home, elicitation_callback=ask) as client:
        result = await client.call_tool(await irreversible(client), {}, meta=WHO)
    assert len(asked) == 1
    assert "can't be undone" in asked[0]
    said = text_of(result)
    if action == "accept":
        assert "Not done" not in said
        assert "left it as it is" not in said
    elif action == "decline":
        assert "left it as it is" in said
    else:
        assert said.startswith("Not done")


@pytest.mark.anyio
async def test_with_a_member_it_speaks_for_that_member_and_nobody_else(home: Path) -> None:
    async with connected(home, "--member", "stdio-ann") as client:
        await client.call_tool("memory_remember", {"text": "my boat is called heron-42"})
        assert "heron-42" in text_of(await client.call_tool("memory_recall", {"query": "boat"}))
        refused = await client.call_tool("memory_recall", {"query": "boat"}, meta=WHO)
        assert refused.is_error
        assert "can't speak for 'stdio'" in text_of(refused)
    async with connected(home) as client:
        assert "heron-42" not in text_of(await client.call_tool("memory_recall", {"query": "boat"}, meta=WHO))


async def test_a_hub_that_comes_and_goes_breaks_nothing(site: Site) -> None:
    address = urlsplit(site.url)
    home = site.hub.settings.home
    assert address.hostname is not None
    assert address.port is not None
    async with connected(home) as client:
        for _ in range(2):
            with announced(home, Running(address.hostname, address.port, os.getpid())):
                assert not (await client.call_tool("calculate_evaluate", {"expression": "6*7"}, meta=WHO)).is_error
            assert not (await client.call_tool("calculate_evaluate", {"expression": "6*7"}, meta=WHO)).is_error


@pytest.mark.anyio
async def test_it_ends_when_the_client_goes(tmp_path: Path) -> None:
    with anyio.fail_after(60):
        done = await anyio.run_process([*MUOS, "mcp", "--home", str(tmp_path)], input=b"")
    assert (done.returncode, done.stdout) == (0, b"")


def inspect(*arguments: str) -> dict[str, Any]:
    """The MCP Inspector's command line; skipped where it can't be had."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("npx is not installed")
    command = [npx, "-y", INSPECTOR, "--cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSPECTOR_SECONDS)
    if done.returncode and ("npm error" in done.stderr or "npm ERR!" in done.stderr):
        pytest.skip(f"npm can't be reached: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("way", ["http", "stdio"])
def test_the_mcp_inspector_lists_and_calls_our_tools(way: str, site: Site, tmp_path: Path) -> None:
    command = ["env", f"MUOS_HOME={tmp_path}", f"PYTHONPATH={Path.cwd()}", *MUOS, "mcp"]
    target = [f"{site.url}/mcp", "--transport", "http"] if way == "http" else command
    listed = inspect(*target, "--method", "tools/list")
    assert {"lists_add", "lists_show"} <= {tool["name"] for tool in listed["tools"]}
    called = inspect(
        *target, "--method", "tools/call", "--tool-name", "calculate_evaluate", "--tool-arg", "expression=6*7"
    )
    assert "42" in json.dumps(called["content"])

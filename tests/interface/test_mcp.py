"""Other assistants use the tools through the official MCP client, under the same rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest
from mcp.client import Client
from mcp_types import CallToolResult, TextContent

from interface import wire
from services.record import entry_row
from tests.interface.conftest import Site

WHO: Any = {"muos/member": "mcp", "muos/now": "2026-03-04T09:00:00+01:00", "muos/zone": "Europe/Paris"}


@asynccontextmanager
async def connected(site: Site, mode: str = "auto") -> AsyncIterator[Client]:
    async with Client(f"{site.url}/mcp", mode=mode) as client:
        yield client


def text_of(result: CallToolResult) -> str:
    return "".join(cast("TextContent", part).text for part in result.content)


def journal(site: Site) -> list[wire.Row]:
    return [entry_row(entry) for entry in site.portal.call(site.hub.journal, "mcp", 20)]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_that_is_not_hidden_is_listed_with_its_effect(site: Site, mode: str) -> None:
    async with connected(site, mode) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    ours = {tool.name: tool for tool in site.portal.call(site.hub.tools)}
    assert set(listed) == set(ours)
    assert not any(name.endswith("_due") for name in listed)
    for name, tool in listed.items():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint == (ours[name].effect == "read")
        assert tool.annotations.destructive_hint == (ours[name].effect == "irreversible")
        assert tool.input_schema == ours[name].schema


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_call_is_made_journalled_and_can_be_undone(site: Site, mode: str) -> None:
    async with connected(site, mode) as client:
        done = await client.call_tool("lists_add", {"items": ["tea"], "list": f"{mode} things"}, meta=WHO)
        assert not done.is_error
        assert "tea" in text_of(done)
        assert done.structured_content is not None
        call = (done.meta or {})["muos/call"]
        assert journal(site)[0]["id"] == call
        undone = await client.call_tool("muos_undo", {"call": call}, meta=WHO)
        assert not undone.is_error
        assert next(entry for entry in journal(site) if entry["id"] == call)["status"] == "undone"


async def test_what_can_not_be_undone_waits_for_the_person_and_no_tool_gives_the_yes(site: Site) -> None:
    async with connected(site) as client:
        tool = next(
            t for t in site.portal.call(site.hub.tools) if t.effect == "irreversible" and not t.schema.get("required")
        )
        waits = await client.call_tool(tool.name, {}, meta=WHO)
        assert not waits.is_error
        assert text_of(waits).startswith("Not done")
        entry = journal(site)[0]
        assert (entry["tool"], entry["status"]) == (tool.name, "waiting")
        assert entry["id"] in text_of(waits)
        again = await client.call_tool(tool.name, {}, meta=WHO | {"muos/confirmed": True, "muos/yes": True})
        assert text_of(again).startswith("Not done")
        assert not any("confirm" in each.name for each in (await client.list_tools()).tools)


@pytest.mark.parametrize(
    ("name", "arguments", "meta"),
    [
        ("lists_undo", {"call": "abcd"}, WHO),
        ("no_such_tool", {}, WHO),
        ("lists_add", {"items": 7}, WHO),
        ("lists_show", {}, {"muos/zone": "Mars/Olympus"}),
        ("lists_show", {}, {"muos/now": "yesterday"}),
    ],
)
async def test_what_is_wrong_with_a_call_is_said(site: Site, name: str, arguments: dict[str, Any], meta: Any) -> None:
    async with connected(site) as client:
        result = await client.call_tool(name, arguments, meta=meta)
    assert result.is_error
    assert text_of(result)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"lists_add","arguments":{"items":["\\ud800"]}}}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\\ud800","arguments":{}}}',
        b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"lists_show","_meta":{"muos/room":"\\ud800"}}}',
    ],
)
def test_no_body_breaks_it(site: Site, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert httpx.post(f"{site.url}/mcp", content=body, headers=headers, timeout=30).status_code < 500
    assert httpx.get(f"{site.url}/healthz").status_code == 200

"""A program that is not ours reaches through the proxy what its manifest and the people allow, and no more."""

from __future__ import annotations

import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx2
import pytest
import sqlalchemy as sa

from services.runtime.gate import Gate
from services.runtime.manifest import Manifest, Rights, Run, Setting
from services.runtime.proxy import HEAD_BYTES, BadRequest, Proxy, read_request
from services.runtime.settings import ServiceSettings
from services.tool import Call, Done, Failed
from tests.services.website import Answer, website

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]

FOREIGN = '''
import socket, urllib.error, urllib.request
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

server = MCPServer("foreign")

@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def fetch(url: str) -> str:
    """Fetch as programs do."""
    try:
        with urllib.request.urlopen(url, timeout=10) as page:
            return page.read().decode()
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode()}"

server.run("stdio")
'''


class Chosen:
    """Settings as people made them."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def every(self, manifest: Manifest, name: str) -> Sequence[Any]:
        return self.values


@asynccontextmanager
async def proxy(*allowed: str) -> AsyncIterator[Proxy]:
    manifest = Manifest(
        name="sample",
        run=Run(command=("sample",)),
        rights=Rights(network=("setting:server",)),
        settings={"server": Setting(kind="address")},
        folder=Path(),
    )
    ended = anyio.Event()
    opened = await Proxy.open(Gate(lambda: Chosen(*allowed)), manifest)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(opened.serve, ended)
        yield opened
        ended.set()


async def say(proxy: Proxy, request: str, more: bytes = b"") -> bytes:
    """What comes back, all of it."""
    url = httpx2.URL(proxy.address)
    request = request.replace("SECRET", b64encode(url.userinfo).decode())

    def converse() -> bytes:
        with socket.create_connection((url.host, url.port or 0), 10) as connected:
            connected.sendall(request.encode() + more)
            said = b""
            while piece := connected.recv(65_536):
                said += piece
            return said

    return await anyio.to_thread.run_sync(converse)


async def test_an_ordinary_client_reaches_what_was_set() -> None:
    with website() as site:
        site.pages["/a"] = Answer(b"hello")
        async with proxy(site.url()) as opened, httpx2.AsyncClient(proxy=opened.address, trust_env=False) as client:
            answered = await client.get(site.url("/a?x=1"))
            assert (answered.status_code, answered.text) == (200, "hello")
            refused = await client.get(f"http://127.0.0.1:{site.port + 1}/")
            assert (refused.status_code, "may not connect" in refused.text) == (403, True)
        assert site.asked[0].path == "/a?x=1"
        assert "proxy-authorization" not in site.asked[0].headers


async def test_a_tunnel_carries_bytes_both_ways() -> None:
    with website() as site:
        site.pages["/a"] = Answer(b"hello", headers={"Connection": "close"})
        async with proxy(site.url()) as opened:
            request = f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\r\nProxy-Authorization: Basic SECRET\r\n\r\n"
            inner = b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            said = await say(opened, request, inner)
    assert said.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert said.endswith(b"hello")


@pytest.mark.parametrize(
    "password", ["", "Proxy-Authorization: Basic bXVvczp4\r\n", "Proxy-Authorization: Bearer x\r\n"]
)
async def test_without_the_password_nothing_is_passed_on(password: str) -> None:
    with website() as site:
        async with proxy(site.url()) as opened:
            for request in (f"CONNECT 127.0.0.1:{site.port} HTTP/1.1", f"GET {site.url('/')} HTTP/1.1"):
                assert (await say(opened, f"{request}\r\n{password}\r\n")).startswith(b"HTTP/1.1 407 ")
        assert not site.asked


async def test_a_private_address_that_nobody_set_is_out_of_reach() -> None:
    async with proxy() as opened:
        said = await say(opened, "CONNECT 127.0.0.1:22 HTTP/1.1\r\nProxy-Authorization: Basic SECRET\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize(
    "first",
    [
        "GET / HTTP/1.1",
        "CONNECT host HTTP/1.1",
        "GET ftp://a/ HTTP/1.1",
        "nonsense",
        "",
        "GET http://a:x/ HTTP/1.1",
        "\0",
    ],
)
async def test_what_is_no_request_to_a_proxy_is_refused(first: str) -> None:
    with pytest.raises(BadRequest):
        read_request(first.encode())
    async with proxy() as opened:
        assert (await say(opened, f"{first}\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


async def test_a_head_without_end_is_cut_off() -> None:
    async with proxy() as opened:
        assert b" 431 " in await say(opened, "GET http://a/ HTTP/1.1\r\nX: ", b"x" * (HEAD_BYTES + 1))


async def test_a_program_finds_the_proxy_in_its_environment(
    tmp_path: Path, make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    run = (
        f'command = ["{sys.executable}", "server.py"]\n'
        '[rights]\nnetwork = ["setting:server"]\n[settings.server]\nkind = "address"'
    )
    make_service("foreign", FOREIGN, run, memory_mb=1024)
    settings = ServiceSettings(sa.create_engine(f"sqlite:///{tmp_path}/settings.sqlite"))
    with website() as site:
        site.pages["/a"] = Answer(b"hello")
        async with supervise(settings=settings) as supervisor:
            await supervisor.set("foreign", "owner", "server", site.url())
            answered = await supervisor.call(call("foreign_fetch", url=site.url("/a")))
            assert isinstance(answered, Done), answered
            assert answered.text == "hello"
            refused = await supervisor.call(call("foreign_fetch", url="http://127.0.0.1:1/"))
    settings.engine.dispose()
    assert isinstance(refused, Done | Failed)
    assert "403 Foreign may not connect" in (refused.text if isinstance(refused, Done) else refused.reason)

"""The gate for programs that are not ours: an HTTP proxy on the loopback, one for each child, by the same rules.

A command with rights to the network finds its address and password in `HTTPS_PROXY` and its relatives, as most
programs look for it; the kernel lets it connect nowhere else.

Must stay true: nothing is passed on before the password and the gate have said yes; connections, the length of a
head, and the time without traffic are bounded. Sources: RFC 9110 (CONNECT), RFC 9112 (forms of a target).
"""

from __future__ import annotations

import hmac
import logging
import secrets
import socket
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import anyio
from anyio.abc import Listener, SocketAttribute, SocketStream

from services.runtime.manifest import Manifest

logger = logging.getLogger(__name__)

CONNECTIONS = 32
"""That one child may have open; further ones wait."""
HEAD_BYTES = 32 * 1024
HEAD_SECONDS = 10.0
"""For a request's head to come."""
CONNECT_SECONDS = 20.0
IDLE_SECONDS = 300.0
"""Without traffic in either direction; long enough for streams that are quiet."""
PIECE_BYTES = 64 * 1024
NAMES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
ENDS = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)


class Opens(Protocol):
    """The gate."""

    async def connect(self, manifest: Manifest, asked: Mapping[str, Any]) -> socket.socket:
        """A connected socket, or an exception that says why not."""
        ...


class BadRequest(Exception):
    """What came is no request to a proxy; the text is the status line's."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request to the proxy."""

    host: str
    port: int
    tunnel: bool
    """Whether it wants a tunnel; else `onward` is the request itself, in the server's form."""
    password: str
    onward: bytes = b""


class Proxy:
    """A proxy for one child."""

    def __init__(self, gate: Opens, manifest: Manifest, listener: Listener[SocketStream]) -> None:
        self._gate = gate
        self._manifest = manifest
        self._listener = listener
        self._password = secrets.token_urlsafe(24)
        self._places = anyio.Semaphore(CONNECTIONS)
        port = listener.extra(SocketAttribute.local_port)
        self.address = f"http://muos:{self._password}@127.0.0.1:{port}"

    @classmethod
    async def open(cls, gate: Opens, manifest: Manifest) -> Proxy:
        """Listen on a free port of the loopback. Raises OSError."""
        return cls(gate, manifest, await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0))

    @property
    def environment(self) -> dict[str, str]:
        """By which programs find it."""
        return {**dict.fromkeys(NAMES, self.address), "NODE_USE_ENV_PROXY": "1", "NO_PROXY": "", "no_proxy": ""}

    async def serve(self, ended: anyio.Event) -> None:
        """Until the child has ended."""
        try:
            async with self._listener, anyio.create_task_group() as tasks:
                tasks.start_soon(self._listener.serve, self._handle)
                await ended.wait()
                tasks.cancel_scope.cancel()
        except Exception:  # whatever a service sends, it must not take the hub with it
            logger.exception("the proxy of %s ended", self._manifest.name)

    async def aclose(self) -> None:
        """Of a proxy whose child was never born."""
        await self._listener.aclose()

    async def _handle(self, child: SocketStream) -> None:
        async with child, self._places:
            with suppress(*ENDS):
                try:
                    with anyio.fail_after(HEAD_SECONDS):
                        data, rest = await read_head(child)
                    await self._pass_on(child, read_request(data), rest)
                except TimeoutError:
                    await child.send(answer("408 Request Timeout"))
                except BadRequest as bad:
                    await child.send(answer(str(bad)))

    async def _pass_on(self, child: SocketStream, head: Head, rest: bytes) -> None:
        if not hmac.compare_digest(head.password.encode(), self._password.encode()):
            await child.send(answer("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="muos"\r\n'))
            return
        asked = {"host": head.host, "port": head.port, "seconds": CONNECT_SECONDS}
        try:
            connected = await self._gate.connect(self._manifest, asked)
        except Exception as barred:  # whatever the reason: its text is for people
            await child.send(answer("403 Forbidden", text=str(barred)))
            return
        connected.setblocking(False)
        async with await SocketStream.from_socket(connected) as server:
            if head.tunnel:
                await child.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if head.onward or rest:
                await server.send(head.onward + rest)
            await relay(child, server)


async def read_head(child: SocketStream) -> tuple[bytes, bytes]:
    """The head of a request, and what came after it. Raises BadRequest, EndOfStream."""
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > HEAD_BYTES:
            raise BadRequest("431 Request Header Fields Too Large")
        data += await child.receive(PIECE_BYTES)
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def read_request(data: bytes) -> Head:
    """What is asked for. Raises BadRequest."""
    first, *lines = data.decode("latin-1").split("\r\n")
    try:
        method, target, version = first.split(" ")
        if not version.startswith("HTTP/1."):
            raise ValueError(version)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        port = parts.port or (0 if tunnel else 80)
        if not parts.hostname or not port or parts.scheme != ("" if tunnel else "http"):
            raise ValueError(target)
    except ValueError:
        raise BadRequest("400 Bad Request") from None
    fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    password = password_of(dict(fields).get("proxy-authorization", ""))
    if tunnel:
        return Head(parts.hostname, port, True, password)
    kept = [line for line, (name, _) in zip(lines, fields, strict=True) if name not in {"connection", "keep-alive"}]
    kept = [line for line in kept if not line.lower().startswith("proxy-")]
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    onward = "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""])
    return Head(parts.hostname, port, False, password, onward.encode("latin-1"))


def password_of(said: str) -> str:
    """The password in an Authorization; empty where there is none."""
    try:
        kind, coded = said.split(" ", 1)
        return b64decode(coded, validate=True).decode().partition(":")[2] if kind.lower() == "basic" else ""
    except ValueError:
        return ""


def answer(status: str, fields: str = "", text: str = "") -> bytes:
    """A final answer of the proxy's own."""
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\n{fields}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


async def relay(one: SocketStream, other: SocketStream) -> None:
    """Pass bytes both ways until both ends have said all, or nothing was said for long."""
    said = anyio.Event()

    async def carry(source: SocketStream, target: SocketStream) -> None:
        nonlocal said
        with suppress(*ENDS):
            while True:
                await target.send(await source.receive(PIECE_BYTES))
                said.set()
        with suppress(*ENDS):
            await target.send_eof()
        ended.append(source)
        said.set()

    ended: list[SocketStream] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carry, one, other)
        tasks.start_soon(carry, other, one)
        while len(ended) < 2:
            with anyio.move_on_after(IDLE_SECONDS) as patience:
                await said.wait()
            said = anyio.Event()
            if patience.cancelled_caught:
                break
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def proxied(gate: Opens | None, manifest: Manifest) -> AsyncIterator[Proxy | None]:
    """A proxy for a command with rights to the network; closed where its child is not born."""
    entries = manifest.rights.network
    if gate is None or manifest.run.command is None or not entries or "*" in entries:
        yield None
        return
    proxy = await Proxy.open(gate, manifest)
    try:
        yield proxy
    except BaseException:
        await proxy.aclose()
        raise

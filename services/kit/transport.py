"""One HTTP request and its answer, over a connection from the gate.

Must stay true: a request ends within its time, and takes no more memory than its limit, whatever the server
sends: what counts is the size after unpacking. Certificates are always checked.

HTTP/1.1 is httpcore's. Slow to import, so `web` loads this module at the first request.
"""

from __future__ import annotations

import functools
import select
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore2
import httpx2

from services.kit.connection import connect as connect_by_gate

Connect = Callable[[str, int, float], socket.socket]
Trust = Callable[[], ssl.SSLContext]
KEPT = 4
"""Connections that are kept open for the next request."""
KEPT_SECONDS = 15.0
PIECE_BYTES = 64 * 1024
PACKED = "gzip, deflate"
"""What we can unpack within a limit."""
UNPACKS = {"gzip", "x-gzip", "deflate"}
_until: ContextVar[float] = ContextVar("until")
"""When the present request must have ended, on the monotonic clock."""


class TooLarge(Exception):
    """The body is longer than the limit."""


class Unreadable(Exception):
    """The body is packed in a way that I don't unpack."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    url: httpx2.URL
    headers: Mapping[str, str]
    body: bytes
    most_bytes: int
    """Of the answer's body, unpacked."""
    until: float
    """On the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came: names of headers in small letters, equal ones joined by commas."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def left() -> float:
    """Seconds until the present request must have ended. Raises TimeoutError when there are none."""
    seconds = _until.get() - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Stream(httpcore2.NetworkStream):
    """A connected socket, every operation within the request's time."""

    def __init__(self, connected: socket.socket, trust: Trust) -> None:
        self._socket = connected
        self._trust = trust

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; none at the end."""
        self._socket.settimeout(left())
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All bytes."""
        self._socket.settimeout(left())
        try:
            self._socket.sendall(buffer)
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same, encrypted, by our own context: httpcore wants one before it knows whether it needs it."""
        try:
            self._socket.settimeout(left())
            return Stream(self._trust().wrap_socket(self._socket, server_hostname=server_hostname), self._trust)
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        """Whether something can be read: on an idle connection, that it was closed."""
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        if info == "is_readable":
            return is_readable(self._socket)
        return None


def is_readable(connected: socket.socket) -> bool:
    """Whether a read would return at once: on an idle connection, that the server closed it."""
    readable, _, _ = select.select([connected], [], [], 0) if connected.fileno() >= 0 else ([connected], [], [])
    return bool(readable)


class Backend(httpcore2.NetworkBackend):
    """Connections from the gate."""

    def __init__(self, connect: Connect, trust: Trust) -> None:
        self._connect = connect
        self._trust = trust

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Raises NotConnected."""
        return Stream(self._connect(host, port, left()), self._trust)


class Transport:
    """Connections that are kept open for a while, and requests over them."""

    def __init__(self, connect: Connect = connect_by_gate, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: which certificates are trusted; the system's, and Mozilla's, where it is None."""
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # not used: see `Stream.start_tls`
            network_backend=Backend(connect, trusting if tls is None else lambda: tls),
            max_keepalive_connections=KEPT,
            keepalive_expiry=KEPT_SECONDS,
        )

    def exchange(self, asked: Asked) -> Answered:
        """Ask once, without following redirects.

        Raises NotConnected, TimeoutError, TooLarge, Unreadable, ssl.SSLError, and httpcore2's exceptions.
        """
        held = _until.set(asked.until)
        try:
            url = asked.url
            target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
            headers = {"host": url.netloc.decode("ascii"), **asked.headers, "accept-encoding": PACKED}
            if asked.body or asked.method in {"POST", "PUT", "PATCH"}:
                headers["content-length"] = str(len(asked.body))
            request = httpcore2.Request(asked.method, target, headers=list(headers.items()), content=asked.body)
            response = self._pool.handle_request(request)
            try:
                return self._read(asked, response)
            finally:
                response.close()
        finally:
            _until.reset(held)

    def _read(self, asked: Asked, response: httpcore2.Response) -> Answered:
        headers: dict[str, str] = {}
        for raw_name, raw_value in response.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        body = b"".join(within(unpacked(response.iter_stream(), headers.get("content-encoding", "")), asked.most_bytes))
        return Answered(response.status, headers, body)

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()


@functools.cache
def trusting() -> ssl.SSLContext:
    """Checks certificates by the system's authorities, a household's own included; without any, by Mozilla's list.

    Takes some 20 ms, so it is made at the first connection that needs it.
    """
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        with suppress(OSError):
            context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The body in pieces of bounded size. Raises Unreadable."""
    packed = encoding.strip().lower()
    if packed in {"", "identity"}:
        yield from pieces
    elif packed in UNPACKS:
        yield from inflated(pieces)
    else:
        raise Unreadable(f"packed as {packed[:40]!r}")


def inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """gzip and zlib, and deflate without a header, as some servers send it. Raises Unreadable."""
    unpacker: Any = None
    for piece in pieces:
        if unpacker is None and piece:
            headed = piece[:2] == b"\x1f\x8b" or (len(piece) > 1 and int.from_bytes(piece[:2], "big") % 31 == 0)
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32 if headed else -zlib.MAX_WBITS)
        rest = piece
        while rest and not unpacker.eof:
            try:
                yield unpacker.decompress(rest, PIECE_BYTES)
            except zlib.error as error:
                raise Unreadable("broken while packed") from error
            rest = unpacker.unconsumed_tail


def within(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The pieces, as long as they are together no longer. Raises TooLarge."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise TooLarge
        yield piece

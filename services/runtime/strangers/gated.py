"""HTTP for the SDK's client over connections that the hub's gate hands out.

Must stay true: no socket is opened and no name looked up here; certificates are always checked.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import anyio
import anyio.abc
import anyio.to_thread
import httpcore2
import httpx2
from anyio.streams.tls import TLSStream

from services.kit.connection import NotConnected, connect
from services.kit.transport import trusting

CONNECT_SECONDS = 10.0


class Stream(httpcore2.AsyncNetworkStream):
    """A connected socket of the gate's, or TLS over one."""

    def __init__(self, stream: anyio.abc.ByteStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  httpcore's own
        """Some bytes; none at the end."""
        try:
            with anyio.fail_after(timeout):
                return await self._stream.receive(max_bytes)
        except anyio.EndOfStream:
            return b""
        except TimeoutError as error:
            raise httpcore2.ReadTimeout(str(error)) from error
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError) as error:
            raise httpcore2.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  httpcore's own
        """All bytes."""
        try:
            with anyio.fail_after(timeout):
                await self._stream.send(buffer)
        except TimeoutError as error:
            raise httpcore2.WriteTimeout(str(error)) from error
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError) as error:
            raise httpcore2.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Let go of it."""
        with suppress(anyio.BrokenResourceError, OSError):
            await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own
    ) -> httpcore2.AsyncNetworkStream:
        """The same, encrypted."""
        try:
            with anyio.fail_after(timeout):
                tls = await TLSStream.wrap(
                    self._stream, hostname=server_hostname, ssl_context=ssl_context, standard_compatible=False
                )
        except (TimeoutError, anyio.BrokenResourceError, anyio.EndOfStream, OSError) as error:
            await self.aclose()
            raise httpcore2.ConnectError(f"no secure connection: {error}") from error
        return Stream(tls)

    def get_extra_info(self, info: str) -> Any:
        """Nothing that our use needs: a kept connection that was closed fails at its next use."""
        return None


class Backend(httpcore2.AsyncNetworkBackend):
    """Connections from the hub's gate."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Raises httpcore2.ConnectError, its text in plain words."""
        try:
            connected = await anyio.to_thread.run_sync(connect, host, port, timeout or CONNECT_SECONDS)
        except NotConnected as refused:
            raise httpcore2.ConnectError(str(refused)) from refused
        return Stream(await anyio.abc.SocketStream.from_socket(connected))


def transport(tls: ssl.SSLContext | None = None) -> httpx2.AsyncHTTPTransport:
    """HTTP over the gate's connections; httpx2 has no parameter for where its connections come from.

    `tls`: which certificates are trusted; the system's, and Mozilla's, where it is None.
    """
    made = httpx2.AsyncHTTPTransport(trust_env=False)
    made._pool = httpcore2.AsyncConnectionPool(ssl_context=tls or trusting(), network_backend=Backend())
    return made

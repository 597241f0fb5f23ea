"""Serves the hub over HTTP until told to stop.

Must stay true: the address is taken before anything else is started, so that a second hub stops at once with a
clear sentence; and on leaving, streams that would never end are ended first.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from functools import partial

import anyio
import anyio.to_thread
import uvicorn
from fastapi import FastAPI

from interface.filling import Filling
from interface.http.app import build_app
from interface.http.guard import is_loopback
from interface.hub import Hub, open_hub
from interface.running import Running, announced, held
from interface.settings import Settings
from interface.tokens import Tokens
from services.runtime.watching import Watching

logger = logging.getLogger(__name__)

GRACE = 5
"""Seconds that answers under way get on leaving."""
BACKLOG = 128


class CannotListen(Exception):
    """The address can't be taken; says why and what to do, for the person."""


def take_address(host: str, port: int) -> socket.socket:
    """A socket that listens on the address. Raises CannotListen."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(
            f"MuOS can't listen on {host}:{port}: {error.strerror or error}. Is it running already? Choose another"
            " with --port or --host."
        ) from error
    # every connection inherits it: else each answer's second packet waits 40 ms for the caller to confirm the first
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class Server(uvicorn.Server):
    """A server that ends its endless streams before it waits for the others."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.ready = anyio.Event()
        """Set once requests are taken."""
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
                ws="none",
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell whoever waits for it."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self.app.state.closing.set()
        await super().shutdown(sockets)


async def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run the hub and serve it. `tell` gets what the person must know: the address, and a new token once."""
    with take_address(settings.host, settings.port) as listener, held(settings.home):
        port = listener.getsockname()[1]
        async with open_hub(settings) as hub:
            app = build_app(hub)
            tokens: Tokens | None = None if is_loopback(settings.host) else app.state.tokens
            await hub.keep_watch()
            if tokens is not None:
                token = await anyio.to_thread.run_sync(tokens.first)
                if token is not None:
                    tell(f"Your token, shown this once: {token}")
            running = Running(reachable(settings.host), port, os.getpid(), tokens.local if tokens else None)
            with announced(settings.home, running):
                hub.tasks.start_soon(tell_alerts, hub, tell)
                hub.memory.indexing.told = Filling(tell).tell
                if settings.watch:
                    hub.tasks.start_soon(Watching(hub.supervisor, partial(tell_swap, tell)).watch)
                tell(f"MuOS is at http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}")
                await Server(app).serve(sockets=[listener])


def tell_swap(tell: Callable[[str], None], line: str) -> None:
    """What was swapped, or was not, shows in the terminal and stays in the log."""
    logger.info("%s", line)
    tell(line)


async def tell_alerts(hub: Hub, tell: Callable[[str], None]) -> None:
    """What falls due shows in the terminal, too."""
    async for alert in hub.alerts():
        tell(f"⏰ {alert.text}" + (" (late)" if alert.late else ""))


def reachable(host: str) -> str:
    """The host as this machine itself calls it: an address that stands for all of them can't be called."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)

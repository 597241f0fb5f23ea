"""The HTTP app: every way in over HTTP, behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI
from starlette.routing import Route

from interface.http import (
    calls,
    errors,
    flows,
    health,
    login,
    memory,
    openai,
    rooms,
    services,
    settings,
    strangers,
    turns,
)
from interface.http.guard import BodyLimit, Guard
from interface.http.mcp import Mcp
from interface.hub import Hub
from interface.page import files
from interface.tokens import Tokens
from interface.version import muos_version


def build_app(hub: Hub) -> FastAPI:
    """The app over an open hub. Where the hub listens beyond this machine, every request needs a token."""
    tokens = Tokens(hub.engine)
    mcp = Mcp(hub, muos_version())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.closing = anyio.Event()
        async with mcp.manager.run():
            yield

    # the docs pages that FastAPI brings load their scripts from elsewhere; the page never does
    app = FastAPI(title="MuOS", version=muos_version(), lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.hub = hub
    app.state.tokens = tokens
    errors.handle(app)
    for router in (
        health.router,
        turns.router,
        calls.router,
        flows.router,
        memory.router,
        rooms.router,
        services.router,
        settings.router,
        strangers.router,
        openai.router,
        login.router,
        files.router,
    ):
        app.include_router(router)
    app.router.routes.append(Route("/mcp", mcp))
    app.add_middleware(BodyLimit)
    app.add_middleware(Guard, host=hub.settings.host, tokens=tokens)
    return app

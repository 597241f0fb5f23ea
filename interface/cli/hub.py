"""up: the hub, with its page and its API."""

from __future__ import annotations

import asyncio
import importlib
import sys
from dataclasses import replace
from typing import Annotated

import typer

from interface.cli.options import BaseUrl, Home, Model, settings_for
from interface.running import find_hub
from interface.thrift import be_thrifty


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(up)


def up(
    host: Annotated[
        str | None, typer.Option("--host", help="Where to listen; anything but this machine needs a token.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = None,
    home: Home = None,
    model: Model = None,
    base_url: BaseUrl = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Swap a service by itself when its folder changes; for who writes one.")
    ] = False,
) -> int:
    """Start the hub: the page, the API and MCP on http://127.0.0.1:8420."""
    settings = settings_for(home, model, base_url)
    port = settings.port if port is None else port
    settings = replace(settings, host=host or settings.host, port=port, watch=watch or settings.watch)
    running = find_hub(settings.home)
    if running is not None:
        raise ValueError(
            f"MuOS is already running on this home, at http://{running.host}:{running.port} (process {running.pid})."
        )
    be_thrifty()
    server = importlib.import_module("interface.http.server")
    try:
        asyncio.run(server.serve(settings, tell))
    except KeyboardInterrupt:
        tell("Goodbye.")
    except server.CannotListen as wrong:
        raise ValueError(str(wrong)) from wrong
    return 0


def tell(line: str) -> None:
    """A line for the person who started it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

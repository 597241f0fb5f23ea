"""mcp: everything that MuOS can do, for another assistant that speaks MCP."""

from __future__ import annotations

import importlib

import anyio
import typer

from interface.cli.options import Home, settings_for
from interface.home import make_home


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(mcp)


def mcp(home: Home = None) -> int:
    """Offer every tool to another assistant: an MCP server on standard input and output.

    In the other assistant's settings, give `muos mcp` as the command. While `muos up` runs, its address followed by
    /mcp does the same.
    """
    settings = settings_for(home)
    make_home(settings.home)
    # the MCP SDK takes half a second to import: only this command pays for it
    stdio = importlib.import_module("interface.stdio")
    anyio.run(stdio.Stdio(settings).serve)
    return 0

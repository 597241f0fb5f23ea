"""mcp: everything that MuOS can do, for another assistant that speaks MCP."""

from __future__ import annotations

import importlib

import anyio
import typer

from interface.cli.options import Home, Member, settings_for
from interface.holder import Holder, member_name
from interface.home import make_home


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(mcp)


def mcp(home: Home = None, member: Member = None) -> int:
    """Offer every tool to another assistant: an MCP server on standard input and output.

    In the other assistant's settings, give `muos mcp` as the command. While `muos up` runs, its address followed by
    /mcp does the same. With --member it speaks for that member and nobody else.
    """
    settings = settings_for(home)
    make_home(settings.home)
    # the MCP SDK takes half a second to import: only this command pays for it
    stdio = importlib.import_module("interface.stdio")
    given = (Holder(member_name(member)),) if member is not None else ()
    anyio.run(stdio.Stdio(settings, *given).serve)
    return 0

"""understand: requests in, typed calls out, for any set of tools."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from interface.cli.options import Home, settings_for
from interface.cli.turns import print_json


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(understand)


def understand(
    tools: Annotated[
        Path | None,
        typer.Option(
            "--tools", help="A JSON file with a list of MCP tool objects; the installed services' by default."
        ),
    ] = None,
    source: Annotated[Path | None, typer.Option("--in", help="JSON lines to read; standard input by default.")] = None,
    home: Home = None,
) -> int:
    """Understand requests without acting: JSON lines in, JSON lines out.

    In: {"id", "text", "tools"?, "history"?, "now"?}. Out: {"id", "calls": [{"name", "arguments", "confidence"}],
    "missing", "ms"}. No call means that none of the tools fits.
    """
    settings = settings_for(home)
    default = read_tools(tools) if tools else None
    # the encoder takes a moment to import: only who understands pays for it
    understanding = importlib.import_module("interface.cli.understanding")
    with open_lines(source) as lines:
        for row in understanding.rows(lines, default, settings):
            print_json(row)
            sys.stdout.flush()
    return 0


def read_tools(path: Path) -> Sequence[Any]:
    """The tools in a file: a JSON list, or an object with `tools`, or one tool a line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise typer.BadParameter(f"--tools: {path} can't be read: {wrong}.") from wrong
    try:
        given = json.loads(text)
    except json.JSONDecodeError as wrong:
        try:
            given = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError:
            raise typer.BadParameter(f"--tools: {path} is not JSON: {wrong}.") from wrong
    found = given.get("tools", [given]) if isinstance(given, dict) else given
    if (
        not isinstance(found, list)
        or not text.strip()
        or not all(isinstance(tool, dict) and "name" in tool for tool in found)
    ):
        raise typer.BadParameter(f"--tools: {path} must hold a list of MCP tool objects, each with a name.")
    return found


def open_lines(source: Path | None) -> AbstractContextManager[Iterable[bytes]]:
    """The lines to be understood."""
    if source is None or str(source) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return source.open("rb")
    except OSError as wrong:
        raise typer.BadParameter(f"--in: {source} can't be read: {wrong.strerror}.") from wrong

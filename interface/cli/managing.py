"""services restart, swap, rest, wake, logs, stats: what people do to a service that is there."""

from __future__ import annotations

import importlib
import re
import sys
import time
from typing import Annotated

import typer

from interface.cli.door import open_door
from interface.cli.options import AsJson, Home, settings_for
from interface.cli.turns import print_json

Name = Annotated[str, typer.Argument(help="Which service; `muos services` lists them.")]
NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
FOLLOW_SECONDS = 0.5
"""Between two looks at a log that is followed."""


def add_to(group: typer.Typer) -> None:
    """Add these commands to the group of the services."""
    for command in (restart, swap, rest, wake, logs, stats):
        group.command()(command)


def manage(name: str, what: str, as_json: bool, settings_home: Home) -> int:
    """Do it, and say how it went."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter(f"There is no service {name[:80]!r}; `muos services` lists them.")
    with open_door(settings_for(settings_home)) as door:
        row = door.manage(name, what)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"{row['text']}\n")
    return 0


def restart(name: Name, as_json: AsJson = False, home: Home = None) -> int:
    """Restart a service; no call is lost."""
    return manage(name, "restart", as_json, home)


def swap(name: Name, as_json: AsJson = False, home: Home = None) -> int:
    """Take up what a service's folder holds now: the new version takes over if it is sound; no call is lost."""
    return manage(name, "swap", as_json, home)


def rest(name: Name, as_json: AsJson = False, home: Home = None) -> int:
    """Put a service to rest: its tools are gone until `wake`."""
    return manage(name, "rest", as_json, home)


def wake(name: Name, as_json: AsJson = False, home: Home = None) -> int:
    """Bring a service back that was put to rest, or that rests because it kept failing."""
    return manage(name, "wake", as_json, home)


def logs(
    name: Name,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, max=10_000, help="How many of the last lines.")] = 30,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is added, until Ctrl-C.")] = False,
    home: Home = None,
) -> int:
    """Show the last lines that a service wrote to its log."""
    # only this command reads logs
    reading = importlib.import_module("services.runtime.log")
    log = reading.log_of(settings_for(home).home, reading.checked(name))
    if not log.there and not follow:
        raise ValueError(f"{name} has written no log here yet. `muos services` lists what there is.")
    shown = log.last(lines)
    for line in shown:
        sys.stdout.write(f"{line}\n")
    if not shown:
        sys.stderr.write(f"{name} has written nothing to its log.\n")
    while follow:
        sys.stdout.flush()
        time.sleep(FOLLOW_SECONDS)
        for line in log.more():
            sys.stdout.write(f"{line}\n")
    return 0


def stats(
    name: Annotated[str, typer.Argument(help="Which service; all of them by default.")] = "",
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Show what services take (memory, processor, disk, time), their limits and rights, and what enforces them."""
    with open_door(settings_for(home)) as door:
        rows = door.stats(name)
    if as_json:
        print_json({"services": rows})
        return 0
    # rich takes 40 ms to load: only who looks at a table pays for it
    tables = importlib.import_module("interface.cli.tables")
    if name:
        tables.stats_sheet(rows[0])
    else:
        tables.stats_table(rows)
    return 0

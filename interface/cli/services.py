"""services: what can be done here, and by whom."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from interface.cli import settings
from interface.cli.door import open_door
from interface.cli.options import AsJson, Home, settings_for
from interface.cli.turns import print_json

NAME = re.compile(r"[a-z][a-z0-9]{0,30}")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The services: list them (also without a word), restart one, make a new one.")
    group.callback(invoke_without_command=True)(services)
    group.command("list")(list_services)
    group.command()(restart)
    group.command()(new)
    settings.add_to(group)
    app.add_typer(group, name="services")


def services(context: typer.Context) -> int:
    """The services: list them (also without a word), restart one, make a new one."""
    return list_services() if context.invoked_subcommand is None else 0


def list_services(as_json: AsJson = False, home: Home = None) -> int:
    """List the services, how they are and what they can do."""
    with open_door(settings_for(home)) as door:
        rows = door.services()
    if as_json:
        print_json({"services": rows})
        return 0
    for row in rows:
        sys.stdout.write(f"{row['name']:<12} {row['state']:<9} {row['tools']:>2} tools  {row['title']}\n")
        if row["error"]:
            sys.stdout.write(f"{'':<12} {row['error']}\n")
    return 0


def restart(
    name: Annotated[str, typer.Argument(help="Which service.")], as_json: AsJson = False, home: Home = None
) -> int:
    """Restart a service; no call is lost."""
    with open_door(settings_for(home)) as door:
        row = door.restart(name)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"{row['name']} is {row['state']}.\n")
    return 0


def new(
    name: Annotated[str, typer.Argument(help="Its name: small letters and digits, such as plants.")],
    folder: Annotated[Path | None, typer.Option("--in", help="Where to make it; <home>/services.d by default.")] = None,
    home: Home = None,
) -> int:
    """Make the folder of a new service that runs at once, with a tool, an undo, a story and a README."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter(f"{name!r} won't do: give a word of small letters and digits, such as plants.")
    place = (folder or settings_for(home).home / "services.d") / name
    if place.exists():
        raise typer.BadParameter(f"{place} is already there.")
    sample = Path(__file__).with_name("sample")
    for source in sorted(sample.iterdir()):
        place.mkdir(parents=True, exist_ok=True)
        text = source.read_text().replace("SAMPLE", name).replace("Sample", name.capitalize())
        (place / source.name.removesuffix(".txt")).write_text(text)
    sys.stdout.write(
        f"Made {place}. A hub that runs finds it at its next start. Try: muos ask 'add \"hello\" to {name}'\n"
    )
    return 0

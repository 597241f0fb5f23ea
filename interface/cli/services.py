"""services: what can be done here, and by whom."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from interface.cli import managing, settings, strangers
from interface.cli.door import open_door
from interface.cli.options import AsJson, Home, settings_for
from interface.cli.turns import print_json
from services.runtime.launch import ROOT

NAME = re.compile(r"[a-z][a-z0-9]{0,30}")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The services: list them (also without a word), look after them, make or add new ones.")
    group.callback(invoke_without_command=True)(services)
    group.command("list")(list_services)
    managing.add_to(group)
    group.command()(new)
    settings.add_to(group)
    strangers.add_to(group)
    app.add_typer(group, name="services")


def services(context: typer.Context, as_json: AsJson = False, home: Home = None) -> int:
    """The services: list them (also without a word), look after them, make or add new ones."""
    if context.invoked_subcommand is None:
        return list_services(as_json, home)
    if as_json or home:
        raise typer.BadParameter(f"Give --json and --home after {context.invoked_subcommand!r}.")
    return 0


def list_services(as_json: AsJson = False, home: Home = None) -> int:
    """List the services, how they are and what they can do."""
    with open_door(settings_for(home)) as door:
        rows = door.services()
    if as_json:
        print_json({"services": rows})
        return 0
    # rich takes 40 ms to load: only who looks at a table pays for it
    importlib.import_module("interface.cli.tables").list_table(rows)
    return 0


def new(
    name: Annotated[str, typer.Argument(help="Its name: small letters and digits, such as plants.")],
    folder: Annotated[Path | None, typer.Option("--in", help="Where to make it; <home>/services.d by default.")] = None,
    home: Home = None,
) -> int:
    """Make the folder of a new service that runs at once: two tools, undo, a story, its test and a README."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter(f"{name!r} won't do: give a word of small letters and digits, such as plants.")
    place = (folder or settings_for(home).home / "services.d") / name
    if (ROOT / "services" / name / "service.toml").exists():
        raise typer.BadParameter(f"MuOS brings a service called {name!r} already; choose another name.")
    if place.exists():
        raise typer.BadParameter(f"{place} is already there.")
    sample = Path(__file__).with_name("sample")
    draft = place.with_name(f".{name}.draft")  # a hub that runs looks at the folder, and must not find half a service
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for source in sorted(sample.iterdir()):
        text = source.read_text().replace("SAMPLE", name).replace("Sample", name.capitalize())
        (draft / source.name.removesuffix(".txt").replace("SAMPLE", name)).write_text(text)
    draft.rename(place)
    sys.stdout.write(
        f"Made {place}. A hub that runs finds it by itself, within a second.\n"
        f"Try: muos ask 'add \"hello\" to {name}'\n"
        f"Test it: python -m pytest {place}\n"
    )
    return 0

"""services set: what a service needs to know of this home, such as an address or a folder."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from interface.cli.door import Door, open_door
from interface.cli.options import AsJson, Home, Member, settings_for
from interface.cli.turns import print_json


def add_to(group: typer.Typer) -> None:
    """Add `set` to the group of the services."""
    group.command("set")(set_setting)


def set_setting(
    service: Annotated[str, typer.Argument(help="Which service, such as weather.")],
    setting: Annotated[str | None, typer.Argument(help="Which of its settings; without, they are listed.")] = None,
    value: Annotated[
        list[str] | None, typer.Argument(help="The value; of folders one or more. A secret is asked for.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take away what was set.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    home: Home = None,
) -> int:
    """See and change what a service is told: `muos services set files folders ~/Documents`.

    Without a setting all are listed. The value `-` is read from standard input. What is given on the command line stays
    in the shell's history: leave the value of a secret out, and it is asked for without being shown.
    """
    settings = settings_for(home)
    who = member or settings.member
    with open_door(settings) as door:
        if setting is None:
            return list_settings(door.settings_of(service, who), service, as_json)
        given = (
            None if clear else as_value(value or asked_for(door, service, setting, who), door, service, setting, who)
        )
        row = door.set_setting(service, who, setting, given)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"{service}: {setting} is {'no longer ' if clear else ''}set.\n")
    return 0


def list_settings(rows: list[dict[str, Any]], service: str, as_json: bool) -> int:
    """Print them."""
    if as_json:
        print_json({"service": service, "settings": rows})
        return 0
    for row in rows:
        value = ("(set)" if row["set"] else "(not set)") if row["kind"] == "secret" else shown(row["value"])
        whose = " (each member's own)" if row["of"] == "member" else ""
        sys.stdout.write(f"{row['name']:<20} {value}\n{'':<20} {row['about']}{whose}\n")
    if not rows:
        sys.stdout.write(f"{service} has no settings.\n")
    return 0


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return "(not set)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def kind_of(door: Door, service: str, setting: str, who: str) -> str:
    """The setting's kind; text where it is unknown, for the hub says so itself."""
    return next((str(row["kind"]) for row in door.settings_of(service, who) if row["name"] == setting), "text")


def asked_for(door: Door, service: str, setting: str, who: str) -> list[str]:
    """What the person types; a secret is not shown."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(f"Give the value of {setting}; - reads it from standard input, --clear takes it away.")
    hidden = kind_of(door, service, setting, who) == "secret"
    return [str(typer.prompt(f"{service} {setting}", hide_input=hidden, err=True))]


def as_value(given: list[str], door: Door, service: str, setting: str, who: str) -> str | list[str]:
    """What is sent: a list only for folders."""
    if given == ["-"]:
        given = [sys.stdin.read().strip()]
    if given == [""]:
        raise typer.BadParameter(f"Nothing was given; --clear takes away what was set for {setting}.")
    if kind_of(door, service, setting, who) == "folders":
        return given
    return " ".join(given)

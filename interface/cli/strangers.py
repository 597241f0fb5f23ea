"""services add, review, approve, trust, tools, remove: MCP servers that others wrote."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from interface.cli.door import Door, Row, open_door
from interface.cli.options import AsJson, Home, settings_for
from interface.cli.turns import print_json

Name = Annotated[str, typer.Argument(help="Its name; `muos services` lists them.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Agree without being asked.")]
REFUSED = 2


def add_to(group: typer.Typer) -> None:
    """Add these commands to the group of the services."""
    group.command(context_settings={"ignore_unknown_options": True})(add)
    group.command()(review)
    group.command()(approve)
    group.command()(trust)
    group.command()(tools)
    group.command()(remove)


def add(
    source: Annotated[list[str], typer.Argument(help='"npx -y server ARGS…", "uvx server", any command, or https://…')],
    name: Annotated[str, typer.Option("--name", help="What to call it.")] = "",
    read: Annotated[list[Path] | None, typer.Option("--read", help="A folder that it may read.")] = None,
    write: Annotated[list[Path] | None, typer.Option("--write", help="A folder that it may read and change.")] = None,
    network: Annotated[
        list[str] | None, typer.Option("--network", help="HOST:PORT that it may reach, or '*' for everything.")
    ] = None,
    env: Annotated[list[str] | None, typer.Option("--env", help="NAME=VALUE for its environment; kept secret.")] = None,
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Add an MCP server that someone else wrote: it is installed, confined, and shown to you before it may be used.

    Give the whole command in quotation marks: muos services add "npx -y some-server ARGS" --read ~/Documents
    """
    settings = settings_for(home)
    # reads and installs packages: only this command pays for it
    addition, sources, removal = map(importlib.import_module, MODULES)
    wishes = addition.Wishes(name, absolute(read), absolute(write), network or [], variables(env))
    with open_door(settings) as door:
        taken = [row["name"] for row in door.services()]
        added = addition.add(sources.read_source(source), wishes, settings.home, taken, tell)
        try:
            row = settled(door, added, settings.member, yes, as_json)
        except BaseException:
            drop(door, removal, settings.home, added.name)
            raise
        if row is None:
            drop(door, removal, settings.home, added.name)
            raise ValueError(f"{added.name} was not added.")
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"Added {row['service']}: its tools can be used now.\n")
    return 0


MODULES = (
    "services.runtime.strangers.addition",
    "services.runtime.strangers.source",
    "services.runtime.strangers.removal",
)


def settled(door: Door, added: Any, member: str, yes: bool, as_json: bool) -> Row | None:
    """Show it and have it approved; its review, or None where the person says no."""
    name: str = added.name
    tell(f"Looking at what {name} offers …")
    door.stranger(name, "tools", {})  # from here on the hub knows of it
    for setting, value in added.settings.items():
        door.set_setting(name, member, setting, value)
    row = door.stranger(name, "review", {})
    if not as_json:
        show_package(added.installed)
        show(row)
    if not yes and not agreed(f"Let MuOS use {name} as shown?"):
        return None
    return door.stranger(name, "approve", {"digest": row["digest"]})


def drop(door: Door, removal: Any, home: Path, name: str) -> None:
    """Leave nothing of one that was not taken."""
    removal.discard(home, name)
    door.stranger(name, "forget", {})


def review(name: Name, as_json: AsJson = False, home: Home = None) -> int:
    """Show what a server offers: its tools, what they may do and why, and what changed since you approved it."""
    with open_door(settings_for(home)) as door:
        row = door.stranger(name, "review", {})
    print_json(row) if as_json else show(row)
    return 0


def tools(name: Name, as_json: AsJson = False, home: Home = None) -> int:
    """List a server's tools, as they were approved."""
    with open_door(settings_for(home)) as door:
        row = door.stranger(name, "tools", {})
    print_json(row) if as_json else show(row)
    return 0


def approve(name: Name, yes: Yes = False, as_json: AsJson = False, home: Home = None) -> int:
    """Accept what a server offers now, after you have looked at it."""
    with open_door(settings_for(home)) as door:
        row = door.stranger(name, "review", {})
        if row["state"] != "approved":
            if not as_json:
                show(row)
            if not yes and not agreed(f"Let MuOS use {name} as shown?"):
                raise ValueError(f"{name} stays withheld.")
            row = door.stranger(name, "approve", {"digest": row["digest"]})
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"{name} is approved: its tools can be used.\n")
    return 0


def trust(
    name: Name,
    tool: Annotated[str, typer.Argument(help="Which of its tools.")],
    effect: Annotated[
        str,
        typer.Option("--effect", help="read: it changes nothing; irreversible: it must ask each time."),
    ] = "unasked",
    forget: Annotated[bool, typer.Option("--forget", help="Take back what you said of the tool.")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Let a tool of a server run without asking each time, or say what it does (--effect)."""
    if effect not in {"unasked", "read", "irreversible"}:
        raise typer.BadParameter(
            f"--effect is read or irreversible, not {effect!r}; what can be undone is for the server itself to say."
        )
    with open_door(settings_for(home)) as door:
        row = door.stranger(name, "trust", {"tool": tool, "trust": "" if forget else effect})
    if as_json:
        print_json(row)
        return 0
    for each in row["tools"]:
        if tool in {each["own"], each["name"]}:
            sys.stdout.write(f"{each['own']}: {how(each)}.\n")
    return 0


def remove(
    name: Name,
    yes: Yes = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back the one of that name that was removed last.")
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Remove a server and its data; they go to the trash in the home, and --undo brings them back."""
    settings = settings_for(home)
    removal = importlib.import_module(MODULES[2])
    with open_door(settings) as door:
        if undo:
            bring_back(removal, settings.home, name)
        else:
            door.stranger(name, "tools", {})  # says so where it is none
            if not yes and not agreed(f"Remove {name} and its data?"):
                raise ValueError(f"{name} stays.")
            removal.remove(settings.home, name)
            door.stranger(name, "forget", {})
    said = "back" if undo else "removed"
    if as_json:
        print_json({"service": name, "done": said})
    elif undo:
        sys.stdout.write(f"{name} is back. What was set for it, secrets included, has to be set again.\n")
    else:
        sys.stdout.write(f"Removed {name}. `muos services remove {name} --undo` brings it back.\n")
    return 0


def bring_back(removal: Any, home: Path, name: str) -> None:
    """From the trash. Raises ValueError."""
    trash = removal.last_removed(home, name)
    if trash is None:
        raise ValueError(f"No {name} lies in the trash.")
    try:
        removal.restore(home, name, trash)
    except FileExistsError as there:
        raise ValueError(str(there)) from None


# What people see


def show_package(installed: Any) -> None:
    """What the registry says of a package."""
    facts = [installed.about, installed.home_page, installed.licence and f"Licence: {installed.licence}"]
    packages = f"{installed.packages} packages" if installed.packages > 1 else ""
    for fact in (*facts, f"Version {installed.version}, {packages}".strip(" ,") if installed.version else ""):
        if fact:
            sys.stdout.write(f"  {fact}\n")


def show(row: Row) -> None:
    """A review for people."""
    sys.stdout.write(f"{row['service']} ({row['state']}) · {row['source']}\n")
    sys.stdout.write(f"  It may reach: {reach(row['rights'])}\n")
    for tool in row["tools"]:
        if not tool["hidden"]:
            show_tool(tool)
    for gone in row["gone"]:
        sys.stdout.write(f"  gone: {gone}\n")
    for fault in row["left_out"]:
        sys.stdout.write(f"  left out: {fault}\n")
    for hint in row["hints"]:
        sys.stdout.write(f"  {hint}\n")
    if not row["tools"]:
        sys.stdout.write("  It lists no tools.\n")


def show_tool(tool: Row) -> None:
    """One tool, with its author's words indented, so that they can't be taken for ours."""
    change = f" [{tool['change']}]" if tool["change"] else ""
    taken = f" (not offered: {tool['taken']} has a tool of that name)" if tool["taken"] else ""
    sys.stdout.write(f"  {tool['own']}{change}: {how(tool)}{taken}\n")
    for line in tool["difference"] or tool["description"].splitlines():
        sys.stdout.write(f"      {line}\n")


def how(tool: Row) -> str:
    """What a tool may do, and why."""
    may = {"read": "reads", "reversible": "changes things, can be undone", "irreversible": "can't be undone"}
    runs = "asks each time" if tool["asks"] else "runs at once"
    return f"{may[tool['effect']]}, {runs} ({tool['why']})"


def reach(rights: Row) -> str:
    """Its rights in words."""
    parts = [
        ", ".join(f"{what} {each}" for each in rights[kind])
        for kind, what in (("network", "the network at"), ("read", "reading"), ("write", "changing"))
        if rights[kind]
    ]
    return "; ".join(parts) or "nothing but its own data"


def tell(text: str) -> None:
    """Progress, for people, on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def agreed(question: str) -> bool:
    """Ask on the terminal; without one there is no yes."""
    if not sys.stdin.isatty():
        raise ValueError("Nobody is here to say yes; look at it first, then give --yes.")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def absolute(folders: list[Path] | None) -> list[Path]:
    """Folders as whole paths."""
    return [folder.expanduser().absolute() for folder in folders or []]


def variables(given: list[str] | None) -> dict[str, str]:
    """NAME=VALUE pairs."""
    pairs = [each.partition("=") for each in given or []]
    for name, equals, _ in pairs:
        if not equals:
            raise typer.BadParameter(f"--env takes NAME=VALUE, not {name!r}.")
    return {name: value for name, _, value in pairs}

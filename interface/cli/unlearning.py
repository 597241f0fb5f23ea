"""memory forget, correct, erase: what is no longer to be remembered, or not like that."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Annotated, Any

import typer

from interface.cli.door import Row, open_door
from interface.cli.memorydoor import MemoryDoor, Who, open_memory_door
from interface.cli.options import AsJson, Home, Member, Now, Room, settings_for
from interface.cli.remembered import at_moment
from interface.cli.turns import TEXT_LIMIT, named, print_json, said, words

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask: this can't be undone.")]


def add_to(group: typer.Typer) -> None:
    """Add these commands."""
    for command in (forget, correct, erase):
        group.command()(command)


def forget(
    what: Annotated[
        list[str] | None, typer.Argument(help="Ids of notes or facts, or a topic in your words; - reads ids.")
    ] = None,
    person: Annotated[str, typer.Option("--person", help="What they said, and what was said about them.")] = "",
    since: Annotated[str | None, typer.Option("--since", help="Said from then on, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Said before then, ISO 8601.")] = None,
    preview: Annotated[bool, typer.Option("--dry-run", help="Only show what would be forgotten.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Forget notes of yours, with everything that follows from them and every trace. It can't be undone.

    What is named by its id goes at once; of anything else it is shown what would go, and asked.

    Examples: muos memory forget 3f2a91c0d4e5b6a7 · muos memory forget my knee surgery · muos memory forget --person bob
    --since 2026-01-01
    """
    settings = settings_for(home)
    who = {key: value for key, value in said(settings, "", member, room, now).items() if key != "text"}
    period = {"since": at_moment("--since", since), "until": at_moment("--until", until)}
    given = {"person": person, **{key: value for key, value in period.items() if value}}
    with open_memory_door(settings) as door:
        wanted = given | meant(door, what or [], who)
        if not any(wanted.values()):
            raise typer.BadParameter("Say what to forget: ids, a topic, --person, --since or --until.")
        if preview or not (yes or wanted.get("ids")):
            row = door.change("forget", who, wanted | {"preview": True})
            if not row["forgotten"]:
                row["text"] = "There is nothing of that to forget."
            if preview or not row["forgotten"]:
                return tell(row, as_json)
            agreed(row)
        return tell(door.change("forget", who, wanted), as_json)


def meant(door: MemoryDoor, given: list[str], who: Who) -> dict[str, Any]:
    """Ids, if all of it is known by id; else a topic."""
    if given == ["-"]:
        return {
            "ids": [an_id(line) for line in sys.stdin.buffer.read(TEXT_LIMIT).decode().splitlines() if line.strip()]
        }
    if not given:
        return {}
    known = all(door.change("forget", who, {"ids": [one], "preview": True})["forgotten"] for one in given)
    return {"ids": given} if known else {"topic": " ".join(given)}


def an_id(line: str) -> str:
    """The id on a line: alone, or in a JSON object."""
    try:
        row = json.loads(line)
    except ValueError:
        return line.strip()
    return str(row.get("id", "")) if isinstance(row, dict) else str(row)


def agreed(row: Row) -> None:
    """Show what would go and ask. Raises where nobody can say yes, or says no."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter(f"{row['text']} It can't be undone: --dry-run shows what, --yes does it.")
    importlib.import_module("interface.cli.shown").going(row)
    if not typer.confirm("Forget it for good?"):
        raise typer.Abort


def tell(row: Row, as_json: bool) -> int:
    """What became of it."""
    if as_json:
        print_json(row)
    elif row["notes"] and isinstance(row["notes"][0], dict):
        importlib.import_module("interface.cli.shown").going(row)
    else:
        sys.stdout.write(row["text"] + "\n")
    return 0


def correct(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="Of the fact; muos memory facts shows it.")],
    text: Annotated[list[str] | None, typer.Argument(help="What is true, as a sentence.")] = None,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Say what is true in place of a fact. It is remembered as yours, and the fact is over.

    Example: muos memory correct 3f2a91c0d4e5b6a7 I live in Lyon
    """
    settings = settings_for(home)
    who = {key: value for key, value in said(settings, "", member, room, now).items() if key != "text"}
    true = words(text, "Say what is true. Try: muos memory correct ID I live in Lyon")
    with open_memory_door(settings) as door:
        row = door.change("correct", who, {"id": wanted, "text": true})
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(row["text"] + "\n")
    return 0


def erase(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Whose everything.")],
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Erase a member: all that they said and did here, and what the services keep of them. It can't be undone.

    Take it out before: muos memory export --member ann ann.jsonl

    Example: muos memory erase ann
    """
    settings = settings_for(home)
    name = named("MEMBER", member)
    if not name.strip():
        raise typer.BadParameter("Say whom to erase. Try: muos memory erase ann")
    if not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter(f"Erasing {name} can't be undone; --yes does it.")
        if typer.prompt(f"This can't be undone. To erase all of {name}, type the name again") != name:
            raise typer.Abort
    with open_door(settings) as door:
        row = door.erase(name)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(row["text"] + "\n")
    return 0 if row["verified"] and not row["left"] else 1

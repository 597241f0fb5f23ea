"""remember and recall, and the group of memory's other commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from interface.cli import bulk, memory_check, remembered, unlearning
from interface.cli.door import open_door
from interface.cli.options import AsJson, Home, Member, Now, Room, settings_for
from interface.cli.turns import print_json, said, words


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(remember)
    app.command()(recall)
    group = typer.Typer(
        help="What is remembered: read it, ask it, correct it, forget it, bring it in and take it out.",
        no_args_is_help=True,
    )
    bulk.add_to(group)
    remembered.add_to(group)
    unlearning.add_to(group)
    memory_check.add_to(group)
    app.add_typer(group, name="memory")


def remember(
    text: Annotated[list[str] | None, typer.Argument(help="What to remember.")] = None,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Remember something, word for word."""
    settings = settings_for(home)
    given = words(text, "Say what to remember. Try: muos remember the spare key is under the blue pot")
    who = {key: value for key, value in said(settings, given, member, room, now).items() if key != "text"}
    with open_door(settings) as door:
        row = door.remember(given, who)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(row["text"] + "\n")
    return 0 if row["status"] == "done" else 2


def recall(
    text: Annotated[list[str] | None, typer.Argument(help="What about.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many at most.")] = 5,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Find what was said or remembered about something, with its source and why it was found."""
    settings = settings_for(home)
    query = words(text, "Say what to look for. Try: muos recall spare key")
    who = {key: value for key, value in said(settings, query, member, room, now).items() if key != "text"}
    with open_door(settings) as door:
        notes = door.recall(query, k, who)
    if as_json:
        print_json({"query": query, "notes": notes})
        return 0
    for note in notes:
        sys.stdout.write(f"{note['when'][:10]}  {note['who']}: {note['text']}  ({note['why']})\n")
    if not notes:
        sys.stdout.write(f"Nothing is remembered about {query}.\n")
    return 0

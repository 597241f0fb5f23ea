"""memory timeline, facts, promises, people, why, status: reading what is remembered."""

from __future__ import annotations

import importlib
from typing import Annotated

import typer

from interface.cli.door import Row
from interface.cli.memorydoor import open_memory_door
from interface.cli.options import AsJson, Home, Member, Now, Room, moment, settings_for
from interface.cli.turns import print_json, said

Wanted = Annotated[str, typer.Argument(metavar="ID", help="Of a note or a fact; --json shows them.")]
SHOWN = "interface.cli.shown"
"""Tables take rich, which takes 40 ms to load: only who looks at one pays for it."""


def add_to(group: typer.Typer) -> None:
    """Add these commands."""
    for command in (timeline, facts, promises, people, why, status):
        group.command()(command)


def timeline(
    n: Annotated[int, typer.Option("-n", min=1, max=500, help="How many notes at most.")] = 20,
    before: Annotated[str | None, typer.Option("--before", help="Said by then, ISO 8601, such as 2026-03-04.")] = None,
    who: Annotated[str, typer.Option("--who", help="Said by them.")] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="From which such a thing follows: fact, preference, commitment, condition.")
    ] = "",
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """What was said, the latest last, with what MuOS answered.

    Examples: muos memory timeline · muos memory timeline --who bob --before 2026-03-01
    """
    if kind and kind not in {"fact", "preference", "commitment", "condition"}:
        raise typer.BadParameter(f"--kind takes fact, preference, commitment or condition, not {kind!r}.")
    given = {"n": n, "before": at_moment("--before", before), "who": who or None, "kind": kind or None}
    row = read("timeline", member, room, now, home, given)
    return answer(row, as_json, "timeline")


def facts(
    subject: Annotated[list[str] | None, typer.Argument(help="About whom or what; all by default.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="What held then, ISO 8601, such as 2026-03-04.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Also what is no longer so.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """What MuOS believes of people, places and things, and since when.

    Each follows from what was said: muos memory why ID tells from what, and muos memory correct ID puts it right.

    Examples: muos memory facts ann · muos memory facts ann --at 2026-04-01 · muos memory facts ann --history
    """
    about = " ".join(subject or [])
    row = read("facts", member, room, now, home, {"subject": about or None, "at": at_moment("--at", at)})
    if history:
        seen = dict.fromkeys((fact["subject"], fact["relation"]) for fact in row["facts"])
        past = (
            read("facts/history", member, room, now, home, {"subject": one, "relation": relation})["facts"]
            for one, relation in seen
        )
        row = {"facts": [fact for each in past for fact in each]}
    return answer(row, as_json, "facts")


def promises(
    every: Annotated[bool, typer.Option("--all", help="Also what is done.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """What was promised, the soonest due first.

    Example: muos memory promises
    """
    found = read("facts", member, room, now, home, {"kind": "commitment"})["facts"]
    rows = sorted((fact for fact in found if every or not fact["done"]), key=lambda fact: fact["due"] or "9")
    return answer({"facts": rows}, as_json, "promises")


def people(
    as_json: AsJson = False, member: Member = None, room: Room = "home", now: Now = None, home: Home = None
) -> int:
    """Whom and what something is known about.

    Example: muos memory people
    """
    return answer(read("people", member, room, now, home, {}), as_json, "people")


def why(
    wanted: Wanted,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Where a note or a fact comes from: who said it, when and where.

    Example: muos memory why 3f2a91c0d4e5b6a7
    """
    return answer(read(f"why/{wanted}", member, room, now, home, {}), as_json, "why")


def status(
    as_json: AsJson = False, member: Member = None, room: Room = "home", now: Now = None, home: Home = None
) -> int:
    """How much is remembered for you, and how much of it is found by its meaning already.

    Example: muos memory status
    """
    return answer(read("status", member, room, now, home, {}), as_json, "status")


def read(
    what: str, member: str | None, room: str, now: str | None, home: Home, given: dict[str, str | int | None]
) -> Row:
    """What memory answers."""
    settings = settings_for(home)
    who = {key: value for key, value in said(settings, "", member, room, now).items() if key != "text"}
    with open_memory_door(settings) as door:
        return door.read(what, who, **given)


def at_moment(option: str, given: str | None) -> str | None:
    """The moment as the API takes it; a time without an offset is in the person's zone."""
    if given is None:
        return None
    try:
        return moment(given, settings_for(None).zone).isoformat()
    except typer.BadParameter as wrong:
        raise typer.BadParameter(str(wrong).replace("--now", option)) from wrong


def answer(row: Row, as_json: bool, form: str) -> int:
    """Print it."""
    if as_json:
        print_json(row)
    else:
        getattr(importlib.import_module(SHOWN), form)(row)
    return 0

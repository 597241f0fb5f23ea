"""rooms, guests: who is where, and so who sees what is said there."""

from __future__ import annotations

import importlib
import sys
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from interface.cli.options import AsJson, Home, Member, Now, moment, settings_for
from interface.cli.turns import named, print_json
from interface.holder import member_name
from interface.settings import Settings

RoomName = Annotated[str, typer.Argument(help="The room's name.")]
Whom = Annotated[str | None, typer.Argument(help="Who; you yourself if left out.")]
GuestName = Annotated[str, typer.Argument(help="The guest's name.")]


def add_to(app: typer.Typer) -> None:
    """Add these groups of commands."""
    rooms = typer.Typer(help="Rooms: what is said in one is seen by those who are in it.", invoke_without_command=True)
    rooms.callback()(list_first)
    rooms.command("list")(list_rooms)
    for command in (new, join, leave):
        rooms.command()(command)
    app.add_typer(rooms, name="rooms")
    guests = typer.Typer(help="Guests: who sees only the rooms that they are let into.", invoke_without_command=True)
    guests.callback()(list_guests_first)
    guests.command("list")(list_guests)
    guests.command("add")(add)
    guests.command("remove")(remove)
    app.add_typer(guests, name="guests")


def list_first(ctx: typer.Context, as_json: AsJson = False, member: Member = None, home: Home = None) -> int:
    """Rooms: what is said in one is seen by those who are in it."""
    return 0 if ctx.invoked_subcommand else list_rooms(as_json, member, home)


def list_rooms(as_json: AsJson = False, member: Member = None, home: Home = None) -> int:
    """List the rooms and who is in them."""
    settings = settings_for(home)
    inside, by = hosting(settings), speaking(settings, member)
    with inside as host:
        rows = [row_of("room_row", room) for room in host.seen(by)]
    if as_json:
        print_json({"rooms": rows})
        return 0
    for row in rows:
        there = ", ".join(f"{one['name']}{' (guest)' if one['guest'] else ''}" for one in row["members"])
        sys.stdout.write(f"{row['name']:<20} {'open  ' if row['open'] else 'closed'}  {there or 'nobody'}\n")
    if not rows:
        sys.stdout.write("There are no rooms yet. Make one: muos rooms new kitchen bob anna\n")
    return 0


def new(
    name: RoomName,
    members: Annotated[list[str] | None, typer.Argument(help="Who is in it, besides you.")] = None,
    as_json: AsJson = False,
    member: Member = None,
    now: Now = None,
    home: Home = None,
) -> int:
    """Make a room: those in it alone see what is said there."""
    settings = settings_for(home)
    room, by, at = named("The room", name), speaking(settings, member), since(settings, now)
    with hosting(settings) as host:
        row = row_of("room_row", host.make(by, room, members or [], at))
    there = ", ".join(one["name"] for one in row["members"])
    return tell(row, f"{row['name']} is for {there} alone.", as_json)


def join(
    name: RoomName,
    who: Whom = None,
    guest: Annotated[bool, typer.Option("--guest", help="They are not of the household.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    now: Now = None,
    home: Home = None,
) -> int:
    """Let somebody into a room; they see what is said from now on."""
    settings = settings_for(home)
    by, at = speaking(settings, member), since(settings, now)
    with hosting(settings) as host:
        host.join(by, name, who or by, at, guest)
        row = row_of("room_row", host.rooms.get(name))
    return tell(row, f"{who or by} is in {name}, and sees what is said there from now on.", as_json)


def leave(
    name: RoomName,
    who: Whom = None,
    as_json: AsJson = False,
    member: Member = None,
    now: Now = None,
    home: Home = None,
) -> int:
    """Leave a room; nothing of it is seen any more."""
    settings = settings_for(home)
    by, at = speaking(settings, member), since(settings, now)
    with hosting(settings) as host:
        host.leave(by, name, who or by, at)
        row = row_of("room_row", host.rooms.get(name))
    return tell(row, f"{who or by} left {name}.", as_json)


def list_guests_first(ctx: typer.Context, as_json: AsJson = False, home: Home = None) -> int:
    """Guests: who sees only the rooms that they are let into."""
    return 0 if ctx.invoked_subcommand else list_guests(as_json, home)


def list_guests(as_json: AsJson = False, home: Home = None) -> int:
    """List who is or was a guest."""
    settings = settings_for(home)
    with hosting(settings) as host:
        rows = [row_of("guest_row", guest) for guest in host.rooms.guests.all()]
    if as_json:
        print_json({"guests": rows})
        return 0
    for row in rows:
        until = f" until {day(row['until'], settings)}" if row["until"] else ""
        sys.stdout.write(f"{row['name']:<20} since {day(row['since'], settings)}{until}\n")
    if not rows:
        sys.stdout.write("There are no guests. Add one: muos guests add gus\n")
    return 0


def add(
    name: GuestName,
    until: Annotated[str | None, typer.Option("--until", help="When they go, ISO 8601.")] = None,
    as_json: AsJson = False,
    member: Member = None,
    now: Now = None,
    home: Home = None,
) -> int:
    """Have somebody as a guest: they see the rooms that they are let into, and nothing of the household."""
    settings = settings_for(home)
    by, at = speaking(settings, member), since(settings, now)
    end = moment(until, settings.zone) if until else None
    with hosting(settings) as host:
        row = row_of("guest_row", host.invite(by, name, at, end))
    return tell(row, f"{name} is a guest here.", as_json)


def remove(
    name: GuestName,
    household: Annotated[bool, typer.Option("--household", help="They are of the household from now on.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    now: Now = None,
    home: Home = None,
) -> int:
    """A guest goes, and sees nothing any more but what they kept for themselves."""
    settings = settings_for(home)
    by, at = speaking(settings, member), since(settings, now)
    with hosting(settings) as host:
        host.dismiss(by, name, at, household)
    said = "of the household now" if household else "no guest any more"
    return tell({"name": name, "household": household}, f"{name} is {said}.", as_json)


def hosting(settings: Settings) -> AbstractContextManager[Any]:
    """Who is where, in this home; loaded by who asks for it, since SQLAlchemy takes a fifth of a second."""
    inside: AbstractContextManager[Any] = importlib.import_module("interface.hosting").open_hosting(settings)
    return inside


def row_of(kind: str, thing: object) -> dict[str, Any]:
    """A room or a guest as JSON gives it."""
    row: dict[str, Any] = getattr(importlib.import_module("interface.hosting"), kind)(thing)
    return row


def speaking(settings: Settings, member: str | None) -> str:
    """Who gives the command."""
    return member_name(settings.member if member is None else member)


def since(settings: Settings, now: str | None) -> datetime:
    """From when on it holds."""
    return moment(now, settings.zone)


def day(at: str, settings: Settings) -> str:
    """The day as people count it."""
    return moment(at, settings.zone).astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d")


def tell(row: dict[str, Any], text: str, as_json: bool) -> int:
    """Say what came of it."""
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"{text}\n")
    return 0

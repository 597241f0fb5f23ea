"""Rooms, guests and tokens of a home, for commands: written straight into its database.

Must stay true: a hub that runs meanwhile needs no telling, since it reads them each time they matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from agent.hosting import Hosting
from interface.database import open_engine, record_of
from interface.holder import member_name
from interface.home import make_home, told_of
from interface.settings import Settings
from interface.tokens import Made, Tokens
from memory.company.guests import Guest
from memory.company.rooms import Room, Rooms
from memory.errors import Refused

Row = dict[str, Any]


@contextmanager
def open_hosting(settings: Settings) -> Iterator[Hosting]:
    """Who is where, in this home. Raises ValueError for what can't be, HomeFault where the home can't be used."""
    with opened(settings) as engine:
        record = record_of(settings, engine)
        try:
            yield Hosting(Rooms(record), settings.member, member_name)
        except Refused as refused:
            raise ValueError(str(refused)) from refused
        finally:
            record.dispose()


@contextmanager
def open_tokens(settings: Settings) -> Iterator[Tokens]:
    """The tokens of this home."""
    with opened(settings) as engine:
        yield Tokens(engine)


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The database of this home."""
    make_home(settings.home)
    with told_of(settings.home, (sa.exc.DBAPIError, OSError)):
        engine = open_engine(settings.home)
        try:
            yield engine
        finally:
            engine.dispose()


def room_row(room: Room) -> Row:
    """A room as JSON gives it."""
    members = [{"name": one.member, "guest": one.guest, "since": one.since.isoformat()} for one in room.members]
    return {"name": room.name, "open": room.open, "members": members}


def guest_row(guest: Guest) -> Row:
    """A guest as JSON gives them."""
    until = guest.until.isoformat() if guest.until else None
    return {"name": guest.name, "since": guest.since.isoformat(), "until": until}


def token_row(made: Made) -> Row:
    """A token as JSON gives it: never itself."""
    return {"name": made.name, "member": made.member, "made": made.made.isoformat()}

"""Guests: who is let in without being of the household.

Must stay true: whoever was a guest once never becomes one of the household by leaving; only `welcome` says so. A guest
whose time is over sees nothing but their own private notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from memory.errors import Refused
from memory.record.tables import guests, rooms, stays


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is let in for a while."""

    name: str
    since: datetime
    until: datetime | None = None
    """None: no end is known."""

    def here(self, now: datetime) -> bool:
        """Whether they still are a guest then."""
        return self.until is None or now < self.until


class Guests:
    """Reads and writes who is a guest; safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, since: datetime, until: datetime | None = None) -> Guest:
        """Let somebody in as a guest, or again; what they saw as one of the household they no longer see."""
        if not name.strip():
            raise Refused("A guest needs a name.")
        if until is not None and until <= since:
            raise Refused(f"{name} can't leave before coming.")
        row = {"since": utc(since), "until": utc(until) if until else ""}
        with self._engine.begin() as connection:
            _leave_open_rooms(connection, name, row["since"])
            there = connection.execute(update(guests).where(guests.c.name == name).values(row))
            if there.rowcount == 0:
                connection.execute(insert(guests).values(name=name, **row))
        return Guest(name, since, until)

    def end(self, name: str, at: datetime) -> None:
        """The guest leaves, and every room with it."""
        with self._engine.begin() as connection:
            known = update(guests).where(guests.c.name == name, (guests.c.until == "") | (guests.c.until > utc(at)))
            connection.execute(known.values(until=utc(at)))
            if connection.execute(select(guests.c.name).where(guests.c.name == name)).first() is None:
                raise Refused(f"{name} is no guest here.")
            leaving = update(stays).where(stays.c.member == name, stays.c.until == "")
            connection.execute(leaving.values(until=utc(at)))

    def welcome(self, name: str, at: datetime) -> None:
        """A guest becomes one of the household."""
        with self._engine.begin() as connection:
            if connection.execute(delete(guests).where(guests.c.name == name)).rowcount == 0:
                raise Refused(f"{name} is no guest here.")
            _leave_open_rooms(connection, name, utc(at))

    def all(self) -> list[Guest]:
        """Everybody who is or was a guest, by name."""
        with self._engine.connect() as connection:
            return [_guest(*row) for row in connection.execute(select(guests).order_by(guests.c.name))]

    def get(self, name: str) -> Guest | None:
        """The guest of this name; None: one of the household."""
        with self._engine.connect() as connection:
            return guest_of(connection, name)

    def erase(self, name: str) -> None:
        """Forget that there was such a guest."""
        with self._engine.begin() as connection:
            connection.execute(delete(guests).where(guests.c.name == name))


def guest_of(connection: Connection, name: str) -> Guest | None:
    """The guest of this name; None: one of the household."""
    row = connection.execute(_NAMED, {"called": name}).first()
    return _guest(*row) if row else None


_NAMED = select(guests).where(guests.c.name == bindparam("called"))


def utc(when: datetime) -> str:
    """The moment as the tables hold it; sorts as text."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _guest(name: str, since: str, until: str) -> Guest:
    return Guest(name, datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)


def _leave_open_rooms(connection: Connection, name: str, at: str) -> None:
    """What a member of the household and a guest may see there differs; a stay must not carry over."""
    there = stays.c.room.not_in(select(rooms.c.name).where(rooms.c.closed))
    connection.execute(update(stays).where(stays.c.member == name, stays.c.until == "", there).values(until=at))

"""Rooms: who may see what was said where. The only maker of views.

Must stay true: a view holds the audiences that its member belongs to and no other, so that a query that holds the
view's audiences can find nothing else. Nothing is cached: every view is read from the tables, so that who left in one
process is gone in all.

`home`, the default room, is where a member is alone with MuOS: nobody else sees what is said there. Any other room is
shared:

- A room that nobody made is *open*: whoever of the household is in it sees all that was said there to everyone. On
  their own screen at home, members see those open rooms in which they have spoken themselves.
- A room that was made is *closed*: its members alone see what is said there, each from joining on. Those whom it was
  made with also see what was said while it was open. Whoever left sees nothing of it any more; whoever comes again
  sees from then on.
- A guest sees what was said in rooms that they were let into, from then on, and nothing that is for the household.
- Where others listen, a view holds what all who are in the room may hear: nothing from before the last of them came,
  and nothing for the household while a guest is among them.

Time in a room is counted in *epochs*: each joining begins one. A note for the room keeps the epoch in which it was
said, and each epoch is an audience of its own, so that no query needs to know who was there when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from memory.company.guests import Guest, Guests, guest_of, utc
from memory.company.placing import Placing
from memory.company.stays import OWN_ROOM, here, is_shared, like, locked, next_epoch, stay_row
from memory.errors import Refused
from memory.note import HOUSEHOLD, Note, Scope, View, member_audience, room_audience
from memory.record.tables import epochs, guests, heard, notes, rooms, stays

__all__ = ["OWN_ROOM", "Room", "Rooms", "Stay", "is_shared"]


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody who is in a room."""

    member: str
    since: datetime
    guest: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A shared room and who is in it; of an open one, those who have spoken there and guests who were let in."""

    name: str
    open: bool
    members: tuple[Stay, ...]


class Rooms:
    """Reads and writes who is where; safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.guests = Guests(engine)

    # What can be seen

    def view(self, member: str, room: str = OWN_ROOM, *, alone: bool = True) -> View:
        """What the member may see from there; where others listen (not `alone`), only what all of them may hear."""
        now = datetime.now(UTC)
        with self._engine.connect() as connection:
            guest = guest_of(connection, member)
            everywhere = () if guest else (HOUSEHOLD,)
            if guest and not guest.here(now):
                there: tuple[str, ...] = ()
            elif not is_shared(room):
                there = _anywhere(connection, member) if alone else ()
            elif alone:
                there = _in(connection, member, room, guest)
            else:
                last, strangers = _company(connection, room, now)
                there = _in(connection, member, room, guest, last)
                everywhere = () if strangers else everywhere
        own = (member_audience(member),) if alone else ()
        return View(member, room, own + everywhere + there)

    def placed(self, note: Note) -> Note:
        """The note with the epoch of its room at the time it was said. Raises Refused where it can't be said there."""
        [placed] = self.place((note,))
        if isinstance(placed, Refused):
            raise placed
        return placed

    def place(self, given: Iterable[Note]) -> list[Note | Refused]:
        """Notes with the epochs in which they were said, or why they can't be said there; in order."""
        batch = list(given)
        if all(note.scope is Scope.PRIVATE for note in batch):
            return list(batch)
        with self._engine.connect() as connection:
            placing = Placing(connection)
            placed = [placing.place(note) for note in batch]
        with self._engine.begin() as connection:
            placing.keep(connection)
        return placed

    # Who is where

    def make(self, name: str, members: Iterable[str], at: datetime) -> Room:
        """A closed room with these members. Made of an open one, it keeps what was said there for them alone."""
        founders = [member for member in dict.fromkeys(members) if member.strip()]
        if not is_shared(name) or not name.strip():
            raise Refused(f"A room can't be called {name!r}: that is where each member is alone with MuOS.")
        if not founders:
            raise Refused("A room needs somebody in it. Say who.")
        with self._engine.begin() as connection:
            if locked(connection, name):
                raise Refused(f"There is already a room called {name}.")
            if (other := like(connection, name, closed=False)) is not None:
                raise Refused(f"There is already a room called {other}: give this one another name.")
            epoch, since = next_epoch(connection, name, at)
            connection.execute(update(rooms).where(rooms.c.name == name).values(closed=True))
            connection.execute(update(stays).where(*here(name)).values(until=since))
            for founder in founders:
                first = epoch if _guest_here(connection, founder, at) else 0
                connection.execute(insert(stays).values(**stay_row(founder, name, first, since)))
        return self.get(name)

    def join(self, room: str, member: str, at: datetime, guest: bool = False) -> Stay:
        """Let somebody into a room, who sees from then on; `guest`: somebody who is not of the household."""
        if not is_shared(room):
            raise Refused(f"Nobody can join {room!r}: that is where each member is alone with MuOS.")
        if not member.strip():
            raise Refused("Who should join? Give a name.")
        if guest and self.guests.get(member) is None:
            self.guests.add(member, at)
        with self._engine.begin() as connection:
            closed = locked(connection, room)
            known = _guest_here(connection, member, at)
            if (found := connection.execute(select(stays.c.since).where(*here(room, member))).first()) is not None:
                return Stay(member, datetime.fromisoformat(found.since), known is not None)
            epoch, since = next_epoch(connection, room, at) if closed or known else (0, utc(at))
            connection.execute(insert(stays).values(**stay_row(member, room, epoch, since)))
        return Stay(member, datetime.fromisoformat(since), known is not None)

    def leave(self, room: str, member: str, at: datetime) -> None:
        """Somebody leaves, and sees nothing of the room any more. Their own notes stay theirs."""
        with self._engine.begin() as connection:
            leaving = update(stays).where(*here(room, member)).values(until=utc(at))
            if connection.execute(leaving).rowcount == 0:
                raise Refused(f"{member} is not in {room}.")

    def get(self, name: str) -> Room:
        """The room; one that nobody made or spoke in is open and has nobody in it."""
        return next(iter(self._rooms(name)), Room(name, True, ()))

    def all(self) -> list[Room]:
        """Every room that was made or spoken in, by name."""
        return self._rooms()

    def knows(self, name: str) -> bool:
        """Whether somebody of this name has ever told something of their own, or been in a room."""
        spoke = exists().where(notes.c.audience == member_audience(name))
        with self._engine.connect() as connection:
            return bool(connection.execute(select(or_(spoke, exists().where(stays.c.member == name)))).scalar_one())

    def erase(self, member: str) -> None:
        """Forget where a member ever was, and the rooms that nothing else tells of."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(stays).where(stays.c.member == member).returning(stays.c.room))
            for room in set(gone.scalars()):
                left = or_(exists().where(notes.c.room == room), exists().where(stays.c.room == room))
                if not connection.execute(select(left)).scalar_one():
                    for table, name in ((rooms, rooms.c.name), (epochs, epochs.c.room), (heard, heard.c.room)):
                        connection.execute(delete(table).where(name == room))
        self.guests.erase(member)

    def _rooms(self, name: str | None = None) -> list[Room]:
        present = and_(stays.c.room == rooms.c.name, stays.c.until == "")
        query = select(rooms.c.name, rooms.c.closed, stays.c.member, stays.c.since, guests.c.name.label("guest"))
        query = query.outerjoin(stays, present).outerjoin(guests, guests.c.name == stays.c.member)
        query = query.where(rooms.c.name == name) if name is not None else query
        found: dict[str, tuple[bool, list[Stay]]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query.order_by(rooms.c.name, stays.c.seq)):
                _, there = found.setdefault(row.name, (not row.closed, []))
                if row.member is not None:
                    there.append(Stay(row.member, datetime.fromisoformat(row.since), row.guest is not None))
        return [Room(each, is_open, tuple(there)) for each, (is_open, there) in found.items()]


# Built once: building them for each view took three quarters of its time.
_MINE = and_(stays.c.room == heard.c.room, stays.c.member == bindparam("me"), stays.c.until == "")
_ANYWHERE = (
    select(heard.c.room, heard.c.epoch)
    .join(stays, and_(_MINE, heard.c.epoch >= stays.c.first))
    .where(stays.c.member == bindparam("me"), stays.c.until == "")
)
_IN = (
    select(heard.c.epoch, rooms.c.closed, stays.c.first)
    .select_from(heard.join(rooms, rooms.c.name == heard.c.room).outerjoin(stays, _MINE))
    .where(heard.c.room == bindparam("there"))
)
_COMPANY = (
    select(func.max(stays.c.first), func.count(guests.c.name))
    .select_from(stays.outerjoin(guests, guests.c.name == stays.c.member))
    .where(
        stays.c.room == bindparam("there"),
        stays.c.until == "",
        or_(guests.c.name.is_(None), guests.c.until == "", guests.c.until > bindparam("now")),
    )
)


def _anywhere(connection: Connection, member: str) -> tuple[str, ...]:
    """The epochs of all rooms that the member belongs to."""
    return tuple(room_audience(*row) for row in connection.execute(_ANYWHERE, {"me": member}))


def _in(connection: Connection, member: str, room: str, guest: Guest | None, last: int = 0) -> tuple[str, ...]:
    """The epochs of one room that the member was there for, those before the `last` left out."""
    rows = connection.execute(_IN, {"me": member, "there": room}).all()
    from_on = {row.epoch: row.first if row.first is not None else None if row.closed or guest else 0 for row in rows}
    return tuple(
        room_audience(room, epoch)
        for epoch, first in from_on.items()
        if first is not None and epoch >= max(first, last)
    )


def _guest_here(connection: Connection, member: str, at: datetime) -> Guest | None:
    """The guest of this name; None: one of the household. Raises Refused where their time is over."""
    guest = guest_of(connection, member)
    if guest and not guest.here(at):
        raise Refused(f"{member} is no guest here any more. Let them in as a guest again first.")
    return guest


def _company(connection: Connection, room: str, now: datetime) -> tuple[int, bool]:
    """The epoch in which the last of those who are in the room came, and whether a guest is among them."""
    last, strangers = connection.execute(_COMPANY, {"there": room, "now": utc(now)}).one()
    return last or 0, strangers > 0

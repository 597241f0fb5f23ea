"""Hosting: who may make rooms, let others in, and see who is where.

- Any member of the household may make a room, and is in it. An open room that others have spoken in can be closed only
  with them in it, or by the owner.
- Whoever is in a closed room may let others in, guests too; an open room is open to the household, and any member may
  let a guest in.
- Everybody leaves by themselves; members may send a guest out.
- The owner may do all of it anywhere, and alone says who is a guest and who of the household.
- A guest decides nothing; rooms are named to those who may enter them.

Must stay true: nobody gets to see, by making a room or joining one, what was said there before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from memory.company.guests import Guest
from memory.company.rooms import Room, Rooms, Stay
from memory.errors import Refused


@dataclass(frozen=True, slots=True)
class Hosting:
    """Rooms, as one person may deal with them. Methods block, and raise Refused."""

    rooms: Rooms
    owner: str
    """The member who may do everything."""
    checked: Callable[[str], str] = str
    """Gives the name back, or raises ValueError where nobody can be called that."""

    def seen(self, by: str) -> list[Room]:
        """The rooms that they may know of."""
        guest = self.rooms.guests.get(by) is not None
        return [room for room in self.rooms.all() if by == self.owner or _in(room, by) or (room.open and not guest)]

    def make(self, by: str, name: str, members: Sequence[str], at: datetime) -> Room:
        """A closed room of these members and whoever makes it."""
        self._no_guest(by, "make rooms")
        founders = [by, *(self._name(member) for member in members)]
        room = self.rooms.get(name)
        others = [stay.member for stay in room.members if stay.member not in founders]
        if room.open and others and by != self.owner:
            raise Refused(f"{listed(others)} spoke in {name} too: make it with them in it, or give it another name.")
        return self.rooms.make(name, founders, at)

    def join(self, by: str, name: str, who: str, at: datetime, guest: bool = False) -> Stay:
        """Let somebody in."""
        self._no_guest(by, "let anybody in")
        room, who = self.rooms.get(name), self._name(who)
        if not room.open and by != self.owner and not _in(room, by):
            raise Refused(f"{by} is not in {name}: whoever is in it lets others in.")
        if guest and by != self.owner and self.rooms.guests.get(who) is None and self.rooms.knows(who):
            raise Refused(f"{who} is of the household, not a guest. Only the owner says otherwise.")
        return self.rooms.join(name, who, at, guest)

    def leave(self, by: str, name: str, who: str, at: datetime) -> None:
        """Leave a room, or send a guest out of it."""
        if who != by and by != self.owner:
            self._no_guest(by, "send anybody out")
            room = self.rooms.get(name)
            if self.rooms.guests.get(who) is None or not (room.open or _in(room, by)):
                raise Refused(f"{who} leaves {name} by themselves; only the owner may decide that for others.")
        self.rooms.leave(name, who, at)

    def invite(self, by: str, name: str, at: datetime, until: datetime | None = None) -> Guest:
        """Have somebody as a guest."""
        self._owner_only(by)
        if name == self.owner:
            raise Refused(f"{name} owns this MuOS and can't be a guest in it.")
        return self.rooms.guests.add(self._name(name), at, until)

    def dismiss(self, by: str, name: str, at: datetime, household: bool = False) -> None:
        """The guest leaves; or is of the household from now on."""
        self._owner_only(by)
        if household:
            self.rooms.guests.welcome(name, at)
        else:
            self.rooms.guests.end(name, at)

    def _name(self, name: str) -> str:
        try:
            return self.checked(name.strip())
        except ValueError as wrong:
            raise Refused(str(wrong)) from wrong

    def _no_guest(self, by: str, what: str) -> None:
        if self.rooms.guests.get(by) is not None:
            raise Refused(f"A guest can't {what}.")

    def _owner_only(self, by: str) -> None:
        if by != self.owner:
            raise Refused("Only the owner of this MuOS says who is a guest.")


def listed(names: Sequence[str]) -> str:
    """Ann, Bob and Carl."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _in(room: Room, member: str) -> bool:
    return any(stay.member == member for stay in room.members)

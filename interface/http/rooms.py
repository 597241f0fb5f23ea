"""Rooms and guests: who is where, and so who sees what is said there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import Field

from agent.hosting import Hosting, listed
from interface.holder import member_name
from interface.hosting import guest_row, room_row
from interface.http.errors import Json
from interface.http.turns import Name, Who, hub_of
from memory.errors import Refused

router = APIRouter(prefix="/api", tags=["rooms"])

MOST = 1000
"""Members of one room."""
RoomName = Annotated[Name, Path()]


class Making(Who):
    """A room and who is in it; whoever makes it is."""

    name: Name
    members: Annotated[list[Name], Field(default_factory=list, max_length=MOST)]


class Joining(Who):
    """Somebody who is let in."""

    who: Name
    guest: bool = False
    """They are not of the household."""


class Leaving(Who):
    """Somebody who leaves."""

    who: Name


class Inviting(Who):
    """Somebody who is no member of the household."""

    name: Name
    until: datetime | None = None


class Dismissing(Who):
    """A guest who goes, or comes to stay."""

    household: bool = False
    """They are of the household from now on."""


@router.get("/rooms")
async def rooms(request: Request, asked: Annotated[Who, Query()]) -> Response:
    """The rooms that the member may enter, and who is in them."""
    by = asked.turn(hub_of(request).settings).member
    return Json({"rooms": [room_row(room) for room in await decide(request, Hosting.seen, by)]})


@router.post("/rooms")
async def make(request: Request, given: Making) -> Response:
    """Make a room: its members alone see what is said there."""
    turn = given.turn(hub_of(request).settings)
    room = await decide(request, Hosting.make, turn.member, given.name, given.members, turn.now)
    return Json(room_row(room) | {"text": f"{listed([stay.member for stay in room.members])} are in {room.name}."})


@router.post("/rooms/{name}/join")
async def join(request: Request, name: RoomName, given: Joining) -> Response:
    """Let somebody in; they see what is said from now on."""
    turn = given.turn(hub_of(request).settings)
    await decide(request, Hosting.join, turn.member, name, given.who, turn.now, given.guest)
    return await told(request, name, f"{given.who} is in {name}, and sees what is said there from now on.")


@router.post("/rooms/{name}/leave")
async def leave(request: Request, name: RoomName, given: Leaving) -> Response:
    """Leave a room; nothing of it is seen any more."""
    turn = given.turn(hub_of(request).settings)
    await decide(request, Hosting.leave, turn.member, name, given.who, turn.now)
    return await told(request, name, f"{given.who} left {name}.")


@router.get("/guests")
async def guests(request: Request, asked: Annotated[Who, Query()]) -> Response:
    """Who is or was a guest."""
    hub = hub_of(request)
    by = asked.turn(hub.settings).member
    listing = await anyio.to_thread.run_sync(hub.memory.rooms.guests.all)
    shown = listing if all(guest.name != by for guest in listing) else [one for one in listing if one.name == by]
    return Json({"guests": [guest_row(guest) for guest in shown]})


@router.post("/guests")
async def invite(request: Request, given: Inviting) -> Response:
    """Have a guest, who sees the rooms that they are let into."""
    turn = given.turn(hub_of(request).settings)
    until = given.until if given.until is None or given.until.tzinfo else given.until.replace(tzinfo=turn.now.tzinfo)
    guest = await decide(request, Hosting.invite, turn.member, given.name, turn.now, until)
    return Json(guest_row(guest))


@router.post("/guests/{name}/leave")
async def dismiss(request: Request, name: RoomName, given: Dismissing) -> Response:
    """A guest goes, or is of the household from now on."""
    turn = given.turn(hub_of(request).settings)
    await decide(request, Hosting.dismiss, turn.member, name, turn.now, given.household)
    return Json({"text": f"{name} is of the household now." if given.household else f"{name} is no guest any more."})


async def decide(request: Request, does: Callable[..., Any], *given: Any) -> Any:
    """Do it in the hub's home, off the event loop."""
    hub = hub_of(request)
    hosting = Hosting(hub.memory.rooms, hub.settings.member, member_name)
    try:
        return await anyio.to_thread.run_sync(partial(does, hosting, *given))
    except Refused as refused:
        raise HTTPException(409, str(refused)) from refused


async def told(request: Request, name: str, text: str) -> Response:
    """The room as it is now, and what to say."""
    room = await anyio.to_thread.run_sync(hub_of(request).memory.rooms.get, name)
    return Json(room_row(room) | {"text": text})

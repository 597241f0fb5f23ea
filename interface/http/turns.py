"""Turns: something is asked, events stream out; and the yes, no and undo that may follow.

A turn streams as NDJSON, one event a line, each with its kind in `event`. The last line has `event: "end"` and is
otherwise the object that `muos ask --json` prints. With `?stream=false` that object is the whole answer.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field, field_validator
from starlette.responses import StreamingResponse

from agent.turn import Broke, Event, Turn, in_zone
from interface import wire
from interface.holder import member_name, speaker
from interface.http.errors import Json
from interface.hub import Hub
from interface.settings import Settings

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/api", tags=["turns"])

Text = Annotated[str, AfterValidator(wire.plain)]
"""Text without lone surrogates, which JSON can smuggle in and no file can hold."""
Name = Annotated[Text, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
MemberName = Annotated[Name, AfterValidator(member_name)]
CallId = Annotated[str, Path(description="The call's id, or its first digits", pattern="^[0-9a-f]{4,32}$")]
Stream = Annotated[bool, Query(description="false: only the end object, as one JSON answer")]

YEARS = range(1900, 2200)
FAULT = "Something went wrong inside MuOS; the log has the details."


class Who(BaseModel):
    """On whose behalf, where and when."""

    member: MemberName | None = None
    room: Name = "home"
    zone: Annotated[str, Field(max_length=64)] | None = None
    """IANA time zone of the person, such as Europe/Paris; the hub's own by default."""
    now: datetime | None = None
    """When it is asked; the clock by default. Without an offset it is counted in `zone`."""

    @field_validator("zone")
    @classmethod
    def known_zone(cls, zone: str | None) -> str | None:
        """Refuse what is no time zone."""
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (ValueError, OSError, KeyError):
                raise ValueError(f"{zone!r} is no time zone; give a name such as Europe/Paris") from None
        return zone

    @field_validator("now")
    @classmethod
    def within_reach(cls, now: datetime | None) -> datetime | None:
        """Refuse times from which calendars can't count in every direction."""
        if now is not None and now.year not in YEARS:
            raise ValueError(f"give a time in the years {YEARS.start} to {YEARS.stop - 1}")
        return now

    def turn(self, settings: Settings, text: str = "", yes: bool = False, way: Literal["text", "api"] = "text") -> Turn:
        """A turn by this person. Raises NotTheirs where it is another than whoever holds the token."""
        zone = self.zone or settings.zone
        now, zone = in_zone(self.now or datetime.now(ZoneInfo(zone)), zone)
        return Turn(text, now, zone, speaker(self.member, settings), self.room, way, yes)


class Asked(Who):
    """One thing asked."""

    text: Text
    yes: bool = False
    """The person agrees beforehand to what needs a yes."""
    preview: bool = False
    """Only say what would happen."""


class Decided(Who):
    """A yes or a no."""

    yes: bool


class Undone(Who):
    """What to take back; the last action if nothing is said."""

    call: Annotated[str, Field(pattern=r"^[0-9a-f]{4,32}( [0-9a-f]{4,32})*$", max_length=4000)] | None = None
    """Ids of calls or flows, or their first digits, with spaces between."""
    count: Annotated[int, Field(ge=1, le=100)] | None = None
    since: datetime | None = None
    preview: bool = False
    """Only say what would be undone."""

    def arguments(self, now: datetime) -> dict[str, Any]:
        """For the tool; a time without an offset is counted in the person's zone."""
        since = self.since and (self.since if self.since.tzinfo else self.since.replace(tzinfo=now.tzinfo)).isoformat()
        return {key: value for key, value in (("call", self.call), ("count", self.count), ("since", since)) if value}


def member_of(request: Request, member: Annotated[MemberName | None, Query()] = None) -> str:
    """The member whose things are asked for."""
    return speaker(member, hub_of(request).settings)


def hub_of(request: Request) -> Hub:
    """The hub that the app was made for."""
    hub: Hub = request.app.state.hub
    return hub


@router.post("/turns")
async def ask(request: Request, asked: Asked, stream: Stream = True) -> Response:
    """Ask something in plain words."""
    hub = hub_of(request)
    turn = replace(asked.turn(hub.settings, asked.text, asked.yes), preview=asked.preview)
    return await reply(hub.answer(turn), stream)


@router.post("/calls/{call_id}/confirm", tags=["calls"])
async def confirm(request: Request, call_id: CallId, decided: Decided, stream: Stream = True) -> Response:
    """Give a waiting call its yes, or its no."""
    hub = hub_of(request)
    return await reply(hub.confirm(call_id, decided.yes, decided.turn(hub.settings)), stream)


@router.post("/calls/{call_id}/undo", tags=["calls"])
async def undo(
    request: Request, call_id: CallId, who: Annotated[Who | None, Body()] = None, stream: Stream = True
) -> Response:
    """Take a call back."""
    hub = hub_of(request)
    return await reply(hub.undo({"call": call_id}, (who or Who()).turn(hub.settings)), stream)


@router.post("/undo", tags=["calls"])
async def undo_last(
    request: Request, given: Annotated[Undone | None, Body()] = None, stream: Stream = True
) -> Response:
    """Take the last action back, or the last few, all since some time, or those with the ids given."""
    hub, wanted = hub_of(request), given or Undone()
    turn = replace(wanted.turn(hub.settings), preview=wanted.preview)
    return await reply(hub.undo(wanted.arguments(turn.now), turn), stream)


async def reply(events: AsyncGenerator[Event, None], stream: bool) -> Response:
    """The events as they come, or what they come to."""
    if stream:
        return StreamingResponse(lines(events), media_type="application/x-ndjson", headers=UNBUFFERED)
    account = wire.Account()
    async for event in watched(events):
        account.add(event)
    return Json(account.row())


UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""So that proxies pass each event on at once."""


async def lines(events: AsyncGenerator[Event, None]) -> AsyncIterator[str]:
    """Events as NDJSON."""
    account = wire.Account()
    async for event in watched(events):
        account.add(event)
        yield wire.dump(wire.event_row(event)) + "\n"
    yield wire.dump({"event": "end", **account.row()}) + "\n"


async def watched(events: AsyncGenerator[Event, None]) -> AsyncIterator[Event]:
    """The same events; a fault becomes the last of them."""
    async with aclosing(events):
        try:
            async for event in events:
                yield event
        except Exception:  # the answer has begun: all that can still be done is to say so
            logger.exception("a turn broke")
            yield Broke(FAULT)

"""What the command line and scripts need besides turns: memory."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from interface import wire
from interface.http.errors import Json
from interface.http.turns import Text, Who, hub_of

router = APIRouter(prefix="/api")


class Remembered(Who):
    """Something to remember, word for word."""

    text: Annotated[Text, Field(min_length=1)]


class Recalling(Who):
    """A question to memory."""

    query: Annotated[Text, Field(min_length=1)]
    k: Annotated[int, Field(ge=1, le=1000)] = 5


@router.post("/remember", tags=["memory"])
async def remember(request: Request, given: Remembered) -> Response:
    """Remember something for a member."""
    hub = hub_of(request)
    return Json(wire.outcome_row(await hub.remember(given.text, given.turn(hub.settings).caller)))


@router.post("/recall", tags=["memory"])
async def recall(request: Request, asked: Recalling) -> Response:
    """What is remembered about something, best first."""
    hub = hub_of(request)
    found = await hub.recall(asked.query, asked.turn(hub.settings).caller, asked.k)
    return Json([wire.recalled_row(hit) for hit in found])

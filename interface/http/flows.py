"""Typed calls, and what was done: each piece of work with its calls, to be looked at, cancelled and undone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import AfterValidator, Field

from interface import wire
from interface.http.calls import Limit, Member
from interface.http.errors import Json
from interface.http.turns import Text, Who, hub_of
from services.record import Status, flow_row
from services.tool import Call

router = APIRouter(prefix="/api", tags=["flows"])

MOST_STEPS = 50
FlowId = Annotated[str, Path(description="The flow's id, or its first digits", pattern="^[0-9a-f]{4,32}$")]
Tool = Annotated[str, Field(pattern="^[a-z0-9_]{1,64}$", examples=["lists_add"])]
Arguments = Annotated[
    dict[str, Any],
    AfterValidator(wire.plain),
    Field(description='May refer to earlier results: {"$result": "<call id>", "path": "/data/items/0"}'),
]


class Typed(Who):
    """One call of a tool by its name."""

    tool: Tool
    arguments: Annotated[Arguments, Field(default_factory=dict)]
    yes: bool = False
    """The person agrees beforehand to what needs a yes."""
    preview: bool = False
    """Only say what would happen."""


class Step(Who):
    """One call of several."""

    tool: Tool
    arguments: Annotated[Arguments, Field(default_factory=dict)]


class Steps(Who):
    """Calls to be made in order, as one piece of work."""

    steps: Annotated[list[Step], Field(min_length=1, max_length=MOST_STEPS)]
    asked: Text = ""
    """What it is for, in words, for the record."""


@router.post("/calls", tags=["calls"])
async def call(request: Request, typed: Typed) -> Response:
    """Make one call; what waits for a yes is confirmed at /api/calls/{id}/confirm."""
    hub = hub_of(request)
    caller = typed.turn(hub.settings).caller
    made = Call(typed.tool, typed.arguments, caller, preview=typed.preview, confirmed=typed.yes)
    if typed.tool not in {tool.name for tool in await hub.tools()}:
        raise HTTPException(404, f"There is no tool {typed.tool!r}.")
    return Json(wire.made_row(made, *await hub.flows.once(made)))


@router.post("/flows")
async def begin(request: Request, given: Steps) -> Response:
    """Make several calls in order. All are on record before the first begins; a restart goes on where it was."""
    hub = hub_of(request)
    made = [(step.tool, step.arguments) for step in given.steps]
    try:
        flow = await hub.flows.steps(made, given.turn(hub.settings).caller, given.asked)
    except ValueError as wrong:
        raise HTTPException(404, str(wrong)) from wrong
    return Json(flow_row(flow))


@router.get("/flows")
async def flows(
    request: Request, member: Member, limit: Limit = 50, status: Annotated[Status | None, Query()] = None
) -> Response:
    """A member's latest pieces of work with their calls, newest first."""
    hub = hub_of(request)
    return Json([flow_row(flow) for flow in await hub.flows.recent(member, limit, status)])


@router.get("/flows/{flow_id}")
async def flow(request: Request, flow_id: FlowId, member: Member) -> Response:
    """One piece of work with its calls; also by the id of one of them."""
    hub = hub_of(request)
    found = await hub.flows.find(flow_id, member)
    if found is None:
        raise HTTPException(404, f"I know of no work {flow_id!r}.")
    return Json(flow_row(found))


@router.delete("/flows/{flow_id}")
async def cancel(request: Request, flow_id: FlowId, member: Member) -> Response:
    """Cancel what runs or waits. What had taken effect stays, and is listed with the id that undoes it."""
    hub = hub_of(request)
    who = member
    try:
        found, said = await hub.flows.cancel(flow_id, who)
    except ValueError as wrong:
        raise HTTPException(409 if await hub.flows.find(flow_id, who) else 404, str(wrong)) from wrong
    return Json(flow_row(found) | {"said": said})

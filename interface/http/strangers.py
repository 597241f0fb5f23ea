"""Servers that others wrote: looked at, approved and trusted over HTTP, as from the command line."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from interface import strangers
from interface.holder import owner_only
from interface.http.errors import Json
from interface.http.turns import hub_of

router = APIRouter(prefix="/api/strangers", tags=["services"])

Service = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,63}$")]


class Given(BaseModel):
    """What the person says."""

    model_config = ConfigDict(extra="forbid")

    digest: Annotated[str, Field(max_length=64)] = ""
    """approve: of what was seen."""
    tool: Annotated[str, Field(max_length=200)] = ""
    trust: Literal["", "read", "unasked", "irreversible"] = ""
    """trust: what the tool may do; empty takes back what was said."""


@router.post("/{name}/forget")
async def forget(request: Request, name: Service) -> Response:
    """Drop the settings of one that was removed."""
    owner_only("decide about services that others wrote")
    return Json(await strangers.forget(hub_of(request), name))


@router.post("/{name}/{do}")
async def act(
    request: Request, name: Service, do: Literal["tools", "review", "approve", "trust"], given: Given
) -> Response:
    """Look at it, approve what was seen, or say what a tool may do; gives what there is to see."""
    owner_only("decide about services that others wrote")
    try:
        return Json(await strangers.act(hub_of(request), name, do, given.model_dump()))
    except ValueError as wrong:
        raise HTTPException(409, str(wrong)) from wrong

"""The settings of services, as people see and change them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict

from interface.holder import speaker
from interface.http.calls import Member
from interface.http.errors import Json
from interface.http.turns import MemberName, hub_of
from services.tool import Failed

router = APIRouter(prefix="/api/services", tags=["services"])

Service = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,63}$")]
Key = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,39}$")]


class Given(BaseModel):
    """What to set; null takes what was set away."""

    model_config = ConfigDict(extra="forbid")

    value: str | bool | float | list[str] | None
    member: MemberName | None = None


@router.get("/{name}/settings")
async def settings(request: Request, name: Service, member: Member) -> Response:
    """A service's settings; of a secret only whether it is set."""
    hub = hub_of(request)
    rows = await hub.supervisor.set_rows(name, member)
    if rows is None:
        raise HTTPException(404, f"There is no service {name!r}.")
    return Json(rows)


@router.put("/{name}/settings/{key}")
async def put(request: Request, name: Service, key: Key, given: Given) -> Response:
    """Set one of them for the member, or for all where it is the household's."""
    hub = hub_of(request)
    value: Any = given.value
    outcome = await hub.supervisor.set(name, speaker(given.member, hub.settings), key, value)
    if isinstance(outcome, Failed):
        raise HTTPException(409, outcome.reason)
    return Json(dict(outcome.data))

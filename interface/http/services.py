"""The services: how they are, what they take, and what people do to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from interface.holder import owner_only
from interface.http.errors import Json
from interface.http.turns import hub_of
from services.runtime.log import log_of

router = APIRouter(prefix="/api/services", tags=["services"])

Service = Annotated[str, Path(pattern="^[a-z][a-z0-9_-]{0,63}$")]
DOES = {
    "restart": "Replace a service's process; no call is lost.",
    "swap": "Put what its folder holds now in the place of what runs, if it is sound; no call is lost.",
    "rest": "Withdraw its tools until it is woken.",
    "wake": "Offer its tools again.",
}


@router.get("")
async def services(request: Request) -> Response:
    """Every service and how it is."""
    return Json(await hub_of(request).service_rows())


@router.get("/stats")
async def stats(request: Request, name: Annotated[str, Query(max_length=64)] = "") -> Response:
    """What each service, or this one, takes and is held to."""
    try:
        return Json(await hub_of(request).service_stats(name))
    except ValueError as wrong:
        raise HTTPException(404, str(wrong)) from wrong


@router.get("/{name}/logs")
async def logs(request: Request, name: Service, lines: Annotated[int, Query(ge=1, le=1_000)] = 50) -> Response:
    """The last lines of a service's log, which may tell of anybody's calls."""
    owner_only("read the logs")
    log = log_of(hub_of(request).settings.home, name)
    return Json(await anyio.to_thread.run_sync(log.last, lines))


def manage(what: str) -> Callable[[Request, str], Awaitable[Response]]:
    """One of the things that people do to a service."""

    async def managed(request: Request, name: Service) -> Response:
        owner_only(f"{what} a service")
        try:
            return Json(await hub_of(request).manage_service(name, what))
        except ValueError as wrong:
            raise HTTPException(404 if "There is no service" in str(wrong) else 409, str(wrong)) from wrong

    return managed


for _what, _about in DOES.items():
    router.add_api_route(f"/{{name}}/{_what}", manage(_what), methods=["POST"], description=_about, name=_what)

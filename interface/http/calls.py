"""What can be done, what was done, what fell due, and how the hub is."""

from __future__ import annotations

from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.types import Receive, Scope, Send

from interface import wire
from interface.http.errors import Json
from interface.http.turns import UNBUFFERED, hub_of, member_of
from interface.hub import Hub
from services.record import entry_row

router = APIRouter(prefix="/api")

KEEP_ALIVE = 15.0
"""Seconds of silence on the alerts stream before a comment shows that it still lives."""

Member = Annotated[str, Depends(member_of)]
"""Who asks; never another than the holder of the request's token."""
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/tools", tags=["tools"])
async def tools(request: Request) -> Response:
    """Everything that can be asked for."""
    return Json([wire.tool_row(tool) for tool in await hub_of(request).tools()])


@router.get("/calls", tags=["calls"])
async def calls(request: Request, member: Member, limit: Limit = 50) -> Response:
    """A member's latest calls, newest first."""
    hub = hub_of(request)
    entries = await hub.journal(member, limit)
    return Json([entry_row(entry) for entry in entries])


@router.get("/alerts/past", tags=["alerts"])
async def past_alerts(request: Request, member: Member, limit: Limit = 20) -> Response:
    """The latest alerts told to a member, newest first."""
    hub = hub_of(request)
    past = await hub.past_alerts(member, limit)
    return Json([wire.alert_row(alert) for alert in past])


@router.post("/alerts/unseen", tags=["alerts"])
async def unseen_alerts(request: Request, member: Member) -> Response:
    """What fell due for a member while nobody listened, oldest first; each is given once."""
    hub = hub_of(request)
    return Json([wire.alert_row(alert) for alert in await hub.unseen_alerts(member)])


@router.get("/alerts", tags=["alerts"])
async def alerts(request: Request, member: Member) -> Response:
    """Alerts as they are told, as server-sent events named `alert`."""
    hub = hub_of(request)
    return AlertStream(hub, member, request.app.state.closing)


@router.get("/status", tags=["status"])
async def status(request: Request) -> Response:
    """How the hub is."""
    return Json(await hub_of(request).status())


class AlertStream(Response):
    """Server-sent events until either side goes."""

    def __init__(self, hub: Hub, member: str, closing: anyio.Event) -> None:
        super().__init__(headers=UNBUFFERED, media_type="text/event-stream")
        del self.headers["content-length"]
        self.hub = hub
        self.member = member
        self.closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send alerts until the client goes or the server closes."""
        async with anyio.create_task_group() as tasks:

            async def until_gone() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            async def until_closing() -> None:
                await self.closing.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(until_gone)
            tasks.start_soon(until_closing)
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._forward(send)
            tasks.cancel_scope.cancel()
        if self.closing.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _forward(self, send: Send) -> None:
        async with self.hub.watched.listen() as stream:
            text = ": listening\n\n"
            while True:
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
                text = ": still here\n\n"
                with anyio.move_on_after(KEEP_ALIVE):
                    try:
                        alert = await stream.receive()
                    except anyio.EndOfStream:
                        return
                    if alert.member == self.member:
                        text = f"event: alert\nid: {alert.id}\ndata: {wire.dump(wire.alert_row(alert))}\n\n"

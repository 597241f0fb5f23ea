"""The form in which a person gives the token, where one is needed."""

from __future__ import annotations

from urllib.parse import parse_qs

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from interface.http.guard import keep
from interface.page.files import page
from interface.tokens import Tokens

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def form() -> Response:
    """The form."""
    return page("login.html")


@router.post("/login")
async def login(request: Request) -> Response:
    """Keep a good token in a cookie."""
    tokens: Tokens = request.app.state.tokens
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    token = fields.get("token", [""])[0].strip()
    if not await anyio.to_thread.run_sync(tokens.good, token):
        return page("login-again.html", 401)
    response = RedirectResponse("/", 303)
    keep(response, token, secure=request.url.scheme == "https")
    return response

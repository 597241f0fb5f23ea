"""Who may speak to the hub over HTTP.

Must stay true: nothing behind this is reached unless the Host header names this machine (a page elsewhere can't
reach us by pointing its own name here), a request that may change something does not come from another site,
and, where MuOS listens beyond this machine, the request carries a token. Whoever gives one, there or on this machine,
speaks for its holder alone (interface/holder.py).

Does not cover: encryption; put a TLS proxy in front when the network between is not your own.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interface.holder import HOLDER, OWNER, Holder
from interface.http.errors import error
from interface.tokens import PREFIX, Tokens

LENGTH_DIGITS = 20
"""A Content-Length of more digits is not even read as a number."""
COOKIE = "muos_token"
COOKIE_AGE = 400 * 24 * 3600
"""Seconds; the longest that browsers grant."""
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = frozenset({"/login", "/page/login.css", "/page/icon.svg"})
"""What a person without a token needs to give one."""
BODY_LIMIT = 2 * 1024 * 1024
"""Bytes of a request: one megabyte of text, and room for its JSON."""
STREAMED = frozenset({"/api/memory/import"})
"""Read line by line as they come, never as a whole."""


def is_loopback(host: str) -> bool:
    """Whether listening on this host reaches nobody but this machine."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(host: str) -> bool:
    """Whether the host is an IP address: no name of someone else's that could point here."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def own_names(host: str) -> frozenset[str]:
    """The names under which a hub that listens on `host` may be spoken to."""
    if is_loopback(host):
        return LOOPBACK_NAMES | {host}
    machine = socket.gethostname().lower()
    return LOOPBACK_NAMES | {host.lower(), machine, f"{machine.partition('.')[0]}.local"}


def host_of(authority: str) -> str:
    """The host of `host:port`, in small letters; empty where there is none."""
    try:
        return (urlsplit(f"//{authority}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def token_of(headers: Headers) -> str | None:
    """The token that a request carries, in its Authorization or its cookie."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return given.strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie else None


class Guard:
    """Lets a request through to the app, or answers it."""

    def __init__(self, app: ASGIApp, host: str, tokens: Tokens | None) -> None:
        self.app = app
        self.names = own_names(host)
        self.open_to_addresses = not is_loopback(host)
        """Bound beyond loopback it may be called by any of the machine's addresses."""
        self.tokens = tokens
        self.needed = not is_loopback(host)
        """Else everybody who can reach us is on this machine, and trusted; a token that is given still counts."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check and pass on."""
        if scope["type"] not in {"http", "websocket"}:
            return await self.app(scope, receive, send)
        refusal, holder = await self._look_at(scope)
        if refusal is None:
            HOLDER.set(holder)
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await refusal(scope, receive, send)

    async def _look_at(self, scope: Scope) -> tuple[Response | None, Holder]:
        """Why the request is not answered, if it is not, and who makes it."""
        headers = Headers(scope=scope)
        path = scope["path"]
        if not self._known_host(headers):
            return error(
                403, "This name is not one of this machine's; call it by its own name or address.", path
            ), NOBODY
        if self._from_elsewhere(scope, headers):
            return error(403, "Requests that other sites' pages make are not answered.", path), NOBODY
        if path in OPEN_PATHS:
            return None, NOBODY
        if self.tokens is None:
            return None, OWNER
        return await self._ask_for_token(self.tokens, scope, headers)

    def _known_host(self, headers: Headers) -> bool:
        if len(headers.getlist("host")) != 1:
            return False
        host = host_of(headers["host"])
        return host in self.names or (self.open_to_addresses and is_address(host))

    def _from_elsewhere(self, scope: Scope, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None or (scope["type"] == "http" and scope["method"] in SAFE_METHODS):
            return False
        try:
            return urlsplit(origin).netloc.lower() != headers["host"].lower()
        except ValueError:
            return True

    async def _ask_for_token(self, tokens: Tokens, scope: Scope, headers: Headers) -> tuple[Response | None, Holder]:
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        given = token_of(headers)
        if given is not None and (holder := await anyio.to_thread.run_sync(tokens.holder, given)):
            return None, holder
        in_query = query.pop("token", None)
        if in_query is not None and await anyio.to_thread.run_sync(tokens.good, in_query):
            return welcome(scope, in_query, query), NOBODY
        if not self.needed and not (given or in_query or "").startswith(PREFIX):
            return None, OWNER
        if scope.get("method") == "GET" and "text/html" in headers.get("accept", ""):
            return RedirectResponse("/login", 303), NOBODY
        said = (
            "This token is not, or no longer, good."
            if given
            else "A token is needed: send it as `Authorization: Bearer …`."
        )
        return error(401, said, scope["path"], BEARER), NOBODY


NOBODY = Holder("")
"""Holds no token, and can do no more than give one."""
BEARER: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


def welcome(scope: Scope, token: str, query: Mapping[str, str]) -> Response:
    """Keep the token in a cookie and go on to the same place, out of the address bar and the history."""
    path = "/" + scope["path"].lstrip("/")
    response = RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)
    keep(response, token, secure=scope["scheme"] == "https")
    return response


def keep(response: Response, token: str, secure: bool) -> None:
    """Set the cookie: never readable by scripts, never sent from other sites."""
    response.set_cookie(COOKIE, token, max_age=COOKIE_AGE, httponly=True, samesite="strict", secure=secure, path="/")


class BodyLimit:
    """Refuses bodies that are too large, before anything is made of them."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body within the limit and pass it on."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or scope["path"] in STREAMED:
            return await self.app(scope, receive, send)
        declared = Headers(scope=scope).get("content-length", "")
        if not declared or (declared.isdigit() and len(declared) < LENGTH_DIGITS and int(declared) <= self.limit):
            body = await self._read(receive)
            if body is None:
                return None  # gone before it had said what it wanted
            if len(body) <= self.limit:
                return await self.app(scope, self._replay(body, receive), send)
        refusal = error(413, f"The request is too large: at most {self.limit // 1024} KiB.", scope["path"])
        return await refusal(scope, receive, send)

    async def _read(self, receive: Receive) -> bytes | None:
        body = bytearray()
        while len(body) <= self.limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        return bytes(body)

    def _replay(self, body: bytes, receive: Receive) -> Receive:
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        return replay

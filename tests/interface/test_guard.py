"""Nobody gets past the guard who should not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from interface.http.app import build_app
from interface.http.guard import BodyLimit, Guard, is_loopback
from interface.hub import open_hub
from interface.settings import Settings
from interface.tokens import Tokens, tokens

LIMIT = 1000
HOME = "http://127.0.0.1:8420"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"in {len(body)}")(scope, receive, send)


def client(listens_on: str = "127.0.0.1", known: Tokens | None = None, url: str = HOME) -> httpx.AsyncClient:
    app = Guard(BodyLimit(echo, LIMIT), listens_on, known)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url)


@pytest.fixture
def known(tmp_path: Path) -> Tokens:
    return Tokens(sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}"))


@pytest.mark.parametrize("host", ["127.0.0.1:8420", "localhost:8420", "LOCALHOST", "[::1]:8420", "localhost."])
async def test_this_machine_goes_by_its_loopback_names(host: str) -> None:
    async with client() as http:
        assert (await http.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "", "192.0.2.7", "[", "localhost@evil.example"],
)
async def test_a_name_that_someone_else_points_here_is_refused(host: str) -> None:
    async with client() as http:
        answer = await http.get("/", headers={"host": host})
    assert answer.status_code == 403
    assert set(answer.json()) == {"error", "code"}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://[", "file://"])
async def test_another_sites_page_can_change_nothing(origin: str) -> None:
    async with client() as http:
        assert (await http.post("/", headers={"origin": origin})).status_code == 403


async def test_our_own_page_and_programs_can() -> None:
    async with client() as http:
        assert (await http.post("/", headers={"origin": HOME})).status_code == 200
        assert (await http.post("/")).status_code == 200


async def test_a_body_of_the_limit_passes_and_one_byte_more_does_not() -> None:
    async def pieces(size: int) -> AsyncIterator[bytes]:
        for _ in range(size):
            yield b"x"

    async with client() as http:
        assert (await http.post("/", content=b"x" * LIMIT)).text == f"in {LIMIT}"
        assert (await http.post("/", content=pieces(LIMIT))).text == f"in {LIMIT}"
        for content in (b"x" * (LIMIT + 1), pieces(LIMIT + 1)):
            answer = await http.post("/", content=content)
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        for length in ("-1", "1e9", "9" * 5000, "five"):
            assert (await http.post("/", content=b"x", headers={"content-length": length})).status_code == 413


async def test_beyond_this_machine_every_request_needs_a_token(known: Tokens) -> None:
    token = known.make()
    async with client("0.0.0.0", known, "http://192.0.2.7:8420") as http:
        for headers in (
            {},
            {"authorization": "Bearer"},
            {"authorization": "Bearer muos_no"},
            {"cookie": "muos_token=no"},
        ):
            answer = await http.get("/healthz", headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert (await http.get("/", headers={"authorization": f"Bearer {token}"})).status_code == 200
        assert (await http.get("/", headers={"authorization": f"bearer  {token} "})).status_code == 200
        assert (await http.get("/", headers={"cookie": f"a=b; muos_token={token}"})).status_code == 200
        known.forget()
        assert (await http.get("/", headers={"authorization": f"Bearer {token}"})).status_code == 401


async def test_beyond_this_machine_it_goes_by_its_addresses_but_no_strangers_name(known: Tokens) -> None:
    bearer = {"authorization": f"Bearer {known.make()}"}
    async with client("0.0.0.0", known) as http:
        for host, status in {
            "192.0.2.7:8420": 200,
            "[2001:db8::7]": 200,
            "localhost": 200,
            "evil.example": 403,
        }.items():
            assert (await http.get("/", headers={"host": host, **bearer})).status_code == status


async def test_a_token_in_the_address_moves_into_a_cookie_that_scripts_and_other_sites_never_see(known: Tokens) -> None:
    token = known.make()
    async with client("0.0.0.0", known, "http://192.0.2.7:8420") as http:
        answer = await http.get("http://192.0.2.7:8420//evil.example/x", params={"a": "b c", "token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/evil.example/x?a=b+c")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await http.get("/")).status_code == 200


async def test_a_websocket_from_elsewhere_is_closed() -> None:
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    headers = [(b"host", b"127.0.0.1:8420"), (b"origin", b"http://evil.example")]
    await Guard(echo, "127.0.0.1", None)({"type": "websocket", "path": "/", "headers": headers}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(names=st.binary(max_size=40), values=st.binary(max_size=80))
async def test_no_header_crashes_it(known: Tokens, names: bytes, values: bytes) -> None:
    app = Guard(BodyLimit(echo, LIMIT), "0.0.0.0", known)
    started = []

    async def send(message: object) -> None:
        started.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    for name in (names, b"host", b"origin", b"authorization", b"cookie", b"content-length", b"accept"):
        headers = [(b"host", b"127.0.0.1"), (name, values)] if name != b"host" else [(name, values)]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "scheme": "http",
            "query_string": values,
            "headers": headers,
        }
        started.clear()
        await app(scope, receive, send)
        assert started


def test_a_token_is_shown_once_and_only_its_hash_is_kept(known: Tokens) -> None:
    token = known.first()
    assert token is not None
    assert known.first() is None
    assert known.good(token)
    assert not known.good(token[:-1])
    with known.engine.connect() as db:
        assert token not in str(db.execute(sa.select(tokens)).all())


def test_the_token_of_this_machines_own_command_line_is_never_stored(known: Tokens) -> None:
    assert known.good(known.local)
    assert not Tokens(known.engine).good(known.local)


def test_what_is_loopback() -> None:
    assert all(map(is_loopback, ["localhost", "127.0.0.1", "127.0.0.53", "::1"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.0.2.7", "example.org", ""]))


@asynccontextmanager
async def open_house(home: Path) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """The whole app as it is where a hub listens beyond this machine, and a token; no socket is opened."""
    async with open_hub(Settings(home=home, host="0.0.0.0")) as hub:
        app = build_app(hub)
        token = app.state.tokens.make()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://192.0.2.7:8420") as http:
            yield http, token


async def test_a_person_gives_the_token_in_a_form_and_is_in(tmp_path: Path) -> None:
    async with open_house(tmp_path) as (http, token):
        sent_on = await http.get("/", headers={"accept": "text/html"})
        assert (sent_on.status_code, sent_on.headers["location"]) == (303, "/login")
        assert "<form" in (await http.get("/login")).text
        assert (await http.get("/page/login.css")).status_code == 200
        assert (await http.post("/login", data={"token": "muos_wrong"})).status_code == 401
        assert (await http.post("/login", content=b"\xff&token=%ff")).status_code == 401
        assert (await http.get("/api/tools")).status_code == 401
        assert (await http.post("/login", data={"token": f" {token} "})).headers["location"] == "/"
        assert (await http.get("/healthz")).status_code == 200

"""Whoever holds a member's token speaks as that member, and nobody else, by every way in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from interface.holder import HOLDER, OWNER, Holder, NotTheirs, speaker
from interface.http.app import build_app
from interface.settings import Settings
from interface.tokens import Tokens
from tests.interface.conftest import Site

ANSWER = 60.0
"""Seconds for one answer on a busy machine."""
SECRET = "heron-42"


@pytest.fixture(scope="module")
def tokens(site: Site) -> Tokens:
    return Tokens(site.hub.engine)


@pytest.fixture(scope="module")
def ann(site: Site, tokens: Tokens) -> Iterator[httpx.Client]:
    with as_holder(site, tokens.make("tok-ann")) as client:
        said = client.post("/api/turns?stream=false", json={"text": f"remember that my boat is called {SECRET}"})
        assert said.json()["calls"]
        yield client


@pytest.fixture(scope="module")
def bob(site: Site, tokens: Tokens) -> Iterator[httpx.Client]:
    with as_holder(site, tokens.make("tok-bob")) as client:
        yield client


def as_holder(site: Site, token: str) -> httpx.Client:
    bearer = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=site.url, headers=bearer, timeout=ANSWER, trust_env=False)


def test_a_members_token_speaks_for_its_member_without_being_told(ann: httpx.Client, bob: httpx.Client) -> None:
    assert SECRET in ann.post("/api/recall", json={"query": "boat"}).text
    assert bob.post("/api/recall", json={"query": "boat"}).json() == []
    assert SECRET in ann.get("/api/flows").text
    assert bob.get("/api/flows").json() == []
    assert SECRET in ann.get("/api/calls").text
    assert bob.get("/api/calls").json() == []


BODIES: dict[str, Any] = {
    "/api/turns": {"text": "what did I say about the boat?"},
    "/api/calls": {"tool": "memory_recall", "arguments": {"query": "boat"}},
    "/api/flows": {"steps": [{"tool": "memory_recall", "arguments": {"query": "boat"}}]},
    "/api/undo": {},
    "/api/calls/abcdef/confirm": {"yes": True},
    "/api/calls/abcdef/undo": {},
    "/api/remember": {"text": "the boat leaks"},
    "/api/recall": {"query": "boat"},
    "/api/rooms": {"name": "den"},
    "/api/rooms/den/join": {"who": "tok-bob"},
    "/api/rooms/den/leave": {"who": "tok-bob"},
    "/api/guests": {"name": "gus"},
    "/api/guests/den/leave": {},
    "/api/memory/correct": {"id": "abcdef", "text": "the boat leaks"},
    "/api/memory/forget": {"topic": "boat"},
    "/api/memory/erase": {"confirm": "tok-ann"},
}
"""What each route that acts for somebody wants to be told besides who asks."""


@pytest.mark.parametrize("path", BODIES)
def test_another_member_in_a_body_is_refused_in_one_sentence(site: Site, bob: httpx.Client, path: str) -> None:
    if path not in routes(site, "POST"):
        pytest.skip(f"there is no {path} yet")
    refused = bob.post(path, json=BODIES[path] | {"member": "tok-ann"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert refused.json()["error"] == "This token is tok-bob's; it can't speak for 'tok-ann'."


def test_every_route_that_takes_a_body_with_a_member_is_tried(site: Site) -> None:
    whose = {
        path
        for path, route in routes(site, "POST").items()
        if route.body_field is not None
        and "member" in str(getattr(route.body_field.field_info.annotation, "model_fields", ""))
    }
    assert whose <= BODIES.keys()


def test_another_member_in_a_query_is_refused_wherever_there_is_one(site: Site, bob: httpx.Client) -> None:
    tried = 0
    for method in ("GET", "DELETE", "POST"):
        for path, route in routes(site, method).items():
            named = [*route.dependant.query_params, *(p for d in route.dependant.dependencies for p in d.query_params)]
            if not any(
                p.name == "member" or "member" in getattr(p.field_info.annotation, "model_fields", {}) for p in named
            ):
                continue
            asked = {"member": "tok-ann", "subject": "boat", "relation": "code", "id": "abcdef", "query": "boat"}
            refused = bob.request(method, path, params=asked)
            assert refused.status_code == 403, f"{method} {path}"
            tried += 1
    assert tried >= 10


def routes(site: Site, method: str) -> dict[str, APIRoute]:
    """The paths of the API with something in the place of what they leave open."""
    fill = {"name": "den", "call_id": "abcdef", "flow_id": "abcdef", "key": "a", "do": "review", "what": "a"}
    found = {}
    for route in build_app(site.hub).routes:
        for one in getattr(getattr(route, "original_router", None), "routes", [route]):
            if isinstance(one, APIRoute) and method in (one.methods or ()):
                found[one.path_format.format(**{name: fill.get(name, "abcdef") for name in one.param_convertors})] = one
    return found


def test_openai_clients_are_bound_too(bob: httpx.Client, ann: httpx.Client) -> None:
    asked: dict[str, Any] = {
        "model": "muos",
        "messages": [{"role": "user", "content": "remember that the moat is deep"}],
    }
    assert bob.post("/v1/chat/completions", json=asked).status_code == 200
    assert "moat" in bob.post("/api/recall", json={"query": "moat"}).text
    assert "moat" not in ann.post("/api/recall", json={"query": "moat"}).text
    refused = bob.post("/v1/chat/completions", json=asked | {"metadata": {"member": "tok-ann"}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


@asynccontextmanager
async def assistant(site: Site, token: str, mode: str) -> AsyncIterator[Client]:
    async with (
        httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=ANSWER) as http,
        Client(streamable_http_client(f"{site.url}/mcp", http_client=cast("Any", http)), mode=mode) as client,
    ):
        yield client


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_mcp_clients_are_bound_too(site: Site, tokens: Tokens, ann: httpx.Client, mode: str) -> None:
    async with assistant(site, tokens.make("tok-bob"), mode) as client:
        own = await client.call_tool("memory_recall", {"query": "boat"})
        named = await client.call_tool("memory_recall", {"query": "boat"}, meta=cast("Any", {"muos/member": "tok-ann"}))
    assert SECRET not in text_of(own)
    assert named.is_error
    assert text_of(named) == "This token is tok-bob's; it can't speak for 'tok-ann'."
    async with assistant(site, tokens.make("tok-ann"), mode) as client:
        assert SECRET in text_of(await client.call_tool("memory_recall", {"query": "boat"}))


def text_of(result: CallToolResult) -> str:
    return "".join(cast("TextContent", part).text for part in result.content)


def test_the_page_is_bound_by_its_cookie(site: Site, tokens: Tokens, ann: httpx.Client) -> None:
    with httpx.Client(base_url=site.url, timeout=ANSWER, trust_env=False) as browser:
        assert browser.post("/login", data={"token": tokens.make("tok-bob")}).status_code == 303
        assert SECRET not in browser.get("/api/calls").text
        assert browser.get("/api/calls", params={"member": "tok-ann"}).status_code == 403


def test_alerts_of_another_cannot_be_listened_to(bob: httpx.Client) -> None:
    assert bob.get("/api/alerts", params={"member": "tok-ann"}).status_code == 403
    with bob.stream("GET", "/api/alerts") as stream:
        assert stream.status_code == 200


def test_what_concerns_everybody_is_the_owners(bob: httpx.Client) -> None:
    for path in ("/api/services/lists/restart", "/api/strangers/x/forget"):
        assert bob.post(path).status_code == 403
    assert bob.post("/api/strangers/x/review", json={}).status_code == 403
    assert bob.get("/api/services/lists/logs").status_code == 403
    assert bob.put("/api/services/x/settings/y", json={"value": "z", "member": "tok-ann"}).status_code == 403
    assert bob.get("/api/services").status_code == 200


def test_another_members_notes_cannot_be_brought_in(site: Site, bob: httpx.Client, ann: httpx.Client) -> None:
    if "/api/memory/import" not in routes(site, "POST"):
        pytest.skip("there is no import yet")
    line = '{"text": "the boat is called swan-7", "member": "tok-ann"}'
    brought = bob.post("/api/memory/import", content=line)
    assert (brought.json()["imported"], brought.json()["refused"]) == (0, 1)
    assert "swan" not in ann.post("/api/recall", json={"query": "boat"}).text


def test_without_a_token_whoever_sits_at_the_machine_is_trusted(site: Site, ann: httpx.Client) -> None:
    with httpx.Client(base_url=site.url, timeout=ANSWER, trust_env=False) as at_home:
        assert SECRET in at_home.post("/api/recall", json={"query": "boat", "member": "tok-ann"}).text
        assert at_home.get("/healthz", headers={"Authorization": "Bearer sk-any-client-sends"}).status_code == 200


def test_a_token_that_was_removed_does_not_become_the_owners(site: Site, tokens: Tokens) -> None:
    gone = tokens.make("tok-carl")
    name = next(made.name for made in tokens.all() if made.member == "tok-carl")
    assert tokens.remove(name).member == "tok-carl"
    with as_holder(site, gone) as client:
        refused = client.get("/api/calls")
    assert (refused.status_code, refused.json()["error"]) == (401, "This token is not, or no longer, good.")


def test_the_owners_token_speaks_for_anybody(site: Site, tokens: Tokens, ann: httpx.Client) -> None:
    with as_holder(site, tokens.make()) as owner:
        assert SECRET in owner.post("/api/recall", json={"query": "boat", "member": "tok-ann"}).text


@pytest.mark.parametrize("name", ["muos", "Agent", " system", "SYSTEM "])
def test_nobody_is_called_like_muos_itself(site: Site, name: str) -> None:
    said = httpx.post(f"{site.url}/api/turns", json={"text": "hello", "member": name}, trust_env=False)
    assert said.status_code == 422
    assert "that name means MuOS itself" in said.json()["error"]
    with pytest.raises(ValueError, match="means MuOS itself"):
        Tokens(site.hub.engine).make(name)


def test_spaces_around_a_name_make_nobody_else(tokens: Tokens) -> None:
    made = tokens.holder(tokens.make(" bob "))
    assert made is not None
    assert made.member == "bob"


def test_a_home_from_before_tokens_had_members_keeps_its_token_as_the_owners(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    token = Tokens(engine).make()
    with engine.begin() as db:
        db.execute(sa.text("ALTER TABLE tokens DROP COLUMN member"))
    again = Tokens(engine)
    assert again.holder(token) == OWNER
    assert again.holder(again.make("bob")) == Holder("bob")
    assert [made.member for made in again.all()] == [None, "bob"]
    with pytest.raises(ValueError, match="There is no token"):
        again.remove("")
    engine.dispose()


def test_where_nobody_said_who_asks_nobody_may_speak() -> None:
    with pytest.raises(NotTheirs):
        speaker("ann", Settings())
    mark = HOLDER.set(Holder("bob"))
    assert speaker(None, Settings()) == "bob"
    HOLDER.reset(mark)

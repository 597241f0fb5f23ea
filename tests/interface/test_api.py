"""The hub's own API, over a real socket, with real services behind it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interface.http.app import build_app
from interface.http.server import CannotListen, Server, serve, take_address
from interface.hub import open_hub
from interface.running import find_hub
from interface.settings import Settings
from tests.interface.conftest import Site, until_ready

NOW = "2026-03-04T09:00:00+01:00"
PATIENCE = 60.0
"""Seconds that a test waits for what must come."""
Row = dict[str, Any]


class Person:
    """Someone who talks to the hub, with nothing in common with the other tests' people."""

    def __init__(self, site: Site) -> None:
        self.name = f"member {uuid4().hex[:8]}"
        self.http = httpx.Client(base_url=site.url, timeout=PATIENCE)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(path, json={"member": self.name, "now": NOW, "zone": "Europe/Paris", **body})

    def ask(self, text: str, **body: Any) -> Row:
        answer = self.post("/api/turns?stream=false", text=text, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def calls(self) -> list[Row]:
        return list(self.http.get("/api/calls", params={"member": self.name}).json())


@pytest.fixture
def person(site: Site) -> Iterator[Person]:
    person = Person(site)
    with person.http:
        yield person


@pytest.fixture
def stranger(site: Site) -> Iterator[Person]:
    person = Person(site)
    with person.http:
        yield person


def test_it_answers_that_it_lives(person: Person) -> None:
    assert person.http.get("/healthz").json() == {"status": "ok"}


def test_a_turn_streams_its_events_and_ends_with_what_it_came_to(person: Person) -> None:
    with person.http.stream(
        "POST", "/api/turns", json={"text": "add tea to the shopping list", "member": person.name}
    ) as answer:
        assert answer.headers["content-type"] == "application/x-ndjson"
        rows = [json.loads(line) for line in answer.iter_lines()]
    kinds = [row["event"] for row in rows]
    assert kinds[0] == "heard"
    assert kinds[-1] == "end"
    assert kinds.index("calling") < kinds.index("called") < kinds.index("said")
    end = rows[-1]
    assert set(end) == {"event", "text", "path", "calls", "waiting", "ms"}
    assert (end["path"], end["waiting"], end["calls"][0]["status"]) == ("reflex", None, "done")
    assert "".join(row["text"] for row in rows if row["event"] == "said") == end["text"]


def test_what_was_done_is_in_the_journal_and_can_be_undone_by_its_id(person: Person) -> None:
    [call] = person.ask("add tea to the packing list")["calls"]
    assert person.calls()[0]["id"] == call["id"] == call["undo"]
    undone = person.post(f"/api/calls/{call['undo']}/undo?stream=false").json()
    assert undone["calls"][0]["status"] == "done"
    assert next(entry for entry in person.calls() if entry["id"] == call["id"])["status"] == "undone"
    again = person.post(f"/api/calls/{call['id']}/undo?stream=false").json()
    assert again["calls"][0]["status"] == "error"


def test_the_last_action_can_be_undone(person: Person) -> None:
    person.ask("add tea to the garden list")
    assert person.post("/api/undo?stream=false").json()["calls"][0]["tool"] == "muos_undo"
    assert person.http.post("/api/undo?stream=false").status_code == 200


def test_what_can_not_be_undone_waits_for_a_yes_or_a_no(person: Person) -> None:
    person.ask("note that the spare key is under the blue pot")
    waiting = person.ask("delete all my notes")["waiting"]
    assert waiting["kind"] == "confirm"
    assert person.calls()[0]["status"] == "waiting"
    person.post(f"/api/calls/{waiting['call']}/confirm?stream=false", yes=False)
    assert person.calls()[0]["status"] == "cancelled"
    waiting = person.ask("delete all my notes")["waiting"]
    done = person.post(f"/api/calls/{waiting['call']}/confirm?stream=false", yes=True).json()
    assert [(call["id"], call["status"]) for call in done["calls"]] == [(waiting["call"], "done")]
    twice = person.post(f"/api/calls/{waiting['call']}/confirm?stream=false", yes=True).json()
    assert twice["calls"] == []


def test_nobody_decides_on_another_members_call(person: Person, stranger: Person) -> None:
    waiting = person.ask("delete all my notes")["waiting"]
    assert stranger.post(f"/api/calls/{waiting['call']}/confirm?stream=false", yes=True).json()["calls"] == []
    assert stranger.calls() == []
    assert person.calls()[0]["status"] == "waiting"


def test_a_yes_given_beforehand_is_taken(person: Person) -> None:
    person.ask("note that the spare key is under the blue pot")
    assert person.ask("delete all my notes", yes=True)["waiting"] is None


def test_what_is_missing_is_asked_for_and_the_answer_completes_the_call(person: Person) -> None:
    first = person.ask("remind me to pay the rent")
    assert first["waiting"]["kind"] == "missing"
    second = person.ask("on the first at nine")
    assert second["calls"][0]["status"] == "done"


def test_tools_services_and_status_are_told(person: Person) -> None:
    tools = person.http.get("/api/tools").json()
    assert {"name", "description", "inputSchema", "effect", "service", "examples"} == set(tools[0])
    assert not any(tool["name"].endswith("_due") for tool in tools)
    services = {row["name"]: row for row in person.http.get("/api/services").json()}
    assert services["lists"]["tools"] > 0
    restarted = person.post("/api/services/lists/restart").json()
    assert restarted["restarts"] > services["lists"]["restarts"]
    assert person.post("/api/services/nothing/restart").status_code == 404
    assert person.http.get("/api/status").json()["uptime"] > 0


def test_what_was_remembered_is_recalled(person: Person) -> None:
    person.ask("remember that the spare key is under the flower pot")
    found = person.post("/api/recall", query="where is the spare key?", k=3).json()
    assert "flower pot" in found[0]["text"]
    assert set(found[0]) == {"id", "text", "who", "when", "score", "why"}


def test_an_alert_comes_by_itself_and_stays_in_the_past_ones(person: Person) -> None:
    with person.http.stream("GET", "/api/alerts", params={"member": person.name}) as alerts:
        lines = alerts.iter_lines()
        assert next(lines).startswith(":")
        turn = {"text": "set a timer for 1 second called egg", "member": person.name}
        httpx.post(f"{person.http.base_url}/api/turns?stream=false", json=turn, timeout=PATIENCE)
        told = next(line for line in lines if line.startswith("data: "))
    alert = json.loads(told.removeprefix("data: "))
    assert "egg" in alert["text"]
    past = person.http.get("/api/alerts/past", params={"member": person.name}).json()
    assert [each["id"] for each in past] == [alert["id"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'{"text": 7}', 422),
        (b'{"text": "hi", "zone": "../../etc/passwd"}', 422),
        (b'{"text": "hi", "zone": "America"}', 422),
        (b'{"text": "hi", "zone": "\\u0000"}', 422),
        (b'{"text": "hi", "now": "the 31st of February"}', 422),
        (b'{"text": "hi", "member": ""}', 422),
        (b'{"text": "hi", "member": "a\\u0000b"}', 422),
        (b'{"text": "\xff\xfe"}', 400),
        (b"[" * 100_000, 400),
        (b" " * (2 * 1024 * 1024 + 1), 413),
    ],
)
def test_a_body_that_is_wrong_gets_one_clear_sentence(person: Person, body: bytes, status: int) -> None:
    answer = person.http.post("/api/turns", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, set(answer.json())) == (status, {"error", "code"})
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x07\x1b[2J",
        "🥑" * 50,
        "\ud800",
        "\u202eevil",
        "牛乳を買い物リストに追加",
        "x" * 1_000_000,
        "<script>",
    ],
)
@pytest.mark.parametrize("now", [NOW, "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59Z", "2026-03-04T09:00:00"])
def test_no_text_at_any_time_breaks_it(person: Person, text: str, now: str) -> None:
    content = json.dumps({"text": text, "member": person.name, "now": now})
    answer = person.http.post("/api/turns?stream=false", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {200, 422}
    assert person.http.get("/healthz").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "BREW"])
@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api/turns",
        "/page/../files.py",
        "/page/%2e%2e/files.py",
        "/page/%00",
        "/%ff%fe",
        "/api/calls/x/undo",
        "/api/calls?limit=0",
        "/api/calls?limit=x",
        "/api/calls?member=%ff",
        "/v1/models/%00",
        "/mcp",
        "/login",
        "//",
        "/é",
        "/" + "a" * 9000,
    ],
)
def test_no_method_and_path_breaks_it(person: Person, method: str, path: str) -> None:
    if (method, path) == ("GET", "/mcp"):
        return  # a stream that stays open, as MCP wants it
    assert person.http.request(method, path).status_code < 500


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(raw=st.binary(max_size=200))
def test_no_bytes_on_the_wire_break_it(site: Site, raw: bytes) -> None:
    port = int(site.url.rpartition(":")[2])
    for start in (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"POST /api/turns HTTP/1.1\r\nHost: localhost\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(start + raw + b"\r\n\r\n")
    assert httpx.get(f"{site.url}/healthz").status_code == 200


def test_the_api_describes_itself(person: Person) -> None:
    paths = person.http.get("/openapi.json").json()["paths"]
    assert {"/api/turns", "/api/tools", "/api/calls/{call_id}/undo", "/v1/chat/completions", "/healthz"} <= set(paths)


def test_no_packet_waits_for_the_one_before_it_to_be_confirmed() -> None:
    with take_address("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname(), timeout=PATIENCE):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_an_address_that_is_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    with take_address("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"can't listen on 127.0.0.1:{port}"):
            await serve(Settings(home=tmp_path / "home", port=port), lambda line: None)
    assert not (tmp_path / "home").exists()


async def test_on_leaving_streams_that_would_never_end_are_ended(tmp_path: Path) -> None:
    with take_address("127.0.0.1", 0) as listener, anyio.fail_after(PATIENCE):
        async with open_hub(Settings(home=tmp_path)) as hub, anyio.create_task_group() as tasks:
            server = Server(build_app(hub))
            tasks.start_soon(server.serve, [listener])
            await until_ready(server)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/alerts"
            async with httpx.AsyncClient(timeout=PATIENCE) as http, http.stream("GET", url) as answer:
                lines = answer.aiter_lines()
                await anext(lines)
                server.should_exit = True
                assert [line async for line in lines if line.startswith("data")] == []


async def test_a_hub_that_serves_tells_its_address_and_leaves_it_in_its_home(tmp_path: Path) -> None:
    told: list[str] = []
    ready = anyio.Event()

    def tell(line: str) -> None:
        told.append(line)
        ready.set()

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(serve, Settings(home=tmp_path, port=0), tell)
            await ready.wait()
            running = await anyio.to_thread.run_sync(find_hub, tmp_path)
            assert running is not None
            assert told == [f"MuOS is at http://127.0.0.1:{running.port}"]
            tasks.cancel_scope.cancel()
    assert find_hub(tmp_path) is None

"""One piece of work is one record: seen alike by every way in, cancelled, seen through, and taken up after a crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import anyio.to_thread
import httpx
import pytest
from mcp.client import Client

from agent.turn import Said, Turn
from interface.http.app import build_app
from interface.http.server import Server, take_address
from interface.hub import Hub, open_hub
from interface.running import Running, announced
from interface.settings import Settings
from services.record import Flow, Status
from services.tool import Call, Caller, Done
from tests.interface.conftest import Site, until_ready

NOW = "2026-03-04T09:00:00+01:00"
PATIENCE = 60.0
ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
BOIL_AND_BUY = "put the kettle on and add milk to the shopping list"

KETTLE = '''
"""A kettle that says when it has begun, and boils once it is told to."""
import os
from pathlib import Path
from services.kit import Context, Reply, Service

HERE = Path(os.environ["MUOS_SERVICE_DATA"])
service = Service(__file__, tables="CREATE TABLE IF NOT EXISTS cup(id INTEGER PRIMARY KEY AUTOINCREMENT);")

@service.tool("reversible", examples=["boil the kettle", "put the kettle on", "heat water in the kettle"])
def boil(ctx: Context) -> Reply:
    """Boil the kettle for one more cup."""
    ctx.db.execute("INSERT INTO cup DEFAULT VALUES")
    if (HERE / "begun").exists():
        (HERE / "begun").write_text(str(os.getpid()))
        (HERE / "go").read_text()
    return Reply("The kettle is on.")

service.run()
'''


class Api:
    """The hub's API as one member uses it."""

    def __init__(self, site: Site) -> None:
        self.name = f"member {uuid4().hex[:8]}"
        self.http = httpx.Client(base_url=site.url, timeout=PATIENCE)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(path, json={"member": self.name, "now": NOW, "zone": "Europe/Paris", **body})

    def call(self, tool: str, arguments: Row, **more: Any) -> Row:
        answer = self.post("/api/calls", tool=tool, arguments=arguments, **more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def flows(self, **only: Any) -> list[Row]:
        return list(self.http.get("/api/flows", params={"member": self.name, **only}).json())


@pytest.fixture
def api(site: Site) -> Iterator[Api]:
    api = Api(site)
    with api.http:
        yield api


def test_what_was_asked_in_one_sentence_is_one_flow_with_its_calls(api: Api) -> None:
    text = "add milk to the first list and add bread to the second list"
    made = api.post("/api/turns?stream=false", text=text).json()
    [flow] = api.flows()
    assert (flow["asked"], flow["status"], flow["text"]) == (text, "done", made["text"])
    assert [call["id"] for call in flow["calls"]] == [call["id"] for call in made["calls"]]
    assert all(call["flow"] == flow["id"] for call in flow["calls"])
    taken = api.post("/api/undo?stream=false", call=flow["id"]).json()
    assert taken["text"].startswith("Undid 2 things"), taken
    undone = api.http.get(f"/api/flows/{flow['id']}", params={"member": api.name}).json()
    assert [call["status"] for call in undone["calls"]] == ["undone", "undone"]


def test_a_result_is_the_argument_of_a_later_call(api: Api) -> None:
    first = api.call("lists_add", {"items": ["tea", "jam"], "list": "first things"})
    pointer = {"$result": first["id"], "path": "/data/items"}
    second = api.call("lists_add", {"items": pointer, "list": "second things"})
    assert second["arguments"]["items"] == ["tea", "jam"]
    wrong = api.call("lists_add", {"items": {"$result": first["id"], "path": "/data/nothing"}})
    assert wrong["status"] == "error"
    assert "'items'" in wrong["result"]["text"]


def test_steps_are_one_flow_and_each_may_use_what_the_ones_before_gave(api: Api) -> None:
    steps = [
        {"tool": "lists_add", "arguments": {"items": ["tea"], "list": "one"}},
        {"tool": "lists_add", "arguments": {"items": {"$result": 0, "path": "/data/items"}, "list": "two"}},
        {"tool": "notes_delete_all", "arguments": {}},
    ]
    flow = api.post("/api/flows", steps=steps, asked="copy the tea").json()
    assert (flow["asked"], flow["status"]) == ("copy the tea", "waiting")
    assert [call["status"] for call in flow["calls"]] == ["done", "done", "waiting"]
    assert flow["calls"][1]["arguments"] == {"items": ["tea"], "list": "two"}
    assert [row["id"] for row in api.flows(status="waiting")] == [flow["id"]]
    assert api.post("/api/flows", steps=[{"tool": "no_such"}]).status_code == 404
    assert api.post("/api/flows", steps=[]).status_code == 422


def test_what_waits_is_cancelled_and_what_took_effect_is_named_with_its_undo(api: Api) -> None:
    steps = [{"tool": "lists_add", "arguments": {"items": ["tea"]}}, {"tool": "notes_delete_all"}]
    flow = api.post("/api/flows", steps=steps).json()
    path = f"/api/flows/{flow['id']}"
    answer = api.http.delete(path, params={"member": api.name})
    assert answer.json()["status"] == "cancelled"
    assert [call["status"] for call in answer.json()["calls"]] == ["done", "cancelled"]
    assert f"muos undo {flow['id']}" in answer.json()["said"]
    assert api.http.delete(path, params={"member": api.name}).status_code == 409
    assert api.http.delete(path, params={"member": "someone else"}).status_code == 404
    assert api.http.get(path, params={"member": "someone else"}).status_code == 404


async def test_mcp_shows_the_same_records_and_takes_the_same_references(site: Site) -> None:
    name = f"member {uuid4().hex[:8]}"
    who: Any = {"muos/member": name, "muos/now": NOW, "muos/zone": "Europe/Paris"}
    async with Client(f"{site.url}/mcp") as client:
        first = await client.call_tool("lists_add", {"items": ["tea"], "list": "here"}, meta=who)
        pointer = {"$result": (first.meta or {})["muos/call"], "path": "/data/items"}
        await client.call_tool("lists_add", {"items": pointer, "list": "there"}, meta=who)
        told = await client.call_tool("muos_log", {}, meta=who)
    assert told.structured_content is not None
    async with httpx.AsyncClient(base_url=site.url, timeout=PATIENCE) as http:
        rows = (await http.get("/api/flows", params={"member": name})).json()
    shown = [row for row in rows if row["calls"][0]["tool"] != "muos_log"]
    assert told.structured_content["flows"] == shown
    assert shown[0]["calls"][0]["arguments"] == {"items": ["tea"], "list": "there"}


# Whoever stops listening, and whatever is killed


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def home(tmp_path: Path, cache: Path) -> Path:
    (tmp_path / "cache").symlink_to(cache)
    folder = tmp_path / "services.d" / "kettle"
    folder.mkdir(parents=True)
    (folder / "service.toml").write_text('name = "kettle"\ntitle = "Kettle"\n[run]\npython = "server.py"\n')
    (folder / "server.py").write_text(KETTLE)
    data = tmp_path / "services" / "kettle"
    data.mkdir(parents=True)
    os.mkfifo(data / "begun")
    os.mkfifo(data / "go")
    return tmp_path


async def begun(home: Path) -> int:
    """Wait until the kettle is in the middle of it; its pid."""
    with anyio.fail_after(PATIENCE):
        text = await anyio.to_thread.run_sync((home / "services/kettle/begun").read_text, abandon_on_cancel=True)
    return int(text)


async def go(home: Path) -> None:
    """Let it boil."""
    with anyio.fail_after(PATIENCE):
        await anyio.to_thread.run_sync(partial((home / "services/kettle/go").write_text, "go"), abandon_on_cancel=True)


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[tuple[Hub, str]]:
    """A hub on this home, and its address."""
    with take_address("127.0.0.1", 0) as listener:
        async with open_hub(Settings(home=home, zone="Europe/Paris")) as hub, anyio.create_task_group() as tasks:
            server = Server(build_app(hub))
            tasks.start_soon(server.serve, [listener])
            await until_ready(server)
            yield hub, f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True


def ask(home: Path, text: str) -> subprocess.Popen[bytes]:
    """`muos ask` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from interface.cli import main; main()", "ask", text],
        cwd=ROOT,
        env=os.environ | {"MUOS_HOME": str(home), "MUOS_ZONE": "Europe/Paris"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def first_flow(hub: Hub) -> Flow:
    *_, flow = await hub.flows.recent("owner", 5)
    return flow


def all_done(flow: Flow) -> bool:
    return flow.status is Status.DONE and [entry.status for entry in flow.calls] == [Status.DONE] * 2


async def test_a_client_that_goes_away_in_the_middle_cancels_nothing(home: Path) -> None:
    async with served(home) as (hub, url):
        asked = {"text": BOIL_AND_BUY}
        async with (
            httpx.AsyncClient(timeout=PATIENCE) as http,
            http.stream("POST", f"{url}/api/turns", json=asked) as answer,
        ):
            assert json.loads(await anext(answer.aiter_lines()))["event"] == "heard"
            await begun(home)
        assert (await first_flow(hub)).status is Status.RUNNING
        kept = hub.said
        await go(home)
        with anyio.fail_after(PATIENCE):
            await kept.wait()
        assert all_done(await first_flow(hub))


async def test_a_typed_call_whose_client_goes_away_is_seen_through(home: Path) -> None:
    async with served(home) as (hub, url):
        async with httpx.AsyncClient(timeout=PATIENCE) as http, anyio.create_task_group() as tasks:
            tasks.start_soon(partial(http.post, f"{url}/api/calls", json={"tool": "kettle_boil"}))
            await begun(home)
            tasks.cancel_scope.cancel()
        await go(home)
        [entry] = await hub.journal("owner", 5)
        again = await hub.call(
            Call("lists_add", {"items": ["tea"]}, Caller("owner", "home", "UTC", datetime.now().astimezone()))
        )
        assert isinstance(again, Done)
    async with open_hub(Settings(home=home)) as hub:  # leaving waits for what had begun
        found = await hub.flows.find(entry.id, "owner")
        assert found is not None
        assert found.status is Status.DONE


async def test_a_command_that_is_killed_in_the_middle_leaves_the_hub_to_finish_it(home: Path) -> None:
    async with served(home) as (hub, url):
        with announced(home, Running("127.0.0.1", int(url.rpartition(":")[2]), os.getpid())):
            command = await anyio.to_thread.run_sync(ask, home, BOIL_AND_BUY)
            await begun(home)
            kept = hub.said
            command.kill()
            await anyio.to_thread.run_sync(command.communicate)
            await go(home)
            with anyio.fail_after(PATIENCE):
                await kept.wait()
        assert all_done(await first_flow(hub))


async def test_what_a_killed_muos_had_decided_on_is_done_at_the_next_start_and_once(home: Path) -> None:
    command = await anyio.to_thread.run_sync(ask, home, BOIL_AND_BUY)
    kettle = await begun(home)
    command.kill()
    await anyio.to_thread.run_sync(command.communicate)
    os.kill(kettle, signal.SIGKILL)
    (home / "services/kettle/begun").unlink()
    for _ in range(2):
        async with open_hub(Settings(home=home, zone="Europe/Paris")) as hub:
            flow = await first_flow(hub)
            assert all_done(flow)
            assert flow.asked == BOIL_AND_BUY
            listed = await hub.call(Call("lists_show", {}, flow.caller))
            assert isinstance(listed, Done)
            assert listed.text == "On the shopping list: milk."


@pytest.mark.parametrize("spoken", [True, False], ids=["spoken", "by its id"])
async def test_what_is_cancelled_begins_nothing_more_and_says_what_is_done(home: Path, spoken: bool) -> None:
    async with open_hub(Settings(home=home, zone="Europe/Paris")) as hub, anyio.create_task_group() as tasks:
        now = datetime.fromisoformat(NOW)

        async def answer() -> None:
            async for _ in hub.answer(Turn(BOIL_AND_BUY, now, "Europe/Paris")):
                pass

        tasks.start_soon(answer)
        await begun(home)
        flow = await first_flow(hub)
        kept = hub.said
        if spoken:
            said = [e.text async for e in hub.answer(Turn("cancel that", now, "Europe/Paris")) if isinstance(e, Said)]
            kept = hub.said
        else:
            _, text = await hub.flows.cancel(flow.id, "owner")
            said = [text]
        assert "Cancelled." in said[0]
        await go(home)
        with anyio.fail_after(PATIENCE):
            await kept.wait()
        after = await hub.flows.find(flow.id, "owner")
        assert after is not None
        assert after.status is Status.CANCELLED
        assert [entry.status for entry in after.calls] == [Status.DONE, Status.CANCELLED]
        with pytest.raises(ValueError, match=f"The kettle is on.*muos undo {flow.id}"):
            await hub.flows.cancel(flow.id, "owner")

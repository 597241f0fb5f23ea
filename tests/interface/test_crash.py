"""`kill -9` is a non-event: of the hub while it writes, and of its services in a call, while idle and on every start.

MUOS_KILLS sets how often something is killed; `python -m benchmarks.crashes` does so two hundred times.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import psutil
import pytest

from agent.turn import Turn
from benchmarks.crashes import run_campaign
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
KILLS = int(os.environ.get("MUOS_KILLS", "8"))
LIMIT = 60.0

KETTLE = '''
"""A kettle that can be told to hold still in the middle of a call, or to die on every start."""
import os, signal, time
from pathlib import Path
from services.kit import Context, Reply, Service

HERE = Path(os.environ["MUOS_SERVICE_DATA"])
if (HERE / "die").exists():
    os.kill(os.getpid(), signal.SIGKILL)

service = Service(__file__, tables="CREATE TABLE IF NOT EXISTS cup(id INTEGER PRIMARY KEY AUTOINCREMENT);")

@service.tool("reversible", examples=["boil the kettle", "put the kettle on", "heat water in the kettle"])
def boil(ctx: Context) -> Reply:
    """Boil the kettle for one more cup."""
    ctx.db.execute("INSERT INTO cup DEFAULT VALUES")
    if (HERE / "begun").exists():
        with open(HERE / "begun", "w") as begun:
            begun.write(str(os.getpid()))
        time.sleep(300)
    return Reply("The kettle is on.")

@service.tool("read", examples=["how many cups did the kettle boil?", "how often was the kettle on?"])
def cups(ctx: Context) -> Reply:
    """Count the cups that the kettle boiled."""
    return Reply(f"The kettle boiled {ctx.db.execute('SELECT count(*) FROM cup').fetchone()[0]} cups.")

service.run()
'''


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "services.d" / "kettle"
    folder.mkdir(parents=True)
    (folder / "service.toml").write_text('name = "kettle"\ntitle = "Kettle"\n[run]\npython = "server.py"\n')
    (folder / "server.py").write_text(KETTLE)
    (tmp_path / "services" / "kettle").mkdir(parents=True)
    return tmp_path


@pytest.fixture
async def hub(home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home, zone="Europe/Paris")) as hub:
        yield hub


async def says(hub: Hub, text: str) -> dict[str, Any]:
    account = Account()
    async for event in hub.answer(Turn(text, NOW, "Europe/Paris")):
        account.add(event)
    return account.row()


def pid_of(hub: Hub, name: str) -> int:
    return next(row.pid for row in hub.supervisor.status() if row.name == name)


def test_hub_and_services_are_killed_again_and_again_and_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    campaign = run_campaign(tmp_path, KILLS)
    assert campaign.acknowledged
    assert not campaign.lost
    assert not campaign.doubled
    assert not campaign.halved
    assert not campaign.unrecorded
    assert not campaign.untold
    assert not campaign.told_twice
    assert not campaign.failed
    assert campaign.left_running == 0


async def test_a_service_killed_in_the_middle_of_a_request_answers_it_all_the_same_and_once(
    hub: Hub, home: Path
) -> None:
    begun = home / "services" / "kettle" / "begun"
    os.mkfifo(begun)

    async def strike() -> None:
        pid = int(await anyio.to_thread.run_sync(begun.read_text, abandon_on_cancel=True))
        begun.unlink()
        os.kill(pid, signal.SIGKILL)

    with anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(strike)
            answer = await says(hub, "put the kettle on")
    assert answer["text"] == "The kettle is on."
    assert [call["status"] for call in answer["calls"]] == ["done"]
    assert (await says(hub, "how many cups did the kettle boil?"))["text"] == "The kettle boiled 1 cups."


async def test_a_service_killed_while_idle_is_there_for_the_next_request(hub: Hub) -> None:
    assert (await says(hub, "boil the kettle"))["text"] == "The kettle is on."
    os.kill(pid_of(hub, "kettle"), signal.SIGKILL)
    assert (await says(hub, "how many cups did the kettle boil?"))["text"] == "The kettle boiled 1 cups."


async def test_a_service_that_dies_on_every_start_is_one_clear_sentence_and_all_else_goes_on(
    hub: Hub, home: Path
) -> None:
    assert (await says(hub, "boil the kettle"))["text"] == "The kettle is on."
    die = home / "services" / "kettle" / "die"
    die.touch()
    os.kill(pid_of(hub, "kettle"), signal.SIGKILL)
    answer = await says(hub, "boil the kettle")
    assert "Kettle" in answer["text"]
    assert answer["text"].count(". ") == 0
    assert "Traceback" not in answer["text"]
    assert (await says(hub, "what time is it in Tokyo?"))["calls"][0]["status"] == "done"
    die.unlink()
    await hub.manage_service("kettle", "restart")
    assert (await says(hub, "how many cups did the kettle boil?"))["text"] == "The kettle boiled 1 cups."


async def test_the_template_of_all_services_is_killed_and_the_next_request_is_answered(hub: Hub) -> None:
    assert (await says(hub, "boil the kettle"))["text"] == "The kettle is on."
    psutil.Process(hub.supervisor.template_pid).kill()
    assert (await says(hub, "how many cups did the kettle boil?"))["text"] == "The kettle boiled 1 cups."

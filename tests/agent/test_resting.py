"""A service that keeps failing goes to rest, and the person hears of it once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa

from agent.alerts import AlertRow, Alerts
from agent.resting import Resting
from services.bulletin import Bulletin, Noticed
from services.journal import Journal
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Failed

LIMIT = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "services" / "plants"
    folder.mkdir(parents=True)
    (folder / "service.toml").write_text('name = "plants"\ntitle = "Plants"\n[run]\npython = "server.py"\n')
    (folder / "server.py").write_text("raise SystemExit(3)\n")
    return folder.parent


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield engine
    engine.dispose()


async def told(folder: Path, home: Path, engine: sa.Engine) -> list[AlertRow]:
    """Let the service go to rest in a hub of its own; all that was ever told."""
    async with Supervisor([folder], home=home, fork=False) as supervisor, anyio.create_task_group() as tasks:
        noticed = Noticed(supervisor, Bulletin(engine))
        alerts = Alerts(engine, noticed, noticed, Journal(engine), "UTC")
        tasks.start_soon(Resting(supervisor, alerts, "anna", "UTC").watch)
        outcome = await supervisor.call(Call("plants_water", {}, Caller("bob", "home", "UTC", datetime.now(UTC))))
        assert isinstance(outcome, Failed)
        with anyio.fail_after(LIMIT):
            while supervisor.status()[0].state != "resting":
                await supervisor.tools()
            while not (rows := alerts.past("anna", 10)):
                await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    return rows


async def test_the_homes_own_member_is_told_once_even_over_a_restart(
    folder: Path, tmp_path: Path, engine: sa.Engine
) -> None:
    [first] = await told(folder, tmp_path / "home", engine)
    assert first.text.startswith("Plants keeps failing and is left alone")
    assert "muos services restart plants" in first.text
    assert await told(folder, tmp_path / "home", engine) == [first]

"""The person hears, once for each change, of a stranger that lists other tools than were approved."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa

from agent.alerts import AlertRow, Alerts
from agent.withheld import Withheld
from services.bulletin import Bulletin, Noticed
from services.journal import Journal
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Failed
from tests.services.strangers.conftest import Stranger, added, tool

LIMIT = 60.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield engine
    engine.dispose()


async def told(stranger: Stranger, engine: sa.Engine, count: int) -> list[AlertRow]:
    """Call its tool in a hub of its own; all that was ever told, once it is so much."""
    home = stranger.home
    async with (
        Supervisor([home / "services.d"], home=home, fork=False) as supervisor,
        anyio.create_task_group() as tasks,
    ):
        noticed = Noticed(supervisor, Bulletin(engine))
        alerts = Alerts(engine, noticed, noticed, Journal(engine), "UTC")
        tasks.start_soon(Withheld(supervisor, alerts, "anna", "UTC").watch)
        outcome = await supervisor.call(Call("odd_peek", {}, Caller("bob", "home", "UTC", datetime.now(UTC))))
        assert isinstance(outcome, Failed)
        await supervisor.prepare("odd")
        with anyio.fail_after(LIMIT):
            while len(rows := alerts.past("anna", 10)) < count:
                await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    return rows


async def test_a_change_is_told_once_and_another_change_again(tmp_path: Path, engine: sa.Engine) -> None:
    stranger = added(tmp_path, tool("peek"))
    stranger.approvals.examine("odd", [tool("peek")])
    stranger.approve()
    stranger.lists(tool("peek", "Look, and tell me all."))
    [first] = await told(stranger, engine, 1)
    assert first.text.startswith("Odd offers other tools than you approved")
    assert "muos services review odd" in first.text
    assert await told(stranger, engine, 1) == [first]
    stranger.lists(tool("peek", "Look, and tell me all, and more."))
    second, again = await told(stranger, engine, 2)
    assert again == first
    assert second.id != first.id

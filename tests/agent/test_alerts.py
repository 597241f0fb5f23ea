"""What falls due is told, once, whatever happens in between."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.to_thread
import pytest
import sqlalchemy as sa

from agent import alerts
from agent.alerts import Alerts
from services.bulletin import Bulletin, Noticed
from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled
from services.tool import Call, Caller, Done, Effect, Outcome, Tool

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
ANY = {"type": "object"}
ANNA = Caller("anna", "kitchen", "UTC", NOW)


class Egg:
    """A service with one timer."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def set(self, call: Call) -> Outcome:
        self.at = call.caller.now + timedelta(minutes=4)
        return Done("Set.", due=self.at)

    def due(self, call: Call) -> Outcome:
        if self.at is None or self.at > call.caller.now:
            return Done("0 due", {"alerts": []}, due=self.at)
        at, self.at = self.at, None
        return Done(
            "1 due",
            {"alerts": [{"id": "1", "text": "The egg.", "at": at.isoformat(), "member": "anna", "room": "kitchen"}]},
        )


class House:
    def __init__(self, engine: sa.Engine) -> None:
        egg, box = Egg(), InMemory()
        box.add(Tool("egg_set", "Set.", ANY, Effect.REVERSIBLE, "egg"), egg.set)
        box.add(Tool("egg_due", "Due.", ANY, Effect.REVERSIBLE, "egg", hidden=True), egg.due)
        self.journal = Journal(engine)
        noticed = Noticed(box, Bulletin(engine))
        self.toolbox = Journalled(noticed, self.journal)
        self.alerts = Alerts(engine, noticed, self.toolbox, self.journal, "UTC")


@pytest.fixture
def house(engine: sa.Engine) -> House:
    return House(engine)


async def test_nothing_is_told_before_it_is_due_and_the_wait_is_known(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    assert await house.alerts.tell_due(NOW) == 240
    assert not house.alerts.past("anna", 5)


async def test_what_is_due_is_told_once(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    for _ in range(3):
        await house.alerts.tell_due(NOW + timedelta(minutes=4))
    [alert] = house.alerts.past("anna", 5)
    assert (alert.text, alert.late) == ("The egg.", False)


async def test_what_was_missed_is_told_as_late(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    await house.alerts.tell_due(NOW + timedelta(hours=4))
    assert house.alerts.past("anna", 5)[0].late


async def test_who_listens_hears_it_as_it_comes(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    async with house.alerts.listen() as stream:
        await house.alerts.tell_due(NOW + timedelta(minutes=5))
        with anyio.fail_after(5):
            assert (await stream.receive()).text == "The egg."


async def test_what_nobody_heard_is_given_once(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    await house.alerts.tell_due(NOW + timedelta(minutes=5))
    assert not house.alerts.unseen("bob")
    assert [alert.text for alert in house.alerts.unseen("anna")] == ["The egg."]
    assert not house.alerts.unseen("anna")


async def test_another_member_is_not_told(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    await house.alerts.tell_due(NOW + timedelta(minutes=5))
    assert not house.alerts.past("bob", 5)


async def test_what_a_killed_hub_had_been_handed_is_told_at_the_next_start(house: House) -> None:
    await house.toolbox.call(Call("egg_set", {}, ANNA))
    # the hub asked, the service answered and marked it told; then the hub was killed
    hub = Caller("muos", "home", "UTC", NOW + timedelta(minutes=5))
    await house.toolbox.call(Call("egg_due", {}, hub))
    assert not house.alerts.past("anna", 5)
    async with house.alerts.listen() as stream, anyio.create_task_group() as tasks:
        tasks.start_soon(house.alerts.watch)
        with anyio.fail_after(5):
            assert (await stream.receive()).text == "The egg."
        tasks.cancel_scope.cancel()


async def test_an_alert_that_makes_no_sense_is_passed_over_and_the_others_are_told(house: House) -> None:
    good = {"id": "2", "text": "\x1b[31mThe bread.", "at": NOW.isoformat(), "member": "anna", "room": "kitchen"}
    rows = [7, {}, good | {"id": "1", "at": "never"}, good | {"id": "0", "at": "2026-03-04T09:00:00"}, good]
    await house.alerts._hand_over("egg", {"alerts": rows}, NOW)
    await house.alerts._hand_over("egg", {"alerts": 7}, NOW)
    assert [alert.text for alert in house.alerts.past("anna", 5)] == ["The bread."]


async def test_a_full_disk_does_not_end_the_watch_and_what_was_due_is_told_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "RETRY", 0.01)
    full = threading.Event()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'full.sqlite'}", poolclass=sa.pool.NullPool)
    refused = threading.Event()

    @sa.event.listens_for(engine, "before_cursor_execute")
    def write_nothing(connection: sa.Connection, *_: object) -> None:
        connection.connection.driver_connection.execute(f"PRAGMA query_only={int(full.is_set())}")  # type: ignore[union-attr]  # there is one

    @sa.event.listens_for(engine, "handle_error")
    def note(_: sa.engine.ExceptionContext) -> None:
        refused.set()

    house = House(engine)
    await house.toolbox.call(Call("egg_set", {}, replace(ANNA, now=datetime.now(UTC) - timedelta(hours=1))))
    full.set()
    async with house.alerts.listen() as stream, anyio.create_task_group() as tasks:
        tasks.start_soon(house.alerts.watch)
        with anyio.fail_after(20):
            await anyio.to_thread.run_sync(refused.wait, 15)
            assert refused.is_set()
            full.clear()
            assert (await stream.receive()).text == "The egg."
        tasks.cancel_scope.cancel()
    engine.dispose()

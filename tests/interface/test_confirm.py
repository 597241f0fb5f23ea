"""What can't be undone waits for a yes: of the same member, in the same room, to exactly what was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.turn import Turn
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account
from services.tool import Call, Caller, Done, Waiting

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
ZONE = "Europe/Paris"
OWNER = Caller("owner", "home", ZONE, NOW)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def hub(tmp_path: Path, cache: Path) -> AsyncIterator[Hub]:
    (tmp_path / "cache").symlink_to(cache)
    async with open_hub(Settings(home=tmp_path, zone=ZONE)) as hub:
        for text in ("the cabin is blue", "the boat is red"):
            assert isinstance(await hub.call(Call("notes_add", {"text": text}, OWNER)), Done)
        yield hub


async def says(hub: Hub, text: str, **who: Any) -> dict[str, Any]:
    account = Account()
    async for event in hub.answer(Turn(text, NOW, ZONE, **who)):
        account.add(event)
    return account.row()


async def asked(hub: Hub) -> str:
    """Ask for something that can't be undone; the id of the call that waits."""
    row = await says(hub, "delete all my notes")
    assert row["waiting"]["kind"] == "confirm"
    assert await notes(hub) == 2
    return str(row["waiting"]["call"])


async def notes(hub: Hub) -> int:
    outcome = await hub.call(Call("notes_list", {}, OWNER))
    return len(outcome.data["notes"]) if isinstance(outcome, Done) else 0


async def test_a_yes_runs_exactly_what_waited_under_the_same_id(hub: Hub) -> None:
    call = await asked(hub)
    row = await says(hub, "yes")
    assert [(made["id"], made["tool"], made["status"]) for made in row["calls"]] == [(call, "notes_delete_all", "done")]
    assert await notes(hub) == 0
    assert (await says(hub, "yes"))["calls"] == []


async def test_a_no_leaves_everything_and_a_later_yes_changes_nothing(hub: Hub) -> None:
    await asked(hub)
    assert "left it as it is" in (await says(hub, "no"))["text"]
    await says(hub, "yes")
    assert await notes(hub) == 2


@pytest.mark.parametrize("who", [{"member": "anna"}, {"room": "kitchen"}], ids=["another member", "another room"])
async def test_a_yes_from_elsewhere_does_nothing(hub: Hub, who: dict[str, Any]) -> None:
    call = await asked(hub)
    assert (await says(hub, "yes", **who))["calls"] == []
    if "member" in who:
        events = [event async for event in hub.confirm(call, True, Turn("", NOW, ZONE, **who))]
        assert "I know of no action" in str(events)
    assert await notes(hub) == 2


async def test_a_yes_to_something_else_in_between_does_not_count(hub: Hub) -> None:
    await asked(hub)
    await says(hub, "what time is it in Tokyo?")
    await says(hub, "yes")
    assert await notes(hub) == 2


async def test_a_no_by_id_and_then_a_yes_by_id_does_nothing(hub: Hub) -> None:
    call = await asked(hub)
    for yes in (False, True):
        async for _ in hub.confirm(call, yes, Turn("", NOW, ZONE)):
            pass
    assert await notes(hub) == 2


async def test_a_yes_given_beforehand_runs_it_at_once(hub: Hub) -> None:
    row = await says(hub, "delete all my notes", yes=True)
    assert (row["waiting"], [made["status"] for made in row["calls"]]) == (None, ["done"])
    assert await notes(hub) == 0


async def test_what_was_deleted_for_good_does_not_come_back_by_undo(hub: Hub, tmp_path: Path) -> None:
    await asked(hub)
    await says(hub, "yes")
    added = [entry for entry in await hub.journal("owner", 20) if entry.tool == "notes_add"]
    for entry in added:
        async for _ in hub.undo({"call": entry.id}, Turn("", NOW, ZONE)):
            pass
    assert await notes(hub) == 0
    assert not list((tmp_path / "services" / "notes").rglob("*.md"))


async def test_a_typed_call_waits_as_well(hub: Hub) -> None:
    outcome = await hub.call(Call("notes_delete_all", {}, OWNER))
    assert isinstance(outcome, Waiting)
    assert await notes(hub) == 2


async def test_a_call_that_waits_can_be_called_off_by_undo(hub: Hub) -> None:
    await asked(hub)
    assert "won't do that" in (await says(hub, "undo that"))["text"]
    await says(hub, "yes")
    assert await notes(hub) == 2

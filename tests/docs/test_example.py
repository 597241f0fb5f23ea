"""The example service in JavaScript keeps the whole contract of docs/service.md, as our own services do."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.turn import Turn
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Done, Effect, Failed, Hears

PLANTS = Path(__file__).resolve().parents[2] / "docs" / "example" / "plants"
NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
LATER = datetime.fromisoformat("2026-03-07T09:00:00+01:00")
ANNA = Caller("anna", "home", "Europe/Paris", NOW)

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[Supervisor]:
    async with Supervisor([PLANTS], home=home) as supervisor:
        yield supervisor


def adding(name: str, call_id: str = "", preview: bool = False) -> Call:
    call = Call("plants_add", {"plant": name, "days": 2}, ANNA, preview=preview)
    return replace(call, id=call_id) if call_id else call


async def done(supervisor: Supervisor, call: Call) -> Done:
    outcome = await supervisor.call(call)
    assert isinstance(outcome, Done), outcome
    return outcome


async def refused(supervisor: Supervisor, call: Call) -> Failed:
    outcome = await supervisor.call(call)
    assert isinstance(outcome, Failed), outcome
    return outcome


async def thirsty(supervisor: Supervisor, caller: Caller = ANNA) -> Sequence[str]:
    plants: list[str] = (await done(supervisor, Call("plants_thirsty", {}, replace(caller, now=LATER)))).data["plants"]
    return plants


async def test_its_tools_are_listed_with_effects_undo_and_examples(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        tools = {tool.name: tool for tool in await supervisor.tools()}
    assert {name: tool.effect for name, tool in tools.items() if not tool.hidden} == {
        "plants_add": Effect.REVERSIBLE,
        "plants_water": Effect.REVERSIBLE,
        "plants_thirsty": Effect.READ,
    }
    assert tools["plants_add"].undo == "plants_undo"
    assert tools["plants_undo"].hidden
    assert all(tool.examples and tool.idempotent for tool in tools.values() if not tool.hidden)


async def test_a_call_takes_effect_once_and_is_answered_word_for_word_again(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        first = await done(supervisor, adding("basil", "aaaa0000aaaa0000"))
        assert await done(supervisor, adding("basil", "aaaa0000aaaa0000")) == first
        await supervisor.restart("plants")
        assert await done(supervisor, adding("basil", "aaaa0000aaaa0000")) == first
        assert await thirsty(supervisor) == ["basil"]


async def test_a_preview_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        assert "basil" in (await done(supervisor, adding("basil", preview=True))).text
        assert await thirsty(supervisor) == []


async def test_undo_takes_back_and_can_be_undone_itself(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        call = adding("basil")
        assert (await done(supervisor, call)).undoable
        undo = Call("plants_undo", {"call": call.id}, ANNA)
        await done(supervisor, undo)
        assert await thirsty(supervisor) == []
        assert "already" in (await refused(supervisor, Call("plants_undo", {"call": call.id}, ANNA))).reason
        await done(supervisor, Call("plants_undo", {"call": undo.id}, ANNA))
        assert await thirsty(supervisor) == ["basil"]


async def test_undo_refuses_what_was_changed_since(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        call = adding("basil")
        await done(supervisor, call)
        await done(supervisor, Call("plants_water", {"plant": "basil"}, replace(ANNA, now=LATER)))
        refusal = await refused(supervisor, Call("plants_undo", {"call": call.id}, ANNA))
    assert refusal.hears is Hears.PERSON
    assert "changed afterwards" in refusal.reason


async def test_members_see_only_their_own(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        await done(supervisor, adding("basil"))
        assert await thirsty(supervisor, replace(ANNA, member="bob")) == []


@pytest.mark.parametrize("arguments", [{}, {"plant": ""}, {"plant": "fern", "days": 0}, {"plant": "fern", "wings": 2}])
async def test_wrong_arguments_are_told_to_whoever_made_the_call(tmp_path: Path, arguments: dict[str, Any]) -> None:
    async with running(tmp_path) as supervisor:
        assert (await refused(supervisor, Call("plants_add", arguments, ANNA))).hears is Hears.MODEL


async def test_half_a_line_left_by_a_crash_is_no_call(tmp_path: Path) -> None:
    async with running(tmp_path) as supervisor:
        await done(supervisor, adding("basil"))
    file = tmp_path / "services" / "plants" / "calls.jsonl"
    whole = file.read_text()
    file.write_text(whole + whole[: len(whole) // 2].replace("basil", "fern"))
    async with running(tmp_path) as supervisor:
        assert await thirsty(supervisor) == ["basil"]
        await done(supervisor, adding("ivy"))
        assert await thirsty(supervisor) == ["basil", "ivy"]


STORY = (
    ("add a plant called basil, every 2 days", "plants_add", "basil"),
    ("which plants are thirsty?", "plants_thirsty", "No plant is thirsty"),
    ("I watered the basil", "plants_water", "basil was watered"),
    ("undo that", "muos_undo", "Undone"),
)


async def test_people_talk_to_it_in_plain_language(tmp_path: Path) -> None:
    async with open_hub(Settings(home=tmp_path, zone="Europe/Paris", services=(PLANTS.parent,))) as hub:
        for says, tool, answers in STORY:
            row = await heard(hub, says)
            assert [call["tool"] for call in row["calls"]] == [tool], (says, row)
            assert answers in row["text"], (says, row["text"])


async def heard(hub: Hub, text: str) -> dict[str, Any]:
    account = Account()
    async for event in hub.answer(Turn(text, NOW, "Europe/Paris")):
        account.add(event)
    return account.row()

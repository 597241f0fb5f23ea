"""Forgetting in a real hub: no file of the home keeps what was forgotten, nor what was asked to be forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest

from agent.turn import Turn
from interface.erasure import erase_member
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.tokens import Tokens
from interface.wire import Account
from services.tool import Call, Caller, Done

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
ZONE = "Europe/Paris"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def hub(tmp_path: Path, cache: Path) -> AsyncIterator[Hub]:
    (tmp_path / "cache").symlink_to(cache)
    async with open_hub(Settings(home=tmp_path, zone=ZONE)) as hub:
        yield hub


async def says(hub: Hub, text: str, **who: Any) -> dict[str, Any]:
    account = Account()
    async for event in hub.answer(Turn(text, NOW, ZONE, **who)):
        account.add(event)
    return account.row()


def holding(home: Path, text: str) -> list[str]:
    """The files that hold the text, in any case."""
    files = [path for path in home.rglob("*") if path.is_file() and "cache" not in path.parts]
    return [path.name for path in files if text.lower().encode() in path.read_bytes().lower()]


async def test_what_is_forgotten_in_words_leaves_no_trace_not_even_of_the_request(hub: Hub, tmp_path: Path) -> None:
    await says(hub, "remember that my dog is called Zorblax")
    await says(hub, "what is my dog called?")
    assert holding(tmp_path, "zorblax")
    row = await says(hub, "forget everything about Zorblax")
    assert row["waiting"]["kind"] == "confirm"
    assert "Forgotten: 1 note" in (await says(hub, "yes"))["text"]
    assert await anyio.to_thread.run_sync(holding, tmp_path, "zorblax") == []


async def test_forgetting_in_one_go_leaves_no_trace_of_its_own_words(hub: Hub, tmp_path: Path) -> None:
    await says(hub, "remember that my dog is called Zorblax")
    assert "Forgotten: 1 note" in (await says(hub, "forget everything about Zorblax", yes=True))["text"]
    assert await anyio.to_thread.run_sync(holding, tmp_path, "zorblax") == []


async def test_a_no_leaves_the_note_and_no_trace_of_the_request(hub: Hub, tmp_path: Path) -> None:
    await says(hub, "remember that my dog is called Rex")
    await says(hub, "forget what I said about Zorblax and the dog Rex")
    await says(hub, "no")
    assert "Rex" in (await says(hub, "what is my dog called?"))["text"]


async def test_what_is_remembered_by_mistake_is_gone_when_that_is_undone(hub: Hub, tmp_path: Path) -> None:
    await says(hub, "remember that my locker is number zorblax88")
    row = await says(hub, "undo that")
    assert "forgot that again" in row["text"]
    assert await anyio.to_thread.run_sync(holding, tmp_path, "zorblax88") == []


async def test_an_erased_member_is_in_no_file_and_what_all_share_stays(hub: Hub, tmp_path: Path) -> None:
    who = {"member": "quillfeather"}
    caller = Caller("quillfeather", "home", ZONE, NOW)
    await says(hub, "my sister is called Zorblax", **who)
    await says(hub, "add krumblecake to the shopping list", **who)
    for tool, arguments in (
        ("notes_add", {"text": "Zorblax is coming"}),
        ("reminders_add", {"text": "call Zorblax", "at": "2026-03-05T10:00:00"}),
        ("contacts_save", {"name": "Zorblax Smith"}),
    ):
        outcome = await hub.call(Call(tool, arguments, caller))
        assert isinstance(outcome, Done), outcome
    Tokens(hub.engine).make("quillfeather")
    await says(hub, "my brother is called Tom")
    assert len(await anyio.to_thread.run_sync(holding, tmp_path, "zorblax")) > 3
    erased = await erase_member(hub, "quillfeather")
    assert (erased.left, erased.verified) == ((), True)
    for trace in ("quillfeather", "zorblax"):
        assert await anyio.to_thread.run_sync(holding, tmp_path, trace) == []
    assert "krumblecake" in (await says(hub, "what is on the shopping list?"))["text"]
    assert "Tom" in (await says(hub, "what is my brother called?"))["text"]
    assert (await erase_member(hub, "quillfeather")).removed["notes"] == 0

"""Tools are known without a process, for exactly the files they came from; a damaged cache is made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cache" / "catalogue" / "sample.json"


def spoil(entry: Path, damage: str) -> None:
    whole = entry.read_text()
    entry.write_text(whole[: len(whole) // 2] if damage == "half" else damage)


def remembered(entry: Path) -> list[Any]:
    return list(json.loads(entry.read_text())["tools"])


async def test_remembered_tools_need_no_process(make_service: MakeService, supervise: Supervise) -> None:
    make_service()
    async with supervise() as supervisor:
        first = await supervisor.tools()
    async with supervise() as supervisor:
        assert await supervisor.tools() == first
        [row] = supervisor.status()
        assert (row.state, row.started, row.tools) == ("asleep", None, len(first))


async def test_a_change_of_the_service_is_noticed(make_service: MakeService, supervise: Supervise) -> None:
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.tools()
    server = folder / "server.py"
    server.write_text(server.read_text().replace("def marks(", "def all_marks("))
    async with supervise() as supervisor:
        names = {tool.name for tool in await supervisor.tools()}
    assert "sample_all_marks" in names
    assert "sample_marks" not in names


async def test_compiled_files_are_no_change(make_service: MakeService, supervise: Supervise) -> None:
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.tools()
    (folder / "__pycache__").mkdir(exist_ok=True)
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    async with supervise() as supervisor:
        await supervisor.tools()
        assert supervisor.status()[0].started is None


@pytest.mark.parametrize("damage", ["", "{", "null", "[]", '{"key": 1}', "\x00" * 100, "[" * 100_000, "half"])
async def test_a_damaged_entry_is_made_again(
    damage: str, make_service: MakeService, supervise: Supervise, entry: Path
) -> None:
    make_service()
    async with supervise() as supervisor:
        tools = await supervisor.tools()
    spoil(entry, damage)
    async with supervise() as supervisor:
        assert await supervisor.tools() == tools
    assert remembered(entry)


async def test_a_cache_that_cannot_be_written_only_costs_time(
    make_service: MakeService, supervise: Supervise, tmp_path: Path
) -> None:
    make_service()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cache").write_text("a file where the folder should be")
    async with supervise() as supervisor:
        assert await supervisor.tools()

"""Every service erases a member: after its story nothing of theirs is left in its files. Grows with each service."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services import playing
from services.playing import PLAYER, play, settings_of, story_of
from services.runtime.supervisor import BUILT_IN, Supervisor
from services.tool import Call, Done

STAGES = Path(__file__).with_name("stage")
SERVICES = sorted(file.parent.name for file in BUILT_IN.glob("*/service.toml"))
MEMBER = "quillfeather.o'hara"
HOUSEHOLDS = {"lists", "home", "media"}
"""What they keep is everyone's, and stays; who asked for it does not."""


def stage(service: str, folder: Path) -> AbstractContextManager[dict[str, Any]]:
    """What the service needs around it; its settings."""
    folder.mkdir()
    file = STAGES / f"{service}.py"
    if not file.exists():
        return nullcontext({})
    spec = importlib.util.spec_from_file_location(f"erased_{service}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    set_up: AbstractContextManager[dict[str, Any]] = module.stage(folder)
    return set_up


def texts(value: Any) -> Iterator[str]:
    """All texts within a value."""
    match value:
        case str():
            yield value
        case Mapping():
            for part in value.values():
                yield from texts(part)
        case list() | tuple():
            for part in value:
                yield from texts(part)


def traces(folder: Path, sought: set[str]) -> dict[str, str]:
    """Which of the texts lie in which files, or in their names."""
    found = {}
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for text in sought:
            if text.encode() in content or text in path.name:
                found[text] = path.name
    return found


def shape(file: Path) -> str:
    """How the tables are made."""
    if not file.exists():
        return ""
    with closing(sqlite3.connect(file)) as db:
        return " ".join(str(sql) for (sql,) in db.execute("SELECT sql FROM sqlite_master"))


@pytest.mark.parametrize("service", SERVICES)
async def test_nothing_of_an_erased_member_is_left_in_a_service(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "PLAYER", replace(PLAYER, member=MEMBER))
    source = BUILT_IN / service
    files = tmp_path / "home" / "services" / service
    with stage(service, tmp_path / "stage") as given, settings_of(source, given) as settings:
        wrong = await play(source, tmp_path / "home", settings)
        assert all(MEMBER in line for line in wrong), wrong  # where the story tells the player's usual name
        told = {text for step in story_of(source) for text in texts(step.arguments) if len(text) > 5}
        told -= {text for text in told if text in f"{shape(files / 'data.sqlite')} {given}"}
        before = traces(files, told | {MEMBER})
        hub = replace(PLAYER, member="muos")
        async with Supervisor([source], home=tmp_path / "home", settings=settings) as supervisor:
            for _ in range(2):  # the second time there is nothing left to do
                outcome = await supervisor.call(Call(f"{service}_erase", {"member": MEMBER}, hub))
                assert isinstance(outcome, Done), outcome
    assert traces(files, {MEMBER}) == {}
    if service not in HOUSEHOLDS:
        assert traces(files, set(before)) == {}

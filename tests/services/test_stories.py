"""Every service's story is played twice: as typed calls on the real service, and as plain language."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.turn import Turn
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account
from services.kit import Step
from services.supervisor import BUILT_IN, Supervisor
from services.tool import Call, Caller, Done

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
ZONE = "Europe/Paris"
CALLER = Caller("owner", "home", ZONE, NOW)
SERVICES = sorted(file.parent.name for file in BUILT_IN.glob("*/service.toml"))


def story(service: str) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = importlib.import_module(f"services.{service}.story").STORY
    return steps


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_tells_a_story(service: str) -> None:
    assert len(story(service)) >= 4
    assert (BUILT_IN / service / "README.md").read_text().strip()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_story_holds_as_typed_calls(service: str, tmp_path: Path) -> None:
    async with Supervisor([BUILT_IN / service], home=tmp_path) as supervisor:
        for step in story(service):
            outcome = await supervisor.call(Call(f"{service}_{step.tool}", step.arguments, CALLER))
            text = outcome.text if isinstance(outcome, Done) else outcome.reason
            assert isinstance(outcome, Done) is not step.refused, f"{step.says}: {text}"
            assert step.answers.lower() in text.lower(), f"{step.says}: {text}"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is computed once for all homes here."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("service", SERVICES)
async def test_the_story_holds_in_plain_language(service: str, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "cache").symlink_to(cache)
    wrong: list[str] = []
    async with open_hub(Settings(home=tmp_path, zone=ZONE)) as hub:
        tools = {tool.name: tool for tool in await hub.tools()}
        for step in story(service):
            name = f"{service}_{step.tool}"
            row = await says(hub, step.says)
            if (row["waiting"] or {}).get("kind") == "confirm":
                row |= {"text": (await says(hub, "yes"))["text"]}
            wrong += [f"{step.says!r}: {fault}" for fault in faults(step, name, row, tools[name].schema)]
    assert not wrong, "\n".join(wrong)


async def says(hub: Hub, text: str) -> dict[str, Any]:
    account = Account()
    async for event in hub.answer(Turn(text, NOW, ZONE)):
        account.add(event)
    return account.row()


def faults(step: Step, tool: str, row: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """What came of the line that should not have."""
    if [call["tool"] for call in row["calls"]] != [tool]:
        return [f"{[call['tool'] for call in row['calls']]}, not {tool}: {row['text']}"]
    given, wanted = (meaning(each, schema) for each in (row["calls"][0]["arguments"], step.arguments))
    different = [
        f"{name}={given.get(name)!r}" for name in given.keys() | wanted.keys() if given.get(name) != wanted.get(name)
    ]
    if different:
        return [f"{', '.join(different)}, not {dict(wanted)}"]
    return [] if step.answers.lower() in row["text"].lower() else [f"answered {row['text']!r}"]


def meaning(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without those that are only the default, and moments as moments."""
    properties = schema.get("properties", {})
    return {
        name: moment(value)
        for name, value in arguments.items()
        if value is not None and value != properties.get(name, {}).get("default")
    }


def moment(value: Any) -> Any:
    """A moment whatever its offset; anything else as it is."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return at.timestamp() if at.tzinfo else value

"""Every service's story is played twice: as typed calls on the real service, and as plain language.

A service that needs something around it, such as a server, has a stage in `stage/NAME.py`: `stage(folder)`, a context
manager that sets it up and gives the service's settings.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.turn import Turn
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account
from services.kit import Step
from services.manifest import read_manifest
from services.settings import ServiceSettings
from services.supervisor import BUILT_IN, Supervisor
from services.tool import Call, Caller, Done

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
ZONE = "Europe/Paris"
STAGES = Path(__file__).with_name("stage")
CALLER = Caller("owner", "home", ZONE, NOW)
SERVICES = sorted(file.parent.name for file in BUILT_IN.glob("*/service.toml"))


def story(service: str) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = importlib.import_module(f"services.{service}.story").STORY
    return steps


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_tells_a_story(service: str) -> None:
    assert len(story(service)) >= 4
    assert (BUILT_IN / service / "README.md").read_text().strip()


def stage(service: str, folder: Path) -> AbstractContextManager[dict[str, Any]]:
    """What the service needs around it; its settings."""
    file = STAGES / f"{service}.py"
    if not file.exists():
        return nullcontext({})
    spec = importlib.util.spec_from_file_location(f"stage_{service}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    set_up: AbstractContextManager[dict[str, Any]] = module.stage(folder)
    return set_up


@contextmanager
def staged(service: str, folder: Path) -> Iterator[ServiceSettings]:
    """The service's settings on its stage, in a database of their own."""
    folder.mkdir(exist_ok=True)
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
    settings = ServiceSettings(engine)
    manifest = read_manifest(BUILT_IN / service)
    with stage(service, folder) as given:
        for name, value in given.items():
            settings.put(manifest, CALLER.member, name, value)
        yield settings
    engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_story_holds_as_typed_calls(service: str, tmp_path: Path) -> None:
    with staged(service, tmp_path / "stage") as settings:
        await play(service, tmp_path, settings)


async def play(service: str, home: Path, settings: ServiceSettings) -> None:
    async with Supervisor([BUILT_IN / service], home=home, settings=settings) as supervisor:
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
    with stage(service, tmp_path) as given:
        async with open_hub(Settings(home=tmp_path, zone=ZONE)) as hub:
            await set_all(hub, service, given)
            wrong = await play_in_words(hub, service)
    assert not wrong, "\n".join(wrong)


async def set_all(hub: Hub, service: str, given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        outcome = await hub.supervisor.set(service, CALLER.member, key, value)
        assert isinstance(outcome, Done), outcome


async def play_in_words(hub: Hub, service: str) -> list[str]:
    wrong: list[str] = []
    tools = {tool.name: tool for tool in await hub.tools()}
    for step in story(service):
        name = f"{service}_{step.tool}"
        row = await says(hub, step.says)
        if (row["waiting"] or {}).get("kind") == "confirm":
            row |= {"text": (await says(hub, "yes"))["text"]}
        wrong += [f"{step.says!r}: {fault}" for fault in faults(step, name, row, tools[name].schema)]
    return wrong


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

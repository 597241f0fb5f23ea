"""Every service's story is played twice: as typed calls on the real service, and as plain language.

A service that needs something around it, such as a server, has a stage in `stage/NAME.py`: `stage(folder)`, a context
manager that sets it up and gives the service's settings.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from interface.hub import Hub, open_hub
from interface.playing import play_in_words
from interface.settings import Settings
from services.playing import PLAYER, ZONE, play, settings_of, story_of
from services.runtime.settings import ServiceSettings
from services.runtime.supervisor import BUILT_IN
from services.tool import Done

STAGES = Path(__file__).with_name("stage")
SERVICES = sorted(file.parent.name for file in BUILT_IN.glob("*/service.toml"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_tells_a_story(service: str) -> None:
    assert len(story_of(BUILT_IN / service)) >= 4
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
    """The service's settings on its stage."""
    folder.mkdir(exist_ok=True)
    with stage(service, folder) as given, settings_of(BUILT_IN / service, given) as settings:
        yield settings


@pytest.mark.parametrize("service", SERVICES)
async def test_the_story_holds_as_typed_calls(service: str, tmp_path: Path) -> None:
    with staged(service, tmp_path / "stage") as settings:
        wrong = await play(BUILT_IN / service, tmp_path, settings)
    assert not wrong, "\n".join(wrong)


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
            wrong = await play_in_words(hub, service, story_of(BUILT_IN / service))
    assert not wrong, "\n".join(wrong)


async def set_all(hub: Hub, service: str, given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        outcome = await hub.supervisor.set(service, PLAYER.member, key, value)
        assert isinstance(outcome, Done), outcome

"""Playing a service's story on the real service: as typed calls here, in plain words in `interface/playing.py`.

    assert not await play(FOLDER, home=tmp_path, undo=True)

Must stay true: what is given back names every line that did not go as the story says; nothing means that all did.
Stories take place at one moment, `PLAYED_AT` in `ZONE`, so that "tomorrow" is the same day whenever they are played.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.kit.story import Step
from services.runtime.manifest import read_manifest
from services.runtime.settings import ServiceSettings
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Done, Tool

PLAYED_AT = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
"""A Wednesday."""
ZONE = "Europe/Paris"
PLAYER = Caller("owner", "home", ZONE, PLAYED_AT)


def story_of(folder: Path) -> tuple[Step, ...]:
    """The story that lies in a service's folder."""
    return tuple(runpy.run_path(str(folder / "story.py"))["STORY"])


@contextmanager
def settings_of(folder: Path, given: Mapping[str, Any]) -> Iterator[ServiceSettings]:
    """The service's settings with these values, in a database of their own. Raises BadSetting, BadManifest."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
    settings, manifest = ServiceSettings(engine), read_manifest(folder)
    for name, value in given.items():
        settings.put(manifest, PLAYER.member, name, value)
    yield settings
    engine.dispose()


async def play(folder: Path, home: Path, settings: ServiceSettings | None = None, undo: bool = False) -> list[str]:
    """Make the story's calls on the service, in a process of its own; what went wrong, in words.

    `undo`: afterwards every call that can be taken back is, the latest first. Raises BadManifest.
    """
    name, wrong = read_manifest(folder).name, list[str]()
    async with Supervisor([folder], home=home, settings=settings) as supervisor:
        tools = {tool.name: tool for tool in await supervisor.tools()}
        calls: list[Call] = []
        for step in story_of(folder):
            call = Call(f"{name}_{step.tool}", step.arguments, PLAYER)
            outcome = await supervisor.call(call)
            text = outcome.text if isinstance(outcome, Done) else outcome.reason
            if isinstance(outcome, Done) is step.refused or step.answers.lower() not in text.lower():
                wrong.append(f"{step.says!r}: {text}")
            if isinstance(outcome, Done) and outcome.undoable:
                calls.append(call)
        return wrong + (await take_back(supervisor, calls, tools) if undo else [])


async def take_back(supervisor: Supervisor, calls: Sequence[Call], tools: dict[str, Tool]) -> list[str]:
    """Undo the calls, the latest first; what could not be undone, in words."""
    wrong: list[str] = []
    for call in reversed(calls):
        undo = tools[call.tool].undo
        outcome = await supervisor.call(Call(undo or "", {"call": call.id}, PLAYER))
        if not isinstance(outcome, Done):
            wrong.append(f"undo of {call.tool}: {outcome.reason}")
    return wrong

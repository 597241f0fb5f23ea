"""Playing a service's story in plain words: each line is said to a hub, and must come to the call that it names.

    assert not played(FOLDER, home=tmp_path)

Must stay true: what is given back names every line that did not go as the story says; nothing means that all did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from agent.turn import Turn
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account
from services.kit.story import Step
from services.playing import PLAYED_AT, PLAYER, ZONE, play, settings_of, story_of
from services.runtime.manifest import read_manifest
from services.runtime.supervisor import BUILT_IN
from services.tool import Failed


def played(folder: Path, home: Path, settings: Mapping[str, Any] | None = None) -> list[str]:
    """Play the story of the service in a folder both ways, in an empty home; what went wrong, in words.

    As typed calls, each taken back at the end; then in plain words. `settings` are set before.
    """
    return anyio.run(partial(_played, folder.resolve(), home, settings or {}))


async def _played(folder: Path, home: Path, settings: Mapping[str, Any]) -> list[str]:
    with settings_of(folder, settings) as own:
        wrong = await play(folder, home / "typed", own, undo=True)
    name = read_manifest(folder).name
    found = () if folder.is_relative_to(BUILT_IN) else (folder,)
    async with open_hub(Settings(home=home / "said", zone=ZONE, services=found)) as hub:
        for key, value in settings.items():
            outcome = await hub.supervisor.set(name, PLAYER.member, key, value)
            if isinstance(outcome, Failed):
                return [outcome.reason]
        return wrong + await play_in_words(hub, name, story_of(folder))


async def play_in_words(hub: Hub, service: str, story: Sequence[Step]) -> list[str]:
    """Say each line to the hub, and yes where it asks for one; what went wrong, in words."""
    wrong: list[str] = []
    tools = {tool.name: tool for tool in await hub.tools()}
    for step in story:
        name = f"{service}_{step.tool}"
        if name not in tools:
            wrong.append(f"{step.says!r}: there is no tool {name}")
            continue
        row = await say(hub, step.says)
        if (row["waiting"] or {}).get("kind") == "confirm":
            row |= {"text": (await say(hub, "yes"))["text"]}
        wrong += [f"{step.says!r}: {fault}" for fault in faults(step, name, row, tools[name].schema)]
    return wrong


async def say(hub: Hub, text: str) -> dict[str, Any]:
    """One turn, as `muos ask --json` shows it."""
    account = Account()
    async for event in hub.answer(Turn(text, PLAYED_AT, ZONE)):
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

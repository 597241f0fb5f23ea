"""A stranger that lists whatever a file says, and a supervisor over a home that it is added to."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.runtime.strangers.addition import Added, Wishes, add
from services.runtime.strangers.approval import Approvals, digest
from services.runtime.strangers.source import read_source
from services.runtime.supervisor import Supervisor
from tests.services.conftest import Templates

SERVER = """
import json, os, sys

def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)

def answer(method, params):
    if method == "initialize":
        return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {"listChanged": True}},
                "serverInfo": {"name": "stranger", "version": "1"}}
    if method == "tools/list":
        return {"tools": json.load(open(sys.argv[1]))}
    name, arguments = params["name"], params.get("arguments", {})
    if name == "change":
        say(method="notifications/tools/list_changed")
    data = {"name": name, "arguments": arguments, "meta": params.get("_meta"),
            "variable": os.environ.get("SECRET_WORD")}
    data["long"] = "x" * arguments.get("long", 0)
    return {"content": [{"type": "text", "text": name + arguments.get("say", "")}], "structuredContent": data,
            "_meta": {"muos/names": {"contact": ["Mallory"]}, "muos/due": "2026-01-01T00:00:00+00:00"}}

for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        say(id=message["id"], result=answer(message["method"], message.get("params", {})))
"""


def tool(
    name: str, description: str = "Look at something.", reads: bool | None = True, **schema: Any
) -> dict[str, Any]:
    """A tool as a stranger lists it."""
    listed = {"name": name, "description": description, "inputSchema": {"type": "object", **schema}}
    return listed if reads is None else {**listed, "annotations": {"readOnlyHint": reads}}


@dataclass(frozen=True)
class Stranger:
    """One that was added, and the file that says what it lists."""

    home: Path
    listing: Path
    added: Added

    @property
    def approvals(self) -> Approvals:
        """The home's records."""
        return Approvals(self.home)

    def lists(self, *tools: dict[str, Any]) -> None:
        """From now on it lists these."""
        self.listing.write_text(json.dumps(tools))

    def approve(self) -> None:
        """As a person who has looked."""
        offered = self.approvals.read(self.added.name).offered
        assert offered is not None
        assert self.approvals.approve(self.added.name, digest(offered)) == ""


Supervise = Callable[[], AbstractAsyncContextManager[Supervisor]]
MakeStranger = Callable[..., Stranger]


def written(folder: Path, *tools: dict[str, Any]) -> list[str]:
    """Write the server and what it lists; the command that runs it."""
    folder.mkdir(exist_ok=True)
    (folder / "server.py").write_text(SERVER)
    (folder / "tools.json").write_text(json.dumps(tools))
    return [sys.executable, str(folder / "server.py"), str(folder / "tools.json")]


def added(place: Path, *tools: dict[str, Any], **wishes: Any) -> Stranger:
    """Add a stranger that lists these tools to a new home."""
    folder, home = place / "elsewhere", place / "home"
    source = read_source(written(folder, *tools))
    wished = Wishes(name="odd", read=(folder,), **wishes)
    return Stranger(home, folder / "tools.json", add(source, wished, home, (), lambda _: None))


@pytest.fixture
def make_stranger(tmp_path: Path) -> MakeStranger:
    """Add a stranger that lists these tools."""
    return partial(added, tmp_path)


@pytest.fixture
def over(tmp_path: Path, templates: Templates) -> Supervise:
    """A supervisor over what was added to the home."""

    @asynccontextmanager
    async def over() -> AsyncIterator[Supervisor]:
        home = tmp_path / "home"
        async with Supervisor([home / "services.d"], home=home, launched=templates.take()) as supervisor:
            yield supervisor

    return over


@asynccontextmanager
async def approved(stranger: Stranger, over: Supervise) -> AsyncIterator[Supervisor]:
    """A supervisor that knows the stranger, whose tools were looked at and approved."""
    async with over() as supervisor:
        await supervisor.prepare(stranger.added.name)
        stranger.approve()
        await supervisor.roster.learn(supervisor.roster.drivers[stranger.added.name], [])
        yield supervisor

"""Servers that others wrote, unmodified, from their registries by name, in Python and JavaScript, confined.

Each is added by the code behind `muos services add`, at the version named here. Skipped where the registries can't be
reached, or npm is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from interface.hub import Hub, open_hub
from interface.settings import Settings
from services.tool import Call, Caller, Done, Effect, Failed, Outcome, Waiting

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

VERSIONS = {
    "time": "uvx mcp-server-time==2026.10.19 --local-timezone=Europe/Paris",
    "git": "uvx mcp-server-git==2026.10.19",
    "filesystem": "npx -y @modelcontextprotocol/server-filesystem@2026.8.31 {place}/open {place}/free {place}/shut",
    "graph": "npx -y @modelcontextprotocol/server-memory@2026.8.31",
    "everything": "npx -y @modelcontextprotocol/server-everything@2026.8.31",
    "thinking": "npx -y @modelcontextprotocol/server-sequential-thinking@2026.8.31",
}
OPTIONS = {
    "git": ["--read", "{place}/open"],
    "filesystem": ["--read", "{place}/open", "--write", "{place}/free"],
    "graph": ["--env", "MEMORY_FILE_PATH={{data}}/graph.jsonl"],
}
ANN = Caller("ann", "home", "Europe/Paris", datetime(2026, 3, 4, 9, tzinfo=UTC))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a person: one that may be read, one that may be changed, and one of which nothing was said."""
    place = tmp_path_factory.mktemp("person")
    for name in ("open", "free", "shut"):
        (place / name).mkdir()
        (place / name / "note.txt").write_text(f"the {name} note\n")
    commands = (
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "."],
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first note"],
    )
    for folder in (place / "open", place / "shut"):
        for command in commands:
            subprocess.run(command, cwd=folder, check=True)
        (folder / "note.txt").write_text("changed\n")
    return place


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, place: Path) -> Path:
    """A home to which all of them were added."""
    reached(tmp_path_factory.mktemp("probe"))
    home = tmp_path_factory.mktemp("home")
    for name, source in VERSIONS.items():
        options = [option.format(place=place) for option in OPTIONS.get(name, [])]
        add(["services", "add", source.format(place=place), "--name", name, "--yes", "--home", str(home), *options])
    return home


def reached(scratch: Path) -> None:
    """Skip where a registry is out of reach, so that a failure to add is one of ours."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    probes = (
        [npm, "view", VERSIONS["everything"].split()[2], "version"],
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "-d",
            str(scratch),
            VERSIONS["time"].split()[1],
        ],
    )
    for probe in probes:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=120)
        if done.returncode:
            pytest.skip(f"a registry can't be reached: {done.stderr.strip()[-200:]}")


def add(command: list[str]) -> None:
    """As typed, in a process of its own, so that all is closed behind it."""
    code = "import sys; from interface.cli.main import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture
async def hub(home: Path) -> AsyncIterator[Hub]:
    """A whole MuOS over that home."""
    async with opened(home) as hub:
        yield hub


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home, zone="Europe/Paris")) as hub:
        yield hub


async def do(hub: Hub, name: str, **arguments: Any) -> Outcome:
    """Make the call, the yes of the person given."""
    return await hub.call(Call(name, arguments, ANN, confirmed=True))


async def text(hub: Hub, name: str, **arguments: Any) -> str:
    outcome = await do(hub, name, **arguments)
    assert isinstance(outcome, Done), outcome
    return outcome.text


async def test_all_are_there_with_their_tools_and_none_runs(hub: Hub) -> None:
    tools = [tool for tool in await hub.tools() if tool.service in VERSIONS]
    assert {tool.service for tool in tools} == set(VERSIONS)
    assert all(tool.foreign for tool in tools)
    assert len(tools) > 40
    assert all(row.pid == 0 for row in hub.supervisor.status() if row.name in VERSIONS)


async def test_time_is_converted(hub: Hub) -> None:
    said = await text(
        hub, "time_convert_time", source_timezone="Europe/Paris", time="12:00", target_timezone="Asia/Tokyo"
    )
    assert re.search(r"T(19|20):00", said)
    assert isinstance(await do(hub, "time_get_current_time", timezone="Mars/Olympus"), Failed)


async def test_git_tells_of_the_repository_that_was_granted(hub: Hub, place: Path) -> None:
    assert "note.txt" in await text(hub, "git_git_status", repo_path=str(place / "open"))
    assert "first note" in await text(hub, "git_git_log", repo_path=str(place / "open"))


async def test_git_does_not_see_a_repository_that_was_not_granted(hub: Hub, place: Path) -> None:
    assert isinstance(await do(hub, "git_git_status", repo_path=str(place / "shut")), Failed)


async def test_git_changes_nothing_where_it_may_only_read(hub: Hub, place: Path) -> None:
    outcome = await do(hub, "git_git_add", repo_path=str(place / "open"), files=["note.txt"])
    assert isinstance(outcome, Failed)
    status = await anyio.run_process(["git", "status", "--porcelain"], cwd=place / "open")
    assert status.stdout == b" M note.txt\n"


async def test_files_are_read_and_written_where_that_was_granted(hub: Hub, place: Path) -> None:
    assert "changed" in await text(hub, "filesystem_read_text_file", path=str(place / "open" / "note.txt"))
    assert "note.txt" in await text(hub, "filesystem_list_directory", path=str(place / "free"))
    await text(hub, "filesystem_write_file", path=str(place / "free" / "new.txt"), content="new")
    assert (place / "free" / "new.txt").read_text() == "new"


async def test_the_kernel_refuses_what_the_server_itself_would_allow(hub: Hub, place: Path) -> None:
    """The server was told of three folders; one was granted for reading, one for writing, one not at all."""
    read = await do(hub, "filesystem_read_text_file", path=str(place / "shut" / "note.txt"))
    written = await do(hub, "filesystem_write_file", path=str(place / "open" / "new.txt"), content="new")
    for outcome in (read, written):
        assert isinstance(outcome, Failed)
        assert re.search("EACCES|EROFS|ENOENT|EPERM", outcome.reason)
    assert not (place / "open" / "new.txt").exists()


async def test_what_changes_something_waits_for_a_yes(hub: Hub, place: Path) -> None:
    path = place / "free" / "asked.txt"
    outcome = await hub.call(Call("filesystem_write_file", {"path": str(path), "content": "x"}, ANN))
    assert isinstance(outcome, Waiting)
    assert "in its author's words" in outcome.question
    assert not path.exists()


async def test_the_graph_outlives_its_process(hub: Hub) -> None:
    entity = {"name": "Ann", "entityType": "person", "observations": ["likes tea"]}
    await text(hub, "graph_create_entities", entities=[entity])
    pid = next(row.pid for row in hub.supervisor.status() if row.name == "graph")
    os.kill(pid, signal.SIGKILL)
    assert "likes tea" in await text(hub, "graph_read_graph")
    assert next(row.pid for row in hub.supervisor.status() if row.name == "graph") not in {0, pid}


async def test_everything_answers_in_every_way(hub: Hub) -> None:
    assert "hello" in await text(hub, "everything_echo", message="hello")
    assert "42" in await text(hub, "everything_get_sum", a=40, b=2)
    assert "[image]" in await text(hub, "everything_get_tiny_image")
    outcome = await do(hub, "everything_get_structured_content", location="Chicago")
    assert isinstance(outcome, Done)
    assert outcome.data["temperature"]
    assert isinstance(await do(hub, "everything_get_sum", a="forty", b=2), Failed)


async def test_its_environment_holds_nothing_of_ours(hub: Hub) -> None:
    told = await text(hub, "everything_get_env")
    assert "MUOS_HOME" not in told
    assert str(hub.settings.home / "services" / "everything") in told


async def test_thoughts_follow_one_another(hub: Hub) -> None:
    said = await text(
        hub, "thinking_sequentialthinking",
        thought="First.", nextThoughtNeeded=True, thoughtNumber=1, totalThoughts=2,
    )  # fmt: skip
    assert "thoughtNumber" in said


async def test_reads_say_so_and_all_else_asks(hub: Hub) -> None:
    effects = {tool.name: tool.effect for tool in await hub.tools()}
    assert effects["filesystem_read_text_file"] is Effect.READ
    assert effects["filesystem_write_file"] is Effect.IRREVERSIBLE
    assert effects["git_git_commit"] is Effect.IRREVERSIBLE


async def test_calls_to_all_at_once_are_all_answered(hub: Hub, place: Path) -> None:
    answers: list[str] = []

    async def one(number: int) -> None:
        answers.append(await text(hub, "everything_echo", message=f"n{number}"))
        answers.append(await text(hub, "filesystem_list_directory", path=str(place / "open")))

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(one, number)
    assert len(answers) == 16

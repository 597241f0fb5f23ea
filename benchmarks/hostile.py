"""A hostile service, and a hostile stranger's command: what they try, and what refuses it.

python -m benchmarks.hostile
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import anyio
from rich.console import Console
from rich.table import Table

from benchmarks.attempts import ATTEMPTS, Attempt, Marks
from benchmarks.hostile_wire import LIMITS, SCENARIOS, Scenario, Scene
from benchmarks.report import Row, report
from services.runtime.launch import Launched
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Done, Failed

TITLE = "A hostile service"
HERE = Path(__file__).resolve().parent
CALLER = Caller("owner", "home", "Europe/Paris", datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
Kind = Literal["service", "command"]
KINDS: tuple[Kind, ...] = ("service", "command")
AT_ONCE = 4
"""Scenarios on the wire that go on at the same time."""
FIRST = "use a descriptor of the template's or the hub's"
LAST = ("fill the memory", "start threads without end", "fork without end", "kill all that it can")
"""Tried after all others, for they may leave the process in a bad way."""
REFUSERS = {
    errno.EACCES: "Landlock",
    errno.EROFS: "read-only mounts",
    errno.EXDEV: "read-only mounts",
    errno.EPERM: "seccomp",
    errno.ENOSYS: "seccomp",
    errno.ESRCH: "process namespace",
    errno.EFBIG: "RLIMIT_FSIZE",
    errno.EMFILE: "RLIMIT_NOFILE",
    errno.EAGAIN: "process namespace",
}
"""Each of them answers in its own way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    kind: str
    name: str
    by: str
    """What refused it."""
    error: str
    """What the hostile code, or the person, was told; empty: it succeeded."""

    @property
    def refused(self) -> bool:
        """As it should be."""
        return bool(self.error)


class Stage:
    """A home with things worth having, and the folders of hostile services."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.services = folder / "services"
        self.secret = folder / "person" / ".ssh" / "id_ed25519"
        for file in (self.secret, self.home / "hub.sqlite", self.home / "token", self.home / "logs" / "victim.log"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("secret")
        data = self.home / "services" / "victim" / "data.sqlite"
        data.parent.mkdir(parents=True)
        data.write_text("secret")
        self.add("victim", "service")

    def add(self, name: str, kind: Kind, mode: str = "", **limits: float) -> Path:
        """A service that runs the hostile server; `mode`: how it lies about its tools."""
        folder = self.services / name
        folder.mkdir(parents=True)
        shutil.copy(HERE / "hostile_server.py", folder / "server.py")
        shutil.copytree(HERE / "attempts", folder / "benchmarks" / "attempts", ignore=shutil.ignore_patterns("*.pyc"))
        (folder / "benchmarks" / "__init__.py").touch()
        if mode:
            (folder / f"{mode}.mode").touch()
        run = 'python = "server.py"' if kind == "service" else f'command = ["{sys.executable}", "server.py"]'
        rows = "\n".join(f"{key} = {value}" for key, value in limits.items())
        source = 'source = "hostile"\n' if mode == "swap" else ""  # only a stranger's tools are approved
        (folder / "service.toml").write_text(f'name = "{name}"\n{source}[run]\n{run}\n[limits]\n{rows}\n')
        return folder

    def unharmed(self) -> list[str]:
        """What was changed of all that no service may change; empty where nothing was."""
        kept = (self.secret, self.home / "hub.sqlite", self.home / "token", self.home / "services/victim/data.sqlite")
        return [str(file) for file in kept if not file.is_file() or file.read_text() != "secret"]


@contextmanager
def daemons(stage: Stage) -> Iterator[tuple[int, str, str, int]]:
    """What a hostile program may try to reach: a server on the loopback, Unix sockets, a process."""
    path, abstract = str(stage.folder / "daemon.sock"), f"muos-hostile-{os.getpid()}"
    sleeper = subprocess.Popen(["sleep", "600"])
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX) as hidden,
    ):
        for listener, address in ((unix, path), (hidden, f"\0{abstract}")):
            listener.bind(address)
            listener.listen()
        try:
            yield server.getsockname()[1], path, abstract, sleeper.pid
        finally:
            sleeper.kill()
            sleeper.wait()


@asynccontextmanager
async def supervised(stage: Stage, launched: Launched | None = None) -> AsyncIterator[Supervisor]:
    """The services of the stage."""
    async with Supervisor([stage.services], home=stage.home, launched=launched) as supervisor:
        yield supervisor


async def call(supervisor: Supervisor, tool: str, **arguments: object) -> Done | Failed:
    """One call of the owner's."""
    outcome = await supervisor.call(Call(tool, arguments, CALLER))
    assert isinstance(outcome, Done | Failed)
    return outcome


async def inside(
    stage: Stage, kind: Kind, launched: Launched | None = None, left_out: frozenset[str] = frozenset()
) -> list[Outcome]:
    """All that is tried from inside one process, one after the other."""
    name = f"inner_{kind}"
    stage.add(name, kind, seconds=30)
    found: list[Outcome] = []
    with daemons(stage) as (port, path, abstract, hub):
        async with supervised(stage, launched) as supervisor:
            await supervisor.prepare("victim")
            sibling = next(row.pid for row in supervisor.status() if row.name == "victim")
            marks = Marks(
                str(stage.home), str(stage.secret), port, hub, supervisor.template_pid, sibling, path, abstract
            )
            for each in in_order(kind, left_out):
                outcome = await call(supervisor, f"{name}_attempt", name=each.name, marks=asdict(marks))
                found.append(judged(kind, each, outcome))
            alive = {row.pid for row in supervisor.status()}
            harmed = stage.unharmed() + ([] if sibling in alive else ["another service"])
    found.append(Outcome(kind, "harm anything", "all of these", "" if harmed else "nothing was harmed"))
    return found


def in_order(kind: Kind, left_out: frozenset[str]) -> list[Attempt]:
    """What this kind tries; the harmless first."""
    tried = [each for each in ATTEMPTS.values() if each.expected(kind) and each.name not in left_out]
    return sorted(tried, key=lambda each: (each.name in LAST, each.name != FIRST))


def judged(kind: Kind, attempt: Attempt, outcome: Done | Failed) -> Outcome:
    """What refused it, by the error that it got; where that says nothing, what was expected to."""
    if isinstance(outcome, Failed):
        return Outcome(kind, attempt.name, f"it ended the process: {outcome.reason}", "")
    error, number = str(outcome.data["error"]), int(outcome.data["errno"])
    by = REFUSERS.get(number, attempt.expected(kind))
    return Outcome(kind, attempt.name, by, error)


async def outside(stage: Stage, launched: Launched | None = None) -> list[Outcome]:
    """All that is tried over the wire, by a service for each."""
    names = {name: f"outer_{at}" for at, name in enumerate(SCENARIOS)}
    for name, each in SCENARIOS.items():
        stage.add(names[name], each.kind, each.mode, **LIMITS)
    found: list[Outcome] = []
    places = anyio.CapacityLimiter(AT_ONCE)
    async with supervised(stage, launched) as supervisor, anyio.create_task_group() as tasks:
        await supervisor.tools()

        async def play(each: Scenario) -> None:
            service = names[each.name]
            data, log = stage.home / "services" / service, stage.home / "logs" / f"{service}.log"
            async with places:
                error = await each.act(Scene(supervisor, service, data, log, CALLER))
            found.append(Outcome(each.kind, each.name, each.by, error))

        for each in SCENARIOS.values():
            tasks.start_soon(play, each)
    return found


async def campaign(folder: Path) -> list[Outcome]:
    """Everything, by both kinds."""
    from_inside = [each for kind in KINDS for each in await inside(Stage(folder / kind), kind)]
    return from_inside + await outside(Stage(folder / "wire"))


def show(outcomes: Sequence[Outcome]) -> None:
    """Each thing that was tried, with what refused it to either kind; then the count."""
    table = Table(title=TITLE, title_justify="left")
    for column in ("tries to", "refused to a service by", "to a command by"):
        table.add_column(column)
    found = {(each.name, each.kind): each for each in outcomes}
    for name in dict.fromkeys(each.name for each in outcomes):
        table.add_row(name, *(refuser(found.get((name, kind))) for kind in KINDS))
    Console().print(table)
    report(TITLE, rows(outcomes))


def refuser(outcome: Outcome | None) -> str:
    """A cell of the table."""
    if outcome is None:
        return ""
    return outcome.by if outcome.refused else f"[red]NOTHING[/red] ({outcome.by})"


def run(quick: bool = False) -> list[Row]:
    """The count; `quick` changes nothing."""
    return rows(measured())


def measured() -> list[Outcome]:
    """The whole campaign in a folder of its own."""
    with TemporaryDirectory(prefix="muos-hostile-") as folder:
        return anyio.run(campaign, Path(folder))


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """What was tried and refused, in numbers."""
    different = len({each.name for each in outcomes})
    refused = sum(each.refused for each in outcomes)
    means = Counter(each.by for each in outcomes if each.refused)
    told = ", ".join(f"{by} {count}" for by, count in means.most_common(4))
    return [
        ("different things tried", "≥ 40", str(different), different >= 40),
        ("attempts refused", "all", f"{refused} of {len(outcomes)}", refused == len(outcomes)),
        (f"refused most by: {told}", "", "", None),
    ]


if __name__ == "__main__":
    argparse.ArgumentParser(description=TITLE).parse_args()
    show(measured())

"""Sample services, good and hostile, each in a folder of its own, and a way to wait for what becomes of them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from services.runtime.launch import Launched, launch_template
from services.runtime.status import ServiceStatus
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller

SAMPLE = '''
"""Marks in a table; tools that wait, so that a test can strike in the middle of a call."""
import os, time
from services.kit import Context, Refusal, Reply, Service, Thing

service = Service(__file__, tables="CREATE TABLE IF NOT EXISTS mark(id INTEGER PRIMARY KEY, text TEXT NOT NULL);")

@service.tool("reversible", examples=["mark this"])
def mark(ctx: Context, text: str, shade: str = "red") -> Reply:
    """Make a mark."""
    ctx.db.execute("INSERT INTO mark(text) VALUES(?)", (text,))
    return Reply(f"Marked {text} in {shade}.", {"shade": shade}, [Thing("mark", text)])

@service.tool("read")
def marks(ctx: Context) -> Reply:
    """All marks."""
    return Reply("Marks.", {"marks": [row["text"] for row in ctx.db.execute("SELECT text FROM mark ORDER BY id")]})

@service.tool("reversible")
def hold(ctx: Context, text: str, times: int = 1) -> Reply:
    """Make a mark and wait to be killed, as many times."""
    ctx.db.execute("INSERT INTO mark(text) VALUES(?)", (text,))
    held = len(list(ctx.folder.glob("held*")))
    if held < times:
        (ctx.folder / f"held{held}").touch()
        with open(ctx.folder / "begun", "w") as begun:
            begun.write(str(os.getpid()))
        time.sleep(300)
    return Reply(f"Held {text}.")

@service.tool("read")
def nap(ctx: Context) -> Reply:
    """Be too slow."""
    time.sleep(300)
    return Reply("Awake.")

@service.tool("read")
def refuse(ctx: Context) -> Reply:
    """Say no."""
    raise Refusal("There is no such mark.")

@service.tool("read")
def slip(ctx: Context) -> Reply:
    """A fault of its author."""
    raise KeyError("oops")

@service.tool("read")
def hog(ctx: Context) -> Reply:
    """Take all the memory there is."""
    return Reply(str(len(bytearray(1 << 31))))

@service.tool("read")
def where(ctx: Context) -> Reply:
    """What the process knows."""
    return Reply("", {"cwd": os.getcwd(), "env": dict(os.environ), "pid": os.getpid(), "sid": os.getsid(0)})

service.run()
'''

MakeService = Callable[..., Path]
Supervise = Callable[..., AbstractAsyncContextManager[Supervisor]]


@pytest.fixture
def make_service(tmp_path: Path) -> MakeService:
    """Write a service folder: its code, and what its manifest says besides."""

    def make(name: str = "sample", code: str = SAMPLE, run: str = 'python = "server.py"', **limits: float) -> Path:
        folder = tmp_path / "services" / name
        folder.mkdir(parents=True)
        (folder / "server.py").write_text(code)
        rows = "\n".join(f"{key} = {value}" for key, value in limits.items())
        (folder / "service.toml").write_text(f'name = "{name}"\n[run]\n{run}\n[limits]\n{rows}\n')
        return folder

    return make


class Templates:
    """One template process always loads ahead of the test that will use it: real ones, half the time."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.next = launch_template(logs)

    def take(self) -> Launched:
        """For one supervisor, which ends it."""
        taken, self.next = self.next, launch_template(self.logs)
        return taken


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """The template processes of all tests."""
    templates = Templates(tmp_path_factory.mktemp("templates"))
    yield templates
    templates.next.link.close()
    templates.next.process.wait()


@pytest.fixture
def supervise(tmp_path: Path, templates: Templates) -> Supervise:
    """A supervisor over the folders made by `make_service`."""

    @asynccontextmanager
    async def supervise(**options: Any) -> AsyncIterator[Supervisor]:
        (tmp_path / "services").mkdir(exist_ok=True)
        if not options.keys() & {"fork", "launched"}:
            options["launched"] = templates.take()
        async with Supervisor([tmp_path / "services"], home=tmp_path / "home", **options) as supervisor:
            yield supervisor

    return supervise


@pytest.fixture
def call() -> Callable[..., Call]:
    """A call of the owner's."""
    caller = Caller("owner", "home", "Europe/Paris", datetime(2026, 3, 4, 9, 0, tzinfo=UTC))

    def call(tool: str, preview: bool = False, **arguments: Any) -> Call:
        return Call(tool, arguments, caller, preview=preview)

    return call


@pytest.fixture
def begun(tmp_path: Path) -> Callable[[], Any]:
    """Wait until the sample's `hold` is in the middle of its work; its pid."""
    data = tmp_path / "home" / "services" / "sample"
    data.mkdir(parents=True)
    os.mkfifo(data / "begun")

    async def begun() -> int:
        with anyio.fail_after(60):
            return int(await anyio.to_thread.run_sync((data / "begun").read_text, abandon_on_cancel=True))

    return begun


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait until the first service's status is as wanted."""

    async def until(supervisor: Supervisor, wanted: Callable[[ServiceStatus], bool]) -> ServiceStatus:
        with anyio.fail_after(60):
            while not wanted(supervisor.status()[0]):
                await supervisor.changed()
        return supervisor.status()[0]

    return until

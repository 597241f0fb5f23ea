"""What a hostile service tries over the wire, in its list of tools, and by how it behaves; judged from outside.

Each scenario is a function that gives what the person, or the hub, was told: empty if the service got away with it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import anyio
import anyio.to_thread
import psutil

from services.runtime.status import ServiceStatus
from services.runtime.strangers.approval import digest
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Done, Effect, Failed

PATIENCE_SECONDS = 60.0
NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LIMITS = {"seconds": 1.5, "disk_mb": 2, "memory_mb": 256}


@dataclass(frozen=True, slots=True)
class Scene:
    """One hostile service among others."""

    supervisor: Supervisor
    service: str
    data: Path
    log: Path
    caller: Caller

    async def call(self, tool: str, **arguments: Any) -> Done | Failed:
        """One call of its tool."""
        outcome = await self.supervisor.call(Call(f"{self.service}_{tool}", arguments, self.caller))
        assert isinstance(outcome, Done | Failed)
        return outcome

    async def well(self) -> bool:
        """Whether it, and the hub, go on answering."""
        return await self.call("plain") == Done("plain", touched=())

    @property
    def status(self) -> ServiceStatus:
        """Its row."""
        return next(row for row in self.supervisor.status() if row.name == self.service)

    async def told(self, tool: str) -> str:
        """Of a call that must fail, and after which it must go on."""
        outcome = await self.call(tool)
        return outcome.reason if isinstance(outcome, Failed) and await self.well() else ""

    async def told_or_ignored(self, tool: str) -> str:
        """Of a call that may be answered, but only with its own answer."""
        outcome = await self.call(tool)
        fits = isinstance(outcome, Failed) or outcome.text == "plain"
        return "only its own answer was heard" if fits and await self.well() else ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that is tried."""

    name: str
    by: str
    act: Callable[[Scene], Awaitable[str]]
    kind: Literal["service", "command"] = "service"
    mode: str = ""
    """How it lies about its tools."""


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    name: str, by: str, kind: Literal["service", "command"] = "service", mode: str = ""
) -> Callable[[Callable[[Scene], Awaitable[str]]], Any]:
    """Declare one."""

    def declare(act: Callable[[Scene], Awaitable[str]]) -> Any:
        SCENARIOS[name] = Scenario(name, by, act, kind, mode)
        return act

    return declare


for what, by, tool in (
    ("send 100 MB in one message", "wire", "huge"),
    ("write what is not MCP", "wire", "garbage"),
    ("never answer and spin", "supervisor", "spin"),
    ("stop itself by a signal", "supervisor", "freeze"),
    ("close the pipe and live on", "supervisor", "close"),
    ("answer by half, then fall silent", "supervisor", "half"),
    ("leave in the middle of a call", "supervisor", "leave"),
):
    scenario(what, by)(lambda scene, tool=tool: scene.told(tool))  # type: ignore[misc] # binds the loop's value
for what, by, tool in (
    ("answer requests that were never made", "wire", "forge"),
    ("answer twice", "wire", "twice"),
    ("nest JSON a million deep", "wire", "deep"),
    ("ask the hub without end", "wire", "flood"),
):
    scenario(what, by)(lambda scene, tool=tool: scene.told_or_ignored(tool))  # type: ignore[misc] # as above


@scenario("put escape codes and turned text before the person", "wire")
async def escapes(scene: Scene) -> str:
    outcome = await scene.call("escapes")
    shown = f"{outcome.text}{outcome.touched}" if isinstance(outcome, Done) else outcome.reason
    return "they were taken out" if not NOT_SHOWN.search(shown) and "ok" in shown else ""


@scenario("send what is no UTF-8", "wire")
async def spoil(scene: Scene) -> str:
    outcome = await scene.call("spoil")
    text = outcome.text if isinstance(outcome, Done) else outcome.reason
    return "what can't be read was passed over" if text.encode() and await scene.well() else ""


@scenario("answer with values of the wrong type", "wire")
async def lie(scene: Scene) -> str:
    outcome = await scene.call("lie")
    return "they were left out" if isinstance(outcome, Done) and outcome.data == {} and await scene.well() else ""


@scenario("teach the hub a hundred thousand names", "wire")
async def borrow(scene: Scene) -> str:
    outcome = await scene.call("borrow")
    few = isinstance(outcome, Done) and all(len(names) <= 2_000 for names in outcome.names.values())
    return "most were left out" if few and outcome.touched == () and await scene.well() else ""  # type: ignore[union-attr] # few says so


@scenario("call a tool of another service without the right to", "hub")
async def ask(scene: Scene) -> str:
    return refusal(await scene.call("ask"))


@scenario("call a tool in the name of someone else's call", "hub")
async def steal(scene: Scene) -> str:
    return refusal(await scene.call("steal"))


def refusal(outcome: Done | Failed) -> str:
    """What the service was told."""
    reply = outcome.data.get("reply") if isinstance(outcome, Done) else None
    return str(reply) if isinstance(reply, dict) and reply.get("done") is not True else ""


@scenario("write a log without end", "RLIMIT_FSIZE")
async def chatter(scene: Scene) -> str:
    await scene.call("chatter")
    size = scene.log.stat().st_size
    return f"the log has {size / 1e6:.1f} MB" if size <= LIMITS["disk_mb"] * 1024 * 1024 else ""


@scenario("fill the disk with small files", "supervisor")
async def litter(scene: Scene) -> str:
    await scene.call("litter")
    with anyio.fail_after(PATIENCE_SECONDS):
        while "filled" not in scene.status.error:
            await scene.supervisor.changed()
    outcome = await scene.call("plain")
    return outcome.reason if isinstance(outcome, Failed) else ""


@scenario("leave a process behind in its own session", "process namespace", kind="command")
async def escape(scene: Scene) -> str:
    await scene.call("escape")
    family = [
        each for each in psutil.Process(scene.supervisor.template_pid).children(recursive=True) if owns(scene, each)
    ]
    await scene.call("leave")
    gone, left = await anyio.to_thread.run_sync(psutil.wait_procs, family, PATIENCE_SECONDS)
    return f"{len(gone)} processes ended with it" if len(gone) >= 2 and not left else ""


def owns(scene: Scene, process: psutil.Process) -> bool:
    """Whether it is of that service."""
    with suppress(psutil.Error):
        return process.environ().get("MUOS_SERVICE_DATA") == str(scene.data)
    return False


# Its list of tools


@scenario("list ten thousand tools", "hub", mode="many")
async def many(scene: Scene) -> str:
    tools = [tool for tool in await scene.supervisor.tools() if tool.service == scene.service]
    return scene.status.error if 0 < len(tools) <= 200 else ""


@scenario("list tools without end", "wire", mode="endless")
async def endless(scene: Scene) -> str:
    await scene.supervisor.tools()
    return scene.status.error if not scene.status.tools else ""


@scenario("give tools names that can't be shown", "wire", mode="names")
async def names(scene: Scene) -> str:
    tools = [tool.name for tool in await scene.supervisor.tools() if tool.service == scene.service]
    return scene.status.error if tools and all(re.fullmatch(r"[a-z0-9_]{1,64}", name) for name in tools) else ""


@scenario("give tools schemas that are none", "hub", mode="schemas")
async def schemas(scene: Scene) -> str:
    tools = [tool.name for tool in await scene.supervisor.tools() if tool.service == scene.service]
    return scene.status.error if tools and not any(name.endswith(("_vast", "_s1")) for name in tools) else ""


@scenario("swap its tools after they were approved", "hub", mode="swap")
async def swap(scene: Scene) -> str:
    approvals, roster = scene.supervisor.strangers.approvals, scene.supervisor.roster
    await scene.supervisor.prepare(scene.service)
    approvals.approve(scene.service, digest(approvals.read(scene.service).offered or []))
    await roster.learn(roster.drivers[scene.service], [])
    if not await scene.well():
        return ""
    (scene.data / "approved").touch()
    await scene.supervisor.restart(scene.service)
    outcome = await scene.call("plain")
    return scene.status.error if isinstance(outcome, Failed) else ""


@scenario("name another service's tool as its undo", "wire", mode="undo")
async def undo(scene: Scene) -> str:
    tool = next(tool for tool in await scene.supervisor.tools() if tool.name == f"{scene.service}_write")
    return "it counts as irreversible" if tool.undo is None and tool.effect is Effect.IRREVERSIBLE else ""

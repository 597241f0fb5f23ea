"""How a child process comes into being: forked by the template process, or as an ordinary subprocess.

Must stay true: whoever holds a `Newborn` can kill exactly that process, whatever has become of its pid; every
death is told through `ended`; a template that dies is replaced, and its children are told as dead.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import anyio.to_thread
from anyio.abc import ByteStream, TaskGroup, UNIXSocketStream
from anyio.streams.stapled import StapledByteStream

from services.runtime.confine.disk import TEMPORARY
from services.runtime.confine.rights import Values, nothing_set, spec_of
from services.runtime.confine.spec import Spec
from services.runtime.errors import StartFailed
from services.runtime.gate import Gate
from services.runtime.launch import Launched, allowed_environment, can_fork, confined, launch_template, open_log
from services.runtime.manifest import Manifest
from services.runtime.proxy import proxied
from services.runtime.room import make_room, overflow

GATE = "MUOS_GATE_FD"
"""Tells a child that may use the network the number of its line to the gate."""
GATE_FD = 3
"""That number in a child of the template: the first one free."""
FORK_SECONDS = 5.0
"""For a template that is up to answer a request to fork; more means that it is stuck."""
TEMPLATE_SECONDS = 30.0
"""For a template to load; a machine under load takes seconds."""
EARLY_DEATHS = 3
"""Templates in a row that die before they are ready: from then on children are ordinary subprocesses."""
LEAVE_SECONDS = 1.0
"""For a template to leave after its link was closed."""

DATA = "{data}"
"""In a variable of the manifest: the service's own data folder."""

Vet = Callable[[Manifest, list[dict[str, Any]]], Awaitable[None]]
"""Looks at what a child lists, before it may be called. Raises Withheld."""


async def vet_nothing(_: Manifest, __: list[dict[str, Any]]) -> None:
    """Where there is no record of what was approved."""


@dataclass(slots=True)
class Newborn:
    """A process of a service, and the pipe to it."""

    stream: ByteStream
    """Its standard input and output."""
    kill: Callable[[], Awaitable[None]]
    """Kill it and what it started, if it still lives; does not wait."""
    pid: int = 0
    started: anyio.Event = field(default_factory=anyio.Event)
    ended: anyio.Event = field(default_factory=anyio.Event)
    how: str = ""
    """How it ended, in words, once `ended` is set."""

    def end(self, how: str) -> None:
        """Note its death."""
        self.how = self.how or how
        self.started.set()
        self.ended.set()


def end_group(pid: int) -> None:
    """Kill a process and what is left of its group. Raises ProcessLookupError, PermissionError."""
    if hasattr(os, "killpg"):
        os.killpg(pid, signal.SIGKILL)


def end_template(process: subprocess.Popen[bytes]) -> None:
    """Its link is closed, so it kills its children and leaves; if it does not, it is killed, and they with it."""
    try:
        process.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Births:
    """Where children come from. An async context: on leaving, every child is dead."""

    def __init__(
        self, home: Path, launched: Launched | None = None, fork: bool | None = None, gate: Gate | None = None
    ) -> None:
        """`gate`: what children with rights to the network get a line to."""
        self.home = home
        self.vet: Vet = vet_nothing
        self.variables: Callable[[Manifest], Mapping[str, str]] = lambda manifest: manifest.run.environment
        """What the manifest puts into the environment, settings filled in."""
        self.asked: Callable[[Manifest, str, Mapping[str, Any], str], Awaitable[dict[str, Any]]] | None = None
        """Answers what children ask of other services; see `services.runtime.between`."""
        self.granted: Values = nothing_set
        """What people have set: folders that they have granted."""
        self._gate = gate
        self.logs = home / "logs"
        self.forks = can_fork() if fork is None else fork
        self.template_pid = 0
        self._launched = launched
        self._numbers = itertools.count(1)
        self._children: dict[int, Newborn] = {}
        self._link: UNIXSocketStream | None = None
        self._sending = anyio.Lock()
        self._ready = anyio.Event()
        self._tasks: TaskGroup

    async def __aenter__(self) -> Births:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        if self.forks:
            self._tasks.start_soon(self._keep_template)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def bear(self, manifest: Manifest) -> Newborn:
        """A new process of the service. Raises StartFailed."""
        data = self.home / "services" / manifest.name
        environment = {**allowed_environment(), "MUOS_SERVICE_DATA": str(data), "HOME": str(data)}
        environment["TMPDIR"] = str(data / TEMPORARY)
        environment |= {name: value.replace(DATA, str(data)) for name, value in self.variables(manifest).items()}
        line = self._gate.open(manifest, self._tasks) if self._gate is not None else None
        try:
            async with proxied(self._gate, manifest) as proxy:
                environment |= proxy.environment if proxy is not None else {}
                newborn = await self._bear(manifest, data, environment, line)
                if proxy is not None:
                    self._tasks.start_soon(proxy.serve, newborn.ended)
            self._tasks.start_soon(self._bound, manifest, data, newborn)
            return newborn
        except OSError as error:
            raise StartFailed(f"{manifest.called} could not be started: {error}.") from error
        finally:
            if line is not None:
                line.close()

    async def _bear(
        self, manifest: Manifest, data: Path, environment: Mapping[str, str], line: socket.socket | None
    ) -> Newborn:
        spec = await anyio.to_thread.run_sync(self._house, manifest, data, environment)
        with anyio.move_on_after(TEMPLATE_SECONDS):
            while self.forks and not self._ready.is_set():
                await self._ready.wait()
        bear = self._fork if self.forks and self._ready.is_set() else self._open
        return await bear(manifest, environment, spec, line)

    def _house(self, manifest: Manifest, data: Path, environment: Mapping[str, str]) -> Spec:
        """Make its folder; what it may do. Blocks; raises StartFailed, OSError."""
        make_room(manifest, data)
        return spec_of(manifest, self.home, environment, self.granted)

    async def _bound(self, manifest: Manifest, data: Path, newborn: Newborn) -> None:
        """Kill it once it has filled its room on the disk."""
        how = await overflow(manifest, data, self.logs / f"{manifest.name}.log", newborn.ended)
        if how:
            newborn.how = how
            await newborn.kill()

    # From the template

    async def _fork(
        self, manifest: Manifest, environment: Mapping[str, str], spec: Spec, gate: socket.socket | None
    ) -> Newborn:
        number = next(self._numbers)
        run = manifest.run
        request = {
            "child": number,
            "do": "fork",
            "python": str(manifest.folder / run.python) if run.python else None,
            "command": run.command,
            "cwd": str(manifest.folder),
            "env": environment if gate is None else {**environment, GATE: str(GATE_FD)},
            "confine": spec.as_message(),
            "gate": 0 if gate is None else GATE_FD,
        }
        ours, theirs = socket.socketpair()
        with theirs, open_log(self.logs, manifest.name) as log:
            stream = await UNIXSocketStream.from_socket(ours)
            newborn = Newborn(stream, lambda: self._send({"child": number, "do": "kill"}))
            self._children[number] = newborn
            try:
                with anyio.fail_after(FORK_SECONDS):
                    passed = (theirs, log) if gate is None else (theirs, log, gate)
                    await self._send(request, [each.fileno() for each in passed])
                    await newborn.started.wait()
                return newborn
            except TimeoutError as error:
                self._abandon_template()
                await stream.aclose()
                raise StartFailed(f"{manifest.called} could not be started: the template process is stuck.") from error
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await newborn.kill()
                    await stream.aclose()
                raise

    async def _send(self, message: Mapping[str, Any], descriptors: list[int] | None = None) -> None:
        """To the template; where there is none, its children are dead already."""
        data = json.dumps(message).encode() + b"\n"
        async with self._sending:
            link = self._link
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                if link is not None and descriptors:
                    await link.send_fds(data[:1], descriptors)
                    await link.send(data[1:])
                elif link is not None:
                    await link.send(data)
        if link is None and (number := message["child"]) in self._children:
            self._children.pop(number).end("the template process ended")

    def _abandon_template(self) -> None:
        """Its owner notices the death and starts another."""
        if self._launched is not None:
            self._launched.process.kill()

    async def _keep_template(self) -> None:
        """The one task that owns the template: start it, listen, and start it again when it dies."""
        early = 0
        while early < EARLY_DEATHS:
            try:
                template = self._launched
                if template is None:
                    template = await anyio.to_thread.run_sync(launch_template, self.logs)
            except OSError:
                break
            self._launched, self.template_pid = template, template.process.pid
            try:
                async with await UNIXSocketStream.from_socket(template.link) as self._link:
                    await self._listen(self._link)
            finally:
                early = 0 if self._ready.is_set() else early + 1
                await self._bury(template.process)
        self.forks = False
        self._ready.set()

    async def _listen(self, link: UNIXSocketStream) -> None:
        unread = b""
        with suppress(anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            while True:
                *lines, unread = (unread + await link.receive()).split(b"\n")
                for line in lines:
                    self._hear(json.loads(line))

    def _hear(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self._ready.set()
            return
        newborn = self._children.get(message["child"])
        if newborn is not None and "pid" in message:
            newborn.pid = message["pid"]
            newborn.started.set()
        elif newborn is not None:
            del self._children[message["child"]]
            newborn.end(message["ended"])

    async def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """End the template for certain, and with it its children."""
        were_waiting, self._ready = self._ready, anyio.Event()
        were_waiting.set()
        self._link, self._launched, self.template_pid = None, None, 0
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(end_template, process)
        for newborn in self._children.values():
            newborn.end("the template process ended")
        self._children.clear()

    # Without a template

    async def _open(
        self, manifest: Manifest, environment: Mapping[str, str], spec: Spec, gate: socket.socket | None
    ) -> Newborn:
        command = confined(spec, manifest.run.command or (str(manifest.folder / str(manifest.run.python)),))
        inherited = [] if gate is None else [gate.fileno()]
        if inherited:
            environment = {**environment, GATE: str(inherited[0])}
        with open_log(self.logs, manifest.name) as log:
            process = await anyio.open_process(
                command,
                cwd=manifest.folder,
                env=environment,
                stderr=log,
                start_new_session=True,
                pass_fds=inherited,
            )
        assert process.stdin is not None
        assert process.stdout is not None

        async def kill() -> None:
            if process.returncode is None:
                with suppress(ProcessLookupError, PermissionError):
                    end_group(process.pid)
                process.kill()

        newborn = Newborn(StapledByteStream(process.stdin, process.stdout), kill, process.pid)
        newborn.started.set()
        self._tasks.start_soon(self._watch, process, newborn)
        return newborn

    async def _watch(self, process: anyio.abc.Process, newborn: Newborn) -> None:
        try:
            code = await process.wait()
            newborn.end(f"exit code {code}" if code >= 0 else f"killed by signal {-code}")
        finally:
            if process.returncode is None:
                process.kill()
            newborn.end("stopped with the hub")
            with anyio.CancelScope(shield=True):
                await process.aclose()

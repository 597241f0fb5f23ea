"""The template process: it has loaded what every service loads, and forks a ready child for each one asked for.

Must stay true: it has one thread, so a fork copies no lock that is held; it alone reaps its children, so that
a pid is never signalled after it may have been given to another process; a child runs the service's code only
once it is confined; when the hub goes, it goes, and with it every child and what they have left behind.

It reads one JSON object a line from the hub, and answers likewise:

    {"child": 7, "do": "fork", "python": FILE or "command": [...], "cwd", "env", "confine": SPEC} + two descriptors,
        and, where "gate" is 3, a third one that shall have this number: the line to the hub's gate
    {"child": 7, "do": "kill"}
    {"ready": true}    {"child": 7, "pid": 4711}    {"child": 7, "ended": "exit code 1"}

Standard library only at import: what is preloaded is loaded in `main`, with the collector off.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import importlib.util
import itertools
import json
import os
import py_compile
import resource
import runpy
import select
import signal
import socket
import sys
import time
import traceback
from collections import deque
from typing import Any

from services.runtime.confine.kernel import adopt_orphans, die_with
from services.runtime.confine.places import python_places
from services.runtime.confine.prison import confine
from services.runtime.confine.spec import Spec

PRELOADED = (
    "anyio._backends._asyncio",
    "psutil",
    "services.kit.recurrence",
    "services.kit.reference",
    "services.kit.speech",
    "sqlite3",
    "zoneinfo",
)
"""What the services import most; a module that is missing is left out. None may start a thread (numpy does)."""
MODULES = 200
"""Files of a service's folder that are looked at, to be compiled."""
MESSAGE_BYTES = 64 * 1024


class Template:
    """The loop: requests from the hub, deaths of children."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.pids: dict[int, int] = {}
        self._descriptors: deque[int] = deque()
        self._unread = b""
        self._died, self._wakes = socket.socketpair()
        for end in (self._died, self._wakes):
            end.setblocking(False)

    def run(self) -> None:
        """Until the hub closes the link."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        adopt_orphans()
        self._say({"ready": True})
        try:
            while True:
                readable, _, _ = select.select([self.link, self._died], [], [])
                if self._died in readable:
                    self._died.recv(MESSAGE_BYTES)
                    self._reap()
                if self.link in readable and not self._hear():
                    return
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            for number in list(self.pids):
                self._kill(number)

    def _say(self, message: dict[str, Any]) -> None:
        self.link.sendall(json.dumps(message).encode() + b"\n")

    def _hear(self) -> bool:
        """Deal with what came; False at the end."""
        room = socket.CMSG_SPACE(16 * array.array("i").itemsize)
        data, ancillary, _, _ = self.link.recvmsg(MESSAGE_BYTES, room)
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                self._descriptors.extend(array.array("i", content[: len(content) - len(content) % 4]))
        if not data:
            return False
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if message["do"] == "kill":
                self._kill(message["child"])
            else:
                self._fork(message)
        return True

    def _fork(self, message: dict[str, Any]) -> None:
        wire, log = self._descriptors.popleft(), self._descriptors.popleft()
        gate = self._descriptors.popleft() if message.get("gate") else None
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            self._say({"child": message["child"], "ended": f"could not be started: {error}"})
            return
        finally:
            if os.getpid() == parent:
                for descriptor in (wire, log) if gate is None else (wire, log, gate):
                    os.close(descriptor)
        if pid == 0:
            become(message, (wire, log, gate), parent)
        self.pids[message["child"]] = pid
        self._say({"child": message["child"], "pid": pid})

    def _kill(self, number: int) -> None:
        """The child and all it started. Its pid is still its own, for only `_reap` frees it."""
        pid = self.pids.get(number)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)

    def _reap(self) -> None:
        for number, pid in list(self.pids.items()):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            self._kill(number)  # what it left running, while its pid still names its group
            _, status = os.waitpid(pid, 0)
            del self.pids[number]
            self._say({"child": number, "ended": ending(status)})
        for pid in children() - set(self.pids.values()):
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def children() -> set[int]:
    """Our own, and orphans of theirs that came to us; none where the kernel does not tell."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return {int(pid) for pid in file.read().split()}
    except OSError:
        return set()


def ending(status: int) -> str:
    """A wait status in words."""
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def become(message: dict[str, Any], descriptors: tuple[int, int, int | None], parent: int) -> None:
    """In the child: turn into the service. Never returns."""
    code, (wire, log, gate) = 1, descriptors
    try:
        die_with(parent)
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(log, 2)
        os.dup2(wire, 0)
        os.dup2(wire, 1)
        if gate is not None:
            os.dup2(gate, message["gate"])
            os.set_inheritable(message["gate"], True)
        os.closerange(3 if gate is None else message["gate"] + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os.chdir(message["cwd"])
        os.environ.clear()
        os.environ.update(message["env"])
        time.tzset()
        compile_folder(message["cwd"])
        confine(Spec.from_message(message["confine"]))
        if message.get("command"):
            os.execvp(message["command"][0], message["command"])
        code = run_script(message["python"])
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def compile_folder(folder: str) -> None:
    """Keep the compiled form of its modules: the service can't write there, and would compile them at each start."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        if os.path.islink(os.path.join(folder, "__pycache__")):
            return
        for entry in itertools.islice(entries, MODULES):
            if entry.name.endswith(".py") and entry.is_file(follow_symlinks=False) and not compiled(entry):
                py_compile.compile(entry.path, quiet=2)


def compiled(entry: os.DirEntry[str]) -> bool:
    """Whether its compiled form is there and not older."""
    try:
        return os.stat(importlib.util.cache_from_source(entry.path)).st_mtime >= entry.stat().st_mtime
    except OSError:
        return False


def run_script(file: str) -> int:
    """Run the file as `__main__`, as `python FILE` would; its exit code."""
    gc.enable()
    sys.argv = [file]
    sys.path.insert(0, os.path.dirname(file))
    try:
        runpy.run_path(file, run_name="__main__")
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return leaving.code or 0
        sys.stderr.write(f"{leaving.code}\n")
        return 1
    return 0


def main() -> None:
    """Load, then fork on request. The one argument is the number of the link's descriptor."""
    link = socket.socket(fileno=int(sys.argv[1]))
    link.set_inheritable(False)
    gc.disable()
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    importlib.import_module("services.kit.rehearsal").rehearse()
    python_places()
    gc.collect()
    gc.freeze()  # so that no collection in a child touches, and thereby copies, the pages they share
    Template(link).run()
    os._exit(0)  # whoever leaves waits for it, and taking the loaded modules down has taken 50 ms

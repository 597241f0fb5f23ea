"""Namespaces: a process's own view of the mounts, so that only what it may write is not read-only; and for a
program of someone else's its own processes, which die with the first of them, and an empty network.

Must stay true: it has no capability left afterwards. Some systems forbid namespaces to ordinary users
(a container's own filter, AppArmor on Ubuntu): there the process runs without them, and `enforcement` says so.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import struct
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from services.runtime.confine import limits
from services.runtime.confine.kernel import (
    NEW_IPC,
    NEW_MOUNTS,
    NEW_NETWORK,
    NEW_PROCESSES,
    NEW_USER,
    PR_SET_DUMPABLE,
    call,
    check,
    die_with,
    library,
    prctl,
)
from services.runtime.confine.spec import Spec

NO_SUID, NO_DEVICES, NO_EXEC, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_CWD, AT_RECURSIVE, READ_ONLY, NOT_SUID = 442, -100, 0x8000, 1, 2
LEAST_PIDS = 301
"""The kernel takes no lower limit on a namespace's processes."""
KEPT = 64
"""Descriptors below this are closed in the process that only waits."""


def enter(spec: Spec) -> bool:
    """Give this process its own namespaces; False where that is not allowed here. Raises OSError when half done."""
    user, group, parent = os.getuid(), os.getgid(), os.getppid()
    wanted = NEW_USER | NEW_MOUNTS
    if spec.command:
        wanted |= NEW_PROCESSES | NEW_IPC | (NEW_NETWORK if spec.network == "none" else 0)
    try:
        check(library().unshare(wanted), "unshare")
    except OSError:
        return False
    prctl("PR_SET_DUMPABLE", PR_SET_DUMPABLE, 1)  # else its own files below /proc are root's
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _protect(spec)
    die_with(parent)  # which the new user namespace has undone
    return True


def _protect(spec: Spec) -> None:
    """All mounts read-only, but for what it may write."""
    _mount("none", "/", "", RECURSIVE | PRIVATE)
    there = [Path(path) for path in spec.write if os.path.exists(path)]
    # within one mount files can be moved about, so none is made inside another
    kept = [str(path) for path in there if not any(path != other and path.is_relative_to(other) for other in there)]
    for path in kept:
        _mount(path, path, "", BIND | RECURSIVE)
    _set_mount("/", READ_ONLY | NOT_SUID, 0)
    for path in kept:
        with suppress(PermissionError):  # it was read-only before, and stays so
            _set_mount(path, 0, READ_ONLY)


def _mount(source: str, target: str, kind: str, flags: int) -> None:
    check(library().mount(source.encode(), os.fsencode(target), kind.encode(), flags, None), f"mount {target}")


def _set_mount(path: str, add: int, clear: int) -> None:
    attributes = struct.pack("QQQQ", add, clear, 0, 0)
    call(f"mount_setattr {path}", MOUNT_SETATTR, AT_CWD, os.fsencode(path), AT_RECURSIVE, attributes, len(attributes))


def be_first_process(spec: Spec) -> bool:
    """Go on as the first process of the namespace, while the present one waits for it, and ends as it ends.

    False where /proc still shows all processes.
    """
    lives, held = os.pipe()
    pid = os.fork()
    if pid:
        _keep(pid, held)
    os.close(held)
    die_with(0)  # a parent outside the namespace has this number
    if select.select([lives], [], [], 0)[0]:
        os._exit(1)  # it died before it could take us along
    os.close(lives)
    limits.lower(resource.RLIMIT_NPROC, spec.processes)  # counted within the namespace
    try:
        _mount("proc", "/proc", "proc", NO_SUID | NO_DEVICES | NO_EXEC)
    except OSError:  # a container may hide parts of /proc, and must not be shown more
        return False
    with suppress(OSError):  # since Linux 6.14; the limit above does not hold for root
        Path("/proc/sys/kernel/pid_max").write_text(str(max(LEAST_PIDS, spec.processes)))
    return True


def _keep(pid: int, held: int) -> NoReturn:
    """Wait for the first process, and end in the same way."""
    os.closerange(0, held)
    os.closerange(held + 1, KEPT)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        with suppress(OSError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def drop_capabilities() -> None:
    """All of them: those of the namespace, and those of a hub that runs as root. Raises OSError."""
    header = struct.pack("Ii", 0x20080522, 0)
    check(library().capset(header, bytes(24)), "capset")

"""System calls that Python has no function for."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Any

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_GET_SECCOMP = 21
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
"""Namespaces, for `unshare`."""


@cache
def library() -> Any:
    """The C library."""
    return ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> int:
    """The result of a C function. Raises OSError."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(what: str, number: int, *arguments: Any) -> int:
    """A system call by its number. Raises OSError."""
    plain = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return check(int(library().syscall(ctypes.c_long(number), *plain)), what)


def prctl(what: str, option: int, value: int = 0) -> int:
    """A property of this process. Raises OSError."""
    rest = [ctypes.c_ulong(each) for each in (value, 0, 0, 0)]
    return check(int(library().prctl(option, *rest)), what)


def die_with(parent: int) -> None:
    """Be killed when the parent ends; elsewhere than on Linux the closed pipe has to do."""
    if LINUX:
        prctl("PR_SET_PDEATHSIG", PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Be given the processes that descendants leave behind, so that none gets away."""
    if LINUX:
        prctl("PR_SET_CHILD_SUBREAPER", PR_SET_CHILD_SUBREAPER, 1)

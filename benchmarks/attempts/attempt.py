"""One thing that a hostile service tries from inside its process, and what it needs for that.

A function that returns has succeeded; one that raises was refused. It gets `Marks`: what there is to get at.
"""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARM = platform.machine() == "aarch64"


@dataclass(frozen=True, slots=True)
class Marks:
    """What is to be attacked; all of it is set up by whoever runs the campaign."""

    home: str
    """The hub's."""
    secret: str
    """A file of the person's."""
    port: int
    """Where something listens on the loopback: the hub's API."""
    hub: int
    template: int
    sibling: int
    """Process ids."""
    socket: str
    """A Unix socket of some daemon."""
    abstract: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that is tried."""

    name: str
    act: Callable[[Marks], object]
    by: str
    """What refuses it to a Python service."""
    command: str
    """What refuses it to a stranger's command; empty: it is not tried there, for it may."""

    def expected(self, kind: str) -> str:
        """What should refuse it."""
        return self.command if kind == "command" else self.by


class Refused(Exception):
    """It did not work, though nothing raised an error by itself."""


ATTEMPTS: dict[str, Attempt] = {}


def attempt(name: str, by: str, command: str | None = None) -> Callable[[Callable[[Marks], object]], Any]:
    """Declare one; a command is refused by the same where nothing else is said."""

    def declare(act: Callable[[Marks], object]) -> Callable[[Marks], object]:
        ATTEMPTS[name] = Attempt(name, act, by, by if command is None else command)
        return act

    return declare


def read(path: str | Path) -> bytes:
    """The beginning of a file."""
    with open(path, "rb") as file:
        return file.read(64)


def own(name: str) -> Path:
    """A file in the service's own folder."""
    return Path(os.environ["MUOS_SERVICE_DATA"], name)


def check(changed: bool) -> None:
    """Raises Refused where nothing was changed, though all seemed to go well."""
    if not changed:
        raise Refused("it was told that it was done, and nothing was")


def system(x86: int, arm: int | None, *arguments: Any) -> int:
    """A system call by its number. Raises OSError."""
    if ARM and arm is None:
        raise Refused("there is no such call on this machine")
    library = ctypes.CDLL(None, use_errno=True)
    plain = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = int(library.syscall(ctypes.c_long((arm or 0) if ARM else x86), *plain))
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def tried(name: str, marks: Marks) -> tuple[str, int]:
    """What came of it: empty if it succeeded, else the error, and its number."""
    try:
        ATTEMPTS[name].act(marks)
    except (OSError, MemoryError, ValueError, RuntimeError, Refused, subprocess.SubprocessError) as error:
        return f"{type(error).__name__}: {error}", getattr(error, "errno", None) or 0
    return "", 0

"""Starting the template process: all that can be done before the rest of the hub is even loaded.

Standard library only, and quick to import, so that the command line can launch the template first of all and
load everything else while the template loads what it needs.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from services.runtime.confine.spec import Spec

ROOT = Path(__file__).resolve().parents[2]
"""What must be on the path for `services` to be found."""
PYTHON = (sys.executable, "-P", "-X", "utf8", "-c")
BOOT = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from services.runtime.template import main; main()"
CONFINE = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from services.runtime.confine.__main__ import main; main()"
INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")
"""All that a service learns of the hub's environment."""
LOG_BYTES = 1_000_000
"""A service's log beyond this is put aside as `.old` at its next start."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A template process that was started before there was an event loop, to win time."""

    process: subprocess.Popen[bytes]
    link: socket.socket


def can_fork() -> bool:
    """Whether children can come from a template here."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform in ("linux", "darwin")


def launch_template(logs: Path) -> Launched:
    """Start a template process at once; takes a few milliseconds. Raises OSError."""
    ours, theirs = socket.socketpair()
    with theirs, open_log(logs, "template") as log:
        process = subprocess.Popen(
            [*PYTHON, BOOT, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=allowed_environment(),
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return Launched(process, ours)


def allowed_environment() -> dict[str, str]:
    """The part of the hub's environment that its children may see."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**kept, "MALLOC_ARENA_MAX": "2", "PYTHONUTF8": "1"}


def confined(spec: Spec, command: Sequence[str]) -> list[str]:
    """What to run so that the command, or the one Python file, runs with no more rights than the spec gives."""
    if sys.platform == "win32":
        return [*command] if spec.command else [sys.executable, "-X", "utf8", *command]
    return [*PYTHON, CONFINE, json.dumps(spec.as_message()), *command]


def open_log(logs: Path, name: str) -> IO[bytes]:
    """The log to append to; `os.devnull` where it can't be written."""
    file = logs / f"{name}.log"
    try:
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file.exists() and file.stat().st_size > LOG_BYTES:
            file.replace(file.with_suffix(".old"))
        return file.open("ab")
    except OSError:
        return open(os.devnull, "ab")

"""The hub that runs on a home, if one does: it leaves its address in the home while it runs."""

from __future__ import annotations

import http.client
import importlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from interface.home import make_home

FILE = "running.json"
LOCK = "running.lock"
KNOCK = 0.5
"""Seconds that a hub of this machine may take to accept a connection."""
PATIENCE = 10.0
"""Seconds that a busy hub may take to say that it is one."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where the hub of a home listens."""

    host: str
    port: int
    pid: int
    token: str | None = None
    """A token for this machine's own command line, where one is needed."""


def find_hub(home: Path) -> Running | None:
    """The hub that runs on this home and accepts connections."""
    try:
        running = Running(**json.loads((home / FILE).read_text()))
        return running if answers(running) else None
    except (OSError, ValueError, TypeError):
        return None


def answers(running: Running) -> bool:
    """Whether it is a MuOS that listens there: after a crash the port may be another program's."""
    door = http.client.HTTPConnection(running.host, running.port, timeout=KNOCK)
    try:
        door.connect()
        door.sock.settimeout(PATIENCE)
        door.request("GET", "/healthz")
        answer = door.getresponse()
        return answer.status < 500 and answer.getheader("content-type", "").startswith("application/json")
    except http.client.HTTPException:
        return False
    finally:
        door.close()


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Have the home for this hub alone; the system lets go of it when the process ends, however that is.

    Raises ValueError where another hub has it, also one that is only starting; and HomeFault.
    """
    if os.name != "posix":
        yield
        return
    make_home(home)
    # there is no such module elsewhere
    fcntl = importlib.import_module("fcntl")
    try:
        descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # the database can't be written either, which says more
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ValueError("MuOS is already running, or just starting, on this home.") from None
    finally:
        os.close(descriptor)


@contextmanager
def announced(home: Path, running: Running) -> Iterator[None]:
    """Leave the address in the home, readable by its owner alone, while the hub runs."""
    path = home / FILE
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(asdict(running), stream)
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)

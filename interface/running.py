"""The hub that runs on a home, if one does: it leaves its address in the home while it runs."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "running.json"
KNOCK = 0.5
"""Seconds that a hub of this machine may take to accept a connection."""


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
        with socket.create_connection((running.host, running.port), timeout=KNOCK):
            return running
    except (OSError, ValueError, TypeError):
        return None


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

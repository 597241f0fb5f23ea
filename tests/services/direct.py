"""Services in process reach servers on the loopback directly, for no hub is there whose gate could connect them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.kit.transport import Transport


def connect(host: str, port: int, seconds: float = 10.0) -> socket.socket:
    """A connected socket, to this machine only."""
    if host not in {"127.0.0.1", "localhost"}:
        raise AssertionError(f"a test wants to connect to {host}")
    return socket.create_connection((host, port), seconds)


@contextmanager
def direct(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As long as the block lasts."""
    transport = Transport(connect)
    monkeypatch.setattr("services.kit.web.transport", lambda: transport)
    monkeypatch.setattr("services.kit.reply.connect", connect)
    try:
        yield
    finally:
        transport.close()

"""Connections to the network, which a service gets from the hub's gate: it may not open any itself.

Must stay true: what is handed over is a socket that is connected to an address the hub has checked; a refusal
is one plain sentence.
"""

from __future__ import annotations

import array
import functools
import itertools
import json
import os
import select
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from services.kit.refusal import Refusal

GATE = "MUOS_GATE_FD"
CONNECT_SECONDS = 10.0
"""For a connection, where the service names no time of its own."""
GRACE_SECONDS = 2.0
"""For the gate's answer beyond the time it was given."""
ANSWER_BYTES = 4_096
DESCRIPTORS = 16


class NotConnected(Refusal):
    """No connection: `code` says why for programs."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Gate:
    """This process's line to the hub's gate. May be used by several threads; they are served in turn."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self._turn = threading.Lock()
        self._unread = b""
        self._handed: list[int] = []

    def connect(self, host: str, port: int, seconds: float = CONNECT_SECONDS) -> socket.socket:
        """A connected TCP socket. Raises NotConnected."""
        with self._turn:
            number = next(self._numbers)
            asked = {"id": number, "host": host, "port": port, "seconds": seconds}
            try:
                self._line.sendall(json.dumps(asked).encode() + b"\n")
                answer, descriptor = self._answer(number, time.monotonic() + seconds + GRACE_SECONDS)
            except TimeoutError:
                raise NotConnected("slow", f"{host} did not answer within {seconds:g} seconds.") from None
            except (OSError, ValueError):
                raise NotConnected("lost", "My way to the network is closed.") from None
        if descriptor is None:
            raise NotConnected(str(answer.get("error")), str(answer.get("text")))
        connected = socket.socket(fileno=descriptor)
        connected.settimeout(seconds)
        return connected

    def _answer(self, number: int, until: float) -> tuple[dict[str, Any], int | None]:
        """The answer to this request; late ones to requests given up are dropped, and their sockets closed."""
        while True:
            line, found, self._unread = self._unread.partition(b"\n")
            if not found:
                self._unread = line
                self._unread += self._receive(until)
                continue
            answer = json.loads(line)
            descriptor = self._handed.pop(0) if answer.get("ok") else None
            if answer.get("id") == number:
                return answer, descriptor
            if descriptor is not None:
                os.close(descriptor)

    def _receive(self, until: float) -> bytes:
        readable, _, _ = select.select([self._line], [], [], max(0.0, until - time.monotonic()))
        if not readable:
            raise TimeoutError
        size = array.array("i").itemsize
        data, ancillary, _, _ = self._line.recvmsg(ANSWER_BYTES, socket.CMSG_SPACE(DESCRIPTORS * size))
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                self._handed += array.array("i", content[: len(content) - len(content) % size])
        if not data:
            raise OSError("the gate is closed")
        return data


@functools.cache
def gate() -> Gate | None:
    """The line that this process was born with; None where it has none."""
    with suppress(KeyError, ValueError, OSError):
        line = socket.socket(fileno=int(os.environ[GATE]))
        line.set_inheritable(False)
        return Gate(line)
    return None


def connect(host: str, port: int, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """A connected TCP socket from the hub's gate. Raises NotConnected, a Refusal."""
    line = gate()
    if line is None:
        raise NotConnected("denied", f"This service may not use the network, so it can't connect to {host}.")
    return line.connect(host, port, seconds)

"""The door to a hub that runs: it outlasts pauses, and says plainly when the hub goes away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from interface.cli.door import GONE, HubDoor

BOUND = 10.0


@contextmanager
def server(*answers: bytes) -> Iterator[HubDoor]:
    """A server that gives each answer on the next connection and closes that without a word, as an idle hub does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(BOUND)

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(BOUND)
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with HubDoor("127.0.0.1", listener.getsockname()[1], None) as door:
            yield door
        thread.join(BOUND)


def http(status: str, body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode() + body


def test_a_connection_that_the_hub_let_go_of_is_not_used_again() -> None:
    with server(http("200 OK", b"[{}]"), http("200 OK", b"[]")) as door:
        assert (door.services(), door.services()) == ([{}], [])


def test_an_answer_that_breaks_off_is_a_fault_in_plain_words() -> None:
    with server(http("200 OK", b'{"calls"', 500), http("200 OK", b'{"event": "said"}\n', 500)) as door:
        with pytest.raises(RuntimeError, match=GONE[:30]):
            door.undo({})
        with pytest.raises(RuntimeError, match=GONE[:30]):
            list(door.ask({"text": "x"}))


def test_a_fault_of_the_hub_is_no_bad_input() -> None:
    with (
        server(http("500 Internal Server Error", b'{"error": "It broke."}'), http("404 Not Found", b"{}")) as door,
    ):
        with pytest.raises(RuntimeError, match="It broke"):
            door.services()
        with pytest.raises(ValueError, match="404"):
            door.services()

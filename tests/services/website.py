"""A web site on the loopback for tests: pages by path, and all that can go wrong with one."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from services.kit.connection import NotConnected

PORT_SECONDS = 60.0
Misbehave = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Answer:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Website:
    """Serves `pages`: for a path (its query aside) an answer, a function that misbehaves, or 404."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.pages: dict[str, Answer | Misbehave] = {}
        self.asked: list[Asked] = []
        self.port = server.server_port
        self.ended = threading.Event()
        """Set when the test is over: what hangs on purpose waits for it."""

    def url(self, path: str = "") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def hang(self, _handler: BaseHTTPRequestHandler) -> None:
        """Never answer."""
        self.ended.wait(60)

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """A header, then a body that never ends, sent slowly."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while not self.ended.wait(0.05):
            handler.wfile.write(b".")

    def pour(self, handler: BaseHTTPRequestHandler) -> None:
        """A body that never ends, sent fast."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while not self.ended.is_set():
            handler.wfile.write(b"x" * 65_536)


def opened(port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """A server; where another test run holds the port, once that is over."""
    until = time.monotonic() + PORT_SECONDS
    while True:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def website(port: int = 0) -> Iterator[Website]:
    """A running site; at a given port, one after the other."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, TimeoutError):
                self.close_connection = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append(Asked(self.command, self.path, headers, body))
            if site.ended.is_set():
                self.close_connection = True
                return
            page = site.pages.get(self.path.partition("?")[0], Answer(b"Nothing here.", 404))
            if callable(page):
                self.close_connection = True
                page(self)
                return
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(page.body)

        do_GET = do_POST = do_PUT = do_HEAD = do_PROPFIND = do_REPORT = do_DELETE = answer  # noqa: N815 - http.server finds them by these names

        def log_message(self, *_args: Any) -> None:
            pass

    with opened(port, Handler) as server:
        server.daemon_threads = True
        site = Website(server)
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        running.start()
        try:
            yield site
        finally:
            site.ended.set()
            server.shutdown()
            running.join()


def straight(host: str, port: int, seconds: float) -> socket.socket:
    """What the gate would hand over, were everything allowed."""
    try:
        return socket.create_connection((host, port), seconds)
    except OSError:
        raise NotConnected("refused", f"{host} does not take connections on port {port}.") from None

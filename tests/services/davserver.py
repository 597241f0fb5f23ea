"""A real Radicale on the loopback for tests, with one account; requests can be made to go wrong on the way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from xml.sax.saxutils import escape

import httpx2
import pytest

USER, PASSWORD = "anna", "s3cret"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Fault = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes] | None]


class Threaded(ThreadingMixIn, WSGIServer):
    """One thread for each request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Nothing on standard error."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing."""

    def handle(self) -> None:
        """A request whose fault is wanted ends without a trace."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@dataclass
class DavServer:
    """The server, and another program's view of it."""

    url: str
    asked: list[str] = field(default_factory=list)
    """Method and path of each request."""
    fault: Fault | None = None
    """Looks at each request, and answers it itself or gives None."""
    ended: threading.Event = field(default_factory=threading.Event)

    def http(self, method: str, path: str, content: str = "", **headers: str) -> httpx2.Response:
        """A request of another program."""
        url = f"{self.url}/{USER}/{path}"
        return httpx2.request(method, url, content=content.encode(), headers=headers, auth=(USER, PASSWORD))

    def make(self, name: str, kind: str, title: str = "") -> str:
        """A new collection: kind is calendar or addressbook; gives its URL."""
        space = "urn:ietf:params:xml:ns:caldav" if kind == "calendar" else "urn:ietf:params:xml:ns:carddav"
        body = (
            f'<D:mkcol xmlns:D="DAV:" xmlns:X="{space}"><D:set><D:prop><D:resourcetype><D:collection/><X:{kind}/>'
            f"</D:resourcetype><D:displayname>{escape(title or name)}</D:displayname></D:prop></D:set></D:mkcol>"
        )
        self.http("MKCOL", f"{name}/", body).raise_for_status()
        return f"{self.url}/{USER}/{name}/"

    def put(self, path: str, text: str) -> None:
        """Write an entry, whatever is there."""
        kind = "text/vcard" if path.endswith(".vcf") else "text/calendar"
        self.http("PUT", path, text.replace("\n", "\r\n"), **{"content-type": kind}).raise_for_status()

    def get(self, path: str) -> str:
        """An entry's text."""
        return self.http("GET", path).raise_for_status().text.replace("\r\n", "\n")

    def delete(self, path: str) -> None:
        """Remove an entry."""
        self.http("DELETE", path).raise_for_status()

    def entries(self, name: str) -> dict[str, str]:
        """All entries of a collection by their paths."""
        listed = self.http("PROPFIND", f"{name}/", depth="1").raise_for_status().text
        paths = [part.split("</href>")[0] for part in listed.split("<href>")[1:]]
        own = [path.removeprefix(f"/{USER}/") for path in paths if path.endswith((".ics", ".vcf"))]
        return {path: self.get(path) for path in own}

    def count(self, method: str) -> int:
        """How many requests of a kind came."""
        return sum(line.startswith(f"{method} ") for line in self.asked)


@contextmanager
def dav_server(folder: Path) -> Iterator[DavServer]:
    """Serve until the block ends; what is stored lies in the folder."""
    radicale = pytest.importorskip("radicale", reason="Radicale, the CalDAV and CardDAV server, is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n")
    configuration = radicale.config.load()
    configuration.update(
        {
            "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain", "delay": "0"},
            "storage": {"filesystem_folder": str(folder / "collections"), "_filesystem_fsync": "False"},
            "logging": {"level": "critical"},
        },
        "test",
        privileged=True,
    )
    logging.getLogger("radicale").setLevel(logging.CRITICAL)
    inner: Wsgi = radicale.Application(configuration)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        own = "httpx" in environ.get("HTTP_USER_AGENT", "")
        if not own:
            served.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            answer = served.fault(environ, start) if served.fault is not None else None
            if answer is not None:
                return answer
        return inner(environ, start)

    with make_server("127.0.0.1", 0, application, Threaded, Quiet) as server:
        served = DavServer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            served.ended.set()
            server.shutdown()
            thread.join()


def answering(status: str, method: str = "", *, times: int = 1_000) -> Fault:
    """A fault: requests of this method get this status, so many times."""
    left = [times]

    def fault(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes] | None:
        if (method and environ["REQUEST_METHOD"] != method) or not left[0]:
            return None
        left[0] -= 1
        start(status, [("content-length", "0")])
        return [b""]

    return fault

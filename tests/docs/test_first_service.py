"""What docs/first-service.md says is done here word for word: its commands run, its code is put where it says."""

from __future__ import annotations

import http.server
import os
import queue
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-service.md"
FENCE = re.compile(r"^```(\w+)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAST_LINES = '\n\nif __name__ == "__main__":\n    service.run()\n'
GUIDE = "http://field-guide.local:8000"
SECONDS = 60


@dataclass(frozen=True)
class Block:
    """A fenced block of the page."""

    language: str
    where: str
    text: str


def blocks() -> list[Block]:
    return [Block(*found) for found in FENCE.findall(PAGE.read_text())]


class Reader:
    """A newcomer who does what the page says."""

    def __init__(self, home: Path, guide: str) -> None:
        self.home = home
        self.folder = home / "services.d" / "birds"
        self.guide = guide
        self.hub: subprocess.Popen[str] | None = None
        self.listener: threading.Thread
        self.said: queue.Queue[str] = queue.Queue()
        bin_ = str(Path(sys.executable).parent)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("MUOS_", "PYTEST_"))},
            "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
            "MUOS_HOME": str(home),
            "MUOS_ZONE": "Europe/Paris",
            "MUOS_PORT": "0",
        }

    def do(self, block: Block) -> None:
        if block.language == "console":
            for command, shown in commands(block.text):
                self.run(command, shown)
        elif (block.language, block.where) == ("text", "hub"):
            self.wait_for(block.text.strip())
        else:
            file, _, place = block.where.partition(", ")
            path = self.folder / file
            path.write_text(edited(path.read_text(), place, block.text))

    def run(self, command: str, shown: str) -> None:
        given = shlex.split(command.replace(GUIDE, self.guide))
        if given[:2] == ["muos", "up"]:
            self.hub = subprocess.Popen(
                given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.environment
            )
            self.listener = threading.Thread(target=self.listen, args=[self.hub], daemon=True)
            self.listener.start()
            self.wait_for(shown)
            return
        done = subprocess.run(
            given, capture_output=True, text=True, env=self.environment, cwd=self.home, timeout=SECONDS, check=False
        )
        if done.returncode or not fits(shown, done.stdout.strip()):
            pytest.fail(f"$ {command}\n{done.stdout}{done.stderr}\nThe page shows:\n{shown}")

    def wait_for(self, line: str) -> None:
        """Read the hub's terminal until it says this."""
        heard: list[str] = []
        try:
            while not heard or not fits(line, heard[-1]):
                heard.append(self.said.get(timeout=SECONDS))
                assert not heard[-1].startswith("Birds was not swapped"), heard
        except queue.Empty:
            raise AssertionError(f"the hub did not say {line!r}, but {heard}") from None

    def listen(self, hub: subprocess.Popen[str]) -> None:
        """Take down what the hub says in its terminal."""
        assert hub.stdout is not None
        with hub.stdout:
            for line in hub.stdout:
                self.said.put(line.strip())


def commands(text: str) -> list[tuple[str, str]]:
    """Each command with what is shown below it."""
    found = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(command, shown.strip()) for command, _, shown in (each.partition("\n") for each in found)]


def fits(shown: str, said: str) -> bool:
    """Whether that was said; `…` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), said, re.DOTALL) is not None


def edited(text: str, place: str, new: str) -> str:
    """A file with a block of the page put where the page says."""
    match place:
        case "":
            return new
        case "at the end":
            return f"{text}\n{new}"
        case "above the last two lines":
            assert text.endswith(LAST_LINES)
            return f"{text.removesuffix(LAST_LINES)}\n\n{new.rstrip()}\n{LAST_LINES}"
        case "among the imports":
            return text.replace("from typing", f"{new}from typing", 1)
    tool = place.removeprefix("in the place of ")
    replaced, times = re.subn(
        rf"^@service\.tool\([^\n]*\ndef {tool}\(.*?(?=\n\n\n)", lambda _: new.rstrip(), text, flags=re.M | re.S
    )
    assert times == 1, place
    return replaced


class Guide(http.server.BaseHTTPRequestHandler):
    """A field guide with one page."""

    def do_GET(self) -> None:
        body = b"Herons stand very still." if self.path == "/heron.txt" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def field_guide() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guide) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with field_guide() as guide:
        reader = Reader(tmp_path, guide)
        yield reader
        if reader.hub is not None:
            reader.hub.terminate()
            reader.hub.wait(SECONDS)
            reader.listener.join(SECONDS)


def test_a_newcomer_gets_from_nothing_to_a_service_with_three_tools_and_an_undo(reader: Reader) -> None:
    for block in blocks():
        reader.do(block)

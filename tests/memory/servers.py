"""Real servers as children of a test session, on loopback: PostgreSQL and Chroma."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from memory.record.tables import create

STARTING = 30.0
"""Seconds that a server may take until it answers."""
EMPTY = "empty"
"""A database with memory's tables, which each test gets a copy of."""
_numbers = count()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def programs() -> Path:
    """Where PostgreSQL's server programs are; the test is skipped where there are none."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not places:
        pytest.skip("PostgreSQL is not installed here (Debian: postgresql).")
    return places[-1]


class Postgres:
    """A server in a folder of its own."""

    def __init__(self) -> None:
        self._programs = programs()
        self._folder = Path(tempfile.mkdtemp(prefix="muos-postgres-"))
        self._user: list[str] = []
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(self._folder, "postgres", "postgres")
            self._user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        self._port = free_port()
        self.url = make_url(f"postgresql+psycopg://muos:a-pass-phrase@127.0.0.1:{self._port}/postgres")

    def make(self) -> None:
        """Start it, with a database to copy."""
        rules = ["-U", "muos", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._call("initdb", "-D", str(self._folder / "data"), *rules)
        self.start()
        self.run(f"CREATE DATABASE {EMPTY}")
        empty = create_engine(self.url.set(database=EMPTY))
        create(empty)
        empty.dispose()

    def start(self) -> None:
        """Returns when it answers."""
        options = f"-F -p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c shared_buffers=16MB"
        self._control("-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """At once, as a power cut would."""
        self._control("-m", "immediate", "stop")

    @contextmanager
    def database(self) -> Iterator[URL]:
        """A new one, with empty tables."""
        name = f"test_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {EMPTY} STRATEGY file_copy")
        yield self.url.set(database=name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, command: str) -> None:
        """One command outside of any transaction."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(command))
        engine.dispose()

    def end(self) -> None:
        """Leave nothing."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, *what: str) -> None:
        self._call("pg_ctl", "-D", str(self._folder / "data"), "-w", "-t", str(int(STARTING)), "-s", *what)

    def _call(self, program: str, *given: str) -> None:
        command = [*self._user, str(self._programs / program), *given]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=2 * STARTING, cwd=self._folder)


class ChromaProcess:
    """`chroma run` as a child; it can be ended and started again over the same files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        port = free_port()
        self._command = [str(Path(sys.executable).parent / "chroma"), "run", "--host", "127.0.0.1"]
        self._command += ["--path", str(folder / "served"), "--port", str(port)]
        self.url = f"http://127.0.0.1:{port}"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        silent = subprocess.DEVNULL
        self._child = subprocess.Popen(self._command, stdin=silent, stdout=silent, stderr=silent, cwd=self._folder)
        until = time.monotonic() + STARTING
        while not self._answers():
            assert self._child.poll() is None, "Chroma's server ended by itself"
            assert time.monotonic() < until, "Chroma's server did not answer"
            time.sleep(0.05)

    def end(self) -> None:
        """At once, as a power cut would."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def forget(self) -> None:
        """Lose all its files."""
        shutil.rmtree(self._folder / "served")

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/api/v2/heartbeat", timeout=STARTING) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

"""The command line, driven in this process, over a copy of a home in which something was already done."""

from __future__ import annotations

import io
import json
import logging
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from interface.cli.main import run

NOW = "2026-03-04T09:00:00+01:00"


@dataclass(frozen=True)
class Result:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON object and nothing else."""
        [line] = self.out.splitlines()
        return json.loads(line)

    @property
    def sentence(self) -> str:
        """The one line on standard error; there is nothing else anywhere."""
        assert self.out == ""
        [line] = self.err.splitlines()
        assert line.startswith("muos: ")
        return line.removeprefix("muos: ")


class Muos:
    """`muos …` on one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def __call__(self, *arguments: str, stdin: bytes = b"", home: Path | None = None) -> Result:
        """Run a command; no traceback may reach the person, whatever it is."""
        self.monkeypatch.setenv("MUOS_HOME", str(home or self.home))
        self.monkeypatch.setenv("MUOS_ZONE", "Europe/Paris")
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(list(arguments))
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with milk on the shopping list, and everything read once."""
    home = tmp_path_factory.mktemp("seed")
    assert run(["ask", "--home", str(home), "--now", NOW, "add", "milk", "to", "the", "shopping", "list"]) == 0
    return home


@pytest.fixture
def home(seed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seed, tmp_path / "home"))


@pytest.fixture
def muos(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Muos]:
    capsys.readouterr()
    yield Muos(home, capsys, monkeypatch)
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if type(handler).__module__.startswith("interface.")]:
        root.removeHandler(handler)
        handler.close()

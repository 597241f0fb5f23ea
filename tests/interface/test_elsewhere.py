"""What is remembered on PostgreSQL and Chroma's server, by settings alone; and what is told when they are away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from interface.filling import CELLS, MUCH, Filling
from interface.settings import read_settings
from tests.memory.servers import ChromaProcess, Postgres

MUOS = Path(sys.executable).parent / "muos"
PATIENCE = 120.0
"""Seconds that one command may take on a busy machine."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    server = Postgres()
    try:
        server.make()
        yield server
    finally:
        server.end()


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaProcess]:
    """A Chroma server."""
    server = ChromaProcess(tmp_path)
    server.start()
    yield server
    server.end()


def muos(settings: Mapping[str, str], *command: str, told: str = "") -> subprocess.CompletedProcess[str]:
    """One command."""
    return subprocess.run(
        [str(MUOS), *command],
        env=os.environ | settings,
        input=told,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_two_settings_move_memory_to_servers_and_no_pass_phrase_is_shown(
    postgres: Postgres, chroma: ChromaProcess, tmp_path: Path
) -> None:
    with postgres.database() as url:
        record = url.set(password="zanzibarquux").render_as_string(hide_password=False)
        home = tmp_path / "home"
        settings = {"MUOS_HOME": str(home), "MUOS_RECORD": record, "MUOS_VECTORS": chroma.url}
        lines = "\n".join(json.dumps({"text": f"On day {day} the heron came", "id": f"n{day}"}) for day in range(20))
        assert json.loads(muos(settings, "memory", "import", "-", told=lines).stdout)["imported"] == 20
        state = json.loads(muos(settings, "memory", "check", "--json").stdout)
        assert (state["notes"], state["indexed"]) == (20, 20)
        assert (state["record"], state["vectors"], state["trouble"]) == ("postgresql", "server", "")
        elsewhere = settings | {"MUOS_HOME": str(tmp_path / "another")}
        assert "On day 7 the heron came" in muos(elsewhere, "memory", "timeline").stdout
        postgres.stop()
        away = muos(settings, "recall", "heron")
        postgres.start()
        assert away.returncode == 1
        assert "can't be used" in away.stderr
        assert len(away.stderr.splitlines()) == 1
        assert "zanzibarquux" not in away.stderr
        for file in home.rglob("*"):
            assert not file.is_file() or b"zanzibarquux" not in file.read_bytes()


@pytest.mark.parametrize(
    "record", ["mysql://ann:zanzibarquux@host/db", "zanzibarquux", "postgresql://ann:a@zanzibarquux@h"]
)
def test_an_address_that_is_none_is_told_without_repeating_it(tmp_path: Path, record: str) -> None:
    told = muos({"MUOS_HOME": str(tmp_path), "MUOS_RECORD": record}, "memory", "timeline")
    assert told.returncode == 2
    assert "MUOS_RECORD must look like" in told.stderr
    assert "zanzibarquux" not in told.stderr


def test_settings_do_not_show_where_memory_lies() -> None:
    settings = read_settings({"MUOS_RECORD": "postgresql://ann:zanzibarquux@h/db", "MUOS_VECTORS": "http://a:zanzi@h"})
    assert settings.record is not None
    assert "zanzi" not in repr(settings)


def test_much_to_fill_is_told_in_some_lines_and_little_in_none() -> None:
    lines: list[str] = []
    filling = Filling(lines.append)
    for done in range(1000, MUCH * 4 + 1, 10):
        filling.tell(done, MUCH * 4)
    filling.tell(MUCH - 1, MUCH - 1)
    assert len(lines) <= CELLS
    assert lines[-1].endswith(f"{MUCH * 4:,} of {MUCH * 4:,} notes")

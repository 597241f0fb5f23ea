"""What was acknowledged is never lost, whatever dies or breaks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from memory.memory import Memory
from memory.note import Note
from memory.record.tables import notes, vectors
from memory.vectors.chroma import ChromaIndex
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WRITER = """
import sys
from datetime import UTC, datetime
from sqlalchemy import create_engine
from memory.note import Note
from memory.memory import Memory
memory = Memory(create_engine("sqlite:///" + sys.argv[1]), lambda texts: texts)
for number in range(100_000):
    note = Note(text=f"fact {sys.argv[2]}x{number}", who="ann", when=datetime.now(UTC), member="ann")
    print(memory.remember(note).text, flush=True)
"""
ROOT = Path(__file__).parents[2]


def fill(memory: Memory, count: int = 30) -> None:
    memory.bring(Note(text=f"fact number {n}", who="ann", when=MONDAY, member="ann", id=f"n{n}") for n in range(count))
    memory.catch_up()


def test_a_killed_writer_loses_nothing_that_it_acknowledged(sqlite_engine: Engine, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for kill, lines in enumerate((1, 7, 40)):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "hub.sqlite"), f"w{kill}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            assert writer.stdout is not None
            acknowledged += [writer.stdout.readline().strip() for _ in range(lines)]
            writer.kill()
            acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
    with sqlite_engine.connect() as connection:
        kept = set(connection.execute(select(notes.c.text)).scalars())
    assert set(acknowledged) <= kept
    memory = Memory(sqlite_engine, encode)
    for fact in acknowledged[-20:]:
        assert memory.recall(fact, member="ann", k=1, now=MONDAY)[0].note.text == fact


def corrupt(file: Path) -> None:
    file.write_bytes(b"\x13garbage" * max(1, file.stat().st_size // 8))


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def no_database(folder: Path) -> None:
    for file in folder.rglob("chroma.sqlite3*"):
        file.unlink()


def bad_database(folder: Path) -> None:
    for file in folder.rglob("chroma.sqlite3"):
        corrupt(file)


def bad_pointer(folder: Path) -> None:
    corrupt(folder / "current")


def bad_everything(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            corrupt(file)


def old_database(folder: Path) -> None:
    """The stamp is right, the contents are not."""
    for file in folder.rglob("chroma.sqlite3"):
        shutil.rmtree(file.parent)
        ChromaIndex(folder / "other").close()
        shutil.copytree(next((folder / "other").glob("*-*")), file.parent)


@pytest.mark.parametrize(
    "harm",
    [no_folder, no_database, bad_database, bad_pointer, bad_everything, old_database],
    ids=lambda harm: harm.__name__,
)
def test_a_harmed_index_is_made_again_from_the_record(
    open_chroma: Callable[[], Memory], tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    memory = open_chroma()
    fill(memory)
    memory.close()
    harm(tmp_path / "chroma")
    again = open_chroma()
    again.recall("fact number 7", member="ann", now=MONDAY)
    assert again.catch_up() == 30
    found = again.recall("fact number 7", member="ann", k=1, now=MONDAY)
    assert found[0].note.id == "n7"
    assert "meaning" in found[0].why


def test_an_index_harmed_while_open_costs_no_answer(open_chroma: Callable[[], Memory], tmp_path: Path) -> None:
    memory = open_chroma()
    fill(memory)
    bad_everything(tmp_path / "chroma")
    assert memory.recall("fact number 7", member="ann", k=1, now=MONDAY)[0].note.id == "n7"
    memory.catch_up()
    assert memory.recall("fact number 7", member="ann", k=1, now=MONDAY)[0].note.id == "n7"


def test_a_reopened_index_has_nothing_left_to_do(open_chroma: Callable[[], Memory]) -> None:
    memory = open_chroma()
    fill(memory)
    memory.close()
    again = open_chroma()
    assert again.catch_up() == 0
    assert "meaning" in again.recall("fact number 7", member="ann", k=1, now=MONDAY)[0].why


def test_rebuilding_encodes_nothing_again(
    sqlite_engine: Engine, tmp_path: Path, open_chroma: Callable[[], Memory]
) -> None:
    memory = open_chroma()
    fill(memory)
    memory.close()
    no_folder(tmp_path / "chroma")

    def never(texts: object) -> object:
        raise AssertionError(texts)

    again = Memory(sqlite_engine, never, ChromaIndex(tmp_path / "chroma"))  # type: ignore[arg-type]  # it must not be called
    assert again.catch_up() == 30
    again.close()
    with sqlite_engine.connect() as connection:
        assert len(connection.execute(select(vectors)).all()) == 30


def test_an_index_of_another_model_is_dropped(tmp_path: Path) -> None:
    old = ChromaIndex(tmp_path / "chroma", "old")
    old.close()
    new = ChromaIndex(tmp_path / "chroma", "new")
    assert new.stamp != old.stamp
    new.close()


def test_the_text_of_a_note_never_enters_chroma(open_chroma: Callable[[], Memory], tmp_path: Path) -> None:
    memory = open_chroma()
    memory.remember(Note(text="zanzibarquux", who="ann", when=MONDAY, member="ann"))
    memory.catch_up()
    memory.close()
    files = [file for file in (tmp_path / "chroma").rglob("*") if file.is_file()]
    assert files
    assert not any(b"zanzibarquux" in file.read_bytes() for file in files)

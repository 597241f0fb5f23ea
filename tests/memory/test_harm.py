"""What was acknowledged outlives a killed process, a harmed index, a full disk and an old version's home."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from memory.errors import RecordAway
from memory.memory import Memory
from memory.note import Note, Scope
from memory.record.tables import create
from memory.vectors.chroma import ChromaIndex
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
KILLS = 4
WRITER = """
import sys
from datetime import UTC, datetime
from sqlalchemy import create_engine
from memory.note import Note
from memory.memory import Memory
memory = Memory(create_engine(sys.argv[1]), lambda texts: texts)
for batch in range(10_000):
    notes = [
        Note(f"I live in Town{sys.argv[2]}x{batch}x{n}", f"p{batch}x{n}", datetime.now(UTC), "ann") for n in range(12)
    ]
    memory.bring(notes)
    print(batch, flush=True)
"""


def test_a_killed_import_leaves_whole_batches_with_words_and_claims(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    chance = random.Random(5)
    acknowledged: dict[int, int] = {}
    for kill in range(KILLS):
        command = [sys.executable, "-c", WRITER, url, str(kill)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 30)):
                acknowledged[kill] = int(writer.stdout.readline())
            writer.kill()
            acknowledged[kill] = max([acknowledged[kill], *map(int, writer.stdout.read().split())])
    with engine.connect() as connection:
        kept = {row[0] for row in connection.execute(text("SELECT text FROM notes"))}
        worded = connection.execute(text("SELECT count(*) FROM notes_words")).scalar_one()
        claims = connection.execute(text("SELECT count(DISTINCT seq) FROM notes_claims")).scalar_one()
    for kill, last in acknowledged.items():
        assert {f"I live in Town{kill}x{batch}x{n}" for batch in range(last + 1) for n in range(12)} <= kept
    assert len(kept) % 12 == 0, "a batch is kept whole or not at all"
    assert worded == len(kept)
    assert claims == len(kept)
    memory = Memory(engine, encode)
    for kill, last in acknowledged.items():
        [found] = memory.recall(f"Town{kill}x{last}x3", member="ann", k=1, now=MONDAY)
        assert found.note.text == f"I live in Town{kill}x{last}x3"


def fill(memory: Memory, count: int = 30) -> None:
    memory.bring(Note(f"fact number {n}", "ann", MONDAY, "ann", id=f"n{n}") for n in range(count))
    memory.catch_up()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def halved(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def garbled(file: Path) -> None:
    file.write_bytes(b"\x13garbage" * max(1, file.stat().st_size // 8))


def gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("harm", [emptied, halved, garbled, gone], ids=lambda harm: harm.__name__)
def test_whatever_file_of_the_index_is_harmed_it_is_whole_again(
    sqlite_engine: Engine, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    whole = tmp_path / "whole"
    memory = Memory(sqlite_engine, encode, ChromaIndex(whole))
    fill(memory, 120)
    memory.indexing._index.scrub(["m616e6e0"])  # type: ignore[union-attr]  # so that Chroma writes its graph
    stamp = memory.state().stamp
    memory.close()
    files = sorted(file.relative_to(whole) for file in whole.rglob("*") if file.is_file())
    assert len(files) > 4, "a graph was written"
    for number, file in enumerate(files):
        harmed = tmp_path / f"harmed{number}"
        shutil.copytree(whole, harmed)
        harm(harmed / file)
        with sqlite_engine.begin() as connection:
            connection.execute(text("UPDATE notes SET indexed = :stamp"), {"stamp": stamp})
        again = Memory(sqlite_engine, encode, ChromaIndex(harmed))
        again.recall("fact number 7", member="ann", now=MONDAY)
        again.catch_up()
        found = again.recall("fact number 7", member="ann", k=3, now=MONDAY)
        assert "n7" in {one.note.id for one in found}, file
        assert any("meaning" in one.why for one in found), file
        again.close()


def test_a_half_written_pointer_costs_a_rebuild_and_no_more(sqlite_engine: Engine, tmp_path: Path) -> None:
    memory = Memory(sqlite_engine, encode, ChromaIndex(tmp_path / "chroma"))
    fill(memory)
    memory.close()
    (tmp_path / "chroma" / "current.new").write_text("5a0")
    halved(tmp_path / "chroma" / "current")
    again = Memory(sqlite_engine, encode, ChromaIndex(tmp_path / "chroma"))
    assert again.catch_up() == 30
    again.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Three megabytes in memory; where nobody may mount, the test is skipped."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"No small disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def long_note(number: int) -> Note:
    return Note(f"fact {number} " + "x" * 5000, "ann", MONDAY, "ann")


def test_a_full_disk_refuses_in_a_sentence_and_takes_notes_again_when_there_is_room(small_disk: Path) -> None:
    engine = create_engine(f"sqlite:///{small_disk}/hub.sqlite")
    create(engine)
    memory = Memory(engine, encode)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 1_500_000)
    kept: list[str] = []
    with pytest.raises(RecordAway, match=r"could not be kept, and nothing of it was: .*full"):
        kept.extend(memory.remember(long_note(number)).id for number in range(10_000))
    assert kept
    assert {note.id for note in memory.export("ann")} == set(kept)
    assert memory.recall("fact 0", member="ann", k=1, now=MONDAY)[0].note.id == kept[0]
    filler.unlink()
    assert memory.remember(Note("fact again", "ann", MONDAY, "ann")).text == "fact again"
    assert {note.id for note in memory.export("ann")} > set(kept)
    memory.close()


def test_an_index_without_room_costs_no_answer_and_is_filled_when_there_is(
    sqlite_engine: Engine, small_disk: Path
) -> None:
    memory = Memory(sqlite_engine, encode, ChromaIndex(small_disk / "chroma"))
    fill(memory)
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"x" * 3_000_000)
    memory.bring(Note(f"number {n} of many facts", "ann", MONDAY, "ann", id=f"m{n}") for n in range(2000))
    for _ in range(2):
        memory.catch_up()
        assert memory.recall("fact number 7", member="ann", k=1, now=MONDAY)
    assert memory.state().trouble
    filler.unlink()
    memory.catch_up()
    assert memory.state().trouble == ""
    memory.close()


def test_a_home_that_may_only_be_read_says_so(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    create(engine)
    Memory(engine, encode).remember(Note("kept before", "ann", MONDAY, "ann"))
    engine.dispose()
    locked = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    memory = Memory(locked, encode)
    with pytest.raises(RecordAway, match="readonly"):
        memory.remember(Note("kept now", "ann", MONDAY, "ann"))
    assert [note.text for note in memory.export("ann")] == ["kept before"]
    locked.dispose()


OLD = """
CREATE TABLE notes (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id VARCHAR NOT NULL UNIQUE, audience VARCHAR NOT NULL,
    member VARCHAR NOT NULL, room VARCHAR NOT NULL, scope VARCHAR NOT NULL, source VARCHAR NOT NULL,
    who VARCHAR NOT NULL, text TEXT NOT NULL, at VARCHAR NOT NULL, said_at VARCHAR NOT NULL, last_at VARCHAR NOT NULL,
    times INTEGER NOT NULL, turn VARCHAR NOT NULL, asked BOOLEAN NOT NULL, digest VARCHAR NOT NULL UNIQUE,
    indexed VARCHAR NOT NULL
);
CREATE INDEX notes_by_audience ON notes (audience, at);
CREATE INDEX ix_notes_indexed ON notes (indexed);
CREATE TABLE notes_vectors (seq INTEGER NOT NULL PRIMARY KEY, model VARCHAR NOT NULL, vector BLOB NOT NULL);
CREATE TABLE notes_forgotten (seq INTEGER NOT NULL PRIMARY KEY, audience VARCHAR NOT NULL);
CREATE VIRTUAL TABLE notes_words USING fts5(
    text, who, audience, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
"""What homes had before there were epochs, rooms and claims."""


def test_a_home_of_an_earlier_version_opens_with_all_its_notes(tmp_path: Path) -> None:
    audiences = {"private": "m616e6e0", "household": "h0", "room": "r6b69746368656e0"}
    with sqlite3.connect(tmp_path / "hub.sqlite") as old:
        old.executescript(OLD)
        for seq, (scope, audience) in enumerate(audiences.items(), start=1):
            said, at = f"I live in Oslo, {scope}", "2025-05-01T09:00:00.000000+00:00"
            room = "kitchen" if scope == "room" else "home"
            row = (
                seq,
                f"n{seq}",
                audience,
                "ann",
                room,
                scope,
                "owner",
                "ann",
                said,
                at,
                at,
                at,
                1,
                "",
                0,
                f"d{seq}",
                "",
            )
            old.execute(f"INSERT INTO notes VALUES ({', '.join('?' * len(row))})", row)
            old.execute(
                "INSERT INTO notes_words (rowid, text, who, audience) VALUES (?, ?, 'ann', ?)", (seq, said, audience)
            )
    old.close()
    engine = create_engine(f"sqlite:///{tmp_path}/hub.sqlite")
    for _ in range(2):
        create(engine)
    memory = Memory(engine, encode, ChromaIndex(tmp_path / "chroma"))
    memory.catch_up()
    found = memory.recall("Oslo", member="ann", room="kitchen", k=5, now=MONDAY)
    assert {one.note.scope for one in found} == {Scope.PRIVATE, Scope.HOUSEHOLD, Scope.ROOM}
    assert memory.facts.find(memory.rooms.view("ann"), now=MONDAY)
    memory.remember(Note("I live in Oslo, still", "ann", MONDAY, "ann"))
    assert memory.state().notes == memory.state().indexed + 1 == 4
    memory.close()

"""The record on PostgreSQL, the index on Chroma's server: several processes, and servers that go away."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select

from memory.errors import IndexAway
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create, notes
from memory.vectors import indexing
from memory.vectors.chroma_server import ChromaServer
from memory.vectors.spelling import encode
from tests.memory.servers import ChromaProcess

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
WRITERS = 3
EACH = 20
WRITER = f"""
import sys
from datetime import UTC, datetime
from sqlalchemy import create_engine
from memory.note import Note
from memory.memory import Memory
from memory.record.tables import create
engine = create_engine(sys.argv[1])
sys.stdin.readline()
create(engine)
memory = Memory(engine, lambda texts: texts)
for number in range({EACH}):
    for text in (f"note {{sys.argv[2]}} {{number}}", f"the same for all {{number}}"):
        memory.remember(Note(text=text, who="ann", when=datetime.now(UTC), member="ann"))
memory.close()
"""


def written(url: str) -> None:
    """Several processes that write at the same time."""
    command = [sys.executable, "-c", WRITER, url]
    writers = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, cwd=ROOT, text=True)
        for number in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.close()
    assert [writer.wait(120) for writer in writers] == [0] * WRITERS


def check_written(engine: Engine) -> None:
    memory = Memory(engine, encode)
    with engine.connect() as connection:
        kept = connection.execute(select(notes.c.text, notes.c.times)).all()
    assert len(kept) == EACH * WRITERS + EACH
    assert {times for text, times in kept if text.startswith("the same")} == {WRITERS}
    assert len(memory.recall("note", member="ann", k=1000, now=MONDAY)) > 0
    for number in range(WRITERS):
        [found] = memory.recall(f"note {number} {EACH - 1}", member="ann", k=1, now=MONDAY)
        assert found.note.text == f"note {number} {EACH - 1}"


def test_several_processes_lose_and_double_nothing(engine: Engine) -> None:
    written(engine.url.render_as_string(hide_password=False))
    check_written(engine)


def test_several_processes_may_begin_a_new_home_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite"
    written(url)
    engine = create_engine(url)
    check_written(engine)
    engine.dispose()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ChromaProcess]:
    """A server that the test may end."""
    server = ChromaProcess(tmp_path)
    server.start()
    yield server
    server.end()


def filled(engine: Engine, server: ChromaProcess) -> Memory:
    memory = Memory(engine, encode, ChromaServer(server.url, "a home"))
    memory.bring(Note(text=f"fact number {n}", who="ann", when=MONDAY, member="ann", id=f"n{n}") for n in range(30))
    assert memory.catch_up() == 30
    return memory


def found(memory: Memory) -> str:
    """Why the seventh note is found."""
    [one, *_] = memory.recall("fact number 7", member="ann", k=1, now=MONDAY)
    assert one.note.id == "n7"
    return one.why


def test_a_server_that_goes_away_costs_no_answer_and_is_used_again(
    sqlite_engine: Engine, own_server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "PAUSE", 0.0)
    memory = filled(sqlite_engine, own_server)
    stamp = memory.state().stamp
    own_server.end()
    assert "meaning" not in found(memory)
    memory.remember(Note(text="fact number 30", who="ann", when=MONDAY, member="ann"))
    assert memory.catch_up() == 0
    assert "failed" in memory.state().trouble
    own_server.start()
    assert memory.catch_up() == 1
    assert "meaning" in found(memory)
    state = memory.state()
    assert (state.trouble, state.stamp, state.indexed, state.notes) == ("", stamp, 31, 31)
    memory.close()


def test_while_a_server_is_away_it_is_not_asked_for_every_question(
    sqlite_engine: Engine, own_server: ChromaProcess
) -> None:
    memory = filled(sqlite_engine, own_server)
    own_server.end()
    found(memory)
    own_server.start()
    assert "meaning" not in found(memory)
    assert memory.catch_up() == 0  # the hub's own loop asks
    memory.close()


def test_a_server_that_is_not_there_is_away(chroma_server: ChromaProcess, tmp_path: Path) -> None:
    nobody = ChromaProcess(tmp_path)
    with pytest.raises(IndexAway):
        ChromaServer(nobody.url.replace("//", "//ann:a-pass-phrase@"), "a home")


def test_what_a_server_has_lost_is_filled_again_without_encoding(
    sqlite_engine: Engine, own_server: ChromaProcess
) -> None:
    memory = filled(sqlite_engine, own_server)
    own_server.end()
    own_server.forget()
    own_server.start()
    found(memory)
    memory.catch_up()
    assert "meaning" in found(memory)
    memory.close()


def test_hubs_that_share_a_server_take_over_what_one_began_anew(
    sqlite_engine: Engine, chroma_server: ChromaProcess
) -> None:
    name = "shared by two"
    one = Memory(sqlite_engine, encode, ChromaServer(chroma_server.url, name))
    one.bring(Note(text=f"fact number {n}", who="ann", when=MONDAY, member="ann", id=f"n{n}") for n in range(30))
    one.catch_up()
    two = Memory(sqlite_engine, encode, ChromaServer(chroma_server.url, name))
    assert two.state().stamp == one.state().stamp
    assert two.catch_up() == 0
    assert "meaning" in found(two)
    assert two.indexing.rebuild() == 30
    found(one)
    one.remember(Note(text="fact number 30", who="ann", when=MONDAY, member="ann"))
    assert one.catch_up() == 1
    assert one.state().stamp == two.state().stamp
    assert "meaning" in found(one)
    assert "meaning" in found(two)
    one.close()
    two.close()


def test_records_that_share_a_server_see_nothing_of_each_other(
    sqlite_engine: Engine, chroma_server: ChromaProcess
) -> None:
    one = Memory(sqlite_engine, encode, ChromaServer(chroma_server.url, "one household"))
    one.remember(Note(text="fact number 7", who="ann", when=MONDAY, member="ann"))
    assert one.catch_up() == 1
    other = ChromaServer(chroma_server.url, "another household")
    assert len(other) == 0
    other.reset()
    assert "meaning" in one.recall("fact number 7", member="ann", now=MONDAY)[0].why
    one.close()
    other.close()


def test_a_record_has_a_name_that_stays(engine: Engine) -> None:
    name = Memory(engine, encode).name
    create(engine)
    assert len(name) == 32
    assert Memory(engine, encode).name == name

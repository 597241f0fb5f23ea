"""A call takes effect at most once, can be taken back, and a kill at any moment loses nothing acknowledged."""

from __future__ import annotations

import random
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.kit import Context, Refusal
from services.kit.store import Store
from services.runtime.launch import ROOT

TABLES = """
CREATE TABLE IF NOT EXISTS shelf(id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS book(
    id INTEGER PRIMARY KEY, shelf INTEGER REFERENCES shelf(id) ON DELETE CASCADE, title TEXT, price REAL, cover BLOB);
"""
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
Act = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, TABLES)
    yield store
    store.db.close()


@pytest.fixture
def act(store: Store) -> Act:
    """Run statements as the call of that id."""

    def act(
        call: str,
        *statements: str,
        preview: bool = False,
        files: dict[str, bytes | None] | None = None,
        for_good: bool = False,
    ) -> str:
        ctx = context(store, call, preview)

        def work() -> tuple[str, str]:
            for statement in statements:
                store.db.execute(statement)
            for name, content in (files or {}).items():
                ctx.write_file(store.folder / name, content)
            return f"reply to {call}", f"did {call}"

        return store.write(ctx, "act", work, for_good=for_good)

    return act


@pytest.fixture
def undo(store: Store) -> Act:
    """Undo a call, as a call of its own."""

    def undo(call: str, by: str) -> str:
        ctx = context(store, by)
        return store.write(ctx, "undo", lambda: (store.undo(ctx, call), "undo"))

    return undo


def context(store: Store, call: str, preview: bool = False) -> Context:
    return Context(store.db, "owner", "home", NOW, call, preview, store.folder)


def books(store: Store) -> list[tuple[object, ...]]:
    return [tuple(row) for row in store.db.execute("SELECT id, title, price, cover FROM book ORDER BY id")]


ADD = "INSERT INTO book(title, price, cover) VALUES('O''Hara', 0.1 + 0.2, x'00ff')"


def test_a_call_seen_before_is_answered_from_the_store(store: Store, act: Act) -> None:
    assert act("a", ADD) == act("a", ADD) == "reply to a"
    assert len(books(store)) == 1


def test_a_preview_answers_and_writes_nothing(store: Store, act: Act) -> None:
    assert act("a", ADD, preview=True, files={"x": b"1"}) == "reply to a"
    assert books(store) == []
    assert not (store.folder / "x").exists()
    assert act("a", ADD) == "reply to a"
    assert len(books(store)) == 1


def test_a_refused_call_writes_nothing_and_may_be_made_again(store: Store, act: Act) -> None:
    def refuse() -> tuple[str, str]:
        store.db.execute(ADD)
        raise Refusal("no")

    with pytest.raises(Refusal):
        store.write(context(store, "a"), "act", refuse)
    assert books(store) == []
    act("a", ADD)
    assert len(books(store)) == 1


@pytest.mark.parametrize(
    "change",
    [
        ADD,
        "UPDATE book SET title='x', price=NULL, cover=NULL",
        "UPDATE book SET id=id+100",
        "DELETE FROM book",
        "DELETE FROM shelf",
        "REPLACE INTO book(id, title) VALUES(1, 'other')",
        "INSERT INTO shelf(id, name) VALUES(7, 'a') ON CONFLICT(name) DO UPDATE SET name='b'",
    ],
)
def test_undo_puts_back_exactly_what_was(change: str, store: Store, act: Act, undo: Act) -> None:
    act("before", "INSERT INTO shelf VALUES(1, 'a')", ADD, "UPDATE book SET shelf=1", ADD)
    before = books(store)
    act("change", change)
    assert undo("change", "back") == "did change"
    assert books(store) == before
    assert [tuple(row) for row in store.db.execute("SELECT * FROM shelf")] == [(1, "a")]


def test_an_undo_can_be_undone_and_the_call_then_undone_again(store: Store, act: Act, undo: Act) -> None:
    act("a", ADD)
    undo("a", "b")
    assert books(store) == []
    undo("b", "c")
    assert len(books(store)) == 1
    undo("a", "d")
    assert books(store) == []
    with pytest.raises(Refusal, match="already undone"):
        undo("a", "e")


def test_what_was_changed_since_is_not_put_back_until_that_is_undone(store: Store, act: Act, undo: Act) -> None:
    act("a", ADD)
    act("b", "UPDATE book SET title='x'")
    with pytest.raises(Refusal, match="did b"):
        undo("a", "c")
    undo("b", "d")
    undo("a", "e")
    assert books(store) == []


def test_undo_of_what_never_was_refuses(undo: Act) -> None:
    with pytest.raises(Refusal, match="no action 'a'"):
        undo("a", "b")


def test_files_are_put_back_too(store: Store, act: Act, undo: Act) -> None:
    act("a", files={"x.md": b"one"})
    act("b", files={"x.md": b"two"})
    undo("b", "c")
    assert (store.folder / "x.md").read_bytes() == b"one"
    undo("a", "d")
    assert not (store.folder / "x.md").exists()


def test_a_file_changed_by_hand_since_is_left_alone(store: Store, act: Act, undo: Act) -> None:
    act("a", files={"x.md": b"one"})
    (store.folder / "x.md").write_bytes(b"mine")
    with pytest.raises(Refusal, match="changed since"):
        undo("a", "b")
    assert (store.folder / "x.md").read_bytes() == b"mine"


def test_a_file_outside_the_folder_is_refused(act: Act) -> None:
    with pytest.raises(Refusal, match="outside"):
        act("a", files={"../x": b"1"})


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from services.kit import Context
from services.kit.store import Store

store = Store(Path(sys.argv[1]), "CREATE TABLE IF NOT EXISTS line(text TEXT);")
for text in map(str.strip, sys.stdin):
    ctx = Context(store.db, "o", "h", datetime.now(ZoneInfo("UTC")), text, False, store.folder)
    def work():
        store.db.execute("INSERT INTO line VALUES(?)", (text,))
        ctx.write_file(store.folder / f"{text}.txt", text.encode())
        return text, text
    print(store.write(ctx, "write", work), flush=True)
"""


def test_a_kill_during_writes_loses_nothing_acknowledged_and_does_nothing_twice(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    calls = [str(number) for number in range(400)]
    dice = random.Random(7)
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdin is not None
        assert writer.stdout is not None
        with writer.stdin, writer.stdout:
            writer.stdin.write("\n".join(calls) + "\n")  # all of them again: those done must not be done twice
            writer.stdin.flush()
            select.select([writer.stdout], [], [])
            for _ in range(dice.randrange(1, 60)):
                acknowledged.add(writer.stdout.readline().strip())
            writer.send_signal(signal.SIGKILL)
            acknowledged.update(line.strip() for line in writer.stdout if line.endswith("\n"))
            writer.wait()
    store = Store(tmp_path, "")
    written = [row["text"] for row in store.db.execute("SELECT text FROM line")]
    assert len(written) == len(set(written))
    assert acknowledged - {""} <= set(written)
    assert {path.stem for path in tmp_path.glob("*.txt")} == set(written)
    store.db.close()


def test_what_was_deleted_for_good_is_in_no_undo(store: Store, act: Act, undo: Act) -> None:
    act("a", "INSERT INTO shelf VALUES(1, 'secret one')", files={"note.md": b"secret two"})
    act("b", "INSERT INTO book(shelf, title) VALUES(1, 'secret three')", files={"other.md": b"kept"})
    act("c", "UPDATE shelf SET name='plain'", files={"note.md": b"plain"})
    act("d", "DELETE FROM shelf", files={"note.md": None}, for_good=True)
    for call in ("a", "b", "c", "d"):
        with pytest.raises(Refusal, match="deleted for good"):
            undo(call, f"undo {call}")
    assert (store.folder / "other.md").read_bytes() == b"kept"
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"secret" not in (store.folder / "data.sqlite").read_bytes()
    assert not (store.folder / "note.md").exists()


def test_a_preview_of_deleting_for_good_leaves_undo_as_it_was(store: Store, act: Act, undo: Act) -> None:
    act("a", ADD)
    act("b", "DELETE FROM book", preview=True, for_good=True)
    undo("a", "u")
    assert books(store) == []

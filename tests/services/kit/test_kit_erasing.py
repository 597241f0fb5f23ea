"""Erasing a member from any service of the kit: their rows and what hangs on them, and nobody else's."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest

from services.kit import Context, Reply, Service

TABLES = """
CREATE TABLE IF NOT EXISTS book(id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS page(id INTEGER PRIMARY KEY, book INTEGER NOT NULL REFERENCES book(id), text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS line(id INTEGER PRIMARY KEY, page INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shelf(id INTEGER PRIMARY KEY, book TEXT NOT NULL);
"""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Books with pages with lines; the shelf is everyone's."""
    source = tmp_path / "books"
    source.mkdir()
    (source / "service.toml").write_text('name = "books"\n')
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path / "data"))
    service = Service(str(source / "server.py"), tables=TABLES)

    @service.tool("reversible")
    def add(ctx: Context, title: str) -> Reply:
        """Add a book."""
        book = ctx.db.execute("INSERT INTO book(member, title) VALUES(?,?)", (ctx.member, title)).lastrowid
        page = ctx.db.execute("INSERT INTO page(book, text) VALUES(?,?)", (book, f"page of {title}")).lastrowid
        ctx.db.execute("INSERT INTO line(page, text) VALUES(?,?)", (page, f"line of {title}"))
        ctx.db.execute("INSERT INTO shelf(book) VALUES('the shared one')")
        ctx.write_file(ctx.folder / "covers" / f"{ctx.call}.txt", title.encode())
        return Reply(f"Added {title}.")

    return service


def call(service: Service, tool: str, by: str, number: int = 0, **arguments: Any) -> types.CallToolResult:
    return service.answer(tool, arguments, {"muos/member": by, "muos/call": f"{by}-{tool}-{number}"})


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() + path.name.encode() for path in folder.rglob("*") if path.is_file())


def test_a_member_goes_with_all_that_hangs_on_their_rows(service: Service, tmp_path: Path) -> None:
    call(service, "add", "ann", title="zanzibar")
    call(service, "add", "bob", title="banana")
    assert everything(tmp_path / "data").count(b"zanzibar") > 3
    done = call(service, "erase", "muos", member="ann")
    assert done.structured_content == {"rows": 3, "files": 1}
    content = everything(tmp_path / "data")
    assert b"zanzibar" not in content
    assert b"ann-add" not in content
    with sqlite3.connect(tmp_path / "data" / "data.sqlite") as db:
        counts = [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("book", "page", "line", "shelf")
        ]
    db.close()
    assert counts == [1, 1, 1, 2]


def test_what_others_did_can_still_be_undone(service: Service, tmp_path: Path) -> None:
    call(service, "add", "ann", title="zanzibar")
    call(service, "add", "bob", title="banana")
    call(service, "erase", "muos", member="ann")
    assert not call(service, "undo", "bob", 1, call="bob-add-0").is_error
    assert call(service, "undo", "ann", 1, call="ann-add-0").is_error


def test_a_preview_erases_nothing(service: Service, tmp_path: Path) -> None:
    call(service, "add", "ann", title="zanzibar")
    service.answer("erase", {"member": "ann"}, {"muos/member": "muos", "muos/call": "p", "muos/preview": True})
    assert not call(service, "undo", "ann", 1, call="ann-add-0").is_error


def test_a_hook_deletes_what_only_the_service_knows_of(service: Service, tmp_path: Path) -> None:
    @service.erasing
    def scratch(ctx: Context, member: str) -> None:
        (ctx.folder / f"about {member}").unlink()

    call(service, "add", "ann", title="zanzibar")
    (tmp_path / "data" / "about ann").write_text("tall")
    assert not call(service, "erase", "muos", member="ann").is_error
    assert not (tmp_path / "data" / "about ann").exists()


def test_a_file_of_an_earlier_version_is_brought_up_to_date(service: Service, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    db = sqlite3.connect(tmp_path / "data" / "data.sqlite")
    db.executescript(
        "CREATE TABLE kit_call(id TEXT PRIMARY KEY, seq INTEGER UNIQUE, tool TEXT NOT NULL, reply TEXT NOT NULL,"
        " summary TEXT NOT NULL, undone_by TEXT); INSERT INTO kit_call VALUES('old', 1, 'add', 'zanzibar', '', NULL);"
    )
    db.close()
    call(service, "add", "bob", title="banana")
    assert not call(service, "erase", "muos", member="ann").is_error
    content = everything(tmp_path / "data")
    assert b"zanzibar" not in content
    assert b"banana" in content

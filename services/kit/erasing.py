"""Erasing a member from a service: their rows, what hangs on them, their calls, their files.

Must stay true: nobody else's row goes, but one that belongs to a row of theirs. A row is a member's where a column says
so (`member`, `sender`, `author`). What a household shares has no such column, and stays.

A row hangs on another where a foreign key says so, or a whole-number column that bears the other table's name.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

OWNERS = ("member", "sender", "author")
"""Columns that name a member."""
MADE_AGAIN = ("web-cache.sqlite", "index.sqlite")
"""Files that may be deleted at any time; what of theirs is in there is not worth telling apart."""
CALLS = ("kit_undo", "kit_file", "kit_outside", "kit_move", "kit_gone")
"""What is kept for each call, by its id in `call`."""


def erase_rows(db: sqlite3.Connection, member: str) -> int:
    """Delete the member's rows and what hangs on them, within the present transaction; how many those were."""
    columns = {table: db.execute(f'PRAGMA table_info("{table}")').fetchall() for table in tables(db)}
    doomed: dict[str, set[int]] = {table: set() for table in columns}
    for table, known in columns.items():
        named = " OR ".join(f'"{row["name"]}"=:member' for row in known if row["name"] in OWNERS)
        if named:
            _add(doomed, table, db.execute(f'SELECT rowid AS id FROM "{table}" WHERE {named}', {"member": member}))
    links = [link for table in columns for link in hanging(db, table, columns)]
    while sum(_follow(db, doomed, *link) for link in links):
        pass
    db.execute("PRAGMA defer_foreign_keys=ON")
    for table, rows in doomed.items():
        db.executemany(f'DELETE FROM "{table}" WHERE rowid=?', [(row,) for row in rows])
    return sum(map(len, doomed.values()))


def tables(db: sqlite3.Connection) -> list[str]:
    """The service's own tables."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type='table'").fetchall()
    virtual = [row["name"] for row in rows if str(row["sql"]).startswith("CREATE VIRTUAL")]
    return [
        row["name"]
        for row in rows
        if not row["name"].startswith(("kit_", "sqlite_"))
        and row["name"] not in virtual
        and not any(row["name"].startswith(f"{name}_") for name in virtual)
    ]


def hanging(
    db: sqlite3.Connection, table: str, columns: dict[str, list[sqlite3.Row]]
) -> Iterable[tuple[str, str, str, str]]:
    """(table, its column, the table that this names, that one's column)."""
    for key in db.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
        yield table, key["from"], key["table"], key["to"] or "rowid"
    for row in columns[table]:
        if row["name"] in columns and row["name"] != table and row["type"].upper() == "INTEGER":
            yield table, row["name"], row["name"], "rowid"


def _follow(
    db: sqlite3.Connection, doomed: dict[str, set[int]], table: str, column: str, parent: str, key: str
) -> bool:
    """Take in what hangs on the rows that go; whether there was more."""
    found = False
    for row in list(doomed.get(parent, ())):
        query = f'SELECT rowid AS id FROM "{table}" WHERE "{column}"=(SELECT "{key}" FROM "{parent}" WHERE rowid=?)'
        found = _add(doomed, table, db.execute(query, (row,))) or found
    return found


def _add(doomed: dict[str, set[int]], table: str, rows: Iterable[sqlite3.Row]) -> bool:
    before = len(doomed[table])
    doomed[table] |= {int(row["id"]) for row in rows}
    return len(doomed[table]) > before


def calls_of(db: sqlite3.Connection, member: str) -> list[str]:
    """The member's calls; of those that an earlier version kept nobody knows whose they were."""
    return [row["id"] for row in db.execute("SELECT id FROM kit_call WHERE member IN (?, '')", (member,))]


def erase_calls(db: sqlite3.Connection, calls: Iterable[str]) -> None:
    """Forget what was answered, and what was there before."""
    marks = [(call,) for call in calls]
    for table in CALLS:
        db.executemany(f"DELETE FROM {table} WHERE call=?", marks)
    db.executemany("DELETE FROM kit_call WHERE id=?", marks)


def erase_files(db: sqlite3.Connection, folder: Path, member: str, calls: Iterable[str]) -> int:
    """Delete what lies in the member's own folders, what their calls wrote, and what can be made again."""
    own = {quote(member, safe=""), quote(member, safe="").replace(".", "%2E")} - {"", ".", ".."}
    marks = {hashlib.sha256(call.encode()).hexdigest()[:32] for call in calls}
    written = {
        Path(row["path"])
        for call in calls
        for row in db.execute("SELECT path FROM kit_file WHERE call=?", (call,)).fetchall()
    }
    count = 0
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.name.removesuffix("-wal").removesuffix("-shm")
        theirs = path.name in own or path.stem in marks or path in written or path.resolve() in written
        if theirs or name in MADE_AGAIN:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            count += 1
    return count

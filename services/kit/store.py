"""A service's SQLite file: one transaction per call, the call's id stored with its effect, undo by triggers.

Must stay true: a call id takes effect at most once, and its reply is stored in the same transaction.

Undo follows the method of sqlite.org/undoredo.html: triggers on every table of the service write, for each
row touched, the statement that puts it back. Undo of a call runs these last first, provided that no later
call touched the same rows; being a call itself, an undo can be undone. Files written through the context are
kept, before and after, in the same log. What an irreversible call touched is wiped from the log in the
transaction of that call: what was deleted for good is in no undo.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from services.kit.erasing import calls_of, erase_calls, erase_files, erase_rows
from services.kit.outside import (
    OUTSIDE_TABLES,
    finish_moves,
    forget_notes,
    forget_old_notes,
    log_outside,
    put_file,
    undo_moves,
)
from services.kit.reply import Context, Refusal

BUSY_WAIT_MS = 5_000
"""How long a write waits for another process that holds the file."""

KIT_TABLES = """
CREATE TABLE IF NOT EXISTS kit_call(
    id TEXT PRIMARY KEY, seq INTEGER UNIQUE, tool TEXT NOT NULL, reply TEXT NOT NULL, summary TEXT NOT NULL,
    undone_by TEXT, member TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS kit_undo(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL, tbl TEXT NOT NULL, row TEXT NOT NULL,
    sql TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS kit_undo_call ON kit_undo(call);
CREATE INDEX IF NOT EXISTS kit_undo_row ON kit_undo(tbl, row, seq);
CREATE TABLE IF NOT EXISTS kit_file(
    call TEXT NOT NULL, path TEXT NOT NULL, before BLOB, after BLOB, written INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (call, path));
CREATE TABLE IF NOT EXISTS kit_gone(call TEXT PRIMARY KEY);
"""
WIPE = """
INSERT OR IGNORE INTO kit_gone SELECT :call;
INSERT OR IGNORE INTO kit_gone
    SELECT other.call FROM kit_undo mine JOIN kit_undo other ON other.tbl=mine.tbl AND other.row=mine.row
    WHERE mine.call=:call;
INSERT OR IGNORE INTO kit_gone
    SELECT other.call FROM kit_file mine JOIN kit_file other ON other.path=mine.path WHERE mine.call=:call;
UPDATE kit_undo SET sql='' WHERE EXISTS
    (SELECT 1 FROM kit_undo mine WHERE mine.call=:call AND mine.tbl=kit_undo.tbl AND mine.row=kit_undo.row);
UPDATE kit_file SET after=NULL WHERE written=1 AND path IN (SELECT path FROM kit_file WHERE call=:call);
UPDATE kit_file SET before=NULL WHERE path IN (SELECT path FROM kit_file WHERE call=:call);
"""
"""Forgets, of every call that touched the same rows or files as this one, what they were before."""


class Store:
    """The file, and the transactions on it. Used from one thread."""

    def __init__(self, folder: Path, tables: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.db = sqlite3.connect(
            folder / "data.sqlite", isolation_level=None, check_same_thread=False, timeout=BUSY_WAIT_MS / 1000
        )
        self.db.row_factory = sqlite3.Row
        self._call = ""
        self.db.create_function("kit_call_id", 0, lambda: self._call)
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        self.db.execute("PRAGMA secure_delete=ON")  # what is deleted for good is overwritten in the file
        self.db.execute("PRAGMA recursive_triggers=ON")  # else rows that a REPLACE pushes out are not logged
        self.db.executescript(KIT_TABLES + OUTSIDE_TABLES + tables)
        self.db.execute("BEGIN IMMEDIATE")  # a second child may be starting, and the first still writing
        self._bring_up_to_date()
        self._watch_tables()
        self.db.execute("COMMIT")
        with contextlib.suppress(Refusal):
            self._finish_files()
        forget_old_notes(folder)

    def _bring_up_to_date(self) -> None:
        """Version 0.1.0 did not keep whose call it was."""
        if "member" not in {row["name"] for row in self.db.execute("PRAGMA table_info(kit_call)")}:
            self.db.execute("ALTER TABLE kit_call ADD COLUMN member TEXT NOT NULL DEFAULT ''")

    def _watch_tables(self) -> None:
        """Triggers that log how to put each row back. Tables need a rowid; virtual ones are left alone."""
        rows = self.db.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'kit!_%' ESCAPE '!'"
            " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        virtual = [
            row["name"]
            for row in self.db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall()
        ]
        for table in (row["name"] for row in rows):
            if not any(table.startswith(f"{name}_") for name in virtual):
                self._watch(table)

    def _watch(self, table: str) -> None:
        columns = [row["name"] for row in self.db.execute(f'PRAGMA table_info("{table}")')]
        sets = " || ',' || ".join(f'\'"{column}"=\' || quote(old."{column}")' for column in columns)
        names = ",".join(f'"{column}"' for column in columns)
        values = " || ',' || ".join(f'quote(old."{column}")' for column in columns)
        put_back = {
            "INSERT": ("new", f"'DELETE FROM \"{table}\" WHERE rowid=' || new.rowid"),
            "UPDATE": ("old", f"'UPDATE \"{table}\" SET ' || {sets} || ' WHERE rowid=' || new.rowid"),
            "DELETE": (
                "old",
                f"'INSERT INTO \"{table}\"(rowid,{names}) VALUES(' || old.rowid || ',' || {values} || ')'",
            ),
        }
        for event, (row, statement) in put_back.items():
            name = f"kit_{event}_{table}"
            trigger = (
                f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" WHEN kit_call_id() <> \'\' BEGIN'
                f" INSERT INTO kit_undo(call,tbl,row,sql)"
                f" VALUES(kit_call_id(), '{table}', {row}.rowid, {statement}); END"
            )
            known = self.db.execute("SELECT sql FROM sqlite_master WHERE type='trigger' AND name=?", (name,)).fetchone()
            if known is None or known["sql"] != trigger:
                self.db.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                self.db.execute(trigger)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view; nothing is written."""
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            self.db.execute("ROLLBACK")

    def write(
        self,
        ctx: Context,
        tool: str,
        work: Callable[[], tuple[str, str]],
        *,
        for_good: bool = False,
        hide: Callable[[str], str] = str,
    ) -> str:
        """Run `work` (which gives the reply and a summary of it) once for this call id; return the stored reply.

        `for_good`: it can't be taken back, and neither can what else was done to the rows and files it touches.
        `hide` makes of the reply what is stored of it.
        """
        self.db.execute("BEGIN IMMEDIATE")
        self._call = ctx.call
        try:
            stored = self.db.execute("SELECT reply FROM kit_call WHERE id=?", (ctx.call,)).fetchone()
            if stored is not None:
                self.db.execute("ROLLBACK")
                return str(stored["reply"])
            reply, summary = work()
            if ctx.preview:
                self.db.execute("ROLLBACK")
                return reply
            self.db.execute(
                "INSERT INTO kit_call VALUES(?,(SELECT coalesce(max(seq),0)+1 FROM kit_call),?,?,?,NULL,?)",
                (ctx.call, tool, hide(reply), summary, ctx.member),
            )
            self._log_files(ctx)
            log_outside(self.db, ctx)
            if for_good:
                self._wipe(ctx.call)
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise
        finally:
            self._call = ""
            forget_notes(ctx)
        self._finish_files()
        return reply

    def _log_files(self, ctx: Context) -> None:
        for path, after in ctx.files.items():
            before = path.read_bytes() if path.is_file() else None
            self.db.execute("INSERT INTO kit_file VALUES(?,?,?,?,0)", (ctx.call, str(path), before, after))

    def _wipe(self, call: str) -> None:
        for statement in WIPE.split(";"):
            if statement.strip():
                self.db.execute(statement, {"call": call})

    def _finish_files(self) -> None:
        """Bring files in line with what was committed; also after a crash between the two."""
        rows = self.db.execute("SELECT rowid, path, after FROM kit_file WHERE written=0 ORDER BY rowid").fetchall()
        faults = []
        for row in rows:
            path, written = Path(row["path"]), 1
            try:
                put_file(path, row["after"])
            except OSError as error:
                if path.is_relative_to(self.folder.resolve()):
                    raise  # it is tried again at the next start
                written = 2  # somebody else's folder, which may never again be written to
                faults.append(f"{path.name} could not be written: {error.strerror}.")
            self.db.execute("UPDATE kit_file SET written=? WHERE rowid=?", (written, row["rowid"]))
        faults += finish_moves(self.db)
        if faults:
            raise Refusal(" ".join(faults))

    def undo(self, ctx: Context, call: str) -> str:
        """Take back what `call` wrote, inside the present transaction; gives the summary of what was undone.

        Raises Refusal where there is nothing to take back or a later call touched the same rows or files.
        """
        row = self.db.execute("SELECT seq, summary, undone_by FROM kit_call WHERE id=?", (call,)).fetchone()
        if row is None:
            raise Refusal(f"I know of no action {call!r} here, so there is nothing to undo.")
        if row["undone_by"]:
            raise Refusal("That was already undone.")
        if self.db.execute("SELECT 1 FROM kit_gone WHERE call=?", (call,)).fetchone():
            raise Refusal("That can't be undone: what it was about was deleted for good.")
        self._refuse_if_changed_since(call, row["seq"])
        steps = self.db.execute("SELECT sql FROM kit_undo WHERE call=? ORDER BY seq DESC", (call,)).fetchall()
        files = self.db.execute("SELECT path, before, after FROM kit_file WHERE call=?", (call,)).fetchall()
        for file in files:
            path = Path(file["path"])
            if ctx.read_file(path) != file["after"]:
                raise Refusal(f"{path.name!r} was changed since, so I left it as it is.")
            ctx.write_file(path, file["before"])
        undo_moves(self.db, ctx, call)
        self.db.execute("PRAGMA defer_foreign_keys=ON")
        for step in steps:
            self.db.execute(step["sql"])
        self.db.execute("UPDATE kit_call SET undone_by=? WHERE id=?", (ctx.call, call))
        self.db.execute("UPDATE kit_call SET undone_by=NULL WHERE undone_by=?", (call,))  # an undo was undone
        return str(row["summary"])

    def erase(self, member: str) -> tuple[int, int]:
        """Erase a member, inside the present transaction; how many rows and files those were."""
        calls = calls_of(self.db, member)
        files = erase_files(self.db, self.folder, member, calls)
        rows = erase_rows(self.db, member)
        erase_calls(self.db, calls)
        return rows, files

    def shred(self) -> None:
        """Leave nothing of what was erased in freed places and the log."""
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            self.db.execute(statement).fetchall()

    def former(self, call: str) -> str | None:
        """What a call found outside before it changed it, as JSON; None where it changed nothing there."""
        row = self.db.execute("SELECT former FROM kit_outside WHERE call=?", (call,)).fetchone()
        return str(row["former"]) if row else None

    def _refuse_if_changed_since(self, call: str, seq: int) -> None:
        """A row changed by a later call, itself not undone, can't be put back without harm."""
        later = self.db.execute(
            "SELECT c.summary FROM kit_undo mine"
            " JOIN kit_undo other ON other.tbl=mine.tbl AND other.row=mine.row AND other.call<>mine.call"
            " JOIN kit_call c ON c.id=other.call AND c.seq>? AND c.undone_by IS NULL AND c.tool<>'undo'"
            " WHERE mine.call=? ORDER BY c.seq DESC LIMIT 1",
            (seq, call),
        ).fetchone()
        if later is not None:
            raise Refusal(f"It was changed afterwards ({later['summary']}); undo that first.")

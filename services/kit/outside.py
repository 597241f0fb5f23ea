"""What a call changes outside its own tables, so that it can be taken back: the state of a device, a file's place.

Must stay true: what was so before is on disk, under the call's id, before anything is changed. A call that is made
again after a crash still knows what was before its first try; a file that was to be moved or copied arrives at its
new place once, and nothing is ever written over.

Does not cover: whether the world outside was changed by others since; a service's own undo hook may look and refuse.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from services.kit.reply import Context, Refusal

OUTSIDE_TABLES = """
CREATE TABLE IF NOT EXISTS kit_outside(call TEXT PRIMARY KEY, former TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kit_move(
    id INTEGER PRIMARY KEY, call TEXT NOT NULL, source BLOB NOT NULL, target BLOB NOT NULL, copy INTEGER NOT NULL,
    trash BLOB NOT NULL DEFAULT X'', done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS kit_move_call ON kit_move(call);
"""
KEPT_SECONDS = 7 * 86_400
"""How long what was noted for a call that never ended is kept for its being made again."""
PART = "muos-part"


def before(ctx: Context, names: Sequence[str], read: Callable[[], Any]) -> Any:
    """What is so outside before this call first changed anything; `read` gives it, as JSON.

    `names` are the things that the call is about to change: a later call on one of them stands in the way of undo.
    The service's `undoing` hook gets what was read.
    """
    note = ctx.folder / "outside" / f"{hashlib.sha256(ctx.call.encode()).hexdigest()[:32]}.json"
    if note.is_file() and not ctx.preview:
        former = json.loads(note.read_text())
    else:
        former = read()
        if not ctx.preview:
            note.parent.mkdir(parents=True, exist_ok=True)
            put_file(note, json.dumps(former).encode())
            ctx.notes.append(note)
    ctx.former = (tuple(names), former)
    return former


def log_outside(db: sqlite3.Connection, ctx: Context) -> None:
    """Keep, in the call's transaction, what it changes outside."""
    if ctx.former is not None:
        names, former = ctx.former
        db.execute("INSERT INTO kit_outside VALUES(?,?)", (ctx.call, json.dumps(former)))
        for name in names:
            db.execute("INSERT INTO kit_undo(call, tbl, row, sql) VALUES(?,'outside',?,'')", (ctx.call, name))
    for move in ctx.moves:
        db.execute(
            "INSERT INTO kit_move(call, source, target, copy, trash) VALUES(?,?,?,?,?)",
            (ctx.call, os.fsencode(move[0]), os.fsencode(move[1]), move[2], os.fsencode(move[3]) if move[3] else b""),
        )


def finish_moves(db: sqlite3.Connection) -> list[str]:
    """Bring files to where the committed calls want them; also after a crash between the two. Gives what failed."""
    faults = []
    for row in db.execute("SELECT * FROM kit_move WHERE done=0 ORDER BY id").fetchall():
        source, target = Path(os.fsdecode(row["source"])), Path(os.fsdecode(row["target"]))
        done = 1
        try:
            if os.path.lexists(source) and not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                (copy_over if row["copy"] else move_over)(source, target)
        except (OSError, shutil.Error) as error:
            done = 2  # it is not tried again: the disk is full, or the folder may not be written to
            faults.append(f"{source.name} could not be put there: {getattr(error, 'strerror', None) or error}.")
        db.execute("UPDATE kit_move SET done=? WHERE id=?", (done, row["id"]))
    return faults


def undo_moves(db: sqlite3.Connection, ctx: Context, call: str) -> None:
    """Plan the way back of what a call moved; a copy goes to the trash. Raises Refusal where a place is taken."""
    for row in db.execute("SELECT * FROM kit_move WHERE call=? AND done<2 ORDER BY id DESC", (call,)).fetchall():
        back = Path(os.fsdecode(row["trash"] or row["source"]))
        if row["copy"] and not row["trash"]:
            raise Refusal("That copy can't be taken back.")
        there = Path(os.fsdecode(row["target"]))
        if not os.path.lexists(there):
            raise Refusal(f"{there.name!r} is no longer where it was put, so I left all as it is.")
        if os.path.lexists(back):
            raise Refusal(f"There is something else called {back.name!r} in the old place now.")
        ctx.moves.append((there, back, False, None))


def forget_notes(ctx: Context) -> None:
    """The call ended: what was noted for its being made again is in its record, or void."""
    for note in ctx.notes:
        note.unlink(missing_ok=True)
    ctx.notes.clear()


def forget_old_notes(folder: Path) -> None:
    """Those of calls that nobody will make again."""
    for note in (folder / "outside").glob("*.json"):
        with suppress(OSError):
            if time.time() - note.stat().st_mtime > KEPT_SECONDS:
                note.unlink()


def move_over(source: Path, target: Path) -> None:
    """Move a file or folder; from one disk to another it is copied first and removed last."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != 18:  # EXDEV: another disk
            raise
        copy_over(source, target)
        shutil.rmtree(source) if source.is_dir() and not source.is_symlink() else source.unlink()


def copy_over(source: Path, target: Path) -> None:
    """Copy a file or folder so that nobody sees half of it at its new place; links stay links."""
    draft = beside(target)
    if draft.is_dir():
        shutil.rmtree(draft)
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, draft, symlinks=True)
    else:
        shutil.copy2(source, draft, follow_symlinks=False)
    draft.replace(target)


def put_file(path: Path, content: bytes | None) -> None:
    """Replace a file in one step, so that no reader ever sees half of it; None removes it."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = beside(path)
    with draft.open("wb") as stream:
        if path.is_file():
            os.fchmod(stream.fileno(), path.stat().st_mode & 0o777)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def beside(path: Path) -> Path:
    """A name in the same folder that nobody else uses, and that is not too long."""
    return path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.{PART}")

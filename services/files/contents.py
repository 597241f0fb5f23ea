"""What is in files: text with bounded size, and an index of words that may be lost and is made anew.

Must stay true: no file is read further than a limit; what is no text is never shown as if it were.
"""

from __future__ import annotations

import codecs
import contextlib
import itertools
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from services.files.roots import TRASH, regular, shown, walk, within
from services.kit import Context, Refusal

READ_LIMIT = 1_000_000
"""Bytes of a file that are searched, or shown in parts."""
PART = 8_000
"""Characters shown at once."""
WRITE_LIMIT = 2_000_000
"""Bytes of a file that is written, or kept for undo."""
REFRESH_SECONDS = 4.0
"""For bringing the index in line within one call; the rest is done in the next."""
HITS = 20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
TABLES = """
CREATE TABLE IF NOT EXISTS file(
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, mtime INTEGER NOT NULL, size INTEGER NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(name, text, tokenize="porter unicode61 remove_diacritics 2");
"""
QUESTION_WORDS = frozenset(
    "a about all an and any are at by called contain containing contains did do document documents does file files find"
    " for from have in is it look me mention mentioning mentions my named of on or our search show something that the"
    " their there these this to was what where which with word words write wrote".split()
)


class Hit(NamedTuple):
    """A file that fits."""

    path: Path
    excerpt: str


def text_of(path: Path, limit: int = READ_LIMIT) -> str:
    """A file's text up to so many bytes; refuses what is no text."""
    regular(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(limit)
    except OSError as error:
        raise Refusal(f"{path.name} can't be read: {error.strerror}.") from None
    text = decoded(data)
    if text is None:
        raise Refusal(f"{path.name} is no plain text, so I can't read it.")
    return text


def decoded(data: bytes) -> str | None:
    """Bytes as text; None for what is none. A letter that is cut off at the end is left out."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="ignore")
    if b"\0" in data:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        controls = sum(byte < 9 or 13 < byte < 32 for byte in data)
        return None if controls else data.decode("cp1252", errors="replace")


@contextlib.contextmanager
def index(ctx: Context) -> Iterator[tuple[sqlite3.Connection, bool]]:
    """The index, in line with the open folders, and whether it is complete; a broken one is made anew."""
    file = ctx.folder / "index.sqlite"
    try:
        db, complete = opened(ctx, file)
    except sqlite3.DatabaseError:
        for part in ("", "-journal"):
            file.with_name(file.name + part).unlink(missing_ok=True)
        db, complete = opened(ctx, file)
    with contextlib.closing(db):
        yield db, complete


def opened(ctx: Context, file: Path) -> tuple[sqlite3.Connection, bool]:
    """Open it and read again what changed."""
    db = sqlite3.connect(file, check_same_thread=False)
    try:
        db.execute("PRAGMA synchronous=OFF")  # what is lost in a power cut is read from the files again
        db.executescript(TABLES)
        with db:
            return db, refresh(ctx, db)
    except BaseException:
        db.close()
        raise


def refresh(ctx: Context, db: sqlite3.Connection) -> bool:
    """Bring it in line; False if the time was not enough."""
    until = time.monotonic() + REFRESH_SECONDS
    known = {bytes(row[1]): row for row in db.execute("SELECT id, path, mtime, size FROM file")}
    there: set[bytes] = set()
    complete = True
    for path in walk(ctx):
        key = os.fsencode(path)
        there.add(key)
        if not complete:
            continue
        try:
            status = path.lstat()
        except OSError:
            continue
        row = known.get(key)
        if row is None or (row[2], row[3]) != (status.st_mtime_ns, status.st_size):
            take_in(db, path, row[0] if row else None, status)
            complete = time.monotonic() < until
    for key, row in known.items():
        if key not in there and within(ctx, Path(os.fsdecode(key))) is not None:
            db.execute("DELETE FROM words WHERE rowid=?", (row[0],))
            db.execute("DELETE FROM file WHERE id=?", (row[0],))
    return complete


def take_in(db: sqlite3.Connection, path: Path, number: int | None, status: os.stat_result) -> None:
    """Read one file into the index."""
    try:
        text = text_of(path)
    except Refusal:
        text = ""
    if number is not None:
        db.execute("DELETE FROM words WHERE rowid=?", (number,))
        db.execute("DELETE FROM file WHERE id=?", (number,))
    row = db.execute(
        "INSERT INTO file(path, mtime, size) VALUES(?,?,?) RETURNING id",
        (os.fsencode(path), status.st_mtime_ns, status.st_size),
    ).fetchone()
    name = re.sub(r"[_.-]+", " ", shown(Path(path.name)))
    db.execute("INSERT INTO words(rowid, name, text) VALUES(?,?,?)", (row[0], f"{name} {shown(Path(path.name))}", text))


def search(ctx: Context, query: str, top: Path | None) -> tuple[list[Hit], bool]:
    """Files with the telling words in their name or text, the best first; and whether all were looked at."""
    words = [word for word in re.findall(r"[^\W_]+", query.casefold()) if word not in QUESTION_WORDS]
    if not words:
        raise Refusal("What words shall I look for?")
    with index(ctx) as (db, complete):
        for joint in (" ", " OR "):
            asked = joint.join(f'"{word}"' for word in words[:20])
            rows = db.execute(
                "SELECT f.path, snippet(words, 1, '', '', '…', 16) FROM words JOIN file f ON f.id=words.rowid"
                " WHERE words MATCH ? ORDER BY bm25(words, 6.0, 1.0) LIMIT 200",
                (asked,),
            ).fetchall()
            hits = [Hit(Path(os.fsdecode(row[0])), " ".join(row[1].split())) for row in rows]
            hits = [hit for hit in hits if open_to(ctx, hit.path) and (top is None or hit.path.is_relative_to(top))]
            if hits:
                return hits[:HITS], complete
    return [], complete


def open_to(ctx: Context, path: Path) -> bool:
    """Whether a path of the index is the member's to see, as it is now."""
    try:
        return within(ctx, path.resolve()) is not None and path.is_file() and not path.is_symlink()
    except OSError:
        return False


def known_names(ctx: Context, most: int) -> list[str]:
    """Names of the files that are there, once this call has taken effect."""
    gone = {source for source, _, copy, _ in ctx.moves if not copy}
    come = [*ctx.files, *(target for _, target, _, _ in ctx.moves if TRASH not in target.parts)]
    paths = itertools.chain(come, (path for path in itertools.islice(walk(ctx), 4 * most) if path not in gone))
    return list(dict.fromkeys(shown(Path(path.name)) for path in paths))[:most]

"""Full-text search over the files. The index is a file of its own that may be lost: it is made anew.

Must stay true: every look-up first brings the index in line with the member's folder, file by file, where
time, size or inode differ; and every query is bound to one member.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.kit import Context
from services.notes.shelf import SUFFIX, Note, parsed, path_of, shelf

READ_LIMIT = 1_000_000
"""Bytes of a file that are searched."""
CANDIDATES = 50
"""Passages that are looked at more closely."""

TABLES = """
CREATE TABLE IF NOT EXISTS file(
    id INTEGER PRIMARY KEY, member TEXT NOT NULL, slug TEXT NOT NULL, title TEXT NOT NULL,
    mtime INTEGER NOT NULL, size INTEGER NOT NULL, inode INTEGER NOT NULL, UNIQUE(member, slug));
CREATE TABLE IF NOT EXISTS part(id INTEGER PRIMARY KEY, file INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS part_file ON part(file);
CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(
    title, text, tokenize="porter unicode61 remove_diacritics 2");
"""

SAYS_LITTLE = """
a about again all am an and any anything are as at be been can could did do does find for from give got had has have
how i in is it its jot jotted know look looking me memo mine my myself note noted notes of on or our please put read
remind said save saved say says search see show so some something somewhere tell that the their them there these they
thing things this those to up us was we were what whats when where which who whose why will with would write writing
written wrote you your
"""
STOP_WORDS = frozenset(SAYS_LITTLE.split())


class Hit(NamedTuple):
    """A passage that fits a query."""

    slug: str
    title: str
    text: str
    share: float
    """Of the query's telling words, those found: 0 to 1."""


@contextlib.contextmanager
def opened(ctx: Context) -> Iterator[sqlite3.Connection]:
    """The index, in line with the member's folder. A broken one is thrown away and made anew."""
    file = ctx.folder / "index.sqlite"
    try:
        db = brought_up_to_date(ctx)
    except sqlite3.DatabaseError:
        for part in ("", "-wal", "-shm", "-journal"):
            file.with_name(file.name + part).unlink(missing_ok=True)
        db = brought_up_to_date(ctx)
    with contextlib.closing(db):
        yield db


def brought_up_to_date(ctx: Context) -> sqlite3.Connection:
    """Open it and read again what changed."""
    db = sqlite3.connect(ctx.folder / "index.sqlite", check_same_thread=False)
    try:
        db.row_factory = sqlite3.Row
        # What is lost here in a power cut is read from the files again.
        db.execute("PRAGMA synchronous=OFF")
        db.executescript(TABLES)
        with db:
            refresh(ctx, db)
    except BaseException:
        db.close()
        raise
    return db


def refresh(ctx: Context, db: sqlite3.Connection) -> None:
    """Bring the index in line with the files of this member."""
    known = {
        row["slug"]: (row["mtime"], row["size"], row["inode"])
        for row in db.execute("SELECT slug, mtime, size, inode FROM file WHERE member=?", (ctx.member,))
    }
    present = present_files(ctx)
    for slug in known.keys() - present.keys():
        drop(ctx, db, slug)
    for slug, stamp in present.items():
        if known.get(slug) == stamp:
            continue
        drop(ctx, db, slug)
        try:
            with path_of(ctx, slug).open("rb") as stream:
                note = parsed(slug, stream.read(READ_LIMIT))
        except OSError:
            continue  # gone or locked since the folder was listed: the next look-up tries again
        put(ctx, db, note, stamp)


def present_files(ctx: Context) -> dict[str, tuple[int, int, int]]:
    """Time, size and inode of each note's file. Links are not followed: they may lead to others' files."""
    found = {}
    with contextlib.suppress(FileNotFoundError), os.scandir(shelf(ctx)) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIX) and entry.is_file(follow_symlinks=False):
                stat = entry.stat(follow_symlinks=False)
                found[entry.name.removesuffix(SUFFIX)] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def drop(ctx: Context, db: sqlite3.Connection, slug: str) -> None:
    """Take a file out of the index."""
    row = db.execute("SELECT id FROM file WHERE member=? AND slug=?", (ctx.member, slug)).fetchone()
    if row is not None:
        db.execute("DELETE FROM passage WHERE rowid IN (SELECT id FROM part WHERE file=?)", (row["id"],))
        db.execute("DELETE FROM part WHERE file=?", (row["id"],))
        db.execute("DELETE FROM file WHERE id=?", (row["id"],))


def put(ctx: Context, db: sqlite3.Connection, note: Note, stamp: tuple[int, int, int]) -> None:
    """Take a file into the index, a paragraph at a time."""
    file = db.execute(
        "INSERT INTO file(member, slug, title, mtime, size, inode) VALUES(?,?,?,?,?,?)",
        (ctx.member, note.slug, note.title, *stamp),
    ).lastrowid
    for text in re.split(r"\n\s*\n", note.text) or [""]:
        part = db.execute("INSERT INTO part(file, text) VALUES(?,?)", (file, text.strip())).lastrowid
        db.execute(
            "INSERT INTO passage(rowid, title, text) VALUES(?,?,?)",
            (part, with_joined(note.title), with_joined(text)),
        )


def with_joined(text: str) -> str:
    """The text, and its hyphened words once more as one word: who asks for wifi also finds Wi-Fi."""
    joined = [word.replace("-", "") for word in re.findall(r"\w+(?:-\w+)+", text)]
    return f"{text} {' '.join(joined)}"


def telling_words(query: str) -> list[str]:
    """The words of a question that say what it is about, once each; all of them where none does."""
    bare = re.sub(r"['\u2019](?:s|re|m|ve|ll|d|t)\b", "", query.casefold())
    words = list(dict.fromkeys(re.findall(r"[^\W_]+(?:-[^\W_]+)*", bare)))
    return [word for word in words if word not in STOP_WORDS] or words


def as_match(word: str) -> str:
    """The word as FTS5 wants it: letters and digits only, so quoting is safe."""
    spaced = word.replace("-", " ")
    return f'"{spaced}"' if spaced == word else f'("{spaced}" OR "{word.replace("-", "")}")'


def search(ctx: Context, query: str) -> list[Hit]:
    """The member's passages that share most of the query's telling words, best first, one for each note."""
    words = telling_words(query)[:32]
    if not words:
        return []
    with opened(ctx) as db:
        rows = db.execute(
            "SELECT part.id, part.text, file.slug, file.title FROM passage"
            " JOIN part ON part.id=passage.rowid JOIN file ON file.id=part.file"
            " WHERE passage MATCH ? AND file.member=? ORDER BY bm25(passage, 2.0, 1.0) LIMIT ?",
            (" OR ".join(as_match(word) for word in words), ctx.member, CANDIDATES),
        ).fetchall()
        found = [matched(db, word, [row["id"] for row in rows]) for word in words]
    hits = [
        Hit(row["slug"], row["title"], row["text"], sum(row["id"] in ids for ids in found) / len(words)) for row in rows
    ]
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.share):
        best.setdefault(hit.slug, hit)
    return list(best.values())


def matched(db: sqlite3.Connection, word: str, ids: Sequence[int]) -> set[int]:
    """Which of these passages have the word."""
    marks = ",".join("?" * len(ids))
    rows = db.execute(f"SELECT rowid FROM passage WHERE passage MATCH ? AND rowid IN ({marks})", (as_match(word), *ids))
    return {row["rowid"] for row in rows}


def titles(ctx: Context) -> dict[str, str]:
    """Title by slug, last changed first, as this call sees them: what it has written itself comes first."""
    with opened(ctx) as db:
        rows = db.execute("SELECT slug, title FROM file WHERE member=? ORDER BY mtime DESC, slug", (ctx.member,))
        known = {row["slug"]: row["title"] for row in rows}
    for path, content in ctx.files.items():
        if path.parent == shelf(ctx).resolve() and path.suffix == SUFFIX:
            known.pop(path.stem, None)
            if content is not None:
                known = {path.stem: parsed(path.stem, content).title, **known}
    return known

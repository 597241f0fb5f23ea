"""What feeds brought, in a file of its own: it can be fetched again, so it is no part of what undo must know.

Must stay true: losing the file costs the older entries and nothing else; it is shared by the members, who see of it
only the feeds that they follow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from services.feeds.parsing import Feed, read_feed
from services.kit import Context, Refusal
from services.kit.web import Page

FILE = "entries.sqlite"
KEPT = 400
"""Entries of one feed; the oldest go first."""
MOST_BYTES = 4 * 1024 * 1024
FETCH_SECONDS = 8.0
"""For one feed; others must get their turn."""
BUSY_SECONDS = 2.0
TABLES = """
CREATE TABLE IF NOT EXISTS entry(
    feed TEXT NOT NULL, guid TEXT NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL, text TEXT NOT NULL,
    author TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (feed, guid));
CREATE TABLE IF NOT EXISTS checked(feed TEXT PRIMARY KEY, at REAL NOT NULL, error TEXT NOT NULL);
"""


class Archive:
    """The entries of all feeds."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """The file, in one transaction; begun anew where it is broken."""
        try:
            with closing(self._connect()) as db, db:
                db.execute("SELECT count(*) FROM entry").fetchone()
        except sqlite3.DatabaseError:
            self._file.unlink(missing_ok=True)
        with closing(self._connect()) as db, db:
            yield db

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._file, timeout=BUSY_SECONDS)
        db.row_factory = sqlite3.Row
        try:
            db.executescript(TABLES)
        except sqlite3.Error:
            db.close()
            raise
        return db

    def keep(self, url: str, feed: Feed, now: datetime) -> int:
        """Store what a feed brought; how many entries are new."""
        latest = now.timestamp()
        with self.opened() as db:
            before = {row["guid"] for row in db.execute("SELECT guid FROM entry WHERE feed=?", (url,))}
            for place, entry in enumerate(feed.entries):
                # an entry without a date is as old as its place in the feed says; none is from the future
                at = min(entry.at, latest) if entry.at is not None else latest - place
                db.execute(
                    "INSERT INTO entry VALUES(?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
                    " title=excluded.title, url=excluded.url, text=excluded.text, author=excluded.author",
                    (url, entry.guid, entry.title, entry.url, entry.text, entry.author, at),
                )
            db.execute(
                "DELETE FROM entry WHERE feed=?1 AND guid NOT IN"
                " (SELECT guid FROM entry WHERE feed=?1 ORDER BY at DESC LIMIT ?2)",
                (url, KEPT),
            )
            self._note(db, url, now, "")
        return len({entry.guid for entry in feed.entries} - before)

    def fail(self, url: str, error: str, now: datetime) -> None:
        """Note that a feed could not be had."""
        with self.opened() as db:
            self._note(db, url, now, error)

    def _note(self, db: sqlite3.Connection, url: str, now: datetime, error: str) -> None:
        db.execute("INSERT OR REPLACE INTO checked VALUES(?,?,?)", (url, now.timestamp(), error))

    def keep_only(self, urls: list[str]) -> None:
        """Leave nothing of all other feeds."""
        marks = ",".join("?" * len(urls))
        with self.opened() as db:
            for table in ("entry", "checked"):
                db.execute(f"DELETE FROM {table} WHERE feed NOT IN ({marks})", urls)
        with closing(self._connect()) as db:
            db.execute("VACUUM")

    def state(self, url: str) -> tuple[float, str]:
        """When the feed was asked last, seconds since 1970, and what went wrong then."""
        with self.opened() as db:
            row = db.execute("SELECT at, error FROM checked WHERE feed=?", (url,)).fetchone()
        return (row["at"], row["error"]) if row is not None else (0.0, "")

    def entries(self, urls: list[str]) -> list[sqlite3.Row]:
        """All entries of these feeds, the latest first."""
        marks = ",".join("?" * len(urls))
        with self.opened() as db:
            return db.execute(f"SELECT * FROM entry WHERE feed IN ({marks}) ORDER BY at DESC, guid", urls).fetchall()


def fetch(ctx: Context, url: str) -> tuple[Page, Feed | None]:
    """The page at an address, and the feed in it if it is one. Raises Refusal."""
    page = ctx.web.get(url, fresh_for=timedelta(minutes=1), most_bytes=MOST_BYTES, seconds=FETCH_SECONDS)
    return page, read_feed(page)


def renew(ctx: Context, url: str) -> int:
    """Ask a feed again; how many entries are new. Raises Refusal, and notes why."""
    archive = Archive(ctx.folder)
    try:
        page, feed = fetch(ctx, url)
        if feed is None:
            raise Refusal(f"What {page.host} sends is no feed any more.")
        if page.stale:
            raise Refusal(page.why)
    except Refusal as refusal:
        archive.fail(url, str(refusal), ctx.now)
        raise
    return archive.keep(url, feed, ctx.now)

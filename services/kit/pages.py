"""Copies of what the web answered, in a file of their own that may be deleted at any time.

Must stay true: losing the file, or finding it broken, costs requests and nothing else; it stays below its size.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
FILE = "web-cache.sqlite"
BYTES_LIMIT = 20 * 1024 * 1024
"""Of all copies together; those not used for longest go first."""
COPY_LIMIT = 4 * 1024 * 1024
"""A longer answer is not kept."""
BUSY_SECONDS = 2.0
LONGEST_HOLD = timedelta(hours=1)
TABLES = """
CREATE TABLE IF NOT EXISTS copy(
    key TEXT PRIMARY KEY, url TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
    moved INTEGER NOT NULL, fetched REAL NOT NULL, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS hold(host TEXT PRIMARY KEY, until REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer as it was kept."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: bool
    fetched: datetime


class Pages:
    """The copies of one service."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def get(self, key: str, now: datetime) -> Copy | None:
        """The copy, if there is one."""

        def read(db: sqlite3.Connection) -> Copy | None:
            row = db.execute("SELECT * FROM copy WHERE key=?", (key,)).fetchone()
            if row is None:
                return None
            db.execute("UPDATE copy SET used=? WHERE key=?", (now.timestamp(), key))
            fetched = datetime.fromtimestamp(row["fetched"], now.tzinfo)
            headers = json.loads(row["headers"])
            return Copy(row["url"], row["status"], headers, row["body"], bool(row["moved"]), fetched)

        return self._with(read)

    def put(self, key: str, copy: Copy) -> None:
        """Keep it; what was not used for longest makes room."""
        if len(copy.body) > COPY_LIMIT:
            return
        at = copy.fetched.timestamp()
        row = (key, copy.url, copy.status, json.dumps(dict(copy.headers)), copy.body, copy.moved, at, at)

        def write(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO copy VALUES(?,?,?,?,?,?,?,?)", row)
            size = db.execute("SELECT sum(length(body)) FROM copy").fetchone()[0]
            for old in db.execute("SELECT key, length(body) AS size FROM copy ORDER BY used, rowid").fetchall():
                if size <= BYTES_LIMIT:
                    break
                db.execute("DELETE FROM copy WHERE key=?", (old["key"],))
                size -= old["size"]

        self._with(write)

    def hold(self, host: str, until: datetime) -> None:
        """Note that a server wants to be left alone until then."""
        self._with(lambda db: db.execute("INSERT OR REPLACE INTO hold VALUES(?,?)", (host, until.timestamp())))

    def held(self, host: str, now: datetime) -> datetime | None:
        """Until when a server wants to be left alone; None for those that do not mind."""
        row = self._with(lambda db: db.execute("SELECT until FROM hold WHERE host=?", (host,)).fetchone())
        until = datetime.fromtimestamp(row["until"], now.tzinfo) if row is not None else now
        return until if now < until <= now + LONGEST_HOLD else None

    def _with(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do it in one transaction; None where the file can't be used."""
        try:
            return self._try(work)
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):  # broken, not busy: begin anew
                with suppress(OSError):
                    self._file.unlink(missing_ok=True)
        except OSError:
            pass
        return None

    def _try(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS)) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA synchronous=OFF")  # a copy may be lost
            db.executescript(TABLES)
            with db:
                return work(db)

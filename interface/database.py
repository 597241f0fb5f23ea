"""The one database engine of a home.

Must stay true: every commit is on disk when it returns, and what is taken away is overwritten.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from interface.home import database

BUSY_WAIT_MS = 10_000
"""How long a write waits for another process of the same home."""


def open_engine(home: Path) -> sa.Engine:
    """SQLite in WAL mode, every commit on disk."""
    engine = sa.create_engine(
        f"sqlite:///{database(home)}",
        connect_args={"timeout": BUSY_WAIT_MS / 1000},
        hide_parameters=True,  # else a fault of the disk writes what was said, and secrets, to the log
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        connection.execute("PRAGMA secure_delete=ON")  # a secret that was taken away is overwritten

    return engine

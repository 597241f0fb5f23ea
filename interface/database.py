"""The database of a home, and of what is remembered, if that lies elsewhere.

Must stay true: every commit is on disk when it returns, and what is taken away from the home's own is overwritten; the
pass phrase of another database is shown nowhere.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from interface.home import HomeFault, database
from interface.settings import Settings
from memory.errors import RecordAway
from memory.record.tables import create

BUSY_WAIT_MS = 10_000
"""How long a write waits for another process of the same home."""
REACHED_S = 5
"""How long a database elsewhere may take until it answers the first time."""
BOUNDS: Mapping[str, Any] = {
    "connect_timeout": REACHED_S,
    # one that is cut off without a word is noticed, and nothing waits for ever
    "tcp_user_timeout": BUSY_WAIT_MS,
    "keepalives_idle": 30,
    "options": f"-c lock_timeout={BUSY_WAIT_MS} -c statement_timeout={6 * BUSY_WAIT_MS}",
}
"""How psycopg waits."""
HOST = re.compile(r"[\w.:-]*")


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


def record_of(settings: Settings, engine: sa.Engine) -> sa.Engine:
    """The database of what is remembered, ready to use: the home's own unless MUOS_RECORD says otherwise.

    Raises HomeFault, and ValueError for a setting that is no such address.
    """
    if settings.record is None:
        create(engine)
        return engine
    url = record_url(settings.record)
    other = sa.create_engine(
        url, connect_args=dict(BOUNDS), pool_pre_ping=True, pool_size=10, max_overflow=30, hide_parameters=True
    )

    @sa.event.listens_for(other, "handle_error")
    def told(context: sa.engine.ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
            why = " ".join(str(context.original_exception).split())
            raise RecordAway(f"What is remembered lies in {shown(url)}, which can't be used: {why}")

    try:
        create(other)
    except (RecordAway, sa.exc.DBAPIError) as fault:
        other.dispose()
        raise HomeFault(str(fault)) from None
    return other


def record_url(given: str) -> sa.URL:
    """The address of a PostgreSQL database. Raises ValueError, which does not repeat it."""
    if importlib.util.find_spec("psycopg") is None:
        raise ValueError("MUOS_RECORD needs PostgreSQL's driver: pip install 'muos[postgres]'.")
    try:
        url = sa.make_url(given)
    except (sa.exc.ArgumentError, ValueError):
        url = sa.URL.create("unreadable")
    # a sign that was not written as %40 puts the rest of the pass phrase into the host, which is shown
    if url.get_backend_name() != "postgresql" or not HOST.fullmatch(url.host or ""):
        raise ValueError(
            "MUOS_RECORD must look like postgresql+psycopg://name:pass-phrase@host/database, with a sign such as @ in"
            " the pass phrase written as %40."
        )
    return url.set(drivername="postgresql+psycopg")


def shown(url: sa.URL) -> str:
    """The address without name and pass phrase."""
    return f"the PostgreSQL database {url.database!r} at {url.host or 'this machine'}" + (
        f":{url.port}" if url.port else ""
    )

"""What differs between the databases that can hold the record: SQLite in the home, or PostgreSQL beyond one machine.

Must stay true: nothing else in memory writes SQL that only one of them reads; both keep the same promises, but one:
PostgreSQL decides by itself when the bytes of erased rows leave its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite

from memory.record import words, words_postgres
from memory.record.words import Worded

WRITERS = 0x6D756F73
"""Number of the lock that PostgreSQL's writers take: "muos"."""


class Words(Protocol):
    """Finds notes by their words; `memory/record/words.py` says how."""

    def create(self, connection: Connection) -> None:
        """Make what is not there yet."""

    def add(self, connection: Connection, rows: Sequence[Worded]) -> None:
        """Make the words of notes findable, within the transaction that keeps them."""

    def remove(self, connection: Connection, seq: int) -> None:
        """Take the words of a note out."""

    def scrub(self, connection: Connection) -> None:
        """Keep nothing of the words that were taken out."""

    def search(self, connection: Connection, query: str, audiences: Sequence[str], limit: int) -> list[int]:
        """The notes of these audiences that share words with the query, best first."""

    def find(
        self, connection: Connection, groups: Sequence[Sequence[str]], audiences: Sequence[str], limit: int
    ) -> tuple[list[int], list[int]]:
        """The notes that have words of these groups, best first; and of each how many notes have one."""


class Dialect(Protocol):
    """One kind of database."""

    @property
    def name(self) -> str:
        """As SQLAlchemy names it."""

    @property
    def words(self) -> Words: ...

    def upsert(self, table: Table) -> Any:
        """An insert that knows `on_conflict_do_update` and `excluded`."""

    def begin_writing(self, connection: Connection) -> None:
        """From here to the end of the transaction nobody else adds notes: numbers are seen in the order given."""

    def begin_making(self, connection: Connection) -> None:
        """From here to the end of the transaction nobody else makes tables."""

    def begin_erasing(self, connection: Connection) -> None:
        """What is deleted in this transaction is overwritten, where that can be had."""

    def damage(self, engine: Engine) -> str:
        """What is wrong with its files, as far as it can tell; empty if nothing is."""

    def shred(self, engine: Engine) -> None:
        """After a transaction that erased: leave nothing of it in logs and freed places, as far as can be had."""


class Sqlite:
    """One file; one writer at a time."""

    name = "sqlite"
    words: Words = words

    def upsert(self, table: Table) -> sqlite.Insert:
        return sqlite.insert(table)

    def begin_writing(self, connection: Connection) -> None:
        """Nothing: the first write takes the only lock there is."""

    def begin_making(self, connection: Connection) -> None:
        # Python's driver begins no transaction by itself before tables are made.
        connection.execute(text("BEGIN IMMEDIATE"))

    def begin_erasing(self, connection: Connection) -> None:
        connection.execute(text("PRAGMA secure_delete = ON"))

    def damage(self, engine: Engine) -> str:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(3)")).scalars().all()
        return "" if found == ["ok"] else "; ".join(found)

    def shred(self, engine: Engine) -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


class Postgres:
    """A server with many writers, told to come one after the other where it matters."""

    name = "postgresql"
    words: Words = words_postgres

    def upsert(self, table: Table) -> postgresql.Insert:
        return postgresql.insert(table)

    def begin_writing(self, connection: Connection) -> None:
        # Without it two could keep the same note twice, and a reader could miss a lower number that commits later.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITERS})

    def begin_making(self, connection: Connection) -> None:
        self.begin_writing(connection)

    def begin_erasing(self, connection: Connection) -> None:
        self.begin_writing(connection)

    def damage(self, engine: Engine) -> str:
        """Nothing that can be asked of it: the server looks after its files."""
        return ""

    def shred(self, engine: Engine) -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM notes, notes_vectors, notes_words"))


_DIALECTS: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgres()}


def dialect_of(engine: Engine) -> Dialect:
    """The dialect that this engine speaks."""
    return _DIALECTS[engine.dialect.name]

"""The tables of the record: notes, their vectors, and the numbers of notes that are gone.

Must stay true: a home made by an earlier version opens; `create` adds the columns that it lacks.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    text,
)

from memory import words

tables = MetaData()
notes = Table(
    "notes",
    tables,
    Column("seq", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("audience", String, nullable=False),
    Column("member", String, nullable=False),
    Column("room", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("source", String, nullable=False),
    Column("who", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", String, nullable=False),  # UTC, sorts as text
    Column("said_at", String, nullable=False),  # as it was given, with its own offset
    Column("last_at", String, nullable=False),  # UTC; when the same was said most recently
    Column("times", Integer, nullable=False),
    Column("turn", String, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("digest", String, nullable=False, unique=True),  # what makes two notes the same
    Column("indexed", String, nullable=False, index=True),  # stamp of the index that holds its vector, or ""
    Column("epoch", Integer, nullable=False, server_default="0"),  # which company of its room heard it
    Index("notes_by_audience", "audience", "at"),
    sqlite_autoincrement=True,  # a number is never given twice, so a stale index cannot point at another's note
)
vectors = Table(
    "notes_vectors",
    tables,
    Column("seq", Integer, primary_key=True),
    Column("model", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)
forgotten = Table(
    "notes_forgotten",  # vectors that may still be in the index; nothing of the note but its number
    tables,
    Column("seq", Integer, primary_key=True),
    Column("audience", String, nullable=False),
)


def create(engine: Engine) -> None:
    """Make the tables and columns that are not there yet."""
    tables.create_all(engine)
    have = {column["name"] for column in inspect(engine).get_columns(notes.name)}
    with engine.begin() as connection:
        if "epoch" not in have:
            connection.execute(text("ALTER TABLE notes ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0"))
        connection.execute(text(words.CREATE))

"""The tables of the record: notes, their vectors, and the numbers of notes that are gone.

Must stay true: a home made by an earlier version opens; `create` adds the columns that it lacks.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.schema import CreateColumn

from memory.record.dialect import dialect_of

tables = MetaData()
Sortable = String().with_variant(String(collation="C"), "postgresql")
"""Text whose order is that of its bytes, whatever language the database is set to."""
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
    Column("at", Sortable, nullable=False),  # UTC, sorts as text
    Column("said_at", String, nullable=False),  # as it was given, with its own offset
    Column("last_at", Sortable, nullable=False),  # UTC; when the same was said most recently
    Column("times", Integer, nullable=False),
    Column("turn", String, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("digest", String, nullable=False, unique=True),  # what makes two notes the same
    Column("indexed", Sortable, nullable=False),  # stamp of the index that holds its vector, or ""
    Column("epoch", Integer, nullable=False, server_default="0"),  # which company of its room heard it
    Index("notes_by_audience", "audience", "at"),
    Index("notes_by_index", "indexed", "audience"),
    sqlite_autoincrement=True,  # a number is never given twice, so a stale index cannot point at another's note
)
vectors = Table(
    "notes_vectors",
    tables,
    Column("seq", Integer, primary_key=True),
    Column("model", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)
claims = Table(
    "notes_claims",  # what notes say about people, places and things
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),  # among the claims of its note
    Column("audience", String, nullable=False),
    Column("about", String, nullable=False),  # the subject, folded for look-up
    Column("thread", String, nullable=False),  # first half of the ids of facts that begin with it
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("relation", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("since", String, nullable=False),  # ISO 8601 with its offset; empty where the note does not say
    Column("until", String, nullable=False),
    Column("due", String, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("denied", Boolean, nullable=False),
    Column("maker", String, nullable=False),
    Index("notes_claims_by_subject", "audience", "about"),
    Index("notes_claims_by_relation", "audience", "relation"),
    Index("notes_claims_by_kind", "audience", "kind"),
    Index("notes_claims_by_thread", "thread"),
)
redrawing = Table(
    "notes_redrawing",  # how far a version of the rules has read the notes that earlier versions kept
    tables,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("done", Integer, nullable=False),
    Column("upto", Integer, nullable=False),  # the last note that was there when it came
)
drawn = [vectors, claims]
"""What was made from notes: each row of these goes with the note whose number is its `seq`."""
forgotten = Table(
    "notes_forgotten",  # vectors that may still be in the index; nothing of the note but its number
    tables,
    Column("seq", Integer, primary_key=True),
    Column("audience", String, nullable=False),
)
record = Table(
    "notes_record",  # one row
    tables,
    Column("name", String, primary_key=True),  # tells this record from others, on a server that has several
)
rooms = Table(
    "notes_rooms",  # rooms that were made, and open ones that something was said in
    tables,
    Column("name", String, primary_key=True),
    Column("closed", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False),  # the present one
)
epochs = Table(
    "notes_epochs",  # when each epoch of a room began; that of 0 is not kept
    tables,
    Column("room", String, primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),  # UTC
)
heard = Table(
    "notes_heard",  # the epochs that something was said in to all who were there
    tables,
    Column("room", String, primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
)
stays = Table(
    "notes_stays",  # who was in which room, from when until when
    tables,
    Column("seq", Integer, primary_key=True),
    Column("member", String, nullable=False),
    Column("room", String, nullable=False),
    Column("first", Integer, nullable=False),  # the first epoch that they were there for
    Column("since", String, nullable=False),  # UTC
    Column("until", String, nullable=False),  # UTC; empty while it lasts
    Index("notes_stays_by_member", "member", "room", "until"),
    Index("notes_stays_by_room", "room", "until"),
)
guests = Table(
    "notes_guests",  # who is not of the household
    tables,
    Column("name", String, primary_key=True),
    Column("since", String, nullable=False),  # UTC
    Column("until", String, nullable=False),  # UTC; empty while no end is known
)


def create(engine: Engine) -> None:
    """Make the tables, columns and indexes that are not there yet. Several processes may do so at once."""
    with engine.connect() as connection:
        if inspect(connection).has_table("notes_words") and not _lacking(connection):  # the last that is made
            return
    with engine.begin() as connection:
        dialect = dialect_of(engine)
        dialect.begin_making(connection)
        fresh = not inspect(connection).has_table(rooms.name)
        tables.create_all(connection)
        for column in _lacking(connection):
            shape = CreateColumn(column).compile(dialect=engine.dialect)
            connection.execute(text(f"ALTER TABLE {column.table.name} ADD COLUMN {shape}"))
        for index in [index for table in tables.sorted_tables for index in table.indexes]:
            index.create(connection, checkfirst=True)
        if connection.execute(select(record)).first() is None:
            connection.execute(record.insert().values(name=uuid4().hex))
        if fresh:  # what an earlier version heard in open rooms
            _fill_rooms(connection)
        dialect.words.create(connection)


def name_of(engine: Engine) -> str:
    """The record's own name."""
    with engine.connect() as connection:
        return str(connection.execute(select(record.c.name)).scalars().first())


def _lacking(connection: Connection) -> list[Column[Any]]:
    """The columns that the database has not; all of a table that is not there."""
    here = inspect(connection)
    there = set(here.get_table_names())
    have = {(table, column["name"]) for table in there & tables.tables.keys() for column in here.get_columns(table)}
    return [
        column for table in tables.sorted_tables for column in table.columns if (table.name, column.name) not in have
    ]


def _fill_rooms(connection: Connection) -> None:
    """Know the rooms that notes were said in, and who has been there."""
    said = (notes.c.scope == "room") & notes.c.room.not_in(["", "home"])  # where each is alone, nobody else hears
    connection.execute(
        heard.insert().from_select(["room", "epoch"], select(notes.c.room, notes.c.epoch).where(said).distinct())
    )
    room = select(heard.c.room, literal(False), literal(0)).distinct()
    connection.execute(rooms.insert().from_select(["name", "closed", "epoch"], room))
    been = select(notes.c.member, notes.c.room, literal(0), func.min(notes.c.at), literal("")).where(said)
    been = been.group_by(notes.c.member, notes.c.room)
    connection.execute(stays.insert().from_select(["member", "room", "first", "since", "until"], been))

"""A member's own places: home, work, grandma's."""

from __future__ import annotations

import re
import sqlite3

from services.kit import Context, Refusal, Thing
from services.kit.speech import one_line, spoken
from services.places.nominatim import Place

TABLES = """
CREATE TABLE IF NOT EXISTS place(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, name TEXT NOT NULL, latitude REAL NOT NULL,
    longitude REAL NOT NULL, address TEXT NOT NULL, country_code TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS place_name ON place(member, name COLLATE NOCASE);
"""
OWN = {"home", "work", "school", "office", "the office"}
"""Names that are never looked for on the map."""


def plain_name(said: str) -> str:
    """Home for "my home"; grandma's for "my grandma's place"."""
    return re.sub(r"^(?:my|our|the)\s+|\s+place$", "", one_line(said), flags=re.IGNORECASE).strip(" .?!")


def rows(ctx: Context) -> list[sqlite3.Row]:
    """All of the member's, in the order of their names."""
    return ctx.db.execute("SELECT * FROM place WHERE member=? ORDER BY name COLLATE NOCASE", (ctx.member,)).fetchall()


def row_of(ctx: Context, said: str) -> sqlite3.Row | None:
    """The member's place of that name."""
    found: sqlite3.Row | None = ctx.db.execute(
        "SELECT * FROM place WHERE member=? AND name=? COLLATE NOCASE", (ctx.member, plain_name(said))
    ).fetchone()
    return found


def own(ctx: Context, said: str) -> Place | None:
    """The member's place of that name. Refuses names that can only be one's own where there is none."""
    row = row_of(ctx, said)
    if row is not None:
        return place(row)
    name = plain_name(said)
    if name.lower() in OWN:
        raise Refusal(f"You have saved no place called {name!r}. Say, for example: save 12 High Street as {name}.")
    return None


def required(ctx: Context, said: str) -> sqlite3.Row:
    """The member's place of that name; refuses where there is none."""
    row = row_of(ctx, said)
    if row is None:
        there = [one["name"] for one in rows(ctx)]
        known = f" There is {spoken(there)}." if there else ""
        raise Refusal(f"You have saved no place called {plain_name(said)!r}.{known}")
    return row


def place(row: sqlite3.Row) -> Place:
    """As something on the map."""
    return Place(row["name"], row["latitude"], row["longitude"], row["address"], "saved", row["country_code"], True)


def thing(row: sqlite3.Row) -> Thing:
    """As something that "it" may mean."""
    return Thing("place", row["name"], f"p{row['id']}")

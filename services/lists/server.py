"""Named lists that the whole household shares: shopping, to-do, packing, anything.

A list comes into being with its first item and its name is matched ignoring case and a trailing "list".
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service, Thing

service = Service(
    __file__,
    tables="""
CREATE TABLE IF NOT EXISTS list(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS item(
    id INTEGER PRIMARY KEY, list INTEGER NOT NULL REFERENCES list(id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE, done INTEGER NOT NULL DEFAULT 0);
""",
)

ListName = Annotated[
    str,
    Field(
        description="Name of the list, such as shopping, to-do or packing",
        min_length=1,
        max_length=80,
        json_schema_extra={"x-kind": "list"},
    ),
]
Items = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=200)]],
    Field(description="The things, one entry each", min_length=1, max_length=100, json_schema_extra={"x-kind": "item"}),
]


@service.tool(
    "reversible",
    examples=[
        "add milk and bread to the shopping list",
        "put batteries on my to-do list",
        "we need eggs",
        "add sunscreen to the packing list",
    ],
)
def add(ctx: Context, items: Items, list: ListName = "shopping") -> Reply:
    """Add one or more things to a list, such as the shopping or to-do list."""
    name = plain_name(list)
    ctx.db.execute("INSERT INTO list(name) VALUES(?) ON CONFLICT DO NOTHING", (name,))
    row = ctx.db.execute("SELECT id, name FROM list WHERE name=?", (name,)).fetchone()
    for item in items:
        ctx.db.execute("INSERT INTO item(list, name) VALUES(?,?)", (row["id"], item.strip()))
    return Reply(
        f"Added {spoken(items)} to the {row['name']} list.",
        {"list": row["name"], "items": items},
        [Thing("item", item, within=row["name"]) for item in items] + [Thing("list", row["name"])],
    )


@service.tool(
    "read",
    examples=["what's on the shopping list?", "read me the to-do list", "show the packing list", "what do we need to buy?"],
)
def show(ctx: Context, list: ListName = "shopping") -> Reply:
    """Show what is on a list."""
    row = find(ctx, list)
    items = ctx.db.execute("SELECT name, done FROM item WHERE list=? ORDER BY id", (row["id"],)).fetchall()
    data = {"list": row["name"], "items": [{"name": item["name"], "done": bool(item["done"])} for item in items]}
    if not items:
        return Reply(f"The {row['name']} list is empty.", data, [Thing("list", row["name"])])
    said = spoken([item["name"] + (" (done)" if item["done"] else "") for item in items])
    things = [Thing("item", item["name"], within=row["name"]) for item in items]
    return Reply(f"On the {row['name']} list: {said}.", data, [*things, Thing("list", row["name"])])


@service.tool(
    "reversible",
    examples=["take bread off the shopping list", "remove the batteries from my to-do list", "delete milk from the list"],
)
def remove(ctx: Context, items: Items, list: ListName = "shopping") -> Reply:
    """Take one or more things off a list."""
    row = find(ctx, list)
    gone = [find_item(ctx, row, item) for item in items]
    for item in gone:
        ctx.db.execute("DELETE FROM item WHERE id=?", (item["id"],))
    names = [item["name"] for item in gone]
    return Reply(
        f"Took {spoken(names)} off the {row['name']} list.",
        {"list": row["name"], "items": names},
        [Thing("list", row["name"])],
    )


@service.tool("reversible", examples=["tick off bread on the shopping list", "mark batteries as done", "I got the milk"])
def check(ctx: Context, items: Items, list: ListName = "shopping") -> Reply:
    """Tick things off as bought or done, leaving them on the list."""
    row = find(ctx, list)
    ticked = [find_item(ctx, row, item) for item in items]
    for item in ticked:
        ctx.db.execute("UPDATE item SET done=1 WHERE id=?", (item["id"],))
    names = [item["name"] for item in ticked]
    return Reply(
        f"Ticked {spoken(names)} off on the {row['name']} list.",
        {"list": row["name"], "items": names},
        [Thing("item", name, within=row["name"]) for name in names],
    )


@service.tool("read", examples=["which lists do I have?", "show all my lists", "what lists are there?"])
def names(ctx: Context) -> Reply:
    """Name all the lists there are, with how much is on each."""
    rows = ctx.db.execute(
        "SELECT list.name, count(item.id) AS n FROM list LEFT JOIN item ON item.list=list.id GROUP BY list.id"
    ).fetchall()
    if not rows:
        return Reply("There are no lists yet.", {"lists": []})
    said = spoken([f"{row['name']} ({row['n']})" for row in rows])
    return Reply(
        f"Your lists: {said}.",
        {"lists": [{"name": row["name"], "items": row["n"]} for row in rows]},
        [Thing("list", row["name"]) for row in rows],
    )


@service.tool("irreversible", examples=["delete the packing list", "throw away the shopping list", "clear the to-do list"])
def delete(ctx: Context, list: ListName) -> Reply:
    """Delete a whole list with everything on it, for good."""
    row = find(ctx, list)
    ctx.db.execute("DELETE FROM list WHERE id=?", (row["id"],))
    return Reply(f"Deleted the {row['name']} list.", {"list": row["name"]})


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """Lists and what is on them."""
    return {
        "list": [row["name"] for row in ctx.db.execute("SELECT name FROM list")],
        "item": [row["name"] for row in ctx.db.execute("SELECT DISTINCT name FROM item ORDER BY id DESC LIMIT 500")],
    }


def plain_name(name: str) -> str:
    """The list's name without "the", "my" and "list" around it."""
    return re.sub(r"^(the|my|our)\s+|\s+list$", "", name.strip(), flags=re.IGNORECASE).strip().lower() or "shopping"


def find(ctx: Context, name: str) -> dict[str, object]:
    """The list of that name; refuses where there is none, naming those that exist."""
    row = ctx.db.execute("SELECT id, name FROM list WHERE name=?", (plain_name(name),)).fetchone()
    if row is None:
        existing = [row["name"] for row in ctx.db.execute("SELECT name FROM list ORDER BY name")]
        hint = f" There is {spoken(existing)}." if existing else " There are no lists yet."
        raise Refusal(f"There is no {plain_name(name)} list.{hint}")
    return dict(row)


def find_item(ctx: Context, row: dict[str, object], wanted: str) -> dict[str, object]:
    """The item on that list whose name is, or contains, what was said; singular and plural alike."""
    stem = wanted.strip().lower().removeprefix("the ").rstrip("s")
    items = [dict(r) for r in ctx.db.execute("SELECT id, name FROM item WHERE list=? ORDER BY id", (row["id"],))]
    for match in (
        lambda name: name == wanted.strip().lower(),
        lambda name: name.rstrip("s") == stem,
        lambda name: stem in name,
    ):
        for item in items:
            if match(str(item["name"]).lower()):
                return item
    raise Refusal(f"{wanted} is not on the {row['name']} list.")


def spoken(names: list[str]) -> str:
    """a, b and c"""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


if __name__ == "__main__":
    service.run()

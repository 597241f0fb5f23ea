"""Named lists that the whole household shares: shopping, to-do, packing, anything.

A list comes into being with its first item; its name is matched ignoring case and a trailing "list".
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.speech import counted, spoken
from services.lists.board import (
    TICKED,
    USUAL,
    Board,
    Item,
    boards,
    find_board,
    find_items,
    items_on,
    made_board,
    plain_name,
)

service = Service(
    __file__,
    tables="""
CREATE TABLE IF NOT EXISTS list(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS item(
    id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL REFERENCES list(id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE, done INTEGER NOT NULL DEFAULT 0);
""",
)

ListName = Annotated[
    str,
    Field(
        description="Name of the list, such as shopping, to-do or packing",
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
        "add flour and honey to the shopping list",
        "put batteries on my to-do list",
        "we need eggs",
        "add sunscreen to the packing list",
        "and bananas too",
        "we're out of coffee, put it on the list",
        "olives to the groceries please",
        "could you write soap down for shopping",
        "I'm running low on toothpaste",
        "need to buy a lamp and two cushions",
        "there's no rice left",
        "on the to-do list: sweep the yard, fix the gate",
        "stick matches on the camping list",
        "also get me some grapes",
        "buy pepper",
    ],
)
def add(ctx: Context, items: Items, list: ListName = USUAL) -> Reply:
    """Add one or more things to a list, such as the shopping or to-do list."""
    board = made_board(ctx, list)
    there = {item.name.lower(): item for item in items_on(ctx, board)}
    wanted = {name.lower(): name for said in items if (name := " ".join(said.split()))}
    if not wanted:
        raise Refusal(f"Say what to add to the {board.name} list.")
    kept = [name for key, name in wanted.items() if key in there and not there[key].done]
    added = [name for name in wanted.values() if name not in kept]
    for name in added:
        if name.lower() in there:
            set_done(ctx, [there[name.lower()]], done=False)
        else:
            ctx.db.execute("INSERT INTO item(list, name) VALUES(?,?)", (board.id, name))
    said = [f"Added {spoken(added)} to the {board.name} list."] if added else []
    if kept:
        said.append(f"{spoken(kept)} {'is' if len(kept) == 1 else 'are'} already on the {board.name} list.")
    return reply(" ".join(said), board, [*wanted.values()])


@service.tool(
    "read",
    examples=[
        "what's on the to-do list?",
        "read me the shopping list",
        "show the packing list",
        "what do we need to buy?",
        "what do I still have to do?",
        "what groceries are missing?",
        "could you tell me everything on the camping list",
        "is soap on the list?",
        "party list please",
        "go through my chores",
        "what else has to be bought?",
        "open the list for the weekend",
        "anything on the hardware list?",
        "what have we still got to get at the shop?",
        "what's on this list?",
    ],
)
def show(ctx: Context, list: ListName = USUAL) -> Reply:
    """Show the items that are on one list."""
    board = find_board(ctx, list)
    items = items_on(ctx, board)
    data = {"list": board.name, "items": [{"name": item.name, "done": item.done} for item in items]}
    text = f"The {board.name} list is empty."
    if items:
        said = spoken([item.name + (" (done)" if item.done else "") for item in items])
        text = f"On the {board.name} list: {said}."
    return Reply(text, data, [*things(board, [item.name for item in items]), Thing("list", board.name, str(board.id))])


@service.tool(
    "reversible",
    examples=[
        "take bread off the shopping list",
        "remove the batteries from my to-do list",
        "remove the stapler from the office list",
        "delete milk from the list",
        "cross the eggs off, we don't need them",
        "no need for soap any more",
        "could you drop the olives from the groceries",
        "strike coffee from shopping",
        "the lamp doesn't have to be on the list",
        "leave out the honey after all",
        "get rid of rice on the list",
    ],
)
def remove(ctx: Context, items: Items, list: ListName = "") -> Reply:
    """Take one or more things off a list."""
    gone = find_items(ctx, items, list)
    for item in gone:
        ctx.db.execute("DELETE FROM item WHERE id=?", (item.id,))
    board, names = gone[0].board, [item.name for item in gone]
    return Reply(
        f"Took {spoken(names)} off the {board.name} list.",
        {"list": board.name, "items": names},
        [Thing("list", board.name, str(board.id))],
    )


@service.tool(
    "reversible",
    examples=[
        "tick off bread on the shopping list",
        "mark batteries as done",
        "I got the milk",
        "I've finished painting the fence",
        "the eggs are in the basket",
        "we bought soap and olives already",
        "check the lamp off my to-do list",
        "could you set coffee as bought",
        "sweeping the yard is done",
        "I already have the honey",
    ],
)
def check(ctx: Context, items: Items, list: ListName = "") -> Reply:
    """Tick things off as bought or done, leaving them on the list."""
    ticked = set_done(ctx, find_items(ctx, items, list), done=True)
    names = [item.name for item in ticked]
    return reply(f"Ticked {spoken(names)} off on the {ticked[0].board.name} list.", ticked[0].board, names)


@service.tool(
    "reversible",
    examples=[
        "untick bread on the shopping list",
        "mark batteries as not done",
        "I didn't get the milk after all",
        "the fence is not finished yet, uncheck it",
        "soap still has to be bought",
        "reopen the lamp on my to-do list",
        "the honey was sold out, put it back as open",
        "could you take the tick off coffee again",
    ],
)
def uncheck(ctx: Context, items: Items, list: ListName = "") -> Reply:
    """Take the tick off things that were marked as bought or done: they are still to do."""
    open_again = set_done(ctx, find_items(ctx, items, list), done=False)
    names = [item.name for item in open_again]
    board = open_again[0].board
    return reply(f"{spoken(names)}: to do again on the {board.name} list.", board, names)


@service.tool(
    "reversible",
    examples=[
        "move batteries from the shopping list to the to-do list",
        "move the tent to the packing list",
        "put bread on the party list instead of the shopping list",
        "shift the lamp over to the weekend list",
        "soap belongs on the other list, groceries",
        "could you transfer coffee from shopping to camping",
        "switch the matches to my hardware list",
        "the olives should be on the picnic list, not here",
    ],
)
def move(ctx: Context, items: Items, to: ListName, list: ListName = "") -> Reply:
    """Move things from one list to another."""
    moved = find_items(ctx, items, list)
    source, target = moved[0].board, made_board(ctx, to)
    if source == target:
        raise Refusal(f"{spoken([item.name for item in moved])} is already on the {target.name} list.")
    for item in moved:
        ctx.db.execute("UPDATE item SET list=? WHERE id=?", (target.id, item.id))
    names = [item.name for item in moved]
    return reply(f"Moved {spoken(names)} from the {source.name} list to the {target.name} list.", target, names)


@service.tool(
    "reversible",
    examples=[
        "clear the ticked items from the shopping list",
        "remove everything that's done from my to-do list",
        "tidy up the shopping list",
        "take off all that we have bought",
        "clean the finished things off the packing list",
        "could you drop the checked entries",
        "delete completed tasks",
        "only keep what is still open on the list",
        "clear the ticked items",
        "remove the done ones",
    ],
)
def clear_done(ctx: Context, list: ListName = USUAL) -> Reply:
    """Take everything that is ticked off a list, keeping what is still to do."""
    board = find_board(ctx, USUAL if plain_name(list) in TICKED else list)
    names = [item.name for item in items_on(ctx, board) if item.done]
    ctx.db.execute("DELETE FROM item WHERE list=? AND done=1", (board.id,))
    text = (
        f"Cleared {spoken(names)} from the {board.name} list."
        if names
        else f"Nothing is done on the {board.name} list."
    )
    return Reply(text, {"list": board.name, "items": names}, [Thing("list", board.name, str(board.id))])


@service.tool(
    "reversible",
    examples=[
        "rename the packing list to Norway",
        "call the party list birthday instead",
        "change the list's name to camping",
        "the chores list should be named housework",
        "could you retitle my shopping list as groceries",
        "give the weekend list a new name, lake trip",
        "let's call that list hardware",
        "make the picnic list's title summer",
    ],
)
def rename(
    ctx: Context, list: ListName, name: Annotated[str, Field(description="The new name", max_length=80)]
) -> Reply:
    """Give a list another name."""
    board, new = find_board(ctx, list), plain_name(name)
    if any(other.name == new for other in boards(ctx)):
        raise Refusal(f"There is a {new} list already.")
    ctx.db.execute("UPDATE list SET name=? WHERE id=?", (new, board.id))
    return Reply(
        f"The {board.name} list is now the {new} list.",
        {"list": new, "before": board.name},
        [Thing("list", new, str(board.id))],
    )


@service.tool(
    "read",
    examples=[
        "which lists do I have?",
        "show all my lists",
        "what lists are there?",
        "how many lists have I got?",
        "name my lists",
        "could you tell me the names of every list",
        "is there a list for the garden?",
        "an overview of the lists please",
    ],
)
def names(ctx: Context) -> Reply:
    """Name all the lists there are, with how much is on each."""
    sizes = [(board, len(items_on(ctx, board))) for board in boards(ctx)]
    if not sizes:
        return Reply("There are no lists yet.", {"lists": []})
    return Reply(
        f"Your lists: {spoken([f'{board.name} ({size})' for board, size in sizes])}.",
        {"lists": [{"name": board.name, "items": size} for board, size in sizes]},
        [Thing("list", board.name, str(board.id)) for board, _ in sizes],
    )


@service.tool(
    "irreversible",
    examples=[
        "delete the packing list",
        "throw away the shopping list",
        "clear the to-do list",
        "bin the camping list, all of it",
        "could you erase my party list",
        "I don't need the weekend list any more",
        "wipe the groceries list completely",
        "remove the list called hardware",
        "empty the picnic list",
    ],
)
def delete(ctx: Context, list: ListName) -> Reply:
    """Delete a whole list with everything on it, for good."""
    board = find_board(ctx, list)
    size = len(items_on(ctx, board))
    ctx.db.execute("DELETE FROM list WHERE id=?", (board.id,))
    held = f" with {counted(size, 'item')}" if size else ""
    return Reply(f"Deleted the {board.name} list{held}.", {"list": board.name, "items": size})


@service.shared_names
def known(ctx: Context) -> dict[str, list[str]]:
    """Lists and what is on them."""
    items = ctx.db.execute("SELECT name FROM item GROUP BY name ORDER BY max(id) DESC LIMIT 500")
    return {"list": [board.name for board in boards(ctx)], "item": [row["name"] for row in items]}


def set_done(ctx: Context, items: list[Item], *, done: bool) -> list[Item]:
    """Tick, or take the tick off."""
    for item in items:
        ctx.db.execute("UPDATE item SET done=? WHERE id=?", (done, item.id))
    return items


def things(board: Board, names: list[str]) -> list[Thing]:
    """Items of a list, so that "it" can mean one."""
    return [Thing("item", name, within=board.name) for name in names]


def reply(text: str, board: Board, names: list[str]) -> Reply:
    """An answer that is about items and then about their list."""
    data = {"list": board.name, "items": names}
    return Reply(text[0].upper() + text[1:], data, [*things(board, names), Thing("list", board.name, str(board.id))])


if __name__ == "__main__":
    service.run()

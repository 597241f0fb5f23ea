"""Finding a list, or a thing on one, by the words that people use for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.kit import Context, Refusal
from services.kit.speech import spoken

USUAL = "shopping"
"""The list that is meant when none is named."""
TICKED = {"ticked", "checked", "done", "finished", "completed", "bought"}
"""Words for what is done, in "clear the ticked items": no list's name."""


class Board(NamedTuple):
    """A named list."""

    id: int
    name: str


class Item(NamedTuple):
    """A thing on a list."""

    id: int
    name: str
    done: bool
    board: Board


def plain_name(name: str) -> str:
    """The list's name without "the", "my" and "list" around it, in lower case."""
    bare = re.sub(r"^(?:the|my|our)\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
    return re.sub(r"\s*\blist$", "", bare, flags=re.IGNORECASE).lower() or USUAL


def boards(ctx: Context) -> list[Board]:
    """All lists, oldest first."""
    return [Board(row["id"], row["name"]) for row in ctx.db.execute("SELECT id, name FROM list ORDER BY id")]


def find_board(ctx: Context, name: str) -> Board:
    """The list of that name; refuses where there is none, naming those that exist."""
    wanted = plain_name(name)
    existing = boards(ctx)
    for board in existing:
        if board.name == wanted:
            return board
    hint = f"There is {spoken([board.name for board in existing])}." if existing else "There are no lists yet."
    raise Refusal(f"There is no {wanted} list. {hint}")


def made_board(ctx: Context, name: str) -> Board:
    """The list of that name, made where there is none."""
    ctx.db.execute("INSERT INTO list(name) VALUES(?) ON CONFLICT DO NOTHING", (plain_name(name),))
    return find_board(ctx, name)


def items_on(ctx: Context, board: Board) -> list[Item]:
    """What is on a list, in the order in which it was put there."""
    rows = ctx.db.execute("SELECT id, name, done FROM item WHERE list=? ORDER BY id", (board.id,))
    return [Item(row["id"], row["name"], bool(row["done"]), board) for row in rows]


def matching(items: Sequence[Item], wanted: str) -> Item | None:
    """The item whose name is, or holds, what was said; singular and plural alike."""
    said = " ".join(wanted.lower().split())
    stem = singular(said)
    pattern = re.compile(rf"\b{re.escape(stem)}")
    return (
        next((item for item in items if item.name.lower() == said), None)
        or next((item for item in items if singular(item.name.lower()) == stem), None)
        or next((item for item in items if pattern.search(item.name.lower())), None)
    )


def find_items(ctx: Context, wanted: Sequence[str], name: str) -> list[Item]:
    """The things meant, on the list of that name, or with no name on whichever list has the first of them."""
    if name:
        board = find_board(ctx, name)
    else:
        everywhere = sorted(boards(ctx), key=lambda board: board.name != USUAL)
        holders = [board for board in everywhere if matching(items_on(ctx, board), wanted[0])]
        if not holders:
            raise Refusal(f"{wanted[0]!r} is on no list.")
        board = holders[0]
    here = items_on(ctx, board)
    found = []
    for said in wanted:
        item = matching(here, said)
        if item is None:
            raise Refusal(f"{said!r} is not on the {board.name} list.")
        here.remove(item)
        found.append(item)
    return found


def singular(name: str) -> str:
    """The name without an article and without the end of a plural."""
    bare = re.sub(r"^(?:the|a|an|some|my)\s+", "", name)
    if bare.endswith("ies") and len(bare) > 4:
        return f"{bare[:-3]}y"
    if re.search(r"(?:s|x|ch|sh|o)es$", bare):
        return bare[:-2]
    return bare[:-1] if bare.endswith("s") and not bare.endswith("ss") else bare

"""Bookmarks: addresses of pages, kept with a title and tags, each member's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from services.bookmarks.netscape import Mark, as_tags, read_file, write_file
from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.markup import read_html, tidy
from services.kit.moment import from_seconds
from services.kit.reference import Candidate, choose
from services.kit.speech import counted, spoken, spoken_day

TABLES = """
CREATE TABLE IF NOT EXISTS bookmark(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
    note TEXT NOT NULL, added REAL NOT NULL, UNIQUE(member, url));
CREATE TABLE IF NOT EXISTS tag(
    id INTEGER PRIMARY KEY AUTOINCREMENT, bookmark INTEGER NOT NULL REFERENCES bookmark(id) ON DELETE CASCADE,
    name TEXT NOT NULL, UNIQUE(bookmark, name));
"""
TITLE_SECONDS = 5.0
"""For a page's title; the address is kept without it, too."""
SPOKEN_AT_MOST = 15
GIVEN = 500

service = Service(__file__, tables=TABLES)

Which = Annotated[
    str,
    Field(
        description="Which bookmark: its title, a part of it, or its address",
        min_length=1,
        max_length=2_000,
        json_schema_extra={"x-kind": "bookmark"},
    ),
]
Tags = Annotated[
    list[Annotated[str, Field(max_length=50)]] | None,
    Field(description="Tags, such as recipes or travel", max_length=20),
]


@service.names
def names(ctx: Context) -> Mapping[str, Sequence[str]]:
    """The titles of the member's bookmarks."""
    return {"bookmark": [row["title"] for row in rows_of(ctx)]}


def rows_of(ctx: Context) -> list[sqlite3.Row]:
    """The member's bookmarks, the latest first."""
    rows = ctx.db.execute("SELECT * FROM bookmark WHERE member=? ORDER BY added DESC, id DESC", (ctx.member,))
    return rows.fetchall()


def tags_of(ctx: Context, row: sqlite3.Row) -> list[str]:
    """In the order of the alphabet."""
    found = ctx.db.execute("SELECT name FROM tag WHERE bookmark=? ORDER BY name", (row["id"],))
    return [tag["name"] for tag in found]


def named(ctx: Context, said: str) -> sqlite3.Row:
    """The bookmark that is meant. Raises Refusal."""
    rows = rows_of(ctx)
    if not rows:
        raise Refusal("You have no bookmarks yet.")
    for row in rows:
        if said.strip().rstrip("/") == row["url"].rstrip("/"):
            return row
    then = datetime.fromtimestamp(0, UTC)
    meant = choose(said, [Candidate(f"b{row['id']}", row["title"], then) for row in rows], "bookmark", ctx.now)
    return next(row for row in rows if f"b{row['id']}" == meant.id)


def thing(row: sqlite3.Row) -> Thing:
    """So that "it" means it."""
    return Thing("bookmark", row["title"], f"b{row['id']}")


def data_of(ctx: Context, row: sqlite3.Row) -> dict[str, object]:
    """For programs."""
    added = from_seconds(ctx, row["added"]).isoformat()
    return {
        "id": f"b{row['id']}",
        "url": row["url"],
        "title": row["title"],
        "note": row["note"],
        "tags": tags_of(ctx, row),
        "added": added,
    }


@service.tool(
    "reversible",
    examples=[
        "bookmark https://example.org/bread",
        "save the page www.example.com/tour for later",
        "keep the link https://example.net/paper under research",
        "add example.org/recipes to my bookmarks",
        "bookmark https://example.com/chairs with the tags furniture and wishlist",
        "remember the address https://docs.example.org",
        "store this link: https://example.com/video",
        "put www.example.org/map in my bookmarks as Trail map",
        "save http://192.168.1.5:8080/wiki to my links",
    ],
)
def add(
    ctx: Context,
    url: Annotated[
        str,
        Field(
            description="The address of the page", min_length=3, max_length=2_000, json_schema_extra={"format": "uri"}
        ),
    ],
    title: Annotated[
        str | None, Field(description="What to call it; the page's own title if left out", max_length=300)
    ] = None,
    tags: Tags = None,
    note: Annotated[str | None, Field(description="A remark to keep with it", max_length=2_000)] = None,
) -> Reply:
    """Bookmark a web page: keep its address, with its title, tags and a remark."""
    address = whole(url)
    looked_up = tidy(title or "") or title_of(ctx, address)
    row = insert(ctx, Mark(address, looked_up or address, as_tags(tags or ()), ctx.now.timestamp()), tidy(note or ""))
    if row is None:
        raise Refusal(f"You have {address} among your bookmarks already.")
    tagged = tags_of(ctx, row)
    said = f", tagged {spoken(tagged)}" if tagged else ""
    without = "" if looked_up else " I could not read its title now."
    return Reply(f"Bookmarked {row['title']}{said}.{without}", data_of(ctx, row), [thing(row)])


def whole(said: str) -> str:
    """The address with its scheme. Raises Refusal."""
    url = said.strip().rstrip(".,;:!?").strip("<>\"'")
    url = url if re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE) and "://" in url else f"https://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or " " in url or "." not in url:
        raise Refusal(f"{said.strip()[:100]!r} is no address of a web page.")
    return url


def title_of(ctx: Context, url: str) -> str:
    """The page's own title; empty where it can't be had."""
    try:
        page = ctx.web.get(url, seconds=TITLE_SECONDS)
    except Refusal:
        return ""
    is_html = "html" in page.headers.get("content-type", "html")
    return read_html(page.text, page.url).title[:300] if is_html else ""


def insert(ctx: Context, mark: Mark, note: str = "") -> sqlite3.Row | None:
    """The new row; None where the member has the address already."""
    row: sqlite3.Row | None = ctx.db.execute(
        "INSERT INTO bookmark(member, url, title, note, added) VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING *",
        (ctx.member, mark.url, mark.title, note, mark.added),
    ).fetchone()
    if row is not None:
        ctx.db.executemany("INSERT INTO tag(bookmark, name) VALUES(?,?)", [(row["id"], tag) for tag in mark.tags])
    return row


@service.tool(
    "read",
    examples=[
        "show my bookmarks",
        "list the pages I saved",
        "which bookmarks are tagged recipes?",
        "what links did I keep under travel?",
        "show the last 5 pages I bookmarked",
        "my saved links please",
        "what did I bookmark recently?",
        "which addresses have I stored with the tag work",
        "read out my bookmarks about furniture",
    ],
)
def list_(
    ctx: Context,
    tag: Annotated[str | None, Field(description="Only those with this tag", max_length=50)] = None,
    count: Annotated[int, Field(description="How many at most, the latest first", ge=1, le=500)] = 15,
) -> Reply:
    """List the pages that were bookmarked, the latest first: all, or those with a tag."""
    rows = rows_of(ctx)
    if tag:
        wanted = set(as_tags([tag]))
        rows = [row for row in rows if wanted & set(tags_of(ctx, row))]
    return listing(ctx, rows, f" tagged {tidy(tag)}" if tag else "", count)


def titled(row: sqlite3.Row) -> str:
    """Title and address; the address alone where it stands for the title."""
    return str(row["url"]) if row["title"] == row["url"] else f"{row['title']}: {row['url']}"


def listing(ctx: Context, rows: Sequence[sqlite3.Row], which: str, count: int) -> Reply:
    """Several bookmarks."""
    data = {"bookmarks": [data_of(ctx, row) for row in rows[:count]], "found": len(rows)}
    if not rows:
        return Reply(f"You have no bookmarks{which}.", data)
    shown = rows[: min(count, SPOKEN_AT_MOST)]
    said = "\n".join(
        f"{number}. {titled(row)} ({spoken_day(from_seconds(ctx, row['added']).date(), ctx.now)})"
        for number, row in enumerate(shown, 1)
    )
    more = f"\nAnd {len(rows) - len(shown)} more." if len(rows) > len(shown) else ""
    return Reply(f"{counted(len(rows), 'bookmark')}{which}:\n{said}{more}", data, [thing(row) for row in shown])


@service.tool(
    "read",
    examples=[
        "find my bookmark about sourdough",
        "search my bookmarks for chairs",
        "did I save a page on hiking boots?",
        "where is that link about passports I kept?",
        "look in my bookmarks for the tax form",
        "which saved pages mention Lisbon?",
        "find the link to the piano lessons",
        "I bookmarked something about bees, what was it?",
    ],
)
def search(
    ctx: Context,
    words: Annotated[
        str,
        Field(
            description="Words of the title, address, tags or remark",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
) -> Reply:
    """Search the bookmarked pages by words of their title, address, tags or remark."""
    wanted = words.casefold().split()
    found = []
    for row in rows_of(ctx):
        text = " ".join([row["title"], row["url"], row["note"], *tags_of(ctx, row)]).casefold()
        if all(word in text for word in wanted):
            found.append(row)
    return listing(ctx, found, f" about {words.strip()!r}", GIVEN)


@service.tool(
    "reversible",
    examples=[
        "rename the bookmark bread to Sunday loaf",
        "call the bookmark about chairs Kitchen chairs",
        "change the title of my passport bookmark to Renew passport",
        "give the bookmark trail map the name Lake walk",
        "retitle the saved page on bees as Bee care",
        "the bookmark tour should be called City tour",
    ],
)
def rename(
    ctx: Context,
    bookmark: Which,
    title: Annotated[
        str,
        Field(description="The new title", min_length=1, max_length=300, json_schema_extra={"x-fill": "rest"}),
    ],
) -> Reply:
    """Give a bookmark another title."""
    row = named(ctx, bookmark)
    called = tidy(title)
    ctx.db.execute("UPDATE bookmark SET title=? WHERE id=?", (called, row["id"]))
    return Reply(
        f"{row['title']} is called {called} now.", {"title": called}, [Thing("bookmark", called, f"b{row['id']}")]
    )


@service.tool(
    "reversible",
    examples=[
        "tag the bookmark bread with baking",
        "add the tags travel and summer to my Lisbon bookmark",
        "label the chairs bookmark as wishlist",
        "put the tag work on the saved page about contracts",
        "tag my piano bookmark music and kids",
        "file the bookmark bees under garden",
    ],
)
def tag(
    ctx: Context,
    bookmark: Which,
    tags: Annotated[
        list[Annotated[str, Field(max_length=50)]], Field(description="The tags to add", min_length=1, max_length=20)
    ],
) -> Reply:
    """Add tags to a bookmark."""
    row, added = named(ctx, bookmark), as_tags(tags)
    if not added:
        raise Refusal("A tag needs at least one letter.")
    pairs = [(row["id"], name) for name in added]
    ctx.db.executemany("INSERT INTO tag(bookmark, name) VALUES(?,?) ON CONFLICT DO NOTHING", pairs)
    return Reply(f"{row['title']} is tagged {spoken(tags_of(ctx, row))} now.", data_of(ctx, row), [thing(row)])


@service.tool(
    "reversible",
    examples=[
        "delete the bookmark about chairs",
        "remove bread from my bookmarks",
        "I don't need the saved page on passports any more",
        "drop the link to the city tour",
        "take the bees page out of my bookmarks",
        "erase my bookmark Trail map",
        "unbookmark the piano lessons",
    ],
)
def delete(ctx: Context, bookmark: Which) -> Reply:
    """Delete a bookmark."""
    row = named(ctx, bookmark)
    ctx.db.execute("DELETE FROM bookmark WHERE id=?", (row["id"],))
    return Reply(f"Deleted the bookmark {row['title']}.", {"url": row["url"]}, [Thing("bookmark", row["title"])])


@service.tool(
    "read",
    examples=[
        "what's the address of my bookmark bread?",
        "give me the link to the trail map I saved",
        "open my bookmark about bees",
        "what was the URL of the chairs page I kept?",
        "show the bookmark for piano lessons",
        "get me the saved passport link",
        "which tags does my bookmark Lisbon have?",
    ],
)
def show(ctx: Context, bookmark: Which) -> Reply:
    """Tell one bookmark's address, tags and remark."""
    row = named(ctx, bookmark)
    tagged = tags_of(ctx, row)
    tags = f" It is tagged {spoken(tagged)}." if tagged else ""
    note = f" {row['note']}" if row["note"] else ""
    return Reply(f"{titled(row)}{tags}{note}", data_of(ctx, row), [thing(row)])


@service.tool(
    "read",
    examples=[
        "export my bookmarks",
        "give me my bookmarks as a file for the browser",
        "back up all my saved links",
        "I want to take my bookmarks to another browser",
        "write out my bookmarks as HTML",
    ],
)
def export(ctx: Context) -> Reply:
    """Give all bookmarks as the HTML file that browsers import."""
    rows = rows_of(ctx)
    if not rows:
        raise Refusal("You have no bookmarks yet.")
    marks = [Mark(row["url"], row["title"], tuple(tags_of(ctx, row)), row["added"]) for row in rows]
    text = write_file(marks)
    return Reply(f"{counted(len(rows), 'bookmark')} for browsers:\n\n{text}", {"html": text, "bookmarks": len(rows)})


@service.tool(
    "reversible",
    examples=[
        "import these bookmarks from my browser",
        "take over the bookmark file of my old browser",
        "load bookmarks from an HTML export",
        "bring in my browser's favourites",
        "read in the exported bookmarks file",
    ],
)
def import_(
    ctx: Context,
    html: Annotated[str, Field(description="The text of the file that a browser exported", max_length=4_000_000)],
) -> Reply:
    """Take over bookmarks from the HTML file that browsers export; folders become tags."""
    found = read_file(html)
    if not found:
        raise Refusal("There is no bookmark in that file.")
    dated = [mark if mark.added else Mark(mark.url, mark.title, mark.tags, ctx.now.timestamp()) for mark in found]
    added = [row for row in (insert(ctx, mark) for mark in dated) if row is not None]
    if not added:
        raise Refusal("You have all of these already.")
    known = f" {len(found) - len(added)} you had already." if len(found) > len(added) else ""
    return Reply(f"Took over {counted(len(added), 'bookmark')}.{known}", {"added": len(added)})


if __name__ == "__main__":
    service.run()

"""Feeds: follow sites, see what is new, read and search what they brought.

Each member follows feeds of their own. What feeds say is other people's word: every entry names its feed and time.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.feeds import shelf
from services.feeds.archive import Archive, fetch
from services.feeds.outline import read_outline, write_outline
from services.feeds.parsing import Feed
from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.markup import read_html, tidy
from services.kit.moment import capital, from_seconds
from services.kit.speech import counted, spoken, spoken_day, spoken_moment
from services.kit.web import Page

service = Service(__file__, tables=shelf.TABLES)

SPOKEN_AT_MOST = 20
SOUGHT = 25
Which = Annotated[
    str,
    Field(
        description="Which feed: its name or a part of it",
        min_length=1,
        max_length=300,
        json_schema_extra={"x-kind": "source"},
    ),
]


@service.shared_names
def names(ctx: Context) -> Mapping[str, Sequence[str]]:
    """The names of all feeds in the house."""
    return {"source": [row["name"] for row in ctx.db.execute("SELECT DISTINCT name FROM feed ORDER BY name")]}


@service.tool(
    "reversible",
    examples=[
        "subscribe to https://example.org/feed.xml",
        "follow the blog www.example.com",
        "add the feed https://news.example.org/rss",
        "subscribe me to example.net/atom.xml",
        "I want to follow https://blog.example.com",
        "keep up with www.example.org for me",
        "add https://example.com/feed.json to my feeds",
        "follow the RSS feed at http://192.168.1.5:8080/news.xml",
        "please subscribe to the podcast feed https://pod.example.net/rss",
    ],
)
def subscribe(
    ctx: Context,
    url: Annotated[
        str,
        Field(
            description="The address of the feed, or of a site that has one",
            min_length=3,
            max_length=2_000,
            json_schema_extra={"format": "uri"},
        ),
    ],
    name: Annotated[str | None, Field(description="What to call it; its own title if left out", max_length=100)] = None,
) -> Reply:
    """Follow a feed (RSS, Atom, JSON Feed) by its address, or by that of a site that offers one."""
    if len(shelf.followed(ctx)) >= shelf.MOST_FEEDS:
        raise Refusal(f"You follow {shelf.MOST_FEEDS} feeds already; that is as many as I keep up with.")
    page, feed = discovered(ctx, url)
    called = tidy(name or "") or feed.title or page.host
    row = follow(ctx, called, page.url, feed.site)
    if row is None:
        raise Refusal(f"You follow {called} already.")
    if not ctx.preview:
        Archive(ctx.folder).keep(page.url, feed, ctx.now)
    latest = f"; the latest: {feed.entries[0].title}" if feed.entries else ""
    return Reply(
        f"You follow {called} now: {counted_entries(len(feed.entries))}{latest}.",
        {"id": f"f{row['id']}", "name": called, "url": page.url, "entries": len(feed.entries)},
        [Thing("source", called, f"f{row['id']}")],
    )


def discovered(ctx: Context, said: str) -> tuple[Page, Feed]:
    """The feed at an address, or the first that the page there names. Raises Refusal."""
    url = said.strip().rstrip(".,;:!?").strip("<>\"'")
    url = url if re.match(r"https?://", url, re.IGNORECASE) else f"https://{url}"
    page, feed = fetch(ctx, url)
    if feed is not None:
        return page, feed
    for link in read_html(page.text, page.url).feeds[:3]:
        page, feed = fetch(ctx, link.url)
        if feed is not None:
            return page, feed
    raise Refusal(f"I find no feed at {url}.")


def follow(ctx: Context, name: str, url: str, site: str) -> sqlite3.Row | None:
    """The new row; None where the member follows it already."""
    row: sqlite3.Row | None = ctx.db.execute(
        "INSERT INTO feed(member, url, name, site, added) VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING *",
        (ctx.member, url, name[:200], site, ctx.now.timestamp()),
    ).fetchone()
    return row


@service.tool(
    "reversible",
    examples=[
        "unsubscribe from the Daily Planet",
        "stop following the cooking blog",
        "remove the weather feed from my subscriptions",
        "I don't want to follow Tech Weekly any more",
        "unfollow the astronomy news",
        "drop the gardening feed",
        "cancel my subscription to the village news",
        "take the science blog off my feeds",
    ],
)
def unsubscribe(ctx: Context, feed: Which) -> Reply:
    """Stop following a feed."""
    row = shelf.feed_named(ctx, feed)
    ctx.db.execute("DELETE FROM feed WHERE id=?", (row["id"],))
    return Reply(f"You no longer follow {row['name']}.", {"name": row["name"]}, [Thing("source", row["name"])])


@service.tool(
    "read",
    examples=[
        "which feeds do I follow?",
        "list my feeds",
        "show my subscriptions to blogs",
        "what sites am I subscribed to?",
        "are any of my feeds broken?",
        "how many feeds do I have",
        "what news sources am I following?",
        "how many unread entries are in each feed?",
    ],
)
def list_(ctx: Context) -> Reply:
    """List the feeds that are followed, with how many entries are unread, and which of them fail."""
    rows = shelf.followed(ctx)
    if not rows:
        return Reply("You follow no feeds yet.", {"feeds": []})
    unread = [item.row["feed"] for item in shelf.items(ctx, rows) if not item.read]
    data, said = [], []
    for row in rows:
        at, error = Archive(ctx.folder).state(row["url"])
        count = unread.count(row["url"])
        checked = from_seconds(ctx, at).isoformat() if at else None
        data.append({"name": row["name"], "url": row["url"], "unread": count, "checked": checked, "error": error})
        said.append(f"{row['name']} ({'fails: ' + error.rstrip('.') if error else f'{count} unread'})")
    shown = f"{'; '.join(said[:SPOKEN_AT_MOST])}{'; and more' if len(said) > SPOKEN_AT_MOST else ''}"
    things = [Thing("source", row["name"], f"f{row['id']}") for row in rows]
    return Reply(f"You follow {counted(len(rows), 'feed')}: {shown}.", {"feeds": data}, things)


@service.tool(
    "read",
    examples=[
        "what's new in my feeds?",
        "show me the latest headlines",
        "any new posts on the cooking blog?",
        "what are the newest entries of Tech Weekly",
        "give me the last 5 articles from the Daily Planet",
        "what's in the news today?",
        "anything new to read?",
        "catch me up on my blogs",
        "top headlines please",
        "latest from the astronomy feed",
        "list unread articles",
        "did the village news post something?",
    ],
)
def latest(
    ctx: Context,
    feed: Which | None = None,
    count: Annotated[int, Field(description="How many at most", ge=1, le=50)] = 10,
    also_read: Annotated[bool, Field(description="Those that were read already, too")] = False,
) -> Reply:
    """Tell the newest entries (headlines, posts, articles) of all followed feeds, or of one; unread ones only."""
    rows = [shelf.feed_named(ctx, feed)] if feed else shelf.followed(ctx)
    if not rows:
        raise Refusal("You follow no feeds yet; give me the address of one to follow.")
    _, faults = shelf.renew_all(ctx, rows, shelf.FRESH_FOR)
    found = [item for item in shelf.items(ctx, rows) if also_read or not item.read]
    whose = f" from {rows[0]['name']}" if feed else ""
    data = {"entries": [item.data() for item in found[:count]], "unread": len(found), "faults": faults}
    if not found:
        return Reply(f"There is nothing new{whose}.{shelf.trouble(faults)}", data)
    more = f" And {len(found) - count} more." if len(found) > count else ""
    said = "\n".join(f"{number}. {headline(ctx, item)}" for number, item in enumerate(found[:count], 1))
    kind = "latest" if also_read else "unread"
    things = [item.thing() for item in found[:count]]
    return Reply(
        f"{counted_entries(min(count, len(found)), kind)}{whose}:\n{said}{more}{shelf.trouble(faults)}", data, things
    )


def headline(ctx: Context, item: shelf.Item) -> str:
    """The title, from where, and of when."""
    return f"{item.title} ({item.feed}, {spoken_day(item.at.date(), ctx.now)})"


def counted_entries(number: int, kind: str = "") -> str:
    """1 entry, 3 unread entries."""
    return f"{number} {kind + ' ' if kind else ''}{'entry' if number == 1 else 'entries'}"


@service.tool(
    "reversible",
    examples=[
        "read me the article about the comet",
        "open the post on winter salads",
        "read the entry Moon landing remembered",
        "what does the story about the bridge say?",
        "let me hear the headline on solar power in full",
        "show the feed entry about the new bakery",
        "read out that blog post about knots",
        "tell me more about the article on wolves",
    ],
)
def read(
    ctx: Context,
    entry: Annotated[
        str,
        Field(
            description="Which entry of a feed: its title or a part of it",
            min_length=1,
            max_length=300,
            json_schema_extra={"x-kind": "entry"},
        ),
    ],
) -> Reply:
    """Read out one entry (article, post) of a followed feed, and mark it as read."""
    item = shelf.item_named(ctx, entry)
    shelf.mark(ctx, [item])
    by = f" by {item.row['author']}" if item.row["author"] else ""
    link = f"\n\n{item.row['url']}" if item.row["url"] else ""
    said = (
        f"{item.title}{by} ({item.feed}, {spoken_moment(item.at, ctx.now)}):\n\n{item.row['text'] or 'No text.'}{link}"
    )
    return Reply(said, {**item.data(), "text": item.row["text"]}, [item.thing()])


@service.tool(
    "read",
    examples=[
        "search my feeds for solar power",
        "did any of my blogs write about sourdough?",
        "find articles about the election in my feeds",
        "look through my subscriptions for comet",
        "which feed entries mention wolves?",
        "has the Daily Planet written about the bridge",
        "find posts on bicycles in my feeds",
        "what did my news sources say about the strike?",
    ],
)
def search(
    ctx: Context,
    words: Annotated[
        str,
        Field(
            description="What to look for: one word or a few",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
    feed: Which | None = None,
) -> Reply:
    """Search the entries that followed feeds have brought so far, read ones too, for words."""
    rows = [shelf.feed_named(ctx, feed)] if feed else shelf.followed(ctx)
    wanted = words.casefold().split()
    found = []
    for item in shelf.items(ctx, rows):
        text = f"{item.title} {item.row['text']}".casefold()
        if all(word in text for word in wanted):
            found.append(item)
    data = {"entries": [item.data() for item in found[:SOUGHT]], "found": len(found)}
    if not found:
        return Reply(f"Your feeds say nothing about {words.strip()!r}.", data)
    said = "\n".join(f"{number}. {headline(ctx, item)}" for number, item in enumerate(found[:10], 1))
    return Reply(
        f"{counted_entries(len(found))} about {words.strip()!r}:\n{said}", data, [i.thing() for i in found[:10]]
    )


@service.tool(
    "reversible",
    examples=[
        "mark all my feeds as read",
        "I've read everything in Tech Weekly",
        "mark the cooking blog as read",
        "clear the unread entries of the Daily Planet",
        "catch up: mark every headline as read",
        "set the astronomy feed to read",
        "no more unread articles please, mark them read",
    ],
)
def mark_read(ctx: Context, feed: Which | None = None) -> Reply:
    """Mark all entries of one feed, or of all feeds, as read."""
    rows = [shelf.feed_named(ctx, feed)] if feed else shelf.followed(ctx)
    count = shelf.mark(ctx, shelf.items(ctx, rows))
    where = f" of {rows[0]['name']}" if feed else ""
    return Reply(f"Marked {counted_entries(count)}{where} as read.", {"marked": count})


@service.tool(
    "read",
    examples=[
        "refresh my feeds",
        "update all feeds now",
        "check my feeds for new posts",
        "fetch the cooking blog again",
        "reload the Daily Planet",
        "poll my subscriptions",
        "ask every feed for news again",
    ],
)
def refresh(ctx: Context, feed: Which | None = None) -> Reply:
    """Ask the followed feeds again at once, and say how many entries came and which feeds failed."""
    rows = [shelf.feed_named(ctx, feed)] if feed else shelf.followed(ctx)
    if not rows:
        raise Refusal("You follow no feeds yet.")
    new, faults = shelf.renew_all(ctx, rows, timedelta(0))
    asked = rows[0]["name"] if feed else counted(len(rows), "feed")
    return Reply(
        f"Asked {asked}: {counted_entries(new, 'new')}.{shelf.trouble(faults)}", {"new": new, "faults": faults}
    )


@service.tool(
    "read",
    examples=[
        "export my feeds as OPML",
        "give me an OPML of my subscriptions",
        "back up my list of feeds",
        "I want to take my feeds to another reader",
        "write out my subscriptions as OPML",
    ],
)
def export(ctx: Context) -> Reply:
    """Give the list of followed feeds in the OPML format, for other programs."""
    rows = shelf.followed(ctx)
    if not rows:
        raise Refusal("You follow no feeds yet.")
    outline = write_outline([(row["name"], row["url"]) for row in rows])
    return Reply(f"{counted(len(rows), 'feed')} as OPML:\n\n{outline}", {"opml": outline, "feeds": len(rows)})


@service.tool(
    "reversible",
    examples=[
        "import the OPML from https://example.org/feeds.opml",
        "load my subscriptions from www.example.com/list.opml",
        "bring in the feeds of https://example.net/export.xml",
        "take over the feed list at https://old-reader.example.org/opml",
        "import feeds from https://example.com/blogroll.opml",
    ],
)
def import_(
    ctx: Context,
    url: Annotated[
        str | None, Field(description="Where the OPML list lies", max_length=2_000, json_schema_extra={"format": "uri"})
    ] = None,
    opml: Annotated[str | None, Field(description="The list itself, as OPML text", max_length=500_000)] = None,
) -> Reply:
    """Follow all feeds of a list in the OPML format, from an address or given as text."""
    if not url and not opml:
        raise Refusal("I need the address of an OPML list, or the list itself.")
    found = read_outline(opml or ctx.web.get(str(url)).text)
    room = shelf.MOST_FEEDS - len(shelf.followed(ctx))
    added = [name or link for name, link in found[:room] if follow(ctx, name or link, link, "")]
    if not added:
        raise Refusal("You follow all of these already." if room else "You follow too many feeds already.")
    shown = spoken(added[:5]) + (" and more" if len(added) > 5 else "")
    return Reply(f"You follow {counted(len(added), 'more feed')} now: {capital(shown)}.", {"added": added})


@service.erasing
def erase_archived(ctx: Context, member: str) -> None:
    """What nobody else follows is kept for nobody."""
    rows = ctx.db.execute("SELECT DISTINCT url FROM feed WHERE member<>?", (member,)).fetchall()
    Archive(ctx.folder).keep_only([row["url"] for row in rows])


if __name__ == "__main__":
    service.run()

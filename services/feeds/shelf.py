"""The feeds that members follow, and which entries they have read."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.feeds.archive import Archive, renew
from services.kit import Context, Refusal, Thing
from services.kit.moment import from_seconds
from services.kit.reference import Candidate, choose
from services.kit.speech import spoken

TABLES = """
CREATE TABLE IF NOT EXISTS feed(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, url TEXT NOT NULL, name TEXT NOT NULL,
    site TEXT NOT NULL, added REAL NOT NULL, UNIQUE(member, url));
CREATE TABLE IF NOT EXISTS seen(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, feed TEXT NOT NULL, guid TEXT NOT NULL,
    UNIQUE(member, feed, guid));
"""
MOST_FEEDS = 200
FRESH_FOR = timedelta(minutes=30)
"""A feed that was asked within this time is not asked again by itself."""
ROUND_SECONDS = 18.0
"""For asking all feeds; those left over are asked first the next time."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as a member sees it."""

    id: str
    feed: str
    """The feed's name."""
    row: sqlite3.Row
    read: bool
    at: datetime

    @property
    def title(self) -> str:
        """As the feed gives it."""
        return str(self.row["title"])

    def data(self) -> dict[str, object]:
        """For programs."""
        return {
            "id": self.id,
            "feed": self.feed,
            "title": self.title,
            "url": self.row["url"],
            "author": self.row["author"],
            "at": self.at.isoformat(),
            "read": self.read,
        }

    def thing(self) -> Thing:
        """So that "the second one" means it."""
        return Thing("entry", self.title, self.id, self.at, self.feed)


def followed(ctx: Context) -> list[sqlite3.Row]:
    """The member's feeds by name."""
    rows = ctx.db.execute("SELECT * FROM feed WHERE member=? ORDER BY name COLLATE NOCASE, id", (ctx.member,))
    return rows.fetchall()


def feed_named(ctx: Context, said: str) -> sqlite3.Row:
    """The feed that is meant: by its name, a part of it, or its address. Raises Refusal."""
    rows = followed(ctx)
    for row in rows:
        if said.strip() in {row["url"], row["site"]}:
            return row
    if not rows:
        raise Refusal("You follow no feeds yet.")
    then = datetime.fromtimestamp(0, UTC)
    meant = choose(said, [Candidate(f"f{row['id']}", row["name"], then) for row in rows], "feed", ctx.now)
    return next(row for row in rows if f"f{row['id']}" == meant.id)


def items(ctx: Context, feeds: Sequence[sqlite3.Row]) -> list[Item]:
    """All entries of these feeds as the member sees them, the latest first."""
    names = {row["url"]: row["name"] for row in feeds}
    seen = {
        (row["feed"], row["guid"])
        for row in ctx.db.execute("SELECT feed, guid FROM seen WHERE member=?", (ctx.member,))
    }
    return [
        Item(
            id=entry_id(row["feed"], row["guid"]),
            feed=names[row["feed"]],
            row=row,
            read=(row["feed"], row["guid"]) in seen,
            at=from_seconds(ctx, row["at"]),
        )
        for row in Archive(ctx.folder).entries(list(names))
    ]


def entry_id(feed: str, guid: str) -> str:
    """Short, and the same whenever the entry is fetched."""
    return "e" + hashlib.sha256(f"{feed}\n{guid}".encode()).hexdigest()[:10]


def item_named(ctx: Context, said: str) -> Item:
    """The entry that is meant, by its title, a part of it, or its id. Raises Refusal."""
    found = items(ctx, followed(ctx))
    candidates = [Candidate(item.id, item.title, item.at) for item in found]
    meant = choose(said, candidates, "entry", ctx.now)
    return next(item for item in found if item.id == meant.id)


def mark(ctx: Context, read: Sequence[Item]) -> int:
    """Mark them as read; how many were not yet."""
    fresh = [item for item in read if not item.read]
    for item in fresh:
        ctx.db.execute(
            "INSERT OR IGNORE INTO seen(member, feed, guid) VALUES(?,?,?)",
            (ctx.member, item.row["feed"], item.row["guid"]),
        )
    return len(fresh)


def renew_all(ctx: Context, feeds: Sequence[sqlite3.Row], older_than: timedelta) -> tuple[int, dict[str, str]]:
    """Ask those that were not asked for so long: how many entries are new, and by name what went wrong."""
    archive, until = Archive(ctx.folder), time.monotonic() + ROUND_SECONDS
    asked = sorted((archive.state(row["url"])[0], row["id"], row) for row in feeds)
    new, faults = 0, {}
    for at, _, row in asked:
        if ctx.now.timestamp() - at < older_than.total_seconds():
            continue
        if time.monotonic() > until:
            faults[row["name"]] = "There was no time left to ask it."
            continue
        try:
            new += renew(ctx, row["url"])
        except Refusal as refusal:
            faults[row["name"]] = str(refusal)
    return new, faults


def trouble(faults: dict[str, str]) -> str:
    """A remark on feeds that could not be had; empty where all could."""
    if not faults:
        return ""
    if len(faults) == 1:
        [(name, fault)] = faults.items()
        return f"\nI could not ask {name}: {fault}"
    return f"\nI could not ask {spoken(list(faults))}; the first said: {next(iter(faults.values()))}"

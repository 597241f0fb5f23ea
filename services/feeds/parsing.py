"""A feed's document as rows: RSS and Atom by feedparser, JSON Feed (https://jsonfeed.org/version/1.1) by hand.

Must stay true: what declares entities of its own is refused, so nothing unfolds; texts are plain and of bounded length.
"""

from __future__ import annotations

import calendar
import hashlib
import importlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.kit import Refusal
from services.kit.markup import plain_text
from services.kit.web import Page

MOST_ENTRIES = 300
"""Of one feed; the first ones."""
TEXT_SIGNS = 6_000
TITLE_SIGNS = 300
ADDRESS_SIGNS = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a feed brings."""

    guid: str
    title: str
    url: str
    text: str
    author: str
    at: float | None
    """Seconds since 1970; None where the feed does not say."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's document."""

    title: str
    site: str
    entries: tuple[Entry, ...]


def read_feed(page: Page) -> Feed | None:
    """The feed in a page; None where it is something else. Raises Refusal for one that is not safe to read."""
    body = page.body.lstrip()
    if body[:1] == b"{":
        return read_json(page)
    text = page.text
    if "<!ENTITY" in text:
        raise Refusal(
            f"The feed of {page.host} declares entities of its own, which is a way to do harm; I don't read it."
        )
    head = text[:2_000].lower()
    if not any(mark in head for mark in ("<rss", "<feed", "<rdf:rdf", ":rss", ":feed", "<channel")):
        return None
    feedparser: Any = importlib.import_module("feedparser")  # 35 ms: for who reads a feed, not at every start
    headers = {"content-location": page.url, "content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(io.BytesIO(text.encode()), response_headers=headers)
    if not parsed.get("version"):
        return None
    found = parsed.get("feed", {})
    entries = tuple(xml_entry(row) for row in parsed.get("entries", [])[:MOST_ENTRIES])
    return Feed(short(found.get("title"), TITLE_SIGNS), address(found.get("link")), entries)


def xml_entry(row: Mapping[str, Any]) -> Entry:
    """One of RSS or Atom."""
    contents = [str(part.get("value", "")) for part in row.get("content", [])]
    text = max([*contents, str(row.get("summary", ""))], key=len)
    at = row.get("published_parsed") or row.get("updated_parsed")
    return entry(
        guid=row.get("id"),
        title=row.get("title"),
        url=row.get("link"),
        text=text,
        author=row.get("author"),
        at=float(calendar.timegm(at)) if at else None,
    )


def read_json(page: Page) -> Feed | None:
    """A JSON Feed; None for other JSON."""
    try:
        found = json.loads(page.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version")):
        return None
    items = found.get("items")
    rows = [row for row in items if isinstance(row, dict)] if isinstance(items, list) else []
    entries = tuple(json_entry(row) for row in rows[:MOST_ENTRIES])
    return Feed(short(found.get("title"), TITLE_SIGNS), address(found.get("home_page_url")), entries)


def json_entry(row: Mapping[str, Any]) -> Entry:
    """One of a JSON Feed."""
    authors = row.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else row.get("author")
    return entry(
        guid=row.get("id"),
        title=row.get("title"),
        url=row.get("url") or row.get("external_url"),
        text=row.get("content_html") or row.get("content_text") or row.get("summary"),
        author=first.get("name") if isinstance(first, dict) else "",
        at=moment(row.get("date_published") or row.get("date_modified")),
    )


def entry(guid: Any, title: Any, url: Any, text: Any, author: Any, at: float | None) -> Entry:
    """With all parts plain; what has no title is called by its first words."""
    body = short(text, TEXT_SIGNS)
    name = short(title, TITLE_SIGNS) or short(body, 80) or "Untitled"
    whole = str(guid or url or "") or hashlib.sha256(f"{name}\n{body}".encode()).hexdigest()
    return Entry(whole[:ADDRESS_SIGNS], name, address(url), body, short(author, 100), at)


def moment(said: Any) -> float | None:
    """Seconds since 1970, from ISO 8601."""
    try:
        return datetime.fromisoformat(str(said)).timestamp()
    except (ValueError, OverflowError):
        return None


def short(value: Any, signs: int) -> str:
    """Plain text of at most so many signs."""
    text = plain_text(str(value or "")[: 20 * signs])
    return text if len(text) <= signs else f"{text[: signs - 1].rstrip()}…"


def address(value: Any) -> str:
    """A web address; empty for anything else."""
    text = str(value or "").strip()
    return text[:ADDRESS_SIGNS] if text.startswith(("http://", "https://")) else ""

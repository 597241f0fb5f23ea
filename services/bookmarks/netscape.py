"""The bookmark file that all browsers read and write, as Netscape's once did.

Source: https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)
Folders become tags on the way in; tags are written as browsers write them, in TAGS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape

from services.kit.markup import tidy

HEAD = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
"""
MOST = 5_000
PIECE = re.compile(r"<(a|h3|/dl)\b([^<>]*+)>([^<]*+)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([\w-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")
PLAIN_FOLDERS = frozenset({"bookmarks", "bookmarks bar", "bookmarks menu", "bookmarks toolbar", "other bookmarks"})
"""Folders that browsers make by themselves; they say nothing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A bookmark."""

    url: str
    title: str
    tags: tuple[str, ...]
    added: float
    """Seconds since 1970; 0 where the file does not say."""


def write_file(marks: Iterable[Mark]) -> str:
    """The bookmarks as a file for browsers."""
    rows = [
        f'    <DT><A HREF="{escape(mark.url)}" ADD_DATE="{int(mark.added)}" TAGS="{escape(",".join(mark.tags))}">'
        f"{escape(mark.title)}</A>\n"
        for mark in marks
    ]
    return f"{HEAD}{''.join(rows)}</DL><p>\n"


def read_file(text: str) -> list[Mark]:
    """The bookmarks in a browser's file; what leads nowhere on the web is left out."""
    found: dict[str, Mark] = {}
    folders: list[str] = []
    for piece in PIECE.finditer(text):
        name, given, said = piece[1].lower(), attributes(piece[2]), tidy(unescape(piece[3]))
        if name == "h3":
            folders.append(said)
        elif name == "/dl":
            folders = folders[:-1]
        elif given.get("href", "").startswith(("http://", "https://")) and len(found) < MOST:
            tags = as_tags([*given.get("tags", "").split(","), *folders])
            added = given.get("add_date", "")
            at = float(added[:10]) if added.isascii() and added.isdigit() else 0.0
            url = given["href"][:2_000]
            found.setdefault(url, Mark(url, said[:300] or url, tags, at))
    return list(found.values())


def attributes(text: str) -> dict[str, str]:
    """What is written within a tag."""
    return {name.lower(): unescape(one or other) for name, one, other in ATTRIBUTE.findall(text)}


def as_tags(said: Sequence[str]) -> tuple[str, ...]:
    """Tags in small letters, each once, without what browsers' own folders are called."""
    plain = (tidy(tag).lower().lstrip("#").strip()[:50] for tag in said)
    return tuple(dict.fromkeys(tag for tag in plain if tag and tag not in PLAIN_FOLDERS))

"""Notes as files: one Markdown file each, in a folder of the member's own that any editor may change.

Must stay true: nothing here reads or writes outside the folder of the member who asks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from services.kit import Context

TITLE_LENGTH = 60
"""Characters of a title that is taken from the text."""
SUFFIX = ".md"


class Note(NamedTuple):
    """A note as it is on disk."""

    slug: str
    """The file's name without its ending: its id."""
    title: str
    text: str
    """Without the heading that is its title."""


def shelf(ctx: Context) -> Path:
    """The member's folder; different members never share one."""
    return ctx.folder / quote(ctx.member, safe="").replace(".", "%2E")


def path_of(ctx: Context, slug: str) -> Path:
    """The file of a note."""
    return shelf(ctx) / f"{slug}{SUFFIX}"


def parsed(slug: str, content: bytes) -> Note:
    """The note in a file, whatever a person did to it."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n\ufeff ")
    heading = re.match(r"#\s+(\S[^\n]*)(?:\n|\Z)", text)
    if heading:
        return Note(slug, heading[1].strip(), text[heading.end() :].strip("\n"))
    return Note(slug, short_title(text) or slug, text)


def short_title(text: str) -> str:
    """The beginning of the first line, cut between words."""
    first = re.sub(r"^[#>*+\-\s]+", "", text.strip().split("\n", 1)[0]).strip()
    if len(first) <= TITLE_LENGTH:
        return first
    return f"{first[:TITLE_LENGTH].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def written(title: str, text: str) -> bytes:
    """The content of a new file."""
    body = text.strip().replace("\x00", "")
    return (f"# {' '.join(title.split())}\n\n{body}\n" if title.strip() else f"{body}\n").encode()


def free_slug(ctx: Context, title: str, text: str) -> str:
    """A file name that tells what is in it, and that no other note has."""
    words = re.findall(r"\w+", (title or text).casefold())[:8]
    stem = "-".join(words)[:TITLE_LENGTH].strip("-_") or "note"
    slug, number = stem, 1
    while ctx.read_file(path_of(ctx, slug)) is not None:
        number += 1
        slug = f"{stem}-{number}"
    return slug

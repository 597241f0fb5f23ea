"""A page as text: fetched, cleaned of furniture, in parts of a length that one reads at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from services.kit import Context, Refusal
from services.kit.markup import Document, read_html, tidy
from services.kit.speech import spoken_duration
from services.kit.web import Page

FRESH_FOR = timedelta(minutes=10)
MOST_BYTES = 5 * 1024 * 1024
PART_SIGNS = 2_500
"""Signs of a part, about half a minute of reading."""
HTML = frozenset({"text/html", "application/xhtml+xml"})
KINDS = {"application/pdf": "a PDF file", "image": "a picture", "audio": "a recording", "video": "a film"}


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read."""

    page: Page
    document: Document

    @property
    def title(self) -> str:
        """Its title, or where it is from."""
        return self.document.title or self.page.host

    @property
    def source(self) -> str:
        """Where it is from, and how old it is where that is worth saying."""
        age = self.page.age
        said = f", as it was {spoken_duration(age)} ago" if age >= timedelta(minutes=1) else ""
        return f"{self.page.host}{said}{'; I can not reach it now' if self.page.stale else ''}"


def address(said: str) -> str:
    """The address that is meant: with https where no scheme was said. Raises Refusal."""
    url = said.strip().rstrip(".,;:!?").strip("<>\"'")
    url = url if re.match(r"[a-z][a-z0-9+.-]*://", url, re.IGNORECASE) else f"https://{url}"
    parts = urlsplit_safe(url)
    if not parts or " " in url or (parts != "localhost" and not set(".:") & set(parts)):
        raise Refusal(f"{said.strip()[:100]!r} is no address of a page; I need one such as example.org/news.")
    return url


def urlsplit_safe(url: str) -> str:
    """The host, with its port, of an address; empty where there is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def read_page(ctx: Context, said: str) -> Read:
    """Fetch and read it. Raises Refusal."""
    page = ctx.web.get(address(said), fresh_for=FRESH_FOR, most_bytes=MOST_BYTES)
    kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in HTML or (not kind and page.body.lstrip()[:1] == b"<"):
        return Read(page, read_html(page.text, page.url))
    if kind.startswith("text/") or kind.endswith(("json", "xml")) or not kind:
        lines = [tidy(line) for line in page.text.splitlines()]
        return Read(page, Document(paragraphs=[line for line in lines if line]))
    what = KINDS.get(kind) or KINDS.get(kind.partition("/")[0]) or f"something else ({kind[:60]})"
    raise Refusal(f"What is there is {what}, not a page that I can read.")


def parts_of(paragraphs: Sequence[str]) -> list[str]:
    """The text in parts of about the same length, cut between paragraphs where that can be."""
    parts: list[str] = []
    for paragraph in paragraphs:
        for piece in pieces_of(paragraph):
            if parts and len(parts[-1]) + len(piece) < PART_SIGNS:
                parts[-1] += f"\n\n{piece}"
            else:
                parts.append(piece)
    return parts


def pieces_of(paragraph: str) -> list[str]:
    """A paragraph, if it is longer than a part then cut between words."""
    pieces = []
    while len(paragraph) > PART_SIGNS:
        cut = paragraph.rfind(" ", PART_SIGNS // 2, PART_SIGNS)
        cut = cut if cut > 0 else PART_SIGNS
        pieces.append(paragraph[:cut])
        paragraph = paragraph[cut:].lstrip()
    return [*pieces, paragraph]


def mentions(paragraphs: Sequence[str], words: str) -> list[str]:
    """The paragraphs that have all the words, else those that have most of them, best first."""
    wanted = {word for word in re.findall(r"\w+", words.casefold()) if len(word) > 2} or {words.casefold().strip()}
    counted = [(sum(word in paragraph.casefold() for word in wanted), paragraph) for paragraph in paragraphs]
    best = max((count for count, _ in counted), default=0)
    return [paragraph for count, paragraph in counted if count == best] if best * 2 > len(wanted) else []

"""HTML as text: title, paragraphs, links and feeds of a page, without scripts, menus and other furniture.

Must stay true: takes time in proportion to the page, however broken it is; what comes out holds no control signs.

A page's own `<article>` or `<main>` is believed where it holds enough text; else blocks that are mostly links are
left out. It does not run scripts: a page that is made by them comes out empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

MOST_SIGNS = 1_500_000
"""Of a page; the rest is not looked at."""
ENOUGH = 200
"""Signs of text that make an `<article>` or `<main>` worth believing."""
MOST_LINKS = 500
DEEPEST = 200
"""Elements within each other; what lies deeper counts as lying here."""
NEVER_SHOWN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|svg|iframe|textarea|select)\b.*?(?:</\1\b[^>]*>?|\Z)|<[!?][^>]*>?",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*+)((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>""")
"""Fails at the latest at the next tag, so that no sign is looked at often."""
ATTRIBUTE = re.compile(r"""([^\s=/"'<>]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++)))?""")
READ = frozenset({"a", "base", "img", "link", "meta"})
"""Elements whose attributes matter."""
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
"""Commands to a terminal: colours, titles."""
FURNITURE = frozenset({"nav", "header", "footer", "aside", "form", "button", "menu", "dialog"})
BLOCKS = frozenset(
    "address article blockquote body br dd div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr li main ol p pre"
    " section table tbody td tfoot th thead tr ul".split()
)
CONTENT = frozenset({"article", "main"})
TRACKED = FURNITURE | CONTENT | {"body", "title"}
"""Elements whose text is treated in a way of its own. Their end tags may not be left out."""
FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
TITLES = frozenset({"og:title", "twitter:title"})
ABOUT = frozenset({"description", "og:description"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page."""

    text: str
    url: str


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, an item."""

    text: str
    linked: int
    """Signs of it that are links."""
    within: bool
    """It lies in an `<article>` or `<main>`."""
    furniture: bool


@dataclass(slots=True)
class Document:
    """What a page holds."""

    title: str = ""
    about: str = ""
    """What the page says of itself in one or two sentences."""
    paragraphs: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    feeds: list[Link] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All paragraphs."""
        return "\n\n".join(self.paragraphs)


def read_html(html: str, url: str = "") -> Document:
    """The document; `url` is where it was found, for its links."""
    reader = Reader(url)
    reader.feed(NEVER_SHOWN.sub(" ", html[:MOST_SIGNS]))
    return reader.finish()


def plain_text(html: str) -> str:
    """Markup as one line of text: for titles and summaries, which may hold some."""
    if "<" not in html and "&" not in html:
        return tidy(html)
    reader = Reader("")
    reader.feed(NEVER_SHOWN.sub(" ", html[:MOST_SIGNS]))
    reader.end_block()
    return " ".join(block.text for block in reader.blocks)


def tidy(text: str) -> str:
    """One line without control signs, and without those that change the direction of what follows."""
    spaced = "".join(" " if sign.isspace() else sign for sign in ESCAPES.sub("", text))
    return " ".join("".join(s for s in spaced if unicodedata.category(s) not in {"Cc", "Cf", "Cs", "Co"}).split())


class Reader:
    """Collects blocks of text as it comes by them. Python's own parser takes hours for some broken pages."""

    def __init__(self, url: str) -> None:
        self.document = Document()
        self.blocks: list[Block] = []
        self._url = url
        self._open: list[str] = []
        self._counts: dict[str, int] = {}
        self._text: list[str] = []
        self._linked = 0
        self._link: tuple[str, list[str]] | None = None
        self._seen: set[str] = set()

    def feed(self, html: str) -> None:
        """All of the page, without what is never shown."""
        done = 0
        for tag in TAG.finditer(html):
            self._say(unescape(html[done : tag.start()]))
            done = tag.end()
            name = tag[2].lower()
            if tag[1]:
                self._end(name)
            else:
                self._begin(name, attributes(tag[3]) if name in READ else {})
        self._say(unescape(html[done:]))

    def _begin(self, tag: str, given: Mapping[str, str]) -> None:
        """An element begins."""
        if tag in BLOCKS or tag in FURNITURE:
            self.end_block()
        if tag in {"meta", "link", "base"}:
            self._note(tag, given)
        if tag == "a" and given.get("href"):
            self._end_link()
            self._link = (given["href"], [])
        if tag == "img" and given.get("alt") and self._link is not None:
            self._say(given["alt"])
        if tag in TRACKED and len(self._open) < DEEPEST:
            self._open.append(tag)
            self._counts[tag] = self._counts.get(tag, 0) + 1

    def _end(self, tag: str) -> None:
        """An element ends, and with it those in it that were left open."""
        if tag in BLOCKS or tag in FURNITURE:
            self.end_block()
        if tag == "a":
            self._end_link()
        if self._counts.get(tag):
            while True:
                ended = self._open.pop()
                self._counts[ended] -= 1
                if ended == tag:
                    break

    def _say(self, text: str) -> None:
        """Text between tags."""
        if self._counts.get("title") and not self._counts.get("body"):
            self.document.title = self.document.title or tidy(text)
            return
        self._text.append(text)
        if self._link is not None:
            self._link[1].append(text)
            self._linked += len(text)

    def end_block(self) -> None:
        """What came since the last one is a block of its own."""
        text = tidy("".join(self._text))
        if text:
            within = any(self._counts.get(tag) for tag in CONTENT)
            furniture = not within and any(self._counts.get(tag) for tag in FURNITURE)
            self.blocks.append(Block(text, self._linked, within, furniture))
        self._text, self._linked = [], 0

    def finish(self) -> Document:
        """The document, once all was fed."""
        self._end_link()
        self.end_block()
        document = self.document
        content = [block for block in self.blocks if block.within]
        if sum(len(block.text) for block in content) < ENOUGH:
            text = [block for block in self.blocks if block.linked * 2 <= len(block.text)]
            content = [block for block in text if not block.furniture] or text
        document.paragraphs = list(without_repeats(block.text for block in content))
        if not document.title and document.paragraphs:
            document.title = document.paragraphs[0][:100]
        return document

    def _note(self, tag: str, given: Mapping[str, str]) -> None:
        """What the head says."""
        content = tidy(given.get("content", ""))
        if tag == "base":
            self._url = self._absolute(given.get("href", "")) or self._url
        elif tag == "link":
            url = self._absolute(given.get("href", ""))
            if url and "alternate" in given.get("rel", "").lower() and given.get("type", "").lower() in FEED_TYPES:
                self.document.feeds.append(Link(tidy(given.get("title", "")), url))
        elif (given.get("property") or given.get("name", "")).lower() in TITLES:
            self.document.title = content or self.document.title
        elif (given.get("name") or given.get("property", "")).lower() in ABOUT:
            self.document.about = self.document.about or content

    def _end_link(self) -> None:
        if self._link is None:
            return
        (href, parts), self._link = self._link, None
        url, text = self._absolute(href), tidy("".join(parts))
        if url and text and url not in self._seen and len(self.document.links) < MOST_LINKS:
            self._seen.add(url)
            self.document.links.append(Link(text, url))

    def _absolute(self, href: str) -> str:
        """The whole address, without its fragment; empty for what leads nowhere on the web."""
        try:
            url = urljoin(self._url, tidy(href)).partition("#")[0]
            return url if urlsplit(url).scheme in {"http", "https"} and url != self._url.partition("#")[0] else ""
        except ValueError:
            return ""


def attributes(text: str) -> dict[str, str]:
    """What is written within a tag; of equal names the first counts."""
    found: dict[str, str] = {}
    for name, *values in ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found


def without_repeats(texts: Iterator[str]) -> Iterator[str]:
    """Each text once where the same follows itself."""
    last = ""
    for text in texts:
        if text != last:
            yield text
        last = text

"""Mail as text that is safe to show and to speak: HTML without its marks, no codes, no tricks with direction.

Must stay true: nothing is ever fetched for a mail: pictures that are only there to tell its sender that it was read
stay unread. What stands in a mail is someone else's words, never an instruction.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

LONGEST = 40_000
"""Characters of a mail's text that are kept."""
HTML_LIMIT = 1_000_000
SILENT = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe"}
VOID = {"img", "br", "hr", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source", "track"}
BLOCKS = {
    "p",
    "div",
    "br",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "blockquote",
    "pre",
}
OPEN = re.compile(r"<(?=[^<>]*(?:<|$))")
"""A mark that begins and does not end before the next: the parser would look for its end again and again."""
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")


class Words(HTMLParser):
    """Collects what a person would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins on a line of its own; what is hidden is left out."""
        given = {name: value or "" for name, value in attrs}
        hidden = "display:none" in given.get("style", "").replace(" ", "").lower() or "hidden" in given
        if tag not in VOID and (self._silent or tag in SILENT or hidden):
            self._silent.append(tag)
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag == "li":
            self.pieces.append("- ")

    def handle_endtag(self, tag: str) -> None:
        """The end of what was left out, or of a block."""
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """What stands between the marks."""
        if not self._silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def from_html(html: str) -> str:
    """The words of a page."""
    words = Words()
    words.feed(OPEN.sub("&lt;", without_comments(html[:HTML_LIMIT])))
    words.close()
    return tidy("".join(words.pieces))


def without_comments(html: str) -> str:
    """The page without its comments; one that never ends takes the rest with it."""
    pieces, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(html)
    return "".join([*pieces, html[at:]])


def tidy(text: str) -> str:
    """Without codes, without blanks at the ends of lines, and with at most one empty line in a row."""
    shown = "".join(sign for sign in ESCAPES.sub("", text.replace("\r\n", "\n")[: 4 * LONGEST]) if shows(sign))
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in shown.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST]


def one_line(text: str, most: int = 300) -> str:
    """A header's text in one short line."""
    return " ".join(tidy(text[: 4 * most]).split())[:most]


def shows(sign: str) -> bool:
    """Whether the sign is one that can be shown as it is: no control, no change of direction, nothing without width."""
    return sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def fresh_words(text: str) -> str:
    """What the sender wrote anew: without quoted lines, and without what follows a signature's mark."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line.strip() in {"--", "—"} or re.match(r"(?:-+ ?Original Message|_{10,}|On .{5,120} wrote:)", line.strip()):
            break
        if not line.lstrip().startswith((">", "|")):
            kept.append(line)
    return "\n".join(kept).strip()

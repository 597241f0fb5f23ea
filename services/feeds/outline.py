"""OPML, in which programs hand lists of feeds to each other (http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from services.kit import Refusal
from services.kit.markup import tidy

MOST_FEEDS = 200


def write_outline(feeds: Sequence[tuple[str, str]]) -> str:
    """Names and addresses of feeds as OPML."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Feeds"
    body = ElementTree.SubElement(root, "body")
    for name, url in feeds:
        ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=url)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def read_outline(text: str) -> list[tuple[str, str]]:
    """Names and addresses of the feeds in OPML, those in folders included. Raises Refusal."""
    if "<!ENTITY" in text:
        raise Refusal("That list declares entities of its own, which is a way to do harm; I don't read it.")
    try:
        root = ElementTree.fromstring(re.sub(r"\A\s*<\?xml[^>]*>", "", text))  # it is decoded already
    except (ElementTree.ParseError, ValueError):
        raise Refusal("That is no list of feeds in the OPML format.") from None
    found: dict[str, str] = {}
    for outline in root.iter("outline"):
        url = tidy(outline.get("xmlUrl") or "")
        if url.startswith(("http://", "https://")):
            found.setdefault(url, tidy(outline.get("text") or outline.get("title") or "")[:200])
    if not found:
        raise Refusal("There is no feed in that list.")
    return [(name, url) for url, name in found.items()][:MOST_FEEDS]

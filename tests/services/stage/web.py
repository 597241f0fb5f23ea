"""Around the web service: a site and a search engine, both on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.web.story import SITE
from tests.services.website import Answer, website

BREAD = b"""<!doctype html><title>Our daily bread</title><nav><a href="/">Home</a></nav>
<article><h1>Bread</h1><p>Flour, water and salt are all that it takes, and a warm place where the dough can rest
for hours until it has doubled; then shape it, let it rise once more, and bake it hot.</p>
<p>Dogs must not eat the raw dough.</p><p>See also <a href="/rye.html">Rye bread</a> and
<a href="https://example.org/rolls">Rolls</a>.</p></article><footer>Imprint</footer>"""
RESULTS = {
    "results": [
        {"title": "Sourdough for beginners", "url": f"{SITE}/bread.html", "content": "All you <b>need</b> to know."},
        {"title": "The rye starter", "url": "https://example.org/rye", "content": "Rye."},
    ]
}


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The site, which is its own search engine."""
    with website(int(SITE.rpartition(":")[2])) as site:
        site.pages["/"] = Answer(b"<title>Kitchen</title><p>Welcome.", headers={"Content-Type": "text/html"})
        site.pages["/bread.html"] = Answer(BREAD, headers={"Content-Type": "text/html; charset=utf-8"})
        site.pages["/search"] = Answer(json.dumps(RESULTS).encode(), headers={"Content-Type": "application/json"})
        yield {"search": SITE, "at_home": SITE}

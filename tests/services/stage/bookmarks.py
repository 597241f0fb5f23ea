"""Around the bookmarks service: a page on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.bookmarks.story import SITE
from tests.services.website import Answer, website


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The page."""
    with website(int(SITE.rpartition(":")[2])) as site:
        page = b"<title>Our daily bread</title><p>Flour, water and salt."
        site.pages["/bread.html"] = Answer(page, headers={"Content-Type": "text/html"})
        yield {"at_home": SITE}

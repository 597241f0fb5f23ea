"""Around the feeds service: a newspaper on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.feeds.story import SITE
from tests.services.website import Answer, website

PAPER = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Daily Planet</title><link>https://example.org</link>
<item><title>Comet over the harbour</title><guid>1</guid><link>https://example.org/comet</link>
<pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate><description>It can be seen before dawn.</description></item>
<item><title>A new bakery</title><guid>2</guid><pubDate>Tue, 03 Mar 2026 06:00:00 GMT</pubDate>
<description>Opens on &lt;b&gt;Friday&lt;/b&gt;.</description></item></channel></rss>"""


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The newspaper."""
    with website(int(SITE.rpartition(":")[2])) as site:
        site.pages["/feed.xml"] = Answer(PAPER, headers={"Content-Type": "application/rss+xml"})
        yield {"at_home": SITE}

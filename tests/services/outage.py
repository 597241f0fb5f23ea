"""All that can go wrong with a server, for the tests of services that need one: what a person must hear then."""

from __future__ import annotations

from collections.abc import Mapping

from tests.services.website import Answer, Misbehave, Website

OUTAGES: Mapping[str, tuple[Answer | str, str]] = {
    "limited": (Answer(b"", 429, {"Retry-After": "120"}), "wants to be asked less often. Try again in 2 minutes."),
    "broken": (Answer(b"", 500), "has a problem of its own (it answered 500)."),
    "forbidden": (Answer(b"", 403), "does not let me in (it answered 403)."),
    "moved to nowhere": (Answer(b"", 302, {"Location": "/gone"}), "has nothing at that address."),
    "slow": ("hang", "takes too long to answer."),
    "too large": ("pour", "is larger than I take."),
    "no such format": (Answer(b"<html>Welcome!</html>"), "that I can't read"),
    "nothing": (Answer(b""), "that I can't read"),
    "another format": (Answer(b'[{"a": [1, {"b": null}]}]'), "that I can't read"),
}
"""Name to what the server does (a page, or a method of the site) and a part of what is said."""


def happens(site: Website, path: str, name: str) -> str:
    """Let it happen at a path; what a person must hear."""
    does, heard = OUTAGES[name]
    page: Answer | Misbehave = getattr(site, does) if isinstance(does, str) else does
    site.pages[path] = page
    return heard

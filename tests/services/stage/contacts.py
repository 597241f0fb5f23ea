"""Around the contacts: a CardDAV server with one person on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.davserver import PASSWORD, USER, dav_server

MIA = "BEGIN:VCARD\nVERSION:3.0\nUID:mia-1\nFN:Mia Lang\nN:Lang;Mia;;;\nTEL:555 0155\nEND:VCARD\n"


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """Mia's number is known there."""
    with dav_server(folder / "dav") as server:
        server.make("people", "addressbook", "People")
        server.put("people/mia.vcf", MIA)
        yield {"carddav_address": server.url, "carddav_user": USER, "carddav_password": PASSWORD}

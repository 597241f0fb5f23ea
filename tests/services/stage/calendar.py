"""Around the calendar: a CalDAV server with one appointment on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.davserver import PASSWORD, USER, dav_server

CHOIR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Other//Program//EN
BEGIN:VEVENT
UID:choir-1
DTSTAMP:20260301T000000Z
SUMMARY:Choir
DTSTART;TZID=Europe/Paris:20260311T190000
DTEND;TZID=Europe/Paris:20260311T210000
END:VEVENT
END:VCALENDAR
"""


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """Choir is on Wednesday."""
    with dav_server(folder / "dav") as server:
        server.make("home", "calendar", "Home")
        server.put("home/choir.ics", CHOIR)
        yield {"caldav_address": server.url, "caldav_user": USER, "caldav_password": PASSWORD}

"""A calendar whose CalDAV server is a real one, and entries as another program writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.calendar.server import service
from tests.services.davserver import PASSWORD, USER, DavServer, dav_server
from tests.services.direct import direct

Say = Callable[..., tuple[str, dict[str, Any]]]
DENTIST = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Other//Program//EN
BEGIN:VEVENT
UID:dentist-1
DTSTAMP:20260301T000000Z
SUMMARY:Dentist
DTSTART;TZID=Europe/Paris:20260310T150000
DTEND;TZID=Europe/Paris:20260310T160000
LOCATION:Clinic
DESCRIPTION:Bring the X-rays
X-OTHER-COLOUR:teal
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:soon
TRIGGER:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""
YOGA = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Other//Program//EN
BEGIN:VEVENT
UID:yoga-1
DTSTAMP:20260301T000000Z
SUMMARY:Yoga
DTSTART;TZID=Europe/Berlin:20260302T180000
DURATION:PT1H
RRULE:FREQ=WEEKLY;UNTIL=20260601T215959Z
EXDATE;TZID=Europe/Berlin:20260316T180000
END:VEVENT
BEGIN:VEVENT
UID:yoga-1
DTSTAMP:20260301T000000Z
RECURRENCE-ID;TZID=Europe/Berlin:20260309T180000
SUMMARY:Yoga outside
DTSTART;TZID=Europe/Berlin:20260309T190000
DURATION:PT2H
END:VEVENT
BEGIN:VEVENT
UID:yoga-1
DTSTAMP:20260301T000000Z
RECURRENCE-ID;TZID=Europe/Berlin:20260323T180000
STATUS:CANCELLED
SUMMARY:Yoga
DTSTART;TZID=Europe/Berlin:20260323T180000
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""
IN_STEP = "Your calendar is in step with 127.0.0.1: "


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DavServer]:
    """A CalDAV server with one calendar."""
    with dav_server(tmp_path / "dav") as served:
        served.make("home", "calendar", "Home")
        yield served


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: DavServer) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(service, "_store", None)
    with direct(monkeypatch):
        yield caller(server.url)
    service._opened().db.close()


def caller(url: str, password: str = PASSWORD) -> Say:
    """The calendar of someone whose server is there."""

    def call(
        tool: str,
        *,
        id: str = "",  # noqa: A002 - a call's id
        member: str = "owner",
        preview: bool = False,
        **arguments: Any,
    ) -> tuple[str, dict[str, Any]]:
        settings = {"caldav_address": url, "caldav_user": USER, "caldav_password": password}
        settings |= {"caldav_calendar": arguments.pop("into")} if "into" in arguments else {}
        meta: dict[str, Any] = {"muos/call": id, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        meta |= {"muos/zone": "Europe/Paris", "muos/settings": settings, "muos/preview": preview}
        result = service.answer(tool, arguments, meta)
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    return call


def titles(say: Say) -> list[str]:
    """What is on the calendar from March to May."""
    found = say("agenda", start="2026-03-01T00:00:00", end="2026-05-01T00:00:00")[1]["events"]
    return [f"{event['title']} {event['start'][5:16]}" for event in found]

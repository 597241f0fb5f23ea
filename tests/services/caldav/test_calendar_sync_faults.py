"""The calendar and a real CalDAV server: interruptions, faults, large calendars, and what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.calendar.server import service
from services.kit import mirror
from tests.services.caldav.conftest import DENTIST, IN_STEP, YOGA, caller, titles
from tests.services.davserver import USER, DavServer, answering

Say = Callable[..., tuple[str, dict[str, Any]]]


def test_a_sync_whose_answer_was_lost_doubles_nothing(say: Say, server: DavServer) -> None:
    for number in range(3):
        say("add", title=f"run {number}", start=f"2026-03-1{number}T12:00:00")
    puts = []

    def cut(environ: dict[str, Any], start: Any) -> Any:
        if environ["REQUEST_METHOD"] != "PUT":
            return None
        puts.append(environ["PATH_INFO"])
        if len(puts) != 2:
            return None
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        server.put(environ["PATH_INFO"].removeprefix(f"/{USER}/"), body)  # it took effect, and nobody hears of it
        start("503 Service Unavailable", [("content-length", "0")])
        return [b""]

    server.fault = cut
    text = say("sync")[0]
    assert text.startswith("Your calendar is partly in step with 127.0.0.1: 1 new on the server. I stopped on the way:")
    server.fault = None
    say("sync")
    assert len(server.entries("home")) == 3
    assert len(titles(say)) == 3
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."


def test_a_sync_that_was_killed_after_sending_doubles_nothing(say: Say, server: DavServer) -> None:
    say("add", title="lunch", start="2026-03-11T12:00:00")
    db = service._opened().db
    db.execute("CREATE TEMP TRIGGER lost BEFORE INSERT ON dav_item BEGIN SELECT RAISE(ABORT, 'killed'); END")
    assert say("sync")[0].startswith("!")
    db.execute("DROP TRIGGER lost")
    assert len(server.entries("home")) == 1
    say("sync")
    assert len(server.entries("home")) == 1
    assert titles(say) == ["lunch 03-11T12:00"]


def test_a_large_calendar_comes_in_portions(say: Say, server: DavServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(90):
        server.put(f"home/e{number}.ics", DENTIST.replace("dentist-1", f"e-{number}"))
    monkeypatch.setattr(mirror, "BUDGET_SECONDS", -1.0)
    text, data = say("sync")
    assert data["left"] == 90
    assert "Sync again to go on" in text
    monkeypatch.setattr(mirror, "BUDGET_SECONDS", 60.0)
    assert say("sync")[1]["here"]["new"] == 90
    assert say("sync")[1]["here"] == {"new": 0, "changed": 0, "removed": 0}


def test_only_what_changed_is_asked_for(say: Say, server: DavServer) -> None:
    for number in range(10):
        server.put(f"home/e{number}.ics", DENTIST.replace("dentist-1", f"e-{number}"))
    say("sync")
    server.asked.clear()
    say("sync")
    assert server.count("REPORT") == 1
    assert server.count("PUT") == 0


def test_a_server_without_sync_points_is_compared_by_etags(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    server.put("home/yoga.ics", YOGA)

    def no_reports(environ: dict[str, Any], start: Any) -> Any:
        if environ["REQUEST_METHOD"] != "REPORT":
            return None
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        if b"sync-collection" not in body:
            environ["wsgi.input"] = __import__("io").BytesIO(body)
            return None
        start("501 Not Implemented", [("content-length", "0")])
        return [b""]

    server.fault = no_reports
    assert say("sync")[1]["here"]["new"] == 2
    server.delete("home/yoga.ics")
    assert say("sync")[1]["here"] == {"new": 0, "changed": 0, "removed": 1}


def test_a_sync_point_that_is_no_longer_known_begins_anew(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync")
    service._opened().db.execute("UPDATE dav_collection SET token='http://radicale.org/ns/sync/gone'")
    server.put("home/yoga.ics", YOGA)
    assert say("sync")[1]["here"]["new"] == 1
    assert len(titles(say)) > 2


def test_a_preview_sends_and_keeps_nothing(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("add", title="lunch", start="2026-03-11T12:00:00")
    assert say("sync", preview=True)[0] == (
        "Your calendar would be in step with 127.0.0.1: 1 new here, 1 new on the server."
    )
    assert len(server.entries("home")) == 1
    assert titles(say) == ["lunch 03-11T12:00"]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("403 Forbidden", "!I find no calendar at"),
        ("404 Not Found", "!I find no calendar at"),
        ("500 Internal Server Error", "!127.0.0.1 has a problem of its own"),
        ("429 Too Many Requests", "!127.0.0.1 wants to be asked less often"),
        ("200 OK", "!I find no calendar at"),
    ],
)
def test_a_server_that_refuses_is_named_and_nothing_changes(
    say: Say, server: DavServer, status: str, text: str
) -> None:
    say("add", title="lunch", start="2026-03-11T12:00:00")
    server.fault = answering(status)
    assert say("sync")[0].startswith(text)
    assert titles(say) == ["lunch 03-11T12:00"]


def test_a_wrong_password_is_said(say: Say, server: DavServer) -> None:
    assert caller(server.url, "wrong")("sync")[0] == "!127.0.0.1 does not accept the user name or the password."


def test_one_event_that_the_server_does_not_take_does_not_stop_the_others(say: Say, server: DavServer) -> None:
    for number in range(3):
        say("add", title=f"run {number}", start=f"2026-03-1{number}T12:00:00")
    server.fault = answering("403 Forbidden", "PUT", times=1)
    text, data = say("sync")
    assert data["there"]["new"] == 2
    assert "was not taken by the server (status 403); it stays here only." in text


def test_without_an_address_it_says_how_to_set_one(say: Say) -> None:
    assert caller("")("sync")[0].startswith("!I don't know your calendar server yet.")


@pytest.mark.parametrize(
    "body",
    [
        b"not xml",
        b"<a>",
        b'<!DOCTYPE x [<!ENTITY e "boom">]><multistatus xmlns="DAV:">&e;</multistatus>',
        b"\xff\xfe<\0",
    ],
)
def test_an_answer_that_is_no_honest_xml_is_refused(say: Say, server: DavServer, body: bytes) -> None:
    def fault(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("207 Multi-Status", [("content-length", str(len(body)))])
        return [body]

    server.fault = fault
    assert say("sync")[0].startswith("!127.0.0.1 answers in a way that I don't understand")


def test_a_server_that_hangs_is_given_up(say: Say, server: DavServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kit.dav.SECONDS", 0.3)

    def hang(_environ: dict[str, Any], start: Any) -> list[bytes]:
        server.ended.wait(30)
        start("500 Late", [("content-length", "0")])
        return [b""]

    server.fault = hang
    assert say("sync")[0] == "!127.0.0.1 takes too long to answer."
    server.ended.set()

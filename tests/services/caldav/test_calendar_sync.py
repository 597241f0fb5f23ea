"""The calendar and a real CalDAV server in step: both ways, conflicts, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.kit.merging import merged
from tests.services.caldav.conftest import DENTIST, IN_STEP, YOGA, titles
from tests.services.davserver import DavServer

Say = Callable[..., tuple[str, dict[str, Any]]]


def test_events_come_and_go_both_ways(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("add", title="lunch", start="2026-03-11T12:00:00")
    assert say("sync")[0] == f"{IN_STEP}1 new here, 1 new on the server."
    assert titles(say) == ["Dentist 03-10T15:00", "lunch 03-11T12:00"]
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."
    (lunch,) = [text for text in server.entries("home").values() if "SUMMARY:lunch" in text]
    assert "DTSTART;TZID=Europe/Paris:20260311T120000" in lunch


def test_a_change_here_keeps_all_that_is_not_ours(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync")
    say("move", event="dentist", start="2026-03-10T16:30:00")
    assert say("sync")[0] == f"{IN_STEP}1 changed on the server."
    text = server.get("home/dentist.ics")
    assert "DTSTART;TZID=Europe/Paris:20260310T163000" in text
    assert "DTEND;TZID=Europe/Paris:20260310T173000" in text
    for kept in ("X-OTHER-COLOUR:teal", "DESCRIPTION:Bring the X-rays", "BEGIN:VALARM", "TRIGGER:-PT15M"):
        assert kept in text
    assert "SEQUENCE:" in text


def test_deletions_go_both_ways(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("add", title="lunch", start="2026-03-11T12:00:00")
    say("sync")
    server.delete("home/dentist.ics")
    say("cancel", event="lunch")
    assert say("sync")[0] == f"{IN_STEP}1 removed here, 1 removed on the server."
    assert titles(say) == []
    assert server.entries("home") == {}


def test_a_series_keeps_its_changed_and_cancelled_times_and_its_zone(say: Say, server: DavServer) -> None:
    server.put("home/yoga.ics", YOGA)
    say("sync")
    found = titles(say)
    assert found[:4] == ["Yoga 03-02T18:00", "Yoga outside 03-09T19:00", "Yoga 03-30T18:00", "Yoga 04-06T18:00"]
    say("cancel", event="yoga", day="2026-04-06")
    say("set_location", event="yoga outside", location="park")
    assert say("sync")[0] == f"{IN_STEP}1 changed on the server."
    text = server.get("home/yoga.ics")
    assert text.count("BEGIN:VEVENT") == 3
    assert "20260406T180000" in text
    assert "LOCATION:park" in text
    assert "STATUS:CANCELLED" in text
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."
    assert titles(say)[:3] == ["Yoga 03-02T18:00", "Yoga outside 03-09T19:00", "Yoga 03-30T18:00"]


def test_different_fields_changed_on_both_sides_are_brought_together(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync")
    say("set_location", event="dentist", location="5 High Street")
    server.put("home/dentist.ics", DENTIST.replace("SUMMARY:Dentist", "SUMMARY:Dentist check-up"))
    assert say("sync")[0] == f"{IN_STEP}1 changed here, 1 changed on the server."
    assert "LOCATION:5 High Street" in server.get("home/dentist.ics")
    assert titles(say) == ["Dentist check-up 03-10T15:00"]


def test_the_same_field_changed_on_both_sides_is_the_servers_and_the_loss_is_told(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync")
    say("rename", event="dentist", title="tooth doctor")
    server.put("home/dentist.ics", DENTIST.replace("SUMMARY:Dentist", "SUMMARY:Dr Weber"))
    text, data = say("sync")
    assert data["notes"] == ["Dr Weber was changed on both sides; I kept the server's, yours had title tooth doctor."]
    assert data["notes"][0] in text
    assert titles(say) == ["Dr Weber 03-10T15:00"]


def test_a_change_wins_over_a_deletion(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    server.put("home/yoga.ics", YOGA)
    say("sync")
    say("cancel", event="dentist")
    server.put("home/dentist.ics", DENTIST.replace("SUMMARY:Dentist", "SUMMARY:Dr Weber"))
    say("cancel", event="yoga", day="2026-04-06")
    server.delete("home/yoga.ics")
    _, data = say("sync")
    assert data["notes"] == [
        "Dr Weber was deleted here and changed on the server, so I kept it.",
        "Yoga was deleted on the server and changed here, so I kept it.",
    ]
    assert any("yoga-1" in text for text in server.entries("home").values())
    assert "Dr Weber 03-10T15:00" in titles(say)
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."


def test_another_program_that_was_quicker_is_not_overwritten(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync")
    say("set_location", event="dentist", location="5 High Street")

    def meanwhile(environ: dict[str, Any], _start: Any) -> None:
        if environ["REQUEST_METHOD"] == "PUT":
            server.fault = None
            server.put("home/dentist.ics", DENTIST.replace("SUMMARY:Dentist", "SUMMARY:Dr Weber"))

    server.fault = meanwhile
    say("sync")
    text = server.get("home/dentist.ics")
    assert "SUMMARY:Dr Weber" in text
    assert "LOCATION:5 High Street" in text
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."


def test_fetching_is_taken_back_and_sending_is_not(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync", id="s1")
    assert say("undo", call="s1", id="u1")[0].startswith("Undone: Your calendar is in step")
    assert titles(say) == []
    assert len(server.entries("home")) == 1
    say("add", title="lunch", start="2026-03-11T12:00:00")
    say("sync", id="s2")
    assert say("undo", call="s2", id="u2")[0].startswith("!That sync also changed your calendar server")
    assert titles(say) == ["Dentist 03-10T15:00", "lunch 03-11T12:00"]


def test_what_can_t_be_kept_here_stays_on_the_server(say: Say, server: DavServer) -> None:
    task = DENTIST.replace("VEVENT", "VTODO").replace("DTEND", "DUE")
    server.put("home/task.ics", task)
    server.put("home/odd.ics", DENTIST.replace("SUMMARY", "RRULE:FREQ=SECONDLY\nSUMMARY").replace("dentist-1", "odd"))
    text = say("sync")[0]
    assert "2 on the server can't be kept here and stay as they are." in text
    say("sync")
    assert len(server.entries("home")) == 2


def test_each_member_has_an_account_and_events_of_their_own(say: Say, server: DavServer) -> None:
    server.put("home/dentist.ics", DENTIST)
    say("sync", member="anna")
    assert say("agenda", member="bob", day="2026-03-10")[0].startswith("You have nothing")


def test_new_events_go_to_the_calendar_that_is_named(say: Say, server: DavServer) -> None:
    server.make("work", "calendar", "Work")
    say("add", title="meeting", start="2026-03-11T12:00:00")
    say("sync", into="Work")
    assert len(server.entries("work")) == 1
    assert say("sync", into="Elsewhere")[0].startswith("!127.0.0.1 has no calendar called 'Elsewhere'; there is")


def test_an_entry_that_moved_to_another_calendar_stays_one(say: Say, server: DavServer) -> None:
    server.make("work", "calendar", "Work")
    server.put("home/dentist.ics", DENTIST)
    say("sync")
    server.delete("home/dentist.ics")
    server.put("work/dentist.ics", DENTIST)
    say("sync")
    assert titles(say) == ["Dentist 03-10T15:00"]
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."


def test_fields_are_merged_by_who_changed_them() -> None:
    base = {"title": "a", "place": "x", "skips": ["1", "2"]}
    ours, theirs = {**base, "title": "b", "skips": ["1", "2", "3"]}, {**base, "place": "", "skips": ["2", "4"]}
    assert merged(base, ours, theirs) == ({"title": "b", "place": "", "skips": ["2", "3", "4"]}, [])
    assert merged(base, ours, {**base, "title": "c"})[1] == ["title"]
    assert merged({}, {"title": "a", "place": ""}, {"title": "", "place": "y"}) == ({"title": "a", "place": "y"}, [])

"""The calendar service, through its door in process, and once through a child of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client

from services.calendar.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE = "2026-03-04T09:00:00+01:00"
DENTIST = {"title": "dentist", "start": "2026-03-10T15:00:00+01:00", "duration": "PT1H"}
YOGA = {"title": "yoga", "start": "2026-03-09T18:00:00+01:00", "repeat": "FREQ=WEEKLY;BYDAY=MO"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = NINE, zone: str = "Europe/Paris", **given: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call_id, "muos/member": member, "muos/now": now, "muos/zone": zone}
        result = service.answer(tool, given, meta)
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    service._opened().db.close()


def starts(say: Say, start: str, end: str, **given: Any) -> list[str]:
    return [f"{event['title']} {event['start']}" for event in say("agenda", start=start, end=end, **given)[1]["events"]]


def test_an_event_is_put_on_the_calendar_moved_and_found(say: Say) -> None:
    text, data = say("add", **DENTIST)
    assert text == "Dentist is on your calendar: Tuesday 10 March from 3 pm to 4 pm."
    touched = data["muos/touched"][0]
    assert (touched["kind"], touched["name"], touched["at"]) == ("event", "dentist", "2026-03-10T15:00:00+01:00")
    moved = say("move", event=touched["id"], start="2026-03-10T16:00:00+01:00")[0]
    assert moved == "Moved dentist to Tuesday 10 March from 4 pm to 5 pm."
    assert say("agenda", day="2026-03-10")[0] == "Tuesday 10 March: dentist from 4 pm to 5 pm."
    assert say("find", text="xyz")[0] == "I find no 'xyz' on your calendar."
    assert say("find", text="when is my dentist appointment")[0] == "Dentist Tuesday 10 March from 4 pm to 5 pm."
    assert say("next")[0].startswith("Next is dentist")


def test_an_empty_day_is_said_to_be_empty(say: Say) -> None:
    assert say("agenda")[0] == "You have nothing on your calendar today."
    assert say("agenda", day="2026-03-10")[0] == "You have nothing on your calendar on Tuesday 10 March."
    assert say("next")[0] == "You have nothing ahead on your calendar."


def test_free_time_is_told_with_what_is_in_the_way(say: Say) -> None:
    say("add", **DENTIST | {"start": "2026-03-10T16:00:00+01:00"})
    say("add_all_day", title="holiday", day="2026-03-10")
    text, data = say("free", start="2026-03-10T15:00:00+01:00", end="2026-03-10T18:00:00+01:00")
    assert text == (
        "No: dentist from 4 pm to 5 pm is in the way."
        " You are free from 3 pm to 4 pm and from 5 pm to 6 pm. All day: holiday."
    )
    assert data["free"] is False
    assert say("free", start="2026-03-10T12:00:00+01:00")[0].startswith(
        "Yes, you are free Tuesday 10 March from noon to"
    )
    times = say("free_times", day="2026-03-10", duration="PT4H")
    assert times[0].startswith("On Tuesday 10 March you are free from 8 am to 4 pm. ")
    assert say("free_times", day="2026-03-03")[0] == "!Yesterday is over."


def test_a_clash_is_mentioned(say: Say) -> None:
    say("add", **DENTIST)
    assert say("add", title="lunch", start="2026-03-10T15:30:00+01:00")[0].endswith(
        "It overlaps dentist from 3 pm to 4 pm."
    )
    assert "overlaps" not in say("add", title="run", start="2026-03-10T16:30:00+01:00", duration="PT30M")[0]


def test_a_repeating_event_keeps_its_hour_when_the_clocks_change(say: Say) -> None:
    assert say("add", **YOGA)[0].endswith("Monday 9 March from 6 pm to 7 pm, every Monday.")
    assert starts(say, "2026-03-23T00:00:00+01:00", "2026-04-01T00:00:00+02:00") == [
        "yoga 2026-03-23T18:00:00+01:00",
        "yoga 2026-03-30T18:00:00+02:00",
    ]


def test_an_event_set_elsewhere_keeps_its_own_clock(say: Say) -> None:
    say("add", **YOGA | {"start": "2026-03-02T18:00:00-05:00"}, zone="America/New_York")
    assert starts(say, "2026-03-02T00:00:00+01:00", "2026-03-17T00:00:00+01:00") == [
        "yoga 2026-03-03T00:00:00+01:00",
        "yoga 2026-03-09T23:00:00+01:00",
        "yoga 2026-03-16T23:00:00+01:00",
    ]


def test_one_time_of_a_series_is_cancelled_and_moved_and_the_rest_stays(say: Say) -> None:
    say("add", **YOGA)
    cancelled = say("cancel", call_id="off", event="yoga", day="2026-03-16")[0]
    assert cancelled == "Cancelled yoga Monday 16 March from 6 pm to 7 pm; the others stay."
    assert say("move", event="yoga", start="2026-03-10T18:00:00+01:00")[0].endswith("to 7 pm, only this time.")
    span = ("2026-03-04T00:00:00+01:00", "2026-03-24T00:00:00+01:00")
    assert starts(say, *span) == ["yoga 2026-03-10T18:00:00+01:00", "yoga 2026-03-23T18:00:00+01:00"]
    assert say("undo", call="off")[0].startswith("!It was changed afterwards")


def test_cancelling_one_time_is_undone(say: Say) -> None:
    say("add", **YOGA)
    say("cancel", call_id="off", event="e1@2026-03-16t18:00:00")
    say("undo", call="off")
    assert len(starts(say, "2026-03-09T00:00:00+01:00", "2026-03-24T00:00:00+01:00")) == 3


def test_a_series_is_cancelled_altogether(say: Say) -> None:
    say("add", **YOGA)
    assert (
        say("cancel_series", event="the whole yoga series")[0] == "Cancelled yoga, every Monday and every time of it."
    )
    assert starts(say, "2026-03-09T00:00:00+01:00", "2027-03-24T00:00:00+01:00") == []


def test_whole_days_are_kept_as_dates_wherever_one_is(say: Say) -> None:
    assert say("add_all_day", title="holiday", day="2026-08-01", last_day="2026-08-14")[0].endswith(
        "to Friday 14 August."
    )
    say("add_all_day", title="mum's birthday", day="2026-06-03", repeat="FREQ=YEARLY")
    assert say("agenda", day="2026-08-14", zone="Pacific/Auckland")[0] == "Friday 14 August: holiday (all day)."
    assert say("agenda", day="2026-08-15", zone="America/Los_Angeles")[1]["events"] == []
    assert say("agenda", day="2027-06-03")[0] == "Thursday 3 June 2027: mum's birthday (all day)."
    assert say("move", event="holiday", start="2026-08-02T10:00:00+02:00")[0].endswith("to Saturday 15 August.")
    assert say("set_duration", event="holiday", duration="PT1H")[0].startswith("!Holiday takes whole days")


def test_title_place_and_length_are_changed(say: Say) -> None:
    say("add", **DENTIST, location="at the clinic")
    assert say("find", text="clinic")[0] == "Dentist Tuesday 10 March from 3 pm to 4 pm at the clinic."
    assert say("set_duration", event="dentist", duration="PT90M")[0].startswith(
        "Dentist now lasts 1 hour and 30 minutes"
    )
    assert say("set_location", event="dentist", location="5 High Street")[1]["location"] == "5 High Street"
    assert say("rename", event="dentist", title="check-up")[0].startswith("Renamed dentist to check-up")


def test_which_event_is_asked_where_several_would_fit_and_the_next_of_equal_ones_is_meant(say: Say) -> None:
    say("add", title="team meeting", start="2026-03-05T10:00:00+01:00")
    say("add", title="board meeting", start="2026-03-06T10:00:00+01:00")
    assert say("cancel", event="the meeting")[0].startswith(
        "!Which event do you mean: team meeting (tomorrow at 10 am) or"
    )
    assert say("cancel", event="meeting", day="2026-03-06")[0].startswith("Cancelled board meeting")
    say("add", title="team meeting", start="2026-03-12T10:00:00+01:00")
    say("add", title="team meeting", start="2026-02-12T10:00:00+01:00")
    assert say("cancel", event="meeting")[0] == "Cancelled team meeting tomorrow from 10 am to 11 am."


@pytest.mark.parametrize(
    "given",
    [
        {"title": "x", "start": "2026-03-10T15:00:00", "end": "2026-03-10T14:00:00"},
        {"title": "x", "start": "2026-03-10T15:00:00", "duration": "-PT1H"},
        {"title": "x", "start": "9999-12-31T23:59:59"},
        {"title": "x", "start": "0001-01-01T00:00:00+14:00"},
        {"title": " \u0000 ", "start": "2026-03-10T15:00:00"},
        {"title": "x", "start": "2026-03-10T15:00:00", "repeat": "FREQ=HOURLY"},
        {"title": "x", "start": "2026-02-31T15:00:00"},
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(say: Say, given: dict[str, str]) -> None:
    text, _ = say("add", **given)
    assert text.startswith("!")
    assert "failed in" not in text
    assert say("agenda", start="1950-01-01T00:00:00", end="2190-01-01T00:00:00")[1]["events"] == []


def test_events_are_their_members_own(say: Say) -> None:
    say("add", **DENTIST, member="anna")
    assert say("cancel", event="e1")[0] == "!There is nothing on your calendar."
    assert say("agenda", day="2026-03-10")[1]["events"] == []
    assert say("export")[1]["events"] == 0
    assert say("add", **YOGA)[1]["muos/names"] == {"event": ["yoga"]}
    assert say("clear")[0] == "Deleted 1 event."
    assert say("next", member="anna")[0].startswith("Next is dentist")


def test_what_is_exported_comes_back_the_same(say: Say) -> None:
    say("add", **DENTIST, location="the clinic; room 2, left")
    say("add", **YOGA | {"repeat": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260330"})
    say("cancel", event="yoga", day="2026-03-16")
    say("add_all_day", title="mum's birthday", day="2026-06-03", repeat="FREQ=YEARLY")
    span = ("2026-03-01T00:00:00+01:00", "2027-03-01T00:00:00+01:00")
    before, content = starts(say, *span), say("export")[1]["content"]
    assert len(before) == 5
    assert say("import", content=content, member="anna")[0] == "Imported 3 events."
    assert starts(say, *span, member="anna") == before
    assert say("import", call_id="again", content=content)[0] == "Imported 3 events (3 replaced)."
    assert starts(say, *span) == before


def test_an_import_is_undone(say: Say) -> None:
    say("import", call_id="in", content=calendar_of("UID:a\nDTSTART:20260310T140000Z\nSUMMARY:Tea"))
    assert starts(say, "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00") == ["Tea 2026-03-10T15:00:00+01:00"]
    say("undo", call="in")
    assert starts(say, "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00") == []


def test_a_changed_and_a_cancelled_time_of_an_imported_series_are_taken_over(say: Say) -> None:
    series = "UID:s\nSUMMARY:Choir\nDTSTART;TZID=Europe/Paris:20260302T200000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4"
    paris = "TZID=Europe/Paris"
    moved = f"UID:s\nSUMMARY:Choir\nRECURRENCE-ID;{paris}:20260309T200000\nDTSTART;{paris}:20260310T190000"
    off = f"UID:s\nSTATUS:CANCELLED\nRECURRENCE-ID;{paris}:20260316T200000\nDTSTART;{paris}:20260316T200000"
    assert say("import", content=calendar_of(series, moved, off))[0] == "Imported 2 events."
    assert starts(say, "2026-03-01T00:00:00+01:00", "2026-05-01T00:00:00+02:00") == [
        "Choir 2026-03-02T20:00:00+01:00",
        "Choir 2026-03-10T19:00:00+01:00",
        "Choir 2026-03-23T20:00:00+01:00",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "hello",
        "BEGIN:VCALENDAR\nEND:VEVENT",
        "BEGIN:VCALENDAR\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:99999999\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260310T140000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR",
        "\u0000\u0001",
        "BEGIN:VCALENDAR\n" * 200,
    ],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(say: Say, content: str) -> None:
    text, _ = say("import", content=content)
    assert text.startswith("!")
    assert "failed in" not in text
    assert "\n" not in text


def test_unreadable_events_among_good_ones_are_counted(say: Say) -> None:
    content = calendar_of(
        "UID:a\nDTSTART:20260310T140000Z\nDTEND:20260310T130000Z", "UID:b\nDTSTART;VALUE=DATE:20260310"
    )
    assert say("import", content=content)[0] == "Imported 1 event (1 could not be read)."


def calendar_of(*events: str) -> str:
    parts = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{parts}END:VCALENDAR\n".replace("\n", "\r\n")


@pytest.mark.parametrize("name", ["clock", "calendar", "reminders"])
async def test_the_service_answers_as_a_process_of_its_own(tmp_path: Path, name: str) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=[str(ROOT / "services" / name / "server.py")],
        env={"MUOS_SERVICE_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")},
    )
    async with Client(stdio_client(server)) as client:
        tools = (await client.list_tools()).tools
        shown = [tool for tool in tools if not (tool.meta or {}).get("muos/hidden")]
        assert all(len((tool.meta or {})["muos/examples"]) >= 3 for tool in shown)
        assert all(len(f"{name}_{tool.name}") <= 64 for tool in tools)
        json.dumps([tool.input_schema for tool in tools])
        read = {"clock": "timers", "calendar": "agenda", "reminders": "list"}[name]
        answer = await client.call_tool(read, {})
        assert not answer.is_error

"""The reminders service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.reminders.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE = "2026-03-04T09:00:00+01:00"
MONDAYS = {"text": "to water the plants", "at": "2026-03-09T08:00:00+01:00", "repeat": "FREQ=WEEKLY;BYDAY=MO"}


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


def told(say: Say, now: str) -> list[str]:
    return [alert["text"] for alert in say("due", now=now)[1]["alerts"]]


def test_a_reminder_is_told_once_at_its_time(say: Say) -> None:
    text, data = say("add", text="to call mum", at="2026-03-05T17:00:00+01:00")
    assert text == "I'll remind you tomorrow at 5 pm: call mum."
    assert data["muos/due"] == "2026-03-05T17:00:00+01:00"
    assert data["muos/touched"][0] | {"within": None} == {
        "kind": "reminder",
        "name": "call mum",
        "id": "r1",
        "at": "2026-03-05T17:00:00+01:00",
        "within": None,
    }
    assert told(say, "2026-03-05T16:59:59+01:00") == []
    assert told(say, "2026-03-05T17:00:00+01:00") == ["Reminder: call mum."]
    assert told(say, "2026-03-05T17:00:01+01:00") == []


def test_what_was_missed_is_told_once_with_when_it_was_due(say: Say) -> None:
    say("add", text="call mum", at="2026-03-05T17:00:00+01:00")
    say("add", **MONDAYS)
    assert told(say, "2026-03-25T09:00:00+01:00") == [
        "Reminder: call mum (was due Thursday 5 March at 5 pm).",
        "Reminder: water the plants (was due Monday 9 March at 8 am).",
    ]
    assert say("due", now="2026-03-25T09:00:00+01:00")[1]["muos/due"] == "2026-03-30T08:00:00+02:00"


def test_eight_stays_eight_when_the_clocks_change(say: Say) -> None:
    say("add", **MONDAYS, now="2026-03-22T09:00:00+01:00")
    listed = say(
        "list", start="2026-03-22T09:00:00+01:00", end="2026-04-01T00:00:00+02:00", now="2026-03-22T09:00:00+01:00"
    )
    assert [row["at"] for row in listed[1]["reminders"]] == ["2026-03-23T08:00:00+01:00", "2026-03-30T08:00:00+02:00"]


def test_a_reminder_keeps_the_zone_it_was_set_in(say: Say) -> None:
    say("add", text="stretch", at="2026-03-05T08:00:00-05:00", repeat="FREQ=DAILY", zone="America/New_York")
    assert say("due", now="2026-03-05T15:00:00+01:00")[1]["muos/due"] == "2026-03-06T14:00:00+01:00"


def test_an_hour_that_the_clocks_skip_moves_on_by_one(say: Say) -> None:
    assert "Sunday 29 March at 3:30 am" in say("add", text="owl", at="2026-03-29T02:30:00")[0]


@pytest.mark.parametrize(
    "at", ["2026-03-03T17:00:00+01:00", "2026-03-04T09:00:00+01:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00"]
)
def test_a_time_that_has_passed_or_is_absurd_is_refused(say: Say, at: str) -> None:
    assert say("add", text="x", at=at)[0].startswith("!")
    assert say("list")[1]["reminders"] == []


@pytest.mark.parametrize(
    "rule",
    [
        "nonsense",
        "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;BYSETPOS=5",
        ";;=",
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(say: Say, rule: str) -> None:
    assert say("add", text="x", at="2026-03-05T08:00:00+01:00", repeat=rule)[0].startswith("!")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("RRULE:FREQ=DAILY;COUNT=3", "every day, 3 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tuesday"),
        ("FREQ=MONTHLY;BYDAY=1MO", "every month on the first Monday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=3", "every year on day 3 in June"),
        ("FREQ=DAILY;UNTIL=20260401", "every day until 1 April 2026"),
        ("FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0", "every day at 8 am and 8 pm"),
    ],
)
def test_a_repeat_is_said_in_words(say: Say, rule: str, said: str) -> None:
    assert f", then {said}: x." in say("add", text="x", at="2026-03-05T08:00:00+01:00", repeat=rule)[0]


def test_the_last_of_a_counted_repeat_is_the_end_of_it(say: Say) -> None:
    say("add", text="pill", at="2026-03-05T08:00:00+01:00", repeat="FREQ=DAILY;COUNT=2")
    assert told(say, "2026-03-05T08:00:00+01:00") == ["Reminder: pill."]
    assert told(say, "2026-03-06T08:00:00+01:00") == ["Reminder: pill."]
    assert say("due", now="2026-03-07T08:00:00+01:00")[1]["muos/due"] is None


def test_what_was_just_told_is_snoozed_and_told_again(say: Say) -> None:
    assert say("snooze")[0] == "!No reminder has just been told; say which one you mean."
    say("add", **MONDAYS)
    monday = "2026-03-09T08:00:00+01:00"
    told(say, monday)
    assert say("snooze", now=monday)[0] == "Snoozed until today at 8:10 am: water the plants."
    assert told(say, "2026-03-09T08:10:00+01:00") == ["Reminder: water the plants."]
    assert say("list", now="2026-03-09T08:10:00+01:00")[1]["reminders"][0]["at"] == "2026-03-16T08:00:00+01:00"


def test_a_repeating_reminder_moved_forward_is_not_told_twice(say: Say) -> None:
    say("add", **MONDAYS)
    assert "only this time" in say("move", reminder="plants", at="2026-03-08T18:00:00+01:00")[0]
    assert len(told(say, "2026-03-08T18:00:00+01:00")) == 1
    assert told(say, "2026-03-09T08:00:00+01:00") == []
    assert told(say, "2026-03-16T08:00:00+01:00") == ["Reminder: water the plants."]


def test_done_ends_a_reminder_and_takes_a_repeating_one_to_its_next_time(say: Say) -> None:
    say("add", text="call mum", at="2026-03-05T17:00:00+01:00")
    say("add", **MONDAYS)
    assert say("done", reminder="mum")[0] == "Done: call mum."
    assert say("done", reminder="the plants")[0] == "Done: water the plants. Next Monday 16 March at 8 am."
    assert [row["text"] for row in say("list")[1]["reminders"]] == ["water the plants"]


def test_which_reminder_is_asked_where_several_would_fit(say: Say) -> None:
    say("add", text="call mum", at="2026-03-05T17:00:00+01:00")
    say("add", text="call the bank", at="2026-03-06T10:00:00+01:00")
    assert say("delete", reminder="call")[0].startswith("!Which reminder do you mean: call mum (tomorrow at 5 pm) or")
    assert say("change", reminder="bank", text="call the new bank")[0].endswith("now says: call the new bank.")
    assert say("delete", reminder="r1")[0] == "Deleted the reminder: call mum."
    assert say("delete", reminder="dentist")[0].startswith(
        "!I find no reminder called 'dentist'. There is call the new"
    )


def test_deleting_is_undone(say: Say) -> None:
    say("add", text="call mum", at="2026-03-05T17:00:00+01:00")
    say("delete", call_id="gone", reminder="mum")
    say("undo", call="gone")
    assert told(say, "2026-03-05T17:00:00+01:00") == ["Reminder: call mum."]


def test_reminders_are_their_members_own(say: Say) -> None:
    say("add", text="buy a gift", at="2026-03-05T17:00:00+01:00", member="anna")
    _, data = say("add", text="sleep", at="2026-03-05T22:00:00+01:00")
    assert data["muos/names"] == {"reminder": ["sleep"]}
    assert say("delete", reminder="r1")[0].startswith("!")
    assert say("delete_all")[0] == "Deleted 1 reminder."
    assert say("due", now="2026-03-05T17:00:00+01:00")[1]["alerts"][0]["member"] == "anna"

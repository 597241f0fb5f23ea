"""The habits service, through its door in process."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.habits.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]
WEDNESDAY = "2026-03-04T09:00:00+01:00"


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = WEDNESDAY, **given: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call_id, "muos/member": member, "muos/now": now, "muos/zone": "Europe/Paris"}
        result = service.answer(tool, given, meta)
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    service._opened().db.close()


def checked(say: Say, habit: str, *days: str) -> None:
    for day in days:
        assert not say("check", habit=habit, day=day)[0].startswith("!")


def test_a_daily_streak_stands_until_a_day_was_missed(say: Say) -> None:
    say("add", habit="to meditate")
    checked(say, "meditate", "2026-03-01", "2026-03-02", "2026-03-03")
    assert say("streaks")[1]["streaks"] == [{"habit": "meditate", "streak": 3, "longest": 3}]
    assert say("check", habit="meditate")[0] == "Meditate is checked off today: 4 days in a row."
    assert say("streaks", now="2026-03-05T23:00:00+01:00")[1]["streaks"][0]["streak"] == 4
    assert say("streaks", now="2026-03-06T00:30:00+01:00")[1]["streaks"] == [
        {"habit": "meditate", "streak": 0, "longest": 4}
    ]


def test_only_the_days_that_a_habit_is_for_count(say: Say) -> None:
    say("add", habit="piano", repeat="FREQ=WEEKLY;BYDAY=MO,TH")
    checked(say, "piano", "2026-02-23", "2026-02-26", "2026-03-02")
    assert say("streaks")[0] == "Piano: 3 times in a row (longest 3)."
    assert say("today")[0] == "Nothing is open."
    assert say("today", now="2026-03-05T09:00:00+01:00")[0] == "Still open: piano."


def test_so_many_times_a_week_are_counted_by_weeks(say: Say) -> None:
    say("add", habit="exercise 2 times a week", times_a_week=2)
    checked(say, "exercise", "2026-02-16", "2026-02-22", "2026-02-23", "2026-02-24", "2026-03-03")
    assert say("streaks")[0] == "Exercise: 2 weeks in a row (longest 2)."
    assert say("today")[1]["open"] == ["exercise"]
    checked(say, "exercise", "2026-03-04")
    assert say("streaks")[0] == "Exercise: 3 weeks in a row (longest 3)."
    assert say("today", now="2026-03-05T09:00:00+01:00")[1]["open"] == []


def test_a_tick_is_taken_off_undone_and_not_set_twice(say: Say) -> None:
    say("add", habit="read")
    say("check", habit="read", call_id="c1")
    assert say("check", habit="read")[0] == "!Read is checked off today already."
    assert say("undo", call="c1")[0].startswith("Undone")
    assert say("uncheck", habit="read")[0] == "!Read isn't checked off today."
    assert say("check", habit="read", day="2026-03-05")[0] == "!That day is still to come."
    say("check", habit="read")
    assert say("uncheck", habit="read")[0] == "Read is open again today."


def test_a_reminder_comes_only_while_the_habit_is_open(say: Say) -> None:
    _, data = say("add", habit="floss", remind_at="21:00")
    assert data["muos/due"] == "2026-03-04T21:00:00+01:00"
    assert say("check", habit="floss")[1]["muos/due"] == "2026-03-05T21:00:00+01:00"
    assert say("uncheck", habit="floss")[1]["muos/due"] == "2026-03-04T21:00:00+01:00"
    alerts = say("due", now="2026-03-04T21:00:00+01:00")[1]
    assert [alert["text"] for alert in alerts["alerts"]] == ["Still open today: floss."]
    assert alerts["muos/due"] == "2026-03-05T21:00:00+01:00"
    late = say("due", now="2026-03-29T12:00:00+02:00")[1]
    assert (late["alerts"], late["muos/due"]) == ([], "2026-03-29T21:00:00+02:00")


def test_history_says_how_often_it_was_done_and_wanted(say: Say) -> None:
    say("add", habit="read", now="2026-02-01T09:00:00+01:00")
    checked(say, "read", "2026-02-01", "2026-02-03", "2026-02-28")
    text, data = say("history", habit="read", start="2026-02-01", end="2026-02-28")
    assert "done 3 times of 28 from Sunday 1 February" in text
    assert (data["days"], data["wanted"]) == (["2026-02-01", "2026-02-03", "2026-02-28"], 28)


def test_the_archive_keeps_the_days_and_gives_them_back(say: Say) -> None:
    say("add", habit="read", remind_at="20:00")
    checked(say, "read", "2026-03-03")
    assert say("archive", habit="read")[1]["muos/due"] is None
    assert say("list")[0] == "You have no habits."
    assert say("list", archived=True)[0].startswith("Read every day")
    assert say("resume", habit="read")[1]["muos/due"] == "2026-03-04T20:00:00+01:00"
    assert say("streaks")[1]["streaks"][0]["streak"] == 1


def test_a_habit_can_be_changed(say: Say) -> None:
    say("add", habit="yoga")
    assert say("change", habit="yoga", times_a_week=2)[0] == "Now: yoga 2 times a week."
    assert (
        say("change", habit="yoga", repeat="FREQ=WEEKLY;BYDAY=TU", name="hot yoga")[0] == "Now: hot yoga every Tuesday."
    )
    assert say("change", habit="yoga")[0].startswith("!Say what")
    assert say("add", habit="x", repeat="FREQ=MONTHLY")[0].startswith("!A habit is for")


def test_the_chart_is_a_picture_that_says_its_figures(say: Say) -> None:
    say("add", habit="read <b>&</b>")
    checked(say, "read", "2026-03-01", "2026-03-04")
    svg = ET.fromstring(say("chart")[1]["chart"])
    space = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.findtext(f"{space}title") == "Read <b>&</b>: the last half year"
    assert svg.findtext(f"{space}desc") == "2 of 182 days."
    assert len([each for each in svg.iter(f"{space}rect") if each.get("class") == "mark"]) == 2


def test_habits_are_each_members_own(say: Say) -> None:
    say("add", habit="read")
    assert say("list", member="bob")[0] == "You have no habits."
    assert say("check", habit="read", member="bob")[0] == "!You have no habits."

"""The clock service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.clock.places import CITIES, COUNTRIES, place, places
from services.clock.server import service
from services.kit import Refusal

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE = "2026-03-04T09:00:00+01:00"


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = NINE, **arguments: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call_id, "muos/member": member, "muos/now": now, "muos/zone": "Europe/Paris"}
        result = service.answer(tool, arguments, meta)
        text = getattr(result.content[0], "text", "")
        data = {**(result.structured_content or {}), "due": (result.meta or {}).get("muos/due")}
        return ("!" if result.is_error else "") + text, data

    yield say
    service._opened().db.close()


def alerts(say: Say, now: str) -> list[str]:
    return [alert["text"] for alert in say("due", now=now)[1]["alerts"]]


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Tokyo", "Asia/Tokyo"),
        ("são paulo", "America/Sao_Paulo"),
        ("Paris, France", "Europe/Paris"),
        ("Mumbai", "Asia/Kolkata"),
        ("Beijing", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("Washington, D.C.", "America/New_York"),
        ("St. Louis", "America/Chicago"),
        ("the Netherlands", "Europe/Amsterdam"),
        ("Europe/Rome", "Europe/Rome"),
        ("pacific time", "America/Los_Angeles"),
        ("UTC+2", "Etc/GMT-2"),
    ],
)
def test_a_place_is_known_as_people_say_it(said: str, zone: str) -> None:
    assert place(said).zone.key == zone


def test_every_place_of_the_tables_has_a_zone() -> None:
    for names in CITIES.values():
        for name in names.split(","):
            assert places(name)
    assert all(len(places(country)) > 1 for country in COUNTRIES)


@pytest.mark.parametrize("said", ["", "nowhere at all", "日本", "x" * 80])
def test_an_unknown_place_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(Refusal, match="I don't know what time it is"):
        place(said)


def test_a_misspelt_place_is_hinted_at(say: Say) -> None:
    assert "Did you mean Tokyo?" in say("time", place="Tokio")[0]


def test_time_is_told_here_there_and_across_a_wide_country(say: Say) -> None:
    assert say("time")[0] == "It is 9 am."
    assert say("time", place="Tokyo")[0] == "It is 5 pm in Tokyo."
    assert say("time", place="Sydney", now="2026-03-04T20:30:00+01:00")[0] == "It is 6:30 am tomorrow in Sydney."
    assert say("time", place="USA")[0].startswith("It is 3 am in New York, 2 am in Chicago")


def test_places_are_compared_and_times_converted(say: Say) -> None:
    assert say("difference", place="London", other_place="Tokyo")[0] == "London is 9 hours behind Tokyo."
    assert say("difference", place="India")[0] == "India is 4 hours and 30 minutes ahead of here."
    assert say("difference", place="Berlin")[0] == "Berlin and here have the same time."
    assert say("convert", at="2026-03-04T15:00:00", from_place="New York")[0] == "3 pm in New York is 9 pm here."
    assert "7 am Thursday 5 March in Tokyo" in say("convert", at="2026-03-04T23:00:00", to_place="Tokyo")[0]
    assert say("convert", at="2026-03-04T23:00:00")[0].startswith("!")


def test_dates_are_told_and_counted(say: Say) -> None:
    assert say("day")[0] == "Today is Wednesday 4 March 2026."
    assert say("day", day="1969-07-20")[0] == "20 July 1969 was a Sunday."
    assert say("days_until", day="2026-12-25")[1]["days"] == 296
    assert say("days_until", day="2026-03-05")[0] == "That is tomorrow (Thursday 5 March)."
    assert say("days_until", day="9999-01-01")[0].startswith("!The year 9999")


def test_a_timer_is_set_asked_after_and_rings_once(say: Say) -> None:
    text, data = say("set_timer", duration="PT12M", name="the pasta timer")
    assert text == "The pasta timer is set for 12 minutes, until 9:12 am."
    assert data["due"] == "2026-03-04T09:12:00+01:00"
    assert say("timer_left", timer="pasta")[0] == "12 minutes left on the pasta timer."
    assert say("timer_left", now="2026-03-04T09:11:30+01:00")[0] == "30 seconds left on the pasta timer."
    assert alerts(say, "2026-03-04T09:11:59+01:00") == []
    assert alerts(say, "2026-03-04T09:12:00+01:00") == ["The pasta timer is done."]
    assert alerts(say, "2026-03-04T09:12:00+01:00") == []
    assert (
        say("timer_left", timer="pasta", now="2026-03-04T09:15:00+01:00")[0] == "The pasta timer ended 3 minutes ago."
    )
    assert say("timers", now="2026-03-04T09:15:00+01:00")[0] == "No timer is running."


def test_several_timers_are_told_apart_by_name_or_length(say: Say) -> None:
    say("set_timer", duration="PT12M", name="pasta")
    say("set_timer", duration="PT5M")
    assert say("timer_left")[0] == "5 minutes left on the 5 minute timer and 12 minutes left on the pasta timer."
    assert say("cancel_timer")[0].startswith("!Which timer do you mean: 5 minute")
    assert say("extend_timer", duration="PT1M", timer="5 minutes")[0].startswith("Added 1 minute: 6 minutes left")
    assert say("cancel_timer", timer="the pasta one")[0] == "Cancelled the pasta timer."
    assert say("cancel_all_timers")[0] == "Cancelled 1 timer."


def test_cancelling_a_timer_is_undone(say: Say) -> None:
    say("set_timer", duration="PT12M", name="pasta")
    say("cancel_timer", call_id="gone")
    assert say("undo", call="gone")[0] == "Undone: Cancelled the pasta timer."
    assert say("timer_left")[0].startswith("12 minutes left")


def test_a_timer_is_its_members_own(say: Say) -> None:
    say("set_timer", duration="PT12M", name="pasta", member="anna")
    assert say("timers")[0] == "No timer is running."
    assert say("cancel_timer", timer="t1")[0] == "!No timer is running."


@pytest.mark.parametrize("duration", ["-PT1M", "PT0S", "P99999D"])
def test_an_absurd_duration_is_refused(say: Say, duration: str) -> None:
    assert say("set_timer", duration=duration)[0].startswith("!")


def test_an_alarm_for_a_time_that_has_passed_today_rings_tomorrow(say: Say) -> None:
    assert say("set_alarm", at="2026-03-04T07:00:00+01:00")[0] == "Alarm set for tomorrow at 7 am."
    assert say("set_alarm", at="2026-03-01T07:00:00+01:00")[0].startswith("!Sunday 1 March at 7 am has already passed")


def test_a_repeating_alarm_keeps_its_hour_when_the_clocks_change(say: Say) -> None:
    say("set_alarm", at="2026-03-28T07:00:00+01:00", repeat="FREQ=DAILY", now="2026-03-27T09:00:00+01:00")
    assert alerts(say, "2026-03-28T07:00:00+01:00") == ["Alarm: it is 7 am."]
    assert say("due", now="2026-03-28T07:00:00+01:00")[1]["due"] == "2026-03-29T07:00:00+02:00"


def test_alarms_missed_while_nothing_ran_are_told_once(say: Say) -> None:
    say("set_alarm", at="2026-03-05T07:00:00+01:00", repeat="FREQ=DAILY", name="school")
    assert alerts(say, "2026-03-09T09:00:00+01:00") == ["Alarm: school (was due Thursday 5 March at 7 am)."]
    assert say("alarms", now="2026-03-09T09:00:00+01:00")[0] == "1 alarm: school tomorrow at 7 am (every day)."


def test_an_alarm_is_cancelled_by_its_time(say: Say) -> None:
    say("set_alarm", at="2026-03-05T07:00:00+01:00")
    say("set_alarm", at="2026-03-05T08:30:00+01:00")
    assert say("cancel_alarm", alarm="my 7 am alarm")[0] == "Cancelled the alarm for tomorrow at 7 am."
    assert say("cancel_alarm")[0] == "Cancelled the alarm for tomorrow at 8:30 am."
    assert say("cancel_alarm")[0] == "!No alarm is set."


def test_the_stopwatch_runs_takes_laps_and_stops(say: Say) -> None:
    assert say("stopwatch")[0] == "The stopwatch has not been started."
    assert say("stop_stopwatch")[0] == "!The stopwatch is not running."
    say("start_stopwatch")
    assert say("lap", now="2026-03-04T09:01:00+01:00")[0] == "Lap 1: 1 minute, 1 minute in all."
    assert say("stop_stopwatch", now="2026-03-04T09:01:30+01:00")[0] == "Stopped at 1 minute and 30 seconds."
    assert say("stopwatch", now="2026-03-04T10:00:00+01:00")[1]["laps"] == [60.0]
    assert say("start_stopwatch")[0] == "The stopwatch is running."


def test_days_between_two_dates_are_counted(say: Say) -> None:
    said = "From Sunday 1 March to Friday 15 May it is 75 days, 10 weeks and 5 days."
    assert say("days_until", day="2026-03-01", other_day="2026-05-15")[0] == said
    # a day that was said without its year is read as the coming one
    assert say("days_until", day="2027-03-01", other_day="2026-05-15")[0] == said


def test_the_time_in_two_cities_is_told_at_once(say: Say) -> None:
    assert say("time", place="London and Sydney")[0] == "It is 8 am in London and 7 pm in Sydney."
    assert say("time", place="London and Xyzzy")[0].startswith("!I don't know what time it is in 'Xyzzy'")

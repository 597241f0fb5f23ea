"""The weather service in process, against made-up weather behind Open-Meteo's two protocols."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.weather.codes import WORDS, wind
from services.weather.server import service
from tests.services.direct import direct
from tests.services.door import Door, door
from tests.services.outage import OUTAGES, happens
from tests.services.stage.weather import furnish
from tests.services.website import Answer, Website, website


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        furnish(site)
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Website) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say, direct(monkeypatch):
        monkeypatch.setattr("services.weather.openmeteo.SECONDS", 0.5)
        say.settings = {"server": site.url(), "geocoder": site.url()}
        yield say


def test_the_weather_now_is_told_in_words(say: Door, site: Website) -> None:
    assert say("now") == (
        "In Paris it is 9 °C and overcast, feels like 6 °C, wind 14 km/h from the west, humidity 81%."
    )
    assert "latitude=48.87&longitude=2.33" in site.asked[0].path  # a kilometre, not the house


def test_one_request_answers_all_questions_for_half_an_hour(say: Door, site: Website) -> None:
    for tool in ("now", "day", "week", "hours", "rain"):
        say(tool)
    assert len(site.asked) == 1
    say.now = "2026-03-04T09:31:00+01:00"
    say("now")
    assert len(site.asked) == 2


def test_a_day_and_the_days_ahead_are_told(say: Door) -> None:
    assert say("day", day="2026-03-05") == "Tomorrow in Paris: light rain, 5 to 15 °C, 80% chance of rain (6 mm)."
    assert "wind up to 35 km/h" in say("day", day="2026-03-08")
    assert say("week", days=3).startswith(
        "Paris: today overcast, 5 to 15 °C, 80% chance of rain (2.4 mm); tomorrow light"
    )
    assert len(say.data["days"]) == 3


def test_a_weekend_is_told_by_its_days(say: Door) -> None:
    assert say("week", start="2026-03-07", end="2026-03-08").startswith("Paris: Saturday 7 March light rain")
    assert [row["day"] for row in say.data["days"]] == ["2026-03-07", "2026-03-08"]
    assert say("week", start="2026-02-28", end="2026-03-01") == "!That time is over; I know only the weather to come."
    assert say("week", start="2026-05-02", end="2026-05-03").startswith("!The forecast reaches only until")


def test_the_hours_are_told_from_now_on(say: Door) -> None:
    answer = say("hours", start="2026-03-05T14:00:00+01:00", end="2026-03-05T17:00:00+01:00")
    assert answer == ("Paris from tomorrow at 2 pm: 2 pm 15 °C overcast; 3 pm 15 °C light rain; 4 pm 15 °C light rain.")
    say("hours", start="2026-03-05T00:00:00+01:00", end="2026-03-04T10:00:00+01:00")
    assert len(say.data["hours"]) == 12
    say("hours")
    assert say.data["hours"][0]["at"] == "2026-03-04T09:00:00+01:00"


def test_rain_is_foretold_with_its_hours(say: Door) -> None:
    afternoon: dict[str, Any] = {"start": "2026-03-05T12:00:00+01:00", "end": "2026-03-05T20:00:00+01:00"}
    assert say("rain", **afternoon) == "Yes, rain is likely in Paris from tomorrow at 3 pm until 6 pm (80%)."
    assert say.data["rain"] is True
    today: dict[str, Any] = {"start": "2026-03-04T12:00:00+01:00", "end": "2026-03-04T20:00:00+01:00"}
    assert say("rain", **today) == "No, no rain is expected in Paris until today at 8 pm."
    assert "and again later" in say("rain", start="2026-03-05T12:00:00+01:00", end="2026-03-07T12:00:00+01:00")


def test_a_village_is_found_by_the_geocoder_and_told_in_its_own_time(say: Door) -> None:
    assert say("now", place="Little Snoring").startswith("In Little Snoring it is 9 °C")
    assert say.data["zone"] == "Europe/London"
    assert say("now", place="Little Snoring, England").startswith("In Little Snoring")
    assert say("now", place="Little Snoring, Texas") == "!I find no place called 'Little Snoring, Texas'."
    assert say("now", place="Xyzzyville") == "!I find no place called 'Xyzzyville'."


def test_units_follow_the_country_or_the_setting(say: Door) -> None:
    say.zone = "America/New_York"
    assert "49 °F" in say("now")
    say.zone = "Europe/Paris"
    say.settings |= {"units": "imperial"}
    assert "49 °F" in say("now")


@pytest.mark.parametrize(
    ("tool", "arguments", "answer"),
    [
        ("day", {"day": "2026-03-01"}, "!That day is over"),
        ("day", {"day": "2026-05-01"}, "!The forecast reaches only until Thursday 19 March."),
        ("rain", {"start": "2026-03-03T10:00:00+01:00", "end": "2026-03-03T11:00:00+01:00"}, "!That time is over"),
        ("hours", {"start": "2026-06-03T10:00:00+01:00", "end": "2026-06-03T12:00:00+01:00"}, "!I have no forecast"),
        ("week", {"days": 40}, "?days: "),
    ],
)
def test_what_is_out_of_reach_is_refused(say: Door, tool: str, arguments: dict[str, Any], answer: str) -> None:
    assert say(tool, **arguments).startswith(answer)


@pytest.mark.parametrize("name", sorted(OUTAGES))
def test_every_outage_is_said_plainly(say: Door, site: Website, name: str) -> None:
    heard = happens(site, "/v1/forecast", name)
    answer = say("now")
    assert answer.startswith("!")
    assert heard in answer


@pytest.mark.parametrize("name", ["limited", "broken", "slow"])
def test_the_last_forecast_serves_with_its_age(say: Door, site: Website, name: str) -> None:
    say("now")
    happens(site, "/v1/forecast", name)
    say.now = "2026-03-04T12:00:00+01:00"
    assert say("now").endswith("(as of 3 hours ago; I can't reach it now).")
    assert (say.data["age_minutes"], say.data["stale"]) == (180, True)
    assert say("day", day="2026-03-06").endswith("(as of 3 hours ago; I can't reach it now).")


def test_a_forecast_that_has_run_out_is_no_forecast(say: Door, site: Website) -> None:
    say("now")
    happens(site, "/v1/forecast", "broken")
    say.now = "2026-05-04T12:00:00+02:00"
    assert say("week").startswith("!My last forecast for Paris has run out")


def test_nonsense_is_not_kept(say: Door, site: Website) -> None:
    site.pages["/v1/forecast"] = Answer(b"<html>maintenance</html>")
    assert say("now").startswith("!")
    furnish(site)
    assert say("now").startswith("In Paris it is")


def test_missing_figures_are_left_out(say: Door, site: Website) -> None:
    site.pages["/v1/forecast"] = Answer(
        b'{"current": {"time": "2026-03-04T09:00", "temperature_2m": null},'
        b' "hourly": {"time": []}, "daily": {"time": []}}'
    )
    assert say("now") == "In Paris it is unknown temperature and weather unknown."
    assert say("day").startswith("!The weather server gives no forecast for there.")


def test_every_code_of_the_table_has_words_and_winds_have_names() -> None:
    assert len(WORDS) == 28
    assert [wind(degrees) for degrees in (0, 44, 90, 200, 350)] == ["north", "north-east", "east", "south", "north"]

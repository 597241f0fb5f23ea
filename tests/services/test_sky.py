"""The sky service, through its door in process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sky.server import service
from tests.services.door import Door, door


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say:
        yield say


def test_sunrise_and_sunset_are_those_of_the_almanac(say: Door) -> None:
    answer = say("sun", place="London", day="2026-06-21")  # HM Nautical Almanac Office: 4:43 and 21:21 BST
    assert re.match(r"Sunday 21 June in London the sun rises at 4:4[23] am and sets at 9:2[12] pm", answer)
    assert say.data["day_length_minutes"] == pytest.approx(16 * 60 + 38, abs=1)


def test_home_is_the_city_of_the_time_zone_unless_a_place_is_set(say: Door) -> None:
    assert "in Paris" in say("sun")
    say.settings = {"place": "Lyon"}
    assert "in Lyon" in say("sun")


def test_another_zone_is_told_in_its_own_time(say: Door) -> None:
    answer = say("sun", place="Tokyo", day="2026-03-05")
    assert answer.endswith("(local time).")
    assert say.data["rise"].endswith("+09:00")


@pytest.mark.parametrize(
    ("day", "answer"), [("2026-06-21", "does not set: it is day all day long"), ("2026-12-21", "does not rise: it is")]
)
def test_polar_day_and_night_are_said_plainly(say: Door, day: str, answer: str) -> None:
    assert answer in say("sun", place="69.65, 18.96", day=day)


def test_a_sun_that_sets_after_midnight_is_told_with_its_day(say: Door) -> None:
    assert "sets at 12:0" in say("sun", place="Reykjavik", day="2026-06-21").replace("12:10", "12:0x")
    assert say.data["set"].startswith("2026-06-22")


def test_twilight_gets_deeper_in_order(say: Door) -> None:
    say("twilight", day="2026-03-20")
    order = [say.data[name]["dusk"] for name in ("civil", "nautical", "astronomical")]
    assert order == sorted(order)
    assert say.data["golden_evening"]["start"] < say.data["golden_evening"]["end"] < order[0]


def test_where_it_never_gets_fully_dark_that_is_said(say: Door) -> None:
    assert "it is never fully dark" in say("twilight", place="London", day="2026-06-21")


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        ("2026-03-03", "full"),  # a total eclipse of the moon at 11:34 UTC
        ("2026-08-12", "new"),  # a total eclipse of the sun
        ("2026-03-11", "at last quarter"),
        ("2026-03-15", "a waning crescent"),
        ("2026-03-22", "a waxing crescent"),
    ],
)
def test_the_moon_has_the_phase_of_the_almanac(say: Door, day: str, phase: str) -> None:
    say("moon", day=day)
    assert say.data["phase"] == phase


def test_the_next_full_moons_come_a_month_apart(say: Door) -> None:
    assert say("next_moon", phase="full", number=2) == (
        "The next 2 full moons: Thursday 2 April at 4:13 am and Friday 1 May at 7:24 pm."
    )


def test_the_moon_sometimes_does_not_rise_on_a_day(say: Door) -> None:
    days = [f"2026-03-{day:02}" for day in range(1, 31)]
    rises = []
    for day in days:
        say("moon", day=day)
        rises.append(say.data["rise"])
    assert rises.count(None) == 1


def test_the_sun_stands_south_at_noon_and_below_at_midnight(say: Door) -> None:
    assert "above the horizon" in say("position", at="2026-03-04T13:02:00+01:00")
    assert say.data["azimuth"] == pytest.approx(180, abs=0.5)
    assert "below the horizon" in say("position", at="2026-03-05T00:00:00+01:00")


def test_seasons_begin_when_the_almanac_has_them(say: Door) -> None:
    assert "March equinox Friday 20 March at 3:46 pm" in say("seasons")  # 14:46 UTC
    assert "December solstice Monday 21 December at 9:50 pm" in say("seasons")  # 20:50 UTC


def test_years_beyond_measure_are_refused(say: Door) -> None:
    assert say("sun", day="1500-01-01").startswith("!The year 1500")
    assert say("seasons", start="2500-01-01").startswith("!")


def test_an_unknown_place_is_refused_with_what_to_do(say: Door) -> None:
    assert say("moon", place="Xyzzyville").startswith("!I don't know where 'Xyzzyville' is")

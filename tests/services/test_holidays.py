"""The holidays service, through its door in process; its table held against the library that it was made from."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.holidays.naming import country_name, find
from services.holidays.server import service
from services.holidays.table import holidays, known_years, regions, table, working_days
from tests.services.door import Door, door

LIBRARY: Any = importlib.import_module("holidays") if importlib.util.find_spec("holidays") else None
SAMPLE = [("DE", "BY"), ("DE", ""), ("US", "CA"), ("US", ""), ("GB", "SCT"), ("FR", ""), ("IN", "KL"), ("JP", "")]
SAMPLE += [("TR", ""), ("AU", "NSW"), ("CH", "TI"), ("BR", "SP"), ("MY", "14"), ("ES", "CT"), ("IL", ""), ("EG", "")]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say:
        yield say


@pytest.mark.skipif(LIBRARY is None, reason="python-holidays, from which the table is made, is not installed")
@pytest.mark.parametrize(("country", "region"), SAMPLE)
def test_the_table_says_what_the_library_says(country: str, region: str) -> None:
    made = LIBRARY.country_holidays(country, subdiv=region or None, years=range(2024, 2031))
    ours = {one.day for one in holidays(country, region, date(2024, 1, 1), date(2030, 12, 31))}
    assert ours == set(made)


def test_nearly_every_country_is_known() -> None:
    assert len(table()) > 240
    assert sum(len(regions(country)) for country in table()) > 600
    assert all(known_years(country)[1] >= 2026 for country in table())
    assert all(country_name(country) != country for country in table())


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("France", ("FR", "")),
        ("the UK", ("GB", "")),
        ("England", ("GB", "ENG")),
        ("Scotland", ("GB", "SCT")),
        ("Bavaria", ("DE", "BY")),
        ("Bayern", ("DE", "BY")),
        ("the United States", ("US", "")),
        ("California", ("US", "CA")),
        ("Georgia", ("GE", "")),
        ("Georgia, US", ("US", "GA")),
        ("Catalonia", ("ES", "CT")),
        ("Kerala", ("IN", "KL")),
        ("Ontario", ("CA", "ON")),
        ("South Korea", ("KR", "")),
        ("Côte d'Ivoire", ("CI", "")),
        ("DE", ("DE", "")),
    ],
)
def test_countries_and_regions_are_found_as_people_call_them(said: str, where: tuple[str, str]) -> None:
    found = find(said, "FR")
    assert (found.country, found.region) == where


def test_a_region_at_home_comes_before_a_country() -> None:
    assert find("Georgia", "US").region == "GA"


def test_home_is_the_country_of_the_time_zone_unless_another_is_set(say: Door) -> None:
    assert say("next") == "The next public holiday in France is Easter Monday, in 33 days (Monday 6 April)."
    say.settings = {"country": "Germany", "region": "Bavaria"}
    assert say("next") == "The next public holiday in Bavaria is Good Friday, in 30 days (Friday 3 April)."
    say.zone, say.settings = "UTC", {}
    assert say("next").startswith("!For which country?")


def test_a_holiday_of_some_regions_is_told_as_such(say: Door) -> None:
    answer = say("check", day="2026-01-06", place="Germany")
    assert answer.startswith("Tuesday 6 January is no holiday in all of Germany, but in parts: Epiphany in")
    assert "Bavaria" in answer
    assert say.data["holiday"] is False
    assert say("check", day="2026-01-06", place="Bavaria").startswith("Yes")


def test_several_coming_holidays_are_told_in_order(say: Door) -> None:
    say("next", place="Italy", number=3)
    assert [row["day"] for row in say.data["holidays"]] == ["2026-04-05", "2026-04-06", "2026-04-25"]


def test_a_year_and_a_stay_are_listed(say: Door) -> None:
    assert say("all", place="Japan", start="2027-01-01", end="2027-12-31").startswith("Japan has 17 public holidays in")
    say("all", place="Greece", start="2026-04-03", end="2026-04-17")
    assert [row["day"] for row in say.data["holidays"]] == ["2026-04-10", "2026-04-13"]
    assert say("all", start="2026-03-05", end="2026-03-08").startswith("No public holidays in France")


@pytest.mark.parametrize(
    ("name", "place", "day"),
    [
        ("Easter Monday", "France", "2026-04-06"),
        ("Thanksgiving", "United States", "2026-11-26"),
        ("Labour Day", "Canada", "2026-09-07"),
        ("the fourth of July", "US", "2026-07-04"),
        ("Whit Monday", "Germany", "2026-05-25"),
        ("Christi Himmelfahrt", "Germany", "2026-05-14"),
        ("Boxing Day", "England", "2026-12-26"),
        ("day is Bastille Day", "France", "2026-07-14"),
        ("Corpus Christi", "Germany", "2026-06-04"),
    ],
)
def test_a_holiday_is_found_by_what_people_call_it(say: Door, name: str, place: str, day: str) -> None:
    say("find", name=name, place=place)
    assert say.data["holidays"][0]["day"] == day


def test_working_days_leave_out_holidays_and_the_countrys_own_weekend(say: Door) -> None:
    answer = say("working_days", start="2026-05-01", end="2026-05-31")
    assert answer.startswith("17 working days in France from Friday 1 May to Sunday 31 May, without 4 public holidays")
    assert working_days("IL", "", date(2026, 3, 6), date(2026, 3, 7)) == 0  # Friday and Saturday
    assert working_days("FR", "", date(2026, 3, 6), date(2026, 3, 7)) == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "answer"),
    [
        ("next", {"place": "Atlantis"}, "!I know no country or region called 'Atlantis'."),
        ("next", {"place": "Germny"}, "!I know no country or region called 'Germny'. Did you mean Germany?"),
        ("all", {"start": "2099-01-01"}, "!I know the holidays of France only from 2010 to 2040."),
        ("all", {"start": "2026-02-01", "end": "2026-01-01"}, "!The last day must not be before the first."),
        ("all", {"start": "2011-01-01", "end": "2040-01-01"}, "!That is too long a span for me"),
        ("check", {"day": "0001-01-01"}, "!The year 1 is out of my range"),
        ("find", {"name": "Festivus"}, "!I find no public holiday called 'Festivus' in France."),
        ("check", {"day": "soon"}, "?day: "),
    ],
)
def test_what_is_not_known_is_refused_in_words(say: Door, tool: str, arguments: dict[str, Any], answer: str) -> None:
    assert say(tool, **arguments).startswith(answer)

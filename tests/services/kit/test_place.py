"""Places: what is known offline needs no network, and nothing is taken for what it is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.kit import Context, Refusal, Reply
from services.kit.cities import CITIES, COUNTRY_WORDS
from services.kit.place import Spot, countries, distance_km, home_place, locate, plain, zone_near, zone_spots

FOUND = {"places": [{"name": "Aix", "latitude": 43.53, "longitude": 5.45, "country_code": "fr"}]}


def context(zone: str = "Europe/Paris", found: Mapping[str, Any] | None = None, **settings: str) -> Context:
    def ask(tool: str, arguments: Mapping[str, Any]) -> Reply:
        assert (tool, list(arguments)) == ("places_find", ["query"])
        return Reply("", found or {})

    now = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo(zone))
    with closing(sqlite3.connect(":memory:")) as db:
        asking = None if found is None else ask
        return Context(db, "owner", "home", now, "1", False, Path(), settings=settings, asking=asking)


@pytest.mark.parametrize(
    ("said", "name", "zone", "country"),
    [
        ("Paris", "Paris", "Europe/Paris", "FR"),
        ("paris, France", "Paris", "Europe/Paris", "FR"),
        ("London, UK", "London", "Europe/London", "GB"),
        ("São Paulo", "Sao Paulo", "America/Sao_Paulo", "BR"),
        ("Köln", "Cologne", "Europe/Berlin", "DE"),
        ("St. Petersburg", "St Petersburg", "Europe/Moscow", "RU"),
        ("  new   york ", "New York", "America/New_York", "US"),
        ("Kyoto, Japan", "Kyoto", "Asia/Tokyo", "JP"),
        ("Ho Chi Minh City", "Ho Chi Minh City", "Asia/Ho_Chi_Minh", "VN"),
    ],
)
def test_cities_are_known_offline(said: str, name: str, zone: str, country: str) -> None:
    spot = locate(context(), said)
    assert (spot.name, spot.zone, spot.country) == (name, zone, country)


def test_home_is_the_city_of_the_time_zone_unless_it_was_set() -> None:
    assert home_place(context("Asia/Tokyo")).name == "Tokyo"
    assert home_place(context("Asia/Tokyo", place="Lyon")).name == "Lyon"
    assert locate(context("Asia/Tokyo"), "here") == home_place(context("Asia/Tokyo"))
    with pytest.raises(Refusal, match="where home is"):
        home_place(context("UTC"))


def test_a_city_of_that_name_elsewhere_is_not_taken_for_the_known_one() -> None:
    with pytest.raises(Refusal, match="'Paris, Texas'"):
        locate(context(), "Paris, Texas")
    assert locate(context(found=FOUND), "London, Ontario").name == "Aix"


def test_what_is_not_known_offline_is_asked_of_places() -> None:
    assert locate(context(found=FOUND), "Aix") == Spot("Aix", 43.53, 5.45, "Europe/Paris", "FR")
    with pytest.raises(Refusal, match="no place called 'Nowhere'"):
        locate(context(found={"places": []}), "Nowhere")
    with pytest.raises(Refusal, match="no place"):
        locate(context(found={"places": [{"name": "x"}]}), "x")
    with pytest.raises(Refusal, match="larger city nearby"):
        locate(context(), "Hintertupfing")


def test_coordinates_are_a_place() -> None:
    assert locate(context(), "48.14, 11.58") == Spot("48.14, 11.58", 48.14, 11.58, "Europe/Berlin", "")
    assert locate(context(), "0, -140").zone == "Pacific/Marquesas"
    assert locate(context(), "-45 -130").zone == "Etc/GMT+9"
    with pytest.raises(Refusal, match="between -90 and 90"):
        locate(context(), "91, 0")


def test_every_zone_of_a_city_is_known_and_near_it() -> None:
    for line in CITIES.strip().splitlines():
        _, latitude, longitude, zone, country = (part.strip() for part in line.split("|"))
        ZoneInfo(zone)
        assert country in countries()
        assert distance_km(zone_spots()[zone], float(latitude), float(longitude)) < 1_800, line
        assert zone_near(float(latitude), float(longitude), country) == zone


def test_words_for_countries_are_plain_and_mean_one() -> None:
    assert all(plain(word) == word and code in countries() for word, code in COUNTRY_WORDS.items())
    assert locate(context(), "Paris").country_name == "France"


def test_distances_are_along_the_great_circle() -> None:
    paris, tokyo = locate(context(), "Paris"), locate(context(), "Tokyo")
    assert distance_km(paris, tokyo.latitude, tokyo.longitude) == pytest.approx(9_714, abs=20)

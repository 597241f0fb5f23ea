"""Where the sun and the moon stand: held against Meeus' worked examples and, where it is installed, PyEphem."""

from __future__ import annotations

import importlib.util
import math
import random
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from services.kit.astronomy import (
    CLOCK_BEHIND_S,
    HALF_DAY,
    RISE_SUN,
    altitude_crossings,
    elongation,
    illumination,
    moon,
    moon_crossings,
    phases,
    seen,
    solar_noon,
    sun,
    sun_arc,
)

EPHEM: Any = importlib.import_module("ephem") if importlib.util.find_spec("ephem") else None
PARIS = (48.8667, 2.3333)
needs_ephem = pytest.mark.skipif(EPHEM is None, reason="PyEphem, the independent judge, is not installed")


def terrestrial(year: int, month: int, day: int) -> datetime:
    """Midnight in terrestrial time, on the clock of now."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(seconds=CLOCK_BEHIND_S)


def test_the_sun_stands_where_meeus_example_25a_has_it() -> None:
    at = sun(terrestrial(1992, 10, 13))
    assert at.longitude == pytest.approx(199.90895, abs=0.001)
    assert at.right_ascension == pytest.approx(198.38083, abs=0.001)
    assert at.declination == pytest.approx(-7.78507, abs=0.001)


def test_the_moon_stands_where_meeus_example_47a_has_it() -> None:
    at = moon(terrestrial(1992, 4, 12))
    assert at.longitude == pytest.approx(133.167265, abs=0.005)
    assert at.latitude == pytest.approx(-3.229126, abs=0.005)
    assert at.distance == pytest.approx(368_409.7, abs=30)


def test_the_moon_is_lit_as_in_meeus_example_48a() -> None:
    assert illumination(terrestrial(1992, 4, 12)) == pytest.approx(0.6786, abs=0.0005)


@pytest.mark.parametrize(
    ("target", "from_day", "published"),
    [
        (0, datetime(1977, 2, 1, tzinfo=UTC), datetime(1977, 2, 18, 3, 37, 42, tzinfo=UTC)),
        (270, datetime(2044, 1, 10, tzinfo=UTC), datetime(2044, 1, 21, 23, 48, 17, tzinfo=UTC)),
    ],
)
def test_phases_come_when_meeus_examples_49_have_them(target: int, from_day: datetime, published: datetime) -> None:
    found = next(phases(from_day, target))
    assert abs(found + timedelta(seconds=CLOCK_BEHIND_S) - published) < timedelta(minutes=2)


def test_a_total_eclipse_is_at_new_moon_before_the_sun() -> None:
    greatest = datetime(2026, 8, 12, 17, 46, tzinfo=UTC)  # off Iceland
    assert abs((elongation(greatest) + 180) % 360 - 180) < 0.6
    assert abs(moon(greatest).latitude) < 1


def test_a_sun_that_does_not_set_crosses_nothing() -> None:
    noon = solar_noon(18.96, datetime(2026, 6, 21, tzinfo=UTC))
    assert sun_arc((69.65, 18.96), noon, RISE_SUN) == (None, None)
    assert seen(sun, noon + HALF_DAY, 69.65, 18.96).altitude > 0


@needs_ephem
def test_an_independent_ephemeris_agrees_on_positions_within_their_tolerance() -> None:
    chance = random.Random(1)
    for _ in range(200):
        at = datetime(1950, 1, 1, tzinfo=UTC) + timedelta(days=chance.random() * 54_000)
        for ours, theirs, tolerance in ((sun, EPHEM.Sun(), 0.012), (moon, EPHEM.Moon(), 0.04)):
            theirs.compute(EPHEM.Date(at.replace(tzinfo=None)))
            body = ours(at)
            apart = (body.right_ascension - math.degrees(theirs.g_ra) + 180) % 360 - 180
            assert abs(apart) * math.cos(theirs.g_dec) < tolerance
            assert abs(body.declination - math.degrees(theirs.g_dec)) < tolerance


@needs_ephem
def test_an_independent_ephemeris_agrees_on_rise_and_set_within_ten_seconds() -> None:
    chance = random.Random(2)
    for _ in range(40):
        place = chance.uniform(-60, 60), chance.uniform(-180, 180)
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(3_650))
        observer = EPHEM.Observer()
        observer.lat, observer.lon, observer.pressure = str(place[0]), str(place[1]), 0
        observer.horizon, observer.date = "-0:34", start.replace(tzinfo=None)
        ours = altitude_crossings(sun, place, RISE_SUN, start, start + timedelta(days=2))
        theirs = observer.next_rising(EPHEM.Sun()).datetime()
        assert abs(next(one.at for one in ours if one.rising).replace(tzinfo=None) - theirs) < timedelta(seconds=10)
        ours = moon_crossings(place, start, start + timedelta(days=2))
        theirs = observer.next_setting(EPHEM.Moon()).datetime()
        assert abs(next(one.at for one in ours if not one.rising).replace(tzinfo=None) - theirs) < timedelta(seconds=10)


@needs_ephem
def test_an_independent_ephemeris_agrees_on_full_moons_within_two_minutes() -> None:
    theirs = EPHEM.Date("2026/1/1")
    for ours in islice(phases(datetime(2026, 1, 1, tzinfo=UTC), 180), 24):
        theirs = EPHEM.next_full_moon(theirs)
        assert abs(ours.replace(tzinfo=None) - theirs.datetime()) < timedelta(minutes=2)

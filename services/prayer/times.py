"""The six times of a day at a place, after the sun's altitude.

Fajr and Isha are when the sun is so many degrees below the horizon. Where it does not sink so deep, or only near
midnight, a part of the night takes its place: the half, a seventh, or angle/60 of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import atan, atan2, cos, degrees, radians, sin, tan
from zoneinfo import ZoneInfo

from services.kit import Refusal
from services.kit.astronomy import HALF_DAY, RISE_SUN, crossings, seen, solar_noon, sun, sun_arc
from services.kit.recurrence import on_clock
from services.prayer.hijri import RAMADAN, hijri
from services.prayer.methods import PRAYERS, Method

KAABA = (21.4225241, 39.8261818)
EARTH_KM = 6_371.0
SEVENTH_FROM = 48.0
"""Degrees of latitude from which a seventh of the night is the usual rule, else the half."""


@dataclass(frozen=True, slots=True)
class Way:
    """How times are reckoned for a person."""

    method: Method
    shadow: int
    """Lengths of a thing's shadow, beyond that at noon, at which Asr begins: 1 or 2."""
    rule: str
    """middle, seventh or angle; empty to go by the latitude."""
    adjust: dict[str, int]
    """Minutes that the person adds."""


def times(way: Way, place: tuple[float, float], zone: ZoneInfo, day: date) -> dict[str, datetime]:
    """The six moments, to the minute on the zone's clock. Refuses a day on which the sun does not rise or set."""
    noon = solar_noon(place[1], on_clock(datetime.combine(day, datetime.min.time()), zone))
    sunrise, sunset = sun_arc(place, noon, RISE_SUN)
    following, _ = sun_arc(place, noon + timedelta(days=1), RISE_SUN)
    asr = afternoon(place, noon, way.shadow)
    if sunrise is None or sunset is None or following is None or asr is None:
        raise Refusal("The sun does not both rise and set there that day; take the times of a place farther south.")
    night = following - sunset
    fajr, _ = sun_arc(place, noon, -way.method.fajr)
    found = {"fajr": not_before(fajr, sunrise - part(way, way.method.fajr, place[0]) * night)}
    found |= {"sunrise": sunrise, "dhuhr": noon, "asr": asr, "maghrib": sunset}
    if way.method.maghrib:
        _, late = sun_arc(place, noon, -way.method.maghrib)
        found["maghrib"] = late or sunset
    found["isha"] = isha(way, place, noon, found["maghrib"], night, day)
    return {name: rounded(found[name] + minutes(way, name), zone) for name in PRAYERS}


def isha(
    way: Way, place: tuple[float, float], noon: datetime, maghrib: datetime, night: timedelta, day: date
) -> datetime:
    """So many minutes after Maghrib, or at an angle, within the part of the night that the rule allows."""
    if way.method.isha_minutes:
        extra = way.method.ramadan_minutes if hijri(day).month == RAMADAN else 0
        return maghrib + timedelta(minutes=way.method.isha_minutes + extra)
    _, deep = sun_arc(place, noon, -way.method.isha)
    latest = maghrib + part(way, way.method.isha, place[0]) * night
    return min(deep, latest) if deep else latest


def afternoon(place: tuple[float, float], noon: datetime, shadow: int) -> datetime | None:
    """When a thing's shadow is `shadow` times its length longer than at noon."""

    def above(at: datetime) -> float:
        lowest = tan(radians(abs(place[0] - sun(at).declination)))
        return seen(sun, at, *place).altitude - degrees(atan(1 / (shadow + lowest)))

    passed = crossings(above, noon, noon + HALF_DAY)
    return next((one.at for one in passed if not one.rising), None)


def part(way: Way, angle: float, latitude: float) -> float:
    """The part of the night that Fajr or Isha may be from sunrise or sunset."""
    rule = way.rule or ("seventh" if abs(latitude) > SEVENTH_FROM else "middle")
    return {"middle": 0.5, "seventh": 1 / 7}.get(rule, angle / 60)


def not_before(at: datetime | None, earliest: datetime) -> datetime:
    """The later of the two; the bound where there is no other."""
    return max(at, earliest) if at else earliest


def minutes(way: Way, name: str) -> timedelta:
    """What the method and the person add."""
    return timedelta(minutes=way.method.minutes.get(name, 0) + way.adjust.get(name, 0))


def rounded(at: datetime, zone: ZoneInfo) -> datetime:
    """The nearest minute."""
    return (at + timedelta(seconds=30)).astimezone(zone).replace(second=0, microsecond=0)


def qibla(place: tuple[float, float]) -> tuple[float, float]:
    """The direction of the Kaaba along a great circle, in degrees from true north, and its distance in km."""
    here, there = radians(place[0]), radians(KAABA[0])
    east = radians(KAABA[1] - place[1])
    bearing = atan2(sin(east), cos(here) * tan(there) - sin(here) * cos(east))
    chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(east / 2) ** 2
    return degrees(bearing) % 360, 2 * EARTH_KM * atan2(chord**0.5, (1 - chord) ** 0.5)

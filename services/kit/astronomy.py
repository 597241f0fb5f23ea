"""Where the sun and the moon stand, and when they cross a height: for `sky` and `prayer`.

After Jean Meeus, Astronomical Algorithms (2nd edition), chapters 12, 13, 22, 25, 40, 47 and 48, with the smaller terms
of the moon left out: the sun is right within 0.01 degrees and the moon within 0.03 in the years 1900 to 2199, which is
a few seconds of time at a rise or set in middle latitudes. Weather bends the light by more than that. Not covered:
planets and stars, the height of the place, mountains on the horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import asin, atan2, cos, degrees, fmod, radians, sin, sqrt, tan

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
CLOCK_BEHIND_S = 69.2
"""Terrestrial time is ahead of the clock by so much in the 2020s; a minute off by 1900 and some by 2199."""
SEMIDIAMETER_SUN, REFRACTION = 0.2666, 0.5667
RISE_SUN = -(SEMIDIAMETER_SUN + REFRACTION)
"""Altitude of the sun's centre when its upper edge appears: -50 minutes of arc."""
CIVIL, NAUTICAL, ASTRONOMICAL = -6.0, -12.0, -18.0
AU_KM, EARTH_KM = 149_597_870.7, 6_378.14
HALF_DAY = timedelta(hours=12)
STEP = timedelta(minutes=10)
"""Between samples; a crossing and its return within less than this are missed."""

MOON_TERMS = """
0 0 1 0 6288774 -20905355;2 0 -1 0 1274027 -3699111;2 0 0 0 658314 -2955968;0 0 2 0 213618 -569925
0 1 0 0 -185116 48888;0 0 0 2 -114332 -3149;2 0 -2 0 58793 246158;2 -1 -1 0 57066 -152138;2 0 1 0 53322 -170733
2 -1 0 0 45758 -204586;0 1 -1 0 -40923 -129620;1 0 0 0 -34720 108743;0 1 1 0 -30383 104755;2 0 0 -2 15327 10321
0 0 1 2 -12528 0;0 0 1 -2 10980 79661;4 0 -1 0 10675 -34782;0 0 3 0 10034 -23210;4 0 -2 0 8548 -21636
2 1 -1 0 -7888 24208;2 1 0 0 -6766 30824;1 0 -1 0 -5163 -8379;1 1 0 0 4987 -16675;2 -1 1 0 4036 -12831
2 0 2 0 3994 -10445;4 0 0 0 3861 -11650;2 0 -3 0 3665 14403;0 1 -2 0 -2689 -7003;2 0 -1 2 -2602 0
2 -1 -2 0 2390 10056;1 0 1 0 -2348 6322;2 -2 0 0 2236 -9884;0 1 2 0 -2120 5751;0 2 0 0 -2069 0
2 -2 -1 0 2048 -4950;2 0 1 -2 -1773 4130;2 0 0 2 -1595 0;4 -1 -1 0 1215 -3958;0 0 2 2 -1110 0
3 0 -1 0 -892 3258;2 1 1 0 -810 2616;4 -1 -2 0 759 -1897;0 2 -1 0 -713 -2117;2 2 -1 0 -700 2354
"""
"""Multiples of D, M, M' and F; then longitude in millionths of a degree (sine), distance in metres (cosine)."""
MOON_LATITUDE = """
0 0 0 1 5128122;0 0 1 1 280602;0 0 1 -1 277693;2 0 0 -1 173237;2 0 -1 1 55413;2 0 -1 -1 46271;2 0 0 1 32573
0 0 2 1 17198;2 0 1 -1 9266;0 0 2 -1 8822;2 -1 0 -1 8216;2 0 -2 -1 4324;2 0 1 1 4200;2 1 0 -1 -3359;2 -1 -1 1 2463
2 -1 0 1 2211;2 -1 -1 -1 2065;0 1 -1 -1 -1870;4 0 -1 -1 1828;0 1 0 1 -1794;0 0 0 3 -1749;0 1 -1 1 -1565
1 0 0 1 -1491;0 1 1 1 -1475;0 1 1 -1 -1410;0 1 0 -1 -1344;1 0 0 -1 -1335;0 0 3 1 1107;4 0 0 -1 1021
"""
"""The same for latitude (sine)."""


def terms(text: str) -> tuple[tuple[int, ...], ...]:
    """A table as numbers."""
    return tuple(tuple(map(int, row.split())) for row in text.strip().replace("\n", ";").split(";"))


LONGITUDE_TERMS, LATITUDE_TERMS = terms(MOON_TERMS), terms(MOON_LATITUDE)


@dataclass(frozen=True, slots=True)
class Body:
    """Where the sun or the moon is, seen from the middle of the earth; degrees and km, of the day's equinox."""

    longitude: float
    latitude: float
    distance: float
    right_ascension: float
    declination: float


Where = Callable[[datetime], Body]


@dataclass(frozen=True, slots=True)
class Seen:
    """Where it is seen from a place: degrees above the horizon (without refraction), and from north over east."""

    altitude: float
    azimuth: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """The moment at which something passes a value, upwards or downwards."""

    at: datetime
    rising: bool


def days_since_2000(at: datetime) -> float:
    """Days on the clock since noon of 1 January 2000 in UTC."""
    return (at - J2000).total_seconds() / 86_400


def centuries(at: datetime) -> float:
    """Julian centuries of terrestrial time since 2000."""
    return (days_since_2000(at) + CLOCK_BEHIND_S / 86_400) / 36_525


def node(t: float) -> float:
    """Longitude of the moon's ascending node, in radians."""
    return radians(125.04452 - 1934.136261 * t)


def obliquity(t: float) -> float:
    """The tilt of the earth's axis, in radians."""
    return radians(23.4392911 - 0.0130041667 * t + 0.00256 * cos(node(t)))


def nutation(t: float) -> float:
    """In longitude, the main term, in degrees."""
    return -0.00478 * sin(node(t))


def equatorial(t: float, longitude: float, latitude: float, distance: float) -> Body:
    """The body with right ascension and declination."""
    e, lon, lat = obliquity(t), radians(longitude), radians(latitude)
    ascension = atan2(sin(lon) * cos(e) - tan(lat) * sin(e), cos(lon))
    declination = asin(sin(lat) * cos(e) + cos(lat) * sin(e) * sin(lon))
    return Body(longitude % 360, latitude, distance, degrees(ascension) % 360, degrees(declination))


def sun(at: datetime) -> Body:
    """The sun's apparent place."""
    t = centuries(at)
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t) * sin(anomaly) + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
    centre += 0.000289 * sin(3 * anomaly)
    true = 280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre
    eccentricity = 0.016708634 - 0.000042037 * t
    distance = 1.000001018 * (1 - eccentricity**2) / (1 + eccentricity * cos(anomaly + radians(centre)))
    return equatorial(t, true - 0.00569 + nutation(t), 0.0, distance * AU_KM)


def moon(at: datetime) -> Body:
    """The moon's apparent place."""
    t = centuries(at)
    mean = radians(218.3164477 + 481267.88123421 * t - 0.0015786 * t * t + t**3 / 538841)
    d = radians(297.8501921 + 445267.1114034 * t - 0.0018819 * t * t + t**3 / 545868)
    m = radians(357.5291092 + 35999.0502909 * t - 0.0001536 * t * t)
    m1 = radians(134.9633964 + 477198.8675055 * t + 0.0087414 * t * t + t**3 / 69699)
    f = radians(93.2720950 + 483202.0175233 * t - 0.0036539 * t * t)
    a1, a2, a3 = radians(119.75 + 131.849 * t), radians(53.09 + 479264.290 * t), radians(313.45 + 481266.484 * t)
    shrinking = 1 - 0.002516 * t - 0.0000074 * t * t  # of the earth's orbit's eccentricity
    longitude = 3958 * sin(a1) + 1962 * sin(mean - f) + 318 * sin(a2)
    latitude = -2235 * sin(mean) + 382 * sin(a3) + 175 * sin(a1 - f) + 175 * sin(a1 + f)
    latitude += 127 * sin(mean - m1) - 115 * sin(mean + m1)
    distance = 385_000_560.0
    for kd, km, km1, kf, sine, cosine in LONGITUDE_TERMS:
        angle, size = kd * d + km * m + km1 * m1 + kf * f, shrinking ** abs(km)
        longitude += size * sine * sin(angle)
        distance += size * cosine * cos(angle)
    for kd, km, km1, kf, sine in LATITUDE_TERMS:
        latitude += shrinking ** abs(km) * sine * sin(kd * d + km * m + km1 * m1 + kf * f)
    return equatorial(t, degrees(mean) + longitude / 1e6 + nutation(t), latitude / 1e6, distance / 1000)


def hour_angle(body: Body, at: datetime, longitude: float) -> float:
    """How far the body is past the meridian of a place, in degrees from -180 to 180."""
    days, t = days_since_2000(at), centuries(at)
    sidereal = 280.46061837 + 360.98564736629 * days + nutation(t) * cos(obliquity(t))
    return (sidereal + longitude - body.right_ascension + 180) % 360 - 180


def seen(where: Where, at: datetime, latitude: float, longitude: float) -> Seen:
    """Where the body is seen from a place on the ground; the moon is near enough for that to matter."""
    body = where(at)
    angle, here, up = radians(hour_angle(body, at, longitude)), radians(latitude), radians(body.declination)
    sine = sin(here) * sin(up) + cos(here) * cos(up) * cos(angle)
    altitude = asin(max(-1.0, min(1.0, sine)))
    parallax = asin(EARTH_KM / body.distance * cos(altitude))
    azimuth = degrees(atan2(sin(angle), cos(angle) * sin(here) - tan(up) * cos(here))) + 180
    return Seen(degrees(altitude - parallax), azimuth % 360)


def crossings(
    value: Callable[[datetime], float], start: datetime, end: datetime, step: timedelta = STEP
) -> list[Crossing]:
    """When `value` passes zero from `start` to `end`, in order, to the second. A jump counts as no crossing."""
    found = []
    low, before = start, value(start)
    while low < end:
        high = min(low + step, end)
        after = value(high)
        if (before < 0) != (after < 0) and abs(after - before) < 180:
            found.append(Crossing(halved(value, low, high, rising=before < 0), before < 0))
        low, before = high, after
    return found


def halved(value: Callable[[datetime], float], low: datetime, high: datetime, *, rising: bool) -> datetime:
    """Where between the two it passes zero."""
    while (high - low).total_seconds() > 1:
        middle = low + (high - low) / 2
        if (value(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return low + (high - low) / 2


def altitude_crossings(
    where: Where, place: tuple[float, float], altitude: float, start: datetime, end: datetime
) -> list[Crossing]:
    """When the body's centre passes an altitude (degrees) at a place (latitude, longitude)."""
    return crossings(lambda at: seen(where, at, *place).altitude - altitude, start, end)


def moon_crossings(place: tuple[float, float], start: datetime, end: datetime) -> list[Crossing]:
    """When the moon's upper edge rises and sets at a place; it is larger when it is nearer."""

    def above(at: datetime) -> float:
        semidiameter = degrees(asin(0.272481 * EARTH_KM / moon(at).distance))
        return seen(moon, at, *place).altitude + semidiameter + REFRACTION

    return crossings(above, start, end)


def transits(where: Where, longitude: float, start: datetime, end: datetime) -> list[datetime]:
    """When the body stands highest, due south or north."""
    passed = crossings(lambda at: hour_angle(where(at), at, longitude), start, end)
    return [one.at for one in passed if one.rising]


def solar_noon(longitude: float, midnight: datetime) -> datetime:
    """When the sun stands highest on the day that begins at `midnight`, whatever clocks do on it."""
    return transits(sun, longitude, midnight, midnight + timedelta(hours=25))[0]


def sun_arc(place: tuple[float, float], noon: datetime, altitude: float) -> tuple[datetime | None, datetime | None]:
    """When the sun last passed an altitude upwards before a noon, and next passes it downwards; None: not at all."""
    passed = altitude_crossings(sun, place, altitude, noon - HALF_DAY, noon + HALF_DAY)
    up = [one.at for one in passed if one.rising and one.at <= noon]
    down = [one.at for one in passed if not one.rising and one.at >= noon]
    return (up[-1] if up else None), (down[0] if down else None)


def elongation(at: datetime) -> float:
    """How far the moon is ahead of the sun in longitude, 0 to 360: 0 is new, 180 is full."""
    return (moon(at).longitude - sun(at).longitude) % 360


def illumination(at: datetime) -> float:
    """The lit part of the moon's disc, 0 to 1."""
    star, near = sun(at), moon(at)
    apart = cos(radians(near.latitude)) * cos(radians(near.longitude - star.longitude))
    angle = atan2(star.distance * sqrt(1 - apart**2), near.distance - star.distance * apart)
    return (1 + cos(angle)) / 2


def phases(start: datetime, target: float) -> Iterator[datetime]:
    """When the moon next is at an elongation, and so on for ever."""

    def ahead(at: datetime) -> float:
        return fmod(elongation(at) - target + 540, 360) - 180

    while True:
        month = crossings(ahead, start, start + timedelta(days=31), timedelta(days=1))
        passed = [one.at for one in month if one.rising]
        yield passed[0]
        start = passed[0] + timedelta(days=1)

"""Equinoxes and solstices, to the minute, after Jean Meeus, Astronomical Algorithms (2nd edition), chapter 27.

The sun's place in the kit is right within 0.01 degrees, which is a quarter of an hour of its way; this is finer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import cos, radians

from services.kit.astronomy import CLOCK_BEHIND_S, J2000

NAMES = ("March equinox", "June solstice", "September equinox", "December solstice")
MEAN = (
    (2451623.80984, 365242.37404, 0.05169, -0.00411, -0.00057),
    (2451716.56767, 365241.62603, 0.00325, 0.00888, -0.00030),
    (2451810.21715, 365242.01767, -0.11575, 0.00337, 0.00078),
    (2451900.05952, 365242.74049, -0.06223, -0.00823, 0.00032),
)
"""Julian day by powers of the thousands of years since 2000, for each of the four."""
TERMS = (
    (485, 324.96, 1934.136),
    (203, 337.23, 32964.467),
    (199, 342.08, 20.186),
    (182, 27.85, 445267.112),
    (156, 73.14, 45036.886),
    (136, 171.52, 22518.443),
    (77, 222.54, 65928.934),
    (74, 296.72, 3034.906),
    (70, 243.58, 9037.513),
    (58, 119.81, 33718.147),
    (52, 297.17, 150.678),
    (50, 21.02, 2281.226),
    (45, 247.54, 29929.562),
    (44, 325.15, 31555.956),
    (29, 60.93, 4443.417),
    (18, 155.12, 67555.328),
    (17, 288.79, 4562.452),
    (16, 198.04, 62894.029),
    (14, 199.76, 31436.921),
    (12, 95.39, 14577.848),
    (12, 287.11, 31931.756),
    (12, 320.81, 34777.259),
    (9, 227.73, 1222.114),
    (8, 15.45, 16859.074),
)
"""Hundred-thousandths of a day, and degrees by centuries."""
JULIAN_2000 = 2451545.0


def season(year: int, number: int) -> datetime:
    """When the sun passes the first (0) to the last (3) of the four in a year, in UTC."""
    thousands = (year - 2000) / 1000
    mean = sum(factor * thousands**power for power, factor in enumerate(MEAN[number]))
    t = (mean - JULIAN_2000) / 36525
    angle = radians(35999.373 * t - 2.47)
    speed = 1 + 0.0334 * cos(angle) + 0.0007 * cos(2 * angle)
    wave = sum(size * cos(radians(start + step * t)) for size, start, step in TERMS)
    return J2000 + timedelta(days=mean + 1e-5 * wave / speed - JULIAN_2000, seconds=-CLOCK_BEHIND_S)

"""The conventions of the authorities: at which depth of the sun Fajr and Isha are, and their fixed minutes.

Angles as published by the authorities and collected by praytimes.org; the minutes that some of them add for safety as
in their own timetables (Diyanet, Dubai). The seasonal tables of the Moonsighting Committee are not covered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRAYERS = ("fajr", "sunrise", "dhuhr", "asr", "maghrib", "isha")


@dataclass(frozen=True, slots=True)
class Method:
    """One convention. Angles are degrees of the sun below the horizon."""

    title: str
    fajr: float
    isha: float = 0.0
    """Unused where `isha_minutes` counts."""
    isha_minutes: int = 0
    """After Maghrib, instead of an angle."""
    ramadan_minutes: int = 0
    """Added to those in Ramadan."""
    maghrib: float = 0.0
    """An angle, where Maghrib is later than sunset."""
    minutes: Mapping[str, int] = field(default_factory=dict)
    """Added to single times for safety."""


PASSED = {"dhuhr": 1}
"""A minute after noon, so that the sun has passed it."""
METHODS = {
    "mwl": Method("Muslim World League", 18, 17, minutes=PASSED),
    "isna": Method("Islamic Society of North America", 15, 15, minutes=PASSED),
    "egypt": Method("Egyptian General Authority of Survey", 19.5, 17.5, minutes=PASSED),
    "makkah": Method("Umm al-Qura University, Makkah", 18.5, isha_minutes=90, ramadan_minutes=30),
    "karachi": Method("University of Islamic Sciences, Karachi", 18, 18, minutes=PASSED),
    "tehran": Method("Institute of Geophysics, University of Tehran", 17.7, 14, maghrib=4.5),
    "jafari": Method("Shia Ithna-Ashari, Leva Institute, Qum", 16, 14, maghrib=4),
    "turkey": Method("Diyanet, Turkey", 18, 17, minutes={"sunrise": -7, "dhuhr": 5, "asr": 4, "maghrib": 7}),
    "gulf": Method("Gulf region", 18.2, 18.2, minutes={"sunrise": -3, "dhuhr": 3, "asr": 3, "maghrib": 3}),
    "kuwait": Method("Kuwait", 18, 17.5),
    "qatar": Method("Qatar", 18, isha_minutes=90),
    "singapore": Method("Islamic Religious Council of Singapore", 20, 18, minutes=PASSED),
    "france": Method("Musulmans de France", 12, 12),
}
BY_COUNTRY = (
    {"SA": "makkah", "YE": "makkah", "EG": "egypt", "SD": "egypt", "LY": "egypt", "SY": "egypt", "LB": "egypt"}
    | {"PK": "karachi", "IN": "karachi", "BD": "karachi", "AF": "karachi", "IR": "tehran", "TR": "turkey"}
    | {"US": "isna", "CA": "isna", "AE": "gulf", "KW": "kuwait", "QA": "qatar"}
    | {"SG": "singapore", "MY": "singapore", "ID": "singapore"}
)

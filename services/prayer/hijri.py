"""The Islamic date by the tabular calendar: thirty-year cycles with eleven leap years (the civil, "Kuwaiti" one).

The months of a country begin when its authority sees, or reckons, the new crescent: that may be a day earlier or later.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

MONTHS = (
    "Muharram, Safar, Rabi al-Awwal, Rabi al-Thani, Jumada al-Ula, Jumada al-Thani, Rajab, Shaban, Ramadan, Shawwal,"
    " Dhu al-Qadah, Dhu al-Hijjah"
).split(", ")
EPOCH = date(622, 7, 19).toordinal()
"""1 Muharram 1 in the Gregorian calendar."""
CYCLE_DAYS = 10_631
RAMADAN = 9


class Hijri(NamedTuple):
    """A day of the Islamic calendar."""

    year: int
    month: int
    day: int

    @property
    def said(self) -> str:
        """15 Ramadan 1447"""
        return f"{self.day} {MONTHS[self.month - 1]} {self.year}"


def year_start(year: int) -> int:
    """Days from the epoch to the first day of a year."""
    return (year - 1) * 354 + (3 + 11 * year) // 30


def hijri(day: date) -> Hijri:
    """The day in the Islamic calendar."""
    passed = day.toordinal() - EPOCH
    year = 30 * passed // CYCLE_DAYS + 1
    while year_start(year + 1) <= passed:
        year += 1
    while year_start(year) > passed:
        year -= 1
    left = passed - year_start(year)
    month = min(12, int((left + 0.5) / 29.5) + 1)
    return Hijri(year, month, left - month_start(month) + 1)


def month_start(month: int) -> int:
    """Days from the first of the year: months have 30 and 29 days by turns."""
    return (59 * (month - 1) + 1) // 2

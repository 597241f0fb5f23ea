"""Days that no calendar has, such as the 31st of February: named, so that the person sees why nothing was done."""

from __future__ import annotations

import calendar
import re

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if number}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if number}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({MONTH})\b", re.IGNORECASE)
MONTH_FIRST = re.compile(rf"\b({MONTH})\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:.]\d)", re.IGNORECASE)
LEAP_YEAR = 2024
TEXT_LOOKED_AT = 1_000
"""Characters; a date stands near the beginning or is not the point."""


def impossible_day(text: str) -> str | None:
    """A sentence about the first day in the text that can't be; None if there is none."""
    text = text[:TEXT_LOOKED_AT]
    found = [(int(match[1]), match[2]) for match in DAY_FIRST.finditer(text)]
    found += [(int(match[2]), match[1]) for match in MONTH_FIRST.finditer(text)]
    for day, name in found:
        month = MONTHS[name.lower()]
        last = calendar.monthrange(LEAP_YEAR, month)[1]
        if not 1 <= day <= last:
            return f"There is no {calendar.month_name[month]} {day}: that month has at most {last} days."
    return None

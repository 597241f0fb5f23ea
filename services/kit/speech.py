"""How dates, times, durations and lists of names are said to a person, in plain English.

Every moment is said in the time zone of `now`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def spoken(names: Sequence[str]) -> str:
    """a, b and c; empty for no names."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def one_line(text: str | None) -> str:
    """What was said in one line, without control characters; empty for nothing."""
    kept = (" " if sign.isspace() else sign for sign in text or "" if unicodedata.category(sign) != "Cs")
    return " ".join("".join(sign for sign in kept if unicodedata.category(sign) != "Cc").split())


def counted(number: int, noun: str) -> str:
    """1 item, 2 items."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def spoken_time(at: time | datetime) -> str:
    """5 pm, 5:30 pm, noon, midnight."""
    if at.minute == 0 and at.hour in {0, 12}:
        return "noon" if at.hour == 12 else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


def spoken_date(day: date, now: datetime) -> str:
    """Tuesday 10 March, with the year when it is not this one."""
    year = "" if day.year == now.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def spoken_day(day: date, now: datetime) -> str:
    """Today, tomorrow, yesterday, else the date: Tuesday 10 March."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get((day - now.date()).days) or spoken_date(day, now)


def spoken_moment(at: datetime, now: datetime) -> str:
    """Tomorrow at 5 pm; Tuesday 10 March at 3 pm."""
    here = at.astimezone(now.tzinfo)
    return f"{spoken_day(here.date(), now)} at {spoken_time(here)}"


def spoken_span(start: datetime, end: datetime, now: datetime) -> str:
    """Tuesday 10 March from 3 pm to 4 pm; names the day of the end only when it is another."""
    here, there = start.astimezone(now.tzinfo), end.astimezone(now.tzinfo)
    if here.date() == there.date() or there - here <= timedelta(hours=12):
        return f"{spoken_day(here.date(), now)} from {spoken_time(here)} to {spoken_time(there)}"
    return f"from {spoken_moment(here, now)} to {spoken_moment(there, now)}"


def spoken_duration(duration: timedelta) -> str:
    """12 minutes; 1 hour and 30 minutes; no sign; whole seconds, and none beside days."""
    left = round(abs(duration.total_seconds()))
    if left >= 86_400:
        left -= left % 60
    parts = []
    for unit, seconds in UNITS:
        number, left = divmod(left, seconds)
        if number:
            parts.append(counted(number, unit))
    return spoken(parts) or "0 seconds"

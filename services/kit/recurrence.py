"""Repeats as RFC 5545 rules, counted on the wall clock of a zone: 8 am stays 8 am when the clocks change.

Must stay true: no rule that is let in can keep the process busy; `checked_rule` is the gate. Expansion is
dateutil's. Rules that a household never says (by second, by week number, by day of the year) are refused.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from pydantic import Field

from services.kit.reply import Refusal
from services.kit.speech import spoken, spoken_time

DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday"}
DAYS["SU"] = "Sunday"
UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second last"}
PARTS = {
    "FREQ": r"HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "BYMONTH": r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYSETPOS": r"-?[1-5]",
    "BYHOUR": r"(1?\d|2[0-3])(,(1?\d|2[0-3]))*",
    "BYMINUTE": r"[1-5]?\d(,[1-5]?\d)*",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}
LONGEST_MONTH = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}

Repeat = Annotated[
    str | None,
    Field(
        description="How it repeats, as an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO; empty when it happens once",
        max_length=200,
        json_schema_extra={"x-fill": "rrule"},
    ),
]


def checked_rule(text: str, start: datetime) -> str:
    """The rule in plain capitals, fit to be expanded from `start` (wall clock); refuses any other."""
    rule = text.strip().upper().removeprefix("RRULE:")
    rule = re.sub(r"(UNTIL=\d{8})(?=;|$)", r"\1T235959", rule)  # a day named as the last one still counts
    parts = split_rule(rule)
    fits = all(name in PARTS and re.fullmatch(PARTS[name], value) for name, value in parts.items())
    if not fits or "FREQ" not in parts or not can_occur(parts):
        raise Refusal(f"I can't repeat something by the rule {text!r}.")
    try:
        first = next(iter(expansion(rule, start)), None)
    except (ValueError, OverflowError):
        first = None
    if first is None:
        raise Refusal(f"By the rule {text!r} it would never take place.")
    return rule


def split_rule(rule: str) -> dict[str, str]:
    """FREQ=DAILY;COUNT=2 as a dictionary; an odd piece is kept as a name without a value."""
    return {name: value for name, _, value in (piece.partition("=") for piece in rule.split(";") if piece)}


def can_occur(parts: dict[str, str]) -> bool:
    """Whether a day that the rule names exists, and its position is one among several; else dateutil searches long."""
    if "BYSETPOS" in parts and not ("BYDAY" in parts and parts["FREQ"] in {"MONTHLY", "YEARLY"}):
        return False
    if "BYMONTH" not in parts or "BYMONTHDAY" not in parts:
        return True
    longest = max(LONGEST_MONTH[int(month)] for month in parts["BYMONTH"].split(","))
    return any(abs(int(day)) <= longest for day in parts["BYMONTHDAY"].split(","))


def expansion(rule: str, start: datetime) -> rrule:
    """The rule's moments on the wall clock. `start` is naive, so UNTIL in UTC is read on the same clock."""
    plain = re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", rule)
    expanded = rrulestr(plain, dtstart=start)
    assert isinstance(expanded, rrule)
    return expanded


def with_local_until(rule: str, zone: ZoneInfo) -> str:
    """The rule with an UNTIL that is given in UTC put on the zone's wall clock."""
    until = re.search(r"UNTIL=(\d{8}T\d{6})Z", rule)
    if until is None:
        return rule
    here = datetime.strptime(until[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(zone)
    return rule.replace(until[0], f"UNTIL={here:%Y%m%dT%H%M%S}")


def on_clock(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in the zone show `wall`; an hour that is skipped in spring moves on by one."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def occurrences(rule: str, start: datetime, zone: ZoneInfo, after: datetime, before: datetime) -> Iterator[datetime]:
    """The moments of the rule from `after` up to but not at `before` (both aware), in order."""
    slack = timedelta(hours=2)
    first = after.astimezone(zone).replace(tzinfo=None) - slack
    last = before.astimezone(zone).replace(tzinfo=None) + slack
    for wall in expansion(rule, start).xafter(first, inc=True):
        if wall > last:
            return
        at = on_clock(wall, zone)
        if after <= at < before:
            yield at


def next_occurrence(rule: str, start: datetime, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first moment of the rule later than `after` (aware), or None once it has ended."""
    first = after.astimezone(zone).replace(tzinfo=None) - timedelta(hours=2)
    for wall in expansion(rule, start).xafter(first, inc=True):
        at = on_clock(wall, zone)
        if at > after:
            return at
    return None


def spoken_rule(rule: str) -> str:
    """Every Monday; every 2 weeks on Tuesday and Friday; every month on the first Sunday."""
    parts = split_rule(rule)
    number = int(parts.get("INTERVAL", "1"))
    unit = UNITS[parts["FREQ"]]
    days = [part[-2:] for part in parts.get("BYDAY", "").split(",") if part]
    if unit in {"day", "week"} and number == 1 and days:
        said = f"every {spoken_days(days)}"
    else:
        said = f"every {unit}" if number == 1 else f"every {number} {unit}s"
        said += spoken_part_days(parts)
    if "BYHOUR" in parts:
        minute = int(parts.get("BYMINUTE", "0").split(",")[0])
        said += f" at {spoken([spoken_time(time(int(hour), minute)) for hour in parts['BYHOUR'].split(',')])}"
    return said + spoken_end(parts)


def spoken_days(days: list[str]) -> str:
    """Monday and Friday; weekday; weekend day."""
    if set(days) == {"MO", "TU", "WE", "TH", "FR"}:
        return "weekday"
    if set(days) == {"SA", "SU"}:
        return "Saturday and Sunday"
    return "day" if len(set(days)) == len(DAYS) else spoken([DAYS[day] for day in days])


def spoken_part_days(parts: dict[str, str]) -> str:
    """On the first Monday; on day 31; in March; empty when the rule names no such part."""
    said = ""
    if "BYDAY" in parts:
        named = []
        for part in parts["BYDAY"].split(","):
            place = int(part[:-2] or parts.get("BYSETPOS", "0"))
            named.append(f"the {ORDINALS[place]} {DAYS[part[-2:]]}" if place in ORDINALS else DAYS[part[-2:]])
        said += f" on {spoken(named)}"
    if "BYMONTHDAY" in parts:
        numbers = [int(day) for day in parts["BYMONTHDAY"].split(",")]
        said += " on " + spoken(["the last day" if day == -1 else f"day {day}" for day in numbers])
    if "BYMONTH" in parts:
        said += " in " + spoken([month_name[int(month)] for month in parts["BYMONTH"].split(",")])
    return said


def spoken_end(parts: dict[str, str]) -> str:
    """Ten times; until 3 May 2026; empty when it goes on."""
    if "COUNT" in parts:
        return f", {parts['COUNT']} times" if parts["COUNT"] != "1" else ", once"
    if "UNTIL" not in parts:
        return ""
    day = date.fromisoformat(parts["UNTIL"][:8])
    return f" until {day.day} {day:%B %Y}"

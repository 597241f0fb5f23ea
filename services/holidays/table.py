"""Which days are holidays, read from `countries.json` (made by `making.py`).

A row of a country is [English name, name in its own language or "", regions, days]. Regions: "*" everywhere, else codes
joined by "|", where an empty one stands for the country as such. Days: MMDD for every year; MMDD and spans of years of
this century; or YYMMDD one by one. Other centuries are not covered.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

CENTURY = 2000
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day that is a public holiday."""

    day: date
    name: str
    local: str
    """Its name in the country's own language; empty where it is the same."""
    regions: tuple[str, ...]
    """Codes of the regions that keep it; empty where the whole country does."""


@functools.cache
def table() -> dict[str, Any]:
    """All countries, by their two letters."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("countries.json").read_text("utf-8"))
    del loaded["about"]
    return loaded


def regions(country: str) -> dict[str, list[str]]:
    """The country's regions, each with what it is also called."""
    found: dict[str, list[str]] = table()[country]["regions"]
    return found


def known_years(country: str) -> tuple[int, int]:
    """The first and the last year that is known."""
    first, last = table()[country]["years"]
    return first, last


def weekend(country: str) -> frozenset[int]:
    """The days of its weekend; Monday is 0."""
    return frozenset(table()[country]["weekend"])


def holidays(country: str, region: str, first: date, last: date) -> list[Holiday]:
    """Those from `first` to `last` inclusive, in order: the region's, or without one the whole country's."""
    found = [one for one in in_any_region(country, first, last) if not one.regions or region in one.regions]
    return merged(found)


def only_in_regions(country: str, first: date, last: date) -> list[Holiday]:
    """Those in the span that only some regions keep."""
    return merged([one for one in in_any_region(country, first, last) if one.regions and "" not in one.regions])


def in_any_region(country: str, first: date, last: date) -> Iterator[Holiday]:
    """Those in the span that are kept anywhere in the country."""
    for name, local, where, spread in table()[country]["days"]:
        kept = () if where == EVERYWHERE else tuple(where.split("|"))
        for day in days(spread, *known_years(country)):
            if first <= day <= last:
                yield Holiday(day, name, local, kept)


def merged(found: list[Holiday]) -> list[Holiday]:
    """In order of days; the same name on the same day once."""
    by_name: dict[tuple[date, str], Holiday] = {}
    for one in found:
        there = by_name.setdefault((one.day, one.name), one)
        if there is not one:
            by_name[one.day, one.name] = Holiday(one.day, one.name, there.local, there.regions + one.regions)
    return sorted(by_name.values(), key=lambda one: (one.day, one.name))


def days(spread: str, first: int, last: int) -> Iterator[date]:
    """The days that the table's text stands for."""
    head, *rest = spread.split(" ")
    if len(head) == 4:  # MMDD
        for year in spans(rest[0]) if rest else range(first, last + 1):
            yield date(year, int(head[:2]), int(head[2:]))
        return
    for part in (head, *rest):
        yield date(CENTURY + int(part[:2]), int(part[2:4]), int(part[4:]))


def spans(text: str) -> Iterator[int]:
    """The years of 10-10,12-14."""
    for span in text.split(","):
        first, last = span.split("-")
        yield from range(CENTURY + int(first), CENTURY + int(last) + 1)


def working_days(country: str, region: str, first: date, last: date) -> int:
    """How many days from `first` to `last` inclusive are neither weekend nor holiday."""
    closed = {one.day for one in holidays(country, region, first, last)}
    off = weekend(country)
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(day.weekday() not in off and day not in closed for day in every)

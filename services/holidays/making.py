"""Makes `countries.json`, the table that this service reads: `python -m services.holidays.making`.

All that it says comes from the python-holidays project (see LICENSE), which is needed for the making only: installed
it would weigh six times the table. What the table holds is described in `table.py`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import holidays
from holidays.registry import COUNTRIES

YEARS = range(2010, 2041)
OUT = Path(__file__).with_name("countries.json")
ENGLISH = "en_US"
EVERYWHERE = "*"
LAST_FULL_YEAR = {"IN": 2035}
"""Where the source itself warns that later years lack holidays."""
WEEKEND_IN = 2026
"""A year of whose weekends the table tells."""


def main() -> None:
    """Write the table anew."""
    rows = [f'"{code}":{packed(country(code))}' for code in sorted({row[1] for row in COUNTRIES.values()})]
    head = {"years": [YEARS.start, YEARS.stop - 1], "version": version("holidays")}
    OUT.write_text(f'{{"about":{packed(head)},\n' + ",\n".join(rows) + "}\n")


def packed(value: Any) -> str:
    """As JSON without a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def country(code: str) -> dict[str, Any]:
    """One country's regions and holidays."""
    regions = list(holidays.country_holidays(code).subdivisions)
    found: dict[tuple[date, str, str], set[str]] = defaultdict(set)
    for region in ["", *regions]:
        for day, english, local in days(code, region):
            found[day, english, local].add(region)
    grouped: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for (day, english, local), there in sorted(found.items()):
        where = EVERYWHERE if len(there) == len(regions) + 1 else "|".join(sorted(there))
        grouped[english, "" if local == english else local, where].append(day)
    rows = [[english, local, where, spread(dates)] for (english, local, where), dates in sorted(grouped.items())]
    return {"regions": aliases(code), "weekend": weekend(code), "years": list(known_years(code)), "days": rows}


def aliases(code: str) -> dict[str, list[str]]:
    """What each region is also called."""
    known = holidays.country_holidays(code)
    named: dict[str, list[str]] = {region: [] for region in known.subdivisions}
    for alias, region in getattr(known, "subdivisions_aliases", {}).items():
        named.setdefault(region, []).append(alias)
    return named


def weekend(code: str) -> list[int]:
    """The days of the week that are the weekend now; Monday is 0."""
    known = holidays.country_holidays(code)
    monday = date(WEEKEND_IN, 1, 1)
    monday -= timedelta(days=monday.weekday())
    return [number for number in range(7) if known.is_weekend(monday + timedelta(days=number))]


def known_years(code: str) -> tuple[int, int]:
    """The first and the last year that the country's holidays are known of."""
    known = holidays.country_holidays(code)
    return max(YEARS.start, known.start_year), min(YEARS.stop - 1, known.end_year, LAST_FULL_YEAR.get(code, YEARS.stop))


def days(code: str, region: str) -> Iterator[tuple[date, str, str]]:
    """Each holiday with its English name and the one in the country's own language."""
    first, last = known_years(code)
    years = range(first, last + 1)
    made = holidays.country_holidays(code, subdiv=region or None, years=years)
    languages = made.supported_languages
    english = holidays.country_holidays(
        code, subdiv=region or None, years=years, language=ENGLISH if ENGLISH in languages else None
    )
    own = made.default_language
    local = holidays.country_holidays(code, subdiv=region or None, years=years, language=own) if own else made
    for day in sorted(english):
        yield from ((day, *pair) for pair in zip(english.get_list(day), local.get_list(day), strict=False))


def spread(dates: list[date]) -> str:
    """MMDD of every year; MMDD and the years (of this century) where not all; else YYMMDD each."""
    years = [day.year for day in dates]
    if len({(day.month, day.day) for day in dates}) > 1:
        return " ".join(f"{day:%y%m%d}" for day in dates)
    if years == list(YEARS):
        return f"{dates[0]:%m%d}"
    return f"{dates[0]:%m%d} {runs(years)}" if len(years) > 1 else f"{dates[0]:%y%m%d}"


def runs(years: list[int]) -> str:
    """2010, 2012, 2013, 2014 as 10-10,12-14."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ",".join(f"{first % 100}-{last % 100}" for first, last in spans)


if __name__ == "__main__":
    main()

"""The European Central Bank's reference rates: fetched, read, and kept for good.

Their form: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates. One euro is so much
of each of some thirty currencies, set on working days around 16:00 in Frankfurt. Must stay true: the last sets that
could be read are never lost to an answer that can't be.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree import ElementTree

from services.kit import Context, Refusal
from services.kit.outside import put_file
from services.kit.web import Page
from services.kit.webfault import WebFault

DAILY, HISTORY = "eurofxref-daily.xml", "eurofxref-hist-90d.xml"
CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
FRESH = timedelta(hours=2)
"""They change once on a working day; a copy no older than this is not asked for again."""
AGAIN = timedelta(seconds=-1)
"""No copy is as young as that: an answer that made no sense is asked for again."""
SECONDS = 12.0
"""A server that takes longer is given up."""
KEPT = "rates.json"
EURO = "EUR"
MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of each currency one euro was, on one day."""

    day: date
    of_euro: Mapping[str, Decimal]
    offline: bool = False
    """Newer ones could not be had."""

    def cross(self, source: str, target: str) -> Decimal:
        """How much of the target one unit of the source is. Refuses a currency that has no rate that day."""
        return self.euro(target) / self.euro(source)

    def euro(self, code: str) -> Decimal:
        """How much of it a euro is."""
        if code == EURO:
            return Decimal(1)
        found = self.of_euro.get(code)
        if found is None:
            raise Refusal(f"The European Central Bank gives no rate for {code} on {self.day:%-d %B %Y}.")
        return found


def latest(ctx: Context) -> Rates:
    """The newest set that can be had: from the bank, else the last one that was kept."""
    sets, offline = renewed(ctx, DAILY)
    if not sets:
        raise Refusal("I have no exchange rates yet: they come from the internet, and I can't reach it now.")
    return Rates(max(sets), sets[max(sets)], offline)


def on_day(ctx: Context, day: date) -> Rates:
    """The set of a day, or of the last working day before it. Refuses what lies before those that are known."""
    sets, offline = renewed(ctx, DAILY if day >= ctx.now.date() else HISTORY)
    days = sorted(sets)
    at = bisect_right(days, day)
    if not at:
        first = f"only from {days[0]:%-d %B %Y} on" if days else "none yet"
        raise Refusal(f"I know no exchange rates of {day:%-d %B %Y}; I have {first}.")
    return Rates(days[at - 1], sets[days[at - 1]], offline and days[at - 1] == days[-1])


def history(ctx: Context) -> list[Rates]:
    """All sets that are known, in order."""
    sets, offline = renewed(ctx, HISTORY)
    return [Rates(day, sets[day], offline) for day in sorted(sets)]


Sets = dict[date, dict[str, Decimal]]


def renewed(ctx: Context, name: str) -> tuple[Sets, bool]:
    """What is kept, with what the bank has now; and whether asking failed. Raises a fault where nothing is kept."""
    sets = kept(ctx.folder)
    server = str(ctx.settings.get("server") or "").rstrip("/")
    try:
        page, fresh = fetched(ctx, f"{server}/{name}")
    except WebFault:
        if not sets:
            raise
        return sets, True
    if any(sets.get(day) != rates for day, rates in fresh.items()):
        sets |= fresh
        keep(ctx.folder, sets)
    return sets, page.stale


def fetched(ctx: Context, url: str) -> tuple[Page, Sets]:
    """What the bank has, and its page. Raises WebFault."""
    page = ctx.web.get(url, fresh_for=FRESH, most_bytes=MOST_BYTES, seconds=SECONDS)
    try:
        return page, parsed(page)
    except WebFault:
        page = ctx.web.get(url, fresh_for=AGAIN, most_bytes=MOST_BYTES, seconds=SECONDS)
        return page, parsed(page)


def parsed(page: Page) -> Sets:
    """The sets of the bank's file. Raises WebFault."""
    nonsense = WebFault("nonsense", f"{page.host} answered with something that I can't read as exchange rates.")
    if b"<!DOCTYPE" in page.body or b"<!ENTITY" in page.body:
        raise nonsense  # the bank's file has none; entities are how XML is made to explode
    try:
        tree = ElementTree.fromstring(page.body)
        found = {
            date.fromisoformat(day.attrib["time"]): rates_of(day) for day in tree.iter(CUBE) if "time" in day.attrib
        }
    except (ElementTree.ParseError, KeyError, ValueError, InvalidOperation):
        raise nonsense from None
    if not found or not all(found.values()):
        raise nonsense
    return found


def rates_of(day: ElementTree.Element) -> dict[str, Decimal]:
    """The rates of one day."""
    found = {row.attrib["currency"]: Decimal(row.attrib["rate"]) for row in day}
    if not all(rate.is_finite() and rate > 0 for rate in found.values()):
        raise ValueError("a rate is above nothing")
    return found


def kept(folder: Path) -> Sets:
    """The sets that were kept; none where the file is missing or broken."""
    try:
        rows = json.loads((folder / KEPT).read_text())
        return {
            date.fromisoformat(day): {code: Decimal(rate) for code, rate in rates.items()}
            for day, rates in rows.items()
        }
    except (OSError, ValueError, AttributeError, InvalidOperation):
        return {}


def keep(folder: Path, sets: Sets) -> None:
    """Write them, so that they outlive the service and the network."""
    rows = {day.isoformat(): {code: str(rate) for code, rate in sets[day].items()} for day in sorted(sets)}
    put_file(folder / KEPT, json.dumps(rows).encode())

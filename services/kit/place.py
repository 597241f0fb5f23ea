"""Where on earth: the person's home, and places by name, with coordinates and time zone.

    spot = home_place(ctx)            # the city of the person's time zone
    spot = locate(ctx, "Kyoto")       # offline; other names through places_find, where the manifest grants it

Must stay true: what is known offline needs no network; a name that could be somewhere else ("Paris, Texas") is not
taken for the city that is known.

Sources: zone.tab and iso3166.tab of the tz database (https://www.iana.org/time-zones), which name a city and its
coordinates for every zone; the table of large cities below adds those that no zone is named after.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from services.kit.cities import CITIES, COUNTRY_WORDS
from services.kit.refusal import Refusal
from services.kit.reply import Context

FIND = "places_find"
SYSTEM = Path("/usr/share/zoneinfo")
EARTH_KM = 6371.0
FAR_KM = 2_000.0
"""A zone's city farther from a place than this says nothing of the time there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on earth."""

    name: str
    latitude: float
    """Degrees, north positive."""
    longitude: float
    """Degrees, east positive."""
    zone: str
    """IANA time zone."""
    country: str
    """ISO 3166 code of two capitals; empty where it is not known."""

    @property
    def country_name(self) -> str:
        """In English; empty where it is not known."""
        return countries().get(self.country, "")


def home_place(ctx: Context) -> Spot:
    """The place that the person set (`place`), else the city of the person's time zone. Raises Refusal."""
    said = str(ctx.settings.get("place") or "").strip()
    if said:
        return locate(ctx, said)
    spot = zone_spots().get(str(ctx.zone))
    if spot is None:
        raise Refusal("I don't know where home is; set your time zone to that of a city, or name a place.")
    return spot


def locate(ctx: Context, name: str) -> Spot:
    """The place of that name, or at `latitude, longitude`. Raises Refusal for what can't be found."""
    said = " ".join(name.split())
    if plain(said) in {"home", "here", "my place", "where i am", ""}:
        return home_place(ctx)
    known = at_coordinates(said) or known_place(said)
    return known if known is not None else found_place(ctx, said)


def known_place(said: str) -> Spot | None:
    """The place, where it is known offline; None where the name, or what follows its comma, fits none."""
    name, _, after = (part.strip() for part in said.partition(","))
    spot = spots().get(plain(said)) or spots().get(plain(name))
    if spot is None or (after and not lies_in(spot, after)):
        return None
    return spot


def lies_in(spot: Spot, said: str) -> bool:
    """Whether what was said after the comma is the spot's country."""
    word = plain(said)
    code = COUNTRY_WORDS.get(word) or country_codes().get(word) or word.upper()
    return code == spot.country


def found_place(ctx: Context, said: str) -> Spot:
    """The place as another service finds it. Raises Refusal."""
    if ctx.asking is None:
        raise Refusal(f"I don't know where {said!r} is; try a larger city nearby, or give its latitude and longitude.")
    reply = ctx.ask(FIND, {"query": said})
    found = reply.data.get("places")
    if not isinstance(found, list) or not found:
        raise Refusal(f"I find no place called {said!r}.")
    return spot_of(found[0], said)


def spot_of(row: Mapping[str, Any], said: str) -> Spot:
    """A place from what `places_find` says. Raises Refusal."""
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(f"I find no place called {said!r}.") from None
    code = str(row.get("country_code") or row.get("country") or "")
    code = code.upper() if len(code) == 2 else country_codes().get(plain(code), "")
    zone = str(row.get("zone") or zone_near(latitude, longitude, code))
    return Spot(str(row.get("name") or said), latitude, longitude, zone, code)


def at_coordinates(said: str) -> Spot | None:
    """48.85, 2.35: a place without a name; None for anything else. Raises Refusal for what lies off the globe."""
    found = re.fullmatch(r"([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)", said)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Refusal("A latitude lies between -90 and 90 degrees, a longitude between -180 and 180.")
    return Spot(f"{latitude:g}, {longitude:g}", latitude, longitude, zone_near(latitude, longitude, ""), "")


def zone_near(latitude: float, longitude: float, country: str) -> str:
    """The zone of the nearest city that is known, of the country if that is known; at sea, that of the longitude.

    Near a border between zones within a country this can be the neighbour's.
    """
    near = [spot for spot in {*zone_spots().values(), *spots().values()} if not country or spot.country == country]
    best = min(near, key=lambda spot: distance_km(spot, latitude, longitude), default=None)
    if best is not None and (country or distance_km(best, latitude, longitude) <= FAR_KM):
        return best.zone
    hours = -round(longitude / 15)  # in Etc the sign is the other way round
    return f"Etc/GMT{hours:+d}" if hours else "Etc/GMT"


def distance_km(spot: Spot, latitude: float, longitude: float) -> float:
    """Along the great circle."""
    here, there = math.radians(spot.latitude), math.radians(latitude)
    east = math.radians(longitude - spot.longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def plain(name: str) -> str:
    """Small letters without accents or punctuation: "São Paulo" is "sao paulo"."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold().replace("'", "").replace(".", "")))


# The tables


@functools.cache
def spots() -> dict[str, Spot]:
    """All places that are known offline, by their plain name; a large city wins over a zone's small one."""
    known = {plain(spot.name): spot for spot in zone_spots().values()}
    for line in CITIES.strip().splitlines():
        names, latitude, longitude, zone, country = (part.strip() for part in line.split("|"))
        first = names.split(",")[0]
        spot = Spot(first, float(latitude), float(longitude), zone, country)
        known |= {plain(name): spot for name in names.split(",")}
    return known


@functools.cache
def zone_spots() -> dict[str, Spot]:
    """The city of each zone. A zone that only links to another has none."""
    found = {}
    for code, place, zone, *_ in table_rows("zone.tab"):
        sign = re.fullmatch(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?", place)
        if sign is None:
            continue
        latitude, longitude = degrees(*sign.groups()[:4]), degrees(*sign.groups()[4:])
        found[zone] = Spot(zone.rsplit("/", 1)[-1].replace("_", " "), latitude, longitude, zone, code)
    return found


@functools.cache
def countries() -> dict[str, str]:
    """The codes of countries, to their English names."""
    return {code: name for code, name, *_ in table_rows("iso3166.tab")}


@functools.cache
def country_codes() -> dict[str, str]:
    """The plain English names of countries, to their codes."""
    return {plain(name): code for code, name in countries().items()}


def degrees(sign: str | None, whole: str | None, minutes: str | None, seconds: str | None) -> float:
    """From ISO 6709's ±DDMMSS, to four places."""
    size = int(whole or 0) + int(minutes or 0) / 60 + int(seconds or 0) / 3600
    return round(-size if sign == "-" else size, 4)


def table_rows(name: str) -> Iterator[list[str]]:
    """The rows of a table of the tz database: the installed package's, else the system's. Raises Refusal."""
    text = ""
    with suppress(ModuleNotFoundError, FileNotFoundError):
        text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    if not text:
        try:
            text = (SYSTEM / name).read_text(encoding="utf-8")
        except OSError as error:
            raise Refusal("I have no table of places here.") from error
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))

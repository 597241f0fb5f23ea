"""Which country or region is meant: "Bavaria", "the US", "Kerala", "Georgia, US".

Names of countries are those of the tz database (iso3166.tab), of regions those of the table, and ours for what people
say in English instead.
"""

from __future__ import annotations

import difflib
import functools
import importlib.resources
import re
import unicodedata
from dataclasses import dataclass

from services.holidays.table import regions, table
from services.kit import Refusal

COUNTRIES = {
    "BA": "Bosnia, Bosnia and Herzegovina",
    "CD": "Congo, DR Congo, Democratic Republic of the Congo",
    "CI": "Ivory Coast",
    "CZ": "Czechia",
    "GB": "United Kingdom, UK, Great Britain, Britain",
    "IE": "Republic of Ireland, Eire",
    "KP": "North Korea",
    "KR": "South Korea, Korea",
    "MK": "Macedonia",
    "MM": "Myanmar, Burma",
    "NL": "Netherlands, Holland",
    "RU": "Russian Federation",
    "SZ": "Eswatini, Swaziland",
    "TR": "Turkiye",
    "TT": "Trinidad and Tobago, Trinidad",
    "US": "United States, USA, US, America, United States of America, States",
    "VA": "Vatican",
    "VN": "Viet Nam",
    "XK": "Kosovo",
    "AE": "United Arab Emirates, UAE, Emirates",
}
"""The first is how it is called in answers."""
REGIONS = {
    "AT": {"1": "Burgenland", "2": "Carinthia", "3": "Lower Austria", "4": "Upper Austria", "5": "Salzburg"}
    | {"6": "Styria", "7": "Tyrol", "8": "Vorarlberg", "9": "Vienna"},
    "BE": {},
    "CA": {"QC": "Quebec"},
    "CH": {"GE": "Geneva", "ZH": "Zurich", "BE": "Bern", "LU": "Lucerne", "TI": "Ticino", "GR": "Grisons"},
    "DE": {"BY": "Bavaria", "HE": "Hesse", "NI": "Lower Saxony", "NW": "North Rhine-Westphalia", "SN": "Saxony"}
    | {"RP": "Rhineland-Palatinate", "ST": "Saxony-Anhalt", "TH": "Thuringia", "MV": "Mecklenburg"},
    "ES": {"AN": "Andalusia", "AR": "Aragon", "CT": "Catalonia", "PV": "Basque Country", "NC": "Navarre"}
    | {"IB": "Balearic Islands", "CN": "Canary Islands", "VC": "Valencia", "MD": "Madrid", "CL": "Castile and Leon"},
    "PT": {"20": "Azores", "30": "Madeira"},
}
WITH_THE = {"AE", "BS", "CD", "CF", "DO", "GB", "GM", "KM", "MH", "MV", "NL", "PH", "SB", "SC", "US", "VA"}
CLOSE_ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Where:
    """Whose holidays: a country's, or those of one of its regions."""

    country: str
    region: str
    """Its code, or empty for the whole country."""

    @property
    def called(self) -> str:
        """As in an answer: Bavaria; the United Kingdom."""
        return region_name(self.country, self.region) if self.region else country_name(self.country)


def plain(name: str) -> str:
    """Small letters without accents, punctuation or a leading "the"."""
    bare = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode()
    said = " ".join(re.findall(r"[a-z0-9]+", bare.casefold().replace("'", "").replace(".", "")))
    return re.sub(r"^the |^(state|country|canton|province|region) of ", "", said)


@functools.cache
def official_names() -> dict[str, str]:
    """Two letters to the name in the tz database."""
    text = importlib.resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return dict(rows)


@functools.cache
def countries() -> dict[str, str]:
    """What a country is called (plain) to its two letters."""
    known: dict[str, str] = {}
    for code in table():
        official = official_names().get(code, "")
        for name in (official, re.sub(r" \(.*", "", official), *COUNTRIES.get(code, "").split(",")):
            if plain(name):
                known.setdefault(plain(name), code)
    ours = {plain(name): code for code, names in COUNTRIES.items() for name in names.split(",")}
    return known | ours


def country_name(code: str) -> str:
    """As in an answer: the United Kingdom."""
    name = COUNTRIES.get(code, official_names().get(code, code)).split(",")[0]
    return f"the {name}" if code in WITH_THE else name


def region_name(country: str, region: str) -> str:
    """As in an answer: Bavaria."""
    also = regions(country).get(region) or [region]
    return REGIONS.get(country, {}).get(region) or also[0]


@functools.cache
def region_names(country: str) -> dict[str, str]:
    """What a region of the country is called (plain) to its code."""
    known = {plain(name): code for code, names in regions(country).items() for name in (code, *names)}
    return known | {plain(name): code for code, name in REGIONS.get(country, {}).items() if code in regions(country)}


def find_country(said: str) -> str | None:
    """Two letters, if it is a country's name or its two letters written large."""
    if said.strip().upper() == said.strip() and said.strip() in table():
        return said.strip()
    return countries().get(plain(said))


def find_region(said: str, country: str) -> Where | None:
    """The region, if the country has one of this name."""
    code = region_names(country).get(plain(said))
    return Where(country, code) if code is not None else None


def find(said: str, home: str) -> Where:
    """The country or region that is meant; one of the home country before all others. Refuses what it doesn't know."""
    name, _, within = (part.strip() for part in said.rpartition(",")) if "," in said else (said, "", "")
    holder = find_country(within) if within else None
    found = find_region(name, holder) if holder else near_home(name, home)
    if found is None:
        close = difflib.get_close_matches(plain(said), countries(), n=1, cutoff=CLOSE_ENOUGH)
        hint = f" Did you mean {country_name(countries()[close[0]])}?" if close else " Try the country's name."
        raise Refusal(f"I know no country or region called {said.strip()!r}.{hint}")
    return found


def near_home(said: str, home: str) -> Where | None:
    """A region at home, a country, or a region of the only or most likely country that has one of that name."""
    here = find_region(said, home) if home in table() and len(plain(said)) > 2 else None
    if here is not None:
        return here
    country = find_country(said)
    if country is not None:
        return Where(country, "")
    if len(plain(said)) <= 2:
        return None  # two letters mean regions of a dozen countries
    elsewhere = (find_region(said, code) for code in ("US", "GB", "DE", *table()))
    return next((one for one in elsewhere if one is not None), None)

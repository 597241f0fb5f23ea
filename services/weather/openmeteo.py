"""Forecasts and places from servers that speak Open-Meteo's protocols (https://open-meteo.com/en/docs).

Everything about a place is asked in one request, so that one copy answers all questions and serves when offline.
Positions are rounded to a hundredth of a degree, about a kilometre: no server learns the house.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.kit import Context, Refusal
from services.kit.place import Spot
from services.kit.recurrence import on_clock
from services.kit.web import Page
from services.kit.webfault import WebFault

CURRENT = (
    "temperature_2m,apparent_temperature,relative_humidity_2m,precipitation,weather_code,wind_speed_10m,"
    "wind_direction_10m,wind_gusts_10m"
)
HOURLY = "temperature_2m,precipitation_probability,precipitation,weather_code,wind_speed_10m"
DAILY = (
    "weather_code,temperature_2m_max,temperature_2m_min,precipitation_sum,precipitation_probability_max,"
    "wind_speed_10m_max,uv_index_max"
)
DAYS = 16
FRESH = timedelta(minutes=30)
AGAIN = timedelta(seconds=-1)
"""No copy is as young as that: an answer that made no sense is asked for again."""
SECONDS = 12.0
"""A server that takes longer is given up."""
PLACES_FRESH = timedelta(days=30)
IMPERIAL = {"temperature_unit": "fahrenheit", "wind_speed_unit": "mph", "precipitation_unit": "inch"}
Row = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Forecast:
    """All that is known about the weather of a place. Moments are on its own clock."""

    spot: Spot
    zone: ZoneInfo
    imperial: bool
    at: datetime
    """Of what is said to be now."""
    current: Row
    hours: tuple[tuple[datetime, Row], ...]
    days: tuple[tuple[date, Row], ...]
    note: str
    """A remark where it is an older forecast."""
    age_minutes: int

    @property
    def degrees(self) -> str:
        """The sign after a temperature."""
        return "°F" if self.imperial else "°C"

    @property
    def speed(self) -> str:
        """The unit of the wind."""
        return "mph" if self.imperial else "km/h"

    @property
    def depth(self) -> str:
        """The unit of rain."""
        return "in" if self.imperial else "mm"


def forecast(ctx: Context, spot: Spot, imperial: bool) -> Forecast:
    """The weather of a place. Raises WebFault."""
    server = str(ctx.settings.get("server") or "").rstrip("/")
    zone = ZoneInfo(spot.zone or "UTC")
    params = {
        "latitude": f"{spot.latitude:.2f}",
        "longitude": f"{spot.longitude:.2f}",
        "current": CURRENT,
        "hourly": HOURLY,
        "daily": DAILY,
        "timezone": str(zone),
        "forecast_days": DAYS,
        **(IMPERIAL if imperial else {}),
    }
    page, data = fetched(ctx, f"{server}/v1/forecast", params, FRESH)
    try:
        current = data["current"]
        hours = tuple((on_clock(datetime.fromisoformat(at), zone), row) for at, row in rows(data["hourly"]))
        days = tuple((date.fromisoformat(at), row) for at, row in rows(data["daily"]))
        at = on_clock(datetime.fromisoformat(current["time"]), zone)
        numbers = {name: number(value) for name, value in current.items() if name != "time"}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise unreadable() from None
    return Forecast(spot, zone, imperial, at, numbers, hours, days, page.note, page.age // timedelta(minutes=1))


def rows(table: Mapping[str, list[Any]]) -> Iterator[tuple[str, Row]]:
    """Columns as rows, each with its time."""
    names = [name for name in table if name != "time"]
    for index, at in enumerate(table["time"]):
        yield at, {name: number(table[name][index]) for name in names if index < len(table[name])}


def number(value: Any) -> float | None:
    """A figure; None where there is none."""
    return None if value is None else float(value)


def place(ctx: Context, name: str) -> Spot:
    """A place that is not known offline, by the geocoding protocol. Refuses what is not found; raises WebFault."""
    server = str(ctx.settings.get("geocoder") or "").rstrip("/")
    said, _, within = (part.strip() for part in name.partition(","))
    params = {"name": said, "count": 10, "language": "en", "format": "json"}
    _, data = fetched(ctx, f"{server}/v1/search", params, PLACES_FRESH)
    try:
        found = [(spot_of(row), row) for row in data.get("results") or ()]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise unreadable() from None
    fitting = [spot for spot, row in found if not within or lies_in(row, within)]
    if not fitting:
        raise Refusal(f"I find no place called {name.strip()!r}.")
    return fitting[0]


def spot_of(row: Mapping[str, Any]) -> Spot:
    """A place as the geocoder gives it."""
    zone = str(row.get("timezone") or "UTC")
    code = str(row.get("country_code") or "")
    return Spot(str(row["name"]), float(row["latitude"]), float(row["longitude"]), zone, code)


def lies_in(row: Mapping[str, Any], said: str) -> bool:
    """Whether the place is in the country or region of that name."""
    named = (row.get(key) for key in ("country", "country_code", "admin1", "admin2"))
    return any(str(name).casefold() == said.casefold() for name in named if name)


def fetched(ctx: Context, url: str, params: Mapping[str, Any], fresh: timedelta) -> tuple[Page, Mapping[str, Any]]:
    """The answer and its content. Raises WebFault."""
    page = ctx.web.get(url, params, fresh_for=fresh, seconds=SECONDS)
    try:
        data = page.json()
    except WebFault:  # nonsense is no copy to be kept
        page = ctx.web.get(url, params, fresh_for=AGAIN, seconds=SECONDS)
        data = page.json()
    if not isinstance(data, Mapping):
        raise unreadable()
    return page, data


def unreadable() -> WebFault:
    """For an answer that is not of the protocol."""
    return WebFault("nonsense", "The weather server answered with something that I can't read.")

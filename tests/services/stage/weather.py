"""Around the weather service: Open-Meteo's two protocols over made-up weather from 4 March 2026 on.

Every day has 5 degrees at 3 am and 15 at 3 pm; it rains from 3 to 6 pm on odd days (5, 7, 9 March) and in every night.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.services.website import Website, website

FIRST = datetime(2026, 3, 4)
VILLAGE = {
    "id": 2644189,
    "name": "Little Snoring",
    "latitude": 52.85,
    "longitude": 0.9,
    "country_code": "GB",
    "country": "United Kingdom",
    "admin1": "England",
    "timezone": "Europe/London",
}


def warmth(at: datetime) -> float:
    """Degrees at an hour."""
    return round(10 - 5 * math.cos((at.hour - 3) * math.pi / 12), 1)


def wet(at: datetime) -> bool:
    """Whether it rains in that hour."""
    return at.hour < 2 or (at.day % 2 == 1 and 15 <= at.hour < 18)


def turned(celsius: float, asked: Mapping[str, str]) -> float:
    """In the unit that was asked for."""
    return round(celsius * 9 / 5 + 32, 1) if asked.get("temperature_unit") == "fahrenheit" else celsius


def weather(asked: Mapping[str, str]) -> dict[str, Any]:
    """The answer of /v1/forecast."""
    days = int(asked["forecast_days"])
    hours = [FIRST + timedelta(hours=number) for number in range(24 * days)]
    hourly = {
        "time": [f"{at:%Y-%m-%dT%H:%M}" for at in hours],
        "temperature_2m": [turned(warmth(at), asked) for at in hours],
        "precipitation_probability": [80 if wet(at) else 10 for at in hours],
        "precipitation": [1.2 if wet(at) else 0.0 for at in hours],
        "weather_code": [61 if wet(at) else 3 for at in hours],
        "wind_speed_10m": [12.0 for _ in hours],
    }
    dates = [FIRST + timedelta(days=number) for number in range(days)]
    daily = {
        "time": [f"{at:%Y-%m-%d}" for at in dates],
        "weather_code": [61 if at.day % 2 else 3 for at in dates],
        "temperature_2m_max": [turned(15.0, asked) for _ in dates],
        "temperature_2m_min": [turned(5.0, asked) for _ in dates],
        "precipitation_sum": [6.0 if at.day % 2 else 2.4 for at in dates],
        "precipitation_probability_max": [80 for _ in dates],
        "wind_speed_10m_max": [35.0 if at.day == 8 else 12.0 for at in dates],
        "uv_index_max": [3.1 for _ in dates],
    }
    current = {
        "time": "2026-03-04T09:00",
        "interval": 900,
        "temperature_2m": turned(9.2, asked),
        "apparent_temperature": turned(6.0, asked),
        "relative_humidity_2m": 81,
        "precipitation": 0.0,
        "weather_code": 3,
        "wind_speed_10m": 14.4,
        "wind_direction_10m": 265,
        "wind_gusts_10m": 25.0,
    }
    place = {"latitude": float(asked["latitude"]), "longitude": float(asked["longitude"])}
    return {**place, "timezone": asked["timezone"], "current": current, "hourly": hourly, "daily": daily}


def places(asked: Mapping[str, str]) -> dict[str, Any]:
    """The answer of /v1/search; without `results` where nothing is found."""
    found = asked["name"].lower() == "little snoring"
    return {"results": [VILLAGE], "generationtime_ms": 0.5} if found else {"generationtime_ms": 0.5}


def answer(handler: BaseHTTPRequestHandler) -> None:
    """One request."""
    parts = urlsplit(handler.path)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    body = json.dumps((weather if parts.path == "/v1/forecast" else places)(asked)).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def furnish(site: Website) -> None:
    """Put the weather on a site."""
    site.pages |= {"/v1/forecast": answer, "/v1/search": answer}


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """One server for both."""
    with website() as site:
        furnish(site)
        yield {"server": site.url(), "geocoder": site.url()}

"""The weather codes of the World Meteorological Organization (WMO code table 4677, as Open-Meteo uses it), in words."""

from __future__ import annotations

WORDS = {
    0: "clear sky",
    1: "mainly clear",
    2: "partly cloudy",
    3: "overcast",
    45: "fog",
    48: "freezing fog",
    51: "light drizzle",
    53: "drizzle",
    55: "heavy drizzle",
    56: "light freezing drizzle",
    57: "freezing drizzle",
    61: "light rain",
    63: "rain",
    65: "heavy rain",
    66: "light freezing rain",
    67: "freezing rain",
    71: "light snow",
    73: "snow",
    75: "heavy snow",
    77: "snow grains",
    80: "light showers",
    81: "showers",
    82: "violent showers",
    85: "light snow showers",
    86: "snow showers",
    95: "thunderstorms",
    96: "thunderstorms with hail",
    99: "thunderstorms with heavy hail",
}
SNOW = {71, 73, 75, 77, 85, 86}
WINDS = "north, north-east, east, south-east, south, south-west, west, north-west".split(", ")


def sky(code: int | None) -> str:
    """What the sky does."""
    return WORDS.get(code, "mixed weather") if code is not None else "weather unknown"


def wind(degrees: float) -> str:
    """Where the wind comes from."""
    return WINDS[round(degrees / 45) % 8]

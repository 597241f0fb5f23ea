"""Forecasts in words."""

from __future__ import annotations

from datetime import date, datetime

from services.kit.moment import capital
from services.kit.speech import spoken_day, spoken_time
from services.weather.codes import sky, wind
from services.weather.openmeteo import Forecast, Row

LIKELY, UNLIKELY = 50.0, 20.0
"""Per cent from which rain is said to be likely; below which none is expected."""
WET = 0.1
"""Millimetres in an hour that count as rain where no probability is given."""
WIND_WORTH_SAYING = {False: 30.0, True: 20.0}
"""km/h, or mph."""


def figure(row: Row, name: str) -> float | None:
    """A number of the row."""
    return row.get(name)


def code(row: Row) -> int | None:
    """The weather code."""
    value = row.get("weather_code")
    return None if value is None else int(value)


def now_said(found: Forecast) -> str:
    """12 °C and light rain, feels like 9 °C, wind 20 km/h from the west, humidity 80%"""
    row = found.current
    parts = [f"{degrees(row.get('temperature_2m'), found)} and {sky(code(row))}"]
    feels = row.get("apparent_temperature")
    if feels is not None and abs(feels - (row.get("temperature_2m") or feels)) >= 2:
        parts.append(f"feels like {degrees(feels, found)}")
    speed, direction = row.get("wind_speed_10m"), row.get("wind_direction_10m")
    if speed is not None and direction is not None:
        parts.append(f"wind {speed:.0f} {found.speed} from the {wind(direction)}")
    humidity = row.get("relative_humidity_2m")
    if humidity is not None:
        parts.append(f"humidity {humidity:.0f}%")
    return ", ".join(parts)


def day_said(row: Row, found: Forecast) -> str:
    """Light rain, 5 to 12 °C, 80% chance of rain (4 mm)"""
    parts = [sky(code(row))]
    low, high = row.get("temperature_2m_min"), row.get("temperature_2m_max")
    if low is not None and high is not None:
        parts.append(f"{low:.0f} to {degrees(high, found)}")
    chance, depth = row.get("precipitation_probability_max"), row.get("precipitation_sum")
    if chance is not None and chance >= UNLIKELY:
        fall = f" ({depth:.2g} {found.depth})" if depth else ""
        parts.append(f"{chance:.0f}% chance of rain{fall}")
    speed = row.get("wind_speed_10m_max")
    if speed is not None and speed >= WIND_WORTH_SAYING[found.imperial]:
        parts.append(f"wind up to {speed:.0f} {found.speed}")
    return ", ".join(parts)


def hour_said(at: datetime, row: Row, found: Forecast) -> str:
    """3 pm 12 °C light rain"""
    return f"{spoken_time(at)} {degrees(row.get('temperature_2m'), found)} {sky(code(row))}"


def degrees(value: float | None, found: Forecast) -> str:
    """12 °C; -0 is 0."""
    return "unknown temperature" if value is None else f"{round(value)} {found.degrees}"


def is_wet(row: Row) -> bool:
    """Whether rain or snow is likelier than not in that hour."""
    chance, depth = row.get("precipitation_probability"), row.get("precipitation")
    return chance >= LIKELY if chance is not None else bool(depth and depth >= WET)


def chance_of(rows: list[Row]) -> float:
    """The highest probability of rain in these hours."""
    return max((row.get("precipitation_probability") or 0.0 for row in rows), default=0.0)


def day_name(day: date, now: datetime) -> str:
    """Tomorrow; Friday 6 March."""
    return capital(spoken_day(day, now))

"""One phrase as a JSON Schema property wants it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.reflex.values import kind_wanted, normalise

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))

CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("tomorrow at 5", {"type": "string", "format": "date-time"}, "2026-03-05T17:00:00+01:00"),
    ("next Tuesday", {"type": "string", "format": "date-time"}, "2026-03-10T09:00:00+01:00"),
    ("tomorrow at 5", {"type": "string", "format": "date"}, "2026-03-05"),
    ("on the first", {"type": "string", "format": "date"}, "2026-04-01"),
    ("tomorrow at 5", {"type": "string", "format": "time"}, "17:00:00"),
    ("nine", {"type": "string", "format": "time"}, "21:00:00"),
    ("on the first at nine", {"type": "string", "format": "date-time"}, "2026-04-01T09:00:00+02:00"),
    ("at 5", {"type": "string", "format": "date-time"}, "2026-03-04T17:00:00+01:00"),
    ("at 5", {"type": "string", "format": "date"}, None),
    ("next week", {"type": "string", "format": "date"}, "2026-03-09"),
    ("on the 31st of February", {"type": "string", "format": "date"}, None),
    ("half an hour", {"type": "string", "format": "duration"}, "PT30M"),
    ("in 10 minutes", {"type": "string", "format": "duration"}, "PT10M"),
    ("5pm", {"type": "string", "description": "Time of day, HH:MM"}, "17:00"),
    ("tomorrow", {"type": "string", "description": "The date as YYYY-MM-DD"}, "2026-03-05"),
    ("every Monday", {"type": "string", "x-fill": "rrule"}, "FREQ=WEEKLY;BYDAY=MO"),
    ("a dozen", {"type": "integer"}, 12),
    ("two and a half", {"type": "number"}, 2.5),
    ("two and a half", {"type": "integer"}, None),
    ("18%", {"type": "number"}, 18),
    ("$64.50", {"type": "number"}, 64.5),
    ("200", {"type": "integer", "maximum": 100}, None),
    ("50", {"type": "integer", "minimum": 0, "maximum": 100}, 50),
    ("0", {"type": "number", "exclusiveMinimum": 0}, None),
    ("yes please", {"type": "boolean"}, True),
    ("off", {"type": "boolean"}, False),
    ("perhaps", {"type": "boolean"}, None),
    ("celsius", {"enum": ["celsius", "fahrenheit"]}, "celsius"),
    ("in Fahrenheit please", {"type": "string", "enum": ["celsius", "fahrenheit"]}, "fahrenheit"),
    ("living room", {"enum": ["LIVING_ROOM", "KITCHEN"]}, "LIVING_ROOM"),
    ("one way", {"enum": ["oneWay", "roundTrip"]}, "oneWay"),
    ("purple", {"enum": ["red", "green"]}, None),
    ("milk, eggs and two avocados", {"type": "array", "items": {"type": "string"}}, ["milk", "eggs", "two avocados"]),
    ("1, 2 and three", {"type": "array", "items": {"type": "integer"}}, [1, 2, 3]),
    ("milk", {"type": "array", "items": {"type": "string"}}, ["milk"]),
    ("write to a@example.org", {"type": "string", "format": "email"}, "a@example.org"),
    ("no address here", {"type": "string", "format": "email"}, None),
    ("go to https://example.org now", {"type": "string", "format": "uri"}, "https://example.org"),
    ("pasta", {"type": "string"}, "pasta"),
    ('"pasta night"', {"type": "string"}, "pasta night"),
    ("AB12", {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$"}, "AB12"),
    ("nope", {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$"}, None),
    ("too long", {"type": "string", "maxLength": 3}, None),
    ("five", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, 5),
    ("five", {"type": ["integer", "null"]}, 5),
    ("tomorrow", {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "2026-03-05"),
    ("anything", {"const": "x"}, "x"),
    ("anything", {"type": "object"}, None),
    ("", {"type": "string"}, None),
]


@pytest.mark.parametrize(("text", "schema", "value"), CASES)
def test_a_phrase_becomes_what_the_schema_wants(text: str, schema: dict[str, Any], value: Any) -> None:
    assert normalise(text, schema, NOW) == value


NAMED: list[tuple[str, str, dict[str, Any], Any]] = [
    ("half an hour", "duration_minutes", {"type": "integer"}, 30),
    ("half an hour", "length", {"type": "integer", "description": "How long, in seconds"}, 1800),
    ("two weeks", "days", {"type": "integer"}, 14),
    ("90", "minutes", {"type": "integer"}, 90),
    ("90 seconds", "minutes", {"type": "number"}, 1.5),
    ("tomorrow", "startDate", {"type": "string"}, "2026-03-05"),
    ("at 5", "departureTime", {"type": "string"}, "17:00:00"),
    ("tomorrow at 5", "when", {"type": "string"}, "2026-03-05T17:00:00+01:00"),
    ("Tokyo", "time_zone", {"type": "string"}, "Tokyo"),
    ("an hour", "duration", {"type": "string"}, "PT1H"),
]


@pytest.mark.parametrize(("text", "name", "schema", "value"), NAMED)
def test_the_name_of_a_property_tells_what_it_counts_or_holds(
    text: str, name: str, schema: dict[str, Any], value: Any
) -> None:
    assert normalise(text, schema, NOW, name) == value


WANTED: list[tuple[str, dict[str, Any], str | None]] = [
    ("due_date", {"type": "string"}, "day"),
    ("start_time", {"type": "string"}, "time"),
    ("when", {"type": "string", "description": "ISO 8601 date-time"}, "moment"),
    ("to", {"type": "string", "format": "email"}, "email"),
    ("rule", {"type": "string", "x-fill": "rrule"}, "repeat"),
    ("count", {"type": "integer"}, "number"),
    ("title", {"type": "string", "description": "What it is called"}, None),
    ("unit", {"type": "string", "enum": ["date", "time"]}, None),
]


@pytest.mark.parametrize(("name", "schema", "kind"), WANTED)
def test_the_kind_a_property_wants_is_told_by_its_schema_and_name(
    name: str, schema: dict[str, Any], kind: str | None
) -> None:
    assert kind_wanted(name, schema) == kind


def test_a_pattern_that_is_no_regular_expression_does_no_harm() -> None:
    assert normalise("x", {"type": "string", "pattern": "("}, NOW) == "x"

"""Values that only a wide choice of tools asks for: bounds, years, positions, spoken lists, moments in the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from models.guess import Request, ToolSchema
from models.reflex.fill import fill

NOW = datetime.fromisoformat("2026-03-04T14:30:00+01:00")
TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
TIME: dict[str, Any] = {"type": "string", "format": "time"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
PLACE: dict[str, Any] = {"type": "string", "x-fill": "place"}
CURRENCY: dict[str, Any] = {"type": "string", "examples": ["dollar", "euro", "pound", "yen"]}


def tool(name: str, description: str, required: str, /, **properties: Mapping[str, Any]) -> ToolSchema:
    return ToolSchema(name, description, {"type": "object", "properties": properties, "required": required.split()})


NUMBER = tool("random_integer", "Pick a random whole number.", "low high", low=WHOLE, high=WHOLE)
BOUNDED = tool("draw_number", "Draw a number.", "min max", min=WHOLE, max=WHOLE)
HOLIDAYS = tool("holidays_in", "List the holidays of a country in a year.", "country", country=TEXT, year=WHOLE)
SPAN = tool("holidays_all", "List the holidays of a place between two days.", "", start=DAY, end=DAY, place=PLACE)
NAMED = tool(
    "holidays_find", "Find when a holiday is.", "name", name={**TEXT, "x-fill": "rest"}, start=DAY, end=DAY, place=PLACE
)
POSITION = tool(
    "reverse_geocode",
    "Find the address at a position.",
    "latitude longitude",
    latitude={"type": "number", "minimum": -90, "maximum": 90},
    longitude={"type": "number", "minimum": -180, "maximum": 180},
)
SUN = tool("sky_sun", "Tell when the sun rises and sets.", "", day=DAY, place=PLACE)
FORECAST = tool("forecast", "Tell the weather.", "", start=MOMENT, end=MOMENT, city=TEXT)
CHOOSE = tool("random_choose", "Choose one of several things.", "options", options=TEXTS)
SHUFFLE = tool("random_shuffle", "Put things in a random order.", "items", items=TEXTS)
TEAMS = tool(
    "random_teams", "Split people into teams.", "names", names=TEXTS, number={**WHOLE, "description": "How many teams"}
)
UNDO = tool(
    "undo",
    "Undo the last action or all since some time.",
    "",
    call={**TEXT, "description": "Id of the action", "pattern": "^[0-9a-f]{4,32}( [0-9a-f]{4,32})*$"},
    count={**WHOLE, "description": "How many of the last actions"},
    since={**DAY, "description": "All that was done since this day"},
    time={**TIME, "description": "All that was done since this time of day"},
)
RATE = tool(
    "currency_rate",
    "Tell what a currency is worth.",
    "from_currency",
    from_currency=CURRENCY,
    to_currency={**TEXT, "x-fill": "unit"},
)
CONTACT = tool(
    "contacts_save",
    "Save a person.",
    "name",
    name={**TEXT, "x-kind": "contact"},
    relation=TEXT,
    phone={"type": "string", "format": "phone"},
)


@pytest.mark.parametrize(
    ("made", "text", "arguments"),
    [
        (NUMBER, "a number between 1 and 10", {"low": 1, "high": 10}),
        (NUMBER, "pick a random number from 10 to 12", {"low": 10, "high": 12}),
        (BOUNDED, "draw a number between 1 and 10", {"min": 1, "max": 10}),
        (HOLIDAYS, "holidays in Japan in 2027", {"country": "Japan", "year": 2027}),
        (SPAN, "holidays Japan 2027", {"start": "2027-01-01", "end": "2027-12-31", "place": "Japan"}),
        (SPAN, "holidays in Spain in 2028", {"start": "2028-01-01", "end": "2028-12-31", "place": "Spain"}),
        (NAMED, "when is Easter in 2030?", {"name": "Easter", "start": "2030-01-01", "end": "2030-12-31"}),
        (POSITION, "what is at 48.8606, 2.3376?", {"latitude": 48.8606, "longitude": 2.3376}),
        (POSITION, "address of 52.52 13.405", {"latitude": 52.52, "longitude": 13.405}),
        (POSITION, "find -33.86, 151.2", {"latitude": -33.86, "longitude": 151.2}),
        (SUN, "when does the sun set today?", {"day": "2026-03-04"}),
        (SUN, "when is the sun at its highest?", {}),
        (SUN, "when does the sun rise on sun?", {"day": "2026-03-08"}),
        (
            FORECAST,
            "weather this weekend in Oslo",
            {"start": "2026-03-07T00:00:00+01:00", "end": "2026-03-09T00:00:00+01:00", "city": "Oslo"},
        ),
        (CHOOSE, "choose for me: tea, coffee or cocoa", {"options": ["tea", "coffee", "cocoa"]}),
        (CHOOSE, "choose between pizza and pasta", {"options": ["pizza", "pasta"]}),
        (CHOOSE, "pick one of Rome, Lima or Bonn", {"options": ["Rome", "Lima", "Bonn"]}),
        (SHUFFLE, "put Anna, Ben and Carla in random order", {"items": ["Anna", "Ben", "Carla"]}),
        (TEAMS, "split Ann, Ben, Cy and Di into two teams", {"names": ["Ann", "Ben", "Cy", "Di"], "number": 2}),
        (TEAMS, "make two teams of Ann, Ben, Cy and Di", {"names": ["Ann", "Ben", "Cy", "Di"], "number": 2}),
        (UNDO, "undo everything since 9", {"time": "09:00:00"}),
        (UNDO, "revert everything since noon", {"time": "12:00:00"}),
        (UNDO, "undo the last 5 minutes", {"since": "2026-03-04", "time": "14:25:00"}),
        (UNDO, "undo call 3f2a9c", {"call": "3f2a9c"}),
        (UNDO, "undo everything", {}),
        (RATE, "how does the dollar stand against the euro?", {"from_currency": "dollar", "to_currency": "euro"}),
        (
            CONTACT,
            "my dentist is Dr. Weber, 030 1234567",
            {"name": "Dr. Weber", "relation": "dentist", "phone": "030 1234567"},
        ),
    ],
)
def test_values_are_read_as_the_tool_takes_them(made: ToolSchema, text: str, arguments: Mapping[str, Any]) -> None:
    assert fill(text, made, Request(text, [made], NOW)).arguments == arguments


def test_hourly_says_no_end() -> None:
    assert "end" not in fill("hourly forecast for Oslo", FORECAST, Request("", [FORECAST], NOW)).arguments


@pytest.mark.parametrize("pattern", ["(a+)+$", "([a-z]+|x)*$", "((ab*))+$", ".*.*.*.*=.*", "[", "(?P<"])
def test_a_pattern_that_might_take_for_ever_or_is_none_is_not_tried(pattern: str) -> None:
    made = tool("save_word", "Save a word.", "word", word={**TEXT, "x-fill": "rest", "pattern": pattern})
    text = f"save {'a' * 60}!"
    assert fill(text, made, Request(text, [made], NOW)).arguments == {"word": "a" * 60}

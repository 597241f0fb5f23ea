"""Tools that were never seen before are filled from their JSON Schema alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.guess import Request, ToolSchema
from models.reflex.fill import fill

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
NUMBER: dict[str, Any] = {"type": "number"}
FLAG: dict[str, Any] = {"type": "boolean"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
TIME: dict[str, Any] = {"type": "string", "format": "time"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}


def one_of(*values: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def about(schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description}


def tool(name: str, description: str, required: str, /, **properties: Mapping[str, Any]) -> ToolSchema:
    schema = {"type": "object", "properties": properties, "required": required.split()}
    return ToolSchema(name, description, schema)


TOOLS = {
    made.name: made
    for made in (
        tool(
            "search_flights",
            "Search for flights between two cities.",
            "origin destination departure_date",
            origin=about(TEXT, "City of departure"),
            destination=about(TEXT, "City of arrival"),
            departure_date=DAY,
            return_date=about(DAY, "Date of the return flight"),
            passengers=about(WHOLE, "Number of passengers"),
            cabin=one_of("economy", "premium_economy", "business", "first"),
            direct=about(FLAG, "Only direct flights"),
        ),
        tool(
            "reserve_restaurant",
            "Book a table at a restaurant.",
            "restaurant_name date time",
            restaurant_name=TEXT,
            city=about(TEXT, "City where the restaurant is located"),
            date=DAY,
            time=TIME,
            party_size=about(WHOLE, "Number of people"),
        ),
        tool(
            "get_weather",
            "Get the weather forecast for a place.",
            "location",
            location=about(TEXT, "City or region"),
            date=DAY,
            unit=one_of("celsius", "fahrenheit"),
        ),
        tool(
            "set_thermostat",
            "Set the temperature of a room.",
            "temperature",
            temperature=about(NUMBER, "Target temperature in degrees"),
            room=about(TEXT, "The room"),
            mode=one_of("heat", "cool", "auto"),
        ),
        tool(
            "send_money",
            "Transfer money to a person.",
            "amount recipient",
            amount=NUMBER,
            currency=about(TEXT, "Currency code"),
            recipient=about(TEXT, "Who gets the money"),
            message=about(TEXT, "Reference text"),
        ),
        tool(
            "play_song",
            "Play music.",
            "title",
            title=about(TEXT, "Song title"),
            artist=about(TEXT, "Who performs it"),
            device=about(TEXT, "Speaker to play on"),
        ),
        tool(
            "translate",
            "Translate a text into another language.",
            "text target_language",
            text=TEXT,
            target_language=TEXT,
            source_language=TEXT,
        ),
        tool(
            "order_stock",
            "Buy or sell shares.",
            "symbol side quantity",
            symbol=about(TEXT, "Ticker symbol of the company"),
            side=one_of("buy", "sell"),
            quantity=about(WHOLE, "How many shares"),
            limit_price=about(NUMBER, "Highest price per share"),
        ),
        tool(
            "find_hotel",
            "Find a hotel.",
            "city check_in_date check_out_date",
            city=TEXT,
            check_in_date=DAY,
            check_out_date=DAY,
            rooms=about(WHOLE, "Number of rooms"),
            breakfast_included=FLAG,
        ),
        tool(
            "request_ride",
            "Order a taxi.",
            "pickup dropoff",
            pickup=about(TEXT, "Where to be picked up"),
            dropoff=about(TEXT, "Destination address"),
            time=about(MOMENT, "When to leave"),
            ride_type=one_of("standard", "shared", "luxury"),
        ),
        tool(
            "send_email",
            "Send an email.",
            "to body",
            to=about({"type": "string", "format": "email"}, "Recipient address"),
            subject=about(TEXT, "Subject line"),
            body=about(TEXT, "The message"),
        ),
        tool(
            "calculate_bmi",
            "Calculate the body mass index.",
            "weight height",
            weight=about(NUMBER, "In kilograms"),
            height=about(NUMBER, "In metres"),
        ),
        tool(
            "track_parcel",
            "Say where a parcel is.",
            "tracking_number",
            tracking_number=TEXT,
            carrier=one_of("DHL", "UPS", "FedEx"),
        ),
        tool(
            "control_light",
            "Control the lights.",
            "room",
            room=TEXT,
            power=about(FLAG, "Whether it is on"),
            brightness=about({"type": "integer", "minimum": 0, "maximum": 100}, "Percent"),
            color=one_of("red", "green", "blue", "white"),
        ),
        tool(
            "order_pizza",
            "Order a pizza.",
            "size",
            size=one_of("small", "medium", "large"),
            toppings={"type": "array", "items": {"type": "string"}, "description": "What is on it"},
            count=about(WHOLE, "How many pizzas"),
        ),
        tool("average", "Average of some numbers.", "numbers", numbers={"type": "array", "items": {"type": "number"}}),
        tool(
            "find_movies",
            "Find movies.",
            "",
            genre=about(TEXT, "Genre of the movie (e.g., comedy, drama, horror)"),
            director=TEXT,
            year=WHOLE,
            starring=about(TEXT, "Name of an actor"),
        ),
        tool(
            "start_workout",
            "Start a workout.",
            "activity",
            activity=one_of("running", "cycling", "swimming", "yoga"),
            minutes=about(WHOLE, "How long"),
            days={"type": "array", "items": one_of("monday", "wednesday", "friday")},
        ),
        tool(
            "create_ticket",
            "Create a support ticket.",
            "title",
            title=TEXT,
            priority=one_of("low", "medium", "high", "critical"),
            assignee=about({"anyOf": [{"type": "string"}, {"type": "null"}]}, "Person to assign it to"),
        ),
        tool(
            "ship",
            "Ship a parcel.",
            "address weight",
            address={"type": "object", "properties": {"city": TEXT, "country": TEXT}, "required": ["city"]},
            weight=about(NUMBER, "Weight in kg"),
        ),
    )
}

CASES = [
    (case["tool"], case["text"], case["arguments"])
    for case in map(json.loads, (Path(__file__).parent / "fill_unseen.jsonl").read_text(encoding="utf-8").splitlines())
]
"""One case a line: the tool's name, what is said, and the arguments that it gives."""


@pytest.mark.parametrize(("name", "text", "arguments"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_an_unseen_tool_is_filled_from_its_schema(name: str, text: str, arguments: dict[str, Any]) -> None:
    guess = fill(text, TOOLS[name], Request(text, [TOOLS[name]], NOW))
    assert dict(guess.arguments) == arguments
    assert guess.missing == ()


MISSING = [
    ("search_flights", "find a flight to Rome", ("origin", "departure_date")),
    ("reserve_restaurant", "book a table at Luigi's tomorrow", ("time",)),
    ("send_money", "send some money to Anna", ("amount",)),
    ("find_hotel", "find a hotel in Prague", ("check_in_date", "check_out_date")),
    ("translate", "translate good morning", ("target_language",)),
    ("calculate_bmi", "what's the bmi for a weight of 70", ("height",)),
    ("average", "what is the average?", ("numbers",)),
    ("get_weather", "what's the weather?", ("location",)),
    ("request_ride", "order a taxi", ("pickup", "dropoff")),
]


@pytest.mark.parametrize(("name", "text", "missing"), MISSING)
def test_what_is_required_and_not_said_is_missing(name: str, text: str, missing: tuple[str, ...]) -> None:
    guess = fill(text, TOOLS[name], Request(text, [TOOLS[name]], NOW))
    assert guess.missing == missing
    assert not set(missing) & set(guess.arguments)


def test_the_same_number_never_goes_to_two_parameters() -> None:
    bmi = TOOLS["calculate_bmi"]
    guess = fill("bmi for 70", bmi, Request("bmi for 70", [bmi], NOW))
    assert len(guess.arguments) == len(guess.missing) == 1


def test_references_and_null_alternatives_in_a_schema_are_followed() -> None:
    schema = {
        "type": "object",
        "$defs": {"Mood": {"enum": ["calm", "lively"], "type": "string"}},
        "properties": {
            "mood": {"anyOf": [{"$ref": "#/$defs/Mood"}, {"type": "null"}], "default": None},
            "count": {"type": ["integer", "null"], "description": "How many songs"},
        },
        "required": [],
    }
    mix = ToolSchema("make_mix", "Make a mix of songs.", schema)
    guess = fill("make a lively mix of 12 songs", mix, Request("", [mix], NOW))
    assert guess.arguments == {"mood": "lively", "count": 12}


def test_a_required_parameter_with_a_default_takes_it() -> None:
    page = tool("show_page", "Show a page.", "size", size={"type": "integer", "default": 20})
    assert fill("show the page", page, Request("", [page], NOW)).arguments == {"size": 20}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "object", "properties": {"a": {}, "b": True, "c": {"type": "array"}}},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/nowhere"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}},
        {"type": "object", "properties": {"a": {"enum": [1, None, "x"]}, "b": {"const": 3}}, "required": ["b"]},
        {"properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}}}}},
    ],
)
@pytest.mark.parametrize("text", ["", "   ", "?!", "buy 3 red apples at 5", "x" * 2000, "日本語のテキスト", "it", "'"])
def test_any_schema_and_any_text_give_a_guess(schema: dict[str, Any], text: str) -> None:
    odd = ToolSchema("odd", "", schema)
    guess = fill(text, odd, Request(text, [odd], NOW))
    assert 0.0 <= guess.confidence <= 1.0

"""More tools that were never seen, of many trades, filled from their JSON Schema alone."""

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
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


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
            "lamp_set",
            "Set a lamp's brightness or colour.",
            "room",
            room=about(TEXT, "Room the lamp is in"),
            brightness=about(WHOLE, "Brightness in percent"),
            color=one_of("red", "green", "blue", "white", "warm"),
        ),
        tool(
            "heating_set_temperature",
            "Set the target temperature of a room.",
            "temperature_celsius",
            temperature_celsius=about(NUMBER, "Target temperature in degrees Celsius"),
            room=TEXT,
            minutes=about(WHOLE, "How long, in minutes"),
        ),
        tool(
            "bank_transfer",
            "Send money to somebody.",
            "recipient amount",
            recipient=about(TEXT, "Who gets the money"),
            amount=NUMBER,
            currency=about(one_of("EUR", "USD", "GBP"), "Currency code"),
            reference=about(TEXT, "What it is for"),
        ),
        tool(
            "train_search",
            "Search for train connections.",
            "origin destination",
            origin=about(TEXT, "City of departure"),
            destination=about(TEXT, "City of arrival"),
            departure=about(MOMENT, "When to leave"),
            travel_class=about(one_of("first", "second"), "Class of travel"),
            direct_only=about(FLAG, "Only trains without a change"),
        ),
        tool(
            "hotel_book",
            "Book a hotel room.",
            "city check_in",
            city=TEXT,
            check_in=DAY,
            check_out=DAY,
            guests=WHOLE,
            breakfast=about(FLAG, "Whether breakfast is included"),
        ),
        tool(
            "pizza_order",
            "Order a pizza.",
            "size toppings",
            size=one_of("small", "medium", "large"),
            toppings=about(TEXTS, "What goes on it"),
            quantity=about(WHOLE, "How many pizzas"),
            address=about(TEXT, "Where to deliver it"),
        ),
        tool(
            "music_play",
            "Play music.",
            "",
            song=about(TEXT, "Song title"),
            artist=TEXT,
            playlist=TEXT,
            shuffle=FLAG,
            speaker=about(TEXT, "Speaker to play on"),
        ),
        tool(
            "concert_tickets_buy",
            "Buy tickets for a concert.",
            "artist count",
            artist=TEXT,
            count=about(WHOLE, "Number of tickets"),
            date=DAY,
            max_price=about(NUMBER, "Most to pay for each"),
        ),
        tool(
            "workout_log",
            "Log a workout.",
            "activity",
            activity=one_of("running", "cycling", "swimming", "yoga", "rowing"),
            distance_km=about(NUMBER, "Distance in kilometres"),
            duration_minutes=about(WHOLE, "Length in minutes"),
            date=DAY,
        ),
        tool(
            "text_translate",
            "Translate a text.",
            "text target_language",
            text=TEXT,
            target_language=about(TEXT, "Language to translate into"),
            source_language=about(TEXT, "Language the text is in"),
        ),
        tool(
            "parking_start",
            "Start a parking session.",
            "plate",
            plate=about(TEXT, "Licence plate"),
            zone=about(WHOLE, "Zone number"),
            minutes=about(WHOLE, "Parking time in minutes"),
        ),
        tool(
            "doctor_book",
            "Book an appointment with a doctor.",
            "specialty start",
            specialty=about(one_of("dentist", "dermatologist", "cardiologist", "general"), "Kind of doctor"),
            start=MOMENT,
            reason=about(TEXT, "Why the patient comes"),
            online=about(FLAG, "By video instead of on site"),
        ),
        tool(
            "car_rent",
            "Rent a car.",
            "pickup_location pickup_date",
            pickup_location=TEXT,
            pickup_date=DAY,
            return_date=DAY,
            category=one_of("compact", "estate", "van", "convertible"),
            automatic=about(FLAG, "Automatic transmission"),
        ),
        tool(
            "code_search",
            "Search the source code.",
            "query",
            query=TEXT,
            language=one_of("python", "rust", "go", "typescript"),
            repository=about(TEXT, "Repository to look in"),
            max_results=WHOLE,
        ),
        tool(
            "stock_order",
            "Buy or sell shares.",
            "side symbol quantity",
            side=one_of("buy", "sell"),
            symbol=about(TEXT, "Ticker symbol"),
            quantity=about(WHOLE, "Number of shares"),
            limit_price=about(NUMBER, "Limit price"),
        ),
        tool(
            "mail_send",
            "Send an e-mail.",
            "to body",
            to=about(TEXT, "Who receives it"),
            subject=TEXT,
            body=TEXT,
            urgent=about(FLAG, "Mark as important"),
        ),
        tool(
            "meeting_schedule",
            "Schedule a meeting.",
            "start",
            title=TEXT,
            start=MOMENT,
            duration_minutes=WHOLE,
            attendees=about(TEXTS, "People to invite"),
            room=about(TEXT, "Meeting room"),
        ),
        tool(
            "blinds_move",
            "Open or close the blinds.",
            "action",
            action=one_of("open", "close", "stop"),
            room=TEXT,
            percent=about(WHOLE, "How far"),
        ),
        tool(
            "vacuum_clean",
            "Let the robot vacuum clean rooms.",
            "",
            rooms=about(TEXTS, "Rooms to clean"),
            mode=about(one_of("quiet", "standard", "turbo"), "Suction mode"),
            repeat=about(WHOLE, "How many times"),
        ),
        tool(
            "recipe_find",
            "Find recipes.",
            "",
            ingredients=about(TEXTS, "Ingredients to use"),
            diet=one_of("vegan", "vegetarian", "gluten free", "none"),
            max_minutes=about(WHOLE, "Longest cooking time in minutes"),
        ),
        tool(
            "package_track",
            "Track a parcel.",
            "tracking_number",
            tracking_number=TEXT,
            carrier=one_of("DHL", "UPS", "FedEx"),
        ),
        tool(
            "weather_forecast",
            "Get the weather forecast.",
            "location",
            location=TEXT,
            days=about(WHOLE, "Number of days"),
            units=about(one_of("metric", "imperial"), "Metric for Celsius, imperial for Fahrenheit"),
        ),
        tool(
            "table_reserve",
            "Reserve a table at a restaurant.",
            "restaurant party_size time",
            restaurant=TEXT,
            party_size=about(WHOLE, "Number of people"),
            date=DAY,
            time=TIME,
            outdoors=about(FLAG, "Seated outside"),
        ),
        tool(
            "volume_change",
            "Change the loudness of a speaker.",
            "direction",
            direction=about(one_of("increase", "decrease"), "Louder or quieter"),
            steps=WHOLE,
            device=TEXT,
        ),
        tool(
            "ticket_create",
            "Open a support ticket.",
            "title",
            title=TEXT,
            priority=one_of("low", "medium", "high"),
            assignee=about(TEXT, "Who takes care of it"),
            labels=about(TEXTS, "Labels to attach"),
        ),
    )
}

CASES = [
    (case["tool"], case["text"], case["arguments"])
    for case in map(json.loads, (Path(__file__).parent / "fill_unseen2.jsonl").read_text(encoding="utf-8").splitlines())
]
"""One case a line: the tool's name, what is said, and the arguments that it gives."""


@pytest.mark.parametrize(("name", "text", "arguments"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_a_strange_tool_of_many_trades_is_filled(name: str, text: str, arguments: dict[str, Any]) -> None:
    guess = fill(text, TOOLS[name], Request(text, [TOOLS[name]], NOW))
    assert dict(guess.arguments) == arguments
    assert guess.missing == ()

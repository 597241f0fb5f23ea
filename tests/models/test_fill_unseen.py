"""Tools that were never seen before are filled from their JSON Schema alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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


def tool(name: str, description: str, required: str, **properties: Mapping[str, Any]) -> ToolSchema:
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

CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "search_flights",
        "find me a flight from Paris to New York on Friday for 2 people",
        {"origin": "Paris", "destination": "New York", "departure_date": "2026-03-06", "passengers": 2},
    ),
    (
        "search_flights",
        "flights to Rome from Berlin tomorrow",
        {"origin": "Berlin", "destination": "Rome", "departure_date": "2026-03-05"},
    ),
    (
        "search_flights",
        "I need a direct flight from Oslo to Madrid leaving on 10 April and returning on 17 April",
        {
            "origin": "Oslo",
            "destination": "Madrid",
            "departure_date": "2026-04-10",
            "return_date": "2026-04-17",
            "direct": True,
        },
    ),
    (
        "search_flights",
        "book business class from Vienna to Tokyo next Monday",
        {"origin": "Vienna", "destination": "Tokyo", "departure_date": "2026-03-09", "cabin": "business"},
    ),
    (
        "search_flights",
        "fly from san diego to boston on march 20",
        {"origin": "san diego", "destination": "boston", "departure_date": "2026-03-20"},
    ),
    (
        "reserve_restaurant",
        "book a table at Luigi's in Bath for 4 people tomorrow at 7pm",
        {"restaurant_name": "Luigi's", "city": "Bath", "date": "2026-03-05", "time": "19:00:00", "party_size": 4},
    ),
    (
        "reserve_restaurant",
        "reserve a table for two at The Ivy on Friday at 8 pm",
        {"restaurant_name": "The Ivy", "date": "2026-03-06", "time": "20:00:00", "party_size": 2},
    ),
    ("get_weather", "what's the weather in Lisbon tomorrow?", {"location": "Lisbon", "date": "2026-03-05"}),
    ("get_weather", "will it rain in Cork on Saturday", {"location": "Cork", "date": "2026-03-07"}),
    ("get_weather", "weather forecast for New Delhi in fahrenheit", {"location": "New Delhi", "unit": "fahrenheit"}),
    ("get_weather", "how warm is it in Kyoto in celsius", {"location": "Kyoto", "unit": "celsius"}),
    ("set_thermostat", "set the bedroom to 21 degrees", {"temperature": 21}),
    ("set_thermostat", "set the temperature in the kitchen to 19.5", {"temperature": 19.5, "room": "kitchen"}),
    ("set_thermostat", "cool the office to 22 degrees", {"temperature": 22, "mode": "cool"}),
    ("send_money", "send 20 euros to Anna", {"amount": 20, "recipient": "Anna"}),
    ("send_money", "transfer $150 to Bob Miller", {"amount": 150, "recipient": "Bob Miller"}),
    ("play_song", "play Yesterday by The Beatles", {"title": "Yesterday", "artist": "The Beatles"}),
    (
        "play_song",
        'play "Stairway to Heaven" by Led Zeppelin on the kitchen speaker',
        {"title": "Stairway to Heaven", "artist": "Led Zeppelin"},
    ),
    ("play_song", "play hotel california by eagles", {"title": "hotel california", "artist": "eagles"}),
    ("translate", "translate good morning to French", {"text": "good morning", "target_language": "French"}),
    (
        "translate",
        'translate "where is the station" into Italian',
        {"text": "where is the station", "target_language": "Italian"},
    ),
    (
        "translate",
        "translate 'guten Tag' from German to English",
        {"text": "guten Tag", "source_language": "German", "target_language": "English"},
    ),
    ("order_stock", "buy 10 shares of AAPL", {"symbol": "AAPL", "side": "buy", "quantity": 10}),
    ("order_stock", "sell 5 shares of Tesla", {"symbol": "Tesla", "side": "sell", "quantity": 5}),
    (
        "find_hotel",
        "find a hotel in Prague from 3 May to 7 May",
        {"city": "Prague", "check_in_date": "2026-05-03", "check_out_date": "2026-05-07"},
    ),
    (
        "find_hotel",
        "I need 2 rooms in Ghent from 10 April until 12 April with breakfast",
        {
            "city": "Ghent",
            "check_in_date": "2026-04-10",
            "check_out_date": "2026-04-12",
            "rooms": 2,
            "breakfast_included": True,
        },
    ),
    (
        "find_hotel",
        "hotel in Porto from 1 June to 4 June without breakfast",
        {"city": "Porto", "check_in_date": "2026-06-01", "check_out_date": "2026-06-04", "breakfast_included": False},
    ),
    (
        "request_ride",
        "get me a taxi from 5 High Street to the airport",
        {"pickup": "5 High Street", "dropoff": "airport"},
    ),
    (
        "request_ride",
        "order a shared ride from the station to Elm Road at 6 pm",
        {"pickup": "station", "dropoff": "Elm Road", "time": "2026-03-04T18:00:00+01:00", "ride_type": "shared"},
    ),
    (
        "send_email",
        "send an email to jo@example.com saying I'll be late",
        {"to": "jo@example.com", "body": "I'll be late"},
    ),
    (
        "send_email",
        "email ann@example.org about the party saying see you there",
        {"to": "ann@example.org", "subject": "party", "body": "see you there"},
    ),
    ("calculate_bmi", "what's the bmi for a weight of 70 and a height of 1.8", {"weight": 70, "height": 1.8}),
    ("calculate_bmi", "bmi with height 1.75 and weight 80", {"weight": 80, "height": 1.75}),
    ("track_parcel", "track parcel JD014600003 with DHL", {"tracking_number": "JD014600003", "carrier": "DHL"}),
    ("track_parcel", "where is my parcel with tracking number 1Z999AA1?", {"tracking_number": "1Z999AA1"}),
    ("control_light", "turn on the light in the kitchen", {"room": "kitchen", "power": True}),
    ("control_light", "turn off the lights in the hall", {"room": "hall", "power": False}),
    ("control_light", "set the brightness in the bathroom to 40%", {"room": "bathroom", "brightness": 40}),
    ("control_light", "make the light in the study blue", {"room": "study", "color": "blue"}),
    (
        "order_pizza",
        "order a large pizza with mushrooms, olives and extra cheese",
        {"size": "large", "toppings": ["mushrooms", "olives", "extra cheese"]},
    ),
    ("order_pizza", "I'd like 3 small pizzas with ham", {"size": "small", "toppings": ["ham"], "count": 3}),
    ("average", "what is the average of 3, 5 and 10?", {"numbers": [3, 5, 10]}),
    ("find_movies", "find comedy movies directed by Wes Anderson", {"genre": "comedy", "director": "Wes Anderson"}),
    ("find_movies", "show me a drama starring Meryl Streep", {"genre": "drama", "starring": "Meryl Streep"}),
    ("start_workout", "start a cycling workout for 45 minutes", {"activity": "cycling", "minutes": 45}),
    ("start_workout", "let's go for a run for half an hour", {"activity": "running", "minutes": 30}),
    (
        "create_ticket",
        "create a high priority ticket called printer is broken",
        {"title": "printer is broken", "priority": "high"},
    ),
    (
        "create_ticket",
        'open a ticket titled "login fails" and assign it to Maria',
        {"title": "login fails", "assignee": "Maria"},
    ),
    ("ship", "ship a parcel of 2.5 kg to Lyon", {"address": {"city": "Lyon"}, "weight": 2.5}),
]


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

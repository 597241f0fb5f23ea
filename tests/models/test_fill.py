"""Our own kinds of tools are filled from ordinary sentences: titles, names, lists, moments, answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.guess import Guess, Request, ToolSchema
from models.reflex.fill import complete, fill

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
REST = {"type": "string", "x-fill": "rest"}
MOMENT = {"type": "string", "format": "date-time"}
DURATION = {"type": "string", "format": "duration"}
RULE = {"type": "string", "x-fill": "rrule"}
ITEMS = {"type": "array", "items": {"type": "string"}, "x-kind": "item"}
LIST = {"type": "string", "default": "shopping", "x-kind": "list"}
NAMES = {
    "list": ["shopping", "to-do", "packing"],
    "item": ["milk", "bread", "mac and cheese"],
    "event": ["dentist", "lunch with Anna"],
    "timer": ["pasta"],
    "note": ["Garden", "boiler"],
    "contact": ["Anna", "Joe Miller"],
    "reminder": ["call mum"],
}


def kind(name: str) -> dict[str, Any]:
    return {"type": "string", "x-kind": name}


def tool(
    name: str, description: str, required: str, examples: tuple[str, ...] = (), /, **properties: Mapping[str, Any]
) -> ToolSchema:
    schema = {"type": "object", "properties": properties, "required": required.split()}
    return ToolSchema(name, description, schema, examples)


TOOLS = {
    made.name: made
    for made in (
        tool(
            "reminders_add",
            "Remind the person of something at a time, once or repeating.",
            "text at",
            ("remind me to feed the cat at 6", "set a reminder for Friday noon: bring cake"),
            text=REST,
            at=MOMENT,
            repeat=RULE,
        ),
        tool(
            "calendar_add",
            "Put an event on the calendar.",
            "title start",
            ("put swimming on my calendar on Friday at 4", "schedule a call with Kim tomorrow at 10"),
            title=REST,
            start=MOMENT,
            duration=DURATION,
            end=MOMENT,
            location={"type": "string", "description": "Where it takes place"},
            repeat=RULE,
        ),
        tool("calendar_move", "Move an event to another time.", "event start", event=kind("event"), start=MOMENT),
        tool("calendar_rename", "Give an event another title.", "event title", event=kind("event"), title=REST),
        tool("calendar_free", "Say whether a stretch of time is free.", "start end", start=MOMENT, end=MOMENT),
        tool(
            "lists_add",
            "Add things to a list.",
            "items",
            ("put soap on the list", "we need salt"),
            items=ITEMS,
            list=LIST,
        ),
        tool("lists_remove", "Take things off a list.", "items", ("take soap off the list",), items=ITEMS, list=LIST),
        tool(
            "lists_check",
            "Tick things off as done.",
            "items",
            ("mark soap as done", "I got the salt"),
            items=ITEMS,
            list=LIST,
        ),
        tool("lists_move", "Move things to another list.", "items to", items=ITEMS, to=kind("list"), list=LIST),
        tool("lists_show", "Show what is on a list.", "", list=LIST),
        tool("clock_set_timer", "Start a timer.", "duration", ("timer for 3 minutes",), duration=DURATION, name=REST),
        tool("clock_timer_left", "Say how long is left on a timer.", "", timer=kind("timer")),
        tool("clock_time", "The time in a city or zone.", "", place={"type": "string", "x-fill": "place"}),
        tool(
            "clock_difference",
            "The time difference between two places.",
            "place",
            place={"type": "string", "x-fill": "place"},
            other_place={"type": "string", "x-fill": "place"},
        ),
        tool(
            "notes_add",
            "Write something down as a new note.",
            "text",
            ("note that it rains",),
            text=REST,
            title={"type": "string"},
        ),
        tool("notes_find", "Find the note about something.", "query", ("find my note about tax",), query=REST),
        tool("notes_append", "Write more in a note.", "note text", note=kind("note"), text=REST),
        tool("notes_delete", "Delete one note.", "note", note=kind("note")),
        tool(
            "contacts_save",
            "Save a contact's details.",
            "name",
            name=kind("contact"),
            phone={"type": "string", "format": "phone"},
            email={"type": "string", "format": "email"},
            birthday={"type": "string", "format": "date"},
            relation={"type": "string", "description": "What the person is to me: sister, doctor"},
        ),
        tool(
            "contacts_find",
            "Look up a contact by name or relation.",
            "name",
            name=kind("contact"),
            field={"enum": ["phone", "email", "address", "birthday", "everything"], "default": "everything"},
        ),
        tool(
            "convert_units",
            "Convert an amount.",
            "amount from_unit to_unit",
            amount={"type": "number"},
            from_unit={"type": "string", "x-fill": "unit"},
            to_unit={"type": "string", "x-fill": "unit"},
        ),
        tool("calculate_evaluate", "Work out an expression.", "expression", expression=REST),
        tool(
            "calculate_split",
            "Split a bill between people.",
            "total people",
            total={"type": "number", "description": "The bill"},
            people={"type": "integer"},
            tip_percent={"type": "number", "description": "Tip in percent"},
        ),
        tool("system_disk", "Say how much disk space is left.", ""),
    )
}

CASES = [
    (case["tool"], case["text"], case["arguments"])
    for case in map(json.loads, (Path(__file__).parent / "fill_own.jsonl").read_text(encoding="utf-8").splitlines())
]
"""One case a line: the tool's name, what is said, and the arguments that it gives."""


@pytest.mark.parametrize(("name", "text", "arguments"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_a_sentence_fills_the_tool(name: str, text: str, arguments: dict[str, Any]) -> None:
    guess = fill(text, TOOLS[name], Request(text, [TOOLS[name]], NOW, names=NAMES))
    assert dict(guess.arguments) == arguments
    assert guess.missing == ()


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("reminders_add", "remind me to pay the rent", ("at",)),
        ("reminders_add", "remind me tomorrow at 5", ("text",)),
        ("calendar_add", "put dentist on my calendar", ("start",)),
        ("lists_add", "add something to the shopping list", ()),
        ("clock_set_timer", "set a timer", ("duration",)),
        ("calendar_move", "move the dentist", ("start",)),
        ("convert_units", "convert 72 fahrenheit", ("to_unit",)),
    ],
)
def test_what_was_not_said_is_asked_for(name: str, text: str, missing: tuple[str, ...]) -> None:
    assert fill(text, TOOLS[name], Request(text, [TOOLS[name]], NOW, names=NAMES)).missing == missing


def answered(name: str, given: dict[str, Any], missing: tuple[str, ...], answer: str) -> Guess | None:
    pending = Guess(name, given, 0.5, missing)
    return complete(answer, TOOLS[name], Request(answer, [TOOLS[name]], NOW, names=NAMES, pending=pending))


@pytest.mark.parametrize(
    ("name", "given", "missing", "answer", "arguments"),
    [
        (
            "reminders_add",
            {"text": "pay the rent"},
            ("at",),
            "on the first at nine",
            {"text": "pay the rent", "at": "2026-04-01T09:00:00+01:00"},
        ),
        (
            "reminders_add",
            {"at": "2026-03-05T17:00:00+01:00"},
            ("text",),
            "call mum",
            {"at": "2026-03-05T17:00:00+01:00", "text": "call mum"},
        ),
        ("lists_add", {}, ("items",), "milk and bread", {"items": ["milk", "bread"]}),
        ("clock_set_timer", {}, ("duration",), "ten minutes", {"duration": "PT10M"}),
        (
            "calendar_add",
            {"title": "dentist"},
            ("start",),
            "tomorrow at 3 pm for an hour",
            {"title": "dentist", "start": "2026-03-05T15:00:00+01:00", "duration": "PT1H"},
        ),
        ("calculate_split", {"total": 80}, ("people",), "four", {"total": 80, "people": 4}),
        (
            "convert_units",
            {"amount": 3, "from_unit": "miles"},
            ("to_unit",),
            "to kilometres",
            {"amount": 3, "from_unit": "miles", "to_unit": "kilometres"},
        ),
        (
            "calendar_move",
            {"start": "2026-03-05T15:00:00+01:00"},
            ("event",),
            "the dentist",
            {"start": "2026-03-05T15:00:00+01:00", "event": "dentist"},
        ),
        ("notes_add", {}, ("text",), "the key is under the pot", {"text": "the key is under the pot"}),
    ],
)
def test_an_answer_completes_the_call(
    name: str, given: dict[str, Any], missing: tuple[str, ...], answer: str, arguments: dict[str, Any]
) -> None:
    guess = answered(name, given, missing, answer)
    assert guess is not None
    assert dict(guess.arguments) == arguments
    assert guess.missing == ()


@pytest.mark.parametrize(
    "answer",
    [
        "what's on the shopping list?",
        "add milk to the shopping list",
        "never mind",
        "",
        "remind me to call Jo tomorrow at 4",
    ],
)
def test_a_new_request_completes_nothing(answer: str) -> None:
    assert answered("reminders_add", {"text": "pay the rent"}, ("at",), answer) is None


def test_nothing_is_completed_where_nothing_is_pending() -> None:
    assert complete("at nine", TOOLS["reminders_add"], Request("at nine", [], NOW)) is None


def test_a_fit_tool_explains_the_words_better_than_an_unfit_one() -> None:
    text = "set a timer for 12 minutes called pasta"
    fits, unfit = (fill(text, TOOLS[name], Request(text, [], NOW)) for name in ("clock_set_timer", "convert_units"))
    assert fits.confidence > unfit.confidence

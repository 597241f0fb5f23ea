"""Pointing words mean what was just done and touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from models.guess import PastCall, Request, Said, ToolSchema
from models.reflex.fill import fill
from models.reflex.refer import continues, corrects, resolve

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
EVENT = {"type": "string", "x-kind": "event"}
MOMENT = {"type": "string", "format": "date-time"}
LIST = {"type": "string", "default": "shopping", "x-kind": "list"}
ITEMS = {"type": "array", "items": {"type": "string"}, "x-kind": "item"}


def tool(name: str, description: str, required: str, **properties: Mapping[str, Any]) -> ToolSchema:
    return ToolSchema(name, description, {"type": "object", "properties": properties, "required": required.split()})


ADD_EVENT = tool(
    "calendar_add",
    "Put an event on the calendar.",
    "title start",
    title={"type": "string", "x-fill": "rest"},
    start=MOMENT,
    duration={"type": "string", "format": "duration"},
)
MOVE = tool("calendar_move", "Move an event to another time.", "event start", event=EVENT, start=MOMENT)
LENGTH = tool(
    "calendar_set_duration",
    "Change how long an event is.",
    "event duration",
    event=EVENT,
    duration={"type": "string", "format": "duration"},
)
CANCEL = tool("calendar_cancel", "Cancel an event.", "event", event=EVENT)
ADD = tool("lists_add", "Add things to a list.", "items", items=ITEMS, list=LIST)
REMOVE = tool("lists_remove", "Take things off a list.", "items", items=ITEMS, list=LIST)
STOP = tool("clock_cancel_timer", "Stop a timer.", "", timer={"type": "string", "x-kind": "timer"})
REMIND = tool(
    "reminders_add", "Remind someone of something.", "text at", text={"type": "string", "x-fill": "rest"}, at=MOMENT
)
WEATHER = tool(
    "get_weather",
    "Get the weather.",
    "location",
    location={"type": "string", "description": "City"},
    date={"type": "string", "format": "date"},
)
HOTEL = tool("find_hotel", "Find a hotel.", "location", location={"type": "string", "description": "City"})


def thing(kind: str, name: str, at: str | None = None, within: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "name": name, "id": name, "at": at, "within": within}


def after(*calls: PastCall) -> Sequence[Said]:
    return [said for call in calls for said in (Said("user", "…"), Said("assistant", "…", [call]))]


DENTIST = PastCall(
    "calendar_add",
    {"title": "dentist", "start": "2026-03-10T15:00:00+01:00", "duration": "PT1H"},
    [thing("event", "dentist", "2026-03-10T15:00:00+01:00")],
)
AGENDA = PastCall(
    "calendar_agenda",
    {"day": "2026-03-10"},
    [
        thing("event", "dentist", "2026-03-10T15:00:00+01:00"),
        thing("event", "lunch", "2026-03-10T12:00:00+01:00"),
        thing("event", "choir", "2026-03-10T19:00:00+01:00"),
    ],
)
PACKING = PastCall(
    "lists_add",
    {"items": ["tent", "rope"], "list": "packing"},
    [thing("item", "tent", within="packing"), thing("item", "rope", within="packing"), thing("list", "packing")],
)
TIMER = PastCall("clock_set_timer", {"duration": "PT5M"}, [thing("timer", "pasta", "2026-03-04T09:05:00+01:00")])
RAIN = PastCall("get_weather", {"location": "Oslo", "date": "2026-03-05"})


def filled(text: str, wanted: ToolSchema, history: Sequence[Said]) -> dict[str, Any]:
    return dict(fill(text, wanted, Request(text, [wanted], NOW, history)).arguments)


@pytest.mark.parametrize(
    ("text", "wanted", "past", "arguments"),
    [
        ("move it to 4", MOVE, DENTIST, {"event": "dentist", "start": "2026-03-10T16:00:00+01:00"}),
        ("move it to Friday", MOVE, DENTIST, {"event": "dentist", "start": "2026-03-13T15:00:00+01:00"}),
        ("push it to an hour later", MOVE, DENTIST, {"event": "dentist", "start": "2026-03-10T16:00:00+01:00"}),
        (
            "reschedule that to Thursday at 10",
            MOVE,
            DENTIST,
            {"event": "dentist", "start": "2026-03-12T10:00:00+01:00"},
        ),
        ("move the event to 4", MOVE, DENTIST, {"event": "dentist", "start": "2026-03-10T16:00:00+01:00"}),
        ("make it two hours long", LENGTH, DENTIST, {"event": "dentist", "duration": "PT2H"}),
        ("cancel it", CANCEL, DENTIST, {"event": "dentist"}),
        ("cancel that please", CANCEL, DENTIST, {"event": "dentist"}),
        ("cancel the second one", CANCEL, AGENDA, {"event": "lunch"}),
        ("cancel the first", CANCEL, AGENDA, {"event": "dentist"}),
        ("cancel the last one", CANCEL, AGENDA, {"event": "choir"}),
        ("cancel number 2", CANCEL, AGENDA, {"event": "lunch"}),
        ("move the third one to 8 pm", MOVE, AGENDA, {"event": "choir", "start": "2026-03-10T20:00:00+01:00"}),
        ("move lunch to 1", MOVE, AGENDA, {"event": "lunch", "start": "2026-03-10T13:00:00+01:00"}),
        ("stop it", STOP, TIMER, {"timer": "pasta"}),
        ("stop the timer", STOP, TIMER, {"timer": "pasta"}),
        ("take the rope off", REMOVE, PACKING, {"items": ["rope"], "list": "packing"}),
        ("remove them", REMOVE, PACKING, {"items": ["tent", "rope"], "list": "packing"}),
        ("take the second one off", REMOVE, PACKING, {"items": ["rope"], "list": "packing"}),
        ("remove milk from the shopping list", REMOVE, PACKING, {"items": ["milk"], "list": "shopping"}),
        ("add soap", ADD, PACKING, {"items": ["soap"], "list": "packing"}),
        ("and bread too", ADD, PACKING, {"items": ["bread"], "list": "packing"}),
        ("also a torch", ADD, PACKING, {"items": ["torch"], "list": "packing"}),
        ("and socks and a hat", ADD, PACKING, {"items": ["socks", "hat"], "list": "packing"}),
        (
            "remind me at the same time to bring cash",
            REMIND,
            DENTIST,
            {"text": "bring cash", "at": "2026-03-10T15:00:00+01:00"},
        ),
        ("what about Paris?", WEATHER, RAIN, {"location": "Paris", "date": "2026-03-05"}),
        ("and on Friday?", WEATHER, RAIN, {"location": "Oslo", "date": "2026-03-06"}),
        ("find a hotel there", HOTEL, RAIN, {"location": "Oslo"}),
    ],
)
def test_a_pointing_word_takes_what_was_touched(
    text: str, wanted: ToolSchema, past: PastCall, arguments: dict[str, Any]
) -> None:
    assert filled(text, wanted, after(past)) == arguments


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("make it 5 instead", {"start": "2026-03-10T17:00:00+01:00"}),
        ("no, on Friday", {"start": "2026-03-13T15:00:00+01:00"}),
        ("actually at 4", {"start": "2026-03-10T16:00:00+01:00"}),
        ("sorry, I meant Thursday at 10", {"start": "2026-03-12T10:00:00+01:00"}),
        ("make it two hours", {"duration": "PT2H"}),
    ],
)
def test_a_correction_changes_only_what_it_names(text: str, changed: dict[str, Any]) -> None:
    assert corrects(text, Request(text, [], NOW, after(DENTIST)))
    assert filled(text, ADD_EVENT, after(DENTIST)) == {**DENTIST.arguments, **changed}


@pytest.mark.parametrize(
    "text",
    [
        "add milk to the list",
        "no, delete the note",
        "actually remind me to call Jo at 5",
        "what time is it?",
        "move it to 4",
    ],
)
def test_a_new_request_corrects_nothing(text: str) -> None:
    assert not corrects(text, Request(text, [], NOW, after(DENTIST)))


def test_nothing_is_corrected_or_continued_without_a_past() -> None:
    request = Request("no, on Friday", [], NOW)
    assert not corrects("no, on Friday", request)
    assert not continues("and bread too", request)


@pytest.mark.parametrize(
    "text", ["and bread too", "also bread", "what about Paris?", "how about Friday", "eggs as well"]
)
def test_going_on_from_the_last_call_is_seen(text: str) -> None:
    assert continues(text, Request(text, [], NOW, after(PACKING)))


@pytest.mark.parametrize("text", ["also remind me to call Jo", "and set a timer for 5 minutes", "add bread"])
def test_a_request_of_its_own_goes_on_from_nothing(text: str) -> None:
    assert not continues(text, Request(text, [], NOW, after(PACKING)))


def test_a_pronoun_with_nothing_to_mean_gives_nothing() -> None:
    request = Request("cancel it", [CANCEL], NOW)
    assert resolve("cancel it", CANCEL, request) == {}
    assert fill("cancel it", CANCEL, request).missing == ("event",)


def test_the_latest_thing_of_the_right_kind_is_meant() -> None:
    history = after(DENTIST, TIMER)
    assert resolve("cancel it", CANCEL, Request("cancel it", [CANCEL], NOW, history)) == {"event": "dentist"}
    assert resolve("stop it", STOP, Request("stop it", [STOP], NOW, history)) == {"timer": "pasta"}


def test_it_inside_a_reminder_is_the_persons_own_word() -> None:
    assert filled("remind me to water it at 5", REMIND, after(DENTIST))["text"] == "water it"


def test_that_before_a_sentence_points_at_nothing() -> None:
    note = tool(
        "notes_append",
        "Write more in a note.",
        "note text",
        note={"type": "string", "x-kind": "note"},
        text={"type": "string", "x-fill": "rest"},
    )
    past = PastCall("notes_add", {"text": "soup"}, [thing("note", "soup")])
    request = Request("", [note], NOW, after(past))
    assert resolve("add to the garden note that the gate is open", note, request) == {}


BOOKMARK = {"type": "string", "x-kind": "bookmark"}
TAG = tool(
    "bookmarks_tag",
    "Tag a bookmark.",
    "bookmark tags",
    bookmark=BOOKMARK,
    tags={"type": "array", "items": {"type": "string"}},
)
RENAME = tool(
    "bookmarks_rename",
    "Give a bookmark another title.",
    "bookmark title",
    bookmark=BOOKMARK,
    title={"type": "string", "x-fill": "rest"},
)
DELETE = tool("bookmarks_delete", "Delete a bookmark.", "bookmark", bookmark=BOOKMARK)
TOUCHED = (Said("assistant", "", (PastCall("x", {}, ({"kind": "bookmark", "name": "Knots"},)),)),)


@pytest.mark.parametrize("names", [(), ("Our daily bread", "Knots")])
@pytest.mark.parametrize(
    ("made", "text", "arguments"),
    [
        (TAG, "tag the bookmark Our daily bread with baking", {"bookmark": "Our daily bread", "tags": ["baking"]}),
        (RENAME, "rename the bookmark Our daily bread to Loaves", {"bookmark": "Our daily bread", "title": "Loaves"}),
        (DELETE, "delete the bookmark Our daily bread", {"bookmark": "Our daily bread"}),
        (DELETE, "delete the bookmark called Our daily bread", {"bookmark": "Our daily bread"}),
        (TAG, "tag it with baking", {"bookmark": "Knots", "tags": ["baking"]}),
        (RENAME, "rename the bookmark to Ropes", {"bookmark": "Knots", "title": "Ropes"}),
        (DELETE, "delete the bookmark", {"bookmark": "Knots"}),
        (DELETE, "please delete that bookmark now", {"bookmark": "Knots"}),
        (DELETE, "delete Loaves from my bookmarks", {"bookmark": "Loaves"}),
    ],
)
def test_a_thing_that_is_named_is_never_the_one_touched_last(
    made: ToolSchema, text: str, arguments: Mapping[str, Any], names: Sequence[str]
) -> None:
    request = Request(text, [made], NOW, history=TOUCHED, names={"bookmark": names})
    assert fill(text, made, request).arguments == arguments


@pytest.mark.parametrize("text", ["stop the timer for pasta", "stop the timer called pasta", "stop the timer Pasta"])
def test_a_timer_that_is_named_after_its_noun_is_meant(text: str) -> None:
    past = (Said("assistant", "", (PastCall("x", {}, ({"kind": "timer", "name": "tea"},)),)),)
    (name,) = fill(text, STOP, Request(text, [STOP], NOW, history=past)).arguments.values()
    assert name.lower() == "pasta"

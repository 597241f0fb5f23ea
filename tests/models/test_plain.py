"""The plain reader, on tools that it has never seen."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.embed.encoder import Encoder
from models.guess import Guess, PastCall, Reading, Request, Said, ToolSchema
from models.reflex.plain import PlainReader
from models.reflex.pointing import kinds_pointed

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")


def tool(
    name: str, description: str, properties: dict[str, Any], required: Sequence[str], *examples: str
) -> ToolSchema:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return ToolSchema(name, description, schema, examples)


DURATION = {"type": "string", "format": "duration"}
TIMER = {"type": "string", "x-kind": "timer"}
TOOLS = (
    tool(
        "timer_set", "Set a timer.", {"duration": DURATION}, ["duration"], "set a timer for 10 minutes", "start a timer"
    ),
    tool(
        "timer_cancel", "Cancel a timer.", {"timer": TIMER}, ["timer"], "cancel the tea timer", "stop the pasta timer"
    ),
    tool("disk_free", "Say how much disk space is left.", {}, [], "how much disk space is left?", "is the disk full?"),
)


@pytest.fixture(scope="module")
def reader() -> PlainReader:
    return PlainReader(Encoder())


def read(reader: PlainReader, text: str, **more: Any) -> Reading:
    return reader.read(Request(text=text, tools=more.pop("tools", TOOLS), now=NOW, **more))


def test_a_request_becomes_a_typed_call(reader: PlainReader) -> None:
    (guess,) = read(reader, "set a timer for 12 minutes").guesses
    assert (guess.name, dict(guess.arguments), guess.missing) == ("timer_set", {"duration": "PT12M"}, ())
    assert 0.5 < guess.confidence <= 1


@pytest.mark.parametrize("text", ["who won the world cup in 1998?", "write me a poem about cats", "order a pizza"])
def test_what_no_tool_does_is_no_call_but_names_the_nearest(reader: PlainReader, text: str) -> None:
    reading = read(reader, text)
    assert reading.guesses == ()
    assert len(reading.near) == len(TOOLS)
    assert [score for _, score in reading.near] == sorted((score for _, score in reading.near), reverse=True)


def test_two_requests_in_one_sentence_become_two_calls_in_order(reader: PlainReader) -> None:
    guesses = read(reader, "start a timer for 5 minutes and tell me how much disk space is left").guesses
    assert [guess.name for guess in guesses] == ["timer_set", "disk_free"]


def test_a_missing_argument_is_named_and_the_answer_completes_the_call(reader: PlainReader) -> None:
    (guess,) = read(reader, "set a timer").guesses
    assert guess.missing == ("duration",)
    (whole,) = read(reader, "a quarter of an hour", pending=guess).guesses
    assert (whole.name, dict(whole.arguments), whole.missing) == ("timer_set", {"duration": "PT15M"}, ())


def test_a_correction_changes_the_last_call(reader: PlainReader) -> None:
    history = [
        Said("user", "set a timer for 7 minutes"),
        Said("assistant", "", [PastCall("timer_set", {"duration": "PT7M"}, [{"kind": "timer", "name": "eggs"}])]),
    ]
    (guess,) = read(reader, "no, make it 9 minutes", history=history).guesses
    assert (guess.name, dict(guess.arguments)) == ("timer_set", {"duration": "PT9M"})


def test_a_pronoun_points_at_the_kind_that_was_touched() -> None:
    history = [Said("assistant", "", [PastCall("timer_set", {}, [{"kind": "timer", "name": "eggs"}])])]
    request = Request("cancel it", TOOLS, NOW, history, {"list": ["shopping"], "note": ["the cabin wifi password"]})
    assert kinds_pointed("cancel it", request) == {"timer"}
    assert kinds_pointed("show the shopping list", request) == {"list"}
    assert kinds_pointed("what's the wifi password?", request) == {"note"}


ODD = [
    "",
    "   ",
    "?!",
    "\x00\x01\x1b[31m",
    "🎉🎉🎉",
    "set a timer 🎉 for 5 minutes 🎉",
    "\ud800",
    "今日の予定を教えて",
    "и что?",
    "اضبط المؤقت",
    "remind me on the 31st of February",
    "a and " * 400,
    "set a timer for 5 minutes, " * 70,
    "9" * 1_500,
    "((((((" * 200,
    "'" * 1_000,
    "x" * 1_000_000,
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_text_is_read_without_a_fault(reader: PlainReader, text: str) -> None:
    for guess in read(reader, text).guesses:
        assert guess.name in {tool.name for tool in TOOLS}
        assert 0 <= guess.confidence <= 1


def test_without_tools_nothing_is_guessed(reader: PlainReader) -> None:
    assert read(reader, "set a timer", tools=()).guesses == ()


@pytest.mark.parametrize(
    "schema",
    [{}, {"type": "object"}, {"properties": {"a": {}}}, {"properties": {"a": {"anyOf": []}}, "required": ["a", "b"]}],
)
def test_schemas_with_little_in_them_are_read(reader: PlainReader, schema: dict[str, Any]) -> None:
    read(reader, "find me a red bicycle", tools=(ToolSchema("bicycle_find", "Find a bicycle.", schema),))


def test_a_pending_call_of_a_tool_that_is_gone_is_let_go(reader: PlainReader) -> None:
    (guess,) = read(reader, "set a timer for 3 minutes", pending=Guess("gone", {}, 0.5, ("a",))).guesses
    assert guess.name == "timer_set"


def test_the_cache_folder_is_filled_and_can_be_deleted(tmp_path: Path) -> None:
    first = read(PlainReader(Encoder(), tmp_path / "cache"), "is the disk full?")
    (file,) = (tmp_path / "cache").iterdir()
    second = read(PlainReader(Encoder(), tmp_path / "cache"), "is the disk full?")
    file.write_bytes(b"damage")
    third = read(PlainReader(Encoder(), tmp_path / "cache"), "is the disk full?")
    assert first.guesses == second.guesses == third.guesses


@pytest.mark.parametrize("text", ["don't set a timer for 10 minutes", "please do not cancel the tea timer"])
def test_what_is_not_wanted_is_not_called(reader: PlainReader, text: str) -> None:
    assert not read(reader, text).guesses


KEEPING = (
    tool(
        "notes_add",
        "Write down a note.",
        {"text": {"type": "string", "x-fill": "rest"}},
        ["text"],
        "note that the car is in bay 7",
        "jot down that the shed key is under the pot",
        "write this down: feed the fish",
    ),
    tool(
        "reminders_add",
        "Remind someone of something.",
        {"text": {"type": "string", "x-fill": "rest"}, "at": {"type": "string", "format": "date-time"}},
        ["text", "at"],
        "remind me to call mum at 5",
        "remind me to water the roses on Friday",
    ),
    tool(
        "reminders_done",
        "Mark a reminder as done.",
        {"reminder": {"type": "string", "x-kind": "reminder"}},
        ["reminder"],
        "I paid the bill, tick off the reminder",
        "mark the reminder to call mum as done",
    ),
    tool(
        "codes_wifi",
        "Make a code with which guests join a wifi.",
        {"name": {"type": "string"}, "password": {"type": "string"}},
        ["name", "password"],
        "make a wifi code for Attic with the password tulip",
        "wifi code for guests, the password is crow",
    ),
)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("remind me to pay the rent", "reminders_add", "pay the rent"),
        ("note that the attic wifi password is heron-42", "notes_add", "the attic wifi password is heron-42"),
    ],
)
def test_what_is_dictated_goes_to_a_tool_that_takes_words(
    reader: PlainReader, text: str, name: str, words: str
) -> None:
    (guess,) = read(reader, text, tools=KEEPING, names={"reminder": ["pay the rent"]}).guesses
    assert (guess.name, guess.arguments) == (name, {"text": words})


PAGES = (
    tool("web_read", "Read a web page.", {"url": {"type": "string", "format": "uri"}}, ["url"],
         "read https://example.org/news", "open the page example.com/about"),
    tool("timer_list", "List the timers.", {}, [], "what timers are running?", "show my pasta timer"),
)  # fmt: skip


def test_the_words_of_an_address_tell_nothing_of_what_is_asked(reader: PlainReader) -> None:
    url = "https://kitchen.example.net/show/my-pasta-timer/what-timers-are-running"
    (guess,) = read(reader, f"read {url}", tools=PAGES).guesses
    assert (guess.name, guess.arguments) == ("web_read", {"url": url})

"""Several requests in one sentence are taken apart, one request is left whole."""

from __future__ import annotations

import pytest

from models.reflex.split import candidates, split

WHOLE = [
    "add milk, eggs and two avocados to the shopping list",
    "remind me to buy milk and call mum",
    "what's the weather in Paris and Rome?",
    "put salt and pepper on the list",
    "play rock and roll",
    "note that Anna and Ben are coming and bring cake",
    "tell Anna that I am late and ask her to wait",
    "remind me to take out the bins and water the plants tomorrow at 7",
    "split 96.40 between four with a 10% tip",
    "book a table for two, please",
    "who won the world cup in 1998?",
    'send a message saying "come home and bring milk"',
    "add a meeting with Tom and Jo on Friday at 3",
    "convert 5 feet and 3 inches to cm",
    "Anna's number is +44 20 7946 0958, she is my sister",
    "am I free Tuesday between 3 and 6?",
    "what is 3 plus 4 and a half",
    "call mum and dad",
    "",
    "and bread too",
    "add milk, eggs and bread to the list",
    "schedule lunch with Anna and Tom on Monday at noon",
    "translate hello and goodbye to French",
    "cancel the 3 o'clock and the 4 o'clock meeting",
    "find a train from Lyon to Paris and a hotel in Paris",
    "note that the key goes to Ann and the book to Ben",
    "remind me to water the plants on Monday and Thursday",
    "the bill is 126.40 for five people, how much each?",
    "dinner at Luigi's tonight at eight, put it in the calendar",
]

SHORTENED = [
    (
        "add milk to the shopping list and batteries to the hardware list",
        ["add milk to the shopping list", "add batteries to the hardware list"],
    ),
    ("set a timer for 5 minutes and another for 10", ["set a timer for 5 minutes", "set a timer for 10 minutes"]),
    ("set an alarm for 7 and another for 7:30", ["set an alarm for 7", "set an alarm for 7:30"]),
    ("set timers for 5 minutes and 8 minutes", ["set timers for 5 minutes", "set timers for 8 minutes"]),
    ("convert 10 km to miles and 20 kg to pounds", ["convert 10 km to miles", "convert 20 kg to pounds"]),
    (
        "add gym on Thursday at 18:00 and drinks with Tom on Friday at 20:00",
        ["add gym on Thursday at 18:00", "add drinks with Tom on Friday at 20:00"],
    ),
    (
        "remind me to lock the shed at 9 tonight and to charge the bike at 10",
        ["remind me to lock the shed at 9 tonight", "remind me to charge the bike at 10 tonight"],
    ),
    (
        "move the dentist to Friday and the gym to Saturday",
        ["move the dentist to Friday", "move the gym to Saturday"],
    ),
    (
        "put milk on the shopping list, nails on the hardware list and tent pegs on the camping list",
        ["put milk on the shopping list", "put nails on the hardware list", "put tent pegs on the camping list"],
    ),
    ("send 20 euros to Anna and 30 euros to Ben", ["send 20 euros to Anna", "send 30 euros to Ben"]),
    ("translate hello to French and goodbye to Spanish", ["translate hello to French", "translate goodbye to Spanish"]),
    ("play jazz in the kitchen and rock in the garage", ["play jazz in the kitchen", "play rock in the garage"]),
    (
        "start a timer for 10 minutes called eggs and one for 12 minutes called rice",
        ["start a timer for 10 minutes called eggs", "start a timer for 12 minutes called rice"],
    ),
]
"""The later requests leave out their verb."""

SEVERAL = [
    (
        "turn off the lights in the hall, lock the door and set an alarm for 6",
        ["turn off the lights in the hall", "lock the door", "set an alarm for 6"],
    ),
    (
        "add wine to the party list and take cheese off the shopping list",
        ["add wine to the party list", "take cheese off the shopping list"],
    ),
    (
        "note that the meter reading is 44810 and show me all my notes",
        ["note that the meter reading is 44810", "show me all my notes"],
    ),
    (
        "book a run tomorrow at 7 for half an hour and remind me tonight at 9 to lay out my shoes",
        ["book a run tomorrow at 7 for half an hour", "remind me tonight at 9 to lay out my shoes"],
    ),
    (
        "set a timer for 5 minutes and add bread to the list",
        ["set a timer for 5 minutes", "add bread to the list"],
    ),
    ("what's the weather then set an alarm for 7", ["what's the weather", "set an alarm for 7"]),
    (
        "what time is it in Tokyo? And how much disk space is left?",
        ["what time is it in Tokyo?", "how much disk space is left?"],
    ),
    (
        "add milk and eggs to the shopping list. Also remind me to call Jo at 5",
        ["add milk and eggs to the shopping list", "remind me to call Jo at 5"],
    ),
    ("cancel the dentist; move lunch to 1", ["cancel the dentist", "move lunch to 1"]),
    (
        "put eggs on the list, set a timer for 4 minutes and then show my calendar",
        ["put eggs on the list", "set a timer for 4 minutes", "show my calendar"],
    ),
    (
        "convert 5 miles to km and tell me what time it is in Oslo",
        ["convert 5 miles to km", "tell me what time it is in Oslo"],
    ),
    ("turn off the lights and lock the door", ["turn off the lights", "lock the door"]),
    ("remind me to buy milk and set a timer for ten minutes", ["remind me to buy milk", "set a timer for ten minutes"]),
    ("delete the note about soup and also what's on today?", ["delete the note about soup", "what's on today?"]),
    (
        "play some jazz and please dim the lights",
        ["play some jazz", "dim the lights"],
    ),
]


@pytest.mark.parametrize("text", WHOLE)
def test_one_request_stays_whole(text: str) -> None:
    assert split(text) == [text.strip()]


@pytest.mark.parametrize(("text", "clauses"), SEVERAL)
def test_several_requests_are_taken_apart(text: str, clauses: list[str]) -> None:
    assert split(text) == clauses


@pytest.mark.parametrize(("text", "clauses"), SHORTENED, ids=[text for text, _ in SHORTENED])
def test_a_request_that_leaves_out_its_verb_is_given_it(text: str, clauses: list[str]) -> None:
    assert split(text) == clauses


@pytest.mark.parametrize("text", WHOLE + [text for text, _ in SEVERAL + SHORTENED])
def test_the_best_way_comes_first_and_the_whole_is_always_offered(text: str) -> None:
    ways = candidates(text)
    assert ways[0] == split(text)
    assert [text.strip()] in ways
    assert len({tuple(way) for way in ways}) == len(ways)


def test_a_doubtful_split_is_offered_second() -> None:
    text = "remind me to buy milk and add bread to the list"
    assert ["remind me to buy milk", "add bread to the list"] in candidates(text)


def test_a_long_text_is_not_taken_apart_without_end() -> None:
    assert len(split("add milk to the list and " * 200 + "add bread to the list")) <= 6

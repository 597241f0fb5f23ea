"""Some phrases are said to memory alone, whatever they are about; everything else is passed on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from agent.memory.answers import Answers
from agent.memory.memories import Memories
from agent.memory.phrases import Phrases, asks_to_forget, is_statement, said_to_memory
from agent.turn import Answered, Passed, Said
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode
from services.tool import Call, Outcome
from tests.agent.conftest import Events, turn


class Kept(Memories):
    """Memory's tools, with the calls that were made."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self.calls: list[Call] = []

    async def call(self, call: Call) -> Outcome:
        self.calls.append(call)
        return await super().call(call)


@pytest.fixture
def memory(engine: sa.Engine) -> Memory:
    create(engine)
    return Memory(engine, encode, PlainIndex())


@pytest.mark.parametrize("thing", ["fridge", "alarm", "shopping list", "weather", "meeting with Tom", "plumber"])
@pytest.mark.parametrize(
    "asked",
    [
        "what did I say about the {}?",
        "what have I told you about the {}",
        "remind me what I said about the {}",
        "did I mention the {}?",
        "have I ever told you about the {}?",
        "do you remember what I said about the {}?",
        "What did we say yesterday about the {}",
    ],
)
def test_a_question_for_what_was_said_goes_to_memory_whatever_it_is_about(asked: str, thing: str) -> None:
    meant = said_to_memory(asked.format(thing))
    assert meant is not None
    assert (meant[0].name, meant[2]) == ("memory_recall", True)


@pytest.mark.parametrize(
    "text",
    [
        "forget that my dog is called Zorblax",
        "please forget that we are moving to Oslo",
        "forget that Bob lives in Rome",
        "forget that the fridge is broken",
        "delete what I said about the fridge",
        "erase everything about Bob",
        "forget everything I told you last week",
        "delete everything you know about Clara",
        "delete the fact that Bob is vegetarian",
    ],
)
def test_a_request_to_forget_what_was_said_goes_to_memory(text: str) -> None:
    meant = said_to_memory(text)
    assert meant is not None
    assert (meant[0].name, meant[1]) == ("memory_forget", text)


@pytest.mark.parametrize(
    "text",
    [
        "forget that reminder",
        "forget that alarm",
        "forget that note about the fridge",
        "forget Tom's phone number",
        "delete everything on the list",
        "delete all of my reminders",
        "delete the meeting tomorrow",
        "forget it",
        "what did I promise Clara?",
        "what did I say I would do this week?",
        "do you remember to water the plants",
        "how do you know how to cook rice?",
        "what's the weather?",
        "did I write to Bob?",
        "what did I say about the car and add milk to the list",
        "what did I say about it, " * 40,
        "",
    ],
)
def test_what_may_mean_something_else_is_passed_on(text: str) -> None:
    assert said_to_memory(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Please don't forget that lunch costs 60 an hour",
        "remember that lunch costs 60 an hour",
        "Remember: lunch costs 60 an hour",
        "keep in mind that lunch costs 60 an hour",
    ],
)
def test_what_is_to_be_remembered_is_kept_word_for_word_whatever_values_are_in_it(text: str) -> None:
    meant = said_to_memory(text)
    assert meant is not None
    assert (meant[0].name, meant[1]) == ("memory_remember", "lunch costs 60 an hour")


async def test_a_no_with_what_is_so_instead_puts_right_what_is_believed(memory: Memory, events: Events) -> None:
    said, box = turn("no, my shoe size is 40"), Kept(memory)
    assert await Phrases(Answers(memory))(said, box, events) == Passed("")
    memory.remember(Note("my shoe size is 39", "owner", said.now, "owner"))
    assert await Phrases(Answers(memory))(said, box, events) == Answered()
    assert [(call.tool, call.arguments) for call in box.calls] == [
        ("memory_correct", {"text": "my shoe size is 40"}),
    ]


async def test_memory_is_asked_and_its_answer_told(memory: Memory, events: Events) -> None:
    said = turn("what did I say about the fridge?")
    memory.remember(Note("the fridge is loud", "owner", said.now, "owner"))
    box = Kept(memory)
    assert await Phrases(Answers(memory))(said, box, events) == Answered()
    assert "the fridge is loud" in "".join(event.text for event in events.all if isinstance(event, Said))
    assert [call.tool for call in box.calls] == ["memory_recall"]


async def test_what_is_known_of_things_is_asked_only_where_something_is(memory: Memory, events: Events) -> None:
    said, box = turn("what do you know about black holes?"), Kept(memory)
    assert await Phrases(Answers(memory))(said, box, events) == Passed("")
    memory.remember(Note("black holes are what Leo reads about", "owner", said.now, "owner"))
    assert await Phrases(Answers(memory))(said, box, events) == Answered()


def test_a_request_to_do_away_with_something_is_known_by_its_first_words() -> None:
    assert all(map(asks_to_forget, ("forget the gnorf", "Please erase it", "can you delete this", "drop that")))
    assert not any(map(asks_to_forget, ("I forget things", "don't forget the milk", "the eraser", "")))


def test_a_statement_is_told_from_a_request_by_its_verb() -> None:
    for text in ("the fridge makes a strange noise", "Grandma was at the clinic", "our heating doesn't work"):
        assert is_statement(text)
    for text in ("turn off the light", "write a poem about what is good", "the kitchen lights off", "is it late", "hi"):
        assert not is_statement(text)

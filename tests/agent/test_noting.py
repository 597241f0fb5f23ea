"""Statements are taken in with a word, questions answered from memory, and requests left to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from agent.memory.answers import Answers
from agent.memory.memories import Memories
from agent.memory.noting import Noting
from agent.turn import Answered, Passed, Said
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode
from tests.agent.conftest import Events, turn


@pytest.fixture
def memory(engine: sa.Engine) -> Memory:
    create(engine)
    return Memory(engine, encode, PlainIndex())


async def ended(memory: Memory, events: Events, text: str) -> Answered | Passed:
    return await Noting(Answers(memory))(turn(text), Memories(memory), events)


def said(events: Events) -> str:
    return "".join(event.text for event in events.all if isinstance(event, Said))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("I live in Lyon", "Noted: you live in Lyon."),
        ("my sister's name is Ana", "Noted: your sister is Ana."),
        ("Bob is vegetarian.", "Noted: Bob is vegetarian."),
        ("I live in Lyon. Bob is vegetarian.", "Noted: you live in Lyon; Bob is vegetarian."),
    ],
)
async def test_a_plain_statement_is_taken_in_with_a_word(
    memory: Memory, events: Events, text: str, answer: str
) -> None:
    assert isinstance(await ended(memory, events, text), Answered)
    assert said(events) == answer


@pytest.mark.parametrize(
    "text",
    [
        "turn off the light",
        "write a poem about Lyon",
        "I live in Lyon. Book me a table there.",
        "good morning",
        "could you call Anna",
        "what's the capital of Peru?",
        "if it rains tell me",
        "",
        "I live in Lyon. " * 100,
    ],
)
async def test_requests_small_talk_and_questions_about_the_world_are_passed_on(
    memory: Memory, events: Events, text: str
) -> None:
    assert isinstance(await ended(memory, events, text), Passed)
    assert said(events) == ""


async def test_it_keeps_nothing_itself(memory: Memory, events: Events) -> None:
    await ended(memory, events, "I live in Lyon")
    assert memory.recent(turn("").member) == []


async def test_a_question_that_a_fact_answers_is_answered(memory: Memory, events: Events) -> None:
    asks = turn("where do I live?")
    memory.remember(Note("I live in Lyon", asks.member, asks.now - timedelta(days=3), asks.member))
    assert isinstance(await ended(memory, events, asks.text), Answered)
    assert said(events) == "You live in Lyon."


async def test_of_what_was_never_told_of_oneself_the_reason_is_given(memory: Memory, events: Events) -> None:
    passed = await ended(memory, events, "what is my shoe size?")
    assert passed == Passed("You have not told me that.")


async def test_a_preview_notes_nothing(memory: Memory, events: Events) -> None:
    told = turn("I live in Lyon", preview=True)
    assert isinstance(await Noting(Answers(memory))(told, Memories(memory), events), Passed)


@pytest.mark.parametrize("asked", ["what did I say about the fridge?", "did I ever mention the fridge?"])
async def test_what_was_said_of_anything_is_asked_of_memory(memory: Memory, events: Events, asked: str) -> None:
    asks = turn(asked)
    memory.remember(Note("The fridge makes a knocking noise", asks.member, asks.now - timedelta(days=3), asks.member))
    assert isinstance(await ended(memory, events, asked), Answered)
    assert "knocking" in said(events)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("the fridge is broken", "Noted: The fridge is broken."),
        ("I parked on level 3", "Noted: you parked on level 3."),
    ],
)
async def test_what_passes_is_taken_in_too(memory: Memory, events: Events, text: str, answer: str) -> None:
    assert isinstance(await ended(memory, events, text), Answered)
    assert said(events) == answer

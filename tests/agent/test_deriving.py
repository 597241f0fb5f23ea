"""What a larger model may add to the facts: only what the note says, marked as the model's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from agent.dialogue import Transcript
from agent.memory.deriving import TOOL, Deriving, grounded
from agent.memory.keeping import episode
from agent.turn import Turn
from memory.facts.facts import Maker
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create
from memory.vectors.spelling import encode
from models.chat.protocol import Asks, Text, ToolCall
from models.chat.scripted import ScriptedChat
from models.errors import ChatFault

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID = "Truth be told, the smell of lavender has always calmed me."
FOUND = {
    "kind": "preference",
    "subject": "I",
    "relation": "calmed_by",
    "value": "the smell of lavender",
    "sentence": "The smell of lavender calms Ann.",
}


@pytest.fixture
def memory() -> Iterator[Memory]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
    create(engine)
    yield Memory(engine, encode)
    engine.dispose()


def told(text: str = SAID, path: str = "reason") -> Transcript:
    return Transcript(Turn(text, NOON, "UTC", member="ann"), path)


def finds(*rows: Mapping[str, Any]) -> list[Asks | Text]:
    return [Asks(ToolCall("c", TOOL.name, json.dumps({"facts": rows})))]


async def derived(memory: Memory, chat: ScriptedChat, transcript: Transcript) -> int:
    memory.remember(episode(transcript.turn))
    return await Deriving(chat, memory).after(transcript)


async def test_what_the_model_read_is_kept_as_the_models(memory: Memory) -> None:
    assert await derived(memory, ScriptedChat(finds(FOUND)), told()) == 1
    [fact] = memory.facts.find(memory.rooms.view("ann"), subject="ann")
    assert (fact.claim.relation, fact.claim.maker) == ("calmed_by", Maker.MODEL)


async def test_a_note_is_asked_about_once(memory: Memory) -> None:
    chat, transcript = ScriptedChat(finds(FOUND)), told()
    await derived(memory, chat, transcript)
    await Deriving(chat, memory).after(transcript)
    assert len(chat.asked) == 1


@pytest.mark.parametrize("transcript", [told("where do I live?"), told(path="reflex"), told(path="none")])
async def test_nothing_is_spent_on_questions_and_what_the_model_did_not_answer(
    memory: Memory, transcript: Transcript
) -> None:
    chat = ScriptedChat(finds(FOUND))
    assert await derived(memory, chat, transcript) == 0
    assert not chat.asked


@pytest.mark.parametrize("answer", [[Text("none")], ChatFault("gone"), [Asks(ToolCall("c", TOOL.name, "{"))]])
async def test_a_fault_of_the_model_costs_nothing(memory: Memory, answer: Any) -> None:
    assert await derived(memory, ScriptedChat(answer), told()) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"value": "the smell of roses"},
        {"subject": "Bob"},
        {"kind": "command"},
        {"relation": "drop;table"},
        {"relation": "x" * 300},
        {"value": ""},
        {"sentence": "word " * 100},
    ],
)
def test_what_the_note_does_not_say_is_no_claim(change: dict[str, str]) -> None:
    note = Note(SAID, "ann", NOON, "ann")
    assert grounded(FOUND, note) is not None
    assert grounded(FOUND | change, note) is None


@pytest.mark.parametrize("row", [None, "text", 3, [], {}, {"kind": 3}])
def test_rows_of_any_form_are_read(row: Any) -> None:
    assert grounded(row, Note(SAID, "ann", NOON, "ann")) is None

"""What a service does not find is answered by a fact that was told, if one answers the very question."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from agent.memory.answers import Answers
from agent.memory.knowing import Knowing
from agent.memory.memories import Memories
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode
from services.inmemory import InMemory
from services.together import Together
from services.tool import Call, Done, Effect, Failed, Outcome, Tool
from tests.agent.conftest import ANYTHING, turn

ASKED = "where do I live?"


@pytest.fixture
def memory(engine: sa.Engine) -> Memory:
    create(engine)
    return Memory(engine, encode, PlainIndex())


async def answer(memory: Memory, outcome: Outcome, effect: Effect = Effect.READ, text: str = ASKED) -> Outcome:
    box, said = InMemory(), turn(text)
    box.add(Tool("maps_find", "Find.", ANYTHING, effect, "maps", ("find it",), "maps_undo"), lambda _call: outcome)
    toolbox = Knowing(Together([box, Memories(memory)]), Answers(memory), said)
    return await toolbox.call(Call("maps_find", {"what": text}, said.caller))


NOWHERE = Failed("I find no such place.")


async def test_a_fact_answers_what_a_service_does_not_find(memory: Memory) -> None:
    memory.remember(Note("I live in Lyon", "owner", turn("").now, "owner"))
    outcome = await answer(memory, NOWHERE)
    assert isinstance(outcome, Done)
    assert outcome.text == "You live in Lyon."


async def test_what_is_found_or_changed_or_unknown_stays_as_it_is(memory: Memory) -> None:
    assert await answer(memory, NOWHERE) is NOWHERE
    memory.remember(Note("I live in Lyon", "owner", turn("").now, "owner"))
    found = Done("There.")
    assert await answer(memory, found) is found
    assert await answer(memory, NOWHERE, Effect.REVERSIBLE) is NOWHERE
    assert await answer(memory, NOWHERE, text="where does Ella live?") is NOWHERE

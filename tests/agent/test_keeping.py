"""What is kept of a turn: not what was to be forgotten, nor a bare yes, nor what was asked of MuOS itself."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
import sqlalchemy as sa

from agent.dialogue import Dialogue, Transcript
from agent.memory.keeping import Keeping
from agent.turn import Called, Waiting
from memory.memory import Memory
from memory.record.tables import create
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode
from services.tool import Call, Done
from tests.agent.conftest import turn


@pytest.fixture
def memory(engine: sa.Engine) -> Memory:
    create(engine)
    return Memory(engine, encode, PlainIndex())


def kept(engine: sa.Engine, memory: Memory, transcript: Transcript) -> tuple[bool, list[str]]:
    """Whether the words may be told on, and what is remembered."""
    worded = Keeping(Dialogue(engine), memory).keep(transcript, ())
    return worded, [one.note.text for one in memory.record.of_member("owner")]


def called(text: str, tool: str) -> Transcript:
    said = turn(text)
    return Transcript(said, called=[Called(Call(tool, {}, said.caller), Done("Done."), 1.0)])


def test_what_was_to_be_forgotten_and_was_not_understood_is_kept_nowhere(engine: sa.Engine, memory: Memory) -> None:
    words = Transcript(turn("erase that flibber gnorf"), said=["I can't erase a gnorf."])
    assert kept(engine, memory, words) == (False, [])
    lines = Dialogue(engine).past(turn("and then?")).lines
    assert "gnorf" not in repr(lines)


def test_a_request_to_delete_that_was_understood_is_kept(engine: sa.Engine, memory: Memory) -> None:
    assert kept(engine, memory, called("delete the meeting", "calendar_cancel")) == (True, ["delete the meeting"])


def test_what_waits_for_a_yes_keeps_its_words(engine: sa.Engine, memory: Memory) -> None:
    said = turn("delete the list")
    waiting = Transcript(said, waiting=Waiting("Sure?", "confirm", Call("lists_delete", {}, said.caller)))
    assert kept(engine, memory, waiting)[0]


@pytest.mark.parametrize("text", ["yes", "No, thanks!", "ok"])
def test_a_bare_yes_or_no_is_no_memory(engine: sa.Engine, memory: Memory, text: str) -> None:
    assert kept(engine, memory, Transcript(turn(text))) == (True, [])


def test_an_undo_is_no_memory(engine: sa.Engine, memory: Memory) -> None:
    assert kept(engine, memory, called("undo", "muos_undo")) == (True, [])


def test_what_nothing_could_be_done_about_is_remembered(engine: sa.Engine, memory: Memory) -> None:
    assert kept(engine, memory, Transcript(turn("the fridge is loud"))) == (True, ["the fridge is loud"])


def test_what_cannot_be_kept_where_it_was_said_is_told_in_one_line_of_the_log(
    engine: sa.Engine, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    memory.rooms.make("attic", ["ann"], turn("").now)
    with caplog.at_level(logging.INFO, "agent.memory.keeping"):
        assert kept(engine, memory, Transcript(replace(turn("the attic is mine"), room="attic"))) == (True, [])
    [line] = [one for one in caplog.records if one.name == "agent.memory.keeping"]
    assert line.levelno == logging.INFO
    assert line.exc_info is None
    assert "owner is not in attic" in line.getMessage()

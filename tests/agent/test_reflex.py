"""The reflex acts on what the reader is sure of, asks for what is missing, and passes on the rest."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from agent.dialogue import Dialogue, Transcript
from agent.reflex import Reflex
from agent.turn import Answered, Called, Passed, Said, Waiting
from models.guess import Guess, Reading, Request
from services.inmemory import InMemory
from services.tool import Call, Done, Effect, Failed, Hears, Thing, Tool
from tests.agent.conftest import ANYTHING, Events, turn


class Script:
    """A reader that answers from a list and keeps what it was asked."""

    def __init__(self, *readings: Sequence[Guess]) -> None:
        self.readings = [Reading(tuple(guesses), (("box_look", 0.3),)) for guesses in readings]
        self.requests: list[Request] = []

    def read(self, request: Request) -> Reading:
        self.requests.append(request)
        return self.readings[len(self.requests) - 1]


def reflex(script: Script, engine: sa.Engine) -> Reflex:
    return Reflex(lambda: script, Dialogue(engine), lambda _member: {"list": ["shopping"]})


PUT = Guess("box_put", {"what": "cup"}, 0.9)


async def test_it_makes_the_calls_in_order(box: InMemory, events: Events, engine: sa.Engine) -> None:
    script = Script([PUT, Guess("box_look", {"what": "plate"}, 0.9)])
    assert await reflex(script, engine)(turn("put it and look"), box, events) == Answered()
    assert [call.tool for call in box.calls] == ["box_put", "box_look"]


async def test_all_calls_of_a_sentence_are_planned_before_the_first_is_made(
    box: InMemory, events: Events, engine: sa.Engine
) -> None:
    planned: list[tuple[list[str], int]] = []

    def plan(decided: Sequence[tuple[Call, Tool]]) -> None:
        planned.append(([call.id for call, _ in decided], len(box.calls)))

    script = Script([PUT, Guess("box_look", {"what": "plate"}, 0.9)], [PUT])
    path = Reflex(lambda: script, Dialogue(engine), lambda _member: {}, plan)
    await path(turn("put it and look"), box, events)
    await path(turn("put it"), box, events)
    assert planned == [([call.id for call in box.calls[:2]], 0)]


async def test_it_passes_with_the_nearest_when_nothing_fits(box: InMemory, events: Events, engine: sa.Engine) -> None:
    assert await reflex(Script([]), engine)(turn("sing"), box, events) == Passed("", ("box_look",))


@pytest.mark.parametrize("tool", ["box_look", "box_put", "box_burn"])
async def test_it_does_not_act_on_a_vague_guess(box: InMemory, events: Events, engine: sa.Engine, tool: str) -> None:
    ended = await reflex(Script([Guess(tool, {"what": "cup"}, 0.1)]), engine)(turn("cup"), box, events)
    assert isinstance(ended, Passed)
    assert not box.calls


async def test_it_asks_for_what_is_missing_and_calls_nothing(box: InMemory, events: Events, engine: sa.Engine) -> None:
    await reflex(Script([Guess("box_put", {}, 0.9, ("what",))]), engine)(turn("put"), box, events)
    [waiting] = [event for event in events.all if isinstance(event, Waiting)]
    assert (waiting.kind, waiting.parameters) == ("missing", ("what",))
    assert not box.calls


async def test_the_next_turn_finds_what_is_pending_and_what_was_touched(
    box: InMemory, events: Events, engine: sa.Engine
) -> None:
    script = Script([Guess("box_put", {}, 0.9, ("what",))], [])
    path, first = reflex(script, engine), turn("put")
    await path(first, box, events)
    transcript = Transcript(first)
    for event in events.all:
        transcript.add(event)
    path.dialogue.keep(transcript)

    await path(turn("the cup"), box, events)

    asked = script.requests[1]
    assert asked.pending is not None
    assert (asked.pending.name, asked.pending.missing) == ("box_put", ("what",))
    assert asked.history[0].content == "put"
    assert asked.names == {"list": ["shopping"]}


async def test_wrong_arguments_are_passed_on(events: Events, engine: sa.Engine, box: InMemory) -> None:
    wrong = Tool("box_put", "Put.", ANYTHING, (await box.tools())[1].effect, "box")
    box.add(wrong, lambda _: Failed("what: must be a cup", Hears.MODEL))
    ended = await reflex(Script([PUT]), engine)(turn("put it"), box, events)
    assert isinstance(ended, Passed)
    assert "must be a cup" in ended.reason


async def test_a_refusal_is_the_answer(events: Events, engine: sa.Engine, box: InMemory) -> None:
    put = (await box.tools())[1]
    box.add(put, lambda _: Failed("The cup is glued to the table."))
    assert await reflex(Script([PUT]), engine)(turn("put it"), box, events) == Answered()
    assert Said("The cup is glued to the table.") in events.all


def test_things_touched_are_part_of_the_dialogue(engine: sa.Engine) -> None:

    said, dialogue = turn("put the cup"), Dialogue(engine)
    transcript = Transcript(said)
    transcript.add(
        Called(Call("box_put", {"what": "cup"}, said.caller), Done("ok", touched=(Thing("item", "cup"),)), 1)
    )
    dialogue.keep(transcript)
    [_, answer] = dialogue.past(turn("look at it")).lines
    assert answer.calls[0].touched == [{"kind": "item", "name": "cup", "id": "", "at": None, "within": None}]


@pytest.mark.parametrize(
    "asked", ["what if I put the cup there?", "did I put the cup down?", "is the cup put away?", "were you putting it?"]
)
async def test_a_question_never_changes_anything(asked: str, box: InMemory, events: Events, engine: sa.Engine) -> None:
    ended = await reflex(Script([PUT]), engine)(turn(asked), box, events)
    assert isinstance(ended, Passed)
    assert not box.calls


@pytest.mark.parametrize("asked", ["is it possible to put the cup there?", "are you able to put the cup there?"])
async def test_a_polite_request_is_no_question(asked: str, box: InMemory, events: Events, engine: sa.Engine) -> None:
    assert isinstance(await reflex(Script([PUT]), engine)(turn(asked), box, events), Answered)
    assert box.calls


@pytest.mark.parametrize(
    ("text", "made"), [("I promised Anna to call her", []), ("what did I promise Anna?", ["memory_promises"])]
)
async def test_a_statement_asks_memory_nothing(
    box: InMemory, events: Events, engine: sa.Engine, text: str, made: list[str]
) -> None:
    box.add(Tool("memory_promises", "Promises.", ANYTHING, Effect.READ, "memory", ("what did I promise?",)))
    await reflex(Script([Guess("memory_promises", {"what": text}, 0.9)]), engine)(turn(text), box, events)
    assert [call.tool for call in box.calls] == made


@pytest.mark.parametrize("tool", ["box_look", "muos_undo"])
async def test_who_merely_tells_something_gets_no_answer_and_nothing_undone(
    box: InMemory, events: Events, engine: sa.Engine, tool: str
) -> None:
    box.add(Tool("muos_undo", "Undo.", ANYTHING, Effect.REVERSIBLE, "muos", ("undo",), "muos_undo"))
    script = Script([Guess(tool, {"what": "it"}, 0.9)], [Guess(tool, {"what": "it"}, 0.9)])
    path = reflex(script, engine)
    assert isinstance(await path(turn("no, my shoe size is 40"), box, events), Passed)
    assert await path(turn("no, undo that"), box, events) == Answered()

"""Paths are tried in order; whatever happens, the person gets an answer."""

from agent.ladder import Rung, climb
from agent.turn import Answered, Broke, Called, Calling, Emit, Passed, Path, Said, Thinking, Turn, Waiting
from services.inmemory import InMemory
from services.tool import Call, Toolbox
from tests.agent.conftest import Events, turn


def passing(reason: str = "", near: tuple[str, ...] = ()) -> Path:
    async def path(_turn: Turn, _toolbox: Toolbox, _emit: Emit) -> Answered | Passed:
        return Passed(reason, near)

    return path


async def answering(_turn: Turn, _toolbox: Toolbox, emit: Emit) -> Answered | Passed:
    await emit(Said("here"))
    return Answered()


async def calling(turn: Turn, toolbox: Toolbox, _emit: Emit) -> Answered | Passed:
    for tool in ("box_look", "box_burn"):
        await toolbox.call(Call(tool, {"what": "cup"}, turn.caller))
    return Answered()


async def breaking(_turn: Turn, _toolbox: Toolbox, _emit: Emit) -> Answered | Passed:
    raise KeyError("a fault of ours")


async def test_the_first_path_that_answers_ends_the_climb(box: InMemory, events: Events) -> None:
    rungs = [Rung("reflex", passing()), Rung("reason", answering), Rung("never", breaking)]
    assert await climb(turn("hello"), rungs, box, events) == "reason"
    assert [event for event in events.all if isinstance(event, Thinking)] == [Thinking("reflex"), Thinking("reason")]


async def test_when_no_path_answers_the_nearest_things_are_named(box: InMemory, events: Events) -> None:
    assert await climb(turn("hello"), [Rung("reflex", passing(near=("box_look",)))], box, events) == "none"
    [said] = [event for event in events.all if isinstance(event, Said)]
    assert "look at the cup" in said.text
    assert "MUOS_MODEL" in said.text


async def test_how_to_connect_a_model_is_not_said_to_who_has_one(box: InMemory, events: Events) -> None:
    await climb(turn("hello"), [Rung("reason", passing())], box, events)
    assert not [event for event in events.all if isinstance(event, Said) and "MUOS_MODEL" in event.text]


async def test_a_fault_in_a_path_is_one_sentence(box: InMemory, events: Events) -> None:
    await climb(turn("hello"), [Rung("reflex", breaking)], box, events)
    [broke] = [event for event in events.all if isinstance(event, Broke)]
    assert "KeyError" not in broke.text


async def test_calls_are_told_as_they_start_and_end_and_wait(box: InMemory, events: Events) -> None:
    await climb(turn("hello"), [Rung("reflex", calling)], box, events)
    kinds = [type(event) for event in events.all if isinstance(event, Calling | Called | Waiting)]
    assert kinds[:2] == [Calling, Called]

"""What can't be undone waits for the member's yes to exactly that."""

from agent.policy import Asking, Guarded
from services.inmemory import InMemory
from services.tool import Call, Caller, Done, Waiting
from tests.agent.conftest import turn

CALLER: Caller = turn("").caller


async def test_an_irreversible_call_waits_and_does_nothing(box: InMemory) -> None:
    outcome = await Guarded(box).call(Call("box_burn", {"what": "cup"}, CALLER))
    assert isinstance(outcome, Waiting)
    assert "cup" in outcome.question
    assert not box.calls


async def test_reads_and_reversible_writes_run_at_once(box: InMemory) -> None:
    for tool in ("box_look", "box_put"):
        assert isinstance(await Guarded(box).call(Call(tool, {"what": "cup"}, CALLER)), Done)


async def test_a_path_can_not_forge_a_confirmation(box: InMemory) -> None:
    seen_by_a_path = Asking(Guarded(box), yes=False)
    outcome = await seen_by_a_path.call(Call("box_burn", {"what": "cup"}, CALLER, confirmed=True))
    assert isinstance(outcome, Waiting)
    assert not box.calls


async def test_a_turn_that_came_with_a_yes_runs_it(box: InMemory) -> None:
    outcome = await Asking(Guarded(box), yes=True).call(Call("box_burn", {"what": "cup"}, CALLER, confirmed=True))
    assert isinstance(outcome, Done)


async def test_a_path_may_waive_the_yes_of_the_turn(box: InMemory) -> None:
    outcome = await Asking(Guarded(box), yes=True).call(Call("box_burn", {"what": "cup"}, CALLER))
    assert isinstance(outcome, Waiting)


async def test_a_preview_needs_no_yes(box: InMemory) -> None:
    assert isinstance(await Guarded(box).call(Call("box_burn", {"what": "cup"}, CALLER, preview=True)), Done)
    assert not box.calls


async def test_hidden_tools_are_not_there_for_a_path(box: InMemory) -> None:
    names = {tool.name for tool in await Asking(box, yes=False).tools()}
    assert names == {"box_look", "box_put", "box_burn"}


async def test_in_a_turn_that_only_asks_what_would_happen_nothing_does(box: InMemory) -> None:
    for tool in ("box_put", "box_burn"):
        outcome = await Asking(Guarded(box), yes=True, preview=True).call(Call(tool, {"what": "cup"}, CALLER))
        assert isinstance(outcome, Done)
    assert not box.calls

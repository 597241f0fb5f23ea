"""Every reversible action can be taken back, once, and the journal says so."""

from agent.policy import Guarded
from agent.undo import Undoing
from services.inmemory import InMemory
from services.journal import Journal, Journalled, Status
from services.tool import Call, Done, Failed, Outcome, Toolbox
from tests.agent.conftest import turn

CALLER = turn("").caller


def chain(box: InMemory, journal: Journal) -> Toolbox:
    return Journalled(Undoing(Guarded(box), journal), journal)


async def undo(toolbox: Toolbox, call_id: str | None = None) -> Outcome:
    return await toolbox.call(Call("muos_undo", {"call": call_id} if call_id else {}, CALLER))


async def test_the_last_action_is_taken_back(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    put = Call("box_put", {"what": "cup"}, CALLER)
    await toolbox.call(put)
    await toolbox.call(Call("box_look", {"what": "cup"}, CALLER))
    assert isinstance(await undo(toolbox), Done)
    entry = journal.find(put.id, CALLER.member)
    assert entry is not None
    assert entry.status is Status.UNDONE


async def test_undoing_twice_goes_further_back(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    for what in ("cup", "plate"):
        await toolbox.call(Call("box_put", {"what": what}, CALLER))
    assert isinstance(await undo(toolbox), Done)
    assert isinstance(await undo(toolbox), Done)
    assert [e.status for e in journal.entries(CALLER.member, 9) if e.tool == "box_put"] == [Status.UNDONE] * 2


async def test_an_action_is_found_by_the_first_digits_of_its_id(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    first = Call("box_put", {"what": "cup"}, CALLER, id="aaaa000011112222")
    await toolbox.call(first)
    await toolbox.call(Call("box_put", {"what": "plate"}, CALLER))
    assert isinstance(await undo(toolbox, "aaaa"), Done)
    entry = journal.find(first.id, CALLER.member)
    assert entry is not None
    assert entry.status is Status.UNDONE


async def test_nothing_to_undo_is_said(box: InMemory, journal: Journal) -> None:
    outcome = await undo(chain(box, journal))
    assert outcome == Failed("There is nothing to undo.")


async def test_another_members_action_can_not_be_undone(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    theirs = Call("box_put", {"what": "cup"}, turn("", member="bob").caller)
    await toolbox.call(theirs)
    assert isinstance(await undo(toolbox, theirs.id), Failed)
    assert isinstance(await undo(toolbox), Failed)


async def test_an_irreversible_action_says_that_it_can_not_be_undone(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    await toolbox.call(Call("box_put", {"what": "plate"}, CALLER))
    await toolbox.call(Call("box_burn", {"what": "cup"}, CALLER, confirmed=True))
    outcome = await undo(toolbox)
    assert isinstance(outcome, Failed)
    assert "can't" in outcome.reason


async def test_undo_of_what_still_waits_cancels_it(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    burn = Call("box_burn", {"what": "cup"}, CALLER)
    await toolbox.call(burn)
    assert isinstance(await undo(toolbox), Done)
    entry = journal.find(burn.id, CALLER.member)
    assert entry is not None
    assert entry.status is Status.CANCELLED
    assert not [call for call in box.calls if call.tool == "box_burn"]


async def test_an_undo_can_be_undone_by_its_id(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    put = Call("box_put", {"what": "cup"}, CALLER)
    await toolbox.call(put)
    taken_back = Call("muos_undo", {}, CALLER)
    await toolbox.call(taken_back)
    assert isinstance(await undo(toolbox, taken_back.id), Done)
    entry = journal.find(put.id, CALLER.member)
    assert entry is not None
    assert entry.status is Status.DONE

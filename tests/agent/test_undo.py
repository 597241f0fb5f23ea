"""Every reversible action can be taken back, once, and the journal says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.policy import Guarded
from agent.undo import Aiming, Undoing, past_moment
from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled, resume
from services.record import Status
from services.tool import Call, Done, Effect, Failed, Outcome, Thing, Tool, Toolbox
from tests.agent.conftest import ANYTHING, turn

CALLER = turn("").caller


def chain(box: InMemory, journal: Journal) -> Toolbox:
    return Aiming(Journalled(Undoing(Guarded(box), journal), journal), journal)


async def undo(toolbox: Toolbox, call_id: str | None = None, **meant: object) -> Outcome:
    return await toolbox.call(Call("muos_undo", ({"call": call_id} if call_id else {}) | meant, CALLER))


async def put(toolbox: Toolbox, *things: str, **call: Any) -> list[str]:
    """Put things, one call each; the calls' ids."""
    made = [Call("box_put", {"what": what}, CALLER, **call) for what in things]
    for each in made:
        assert isinstance(await toolbox.call(each), Done)
    return [each.id for each in made]


def statuses(journal: Journal) -> list[Status]:
    """Of what was put, in order."""
    return [entry.status for entry in reversed(journal.entries(CALLER.member, 99)) if entry.tool == "box_put"]


def reason(outcome: Outcome) -> str:
    assert isinstance(outcome, Failed)
    return outcome.reason


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


DONE, UNDONE = Status.DONE, Status.UNDONE


async def test_several_are_undone_at_once_the_latest_first(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    ids = await put(toolbox, "cup", "plate", "fork")
    outcome = await undo(toolbox, count=2)
    assert isinstance(outcome, Done)
    assert outcome.data["undid"] == [ids[2], ids[1]]
    assert statuses(journal) == [DONE, UNDONE, UNDONE]
    assert isinstance(await undo(toolbox, f"{ids[0]} {ids[1]}"), Done)
    assert statuses(journal) == [UNDONE] * 3


async def test_a_flow_is_undone_as_a_whole(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    await put(toolbox, "cup")
    await put(toolbox, "plate", "fork", flow="f" * 16)
    assert isinstance(await undo(toolbox, "ffff"), Done)
    assert statuses(journal) == [DONE, UNDONE, UNDONE]


async def test_everything_since_a_time_is_undone(box: InMemory, journal: Journal) -> None:
    toolbox, now = chain(box, journal), CALLER.now
    for hours in (2, 1, 0):
        then = replace(CALLER, now=now - timedelta(hours=hours))
        await toolbox.call(Call("box_put", {"what": "cup"}, then))
    assert isinstance(await undo(toolbox, since=(now - timedelta(minutes=90)).isoformat(), call="everything"), Done)
    assert statuses(journal) == [DONE, UNDONE, UNDONE]
    assert "Nothing was done since" in reason(await undo(toolbox, since=now.isoformat()))
    assert isinstance(await undo(toolbox, since=f"{now:%F}"), Done)
    assert statuses(journal) == [UNDONE] * 3


@pytest.mark.parametrize(
    ("since", "at", "moment"),
    [
        ("2026-03-04", None, "2026-03-04T00:00:00+01:00"),
        ("2026-03-03", "10:00:00", "2026-03-03T10:00:00+01:00"),
        (None, "08:00:00", "2026-03-04T08:00:00+01:00"),
        (None, "20:00:00", "2026-03-04T08:00:00+01:00"),
        (None, "10:00:00", "2026-03-03T10:00:00+01:00"),
        (None, "23:00:00", "2026-03-03T11:00:00+01:00"),
        ("2026-03-04T07:30:00Z", None, "2026-03-04T07:30:00+00:00"),
        (None, None, None),
    ],
)
def test_a_time_to_go_back_to_lies_in_the_past(since: str | None, at: str | None, moment: str | None) -> None:
    meant = past_moment(since, at, CALLER.now)
    assert (meant.isoformat() if meant else None) == moment


@pytest.mark.parametrize(
    "meant", [{"count": 0}, {"count": True}, {"count": 10**9}, {"since": "nine"}, {"since": 7}, {"time": "noon"}]
)
async def test_what_makes_no_sense_is_refused_and_nothing_is_undone(
    box: InMemory, journal: Journal, meant: dict[str, object]
) -> None:
    toolbox = chain(box, journal)
    await put(toolbox, "cup")
    assert isinstance(await toolbox.call(Call("muos_undo", meant, CALLER)), Failed)
    assert statuses(journal) == [DONE]


async def test_of_several_those_that_can_not_be_undone_are_named_with_the_reason(
    box: InMemory, journal: Journal
) -> None:
    toolbox = chain(box, journal)
    [cup, plate] = await put(toolbox, "cup", "plate")
    burn = Call("box_burn", {"what": "fork"}, CALLER, confirmed=True)
    look = Call("box_look", {"what": "fork"}, CALLER)
    await toolbox.call(burn)
    await toolbox.call(look)
    await undo(toolbox, plate)
    outcome = await undo(toolbox, " ".join((cup, plate, burn.id, look.id, "abcdef")))
    assert isinstance(outcome, Done)
    why = {row["call"]: row["why"] for row in outcome.data["left"]}
    assert outcome.data["undid"] == [cup]
    assert "already undone" in why[plate]
    assert "can't be taken back" in why[burn.id]
    assert "changed nothing" in why[look.id]
    assert "know of no action" in why["abcdef"]
    assert all(text in outcome.text for text in why.values())


async def test_another_members_action_is_named_as_such_only_to_who_knows_its_id(
    box: InMemory, journal: Journal
) -> None:
    toolbox = chain(box, journal)
    theirs = Call("box_put", {"what": "cup"}, turn("", member="bob").caller)
    await toolbox.call(theirs)
    assert "another member" in reason(await undo(toolbox, theirs.id))
    assert "know of no action" in reason(await undo(toolbox, theirs.id[:8]))


async def test_where_the_service_is_gone_that_is_the_reason(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    [cup] = await put(toolbox, "cup")
    del box.works["box_undo"]
    assert "the service box is not there" in reason(await undo(toolbox, cup))


async def test_what_the_service_refuses_is_passed_on_in_its_words(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    tool = next(tool for tool in await box.tools() if tool.name == "box_undo")
    box.add(tool, lambda _: Failed("It was changed afterwards (moved the cup); undo that first."))
    await put(toolbox, "cup")
    assert reason(await undo(toolbox)) == "It was changed afterwards (moved the cup); undo that first."
    assert statuses(journal) == [DONE]


async def test_a_preview_of_an_undo_undoes_nothing(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    await put(toolbox, "cup", "plate")
    outcome = await toolbox.call(Call("muos_undo", {"count": 2}, CALLER, preview=True))
    assert isinstance(outcome, Done)
    assert statuses(journal) == [DONE, DONE]


async def test_an_undo_of_several_can_be_undone_and_so_can_that_and_so_on(box: InMemory, journal: Journal) -> None:
    toolbox = chain(box, journal)
    await put(toolbox, "cup", "plate")
    last = Call("muos_undo", {"count": 2}, CALLER)
    assert isinstance(await toolbox.call(last), Done)
    for expected in (DONE, UNDONE, DONE):
        again = Call("muos_undo", {"call": last.id}, CALLER)
        assert isinstance(await toolbox.call(again), Done)
        assert statuses(journal) == [expected] * 2
        assert "already undone" in reason(await undo(toolbox, last.id))
        last = again


async def test_an_undo_that_a_crash_cut_short_takes_back_the_same_again_and_no_more(
    box: InMemory, journal: Journal
) -> None:
    toolbox = chain(box, journal)
    ids = await put(toolbox, "cup", "plate", "fork")
    dead = Journal(journal.engine)
    dead.owner = "999999999:1.00"
    tool = next(tool for tool in await toolbox.tools() if tool.name == "muos_undo")
    cut = Call("muos_undo", {"call": f"{ids[2]} {ids[1]}"}, CALLER)
    dead.begin(cut, tool)
    await Undoing(Guarded(box), journal).call(replace(cut, arguments={"call": ids[2]}))  # so far it had come
    assert await resume(journal, toolbox) == 1
    assert statuses(journal) == [DONE, UNDONE, UNDONE]
    entry = journal.find(cut.id, CALLER.member)
    assert entry is not None
    assert entry.status is DONE
    assert isinstance(await undo(toolbox, cut.id), Done)
    assert statuses(journal) == [DONE] * 3


async def test_what_is_told_of_an_undo_holds_no_secret(box: InMemory, journal: Journal) -> None:
    tool = Tool("box_keep", "Keep.", ANYTHING, Effect.REVERSIBLE, "box", ("keep it",), "box_open", True)
    thing = Thing("card", "4111 1111 1111 1111")
    box.add(tool, lambda _call: Done("Saved 4111 1111 1111 1111.", {}, (thing,), undoable=True))
    again = Tool("box_open", "Undo.", ANYTHING, Effect.REVERSIBLE, "box", idempotent=True, hidden=True)
    box.add(again, lambda _call: Done("Undone: Saved 4111 1111 1111 1111.", {}, (thing,)))
    toolbox = chain(box, journal)
    await toolbox.call(Call("box_keep", {"what": "card"}, CALLER))
    outcome = await undo(toolbox)
    assert isinstance(outcome, Done)
    assert outcome.text == "Undone: Saved [card number]."
    assert outcome.touched == (Thing("card", "[card number]"),)
    assert "4111" not in reason(await undo(toolbox))

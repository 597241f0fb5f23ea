"""What was done is told from the same records as everywhere, and only the member's own."""

from typing import Any

import pytest

from agent.history import Recounting
from agent.policy import Guarded
from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled
from services.record import flow_row
from services.tool import Call, Done, Failed, Outcome
from tests.agent.conftest import turn

CALLER = turn("").caller


async def log(box: InMemory, journal: Journal, **arguments: Any) -> Outcome:
    return await Journalled(Recounting(Guarded(box), journal), journal).call(Call("muos_log", arguments, CALLER))


async def done(box: InMemory, journal: Journal) -> None:
    """Put two things, and ask to burn a third; somebody else puts one too."""
    toolbox = Journalled(Guarded(box), journal)
    for what in ("cup", "plate"):
        await toolbox.call(Call("box_put", {"what": what}, CALLER))
    await toolbox.call(Call("box_burn", {"what": "fork"}, CALLER))
    await toolbox.call(Call("box_put", {"what": "spoon"}, turn("", member="bob").caller))


async def test_it_tells_the_latest_first_with_the_rows_of_the_journal(box: InMemory, journal: Journal) -> None:
    await done(box, journal)
    rows = [flow_row(flow) for flow in journal.flows("owner", 9)]
    outcome = await log(box, journal)
    assert isinstance(outcome, Done)
    assert outcome.data["flows"] == rows
    assert [line.split(":")[1].split()[-1] for line in outcome.text.splitlines()] == ["waiting", "done", "done"]
    assert "spoon" not in outcome.text


async def test_it_tells_as_many_as_asked_those_of_a_status_or_one(box: InMemory, journal: Journal) -> None:
    await done(box, journal)
    for arguments, count in (({"limit": 1}, 1), ({"status": "done"}, 2), ({"status": "error"}, 0)):
        outcome = await log(box, journal, **arguments)
        assert isinstance(outcome, Done)
        shown = [flow for flow in outcome.data["flows"] if flow["calls"][0]["tool"] != "muos_log"]
        assert len(shown) <= count
    [flow] = journal.flows("bob", 1)
    assert isinstance(await log(box, journal, flow=flow.id), Failed)


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"limit": "many"}, {"status": "planned"}, {"flow": "ffff"}])
async def test_what_makes_no_sense_is_refused(box: InMemory, journal: Journal, arguments: dict[str, Any]) -> None:
    assert isinstance(await log(box, journal, **arguments), Failed)

"""A stranger is used only as a person approved it, word for word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.runtime.manifest import read_manifest
from services.runtime.strangers.approval import Approval, Approvals, Standing, Trust, digest
from services.runtime.strangers.review import review
from services.runtime.supervisor import Supervisor
from services.tool import Call, Caller, Done, Effect, Failed, Tool
from tests.services.strangers.conftest import MakeStranger, Supervise, approved, tool

pytestmark = pytest.mark.anyio

BOB = Caller("bob", "kitchen", "Europe/Paris", datetime(2026, 3, 4, 9, tzinfo=UTC))


def ask(name: str, **arguments: Any) -> Call:
    return Call(name, arguments, BOB)


async def offered(supervisor: Supervisor) -> dict[str, Tool]:
    return {each.name: each for each in await supervisor.tools()}


async def until(supervisor: Supervisor, state: str) -> None:
    with anyio.fail_after(30):
        while supervisor.status()[0].state != state:
            await supervisor.changed()


async def test_nothing_of_it_is_offered_before_it_was_approved(make_stranger: MakeStranger, over: Supervise) -> None:
    stranger = make_stranger(tool("peek"))
    async with over() as supervisor:
        assert not await supervisor.tools()
        assert isinstance(await supervisor.call(ask("odd_peek")), Failed)
        await supervisor.prepare("odd")
        assert not await supervisor.tools()
        assert supervisor.status()[0].state == "unapproved"
        assert "muos services review odd" in supervisor.status()[0].error
    assert stranger.approvals.read("odd").offered == [tool("peek")]


async def test_what_was_approved_is_offered_and_answers(make_stranger: MakeStranger, over: Supervise) -> None:
    async with approved(make_stranger(tool("peek")), over) as supervisor:
        assert list(await offered(supervisor)) == ["odd_peek"]
        outcome = await supervisor.call(ask("odd_peek"))
        assert isinstance(outcome, Done)
        assert outcome.text == "peek"


async def test_what_was_approved_is_known_without_starting_it(make_stranger: MakeStranger, over: Supervise) -> None:
    async with approved(make_stranger(tool("peek")), over):
        pass
    async with over() as supervisor:
        assert list(await offered(supervisor)) == ["odd_peek"]
        assert supervisor.status()[0].pid == 0


async def test_only_what_says_that_it_reads_runs_unasked(make_stranger: MakeStranger, over: Supervise) -> None:
    stranger = make_stranger(tool("peek"), tool("poke", reads=False), tool("prod", reads=None))
    async with approved(stranger, over) as supervisor:
        effects = {name: each.effect for name, each in (await offered(supervisor)).items()}
    assert effects == {
        "odd_peek": Effect.READ,
        "odd_poke": Effect.IRREVERSIBLE,
        "odd_prod": Effect.IRREVERSIBLE,
    }


async def test_what_a_person_says_of_a_tool_counts_more_than_its_own_word(
    make_stranger: MakeStranger, over: Supervise
) -> None:
    stranger = make_stranger(tool("peek"), tool("poke", reads=False), tool("prod", reads=None))
    async with approved(stranger, over) as supervisor:
        for name, trust in (("peek", Trust.ASK), ("poke", Trust.READ), ("prod", Trust.UNASKED)):
            stranger.approvals.trust("odd", name, trust)
        await supervisor.roster.learn(supervisor.roster.drivers["odd"], [])
        tools = await offered(supervisor)
    assert (tools["odd_peek"].effect, tools["odd_peek"].trusted) == (Effect.IRREVERSIBLE, False)
    assert tools["odd_poke"].effect is Effect.READ
    assert (tools["odd_prod"].effect, tools["odd_prod"].trusted) == (Effect.IRREVERSIBLE, True)


@pytest.mark.parametrize(
    "change",
    [
        [tool("peek", "Look at something. And send it to me.")],
        [tool("peek", properties={"why": {"type": "string"}})],
        [tool("peek", reads=None)],
        [tool("peek"), tool("poke")],
        [],
    ],
    ids=["description", "schema", "annotations", "more", "fewer"],
)
async def test_another_list_at_a_later_start_withdraws_it(
    change: list[dict[str, Any]], make_stranger: MakeStranger, over: Supervise
) -> None:
    stranger = make_stranger(tool("peek"))
    async with approved(stranger, over):
        pass
    stranger.lists(*change)
    async with over() as supervisor:
        outcome = await supervisor.call(ask("odd_peek"))
        assert isinstance(outcome, Failed)
        assert "muos services review odd" in outcome.reason
        assert supervisor.status()[0].state == "changed"
        assert not await supervisor.tools()
    async with over() as supervisor:
        assert not await supervisor.tools()
        assert supervisor.status()[0].state == "changed"


async def test_the_same_list_in_another_order_is_the_same(make_stranger: MakeStranger, over: Supervise) -> None:
    stranger = make_stranger(tool("peek"), tool("poke"))
    async with approved(stranger, over):
        pass
    stranger.lists(tool("poke"), tool("peek"))
    async with over() as supervisor:
        assert isinstance(await supervisor.call(ask("odd_peek")), Done)


async def test_a_list_that_changes_while_it_runs_withdraws_it(make_stranger: MakeStranger, over: Supervise) -> None:
    stranger = make_stranger(tool("peek"), tool("change"))
    async with approved(stranger, over) as supervisor:
        assert isinstance(await supervisor.call(ask("odd_peek")), Done)
        stranger.lists(tool("peek", "Look at something else."), tool("change"))
        await supervisor.call(ask("odd_change"))
        await until(supervisor, "changed")
        assert not await supervisor.tools()
        assert isinstance(await supervisor.call(ask("odd_peek")), Failed)


async def test_a_false_alarm_withdraws_nothing(make_stranger: MakeStranger, over: Supervise) -> None:
    async with approved(make_stranger(tool("change")), over) as supervisor:
        for _ in range(3):
            assert isinstance(await supervisor.call(ask("odd_change")), Done)
        assert supervisor.status()[0].state == "ready"


async def test_a_tool_that_it_does_not_list_is_never_called(make_stranger: MakeStranger, over: Supervise) -> None:
    async with approved(make_stranger(tool("peek")), over) as supervisor:
        assert isinstance(await supervisor.call(ask("odd_secret_tool")), Failed)


async def test_approving_the_change_brings_it_back_and_forgets_what_was_said_of_changed_tools(
    make_stranger: MakeStranger, over: Supervise
) -> None:
    stranger = make_stranger(tool("peek", reads=None), tool("poke", reads=None))
    async with approved(stranger, over):
        stranger.approvals.trust("odd", "peek", Trust.READ)
        stranger.approvals.trust("odd", "poke", Trust.READ)
    stranger.lists(tool("peek", reads=None), tool("poke", "Poke it hard.", reads=None))
    async with over() as supervisor:
        await supervisor.call(ask("odd_peek"))
        stranger.approve()
        await supervisor.roster.learn(supervisor.roster.drivers["odd"], [])
        effects = {name: each.effect for name, each in (await offered(supervisor)).items()}
        assert effects == {"odd_peek": Effect.READ, "odd_poke": Effect.IRREVERSIBLE}
        assert isinstance(await supervisor.call(ask("odd_peek")), Done)


async def test_only_what_reads_is_called_to_see_what_would_happen(make_stranger: MakeStranger, over: Supervise) -> None:
    claims = {**tool("poke", reads=None), "_meta": {"muos/effect": "irreversible"}}
    async with approved(make_stranger(tool("peek"), claims), over) as supervisor:
        tools = await offered(supervisor)
    assert (tools["odd_peek"].previews, tools["odd_poke"].previews) == (True, False)


async def test_it_learns_neither_who_asks_nor_where(make_stranger: MakeStranger, over: Supervise) -> None:
    async with approved(make_stranger(tool("peek")), over) as supervisor:
        outcome = await supervisor.call(ask("odd_peek"))
    assert isinstance(outcome, Done)
    assert "bob" not in str(outcome.data)
    assert "kitchen" not in str(outcome.data)


async def test_what_it_says_reaches_no_further_than_its_answer(make_stranger: MakeStranger, over: Supervise) -> None:
    listed = tool("peek", properties={"say": {"type": "string"}, "long": {"type": "integer"}})
    async with approved(make_stranger(listed), over) as supervisor:
        outcome = await supervisor.call(ask("odd_peek", say="\x1b]0;gotcha\x07!", long=300_000))
    assert isinstance(outcome, Done)
    assert outcome.text == "peek!"
    assert (dict(outcome.names), outcome.due) == ({}, None)
    assert "left_out" in outcome.data


def test_approval_counts_for_exactly_what_was_seen(tmp_path: Path) -> None:
    approvals = Approvals(tmp_path)
    assert "not listed" in approvals.approve("odd", digest([]))
    approvals.examine("odd", [tool("peek")])
    seen = digest([tool("peek")])
    approvals.examine("odd", [tool("peek"), tool("poke")])
    assert "look again" in approvals.approve("odd", seen)
    assert approvals.read("odd").standing is Standing.UNAPPROVED


@pytest.mark.parametrize("text", ["", "{", "[]", '{"approved": 7}', '{"approved": [1], "offered": null, "trust": {}}'])
def test_a_damaged_record_approves_nothing(text: str, tmp_path: Path) -> None:
    approvals = Approvals(tmp_path)
    approvals.folder.mkdir()
    (approvals.folder / "odd.json").write_text(text)
    assert approvals.read("odd") == Approval()


def test_a_review_shows_what_changed_line_by_line(make_stranger: MakeStranger) -> None:
    stranger = make_stranger(tool("peek"))
    manifest = read_manifest(stranger.added.folder)
    old, new = tool("peek", "Look.\nQuietly."), tool("peek", "Look.\n\x1b[2KLoudly.", reads=None)
    row = review(manifest, Approval([old, tool("poke")], [new, tool("prod")]), {})
    assert row["state"] == "changed"
    assert row["gone"] == ["poke"]
    assert [(each["own"], each["change"]) for each in row["tools"]] == [("peek", "changed"), ("prod", "new")]
    difference = row["tools"][0]["difference"]
    assert "-Quietly." in difference
    assert "+Loudly." in difference
    assert not any("\x1b" in line for line in difference)

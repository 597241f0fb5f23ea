"""One service may read from another: what its manifest names, for the caller it is serving, and no further."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.tool import Call, Caller, Done, Failed, Outcome, Tool

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]

ASKING = '''
from services.kit import Context, Reply, Service

service = Service(__file__, tables="CREATE TABLE IF NOT EXISTS mark(id INTEGER PRIMARY KEY, text TEXT);")

@service.tool("read")
def who(ctx: Context) -> Reply:
    """Who asks."""
    return Reply(f"{ctx.member} in {ctx.room}", {"zone": str(ctx.zone)})

@service.tool("reversible")
def mark(ctx: Context) -> Reply:
    """Make a mark."""
    ctx.db.execute("INSERT INTO mark(text) VALUES('x')")
    return Reply("Marked.")

@service.tool("read")
def relay(ctx: Context, of: str, further: str = "", call: str = "") -> Reply:
    """Ask another service."""
    if call:
        ctx.asking = __import__("functools").partial(ctx.asking.func, ctx.asking.args[0], call)
    reply = ctx.ask(of, {"of": further} if further else {})
    return Reply(f"It says: {reply.text}", reply.data)

if __name__ == "__main__":
    service.run()
'''


@pytest.fixture
def pair(make_service: MakeService) -> None:
    """Two services that may read from each other."""
    for name, other in (("here", "there"), ("there", "here")):
        rights = f'python = "server.py"\n[rights]\ntools = ["{other}_*", "nowhere_*"]'
        make_service(name, ASKING, rights, concurrent=1)


async def refusal(supervise: Supervise, call: Call) -> str:
    async with supervise() as supervisor:
        outcome = await supervisor.call(call)
    assert isinstance(outcome, Failed)
    return outcome.reason


@pytest.mark.usefixtures("pair")
async def test_a_service_reads_from_another_for_its_own_caller(supervise: Supervise) -> None:
    caller = Caller("anna", "kitchen", "Asia/Tokyo", datetime(2026, 3, 4, tzinfo=UTC))
    async with supervise() as supervisor:
        outcome = await supervisor.call(Call("here_relay", {"of": "there_who"}, caller))
    assert isinstance(outcome, Done)
    assert (outcome.text, outcome.data) == ("It says: anna in kitchen", {"zone": "Asia/Tokyo"})


@pytest.mark.usefixtures("pair")
async def test_it_may_only_read(supervise: Supervise, call: MakeCall) -> None:
    assert "may only read" in await refusal(supervise, call("here_relay", of="there_mark"))


@pytest.mark.usefixtures("pair")
async def test_it_may_not_ask_for_what_its_manifest_does_not_name(
    supervise: Supervise, call: MakeCall, make_service: MakeService
) -> None:
    make_service("elsewhere", ASKING)
    assert await refusal(supervise, call("here_relay", of="elsewhere_who")) == (
        "Here has no right to use 'elsewhere_who'."
    )


@pytest.mark.usefixtures("pair")
async def test_what_is_not_there_is_said(supervise: Supervise, call: MakeCall) -> None:
    assert "There is no tool 'nowhere_at_all' now." in await refusal(supervise, call("here_relay", of="nowhere_at_all"))


@pytest.mark.usefixtures("pair")
async def test_a_chain_that_comes_back_is_refused_at_once(supervise: Supervise, call: MakeCall) -> None:
    reason = await refusal(supervise, call("here_relay", of="there_relay", further="here_who"))
    assert reason == "here asks there asks here: that would never end."


@pytest.mark.usefixtures("pair")
async def test_a_call_that_is_not_in_progress_can_be_used_for_nothing(supervise: Supervise, call: MakeCall) -> None:
    reason = await refusal(supervise, call("here_relay", of="there_who", call="0123456789abcdef"))
    assert reason == "I can't ask 'there_who' here."


@pytest.mark.usefixtures("pair")
async def test_the_call_goes_by_the_toolbox_that_the_hub_names(supervise: Supervise, call: MakeCall) -> None:
    seen: list[Call] = []

    class Seeing:
        async def tools(self) -> list[Tool]:
            return []

        async def call(self, call: Call) -> Outcome:
            seen.append(call)
            return Done("seen")

    first = call("here_relay", of="there_who")
    async with supervise() as supervisor:
        supervisor.between.through = Seeing()
        outcome = await supervisor.call(first)
    assert isinstance(outcome, Done)
    assert [(one.tool, one.caller) for one in seen] == [("there_who", first.caller)]
    assert seen[0].id != first.id

"""The fault campaign, small: every kind of fault once, and nothing is lost, doubled or answered wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import faults, faulty
from services.tool import Call, Done

MakeCall = Callable[..., Call]
Supervise = Callable[..., Any]


async def test_nothing_is_lost_or_doubled_whatever_happens_to_the_processes(tmp_path: Path) -> None:
    done, *_ = await faults.campaign(tmp_path, faults.CALLS_A_FAULT * len(faults.FAULTS))
    assert set(done.faults) == set(faults.FAULTS)
    assert done.wrong == []
    assert done.failed_swaps == []
    assert done.refused_swaps == 1
    assert done.found(tmp_path) == (0, 0)
    assert done.right + done.refused.total() == done.calls
    assert done.right >= faults.LEAST_RIGHT * done.calls, done.refused
    assert faults.left_behind(tmp_path) == 0


async def test_a_service_that_leaks_memory_to_its_limit_is_replaced_and_answers(
    tmp_path: Path, supervise: Supervise, call: MakeCall
) -> None:
    faulty.make(tmp_path / "services", "leaky")
    async with supervise() as supervisor:
        pids = set()
        for number in range(12):
            outcome = await supervisor.call(call("leaky_leak", number=number))
            assert isinstance(outcome, Done), outcome
            pids.add(supervisor.status()[0].pid)
        assert len(pids) > 1
        assert supervisor.status()[0].error.startswith("exit code 70")
    assert set(faulty.marked(tmp_path / "home", "leaky").values()) == {1}
    assert len(faulty.marked(tmp_path / "home", "leaky")) == 12


async def test_a_service_that_writes_garbage_among_its_answers_is_replaced_and_answers(
    tmp_path: Path, supervise: Supervise, call: MakeCall
) -> None:
    faulty.make(tmp_path / "services", "loud")
    async with supervise() as supervisor:
        for number in range(8):
            assert isinstance(await supervisor.call(call("loud_babble", number=number)), Done)
        assert "not MCP" in supervisor.status()[0].error
    assert set(faulty.marked(tmp_path / "home", "loud").values()) == {1}

"""A service may die, freeze, babble or never start: the caller gets the answer or one clear sentence."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.runtime import driver
from services.runtime.status import ServiceStatus
from services.runtime.supervisor import Supervisor
from services.tool import Call, Done, Failed, Hears

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]
Begun = Callable[[], Awaitable[int]]
Until = Callable[[Supervisor, Callable[[ServiceStatus], bool]], Awaitable[ServiceStatus]]


async def marks(supervisor: Supervisor, call: MakeCall) -> list[str]:
    outcome = await supervisor.call(call("sample_marks"))
    assert isinstance(outcome, Done), outcome
    return list(outcome.data["marks"])


@pytest.mark.parametrize("fork", [True, False])
async def test_a_call_in_flight_when_its_child_is_killed_is_answered_and_takes_effect_once(
    fork: bool, make_service: MakeService, supervise: Supervise, call: MakeCall, begun: Begun
) -> None:
    make_service()
    outcomes: list[Done | Failed] = []
    async with supervise(fork=fork) as supervisor:

        async def hold() -> None:
            outcomes.append(await supervisor.call(call("sample_hold", text="a")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            os.kill(await begun(), signal.SIGKILL)
        assert outcomes == [Done("Held a.", undoable=True)]
        assert await marks(supervisor, call) == ["a"]


async def test_a_call_that_kills_every_child_fails_after_two_more_tries(
    make_service: MakeService, supervise: Supervise, call: MakeCall, begun: Begun
) -> None:
    make_service()
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:

        async def hold() -> None:
            outcomes.append(await supervisor.call(call("sample_hold", text="a", times=99)))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            for _ in range(1 + driver.DEATH_RETRIES):
                os.kill(await begun(), signal.SIGKILL)
        [outcome] = outcomes
        assert isinstance(outcome, Failed)
        assert outcome.hears is Hears.US
        assert outcome.reason == "Sample stopped in the middle of it (killed by SIGKILL)."
        assert await marks(supervisor, call) == []


WITH_COMPANY = f"""
import json, os, pathlib, sys
read = {{"inputSchema": {{"type": "object"}}, "annotations": {{"readOnlyHint": True}}}}
tools = [{{"name": name, **read}} for name in "ab"]
deaths, asked = pathlib.Path(os.environ["MUOS_SERVICE_DATA"]), None
def say(number, result):
    print(json.dumps({{"jsonrpc": "2.0", "id": number, "result": result}}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    number, params = message.get("id"), message.get("params", {{}})
    died = len(list(deaths.glob("died*")))
    if message["method"] == "initialize":
        say(number, {{"protocolVersion": params["protocolVersion"], "capabilities": {{}}, "serverInfo": {{}}}})
    elif message["method"] == "tools/list":
        say(number, {{"tools": tools}})
    elif params.get("name") == "a" and died < {driver.DEATH_RETRIES + 2}:
        asked = number
    elif number is not None:
        say(number, {{"content": []}})
        if asked:
            (deaths / f"died{{died}}").touch()
            os._exit(1)
"""
"""Dies, with every call of `a` that came, once it has answered a `b`; in the end it answers both."""


async def test_a_call_is_not_blamed_for_deaths_between_which_others_are_answered(
    make_service: MakeService, supervise: Supervise, call: MakeCall, tmp_path: Path
) -> None:
    make_service(code=WITH_COMPANY)
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:

        async def hold() -> None:
            outcomes.append(await supervisor.call(call("sample_a")))

        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(hold)
                while not outcomes:
                    assert isinstance(await supervisor.call(call("sample_b")), Done)
        assert isinstance(outcomes[0], Done)
    assert deaths(tmp_path) == driver.DEATH_RETRIES + 2


def deaths(folder: Path) -> int:
    """As the sample service wrote them down."""
    return len(list(folder.glob("home/services/sample/died*")))


async def test_a_child_killed_while_idle_is_noticed_and_replaced(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until
) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        before = supervisor.status()[0].pid
        os.kill(before, signal.SIGKILL)
        after = await until(supervisor, lambda row: row.state == "ready" and row.pid != before)
        assert after.error == "killed by SIGKILL"
        assert after.restarts == 1
        assert await marks(supervisor, call) == ["a"]


async def test_a_frozen_child_is_killed_at_the_time_limit_and_the_call_answered_by_the_next(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service(seconds=0.5)
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        frozen = supervisor.status()[0].pid
        os.kill(frozen, signal.SIGSTOP)
        assert await marks(supervisor, call) == ["a"]
        assert supervisor.status()[0].pid != frozen


async def test_a_call_that_is_always_too_slow_fails_with_one_sentence(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service(seconds=0.4)
    async with supervise() as supervisor:
        outcome = await supervisor.call(call("sample_nap"))
        assert outcome == Failed("Sample did not answer within 0.4 seconds.", Hears.US)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "exit code 3"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("def f(:", "SyntaxError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL"),
        ("print('hello\\n' * 500, flush=True); input(); input()", "not MCP"),
        ("import sys\nsys.stdout.buffer.write(b'x' * 100_000_000)", "more than 8 MB"),
        ('print(\'{"jsonrpc": "2.0", "id": 1, "result": 7}\', flush=True); input(); input()', "neither a result"),
        ('print(\'{"jsonrpc": "2.0", "id": 1, "result": {}}\', flush=True); input(); input()', "speaks MCP"),
        ('print(\'{"id":5,"method":"roots/list"}\\n\' * 9999, flush=True)\nwhile True: pass', "without end"),
    ],
)
async def test_a_service_that_fails_on_every_start_rests_and_says_why(
    code: str, reason: str, make_service: MakeService, supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BACK_OFF", (0.0, 0.0, 0.0))
    make_service(code=code)
    async with supervise() as supervisor:
        assert await supervisor.tools() == []
        [row] = supervisor.status()
        assert row.state == "resting"
        assert reason in row.error


async def test_a_service_that_hangs_at_start_rests_at_once(make_service: MakeService, supervise: Supervise) -> None:
    make_service(code="import time; time.sleep(300)", start_seconds=0.3)
    async with supervise() as supervisor:
        assert await supervisor.tools() == []
        [row] = supervisor.status()
        assert row.state == "resting"
        assert row.error == "it did not answer within 0.3 s of its start"


async def test_a_resting_service_refuses_with_its_reason_until_it_is_restarted(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BACK_OFF", (0.0, 0.0))
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        (folder / "server.py").rename(folder / "elsewhere.py")
        os.kill(supervisor.status()[0].pid, signal.SIGKILL)
        await until(supervisor, lambda row: row.state == "resting")
        assert await supervisor.tools() == []
        outcome = await supervisor.call(call("sample_marks"))
        assert isinstance(outcome, Failed)
        assert outcome.reason.startswith("Sample keeps failing (")
        (folder / "elsewhere.py").rename(folder / "server.py")
        assert isinstance(await supervisor.restart("sample"), Done)
        assert await marks(supervisor, call) == ["a"]


async def test_a_kill_on_every_start_ends_in_one_clear_sentence(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until
) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        killed: set[int] = set()
        while supervisor.status()[0].state != "resting":
            row = await until(
                supervisor, lambda row: row.state == "resting" or (row.state == "ready" and row.pid not in killed)
            )
            if row.pid:
                killed.add(row.pid)
                os.kill(row.pid, signal.SIGKILL)
        outcome = await supervisor.call(call("sample_marks"))
        assert isinstance(outcome, Failed)
        assert "killed by SIGKILL" in outcome.reason
        assert len(killed) == len(driver.BACK_OFF)


async def test_a_memory_hog_is_refused_the_memory_and_lives(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service(memory_mb=200)
    async with supervise() as supervisor:
        outcome = await supervisor.call(call("sample_hog"))
        assert isinstance(outcome, Failed)
        assert outcome.hears is Hears.US
        assert "MemoryError" in outcome.reason
        pid = supervisor.status()[0].pid
        assert await marks(supervisor, call) == []
        assert supervisor.status()[0].pid == pid


async def test_calls_at_the_same_time_are_all_answered(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise() as supervisor:
        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(supervisor.call, call("sample_mark", text=str(number)))
        assert sorted(await marks(supervisor, call), key=int) == [str(number) for number in range(50)]
        assert supervisor.status()[0].calls == 51


async def test_a_caller_that_gives_up_harms_no_other_call(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.tools()
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(supervisor.call, call("sample_mark", text="x" * 100_000))
                await anyio.wait_all_tasks_blocked()
                scope.cancel()
        outcome = await supervisor.call(call("sample_mark", text="b"))
        assert isinstance(outcome, Done)
        assert (await marks(supervisor, call))[-1] == "b"
        assert supervisor.status()[0].restarts == 0

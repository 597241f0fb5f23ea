"""A new version takes the place of the old one while it runs: no call is lost, and what is broken changes nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.runtime import roster
from services.runtime.status import ServiceStatus
from services.runtime.supervisor import Supervisor
from services.tool import Call, Done, Failed, Hears
from tests.services.conftest import SAMPLE

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]
Begun = Callable[[], Awaitable[int]]
Until = Callable[[Supervisor, Callable[[ServiceStatus], bool]], Awaitable[ServiceStatus]]

GATED = SAMPLE.replace(
    'time.sleep(300)\n    return Reply(f"Held',
    "open(ctx.folder / 'go').read()\n    return Reply(f\"Held",
)
"""`hold` waits until the test opens the gate, a pipe, and then goes on."""
SECOND = (
    GATED.replace('shade: str = "red"', 'shade: str = "blue", size: int = 1')
    .replace('@service.tool("read")\ndef slip', '@service.tool("read")\ndef trip')
    .replace("All marks.", "Say all marks.")
)
"""A parameter more, a tool by another name, and other words for a third."""


@pytest.fixture
def gate(tmp_path: Path) -> Callable[[], Awaitable[None]]:
    """Let a `hold` of GATED go on."""
    data = tmp_path / "home" / "services" / "sample"
    data.mkdir(parents=True, exist_ok=True)
    os.mkfifo(data / "go")

    async def open_gate() -> None:
        await anyio.to_thread.run_sync((data / "go").write_text, "go")

    return open_gate


def rewrite(folder: Path, code: str) -> None:
    """As an editor does: in one step."""
    (folder / "draft").write_text(code)
    (folder / "draft").replace(folder / "server.py")


async def tool_names(supervisor: Supervisor) -> set[str]:
    return {tool.name for tool in await supervisor.tools()}


async def marks(supervisor: Supervisor, call: MakeCall) -> list[str]:
    outcome = await supervisor.call(call("sample_marks"))
    assert isinstance(outcome, Done), outcome
    return list(outcome.data["marks"])


async def test_a_swap_says_what_it_added_removed_and_changed(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    folder = make_service(code=GATED)
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        before = supervisor.status()[0].pid
        rewrite(folder, SECOND)
        outcome = await supervisor.swap("sample")
        assert isinstance(outcome, Done), outcome
        assert outcome.text == (
            "Swapped Sample: added sample_trip; removed sample_slip;"
            " changed sample_mark (+size, ~shade), sample_marks (description)."
        )
        assert outcome.data["changed"] == {"sample_mark": ["+size", "~shade"], "sample_marks": ["description"]}
        [row] = supervisor.status()
        assert (row.swaps, row.restarts, row.error) == (1, 0, "")
        assert row.pid not in {0, before}
        assert "sample_trip" in await tool_names(supervisor)
        marked = await supervisor.call(call("sample_mark", text="b"))
        assert marked.text == "Marked b in blue."
        assert await marks(supervisor, call) == ["a", "b"]


async def test_a_call_in_flight_survives_a_swap_and_is_done_once(
    make_service: MakeService,
    supervise: Supervise,
    call: MakeCall,
    begun: Begun,
    gate: Callable[[], Awaitable[None]],
    until: Until,
) -> None:
    folder = make_service(code=GATED)
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:

        async def hold() -> None:
            outcomes.append(await supervisor.call(call("sample_hold", text="a")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            old = await begun()
            rewrite(folder, SECOND)
            assert isinstance(await supervisor.swap("sample"), Done)
            assert supervisor.status()[0].pid != old
            assert isinstance(await supervisor.call(call("sample_trip")), Failed)
            assert outcomes == []
            await gate()
        assert outcomes == [Done("Held a.", undoable=True)]
        assert await marks(supervisor, call) == ["a"]
        assert supervisor.status()[0].restarts == 0


async def test_calls_that_go_on_through_many_swaps_are_each_done_once(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    folder = make_service(code=GATED)
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:
        await supervisor.tools()

        async def mark(text: str) -> None:
            outcomes.append(await supervisor.call(call("sample_mark", text=text)))

        async with anyio.create_task_group() as tasks:
            for number in range(40):
                tasks.start_soon(mark, str(number))
                if number % 10 == 0:
                    rewrite(folder, SECOND if number % 20 else GATED)
                    assert isinstance(await supervisor.swap("sample"), Done)
        assert [outcome for outcome in outcomes if not isinstance(outcome, Done)] == []
        assert sorted(await marks(supervisor, call), key=int) == [str(number) for number in range(40)]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(:", "SyntaxError"),
        ("raise SystemExit(3)", "exit code 3"),
        ("import time; time.sleep(300)", "did not answer within 2 s of its start"),
        ("from services.kit import Service\nService(__file__).run()", "lists no tools"),
        (SAMPLE.replace("service.run()", "service.declared['mark'].name = 7\nservice.run()"), "was not swapped"),
    ],
)
async def test_a_new_version_that_is_broken_leaves_the_old_one_untouched_and_says_why(
    code: str, reason: str, make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    folder = make_service(start_seconds=2)
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        before, offered = supervisor.status()[0], await tool_names(supervisor)
        rewrite(folder, code)
        outcome = await supervisor.swap("sample")
        assert isinstance(outcome, Failed)
        assert outcome.reason.startswith("Sample was not swapped; the old version goes on.")
        assert reason in outcome.reason
        after = supervisor.status()[0]
        assert (after.pid, after.state, after.swaps, after.restarts) == (before.pid, "ready", 0, 0)
        assert after.error
        assert await tool_names(supervisor) == offered
        assert await marks(supervisor, call) == ["a"]
        rewrite(folder, SAMPLE)
        assert isinstance(await supervisor.swap("sample"), Done)
        assert supervisor.status()[0].error == ""


async def test_a_manifest_broken_by_an_edit_leaves_the_service_running_and_is_told(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    folder = make_service()
    manifest = (folder / "service.toml").read_text()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        pid = supervisor.status()[0].pid
        (folder / "service.toml").write_text("name = [")
        await supervisor.reload()
        assert isinstance(await supervisor.swap("sample"), Failed)
        [row] = supervisor.status()
        assert "can't be read" in row.error
        assert (row.pid, row.state) == (pid, "ready")
        assert await marks(supervisor, call) == ["a"]
        (folder / "service.toml").write_text(manifest)
        assert isinstance(await supervisor.swap("sample"), Done)
        assert supervisor.status()[0].error == ""


async def test_a_service_that_changes_its_name_is_not_swapped(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        text = (folder / "service.toml").read_text()
        (folder / "service.toml").write_text(text.replace('name = "sample"', 'name = "other"'))
        outcome = await supervisor.swap("sample")
        assert isinstance(outcome, Failed)
        assert "calls itself 'other' now" in outcome.reason
        await supervisor.reload()
        assert [row.name for row in supervisor.status()] == ["sample"]
        assert "calls itself 'other' now" in supervisor.status()[0].error
        assert await marks(supervisor, call) == ["a"]


async def test_a_queued_call_whose_tool_a_swap_removed_fails_with_one_clear_sentence(
    make_service: MakeService,
    supervise: Supervise,
    call: MakeCall,
    begun: Begun,
    gate: Callable[[], Awaitable[None]],
) -> None:
    folder = make_service(code=GATED, concurrent=1)
    outcomes: dict[str, Done | Failed] = {}
    async with supervise() as supervisor:

        async def make(tool: str, **arguments: Any) -> None:
            outcomes[tool] = await supervisor.call(call(tool, **arguments))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: make("sample_hold", text="a"))
            await begun()
            tasks.start_soon(make, "sample_slip")
            tasks.start_soon(lambda: make("sample_mark", text="b", shade="green"))
            tasks.start_soon(lambda: make("sample_refuse"))
            await anyio.wait_all_tasks_blocked()
            rewrite(folder, SECOND.replace('shade: str = "blue", size: int = 1', "words: list[str]"))
            assert isinstance(await supervisor.swap("sample"), Done)
            await gate()
        slip, mark = outcomes["sample_slip"], outcomes["sample_mark"]
        assert isinstance(slip, Failed)
        assert slip.reason.startswith("A new version took the service's place while this waited: There is no tool")
        assert isinstance(mark, Failed)
        assert "'words' is a required property" in mark.reason
        assert slip.hears is mark.hears is Hears.MODEL
        assert outcomes["sample_refuse"] == Failed("There is no such mark.", Hears.PERSON)
        assert await marks(supervisor, call) == ["a"]


async def test_two_swaps_and_a_restart_at_once_are_done_one_after_the_other(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until
) -> None:
    folder = make_service()
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        rewrite(folder, SECOND)

        async def do(work: Callable[[str], Awaitable[Done | Failed]]) -> None:
            outcomes.append(await work("sample"))

        async with anyio.create_task_group() as tasks:
            for work in (supervisor.swap, supervisor.restart, supervisor.swap):
                tasks.start_soon(do, work)
        assert [type(outcome) for outcome in outcomes] == [Done, Done, Done]
        [row] = supervisor.status()
        assert (row.swaps, row.restarts, row.state) == (2, 1, "ready")
        await until(supervisor, lambda row: len(supervisor.roster.drivers["sample"].pids) == 1)
        assert await marks(supervisor, call) == ["a"]


async def test_a_swap_while_the_service_is_starting_answers_who_waits_for_it(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until
) -> None:
    folder = make_service(code="import time; time.sleep(300)", start_seconds=60)
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:

        async def ask() -> None:
            outcomes.append(await supervisor.call(call("sample_mark", text="a")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            with anyio.fail_after(60):
                while not supervisor.status() or "waiting for its first answer, " not in supervisor.status()[0].waiting:
                    await supervisor.changed()
            assert supervisor.status()[0].state == "starting"
            rewrite(folder, SECOND)
            assert isinstance(await supervisor.swap("sample"), Done)
        assert [type(outcome) for outcome in outcomes] == [Done]
        assert await marks(supervisor, call) == ["a"]


async def test_a_frozen_child_that_is_drained_is_ended_and_its_call_done_by_the_new_one(
    make_service: MakeService, supervise: Supervise, call: MakeCall, begun: Begun, until: Until
) -> None:
    folder = make_service(seconds=1)
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:

        async def hold() -> None:
            outcomes.append(await supervisor.call(call("sample_hold", text="a")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            os.kill(await begun(), signal.SIGSTOP)
            rewrite(folder, SECOND)
            assert isinstance(await supervisor.swap("sample"), Done)
        assert outcomes == [Done("Held a.", undoable=True)]
        assert await marks(supervisor, call) == ["a"]
        await until(supervisor, lambda row: len(supervisor.roster.drivers["sample"].pids) == 1)


async def test_leaving_in_the_middle_of_a_swap_ends_every_process(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    folder = make_service(start_seconds=60)
    outcomes: list[Done | Failed] = []
    async with anyio.create_task_group() as tasks, supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        rewrite(folder, "import time; time.sleep(300)")

        async def swap() -> None:
            outcomes.append(await supervisor.swap("sample"))

        tasks.start_soon(swap)
        with anyio.fail_after(60):
            while "a new one is tried: waiting for its first answer" not in supervisor.status()[0].waiting:
                await supervisor.changed()
        pids = supervisor.roster.drivers["sample"].pids
    assert [type(outcome) for outcome in outcomes] == [Failed]
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_sleeping_service_whose_code_changed_is_taken_up_by_itself(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "LOOK_SECONDS", 0.0)
    folder = make_service()
    async with supervise(idle_seconds=0.0) as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        rewrite(folder, SECOND)
        await supervisor.tools()
        await until(supervisor, lambda row: supervisor.roster.drivers["sample"].asleep)
        assert "sample_trip" in await tool_names(supervisor)
        assert supervisor.status()[0].error == ""


async def test_a_running_service_whose_folder_changed_says_so_and_goes_on(
    make_service: MakeService, supervise: Supervise, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "LOOK_SECONDS", 0.0)
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        rewrite(folder, SECOND)
        assert "sample_trip" not in await tool_names(supervisor)
        assert supervisor.status()[0].error == "Its folder has changed; `muos services swap sample` takes that up."
        assert isinstance(await supervisor.swap("sample"), Done)
        assert "sample_trip" in await tool_names(supervisor)
        assert supervisor.status()[0].error == ""


async def test_services_that_come_and_go_are_noticed_by_themselves(
    make_service: MakeService, supervise: Supervise, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "LOOK_SECONDS", 0.0)
    folder = make_service()
    async with supervise() as supervisor:
        await supervisor.tools()
        make_service("second")
        assert isinstance(await supervisor.call(call("second_mark", text="a")), Done)
        (folder / "service.toml").unlink()
        assert {tool.service for tool in await supervisor.tools()} == {"second"}
        outcome = await supervisor.call(call("sample_marks"))
        assert isinstance(outcome, Failed)
        assert outcome.reason.startswith("There is no tool 'sample_marks'.")


async def test_a_service_that_came_with_us_is_not_said_to_have_changed_after_a_swap(
    make_service: MakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_service()
    monkeypatch.setattr("services.runtime.supervisor.BUILT_IN", folder.parent)
    monkeypatch.setattr(roster, "LOOK_SECONDS", 0.0)
    async with Supervisor([folder.parent, tmp_path / "more"], home=tmp_path / "home") as supervisor:
        await supervisor.tools()
        assert isinstance(await supervisor.swap("sample"), Done)
        (tmp_path / "more" / "new").mkdir(parents=True)
        await supervisor.reload()
        assert supervisor.status()[0].error == ""
        assert not supervisor.roster.notes

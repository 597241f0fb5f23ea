"""Put to rest, woken, measured, watched, read about: what people do to a service besides calling it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.runtime import child, roster
from services.runtime.log import Log, checked
from services.runtime.supervisor import Supervisor
from services.runtime.watching import Watching
from services.runtime.withdrawn import Withdrawn
from services.tool import Call, Done, Failed

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]
Begun = Callable[[], Awaitable[int]]


async def offered(supervisor: Supervisor) -> set[str]:
    return {tool.service for tool in await supervisor.tools()}


async def test_a_service_put_to_rest_is_gone_until_it_is_woken_even_after_a_restart(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    make_service("second")
    async with supervise() as supervisor:
        assert await offered(supervisor) == {"sample", "second"}
        assert isinstance(await supervisor.rest("sample"), Done)
        assert await offered(supervisor) == {"second"}
    async with supervise() as supervisor:
        assert await offered(supervisor) == {"second"}
        row = supervisor.status()[0]
        assert (row.name, row.state, row.error) == ("sample", "withdrawn", "it was put to rest")
        outcome = await supervisor.call(call("sample_marks"))
        assert isinstance(outcome, Failed)
        assert outcome.reason == (
            "Sample is withdrawn (it was put to rest): `muos services wake sample` brings it back."
        )
        assert isinstance(await supervisor.restart("sample"), Failed)
        assert isinstance(await supervisor.swap("sample"), Failed)
        assert isinstance(await supervisor.wake("sample"), Done)
        assert await offered(supervisor) == {"sample", "second"}
        assert isinstance(await supervisor.call(call("sample_marks")), Done)
    async with supervise() as supervisor:
        assert await offered(supervisor) == {"sample", "second"}


async def test_a_call_in_flight_is_finished_when_its_service_is_put_to_rest(
    make_service: MakeService, supervise: Supervise, call: MakeCall, begun: Begun, tmp_path: Path
) -> None:
    folder = make_service()
    text = (folder / "server.py").read_text()
    (folder / "server.py").write_text(
        text.replace("time.sleep(300)\n    return Reply(f", "open(ctx.folder / 'go').read()\n    return Reply(f")
    )
    os.mkfifo(tmp_path / "home" / "services" / "sample" / "go")
    outcomes: list[Done | Failed] = []
    async with supervise() as supervisor:

        async def hold() -> None:
            outcomes.append(await supervisor.call(call("sample_hold", text="a")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            await begun()
            assert isinstance(await supervisor.rest("sample"), Done)
            assert isinstance(await supervisor.call(call("sample_marks")), Failed)
            gate = tmp_path / "home" / "services" / "sample" / "go"
            await anyio.to_thread.run_sync(gate.write_text, "go")
        assert outcomes == [Done("Held a.", undoable=True)]


async def test_there_is_nothing_to_rest_wake_swap_or_measure_under_an_unknown_name(
    make_service: MakeService, supervise: Supervise
) -> None:
    make_service()
    async with supervise() as supervisor:
        for work in (supervisor.rest, supervisor.wake, supervisor.swap, supervisor.restart, supervisor.stats):
            outcome = await work("nobody")
            assert isinstance(outcome, Failed)
            assert outcome.reason == "There is no service 'nobody'. There are: sample."


@pytest.mark.parametrize("content", ["", "garbage", "[]", "null", '{"a": '])
def test_a_damaged_record_of_what_rests_means_that_nothing_does(content: str, tmp_path: Path) -> None:
    withdrawn = Withdrawn(tmp_path)
    withdrawn.file.write_text(content)
    assert withdrawn.read() == {}
    withdrawn.put("lists", "so")
    assert withdrawn.read() == {"lists": "so"}


async def test_stats_tell_what_a_service_takes_and_what_holds_it(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service(memory_mb=200)
    async with supervise() as supervisor:
        [asleep] = await supervisor.stats()
        assert asleep["use"]["processes"] in {0, 1}
        for _ in range(3):
            await supervisor.call(call("sample_mark", text="a"))
        [row] = await supervisor.stats("sample")
    assert (row["calls"], row["failed"], row["swaps"], row["restarts"]) == (3, 0, 0, 0)
    assert 0 < row["p50_ms"] <= row["p95_ms"]
    use = row["use"]
    assert use["processes"] >= 1
    assert 0 < use["resident_mb"] < 500
    assert use["threads"] >= 1
    assert row["data_mb"] > 0
    assert row["limits"]["memory_mb"] == 200
    assert row["rights"] == {}
    assert row["enforced"]


async def test_a_sleeping_service_takes_nothing(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise(idle_seconds=0.0) as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        with anyio.fail_after(60):
            while not supervisor.roster.drivers["sample"].asleep:
                await supervisor.changed()
        [row] = await supervisor.stats("sample")
    assert (row["state"], row["pid"], row["uptime_seconds"]) == ("asleep", 0, None)
    assert set(row["use"].values()) == {0}


def test_a_log_gives_its_last_lines_and_what_is_added_free_of_escapes(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    log = Log(file)
    assert not log.there
    assert log.last(5) == []
    file.write_text("one\ntwo \x1b[31mred\x1b[0m\nthree\n")
    assert log.last(2) == ["two red", "three"]
    assert log.more() == []
    with file.open("a") as stream:
        stream.write("four\nfi")
    assert log.more() == ["four"]
    with file.open("a") as stream:
        stream.write("ve\n")
    assert log.more() == ["five"]
    file.rename(tmp_path / "a.old")
    file.write_text("again\n")
    assert log.more() == ["again"]


def test_a_huge_log_is_read_from_its_end_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    file.write_bytes(b"x" * 3_000_000 + b"\nlast\n")
    assert Log(file).last(10) == ["last"]


@pytest.mark.parametrize("name", ["../x", "", "a b", "A", "x" * 40, "a/b"])
def test_what_is_no_name_of_a_service_names_no_file(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a service"):
        checked(name)


async def test_what_is_saved_in_a_watched_folder_is_swapped_in_once_it_is_quiet(
    make_service: MakeService, supervise: Supervise, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "LOOK_SECONDS", 0.0)
    folder = make_service()
    code = (folder / "server.py").read_text()
    told: list[str] = []
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        watching = Watching(supervisor, told.append)
        await watching.look()
        (folder / "more").mkdir()
        (folder / "more" / "words.txt").write_text("new")
        (folder / "server.py").write_text(code.replace("def slip", "def trip"))
        await watching.look()
        assert told == []
        await watching.look()
        assert told == ["Swapped Sample: added sample_trip; removed sample_slip."]
        (folder / "server.py").write_text("def f(:")
        for _ in range(3):
            await watching.look()
        assert len(told) == 2
        assert "was not swapped; the old version goes on" in told[1]
        assert isinstance(await supervisor.call(call("sample_marks")), Done)
        (folder / "server.py").write_text(code)
        await watching.look()
        await watching.look()
        assert told[2] == "Swapped Sample: added sample_slip; removed sample_trip."


async def test_a_child_that_was_only_asked_for_its_tools_sleeps_soon(
    make_service: MakeService, supervise: Supervise, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "UNCALLED_SECONDS", 0.0)
    make_service()
    make_service("second")
    async with supervise() as supervisor:
        await supervisor.tools()
        assert isinstance(await supervisor.call(call("second_mark", text="a")), Done)
        with anyio.fail_after(60):
            while not supervisor.roster.drivers["sample"].asleep:
                await supervisor.changed()
        assert supervisor.status()[1].state == "ready"

"""The template process may die at any moment; its children never outlive it, nor it the hub."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest

from services.runtime import birth
from services.runtime.launch import ROOT, can_fork, launch_template
from services.runtime.status import ServiceStatus
from services.runtime.supervisor import Supervisor
from services.tool import Call, Done

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs a platform that forks")

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]
Until = Callable[[Supervisor, Callable[[ServiceStatus], bool]], Awaitable[ServiceStatus]]


async def test_children_are_forked_by_the_template(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.prepare("sample")
        assert psutil.Process(supervisor.status()[0].pid).ppid() == supervisor.template_pid
        assert psutil.Process(supervisor.template_pid).num_threads() == 1


async def test_a_template_that_is_killed_takes_its_children_along_and_is_replaced(
    make_service: MakeService, supervise: Supervise, call: MakeCall, until: Until
) -> None:
    make_service()
    async with supervise() as supervisor:
        await supervisor.call(call("sample_mark", text="a"))
        template, child = supervisor.template_pid, supervisor.status()[0].pid
        os.kill(template, signal.SIGKILL)
        await until(supervisor, lambda row: row.state == "ready" and row.pid != child)
        outcome = await supervisor.call(call("sample_marks"))
        assert isinstance(outcome, Done)
        assert outcome.data == {"marks": ["a"]}
        assert supervisor.template_pid not in (0, template)
        with suppress(psutil.NoSuchProcess):  # an orphan is init's to reap
            assert psutil.Process(child).status() == psutil.STATUS_ZOMBIE


async def test_a_call_in_flight_survives_the_death_of_the_template(
    make_service: MakeService, supervise: Supervise, call: MakeCall, begun: Callable[[], Awaitable[int]]
) -> None:
    make_service()
    async with supervise() as supervisor, anyio.create_task_group() as tasks:
        done = anyio.Event()

        async def hold() -> None:
            assert await supervisor.call(call("sample_hold", text="a")) == Done("Held a.", undoable=True)
            done.set()

        tasks.start_soon(hold)
        await begun()
        os.kill(supervisor.template_pid, signal.SIGKILL)
        with anyio.fail_after(60):
            await done.wait()


async def test_a_frozen_template_is_replaced(
    make_service: MakeService, supervise: Supervise, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(birth, "FORK_SECONDS", 0.5)
    make_service()
    async with supervise() as supervisor:
        await supervisor.prepare("sample")
        os.kill(supervisor.template_pid, signal.SIGSTOP)
        os.kill(supervisor.status()[0].pid, signal.SIGKILL)
        assert isinstance(await supervisor.call(call("sample_marks")), Done)


async def test_where_templates_keep_dying_children_are_ordinary_processes(
    make_service: MakeService, supervise: Supervise, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(logs: Path) -> Any:
        launched = launch_template(logs)
        launched.process.kill()
        return launched

    monkeypatch.setattr(birth, "launch_template", launch)
    make_service()
    async with supervise(fork=True) as supervisor:
        assert isinstance(await supervisor.call(call("sample_marks")), Done)
        assert supervisor.template_pid == 0


async def test_a_template_launched_early_is_used(
    make_service: MakeService, supervise: Supervise, call: MakeCall, tmp_path: Path
) -> None:
    make_service()
    launched = launch_template(tmp_path / "home" / "logs")
    async with supervise(launched=launched) as supervisor:
        assert isinstance(await supervisor.call(call("sample_marks")), Done)
        assert supervisor.template_pid == launched.process.pid


def test_a_hub_that_is_killed_leaves_no_process_behind(make_service: MakeService, tmp_path: Path) -> None:
    make_service()
    code = f"""
import anyio, sys, pathlib
from services.runtime.supervisor import Supervisor
async def main():
    async with Supervisor([pathlib.Path({str(tmp_path / "services")!r})], home=pathlib.Path({str(tmp_path)!r})) as s:
        await s.prepare("sample")
        print(s.template_pid, s.status()[0].pid, flush=True)
        await anyio.sleep_forever()
anyio.run(main)
"""
    hub = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert hub.stdout is not None
    with hub.stdout:
        pids = [int(pid) for pid in hub.stdout.readline().split()]
        watched = [os.pidfd_open(pid) for pid in pids]
        hub.kill()
        hub.wait()
    for descriptor in watched:
        assert select.select([descriptor], [], [], 60)[0]
        os.close(descriptor)

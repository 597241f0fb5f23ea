"""The room of a service on the disk: its folder is its own, bounded, and looked at while it runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.runtime import room
from services.runtime.confine.disk import furnish, used_mb
from services.runtime.errors import StartFailed
from services.runtime.manifest import Manifest, read_manifest
from services.tool import Call, Done, Failed

MakeService = Callable[..., Path]
BIG = b"x" * 1_500_000
FILLS = """
import os
from services.kit import Context, Reply, Service
service = Service(__file__)

@service.tool("read", examples=["fill it"])
def fill(ctx: Context) -> Reply:
    \"\"\"Fill the folder.\"\"\"
    for name in range(4):
        (ctx.folder / f"{name}").write_bytes(b"x" * 900_000)
    return Reply("Filled.")

service.run()
"""


@pytest.fixture
def manifest(make_service: MakeService) -> Manifest:
    return read_manifest(make_service(disk_mb=1))


def test_a_data_folder_is_readable_by_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    furnish(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "tmp").is_dir()


def test_what_a_folder_takes_is_measured_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "elsewhere").write_bytes(BIG)
    (tmp_path / "data" / "link").symlink_to(tmp_path / "elsewhere")
    assert used_mb(tmp_path / "data", 10) < 0.1
    (tmp_path / "data" / "inner" / "file").write_bytes(BIG)
    assert 1.4 < used_mb(tmp_path / "data", 10) < 1.6


def test_a_folder_that_can_not_be_looked_into_counts_as_full(tmp_path: Path) -> None:
    deep = tmp_path / "data"
    deep.mkdir()
    started = os.getcwd()
    try:
        os.chdir(deep)
        for _ in range(20):  # longer than any path may be
            os.mkdir("x" * 250)
            os.chdir("x" * 250)
    finally:
        os.chdir(started)
    assert used_mb(deep, 10) > 10
    shutil.rmtree(deep)


def test_a_service_without_room_does_not_start(manifest: Manifest, tmp_path: Path) -> None:
    furnish(tmp_path / "data")
    (tmp_path / "data" / "file").write_bytes(BIG)
    with pytest.raises(StartFailed, match="has filled its 1 MB"):
        room.make_room(manifest, tmp_path / "data")


def test_what_lies_in_its_temporary_folder_makes_room(manifest: Manifest, tmp_path: Path) -> None:
    furnish(tmp_path / "data")
    (tmp_path / "data" / "tmp" / "file").write_bytes(BIG)
    room.make_room(manifest, tmp_path / "data")
    assert not (tmp_path / "data" / "tmp" / "file").exists()


def test_a_log_that_grows_too_long_is_cut_and_its_end_kept(tmp_path: Path) -> None:
    log = tmp_path / "odd.log"
    with log.open("ab") as file:
        file.write(b"x" * room.LOG_MOST_BYTES + b"the end")
        file.flush()
        room.cut(log)
        file.write(b"more")
    assert log.read_bytes() == b"more"
    assert log.with_suffix(".old").read_bytes().endswith(b"the end")


async def test_a_service_that_fills_its_room_is_stopped_and_that_is_said(
    make_service: MakeService, supervise: Any, call: Callable[..., Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.2)
    make_service("greedy", FILLS, disk_mb=2)
    async with supervise() as supervisor:
        assert isinstance(await supervisor.call(call("greedy_fill")), Done)
        with anyio.fail_after(60):
            while "filled" not in supervisor.status()[0].error:
                await supervisor.changed()
        outcome = await supervisor.call(call("greedy_fill"))
        assert isinstance(outcome, Failed)
        assert "disk space" in outcome.reason

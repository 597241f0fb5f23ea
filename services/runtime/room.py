"""The room that a running service takes on the disk: its data folder and its log, looked at now and then.

Must stay true: a service that has filled its room is stopped, and does not start until there is room again. Between two
looks the kernel's limit on the size of each file holds (RLIMIT_FSIZE).
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import anyio
import anyio.to_thread

from services.runtime.confine.disk import TEMPORARY, furnish, used_mb
from services.runtime.errors import StartFailed
from services.runtime.manifest import Manifest

LOOK_SECONDS = 3.0
REST = 100
"""So many times as long as the last look took is waited besides: looking costs at most a hundredth of a core."""
LOG_MOST_BYTES = 4_000_000
"""A log beyond this is cut while the service runs."""
LOG_KEPT_BYTES = 100_000


def make_room(manifest: Manifest, data: Path) -> None:
    """Its folder, with room in it. Raises StartFailed, OSError. Blocks."""
    most = manifest.limits.disk_mb
    furnish(data)
    if used_mb(data, most) > most:
        shutil.rmtree(data / TEMPORARY, ignore_errors=True)
        furnish(data)
    if used_mb(data, most) > most:
        raise StartFailed(f"{manifest.called} has filled its {most} MB of disk space: make room in {data}.")


async def overflow(manifest: Manifest, data: Path, log: Path, ended: anyio.Event) -> str:
    """Wait until it has filled its room, and say so; empty when it ended before."""
    most, took = manifest.limits.disk_mb, 0.0
    while True:
        with anyio.move_on_after(LOOK_SECONDS + took * REST):
            await ended.wait()
            return ""
        began = anyio.current_time()
        await anyio.to_thread.run_sync(cut, log)
        if await anyio.to_thread.run_sync(used_mb, data, most) > most:
            return f"it filled its {most} MB of disk space"
        took = anyio.current_time() - began


def cut(log: Path) -> None:
    """Put the end of a log that is too long aside, and empty it; what writes to it goes on at its end."""
    with suppress(OSError):
        if log.stat().st_size <= LOG_MOST_BYTES:
            return
        with log.open("rb") as file:
            file.seek(-LOG_KEPT_BYTES, os.SEEK_END)
            log.with_suffix(".old").write_bytes(file.read())
        os.truncate(log, 0)

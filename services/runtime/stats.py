"""What a service takes and is held to, measured now: its process and all below it, its calls, its folder.

Must stay true: measuring starts nothing and fails for nothing; what can't be learned is None.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from services.runtime.confine.enforcement import enforcement
from services.runtime.driver import Driver

FILES = 20_000
"""Most files of a data folder that are counted."""
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Use:
    """What the processes of a service take together; all 0 where none runs."""

    processes: int = 0
    own_mb: float | None = 0.0
    """Memory that would be free if it ended (USS)."""
    resident_mb: float = 0.0
    """Memory in use, what it shares with other processes included (RSS)."""
    cpu_seconds: float = 0.0
    open_files: int | None = 0
    """Files, pipes and connections."""
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Stats:
    """One service."""

    name: str
    title: str
    state: str
    pid: int
    uptime_seconds: float | None
    calls: int
    failed: int
    restarts: int
    swaps: int
    p50_ms: float | None
    p95_ms: float | None
    """Of the latest calls that were answered."""
    use: Use
    data_mb: float
    limits: dict[str, Any]
    rights: dict[str, list[str]]
    enforced: list[str]
    """What holds it to its rights and limits on this machine."""
    missing: list[str]
    """What rests on its good will."""

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def stats_of(driver: Driver, state: str, data: Path) -> Callable[[], Stats]:
    """How the service is now; to be called in a thread, for it reads the system."""
    manifest, pids = driver.manifest, driver.pids
    started = driver.started
    samples = sorted(driver.latencies_ms)

    def measure() -> Stats:
        held = enforcement(manifest, data.parents[1])
        return Stats(
            name=manifest.name,
            title=manifest.called,
            state=state,
            pid=driver.pid,
            uptime_seconds=round((datetime.now(UTC) - started).total_seconds(), 1) if started else None,
            calls=driver.calls,
            failed=driver.failed,
            restarts=driver.restarts,
            swaps=driver.swaps,
            p50_ms=share_of(samples, 0.5),
            p95_ms=share_of(samples, 0.95),
            use=use_of(pids),
            data_mb=round(folder_bytes(data) / MB, 2),
            limits=manifest.limits.model_dump(exclude_none=True),
            rights={what: list(entries) for what, entries in manifest.rights.model_dump().items() if entries},
            enforced=list(held.rules),
            missing=list(held.missing),
        )

    return measure


def share_of(samples: Sequence[float], share: float) -> float | None:
    """The sample below which `share` of them lie."""
    return round(samples[min(len(samples) - 1, round(share * (len(samples) - 1)))], 1) if samples else None


def use_of(pids: Iterable[int]) -> Use:
    """The processes and all that they started."""
    family: dict[int, psutil.Process] = {}
    for pid in pids:
        with suppress(psutil.Error):
            parent = psutil.Process(pid)
            family |= {each.pid: each for each in [parent, *parent.children(recursive=True)]}
    total = Use()
    for process in family.values():
        with suppress(psutil.Error, OSError):
            total = added(total, process)
    return total


def added(total: Use, process: psutil.Process) -> Use:
    """One process more."""
    with process.oneshot():
        times, memory = process.cpu_times(), process.memory_info()
        threads = process.num_threads()
    own = files = None
    with suppress(psutil.Error, OSError, AttributeError):
        own = process.memory_full_info().uss / MB
    with suppress(psutil.Error, OSError, AttributeError):
        files = process.num_fds()
    return Use(
        processes=total.processes + 1,
        own_mb=None if own is None or total.own_mb is None else round(total.own_mb + own, 1),
        resident_mb=round(total.resident_mb + memory.rss / MB, 1),
        cpu_seconds=round(total.cpu_seconds + times.user + times.system, 2),
        open_files=None if files is None or total.open_files is None else total.open_files + files,
        threads=total.threads + threads,
    )


def folder_bytes(folder: Path) -> int:
    """What lies in a folder, as far as it is counted."""
    total = seen = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
            seen += 1
            if seen >= FILES:
                return total
    return total

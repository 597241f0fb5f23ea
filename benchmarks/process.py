"""The real command in processes of its own, for benchmarks: `muos` once, and a hub that runs.

Must stay true: a benchmark works in a home that is deleted after it, and what it started ends with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Row, percentile
from interface.running import Running, find_hub

STARTING = 60.0
"""Seconds that a hub may take to come up on a busy machine."""
LEAVING = 15.0
"""Seconds that it may take to end."""
LOOK_AGAIN = 0.01
SAID = "up.txt"
"""Where in the home it is kept what the hub tells."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One whole process, its start and its end included."""

    seconds: float
    processor: float
    """Seconds of processor that it, and what it waited for, used: other work on the machine does not swell them."""
    said: str


def muos() -> str:
    """The installed command."""
    command = shutil.which("muos", path=sysconfig.get_path("scripts"))
    if command is None:
        raise SystemExit("MuOS is not installed here: `make bench` does that first.")
    return command


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without any setting of MuOS but the home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUOS_")}
    return {**kept, "MUOS_HOME": str(home), "MUOS_ZONE": "Europe/Paris", **(more or {})}


def ran(home: Path, *arguments: str) -> Ran:
    """Run `muos` once, to its end; stops the benchmark if it does not do what it was asked."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run([muos(), *arguments], env=environment(home), capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - started, os.times()
    if done.returncode:
        raise SystemExit(f"muos {' '.join(arguments)} ended with {done.returncode}: {done.stderr or done.stdout}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(seconds, used, done.stdout)


@contextmanager
def fresh_home() -> Iterator[Path]:
    """A home for one benchmark."""
    home = Path(tempfile.mkdtemp(prefix="muos-bench-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running_hub(home: Path, more: Mapping[str, str] | None = None) -> Iterator[Running]:
    """`muos up` on a free port, until left; gives where it listens."""
    with (home / SAID).open("wb") as said:
        process = subprocess.Popen(
            [muos(), "up", "--port", "0"],
            env=environment(home, more),
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
    try:
        yield awaited(home, process)
    finally:
        process.terminate()
        try:
            process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def awaited(home: Path, process: subprocess.Popen[bytes]) -> Running:
    """Where the hub listens, once it does."""
    latest = time.monotonic() + STARTING
    while (found := find_hub(home)) is None:
        if process.poll() is not None or time.monotonic() > latest:
            raise SystemExit(f"The hub did not come up: {(home / SAID).read_text()}")
        time.sleep(LOOK_AGAIN)
    return found


def seconds_row(what: str, target: float | None, runs: Sequence[Ran]) -> Row:
    """A row for whole processes: the middle one, the slowest but a few, and what the processor did."""
    middle, slow = (percentile([run.seconds for run in runs], share) for share in (0.5, 0.95))
    worked = percentile([run.processor for run in runs], 0.5)
    figure = f"{middle:.2f} s, p95 {slow:.2f} s ({worked:.2f} s of processor)"
    return what, f"≤ {target:g} s" if target else "", figure, middle <= target if target else None

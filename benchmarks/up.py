"""How soon the hub is there when it is started again: `python -m benchmarks.up`."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

from benchmarks.process import fresh_home, running_hub
from benchmarks.report import Row, alone, percentile

TITLE = "Starting the hub"
UP = 5.0
"""Seconds: a second `make run` is up in less."""
PATIENCE = 30.0


def first_byte(host: str, port: int, path: str) -> None:
    """Ask, and wait for the beginning of a good answer."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        if answer.status != 200 or not answer.read(1):
            raise SystemExit(f"{path} answered {answer.status}")
    finally:
        connection.close()


def once(home: Path) -> tuple[float, float]:
    """Seconds from the start of the process to /healthz, and to the page's first byte."""
    started = time.perf_counter()
    with running_hub(home) as hub:
        first_byte(hub.host, hub.port, "/healthz")
        healthy = time.perf_counter() - started
        first_byte(hub.host, hub.port, "/")
        return healthy, time.perf_counter() - started


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    with fresh_home() as home:
        first = once(home)
        again = [once(home) for _ in range(2 if quick else 3)]
    rows: list[Row] = []
    for place, what in enumerate(("/healthz answers", "the page's first byte")):
        middle = percentile([seconds[place] for seconds in again], 0.5)
        rows.append((f"muos up again: {what}", f"≤ {UP:g} s", f"{middle:.2f} s", middle <= UP))
        rows.append((f"muos up, the first ever in a home: {what}", "", f"{first[place]:.2f} s", None))
    return rows


if __name__ == "__main__":
    alone(TITLE, run)

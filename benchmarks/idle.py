"""What the hub costs while nobody needs it: `python -m benchmarks.idle`.

A hub runs in a process of its own, knows every service and has answered a few requests; then nobody speaks to it. Once
as installed, and once with a chat model connected: a server of this benchmark, which counts how often it is called. The
hub itself says how often it ran its sentence encoder.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psutil

from benchmarks.process import fresh_home, ran, running_hub
from benchmarks.report import Row, alone
from interface.running import Running

TITLE = "The hub idle, all services known"
MEMORY_MB, PROCESSOR, CALLS = 400, 0.5, 0
"""The most: of proportional memory, per cent of a core, and model calls."""
SLEEPY = 1.0
"""Seconds after which services go to sleep here (as a rule five minutes), so that the wait is short."""
SETTLING, PATIENCE = 60.0, 30.0
ASKED = ("what time is it in Tokyo?", "add milk to the shopping list", "remember that Bob is vegetarian")


@contextmanager
def counted_model() -> Iterator[tuple[str, list[str]]]:
    """A chat server that fails whoever asks; gives its address and the requests it got."""
    got: list[str] = []

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library calls it by this name
            got.append(self.path)
            self.send_error(503)

        do_GET = do_POST  # noqa: N815  # likewise

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1", got
        server.shutdown()


def read(hub: Running, path: str) -> Any:
    """What the hub's API says."""
    connection = http.client.HTTPConnection(hub.host, hub.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def settle(hub: Running) -> None:
    """Wait until every service is known and asleep."""
    latest = time.monotonic() + SETTLING
    while any(not row["tools"] or row["state"] != "asleep" for row in read(hub, "/api/services")):
        if time.monotonic() > latest:
            raise SystemExit("The services did not go to sleep.")
        time.sleep(SLEEPY / 2)


def processes(hub: Running) -> list[psutil.Process]:
    """The hub and all that it started: the template, and services that are awake."""
    parent = psutil.Process(hub.pid)
    return [parent, *parent.children(recursive=True)]


def memory_mb(hub: Running) -> float:
    """Proportional: pages that several share count once among them."""
    return float(sum(process.memory_full_info().pss for process in processes(hub))) / 1e6


def processor(hub: Running) -> float:
    """Seconds used so far."""
    return float(sum(sum(process.cpu_times()[:2]) for process in processes(hub)))


def idle(hub: Running, seconds: float) -> tuple[float, float, int]:
    """Let it be for so long: per cent of a core, megabytes, sentences encoded in that time."""
    encoded, used = encodings(hub), processor(hub)
    time.sleep(seconds)
    busy = (processor(hub) - used) / seconds * 100
    return busy, memory_mb(hub), encodings(hub) - encoded


def encodings(hub: Running) -> int:
    """Sentences that its encoder has run on so far."""
    return int(read(hub, "/api/status")["encoded"])


def used_hub(home: Path, hub: Running) -> Running:
    """The same after a few requests, when all has gone to sleep again."""
    for text in ASKED:
        ran(home, "ask", text)
    settle(hub)
    return hub


def plain(seconds: float) -> list[Row]:
    """A hub as installed."""
    with fresh_home() as home, running_hub(home, {"MUOS_IDLE": f"{SLEEPY:g}"}) as hub:
        busy, memory, encoded = idle(used_hub(home, hub), seconds)
    return [
        ("hub idle: memory", f"≤ {MEMORY_MB} MB", f"{memory:.0f} MB", memory <= MEMORY_MB),
        (f"hub idle: processor over {seconds:.0f} s", f"≤ {PROCESSOR} %", f"{busy:.2f} %", busy <= PROCESSOR),
        (f"hub idle: runs of the encoder in {seconds:.0f} s", f"{CALLS}", f"{encoded}", encoded == CALLS),
    ]


def connected(seconds: float) -> list[Row]:
    """A hub with a chat model."""
    with counted_model() as (address, got), fresh_home() as home:
        settings = {"MUOS_IDLE": f"{SLEEPY:g}", "MUOS_MODEL": "counted", "MUOS_BASE_URL": address}
        with running_hub(home, settings) as hub:
            used_hub(home, hub)
            before = len(got)
            busy, memory, encoded = idle(hub, seconds)
            called = len(got) - before + encoded
    what = "hub idle, a chat model connected"
    return [
        (f"{what}: memory", "", f"{memory:.0f} MB", None),
        (f"{what}: processor", "", f"{busy:.2f} %", None),
        (f"{what}: model calls in {seconds:.0f} s", f"{CALLS}", f"{called}", called == CALLS),
    ]


def run(quick: bool = False) -> list[Row]:
    """Measure."""
    return plain(10.0 if quick else 20.0) + connected(5.0 if quick else 10.0)


if __name__ == "__main__":
    alone(TITLE, run)

"""Around the home service: a real Mosquitto, and devices that announce themselves and answer as real ones do."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from services.home.mqtt import Broker
from services.kit import Refusal

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
START_SECONDS = 10.0
Message = tuple[str, str]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mosquitto(folder: Path, rules: str = "allow_anonymous true") -> Iterator[int]:
    """A running broker; its port. Skips where Mosquitto is not installed."""
    if MOSQUITTO is None:
        pytest.skip("Mosquitto is not installed here")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\n{rules}\npersistence false\nlog_dest none\nuser root\n")
    process = subprocess.Popen([MOSQUITTO, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert time.monotonic() < until, "Mosquitto does not start"
            assert process.poll() is None, "Mosquitto ended"
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


def lamp(name: str, area: str, **more: Any) -> dict[str, Any]:
    """A light that speaks JSON, as those behind Zigbee2MQTT do."""
    base = f"z2m/{name.replace(' ', '_')}"
    return {
        "~": base,
        "name": None,
        "schema": "json",
        "stat_t": "~",
        "cmd_t": "~/set",
        "brightness": True,
        "bri_scl": 254,
        "uniq_id": base,
        "dev": {"name": name, "sa": area, "ids": [base]},
        **more,
    }


HOUSE: Mapping[str, dict[str, Any]] = {
    "light/desk/config": lamp("desk lamp", "study"),
    "light/ceiling/config": lamp("ceiling light", "kitchen"),
    "light/strip/config": {
        "name": "shelf strip",
        "uniq_id": "strip",
        "stat_t": "strip/state",
        "cmd_t": "strip/set",
        "bri_cmd_t": "strip/bri/set",
        "bri_stat_t": "strip/bri",
        "rgb_cmd_t": "strip/rgb/set",
        "rgb_stat_t": "strip/rgb",
        "dev": {"name": "strip", "sa": "kitchen"},
    },
    "switch/node/plug/config": {
        "name": "coffee machine",
        "uniq_id": "plug",
        "stat_t": "plug",
        "val_tpl": "{{ value_json.state }}",
        "cmd_t": "plug/set",
        "dev": {"sa": "kitchen"},
    },
    "cover/blind/config": {
        "name": "blind",
        "uniq_id": "blind",
        "cmd_t": "blind/set",
        "pos_t": "blind/position",
        "set_pos_t": "blind/position/set",
        "dev": {"sa": "bedroom"},
    },
    "cover/garage/config": {
        "name": "garage door",
        "uniq_id": "garage",
        "cmd_t": "garage/set",
        "stat_t": "garage",
        "avty_t": "garage/there",
    },
    "lock/front/config": {"name": "front door", "uniq_id": "front", "cmd_t": "front/set", "stat_t": "front"},
    "climate/hall/config": {
        "name": "thermostat",
        "uniq_id": "hall",
        "temp_cmd_t": "hall/target/set",
        "temp_stat_t": "hall/target",
        "curr_temp_t": "hall/now",
        "mode_cmd_t": "hall/mode/set",
        "mode_stat_t": "hall/mode",
        "dev": {"sa": "hall"},
    },
    "sensor/weather/config": {
        "name": "temperature",
        "uniq_id": "temp",
        "stat_t": "meter",
        "val_tpl": "{{ value_json['air'].temperature | round(1) }}",
        "unit_of_meas": "°C",
        "dev_cla": "temperature",
        "dev": {"name": "bedroom meter", "sa": "bedroom"},
    },
    "binary_sensor/window/config": {
        "name": "window",
        "uniq_id": "window",
        "stat_t": "window",
        "dev_cla": "window",
        "dev": {"name": "bathroom", "sa": "bathroom"},
    },
    "scene/movie/config": {"name": "movie", "uniq_id": "movie", "cmd_t": "movie/set"},
    "fan/ceiling/config": {
        "name": "ceiling fan",
        "uniq_id": "fan",
        "stat_t": "fan",
        "cmd_t": "fan/set",
        "pct_cmd_t": "fan/speed/set",
        "pct_stat_t": "fan/speed",
        "dev": {"sa": "bedroom"},
    },
    "device/robot/config": {
        "dev": {"name": "robot", "sa": "hall"},
        "cmps": {"v": {"p": "vacuum", "name": "vacuum", "uniq_id": "robot", "cmd_t": "robot/set", "stat_t": "robot"}},
    },
}
STATES: Mapping[str, str] = {
    "z2m/desk_lamp": '{"state":"OFF","brightness":254}',
    "z2m/ceiling_light": '{"state":"ON","brightness":127}',
    "strip/state": "ON",
    "strip/bri": "255",
    "strip/rgb": "255,255,255",
    "plug": '{"state":"ON","power":4.2}',
    "blind/position": "100",
    "garage": "closed",
    "garage/there": "online",
    "front": "LOCKED",
    "hall/target": "19",
    "hall/now": "18.5",
    "hall/mode": "heat",
    "meter": '{"air":{"temperature":20.4567}}',
    "window": "ON",
    "fan": "OFF",
    "fan/speed": "30",
    "robot": '{"state":"docked"}',
}


class Devices:
    """What the devices hear, and how they answer."""

    def __init__(self, port: int, house: Mapping[str, dict[str, Any]], states: Mapping[str, str]) -> None:
        self.heard: list[Message] = []
        self.states = dict(states)
        self.deaf: set[str] = set()
        """Topics under which nothing answers."""
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._broker = Broker(socket.create_connection(("127.0.0.1", port), 5), "the broker")
        self._broker.open("devices")
        for topic, plan in house.items():
            self.tell(f"homeassistant/{topic}", json.dumps(plan))
        for topic, payload in states.items():
            self.tell(topic, payload)
        self._broker.gather(["+/set", "+/+/set"])
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def tell(self, topic: str, payload: str) -> None:
        """A message that the broker keeps."""
        body = len(topic.encode()).to_bytes(2, "big") + topic.encode() + payload.encode()
        self._broker._send(0x31, body)
        if payload:
            self.states[topic] = payload

    def close(self) -> None:
        """Switch all off."""
        self._ended.set()
        self._thread.join()
        self._broker.close()

    def _live(self) -> None:
        self._broker.last = Heard(self._hear)
        while not self._ended.is_set():
            with suppress(Refusal):
                self._broker.wait(lambda _: False, 0.05)

    def _hear(self, topic: str, payload: str) -> None:
        self.heard.append((topic, payload))
        if topic in self.deaf:
            return
        for told, answer in self._answers(topic.removesuffix("/set"), payload):
            self.tell(told, answer)

    def _answers(self, about: str, payload: str) -> Iterator[Message]:
        if about.startswith("z2m/"):
            yield about, json.dumps({**json.loads(self.states[about]), **json.loads(payload)})
        elif about == "plug":
            yield about, json.dumps({"state": payload})
        elif about in {"strip", "front", "garage", "blind", "robot"}:
            yield from SPECIAL[about](payload)
        elif about == "movie":
            yield "z2m/ceiling_light", '{"state":"OFF","brightness":127}'
        else:
            yield about, payload


SPECIAL: Mapping[str, Callable[[str], Iterator[Message]]] = {
    "strip": lambda payload: iter([("strip/state", payload)]),
    "front": lambda payload: iter([("front", f"{payload}ED")]),
    "garage": lambda payload: iter([("garage", {"OPEN": "open", "CLOSE": "closed"}[payload])]),
    "blind": lambda payload: iter([("blind/position", {"OPEN": "100", "CLOSE": "0"}[payload])]),
    "robot": lambda payload: iter(
        [("robot", '{"state":"cleaning"}' if payload == "start" else '{"state":"returning"}')]
    ),
}


class Heard(dict[str, str]):
    """Takes each message as it comes."""

    def __init__(self, hear: Callable[[str, str], None]) -> None:
        super().__init__()
        self._hear = hear

    def __setitem__(self, topic: str, payload: str) -> None:
        self._hear(topic, payload)


@contextmanager
def house(port: int) -> Iterator[Devices]:
    """The devices of a small house."""
    devices = Devices(port, HOUSE, STATES)
    try:
        yield devices
    finally:
        devices.close()


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The broker and the house."""
    with mosquitto(folder / "mosquitto") as port, house(port):
        yield {"broker": f"mqtt://127.0.0.1:{port}"}

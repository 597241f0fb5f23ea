"""All ways to the devices of the household as one: found, told what to become, and put back."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from services.home.assistant import Assistant
from services.home.brokered import Brokered
from services.home.device import Device, House, State, thing
from services.kit import Context, Refusal, Reply
from services.kit.outside import before, put_file
from services.kit.speech import spoken

RESTORED = {
    "light": ("on", "brightness", "rgb", "kelvin"),
    "switch": ("on",),
    "fan": ("on", "speed"),
    "cover": ("position", "open"),
    "climate": ("mode", "target"),
}
"""What is put back by an undo. A lock is not: nothing is unlocked without a yes."""
KNOWN_AT_MOST = 500
WAYS: tuple[tuple[str, Any], ...] = (("broker", Brokered), ("assistant", Assistant))
"""Each with the setting that gives its address."""


class Whole:
    """Everything that can be reached in one call."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.ways: list[Any] = []
        self.device_ways: dict[str, House] = {}

    def open(self) -> list[Device]:
        """Reach all ways that were set up, and find the devices; one that fails does not hide the others."""
        makers = [
            maker
            for setting, maker in (("broker", Brokered), ("assistant", Assistant))
            if self.ctx.settings.get(setting)
        ]
        if not makers:
            raise Refusal(
                "No devices are connected yet. Set the address of your MQTT server or Home Assistant:"
                " muos services set home broker mqtt://HOST:1883"
            )
        found: list[Device] = []
        faults: list[Refusal] = []
        for maker in makers:
            try:
                way: Any = maker(self.ctx)
                self.ways.append(way)
                devices = way.devices()
            except Refusal as refusal:
                faults.append(refusal)
                continue
            found += devices
            self.device_ways |= {device.id: way for device in devices}
        if faults and not found:
            raise faults[0]
        return sorted(found, key=lambda device: (device.area, device.name))

    def apply(self, device: Device, wanted: State) -> bool:
        """Tell a device by the way on which it was found."""
        return self.device_ways[device.id].apply(device, wanted)

    def close(self) -> None:
        """Let go of all."""
        for way in self.ways:
            way.close()


@contextlib.contextmanager
def house(ctx: Context) -> Iterator[tuple[Whole, list[Device]]]:
    """The devices of the household, for one call. Their names are kept for requests to come."""
    whole = Whole(ctx)
    try:
        devices = whole.open()
        if not ctx.preview:
            remember(ctx, devices)
        yield whole, devices
    finally:
        whole.close()


def change(ctx: Context, whole: Whole, devices: Sequence[Device], wanted: State, said: str) -> Reply:
    """Have devices become so; `said` with their names is the answer. What was so before is kept for undo."""
    there = [device for device in devices if device.online]
    away = [device for device in devices if not device.online]
    if not there:
        raise Refusal(f"{only_names(devices)} can't be reached.")
    before(ctx, [device.id for device in there], lambda: [[device.id, former(device)] for device in there])
    silent = [] if ctx.preview else [device for device in there if not whole.apply(device, wanted)]
    text = f"{said}: {only_names(there)}."
    if silent:
        text += f" {only_names(silent)} did not confirm it."
    if away:
        text += f" {only_names(away)} can't be reached."
    data = {
        "devices": [device.id for device in there],
        "unconfirmed": [device.id for device in silent],
        "state": wanted,
    }
    return Reply(text, data, [thing(device) for device in there])


def set_scene(ctx: Context, whole: Whole, chosen: Device, devices: Sequence[Device]) -> Reply:
    """Activate a scene. Undo puts all devices back that a scene may touch."""
    if not chosen.online:
        raise Refusal(f"{chosen.called} can't be reached.")
    others = [device for device in devices if device.kind in RESTORED and device.online]
    states = [[device.id, state] for device in others if (state := former(device))]
    before(ctx, [chosen.id, *(device.id for device in others)], lambda: states)
    if not ctx.preview:
        whole.apply(chosen, {"on": True})
    return Reply(f"Scene {chosen.name} is on.", {"scene": chosen.id}, [thing(chosen)])


def former(device: Device) -> State:
    """What to put back."""
    state = device.state
    kept = {key: state[key] for key in RESTORED.get(device.kind, ()) if key in state}
    if device.kind in {"light", "fan"} and not kept.get("on", True):
        return {"on": False}
    return kept


def put_back(ctx: Context, was: Any) -> None:
    """Undo: each device gets its former state again."""
    with house(ctx) as (whole, devices):
        by_id = {device.id: device for device in devices}
        gone = [identity for identity, _ in was if identity not in by_id or not by_id[identity].online]
        if gone:
            raise Refusal("I can't put that back: some of the devices can't be reached now.")
        if any(by_id[identity].kind == "lock" for identity, _ in was):
            raise Refusal("I don't unlock anything by undo; ask me to unlock it.")
        pairs = [(by_id[identity], state) for identity, state in was if state]
        if not pairs:
            raise Refusal("I don't know how it was before.")
        before(ctx, [device.id for device, _ in pairs], lambda: [[device.id, former(device)] for device, _ in pairs])
        if not ctx.preview:
            for device, state in pairs:
                whole.apply(device, state)


def only_names(devices: Sequence[Device]) -> str:
    """Their names, or how many there are."""
    return spoken([device.called for device in devices]) if len(devices) <= 6 else f"{len(devices)} devices"


def remember(ctx: Context, devices: Sequence[Device]) -> None:
    """Keep the names in a file that may be lost."""
    rows = [{"name": device.name, "area": device.area, "kind": device.kind} for device in devices[:KNOWN_AT_MOST]]
    content = json.dumps(rows).encode()
    file = ctx.folder / "known.json"
    if not file.is_file() or file.read_bytes() != content:
        put_file(file, content)


def known(ctx: Context) -> dict[str, list[str]]:
    """The names of devices, rooms and scenes as they were last seen."""
    try:
        rows = json.loads((ctx.folder / "known.json").read_text())
    except (OSError, ValueError):
        return {}
    found: dict[str, list[str]] = {
        "device": [row["name"] for row in rows if row["kind"] != "scene"],
        "area": [row["area"] for row in rows if row["area"]],
        "scene": [row["name"] for row in rows if row["kind"] == "scene"],
    }
    return {kind: list(dict.fromkeys(names)) for kind, names in found.items()}

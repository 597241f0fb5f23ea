"""Devices over MQTT: what they announce is read, and they are told what to become."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from services.home.announced import announced, number, online, state_of, topics_of
from services.home.device import Device, State
from services.home.mqtt import Broker
from services.kit import Context, Refusal

SECONDS = 8.0
"""For connecting."""
CONFIRM = 3.0
"""For a device to say that it has become what was wanted."""
CLOSE_ENOUGH = 2
"""Steps of a hundred by which a device may differ and still be what was wanted."""


class Brokered:
    """The devices behind one broker. A `House`."""

    def __init__(self, ctx: Context) -> None:
        self.prefix = str(ctx.settings.get("prefix") or "homeassistant").strip("/")
        address = str(ctx.settings["broker"])
        parts = urlsplit(address if "://" in address else f"mqtt://{address}")
        host, secure = parts.hostname or "", parts.scheme in {"mqtts", "ssl", "https"}
        sock = ctx.connect(host, parts.port or (8883 if secure else 1883), SECONDS)
        if secure:
            try:
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            except (ssl.SSLError, OSError) as error:
                raise Refusal(f"{host} can't be trusted: {getattr(error, 'reason', error)}.") from None
        self.broker = Broker(sock, f"The MQTT server {host}")
        user, password = (str(ctx.settings.get(name) or "") for name in ("broker_user", "broker_password"))
        try:
            self.broker.open(f"muos-{ctx.call[:16]}", user, password)
        except Refusal:
            sock.close()
            raise

    def close(self) -> None:
        """Say good-bye."""
        self.broker.close()

    def devices(self) -> list[Device]:
        """All that have announced themselves, as they last said that they are."""
        messages = self.broker.gather([f"{self.prefix}/+/+/config", f"{self.prefix}/+/+/+/config"])
        found = {
            device.id: device
            for topic, payload in list(messages.items())
            if payload and topic.startswith(f"{self.prefix}/")
            for device in announced(topic, payload, self.prefix)
        }
        topics = [topic for device in found.values() for topic in topics_of(device.plan)]
        messages = self.broker.gather(topics)
        return [self.now(device) for device in found.values()]

    def now(self, device: Device) -> Device:
        """The device as it is after all that was heard."""
        last = self.broker.last
        return replace(device, state=state_of(device.kind, device.plan, last), online=online(device.plan, last))

    def apply(self, device: Device, wanted: State) -> bool:
        """Tell the device; True once it says that it is so, or where it never says anything."""
        sent = list(messages(device, wanted))
        if not sent:
            raise Refusal(f"{device.called} can't do that.")
        for topic, payload in sent:
            self.broker.publish(topic, payload)
        if device.kind == "scene" or not topics_of(device.plan):
            return True
        return self.broker.wait(lambda _: reached(self.now(device).state, wanted), CONFIRM)


def reached(state: State, wanted: State) -> bool:
    """Whether all that was wanted is so, as far as the device tells."""
    for key, value in wanted.items():
        have = state.get(key)
        if have is None and key not in {"on", "locked", "open", "target", "mode"}:
            continue
        if key == "position" and have is not None:
            continue  # a blind takes its time
        if isinstance(value, (int, float)) and not isinstance(value, bool) and isinstance(have, (int, float)):
            if key in {"brightness", "speed"} and abs(have - value) > CLOSE_ENOUGH:
                return False
            if key == "target" and abs(have - value) > 0.1:
                return False
        elif key in {"on", "locked", "mode"} and have != value:
            return False
    return True


def messages(device: Device, wanted: State) -> Iterator[tuple[str, str]]:
    """What to say to a device, and under which topics."""
    writer = WRITERS.get(device.kind)
    if writer is not None:
        for topic, payload in writer(device.plan, wanted):
            if isinstance(topic, str) and topic and not set(topic) & set("+#\0"):
                yield topic, payload


def switch(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """On and off."""
    if "on" in wanted:
        yield (
            plan.get("command_topic"),
            str(plan.get("payload_on", "ON") if wanted["on"] else plan.get("payload_off", "OFF")),
        )


def light(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """On, bright and coloured; one that is told in JSON gets it all at once."""
    scale = number(plan.get("brightness_scale")) or 255
    if plan.get("schema") == "json":
        told: dict[str, Any] = {"state": "ON" if wanted.get("on", True) else "OFF"}
        if wanted.get("on", True):
            told |= {"brightness": round(wanted["brightness"] / 100 * scale)} if "brightness" in wanted else {}
            told |= {"color": dict(zip("rgb", wanted["rgb"], strict=True))} if "rgb" in wanted else {}
            told |= {"color_temp": warmth(plan, wanted["kelvin"])} if "kelvin" in wanted else {}
        yield plan.get("command_topic"), json.dumps(told)
        return
    yield from switch(plan, {"on": wanted.get("on", True)})
    if not wanted.get("on", True):
        return
    if "brightness" in wanted:
        yield plan.get("brightness_command_topic"), str(round(wanted["brightness"] / 100 * scale))
    if "rgb" in wanted:
        yield plan.get("rgb_command_topic"), ",".join(str(part) for part in wanted["rgb"])
    if "kelvin" in wanted:
        yield plan.get("color_temp_command_topic"), str(warmth(plan, wanted["kelvin"]))


def warmth(plan: Mapping[str, Any], kelvin: float) -> int:
    """A colour temperature as the device wants it."""
    return round(kelvin) if plan.get("color_temp_kelvin") else round(1_000_000 / kelvin)


def cover(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """To a position if it knows positions, else open or shut."""
    position = wanted.get("position", 100 if wanted.get("open") else 0)
    if plan.get("set_position_topic") and 0 < position < 100:
        shut, wide = (number(plan.get(f"position_{end}", 100 * at)) or 0.0 for at, end in enumerate(("closed", "open")))
        yield plan["set_position_topic"], str(round(shut + position / 100 * (wide - shut)))
        return
    yield (
        plan.get("command_topic"),
        str(plan.get("payload_open", "OPEN") if position > 0 else plan.get("payload_close", "CLOSE")),
    )


def lock(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """Lock and unlock."""
    word = plan.get("payload_lock", "LOCK") if wanted.get("locked") else plan.get("payload_unlock", "UNLOCK")
    yield plan.get("command_topic"), str(word)


def climate(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """How warm, and in which mode."""
    if "mode" in wanted:
        yield plan.get("mode_command_topic"), str(wanted["mode"])
    if "target" in wanted:
        yield plan.get("temperature_command_topic"), f"{wanted['target']:g}"


def fan(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """On, off, how fast."""
    yield from switch(plan, wanted)
    if wanted.get("on", True) and "speed" in wanted:
        most = number(plan.get("speed_range_max")) or 100
        yield plan.get("percentage_command_topic"), str(round(wanted["speed"] / 100 * most))


def scene(plan: Mapping[str, Any], _wanted: State) -> Iterator[tuple[Any, str]]:
    """Set it."""
    yield plan.get("command_topic"), str(plan.get("payload_on", "ON"))


def vacuum(plan: Mapping[str, Any], wanted: State) -> Iterator[tuple[Any, str]]:
    """Start, or go home."""
    yield plan.get("command_topic"), "start" if wanted.get("mode") == "cleaning" else "return_to_base"


WRITERS: dict[str, Any] = {
    "light": light,
    "switch": switch,
    "fan": fan,
    "cover": cover,
    "lock": lock,
    "climate": climate,
    "scene": scene,
    "vacuum": vacuum,
}

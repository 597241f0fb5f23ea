"""What devices announce of themselves over MQTT, by Home Assistant's discovery convention, as devices of ours.

https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery. Announcements may be abbreviated, stand for one entity
or for a whole device. Of templates, a value by its path is read, with `round`, `float` and `int`; others give the raw
value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.home.device import KIND_WORDS, Device, State

SHORT = {
    "avty": "availability",
    "avty_t": "availability_topic",
    "bri_cmd_t": "brightness_command_topic",
    "bri_scl": "brightness_scale",
    "bri_stat_t": "brightness_state_topic",
    "bri_val_tpl": "brightness_value_template",
    "clr_temp_cmd_t": "color_temp_command_topic",
    "clr_temp_k": "color_temp_kelvin",
    "clr_temp_stat_t": "color_temp_state_topic",
    "cmd_t": "command_topic",
    "cmps": "components",
    "curr_temp_t": "current_temperature_topic",
    "curr_temp_tpl": "current_temperature_template",
    "dev": "device",
    "dev_cla": "device_class",
    "mode_cmd_t": "mode_command_topic",
    "mode_stat_t": "mode_state_topic",
    "mode_stat_tpl": "mode_state_template",
    "obj_id": "object_id",
    "p": "platform",
    "pct_cmd_t": "percentage_command_topic",
    "pct_stat_t": "percentage_state_topic",
    "pl_avail": "payload_available",
    "pl_cls": "payload_close",
    "pl_lock": "payload_lock",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "pl_open": "payload_open",
    "pl_stop": "payload_stop",
    "pl_unlk": "payload_unlock",
    "pos_clsd": "position_closed",
    "pos_open": "position_open",
    "pos_t": "position_topic",
    "pos_tpl": "position_template",
    "rgb_cmd_t": "rgb_command_topic",
    "rgb_stat_t": "rgb_state_topic",
    "sa": "suggested_area",
    "set_pos_t": "set_position_topic",
    "stat_clsd": "state_closed",
    "stat_locked": "state_locked",
    "stat_off": "state_off",
    "stat_on": "state_on",
    "stat_open": "state_open",
    "stat_t": "state_topic",
    "stat_unlocked": "state_unlocked",
    "t": "topic",
    "temp_cmd_t": "temperature_command_topic",
    "temp_stat_t": "temperature_state_topic",
    "temp_stat_tpl": "temperature_state_template",
    "uniq_id": "unique_id",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
}
PATH = re.compile(r"^\{\{\s*value_json((?:\.\w+|\[['\"][^'\"]+['\"]\]|\[\d+\])*)\s*((?:\|[^}]*)?)\}\}$")
STEP = re.compile(r"\.(\w+)|\[['\"]([^'\"]+)['\"]\]|\[(\d+)\]")
TOPICS = re.compile(r"(?:state_topic|_state_topic|position_topic|current_temperature_topic|availability_topic)$")
Messages = Mapping[str, str]


def announced(topic: str, payload: str, prefix: str) -> Iterator[Device]:
    """The devices that a retained announcement stands for; none for what can't be read."""
    parts = topic.removeprefix(f"{prefix}/").split("/")
    try:
        plan = json.loads(payload)
    except ValueError:
        return
    if not isinstance(plan, dict) or len(parts) < 3 or parts[-1] != "config":
        return
    plan = spelled_out(plan)
    if parts[0] == "device":
        shared = {key: value for key, value in plan.items() if key != "components"}
        for name, part in (plan.get("components") or {}).items():
            if isinstance(part, dict):
                merged = {**shared, **spelled_out(part)}
                yield from as_device(str(merged.get("platform", "")), f"{topic}#{name}", merged)
        return
    yield from as_device(parts[0], topic, plan)


def as_device(kind: str, topic: str, plan: dict[str, Any]) -> Iterator[Device]:
    """One entity, if it is of a kind that we know."""
    if kind not in KIND_WORDS:
        return
    of = plan.get("device") if isinstance(plan.get("device"), dict) else {}
    assert isinstance(of, dict)
    name = plan.get("name") or of.get("name") or plan.get("object_id") or topic.split("/")[-2]
    if plan.get("name") and of.get("name") and kind in {"sensor", "binary_sensor"}:
        name = f"{of['name']} {plan['name']}"
    area = str(of.get("suggested_area") or "")
    identity = str(plan.get("unique_id") or topic)
    yield Device(f"mqtt:{kind}:{identity}"[:200], plain(name), kind, plain(area), {}, True, plan)


def plain(text: object) -> str:
    """A short text in one line."""
    return " ".join(str(text).split())[:100]


def spelled_out(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The announcement with whole names, and its base topic put in."""
    base = str(plan.get("~", ""))
    found: dict[str, Any] = {}
    for key, value in plan.items():
        name = SHORT.get(key, key)
        if isinstance(value, str) and base and name.endswith("topic"):
            value = base + value[1:] if value.startswith("~") else value[:-1] + base if value.endswith("~") else value
        if name == "device" and isinstance(value, dict):
            value = {SHORT.get(inner, inner): each for inner, each in value.items()}
        found[name] = value
    return found


def topics_of(plan: Mapping[str, Any]) -> list[str]:
    """Where the device tells how it is."""
    topics = [value for key, value in plan.items() if TOPICS.search(key) and isinstance(value, str) and value]
    topics += [topic for topic, _ in availabilities(plan)]
    return [topic for topic in topics if topic and not set(topic) & set("+#\0")]


def availabilities(plan: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The places where it tells whether it can be reached, of a list of such."""
    rows = [row for row in plan.get("availability") or () if isinstance(row, dict)]
    return [(str(row.get("topic") or row.get("t") or ""), spelled_out(row)) for row in rows]


def valued(template: object, payload: str) -> Any:
    """What a template makes of a message, as far as we read templates."""
    match = PATH.match(str(template or "").strip())
    if match is None:
        return payload
    try:
        value = json.loads(payload)
        for name, quoted, number in STEP.findall(match[1]):
            value = value[int(number)] if number else value[name or quoted]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    places = re.search(r"round\((\d*)", match[2])
    if places and isinstance(value, (int, float)):
        return round(value, int(places[1] or 0))
    return value


def online(plan: Mapping[str, Any], messages: Messages) -> bool:
    """Whether the device says that it can be reached; one that says nothing counts as there."""
    said = [
        valued(row.get("value_template"), messages[topic]) == row.get("payload_not_available", "offline")
        for topic, row in [(str(plan.get("availability_topic")), plan), *availabilities(plan)]
        if topic in messages
    ]
    return not any(said)


def number(value: Any) -> float | None:
    """The value as a number, or None."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def state_of(kind: str, plan: Mapping[str, Any], messages: Messages) -> State:
    """How the device is, from its last messages."""

    def said(topic: str, template: str = "value_template") -> Any:
        payload = messages.get(str(plan.get(topic) or ""))
        return None if payload is None else valued(plan.get(template), payload)

    reader = READERS.get(kind)
    state: State = reader(plan, said) if reader else {}
    return {key: value for key, value in state.items() if value is not None}


def switched(plan: Mapping[str, Any], value: Any) -> bool | None:
    """On, off, or unknown."""
    on, off = (plan.get(f"state_{name}", plan.get(f"payload_{name}", name.upper())) for name in ("on", "off"))
    return True if str(value) == str(on) else False if str(value) == str(off) else None


def light(plan: Mapping[str, Any], said: Any) -> State:
    """On, how bright, which colour."""
    if plan.get("schema") == "json":
        return json_light(plan, said("state_topic", ""))
    bright = number(said("brightness_state_topic", "brightness_value_template"))
    rgb = [number(part) for part in str(said("rgb_state_topic", "rgb_value_template") or "").split(",")]
    return {
        "on": switched(plan, said("state_topic", "state_value_template")),
        "brightness": None if bright is None else round(bright / (number(plan.get("brightness_scale")) or 255) * 100),
        "rgb": [int(part or 0) for part in rgb] if len(rgb) == 3 else None,
        "kelvin": kelvin_of(plan, said("color_temp_state_topic", "color_temp_value_template")),
    }


def json_light(plan: Mapping[str, Any], payload: Any) -> State:
    """The same, told in one JSON message."""
    try:
        told = json.loads(payload or "{}")
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        return {}
    bright, color = number(told.get("brightness")), told.get("color")
    rgb = [color.get(part) for part in "rgb"] if isinstance(color, dict) else []
    return {
        "on": {"ON": True, "OFF": False}.get(str(told.get("state"))),
        "brightness": None if bright is None else round(bright / (number(plan.get("brightness_scale")) or 255) * 100),
        "rgb": rgb if len(rgb) == 3 and all(isinstance(part, int) for part in rgb) else None,
        "kelvin": kelvin_of(plan, told.get("color_temp")),
    }


def kelvin_of(plan: Mapping[str, Any], told: Any) -> int | None:
    """A colour temperature; devices speak of mireds unless they say otherwise."""
    value = number(told)
    if not value or value <= 0:
        return None
    return round(value) if plan.get("color_temp_kelvin") else round(1_000_000 / value)


def cover(plan: Mapping[str, Any], said: Any) -> State:
    """How far open."""
    told, state = number(said("position_topic", "position_template")), said("state_topic")
    shut, wide = (number(plan.get(f"position_{end}", 100 * at)) or 0.0 for at, end in enumerate(("closed", "open")))
    position = None if told is None or shut == wide else round((told - shut) / (wide - shut) * 100)
    known = {str(plan.get("state_open", "open")): True, str(plan.get("state_closed", "closed")): False}
    return {"position": position, "open": position > 0 if position is not None else known.get(str(state))}


def lock(plan: Mapping[str, Any], said: Any) -> State:
    """Locked or not."""
    known = {str(plan.get("state_locked", "LOCKED")): True, str(plan.get("state_unlocked", "UNLOCKED")): False}
    return {"locked": known.get(str(said("state_topic")))}


def climate(_plan: Mapping[str, Any], said: Any) -> State:
    """What it is and shall be."""
    return {
        "target": number(said("temperature_state_topic", "temperature_state_template")),
        "temperature": number(said("current_temperature_topic", "current_temperature_template")),
        "mode": said("mode_state_topic", "mode_state_template"),
    }


def fan(plan: Mapping[str, Any], said: Any) -> State:
    """On, and how fast."""
    speed = number(said("percentage_state_topic", "percentage_value_template"))
    most = number(plan.get("speed_range_max")) or 100
    return {
        "on": switched(plan, said("state_topic", "state_value_template")),
        "speed": None if speed is None else round(speed / most * 100),
    }


def sensor(plan: Mapping[str, Any], said: Any) -> State:
    """What is measured."""
    return {"value": said("state_topic"), "unit": plan.get("unit_of_measurement"), "class": plan.get("device_class")}


def binary_sensor(plan: Mapping[str, Any], said: Any) -> State:
    """Whether it is so."""
    return {"on": switched(plan, said("state_topic")), "class": plan.get("device_class")}


def vacuum(_plan: Mapping[str, Any], said: Any) -> State:
    """What it does."""
    payload = said("state_topic")
    try:
        told = json.loads(payload) if isinstance(payload, str) else {}
    except ValueError:
        told = {}
    return {"mode": told.get("state") if isinstance(told, dict) else None}


def switch(plan: Mapping[str, Any], said: Any) -> State:
    """On or off."""
    return {"on": switched(plan, said("state_topic"))}


READERS: dict[str, Any] = {
    "light": light,
    "switch": switch,
    "fan": fan,
    "cover": cover,
    "lock": lock,
    "climate": climate,
    "sensor": sensor,
    "binary_sensor": binary_sensor,
    "vacuum": vacuum,
}

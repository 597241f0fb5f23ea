"""How the state of devices is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from services.home.device import KIND_WORDS, Device, meant
from services.kit import Refusal

SAID = 8
OPENINGS = {"door", "window", "garage_door", "opening"}
BINARY = {
    **dict.fromkeys(OPENINGS, ("open", "closed")),
    "lock": ("unlocked", "locked"),
    "motion": ("motion", "no motion"),
    "occupancy": ("occupied", "free"),
    "presence": ("home", "away"),
    "moisture": ("wet", "dry"),
    "smoke": ("smoke", "no smoke"),
    "gas": ("gas", "no gas"),
    "battery": ("low", "fine"),
    "problem": ("a problem", "fine"),
    "connectivity": ("connected", "not connected"),
}
"""What a sensor of two states says, by its class."""
UNITS = {"°C": "degrees", "°F": "degrees Fahrenheit", "%": "percent"}
ASKED = (
    (re.compile(r"\b(?:warm|cold|hot|temperature|degrees)\b"), "temperature"),
    (re.compile(r"\b(?:humid|humidity|damp)\b"), "humidity"),
)
TOLD = frozenset(KIND_WORDS) - {"scene"}


def asked_about(devices: Sequence[Device], said: str, here: str) -> list[Device]:
    """The devices that a question is about; of a question for a measure, the sensors and thermostats."""
    for pattern, measure in ASKED:
        if pattern.search(said.casefold()):
            able = [each for each in devices if each.state.get("class") == measure or (measure in each.state)]
            plain = pattern.sub("", said.casefold())
            return meant(able, plain or "everything", TOLD, here)
    found = meant(devices, said, TOLD, here)
    if not found:
        raise Refusal("I know of no such device.")
    return found


def told(device: Device) -> str:
    """Desk lamp (study): on at 40 percent."""
    return f"{device.called}: {state_said(device) if device.online else 'can not be reached'}"


def state_said(device: Device) -> str:
    """Its state in words."""
    state = device.state
    match device.kind:
        case "light" | "switch" | "fan":
            return switched(state)
        case "cover":
            position = state.get("position")
            if position is not None and 0 < position < 100:
                return f"{position} percent open"
            return {True: "open", False: "closed"}.get(state.get("open"), "unknown")  # type: ignore[arg-type]  # None too
        case "lock":
            return {True: "locked", False: "unlocked"}.get(state.get("locked"), "unknown")  # type: ignore[arg-type]  # None too
        case "climate":
            return climate(state)
        case "binary_sensor":
            on, off = BINARY.get(str(state.get("class")), ("on", "off"))
            return "unknown" if state.get("on") is None else on if state["on"] else off
        case "sensor":
            value = state.get("value")
            unit = (
                str(state.get("unit") or "")
                .replace("°C", "degrees")
                .replace("°F", "degrees Fahrenheit")
                .replace("%", "percent")
            )
            return "unknown" if value is None else f"{value} {unit}".strip()
        case _:
            return str(state.get("mode") or "unknown")


def switched(state: dict[str, Any]) -> str:
    """On at 40 percent; off."""
    if state.get("on") is None:
        return "unknown"
    level = state.get("brightness", state.get("speed"))
    return "off" if not state["on"] else "on" if level is None or level >= 100 else f"on at {level:g} percent"


def climate(state: dict[str, Any]) -> str:
    """19.5 degrees, set to 21; off."""
    parts = [f"{state['temperature']:g} degrees"] if state.get("temperature") is not None else []
    if state.get("mode") == "off":
        parts.append("off")
    elif state.get("target") is not None:
        parts.append(f"set to {state['target']:g}")
    return ", ".join(parts) or str(state.get("mode") or "unknown")


def row(device: Device) -> dict[str, Any]:
    """For programs."""
    return {
        "id": device.id,
        "name": device.name,
        "kind": device.kind,
        "area": device.area,
        "online": device.online,
        "state": device.state,
    }

"""How the tools are told what is meant: their parameters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

Which = Annotated[
    str,
    Field(
        description="Which device or devices, such as desk lamp, all lights or everything",
        max_length=200,
        json_schema_extra={"x-kind": "device"},
    ),
]
Area = Annotated[
    str | None,
    Field(description="In which room, such as kitchen", max_length=100, json_schema_extra={"x-kind": "area"}),
]
Color = Literal[
    "red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "warm white", "white", "cold white"
]
RGB = {
    "red": [255, 0, 0],
    "orange": [255, 120, 0],
    "yellow": [255, 215, 0],
    "green": [0, 255, 0],
    "cyan": [0, 255, 255],
    "blue": [0, 0, 255],
    "purple": [160, 32, 240],
    "pink": [255, 105, 180],
}
KELVIN = {"warm white": 2_700, "white": 4_000, "cold white": 6_500}
Mode = Annotated[
    Literal["off", "heat", "cool", "auto", "dry", "fan_only"] | None, Field(description="What it shall do")
]
Thermostat = Annotated[
    str | None, Field(description="Which thermostat", max_length=200, json_schema_extra={"x-kind": "device"})
]
SceneName = Annotated[
    str, Field(description="Which scene", min_length=1, max_length=100, json_schema_extra={"x-kind": "scene"})
]
Sort = Annotated[
    Literal["light", "switch", "fan", "cover", "lock", "climate", "scene", "sensor", "vacuum"] | None,
    Field(description="Only this sort"),
]


def where(device: str, area: str | None) -> str:
    """What was said of device and room, together."""
    return f"{device} {area}" if area and area.casefold() not in device.casefold() else device


def light_wanted(brightness: int | None, color: Color | None, kelvin: int | None) -> tuple[dict[str, Any], str]:
    """What a light shall become, and how that is said."""
    wanted: dict[str, Any] = {"on": True}
    said: list[str] = []
    if brightness is not None:
        wanted["brightness"] = brightness
        said.append(f"{brightness} percent")
    if color is not None:
        wanted |= {"rgb": RGB[color]} if color in RGB else {"kelvin": KELVIN[color]}
        said.append(color)
    elif kelvin is not None:
        wanted["kelvin"] = kelvin
        said.append(f"{kelvin} kelvin")
    return wanted, " and ".join(said)

"""Devices over Home Assistant's REST API: https://developers.home-assistant.io/docs/api/rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.home.announced import number, plain
from services.home.device import KIND_WORDS, Device, State
from services.kit import Context, Refusal

SECONDS = 10.0
MOST_BYTES = 16 * 1024 * 1024
DEVICES = 2_000
AREAS = (
    "{% set ns = namespace(found={}) %}{% for s in states %}{% set a = area_name(s.entity_id) %}"
    "{% if a %}{% set ns.found = dict(ns.found, **{s.entity_id: a}) %}{% endif %}{% endfor %}{{ ns.found | tojson }}"
)
"""Asks for the room of every entity."""
GONE = {"unavailable", "unknown"}


class Assistant:
    """The devices of one Home Assistant. A `House`."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.base = str(ctx.settings["assistant"]).rstrip("/")
        if "://" not in self.base:
            self.base = f"http://{self.base}"
        token = str(ctx.settings.get("assistant_token") or "")
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def close(self) -> None:
        """Nothing is held open."""

    def devices(self) -> list[Device]:
        """All entities of the kinds that we know."""
        rows, areas = self._asked("GET", "/api/states"), self._areas()
        if not isinstance(rows, list):
            raise Refusal("Home Assistant answered with something that I can't read.")
        found = [entity(row, areas) for row in rows[:DEVICES] if isinstance(row, dict)]
        return [device for device in found if device is not None]

    def apply(self, device: Device, wanted: State) -> bool:
        """Call the service that makes it so; Home Assistant answers once it has told the device."""
        entity_id = device.id.removeprefix("ha:")
        for name, values in services(device.kind, wanted):
            domain = entity_id.partition(".")[0]
            self._asked("POST", f"/api/services/{quote(domain)}/{name}", {"entity_id": entity_id, **values})
        return True

    def _areas(self) -> Mapping[str, Any]:
        """The room of each entity; nothing where Home Assistant doesn't say."""
        try:
            areas = self._asked("POST", "/api/template", {"template": AREAS})
        except Refusal:
            return {}
        return areas if isinstance(areas, dict) else {}

    def _asked(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        """What Home Assistant answers. Raises Refusal."""
        body = json.dumps(content).encode() if content is not None else b""
        page = self.ctx.web.request(
            method, self.base + path, body, headers=self.headers, most_bytes=MOST_BYTES, seconds=SECONDS
        )
        if page.status in {401, 403}:
            raise Refusal("Home Assistant does not accept the access token; set assistant_token anew.")
        if page.status >= 400:
            raise Refusal(f"Home Assistant refused that (status {page.status}).")
        return page.json()


def entity(row: Mapping[str, Any], areas: Mapping[str, Any]) -> Device | None:
    """A row of its states as a device."""
    identity = str(row.get("entity_id") or "")
    kind, _, name = identity.partition(".")
    attributes = row.get("attributes")
    if kind not in KIND_WORDS or not name or not isinstance(attributes, dict):
        return None
    state = str(row.get("state"))
    return Device(
        f"ha:{identity}",
        plain(attributes.get("friendly_name") or name.replace("_", " ")),
        kind,
        plain(areas.get(identity) or ""),
        {key: value for key, value in state_of(kind, state, attributes).items() if value is not None},
        state != "unavailable",
    )


def state_of(kind: str, state: str, told: Mapping[str, Any]) -> State:
    """How it is, in our keys."""
    if state in GONE:
        return {}
    on = {"on": True, "off": False}.get(state)
    bright, position = number(told.get("brightness")), number(told.get("current_position"))
    match kind:
        case "light":
            rgb, white = told.get("rgb_color"), told.get("color_mode") == "color_temp"
            return {
                "on": on,
                "brightness": None if bright is None else round(bright / 255 * 100),
                "rgb": rgb if isinstance(rgb, list) and len(rgb) == 3 and not white else None,
                "kelvin": told.get("color_temp_kelvin") if white else None,
            }
        case "cover":
            return {"open": state != "closed", "position": None if position is None else round(position)}
        case "lock":
            return {"locked": state == "locked"}
        case "climate":
            return {
                "target": number(told.get("temperature")),
                "temperature": number(told.get("current_temperature")),
                "mode": state,
            }
        case "fan":
            return {"on": on, "speed": number(told.get("percentage"))}
        case "sensor":
            return {"value": state, "unit": told.get("unit_of_measurement"), "class": told.get("device_class")}
        case "vacuum":
            return {"mode": state}
        case _:
            return {"on": on, "class": told.get("device_class")}


def services(kind: str, wanted: State) -> list[tuple[str, State]]:
    """The services to call, with what each is given."""
    if kind in {"light", "switch", "fan", "scene"}:
        return [switched(kind, wanted)]
    if kind == "cover":
        if 0 < wanted.get("position", 0) < 100:
            return [("set_cover_position", {"position": wanted["position"]})]
        return [("open_cover" if wanted.get("open") or wanted.get("position") else "close_cover", {})]
    if kind == "lock":
        return [("lock" if wanted.get("locked") else "unlock", {})]
    if kind == "vacuum":
        return [("start" if wanted.get("mode") == "cleaning" else "return_to_base", {})]
    calls: list[tuple[str, State]] = []
    if "mode" in wanted:
        calls.append(("set_hvac_mode", {"hvac_mode": wanted["mode"]}))
    if "target" in wanted:
        calls.append(("set_temperature", {"temperature": wanted["target"]}))
    return calls


def switched(kind: str, wanted: State) -> tuple[str, State]:
    """On with what belongs to it, or off."""
    if not wanted.get("on", True):
        return "turn_off", {}
    values: State = {}
    if kind == "light":
        values |= {"brightness_pct": wanted["brightness"]} if "brightness" in wanted else {}
        values |= {"rgb_color": wanted["rgb"]} if "rgb" in wanted else {}
        values |= {"color_temp_kelvin": wanted["kelvin"]} if "kelvin" in wanted else {}
    if kind == "fan" and "speed" in wanted:
        values["percentage"] = wanted["speed"]
    return "turn_on", values

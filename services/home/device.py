"""Devices: what each is, what is so with it, and which ones a person means.

A state is a table of plain keys, the same for all ways to reach a device, and what is wanted of one is a table of the
same keys: `on` (true or false), `brightness` and `position` and `speed` (0 to 100), `rgb` ([r, g, b]), `kelvin`,
`target` and `temperature` (degrees), `mode`, `locked`, `open`, `value`, `unit`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.kit import Refusal, Thing
from services.kit.reference import singular
from services.kit.speech import spoken

State = dict[str, Any]
NAMED_AT_MOST = 5
SWITCHED = frozenset({"light", "switch", "fan"})
KIND_WORDS = {
    "light": "light lamp lighting",
    "switch": "switch plug socket outlet",
    "fan": "fan ventilator",
    "cover": "cover blind shutter curtain shade awning roller garage",
    "lock": "lock",
    "climate": "heating thermostat climate heater radiator",
    "scene": "scene",
    "sensor": "sensor temperature humidity",
    "binary_sensor": "sensor",
    "vacuum": "vacuum hoover robot",
}
FILLERS = frozenset(
    "the a an my our all every everything each in on at of to for room rooms device devices this that is are please"
    " both off down up whole house home how what which did do does i leave left still there any now set state"
    " status".split()
)
EVERYWHERE = frozenset("everything everywhere house home".split())


@dataclass(frozen=True)
class Device:
    """One thing in the house."""

    id: str
    name: str
    kind: str
    area: str
    """The room; empty where it is not known."""
    state: State
    online: bool = True
    plan: Mapping[str, Any] = field(default_factory=dict)
    """How it is reached: its announcement, or nothing where its id will do."""

    @property
    def called(self) -> str:
        """Its name, with its room where that does not say it."""
        if self.area and not set(words(self.area)) <= set(words(self.name)):
            return f"{self.name} ({self.area})"
        return self.name


class House(Protocol):
    """A way to reach devices."""

    def devices(self) -> list[Device]:
        """All that are there, as they are now."""
        ...

    def apply(self, device: Device, wanted: State) -> bool:
        """Have the device become so; whether it said that it did."""
        ...


def words(text: str) -> list[str]:
    """The telling words, in small letters and in the singular."""
    found = re.findall(r"[^\W_]+", re.sub(r"['\u2019]s\b", "", text.casefold()))
    return [singular(word) for word in found if word not in FILLERS]


def meant(devices: Sequence[Device], said: str, kinds: Collection[str], here: str) -> list[Device]:
    """The devices that are meant: by name, by room, by sort; `here` is the room of who asks. Refuses none."""
    fit = [device for device in devices if device.kind in kinds]
    if not fit:
        raise Refusal("I know of no such device in this house.")
    wanted = words(said)
    area = area_in(devices, wanted)
    if area and sorted(words(area)) == sorted(wanted):
        return [device for device in fit if device.area == area] or by_name(fit, wanted) or none_there(fit, said)
    named = by_name(fit, wanted)
    if named:
        return named
    rest = [word for word in wanted if word not in words(area)] if area else wanted
    sorts = [kind for kind in kinds if set(rest) & set(KIND_WORDS.get(kind, "").split())]
    rest = [word for word in rest if not any(word in KIND_WORDS.get(kind, "").split() for kind in sorts)]
    among = [device for device in fit if (not sorts or device.kind in sorts) and (not area or device.area == area)]
    if rest:
        among = by_name(among, rest)
    elif not area and not set(re.findall(r"\w+", said.casefold())) & EVERYWHERE:
        among = near(among, said, here)
    return among or none_there(fit, said)


def none_there(devices: Sequence[Device], said: str) -> list[Device]:
    """Refuses, with a hint at what there is."""
    plain = re.sub(r"^(?:(?:on|off|the|my|our)\s+)+", "", said.strip(), flags=re.IGNORECASE)
    raise Refusal(f"I know of no {plain or 'such device'}.{those(devices)}")


def by_name(devices: Sequence[Device], wanted: Sequence[str]) -> list[Device]:
    """Those of exactly this name, else with all these words in name and room; none for no words."""
    if not wanted:
        return []
    exact = [device for device in devices if words(device.name) == list(wanted)]
    full = [device for device in devices if sorted(words(f"{device.area} {device.name}")) == sorted(wanted)]
    if exact or full:
        return exact or full
    return [device for device in devices if set(wanted) <= set(words(device.name))]


def area_in(devices: Sequence[Device], wanted: Sequence[str]) -> str:
    """The room that the words name; the longest name counts."""
    areas = {device.area for device in devices if device.area}
    named = [area for area in areas if words(area) and set(words(area)) <= set(wanted)]
    return max(named, key=len, default="")


def near(devices: Sequence[Device], said: str, here: str) -> list[Device]:
    """Of what was said without a room: all for a plural, else those in the room of who asks, else all."""
    plural = re.search(r"\ball\b|\bevery\b|\b\w+(?<!s)s\b", said.casefold())
    if plural:
        return list(devices)
    return [device for device in devices if device.area.casefold() == here.casefold()] or list(devices)


def only(devices: Sequence[Device], said: str) -> Device:
    """The only one; refuses several."""
    if len(devices) > 1:
        raise Refusal(f"Which one do you mean: {' or '.join(each.called for each in devices[:NAMED_AT_MOST])}?")
    return devices[0]


def those(devices: Sequence[Device]) -> str:
    """A hint at what there is."""
    return f" There is {spoken([device.called for device in devices[:NAMED_AT_MOST]])}." if devices else ""


def thing(device: Device) -> Thing:
    """The device as something that "it" may mean."""
    return Thing("device", device.name, device.id, within=device.area or None)

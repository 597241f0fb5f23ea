"""Ways from a server that speaks OSRM's protocol: its route and table services.

Source: https://project-osrm.org/docs/v5.24.0/api/.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from services.kit import Context, Refusal
from services.kit.place import Spot
from services.kit.web import Page
from services.kit.webfault import WebFault

Mode = Literal["car", "foot", "bike"]
PROFILES = {"car": "driving", "foot": "foot", "bike": "bike"}
KEPT = timedelta(hours=6)
AGAIN = timedelta(seconds=-1)
"""No copy is as young as that: an answer that made no sense is asked for again."""
SECONDS = 12.0
"""A server that takes longer is given up."""
NOWHERE = {"NoRoute", "NoTable", "NoSegment"}


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a way."""

    kind: str
    """OSRM's maneuver: depart, turn, roundabout, arrive …"""
    modifier: str
    """left, slight right, uturn …; empty where it has none."""
    street: str
    metres: float
    exit: int
    """Of a roundabout; 0 where it has none."""


@dataclass(frozen=True, slots=True)
class Way:
    """From one place to another."""

    seconds: float
    metres: float
    steps: tuple[Step, ...]
    note: str
    """A remark where it is an older answer."""


def route(ctx: Context, start: Spot, end: Spot, mode: Mode) -> Way:
    """The quickest way. Refuses where there is none; raises WebFault."""
    data, note = asked(
        ctx, "route", (start, end), mode, {"overview": "false", "steps": "true", "alternatives": "false"}
    )
    try:
        best = data["routes"][0]
        steps = tuple(step_of(row) for leg in best["legs"] for row in leg.get("steps", ()))
        return Way(float(best["duration"]), float(best["distance"]), steps, note)
    except (KeyError, IndexError, TypeError, ValueError):
        raise unreadable() from None


def durations(ctx: Context, start: Spot, ends: Sequence[Spot], mode: Mode) -> tuple[list[float | None], str]:
    """Seconds from one place to each of several; None where there is no way. Raises WebFault."""
    data, note = asked(ctx, "table", (start, *ends), mode, {"sources": "0", "annotations": "duration"})
    try:
        row = data["durations"][0][1:]
        if len(row) != len(ends):
            raise unreadable()
        return [None if seconds is None else float(seconds) for seconds in row], note
    except (KeyError, IndexError, TypeError, ValueError):
        raise unreadable() from None


def asked(
    ctx: Context, service: str, spots: Sequence[Spot], mode: Mode, options: dict[str, str]
) -> tuple[dict[str, Any], str]:
    """The server's answer, and a remark where it is an older one. Raises WebFault."""
    server = str(ctx.settings.get(f"{mode}_server") or "").rstrip("/")
    address = f"{server}/{service}/v1/{PROFILES[mode]}"
    points = ";".join(f"{spot.longitude:.5f},{spot.latitude:.5f}" for spot in spots)
    try:
        page = ctx.web.get(f"{address}/{points}", options, fresh_for=KEPT, seconds=SECONDS)
    except WebFault as fault:
        if fault.code == "rejected":  # OSRM says 400 where there is no road
            raise Refusal("I find no way between these places.") from None
        raise
    try:
        return checked(page), page.note
    except WebFault:
        page = ctx.web.get(f"{address}/{points}", options, fresh_for=AGAIN, seconds=SECONDS)
        return checked(page), page.note


def checked(page: Page) -> dict[str, Any]:
    """The answer, if it is of the protocol. Refuses where there is no way; raises WebFault."""
    data = page.json()
    if not isinstance(data, dict):
        raise unreadable()
    if data.get("code") in NOWHERE:
        raise Refusal("I find no way between these places.")
    if data.get("code") != "Ok":
        raise unreadable()
    return data


def step_of(row: Any) -> Step:
    """A turn as the server describes it."""
    maneuver = row["maneuver"]
    street = str(row.get("name") or row.get("ref") or "")
    exit_ = int(maneuver.get("exit") or 0)
    return Step(str(maneuver["type"]), str(maneuver.get("modifier") or ""), street, float(row["distance"]), exit_)


def unreadable() -> WebFault:
    """For an answer that is not of the protocol."""
    return WebFault("nonsense", "The route server answered with something that I can't read.")

"""Ways in words: how long, how far, and each turn."""

from __future__ import annotations

from datetime import timedelta

from services.kit.speech import spoken_duration
from services.routes.osrm import Step

BY = {"car": "by car", "foot": "on foot", "bike": "by bicycle"}
FEET, MILE = 0.3048, 1609.344
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
TURNS = {"uturn": "make a U-turn", "straight": "go straight on"}


def lasting(seconds: float) -> str:
    """25 minutes; at least one."""
    minutes = max(1, round(seconds / 60))
    return spoken_duration(timedelta(minutes=minutes))


def far(metres: float, units: str) -> str:
    """350 m, 12 km; 400 feet, 7.5 miles."""
    if units.strip().lower() == "imperial":
        miles = metres / MILE
        return f"{round(metres / FEET, -1):,.0f} feet" if miles < 0.2 else f"{short(miles)} miles"
    return f"{round(metres, -1):.0f} m" if metres < 1000 else f"{short(metres / 1000)} km"


def short(number: float) -> str:
    """One decimal below ten."""
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:,.0f}"


def turn(step: Step, units: str) -> str:
    """Turn left onto Mill Lane, 350 m"""
    onto = f" onto {step.street}" if step.street else ""
    along = f", {far(step.metres, units)}" if step.metres else ""
    if step.kind == "arrive":
        return "arrive" + (f" on {step.street}" if step.street else "")
    if step.kind == "depart":
        return f"start{f' on {step.street}' if step.street else ''}{along}"
    if step.kind in {"roundabout", "rotary"}:
        which = ORDINALS[step.exit] if 0 < step.exit < len(ORDINALS) else f"{step.exit}th" if step.exit else ""
        return f"at the roundabout take the {which} exit{onto}{along}".replace("the  exit", "your exit")
    if step.kind == "new name":
        return f"go on{onto}{along}"
    return f"{heading(step)}{onto}{along}"


def heading(step: Step) -> str:
    """Turn left; keep right; merge slightly left."""
    if step.modifier in TURNS:
        return TURNS[step.modifier]
    verb = {"fork": "keep", "merge": "merge", "on ramp": "take the ramp", "off ramp": "take the exit"}.get(
        step.kind, "turn"
    )
    way = step.modifier.replace("slight ", "slightly ").replace("sharp ", "sharply ")
    return f"{verb} {way}".strip()

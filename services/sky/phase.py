"""The moon's phases by name."""

from __future__ import annotations

from datetime import datetime

from services.kit.astronomy import elongation

PHASES = {0: "new moon", 90: "first quarter", 180: "full moon", 270: "last quarter"}
BETWEEN = {0: "a waxing crescent", 90: "waxing gibbous", 180: "waning gibbous", 270: "a waning crescent"}
AT = {0: "new", 90: "at first quarter", 180: "full", 270: "at last quarter"}
TARGETS = {"new": 0, "first quarter": 90, "full": 180, "last quarter": 270}


def phase_name(at: datetime, start: datetime, end: datetime) -> str:
    """Full, new or at a quarter where that falls between the two moments; else what the moon is at `at`."""
    first, last = elongation(start), elongation(end)
    for target, name in AT.items():
        if (target - first) % 360 < (last - first) % 360:
            return name
    return BETWEEN[int(elongation(at) // 90 * 90) % 360]

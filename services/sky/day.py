"""One day of the sun at a place: when it rises, stands highest and sets, and its twilights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.kit.astronomy import ASTRONOMICAL, CIVIL, NAUTICAL, RISE_SUN, seen, solar_noon, sun, sun_arc
from services.kit.recurrence import on_clock
from services.sky.view import View

GOLDEN = 6.0
"""Below this altitude the light is golden; photographers take it from there to the blue of -4 degrees."""
BLUE = -4.0
TWILIGHTS = {"civil": CIVIL, "nautical": NAUTICAL, "astronomical": ASTRONOMICAL}


@dataclass(frozen=True, slots=True)
class Arc:
    """The sun above an altitude: from when to when. None where it does not pass it."""

    start: datetime | None
    end: datetime | None
    above: bool
    """Whether it is higher than that at noon: with neither moment it is so all day."""

    @property
    def rows(self) -> dict[str, str | None]:
        """As data."""
        return {"start": stamp(self.start), "end": stamp(self.end)}


def stamp(at: datetime | None) -> str | None:
    """A moment to the minute, as data."""
    return None if at is None else at.isoformat(timespec="minutes")


def noon(view: View, day: date) -> datetime:
    """When the sun stands highest on that day."""
    midnight = on_clock(datetime.combine(day, datetime.min.time()), view.zone)
    return solar_noon(view.longitude, midnight).astimezone(view.zone)


def arc(view: View, highest: datetime, altitude: float = RISE_SUN) -> Arc:
    """When the sun passes an altitude before and after a noon."""
    up, down = sun_arc(view.place, highest, altitude)
    above = seen(sun, highest, *view.place).altitude > altitude
    return Arc(to_minute(up, view), to_minute(down, view), above)


def to_minute(at: datetime | None, view: View) -> datetime | None:
    """The nearest minute on the place's clock."""
    return None if at is None else minute(at, view)


def minute(at: datetime, view: View) -> datetime:
    """The nearest minute on the place's clock."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0).astimezone(view.zone)

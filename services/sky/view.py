"""From where the sky is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.kit import Context
from services.kit.moment import sensible_day
from services.kit.place import home_place, locate


@dataclass(frozen=True, slots=True)
class View:
    """A place, its clock and what time it is there."""

    name: str
    latitude: float
    longitude: float
    now: datetime
    away: bool
    """Its clock is not the person's."""

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        zone = self.now.tzinfo
        assert isinstance(zone, ZoneInfo)
        return zone

    @property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude

    @property
    def local(self) -> str:
        """A remark where the times are not those of the person's own clock."""
        return " (local time)" if self.away else ""

    def day(self, day: date | None) -> date:
        """The day that is meant: today at the place if none was said."""
        return sensible_day(day or self.now.date())

    @property
    def data(self) -> dict[str, object]:
        """As data."""
        return {"place": self.name, "latitude": self.latitude, "longitude": self.longitude, "zone": str(self.zone)}


def view(ctx: Context, place: str | None) -> View:
    """From the place that was named, else the one that is set, else the main city of the person's zone."""
    named = bool(place and place.strip())
    spot = locate(ctx, place or "") if named else home_place(ctx)
    zone = ZoneInfo(spot.zone) if named else ctx.zone
    now = ctx.now.astimezone(zone)
    return View(spot.name, spot.latitude, spot.longitude, now, now.utcoffset() != ctx.now.utcoffset())

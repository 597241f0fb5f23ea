"""Places by name or position from a server that speaks Nominatim's protocol (https://nominatim.org/release-docs/latest/api/).

Must stay true: at most one request a second goes to the public server, as its policy asks; answers are kept
for a month.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.kit import Context
from services.kit.webfault import WebFault

PUBLIC = "nominatim.openstreetmap.org"
BETWEEN_S = 1.0
"""Between two requests: https://operations.osmfoundation.org/policies/nominatim/."""
KEPT = timedelta(days=30)
AGAIN = timedelta(seconds=-1)
"""No copy is as young as that: an answer that made no sense is asked for again."""
SECONDS = 12.0
"""A server that takes longer is given up."""
MOST_FOUND = 10
NEARBY_DEGREES = 0.1
"""Half the side of the box that is searched around a place: some ten kilometres."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something on the map."""

    name: str
    latitude: float
    longitude: float
    address: str
    """In one line, the name included."""
    kind: str
    """What it is, in OpenStreetMap's word: city, pharmacy, house."""
    country_code: str
    """ISO 3166, two capitals; empty at sea."""
    saved: bool = False
    """The member's own."""

    @property
    def row(self) -> dict[str, Any]:
        """As data."""
        return {
            "name": self.name,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "address": self.address,
            "kind": self.kind,
            "country_code": self.country_code,
            "saved": self.saved,
        }


class Pace:
    """When the public server was last asked, in this process."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def wait(self) -> None:
        """Until a second has passed since."""
        left = self._last + BETWEEN_S - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._last = time.monotonic()


pace = Pace()


def search(ctx: Context, query: str, around: tuple[float, float] | None = None) -> list[Place]:
    """Places of that name, the likeliest first; around a position only those in the box about it. Raises WebFault."""
    asked: dict[str, str | int] = {"q": query, "limit": MOST_FOUND, "addressdetails": 1}
    if around is not None:
        north, east = around
        box = (east - NEARBY_DEGREES, north + NEARBY_DEGREES, east + NEARBY_DEGREES, north - NEARBY_DEGREES)
        asked |= {"viewbox": ",".join(f"{side:.4f}" for side in box), "bounded": 1}
    found = fetched(ctx, "search", asked)
    if not isinstance(found, list):
        raise unreadable()
    return [place_of(row) for row in found]


def reverse(ctx: Context, latitude: float, longitude: float) -> Place | None:
    """What is at a position; None where there is nothing, as at sea. Raises WebFault."""
    position: dict[str, str | int] = {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}", "addressdetails": 1}
    found = fetched(ctx, "reverse", position)
    if not isinstance(found, Mapping):
        raise unreadable()
    return None if "error" in found else place_of(found)


def fetched(ctx: Context, path: str, asked: Mapping[str, str | int]) -> Any:
    """The server's answer. Raises WebFault."""
    server = str(ctx.settings.get("server") or "").rstrip("/")
    language = str(ctx.settings.get("language") or "en")
    params = {**asked, "format": "jsonv2", "accept-language": language}
    if PUBLIC in server:
        pace.wait()
    page = ctx.web.get(f"{server}/{path}", params, fresh_for=KEPT, seconds=SECONDS)
    try:
        return page.json()
    except WebFault:  # not kept for a month
        return ctx.web.get(f"{server}/{path}", params, fresh_for=AGAIN, seconds=SECONDS).json()


def place_of(row: Any) -> Place:
    """A place as the server describes it. Raises WebFault."""
    try:
        address = row.get("address") or {}
        line = str(row["display_name"])
        name = str(row.get("name") or line.split(",", maxsplit=1)[0])
        code = str(address.get("country_code") or "").upper()
        kind = str(row.get("type") or row.get("category") or "place").replace("_", " ")
        return Place(name, float(row["lat"]), float(row["lon"]), line, kind, code)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise unreadable() from None


def unreadable() -> WebFault:
    """For an answer that is not of the protocol."""
    return WebFault("nonsense", "The map server answered with something that I can't read.")

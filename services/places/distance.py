"""How far one place is from another, as one says it."""

from __future__ import annotations

from services.kit.place import Spot
from services.places.nominatim import Place


def spot_of(place: Place) -> Spot:
    """As the kit reckons with it; its zone is not needed for that."""
    return Spot(place.name, place.latitude, place.longitude, "", place.country_code)


def said_distance(km: float) -> str:
    """350 m; 1.4 km; 392 km."""
    if km < 1:
        return f"{round(km * 1000, -1):.0f} m"
    return f"{km:.1f} km" if km < 10 else f"{km:,.0f} km"

"""Around the places service: a small map behind Nominatim's protocol (search and reverse, jsonv2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.services.website import Website, website

MAP = (
    ("Louvre", "museum", 48.8606, 2.3376, "Louvre, Rue de Rivoli, 75001 Paris, France", "fr"),
    ("Pharmacie du Palais", "pharmacy", 48.8628, 2.3376, "Pharmacie du Palais, Paris, France", "fr"),
    ("Pharmacie Rivoli", "pharmacy", 48.8570, 2.3500, "Pharmacie Rivoli, Paris, France", "fr"),
    ("Mill Lane", "house", 52.2019, 0.1170, "4 Mill Lane, Cambridge, United Kingdom", "gb"),
    ("Springfield", "town", 39.7990, -89.6440, "Springfield, Illinois, United States", "us"),
    ("Springfield", "town", 42.1015, -72.5898, "Springfield, Massachusetts, United States", "us"),
)
"""Name, kind, latitude, longitude, address, country."""


def row(place: tuple[str, str, float, float, str, str]) -> dict[str, Any]:
    """As Nominatim describes it."""
    name, kind, latitude, longitude, address, country = place
    return {
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0. https://osm.org/copyright",
        "lat": f"{latitude:.7f}",
        "lon": f"{longitude:.7f}",
        "category": "amenity",
        "type": kind,
        "name": name,
        "display_name": address,
        "address": {"country_code": country},
    }


def found(asked: dict[str, str]) -> list[dict[str, Any]]:
    """What is called so, or is of that kind, within the box if there is one."""
    query = asked["q"].lower().removeprefix("the ")
    there = [one for one in MAP if query in one[4].lower() or query == one[1]]
    if asked.get("bounded") == "1":
        west, north, east, south = map(float, asked["viewbox"].split(","))
        there = [one for one in there if south <= one[2] <= north and west <= one[3] <= east]
    return [row(one) for one in there[: int(asked["limit"])]]


def at(asked: dict[str, str]) -> dict[str, Any]:
    """What is within some hundred metres."""
    latitude, longitude = float(asked["lat"]), float(asked["lon"])
    near = [one for one in MAP if abs(one[2] - latitude) < 0.005 and abs(one[3] - longitude) < 0.005]
    return row(near[0]) if near else {"error": "Unable to geocode"}


def answer(handler: BaseHTTPRequestHandler) -> None:
    """One request."""
    parts = urlsplit(handler.path)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    body = json.dumps(found(asked) if parts.path == "/search" else at(asked)).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def furnish(site: Website) -> None:
    """Put the map on a site."""
    site.pages |= {"/search": answer, "/reverse": answer}


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The map server."""
    with website() as site:
        furnish(site)
        yield {"server": site.url()}

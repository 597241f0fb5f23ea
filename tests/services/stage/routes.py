"""Around the routes service: a server of OSRM's protocol whose roads are straight, with one bend half-way."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.services.website import Website, website

METRES_A_SECOND = {"driving": 25.0, "foot": 1.25, "bike": 4.0}
METRES_A_DEGREE = 111_195.0
Point = tuple[float, float]


def metres(start: Point, end: Point) -> float:
    """Between two points (longitude, latitude) that are not too far apart."""
    east = (end[0] - start[0]) * math.cos(math.radians((start[1] + end[1]) / 2))
    return math.hypot(east, end[1] - start[1]) * METRES_A_DEGREE


def route(points: list[Point], speed: float) -> dict[str, Any]:
    """The answer of the route service."""
    far = metres(*points)
    half = {"distance": far / 2, "duration": far / 2 / speed, "mode": "driving"}
    steps = [
        {**half, "name": "High Street", "maneuver": {"type": "depart", "location": points[0]}},
        {**half, "name": "Mill Lane", "maneuver": {"type": "turn", "modifier": "left", "location": points[0]}},
        {"distance": 0, "duration": 0, "name": "Mill Lane", "maneuver": {"type": "arrive", "location": points[1]}},
    ]
    leg = {"distance": far, "duration": far / speed, "summary": "", "steps": steps}
    return {"code": "Ok", "routes": [{**leg, "legs": [leg], "weight": 1.0}], "waypoints": []}


def table(points: list[Point], speed: float) -> dict[str, Any]:
    """The answer of the table service, from the first point."""
    return {"code": "Ok", "durations": [[metres(points[0], end) / speed for end in points]]}


def answer(handler: BaseHTTPRequestHandler) -> None:
    """One request: /route/v1/driving/2.35,48.86;-0.13,51.51?steps=true"""
    parts = urlsplit(handler.path)
    _, service, version, profile, coordinates = parts.path.split("/")
    assert version == "v1"
    assert parse_qs(parts.query)
    points = [(float(one.split(",")[0]), float(one.split(",")[1])) for one in coordinates.split(";")]
    body = json.dumps((route if service == "route" else table)(points, METRES_A_SECOND[profile])).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json; charset=UTF-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Roads(dict[str, Any]):
    """Every path that is not taken otherwise is a question for the roads."""

    def get(self, path: str, default: Any = None) -> Any:
        """The answer to a path."""
        return super().get(path, answer if path.startswith(("/route/", "/table/")) else default)


def furnish(site: Website) -> None:
    """Put the roads on a site."""
    site.pages = Roads()


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """One server for all ways to move."""
    with website() as site:
        furnish(site)
        yield {f"{mode}_server": site.url() for mode in ("car", "foot", "bike")}

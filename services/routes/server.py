"""The way between two places, by car, on foot or by bicycle, from OpenStreetMap's roads through OSRM's protocol.

Traffic, buses and trains are not known. Places are found offline where they are large, else by the places service.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.moment import to_come
from services.kit.place import Spot, home_place, locate, spot_of
from services.kit.speech import spoken, spoken_moment
from services.routes.osrm import Mode, Way, durations, route
from services.routes.saying import BY, far, lasting, turn

service = Service(__file__)

Place = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra={"x-fill": "place"})]
To = Annotated[Place, Field(description="To which place or address")]
From = Annotated[Place | None, Field(description="From which place or address; home if not said")]
By = Annotated[Mode, Field(description="By car, on foot (walking) or by bike (cycling)")]
HERE = {"home", "here", "my place"}
TOLD_STEPS = 25
LED = re.compile(r"^[^:]{1,60}:\s+|^(?:of|to)\s+", re.IGNORECASE)
"""What requests say before the first of several places."""


@service.tool(
    "read",
    examples=[
        "how long does it take to drive to Lyon?",
        "how far is it to the airport by car?",
        "how long is the walk from the station to the museum?",
        "driving time from Hamburg to Munich",
        "how many kilometres is it by bike to Potsdam?",
        "can I walk to the harbour in half an hour?",
        "travel time to work",
        "how long would I cycle from Delft to Leiden?",
        "distance by road between Porto and Lisbon",
        "is it far to drive to the zoo?",
        "how far is it from Ghent to Calais by car?",
    ],
)
def route_(ctx: Context, destination: To, origin: From = None, by: By = "car") -> Reply:
    """Say how long it takes and how far it is to get from one place to another: driving, walking or cycling."""
    start, end = ends(ctx, origin, destination)
    way = route(ctx, start, end, by)
    text = f"From {start.name} to {end.name} it is {lasting(way.seconds)} {BY[by]}, {far(way.metres, units(ctx))}"
    return Reply(f"{text}{way.note}.", data(start, end, by, way), things(end))


@service.tool(
    "read",
    examples=[
        "directions to the botanical garden",
        "how do I get from Oxford to Bath?",
        "give me turn by turn directions to 5 Mill Lane",
        "which way do I walk from the Louvre to Notre-Dame?",
        "explain the way to the stadium",
        "navigate to the hospital",
        "cycling directions from Ghent to Bruges",
        "what's the route to grandma's?",
        "how do we drive to the lake?",
    ],
)
def directions(ctx: Context, destination: To, origin: From = None, by: By = "car") -> Reply:
    """Give turn-by-turn directions from one place to another: which streets to take."""
    start, end = ends(ctx, origin, destination)
    way = route(ctx, start, end, by)
    said = [turn(step, units(ctx)) for step in way.steps]
    more = f"; and {len(said) - TOLD_STEPS} more turns" if len(said) > TOLD_STEPS else ""
    head = f"To {end.name} {BY[by]}, {lasting(way.seconds)}, {far(way.metres, units(ctx))}"
    text = f"{head}: {'; '.join(said[:TOLD_STEPS])}{more}{way.note}."
    return Reply(text, {**data(start, end, by, way), "steps": said}, things(end))


@service.tool(
    "read",
    examples=[
        "when do I have to leave to be at the airport by 9?",
        "what time must we set off for Lyon to arrive at noon?",
        "when should I start cycling to be at work at 8:30?",
        "I need to be in Bath at 3 pm, when do I go?",
        "latest time to drive off so that I reach the station at 17:15",
        "at what time do I leave for the theatre to be there by seven?",
        "how late can I leave to get to Utrecht for 10 o'clock?",
        "when to head out on foot to be at school at 8",
    ],
)
def leave(
    ctx: Context,
    destination: To,
    at: Annotated[datetime, Field(description="When to be there")],
    origin: From = None,
    by: By = "car",
) -> Reply:
    """Say when to leave in order to be at a place at a given time."""
    arrive = to_come(ctx, at)
    start, end = ends(ctx, origin, destination)
    way = route(ctx, start, end, by)
    off = (arrive - timedelta(seconds=way.seconds)).replace(second=0, microsecond=0)
    late = " That has already passed." if off <= ctx.now else ""
    text = f"Leave {start.name} {spoken_moment(off, ctx.now)}: it is {lasting(way.seconds)} {BY[by]} to {end.name}"
    found = {**data(start, end, by, way), "leave": off.isoformat(), "arrive": arrive.isoformat()}
    return Reply(f"{text}{way.note}.{late}", found, things(end))


@service.tool(
    "read",
    examples=[
        "which is quicker to drive to: Ghent, Bruges or Antwerp?",
        "which of Lyon, Dijon and Tours is nearest by car?",
        "compare the drive to Bath and to Bristol",
        "what's closer on foot, the zoo or the aquarium?",
        "driving times to Rome, Naples and Florence",
        "is it shorter to cycle to Delft or Leiden?",
        "rank these by travel time: Graz, Linz, Salzburg",
        "which airport do I reach fastest, Luton or Stansted?",
    ],
)
def compare(
    ctx: Context,
    destinations: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]],
        Field(description="The places to compare", min_length=1, max_length=10, json_schema_extra={"x-kind": "place"}),
    ],
    by: By = "car",
) -> Reply:
    """Compare how long it takes from home to several places, the quickest first."""
    said = [LED.sub("", name) for name in destinations]
    named = [part.strip() for name in said for part in re.split(r" or | and ", name) if part.strip()]
    start = home(ctx)
    spots = [found(ctx, name) for name in named]
    seconds, note = durations(ctx, start, spots, by)
    timed = sorted(((one, spot) for one, spot in zip(seconds, spots, strict=True) if one is not None), key=first)
    if not timed:
        raise Refusal(f"I find no way from {start.name} to any of these.")
    listed = spoken([f"{spot.name} {lasting(one)}" for one, spot in timed])
    gone = [spot.name for one, spot in zip(seconds, spots, strict=True) if one is None]
    missing = f" I find no way to {spoken(gone)}." if gone else ""
    rows = [{"name": spot.name, "minutes": round(one / 60)} for one, spot in timed]
    text = f"From {start.name} {BY[by]}: {listed}{note}.{missing}"
    return Reply(text, {"origin": start.name, "by": by, "destinations": rows}, things(*(spot for _, spot in timed)))


def first(pair: tuple[float, Spot]) -> float:
    """What is sorted by."""
    return pair[0]


def ends(ctx: Context, origin: str | None, destination: str) -> tuple[Spot, Spot]:
    """Both places. Refuses what is not found, and the same place twice."""
    start = home(ctx) if origin is None else found(ctx, origin)
    end = found(ctx, destination)
    if (start.latitude, start.longitude) == (end.latitude, end.longitude):
        raise Refusal(f"You would start and arrive in {end.name}; name another place.")
    return start, end


def found(ctx: Context, said: str) -> Spot:
    """The place that is meant; the member's own home where that is saved."""
    return home(ctx) if said.strip().lower() in HERE else locate(ctx, said)


def home(ctx: Context) -> Spot:
    """Where the member starts from: as set here, else the saved home, else the main city of the time zone."""
    if not str(ctx.settings.get("place") or "").strip() and ctx.asking is not None:
        try:
            rows = ctx.ask("places_find", {"query": "home"}).data.get("places")
        except Refusal:
            rows = None
        if isinstance(rows, list) and rows:
            return spot_of(rows[0], "home")
    return home_place(ctx)


def units(ctx: Context) -> str:
    """metric or imperial"""
    return str(ctx.settings.get("units") or "metric")


def data(start: Spot, end: Spot, by: str, way: Way) -> dict[str, object]:
    """The way as data."""
    return {
        "origin": {"name": start.name, "latitude": start.latitude, "longitude": start.longitude},
        "destination": {"name": end.name, "latitude": end.latitude, "longitude": end.longitude},
        "by": by,
        "minutes": round(way.seconds / 60),
        "km": round(way.metres / 1000, 2),
    }


def things(*spots: Spot) -> list[Thing]:
    """What "there" may mean next."""
    return [Thing("place", spot.name) for spot in spots]


if __name__ == "__main__":
    service.run()

"""Places on the map: found by name, by position and near each other; and each member's own, kept under a name.

The map is OpenStreetMap's (© OpenStreetMap contributors, ODbL), asked through Nominatim's protocol.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.place import at_coordinates, distance_km, home_place, known_place
from services.kit.speech import counted, spoken
from services.kit.webfault import WebFault
from services.places import saved
from services.places.distance import said_distance, spot_of
from services.places.nominatim import Place, reverse, search

service = Service(__file__, tables=saved.TABLES)

Query = Annotated[str, Field(min_length=1, max_length=200)]
Where = Annotated[Query, Field(json_schema_extra={"x-fill": "place"})]
PAIR = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?\s*[,; ]\s*[+-]?\d{1,3}(?:\.\d+)?")
ABOUT = re.compile(r"\s+(?:near(?:by| me| here| us)|(?:around|close to|round) (?:here|me|us)|close by)$", re.IGNORECASE)
"""What follows the kind of place where it is near the person."""
TOLD = 3
NEAR_ENOUGH = 10


@service.tool(
    "read",
    examples=[
        "where is Trafalgar Square?",
        "where is the Eiffel Tower?",
        "find the address of the Louvre",
        "what's the address of 10 Downing Street?",
        "look up Heidelberg Castle on the map",
        "where does Bondi Beach lie?",
        "in which country is Timbuktu?",
        "show me Lake Como on the map",
        "coordinates of Mount Fuji",
        "locate the Brandenburg Gate",
        "find Rue de Rivoli 99",
        "what's the postcode of the town hall in Graz?",
    ],
)
def find(
    ctx: Context,
    query: Annotated[Where, Field(description="A place or address, such as Louvre or 10 Downing Street, London")],
) -> Reply:
    """Find a place or an address by its name: where it is, its full address and its coordinates."""
    found = found_places(ctx, query)
    if not found:
        raise Refusal(f"I find no place called {query.strip()!r}.")
    first = found[0]
    others = f" {counted(len(found) - 1, 'other place')} of that name." if len(found) > 1 else ""
    text = f"{first.name}: {first.address} ({first.latitude:.4f}, {first.longitude:.4f}).{others}"
    return reply(text, found)


@service.tool(
    "read",
    examples=[
        "what address is at 48.8584, 2.2945?",
        "which street is at 51.5, -0.12?",
        "what is at the coordinates 40.6892, -74.0445?",
        "reverse geocode 35.6586, 139.7454",
        "where am I if my position is 52.52, 13.405?",
        "address of this position: -33.8568, 151.2153",
        "look up the point 41.9029, 12.4534",
        "which town lies at 47.37, 8.54?",
    ],
)
def reverse_(
    ctx: Context,
    position: Annotated[
        Query,
        Field(
            description="Latitude and longitude in degrees, such as 48.8584, 2.2945",
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
) -> Reply:
    """Say what address is at a position that is given as latitude and longitude."""
    pair = PAIR.search(position)
    spot = at_coordinates(pair[0]) if pair else None
    if spot is None:
        raise Refusal("Give latitude and longitude in degrees, such as 48.8584, 2.2945.")
    found = reverse(ctx, spot.latitude, spot.longitude)
    if found is None:
        raise Refusal("There is no address at that position.")
    return reply(f"{found.address}.", [found])


@service.tool(
    "read",
    examples=[
        "find a pharmacy near Gare de Lyon",
        "is there a supermarket nearby?",
        "where's the nearest petrol station?",
        "restaurants around the Colosseum",
        "closest cash machine",
        "which playgrounds are there in the neighbourhood?",
        "a bakery close to work",
        "hospitals near Leeds",
        "look for a bike shop around here",
        "any cafés by the Rialto bridge?",
    ],
)
def nearby(
    ctx: Context,
    what: Annotated[
        Query,
        Field(description="What kind of place, such as pharmacy or supermarket", json_schema_extra={"x-fill": "rest"}),
    ],
    place: Annotated[Where | None, Field(description="Near which place; home if not said")] = None,
) -> Reply:
    """Find places of a kind near somewhere, the nearest first: a pharmacy, a supermarket, a station."""
    centre = one_place(ctx, place) if place else home(ctx)
    here = spot_of(centre)
    kind = ABOUT.sub("", what.strip())
    found = search(ctx, kind, (centre.latitude, centre.longitude))
    if not found:
        raise Refusal(f"I find no {kind} near {centre.name}.")
    near = sorted(((distance_km(here, one.latitude, one.longitude), one) for one in found), key=lambda pair: pair[0])
    said = [f"{one.name}, {said_distance(km)}" for km, one in near[:TOLD]]
    rows = [{**one.row, "distance_km": round(km, 3)} for km, one in near[:NEAR_ENOUGH]]
    things = [Thing("place", one.name) for _, one in near[:TOLD]]
    return Reply(f"Near {centre.name}: {spoken(said)}.", {"near": centre.row, "places": rows}, things)


@service.tool(
    "read",
    examples=[
        "how far is Lyon from Paris as the crow flies?",
        "straight-line distance between London and New York",
        "what's the distance from here to Rome in a straight line?",
        "how many kilometres are there between Oslo and Bergen by air?",
        "air distance from Tokyo to Sydney",
        "how far away is Timbuktu?",
        "distance as the crow flies from home to work",
        "how far apart are Berlin and Warsaw?",
    ],
)
def distance(
    ctx: Context,
    destination: Annotated[Where, Field(description="To which place")],
    origin: Annotated[Where | None, Field(description="From which place; home if not said")] = None,
) -> Reply:
    """Give the distance between two places in a straight line, as the crow flies; no roads."""
    start = one_place(ctx, origin) if origin else home(ctx)
    end = one_place(ctx, destination)
    km = distance_km(spot_of(start), end.latitude, end.longitude)
    text = f"{end.name} is {said_distance(km)} from {start.name} in a straight line."
    return Reply(text, {"distance_km": round(km, 3), "origin": start.row, "destination": end.row})


@service.tool(
    "reversible",
    examples=[
        "save 12 High Street, Oxford as home",
        "my work is at 99 Rue de Rivoli, Paris",
        "remember the place Lindenstrasse 4 Berlin as grandma's",
        "I live at 5 Mill Lane, Cambridge",
        "keep Riverside Park as jogging place",
        "store the address of the school: 8 Park Road, Leeds",
        "set my home to Via Roma 3, Turin",
        "bookmark the place Café Central as favourite café",
    ],
)
def save(
    ctx: Context,
    name: Annotated[Query, Field(description="What the person calls it, such as home, work or grandma's")],
    place: Annotated[Where, Field(description="The address, or latitude and longitude")],
) -> Reply:
    """Save a place of the person's own under a name: home, work, grandma's. Changes it if the name is taken."""
    called = saved.plain_name(name)
    if not called:
        raise Refusal("What shall I call that place?")
    found = one_place(ctx, place)
    values = (found.latitude, found.longitude, found.address, found.country_code)
    known = saved.row_of(ctx, called)
    if known is None:
        sql = "INSERT INTO place(latitude, longitude, address, country_code, member, name) VALUES(?,?,?,?,?,?)"
    else:
        sql = (
            "UPDATE place SET latitude=?, longitude=?, address=?, country_code=?"
            " WHERE member=? AND name=? COLLATE NOCASE"
        )
    ctx.db.execute(sql, (*values, ctx.member, called))
    row = saved.required(ctx, called)
    return Reply(f"Saved as {row['name']}: {found.address}.", saved.place(row).row, [saved.thing(row)])


@service.tool(
    "read",
    examples=[
        "which places have I saved?",
        "list my saved places",
        "what addresses do you keep for me?",
        "show my own places",
        "what's my home address?",
        "which of my places do you know?",
        "where do you think I live and work?",
        "my bookmarked places please",
    ],
)
def list_(ctx: Context) -> Reply:
    """List the places that the person has saved, with their addresses."""
    found = saved.rows(ctx)
    if not found:
        return Reply("You have saved no places yet.", {"places": []})
    said = "; ".join(f"{row['name']}: {row['address']}" for row in found)
    data = {"places": [saved.place(row).row for row in found]}
    return Reply(f"{counted(len(found), 'place')}. {said}.", data, [saved.thing(row) for row in found])


@service.tool(
    "reversible",
    examples=[
        "forget my saved place work",
        "delete the place grandma's",
        "I don't live there any more, forget home",
        "remove the saved address of the school",
        "take jogging place off my places",
        "drop the favourite café from my saved places",
        "unsave the place gym",
        "you needn't keep the address of the office",
    ],
)
def forget(
    ctx: Context,
    name: Annotated[Query, Field(description="What the person calls it", json_schema_extra={"x-kind": "place"})],
) -> Reply:
    """Forget a place that the person had saved."""
    row = saved.required(ctx, name)
    ctx.db.execute("DELETE FROM place WHERE id=?", (row["id"],))
    return Reply(f"Forgot the place {row['name']}.", saved.place(row).row)


def found_places(ctx: Context, said: str) -> list[Place]:
    """The member's own of that name, else what is at the coordinates, else what the map has."""
    own = saved.own(ctx, said)
    if own is not None:
        return [own]
    spot = at_coordinates(said.strip())
    if spot is not None:
        there = reverse(ctx, spot.latitude, spot.longitude)
        return [there] if there else [Place(spot.name, spot.latitude, spot.longitude, spot.name, "point", "")]
    try:
        return search(ctx, said.strip())
    except WebFault as fault:
        text = f"I can't look up {said.strip()!r} on the map now: {fault}"
        raise WebFault(fault.code, text, fault.status, fault.retry_after) from fault


def one_place(ctx: Context, said: str) -> Place:
    """The likeliest place; large cities without asking the map. Refuses what is not found."""
    own = saved.own(ctx, said) if said.strip().lower() not in {"home", "here"} else None
    if own is not None:
        return own
    if said.strip().lower() in {"home", "here"}:
        return home(ctx)
    city = known_place(said.strip())
    if city is not None:
        return Place(city.name, city.latitude, city.longitude, city.name, "city", city.country)
    found = found_places(ctx, said)
    if not found:
        raise Refusal(f"I find no place called {said.strip()!r}.")
    return found[0]


def home(ctx: Context) -> Place:
    """The member's home, else the town that is set, else the main city of the time zone."""
    row = saved.row_of(ctx, "home")
    if row is not None:
        return saved.place(row)
    spot = home_place(ctx)
    return Place(spot.name, spot.latitude, spot.longitude, spot.name, "city", spot.country)


def reply(text: str, found: list[Place]) -> Reply:
    """The answer with the places as data."""
    things = [Thing("place", one.name) for one in found[:1]]
    return Reply(text, {"places": [one.row for one in found]}, things)


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """The member's own places."""
    return {"place": [row["name"] for row in saved.rows(ctx)]}


if __name__ == "__main__":
    service.run()

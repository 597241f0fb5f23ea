"""The sun and the moon: when they rise and set, twilight, phases, seasons, and where they stand. All of it is reckoned.

Heights and mountains around a place are not known; times are those of a flat horizon at sea level.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Annotated, Literal

from pydantic import Field

from services.kit import Context, Reply, Service
from services.kit.astronomy import illumination, moon, moon_crossings, phases, seen, sun
from services.kit.moment import capital, moment, sensible_year
from services.kit.recurrence import on_clock
from services.kit.speech import spoken, spoken_date, spoken_day, spoken_duration, spoken_moment, spoken_time
from services.sky.day import BLUE, GOLDEN, TWILIGHTS, Arc, arc, minute, noon, stamp
from services.sky.phase import PHASES, TARGETS, phase_name
from services.sky.season import NAMES, season
from services.sky.view import View, view

service = Service(__file__)

Place = Annotated[
    str | None,
    Field(
        description="City, or latitude and longitude; empty for home",
        max_length=100,
        json_schema_extra={"x-fill": "place"},
    ),
]
Day = Annotated[date | None, Field(description="The day; today if not said")]
WINDS = "north, north-east, east, south-east, south, south-west, west, north-west".split(", ")


@service.tool(
    "read",
    examples=[
        "when does the sun rise tomorrow?",
        "what time is sunset today?",
        "sunrise in Oslo on 21 June",
        "when will the sun go down this evening?",
        "how long is the day today?",
        "how long will the day be on Sunday?",
        "how many hours of daylight are there on 1 December?",
        "when is the sun at its highest today?",
        "sunset time in Cape Town",
        "at what time does the sun come up on Saturday?",
        "is the sun still up in Reykjavik at midsummer?",
        "when is solar noon in Madrid?",
        "day length in Helsinki on 3 January",
    ],
)
def sun_(ctx: Context, day: Day = None, place: Place = None) -> Reply:
    """Say when the sun rises, stands highest and sets on a day, and how long the day is."""
    here = view(ctx, place)
    on = here.day(day)
    highest = noon(here, on)
    up = arc(here, highest)
    middle = minute(highest, here)
    lasts = length(up)
    text = f"{opening(here, on)} {sun_said(up, on)}. It is highest at {spoken_time(middle)}{here.local}."
    data = {
        **here.data,
        "day": on.isoformat(),
        "rise": stamp(up.start),
        "noon": stamp(middle),
        "set": stamp(up.end),
        "highest_degrees": round(seen(sun, highest, *here.place).altitude, 1),
        "day_length_minutes": lasts // timedelta(minutes=1),
    }
    return Reply(text, data)


@service.tool(
    "read",
    examples=[
        "when does it get dark tonight?",
        "when is golden hour this evening?",
        "what time is dawn tomorrow?",
        "until when is there light enough to be outside on Friday?",
        "civil twilight in Edinburgh",
        "when does dusk begin?",
        "astronomical twilight on 12 August",
        "blue hour in Venice tomorrow",
        "when is it fully dark for stargazing?",
        "when does it get light in the morning?",
        "how long is twilight in Stockholm in June?",
        "good light for photos today, when?",
    ],
)
def twilight(ctx: Context, day: Day = None, place: Place = None) -> Reply:
    """Say when it gets light and dark: civil, nautical and astronomical twilight, the golden and the blue hour."""
    here = view(ctx, place)
    on = here.day(day)
    highest = noon(here, on)
    arcs = {name: arc(here, highest, altitude) for name, altitude in TWILIGHTS.items()}
    golden, blue, up = (arc(here, highest, altitude) for altitude in (GOLDEN, BLUE, -0.8333))
    said = [
        dawn_and_dusk("It is light", arcs["civil"], "it does not get dark at all", "it does not get light at all"),
        dawn_and_dusk(
            "The sky is not fully dark", arcs["astronomical"], "it is never fully dark", "it is fully dark all day"
        ),
    ]
    if golden.end and blue.end:
        said.append(f"the golden hour is from {clock(golden.end)} to {clock(blue.end)}")
    text = f"{opening(here, on)} {'; '.join(one[:1].lower() + one[1:] for one in said)}{here.local}."
    data = {
        **here.data,
        "day": on.isoformat(),
        **{name: {"dawn": stamp(one.start), "dusk": stamp(one.end)} for name, one in arcs.items()},
        "sun": up.rows,
        "golden_morning": {"start": stamp(blue.start), "end": stamp(golden.start)},
        "golden_evening": {"start": stamp(golden.end), "end": stamp(blue.end)},
        "blue_morning": {"start": stamp(arcs["civil"].start), "end": stamp(blue.start)},
        "blue_evening": {"start": stamp(blue.end), "end": stamp(arcs["civil"].end)},
    }
    return Reply(text, data)


@service.tool(
    "read",
    examples=[
        "what's the phase of the moon?",
        "when does the moon rise tonight?",
        "is it a full moon today?",
        "how full is the moon on 24 December?",
        "moonset tomorrow in Cairo",
        "will the moon be up on Saturday?",
        "is the moon waxing or waning?",
        "how much of the moon is lit now?",
        "what does the moon look like this evening?",
        "moonrise on 15 May",
    ],
)
def moon_(ctx: Context, day: Day = None, place: Place = None) -> Reply:
    """Say the moon's phase on a day, how much of it is lit, and when it rises and sets."""
    here = view(ctx, place)
    on = here.day(day)
    midnight = on_clock(datetime.combine(on, datetime.min.time()), here.zone)
    following = on_clock(datetime.combine(on + timedelta(days=1), datetime.min.time()), here.zone)
    at = here.now if on == here.now.date() else midnight + timedelta(hours=21)
    passed = moon_crossings(here.place, midnight, following)
    rise = next((minute(one.at, here) for one in passed if one.rising), None)
    down = next((minute(one.at, here) for one in passed if not one.rising), None)
    lit, name = illumination(at), phase_name(at, midnight, following)
    moves = [f"it rises at {clock(rise)}"] if rise else []
    moves += [f"it sets at {clock(down)}"] if down else []
    if rise and down and down < rise:
        moves.reverse()
    if not moves:
        moves = ["it is up all day" if seen(moon, at, *here.place).altitude > 0 else "it does not rise"]
    text = f"{capital(spoken_day(on, here.now))} the moon is {name}, {lit:.0%} lit; in {here.name} {spoken(moves)}"
    data = {**here.data, "day": on.isoformat(), "phase": name, "illumination": round(lit, 3)}
    return Reply(f"{text}{here.local}.", {**data, "rise": stamp(rise), "set": stamp(down)})


@service.tool(
    "read",
    examples=[
        "when is the next full moon?",
        "when's the next new moon?",
        "date of the next first quarter",
        "how long until the moon is full?",
        "next three full moons",
        "when will there be a full moon after 1 October?",
        "when does the last quarter come?",
        "on which night is the moon full this month?",
        "give me the coming new moons",
    ],
)
def next_moon(
    ctx: Context,
    phase: Annotated[
        Literal["new", "first quarter", "full", "last quarter"], Field(description="Which phase of the moon")
    ] = "full",
    after: Annotated[date | None, Field(description="From this day on; from now if not said")] = None,
    number: Annotated[int, Field(description="How many of the coming moons", ge=1, le=24)] = 1,
) -> Reply:
    """Say when the moon is next full, new or at a quarter."""
    start = ctx.now if after is None else moment(ctx, datetime.combine(after, datetime.min.time()))
    found = [nearest_minute(ctx, at) for at in islice(phases(start.astimezone(UTC), TARGETS[phase]), number)]
    name = PHASES[TARGETS[phase]]
    several = f"{name}s" if name.endswith("moon") else f"moons at {name}"
    said = spoken([spoken_moment(at, ctx.now) for at in found])
    text = f"The next {name} is {said}." if number == 1 else f"The next {number} {several}: {said}."
    return Reply(text, {"phase": phase, "at": [stamp(at) for at in found]})


@service.tool(
    "read",
    examples=[
        "where is the sun now?",
        "how high is the moon at 10 pm?",
        "in which direction do I find the moon?",
        "what's the sun's elevation at 3 in the afternoon?",
        "sun azimuth in Rome at noon",
        "is the moon above the horizon right now?",
        "where in the sky will the sun stand at 6 pm?",
        "how far above the horizon is the sun in Lima?",
        "which way does the sun shine from at 9 am?",
    ],
)
def position(
    ctx: Context,
    body: Annotated[Literal["sun", "moon"], Field(description="The sun or the moon")] = "sun",
    at: Annotated[datetime | None, Field(description="When; now if not said")] = None,
    place: Place = None,
) -> Reply:
    """Say where the sun or the moon stands in the sky: its direction and height above the horizon."""
    here = view(ctx, place)
    when = moment(ctx, at) if at else ctx.now
    it = seen(sun if body == "sun" else moon, when, *here.place)
    wind = WINDS[round(it.azimuth / 45) % 8]
    high = "above" if it.altitude >= 0 else "below"
    time = "now" if at is None else spoken_moment(when, ctx.now)
    text = f"In {here.name} the {body} is {abs(it.altitude):.0f}° {high} the horizon {time}, towards {wind}"
    data = {**here.data, "body": body, "at": stamp(when)}
    return Reply(
        f"{text} ({it.azimuth:.0f}°).", {**data, "altitude": round(it.altitude, 2), "azimuth": round(it.azimuth, 2)}
    )


@service.tool(
    "read",
    examples=[
        "when does spring begin this year?",
        "when is the summer solstice?",
        "date of the autumn equinox in 2027",
        "what is the shortest day of the year?",
        "when is the longest day?",
        "when does winter start?",
        "equinoxes and solstices of 2030",
        "on which day do the seasons change?",
    ],
)
def seasons(
    ctx: Context,
    start: Annotated[
        date | None, Field(description="From this day on; from the first of this year if not said")
    ] = None,
) -> Reply:
    """Give the equinoxes and solstices: when the seasons begin, the longest and the shortest day."""
    first = on_clock(datetime.combine(start or date(ctx.now.year, 1, 1), datetime.min.time()), ctx.zone)
    sensible_year(first.year)
    this, following = ([season(year, number) for number in range(4)] for year in (first.year, first.year + 1))
    found = {
        name: nearest_minute(ctx, min(at for at in (this[number], following[number]) if at >= first))
        for number, name in enumerate(NAMES)
    }
    ordered = sorted(found.items(), key=lambda pair: pair[1])
    said = "; ".join(f"{name} {spoken_date(at.date(), ctx.now)} at {spoken_time(at)}" for name, at in ordered)
    return Reply(f"{said}.", {"seasons": [{"name": name, "at": stamp(at)} for name, at in ordered]})


def nearest_minute(ctx: Context, at: datetime) -> datetime:
    """On the person's clock."""
    return (at + timedelta(seconds=30)).astimezone(ctx.zone).replace(second=0, microsecond=0)


def opening(here: View, on: date) -> str:
    """Today in Paris"""
    return f"{capital(spoken_day(on, here.now))} in {here.name}"


def clock(at: datetime) -> str:
    """5:30 pm"""
    return spoken_time(at)


def sun_said(up: Arc, on: date) -> str:
    """the sun rises at 7 am and sets at 6 pm: a day of 11 hours; or that it does not."""
    if up.start is None and up.end is None:
        return (
            "the sun does not set: it is day all day long" if up.above else "the sun does not rise: it is polar night"
        )
    parts = [f"rises at {on_day(up.start, on)}"] if up.start else []
    parts += [f"sets at {on_day(up.end, on)}"] if up.end else []
    lasts = f", a day of {spoken_duration(length(up))}" if up.start and up.end else ""
    return f"the sun {' and '.join(parts)}{lasts}"


def on_day(at: datetime, on: date) -> str:
    """The time, with the day where it is not the one asked about."""
    if at.date() == on:
        return spoken_time(at)
    return f"{spoken_time(at)} {'the next' if at.date() > on else 'the previous'} day"


def length(up: Arc) -> timedelta:
    """How long the sun is up."""
    if up.start and up.end:
        return up.end - up.start
    return timedelta(days=1) if up.above else timedelta()


def dawn_and_dusk(what: str, one: Arc, never_dark: str, never_light: str) -> str:
    """It is light from 7 am to 6 pm."""
    if one.start and one.end:
        return f"{what} from {clock(one.start)} to {clock(one.end)}"
    return never_dark if one.above else never_light


if __name__ == "__main__":
    service.run()

"""The weather: now, of a day, of the days ahead, hour by hour, and whether it will rain.

Every answer says when it is an older forecast, kept from before the network went away.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service
from services.kit.moment import moment, sensible_day
from services.kit.place import Spot, at_coordinates, home_place, known_place, zone_spots
from services.kit.speech import spoken_date, spoken_day, spoken_moment, spoken_time
from services.weather.codes import SNOW
from services.weather.openmeteo import Forecast, Row, forecast
from services.weather.openmeteo import place as find_place
from services.weather.saying import LIKELY, UNLIKELY, chance_of, code, day_name, day_said, hour_said, is_wet, now_said

service = Service(__file__)

Place = Annotated[
    str | None,
    Field(
        description="City or village, or latitude and longitude; empty for home",
        max_length=100,
        json_schema_extra={"x-fill": "place"},
    ),
]
TOLD_HOURS = 8
"""Hours told at most; a longer span is told in steps."""
IMPERIAL_IN = {"US", "LR", "PR"}
HOUR = timedelta(hours=1)


@service.tool(
    "read",
    examples=[
        "what's the weather like?",
        "how warm is it outside?",
        "current weather in Dublin",
        "what's the temperature in Madrid right now?",
        "is it cold out there?",
        "how windy is it at the moment?",
        "do I need a jacket now?",
        "weather please",
        "how many degrees is it in Athens?",
        "is it raining in Bergen just now?",
        "how is the weather in Lille?",
        "is it windy?",
        "how humid is it?",
    ],
)
def now(ctx: Context, place: Place = None) -> Reply:
    """Tell the weather at this moment: temperature, sky, wind, humidity."""
    found = weather(ctx, place)
    text = f"In {found.spot.name} it is {now_said(found)}{found.note}."
    return Reply(text, {**data(found), "at": found.at.isoformat(), **found.current})


@service.tool(
    "read",
    examples=[
        "what will the weather be tomorrow?",
        "weather forecast for Saturday in Rome",
        "how warm will it get on Friday?",
        "what's today's forecast?",
        "will it be sunny on Sunday?",
        "how cold does it get tonight?",
        "weather on 12 March in Vienna",
        "do we get frost on Monday?",
        "is it going to be windy the day after tomorrow?",
        "what should I wear tomorrow, weatherwise?",
    ],
)
def day_(
    ctx: Context,
    day: Annotated[date | None, Field(description="The day; today if not said")] = None,
    place: Place = None,
) -> Reply:
    """Give the weather forecast of one day: today, tomorrow or a day within two weeks."""
    found = weather(ctx, place)
    on = sensible_day(day or ctx.now.astimezone(found.zone).date())
    row = row_of(found, on, ctx)
    head = day_name(on, ctx.now.astimezone(found.zone))
    text = f"{head} in {found.spot.name}: {day_said(row, found)}{found.note}."
    return Reply(text, {**data(found), "day": on.isoformat(), **row})


@service.tool(
    "read",
    examples=[
        "what's the weather this week?",
        "weather for the next five days",
        "forecast for the coming days in Lisbon",
        "what will the weather do in the next ten days?",
        "how does the week look, weatherwise?",
        "seven day forecast please",
        "weather outlook for Oslo",
        "long-term forecast",
        "how will the weather develop?",
        "what's the weather in Ghent this weekend?",
        "how is the weather going to be next weekend?",
    ],
)
def week(
    ctx: Context,
    days: Annotated[int, Field(description="How many days, today included", ge=2, le=16)] = 7,
    start: Annotated[date | None, Field(description="The first day; today if not said")] = None,
    end: Annotated[date | None, Field(description="The last day, instead of a number of days")] = None,
    place: Place = None,
) -> Reply:
    """Give the weather forecast of the next several days, or of a weekend or a week, one line each."""
    found = weather(ctx, place)
    here = ctx.now.astimezone(found.zone)
    rows = days_of(found, here, days, start, end)
    said = "; ".join(f"{spoken_day(on, here)} {day_said(row, found)}" for on, row in rows)
    return Reply(
        f"{found.spot.name}: {said}{found.note}.",
        {**data(found), "days": [{"day": on.isoformat(), **row} for on, row in rows]},
    )


@service.tool(
    "read",
    examples=[
        "hourly forecast for today",
        "weather hour by hour tomorrow",
        "what's the weather this afternoon?",
        "how will the weather be between 2 and 6 pm?",
        "temperatures through the night",
        "weather from 8 to noon in Zurich",
        "hour by hour in Porto please",
        "how does the temperature go over the day?",
        "weather for this evening",
    ],
)
def hours(
    ctx: Context,
    start: Annotated[datetime | None, Field(description="From when; now if not said")] = None,
    end: Annotated[datetime | None, Field(description="Until when; twelve hours later if not said")] = None,
    place: Place = None,
) -> Reply:
    """Give the weather hour by hour over some hours: this afternoon, tonight, between two times."""
    found = weather(ctx, place)
    first, last = span(ctx, start, end, timedelta(hours=12))
    rows = hours_of(found, first, last)
    step = -(-len(rows) // TOLD_HOURS)
    said = "; ".join(hour_said(at.astimezone(found.zone), row, found) for at, row in rows[::step])
    head = f"{found.spot.name} from {spoken_moment(first, ctx.now)}"
    listed = [{"at": at.isoformat(), **row} for at, row in rows]
    return Reply(f"{head}: {said}{found.note}.", {**data(found), "hours": listed})


@service.tool(
    "read",
    examples=[
        "will it rain this afternoon?",
        "do I need an umbrella tomorrow?",
        "is there rain coming in the next hours?",
        "when will it stop raining?",
        "when does the rain start?",
        "will we stay dry on Saturday?",
        "chance of rain in Hamburg tonight",
        "is it going to snow on Friday?",
        "can I hang out the washing today?",
        "will it be wet between 5 and 7?",
    ],
)
def rain(
    ctx: Context,
    start: Annotated[datetime | None, Field(description="From when; now if not said")] = None,
    end: Annotated[datetime | None, Field(description="Until when; a day later if not said")] = None,
    place: Place = None,
) -> Reply:
    """Say whether and when it will rain or snow, over the next hours or a given time; if an umbrella is needed."""
    found = weather(ctx, place)
    first, last = span(ctx, start, end, timedelta(days=1))
    rows = hours_of(found, first, last)
    chance, wet = chance_of([row for _, row in rows]), [at for at, row in rows if is_wet(row)]
    text = f"{rain_said(ctx, found, first, rows, wet, chance)}{found.note}."
    numbers = {"rain": bool(wet), "chance_percent": chance, "wet_hours": [at.isoformat() for at in wet]}
    return Reply(text, {**data(found), "start": first.isoformat(), "end": last.isoformat(), **numbers})


def rain_said(
    ctx: Context,
    found: Forecast,
    first: datetime,
    rows: list[tuple[datetime, Row]],
    wet: list[datetime],
    chance: float,
) -> str:
    """Yes, in Paris it is likely to rain from 3 pm to 6 pm (80%)"""
    here, now_there = found.spot.name, ctx.now.astimezone(found.zone)
    if not wet:
        if chance < UNLIKELY:
            return f"No, no rain is expected in {here} {until(rows, found, now_there)}"
        return f"Probably not: the chance of rain in {here} is at most {chance:.0f}% {until(rows, found, now_there)}"
    begin, stop = wet[0].astimezone(found.zone), wet[0].astimezone(found.zone)
    for at in wet:
        if at - stop > HOUR:
            break
        stop = at.astimezone(found.zone)
    begins = "now" if begin <= now_there else spoken_moment(begin, now_there)
    ends = (stop + HOUR).astimezone(found.zone)
    likely = f" ({chance:.0f}%)" if chance >= LIKELY else ""
    later = ", and again later" if wet[-1] > stop else ""
    return f"Yes, {falls(rows, wet[0])} is likely in {here} from {begins} until {spoken_time(ends)}{later}{likely}"


def falls(rows: list[tuple[datetime, Row]], at: datetime) -> str:
    """Rain or snow, by what comes first."""
    return "snow" if code(dict(rows)[at]) in SNOW else "rain"


def until(rows: list[tuple[datetime, Row]], found: Forecast, now_there: datetime) -> str:
    """Until tomorrow at 9 am"""
    return f"until {spoken_moment((rows[-1][0] + HOUR).astimezone(found.zone), now_there)}"


def weather(ctx: Context, said: str | None) -> Forecast:
    """The forecast of the place that was named, else of home."""
    spot = located(ctx, said.strip()) if said and said.strip() else home(ctx)
    units = str(ctx.settings.get("units") or "").strip().lower()
    imperial = units == "imperial" or (not units and home_country(ctx) in IMPERIAL_IN)
    return forecast(ctx, spot, imperial)


def located(ctx: Context, said: str) -> Spot:
    """Large cities and coordinates offline, other places by the geocoder."""
    return at_coordinates(said) or known_place(said) or find_place(ctx, said)


def home(ctx: Context) -> Spot:
    """The place that is set, else the main city of the time zone."""
    said = str(ctx.settings.get("place") or "").strip()
    return located(ctx, said) if said else home_place(ctx)


def home_country(ctx: Context) -> str:
    """For the units that people are used to."""
    spot = zone_spots().get(str(ctx.zone))
    return spot.country if spot else ""


def days_of(found: Forecast, here: datetime, days: int, start: date | None, end: date | None) -> list[tuple[date, Row]]:
    """Those from today on, or from the first to the last day that was named. Refuses where there are none."""
    ahead = [(on, row) for on, row in found.days if on >= here.date()]
    if not ahead:
        raise Refusal(f"My last forecast for {found.spot.name} has run out, and I can't get a new one now.")
    first = sensible_day(start) if start else here.date()
    last = sensible_day(end) if end else date.max
    if last < here.date():
        raise Refusal("That time is over; I know only the weather to come.")
    rows = [(on, row) for on, row in ahead if first <= on <= last]
    if not rows:
        raise Refusal(f"The forecast reaches only until {spoken_date(ahead[-1][0], here)}{found.note}.")
    return rows if end else rows[:days]


def row_of(found: Forecast, on: date, ctx: Context) -> Row:
    """The day's row. Refuses days that the forecast does not hold."""
    for day, row in found.days:
        if day == on:
            return row
    if on < ctx.now.astimezone(found.zone).date():
        raise Refusal("That day is over; I know only the weather to come.")
    if not found.days:
        raise Refusal("The weather server gives no forecast for there.")
    reach = spoken_date(found.days[-1][0], ctx.now)
    raise Refusal(f"The forecast reaches only until {reach}{found.note}.")


def span(ctx: Context, start: datetime | None, end: datetime | None, usual: timedelta) -> tuple[datetime, datetime]:
    """The hours that are asked about, from the present one on."""
    this_hour = ctx.now.replace(minute=0, second=0, microsecond=0)
    first = max(moment(ctx, start), this_hour) if start else this_hour
    last = moment(ctx, end) if end else first + usual
    if start and first > ctx.now and last <= first:
        last = first + usual  # an end before the beginning was no end
    if last <= first:
        raise Refusal("That time is over; I know only the weather to come.")
    return first, last


def hours_of(found: Forecast, first: datetime, last: datetime) -> list[tuple[datetime, Row]]:
    """The hours within the span. Refuses where the forecast does not reach so far."""
    rows = [(at, row) for at, row in found.hours if first - HOUR < at < last]
    if not rows:
        reach = f" It reaches until {spoken_date(found.hours[-1][0].date(), first)}." if found.hours else ""
        raise Refusal(f"I have no forecast for that time{found.note}.{reach}")
    return rows


def data(found: Forecast) -> dict[str, Any]:
    """Where and how old."""
    return {
        "place": found.spot.name,
        "latitude": found.spot.latitude,
        "longitude": found.spot.longitude,
        "zone": str(found.zone),
        "units": {"temperature": found.degrees, "wind": found.speed, "rain": found.depth},
        "age_minutes": found.age_minutes,
        "stale": bool(found.note),
    }


if __name__ == "__main__":
    service.run()

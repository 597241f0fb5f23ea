"""Prayer times, the direction of prayer and the Islamic date. Everything here is reckoned, and a read.

Mosques may differ by a few minutes from any reckoning: the setting `adjust` is for that.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service
from services.kit.moment import capital, sensible_day
from services.kit.place import Spot, home_place, locate
from services.kit.speech import spoken, spoken_day, spoken_duration, spoken_moment, spoken_time
from services.prayer.hijri import hijri as in_hijri
from services.prayer.methods import BY_COUNTRY, METHODS, PRAYERS
from services.prayer.times import Way, qibla, times

service = Service(__file__)

Place = Annotated[
    str | None,
    Field(
        description="City, or latitude and longitude; empty for home",
        max_length=100,
        json_schema_extra={"x-fill": "place"},
    ),
]
Prayer = Literal["fajr", "sunrise", "dhuhr", "asr", "maghrib", "isha", "iftar", "suhoor"]
MEALS = {"iftar": "maghrib", "suhoor": "fajr"}
WINDS = "north, north-east, east, south-east, south, south-west, west, north-west".split(", ")
SHADOWS = {"standard": 1, "shafi": 1, "maliki": 1, "hanbali": 1, "hanafi": 2}
RULES = {"middle", "seventh", "angle"}


@service.tool(
    "read",
    examples=[
        "what are the prayer times today?",
        "when is Fajr tomorrow?",
        "Maghrib time in Istanbul",
        "prayer times for Friday",
        "at what time is Isha tonight?",
        "salah times in Birmingham on 3 May",
        "when do we pray Asr today?",
        "namaz timetable for Lahore",
        "when is iftar today?",
        "until when can I eat suhoor tomorrow?",
        "give me the athan times of Cairo",
        "when's Dhuhr on Saturday?",
    ],
)
def times_(
    ctx: Context,
    prayer: Annotated[Prayer | None, Field(description="Only this one; or iftar, or the end of suhoor")] = None,
    day: Annotated[date | None, Field(description="The day; today if not said")] = None,
    place: Place = None,
) -> Reply:
    """Give the Muslim prayer times of a day: Fajr, Dhuhr, Asr, Maghrib and Isha, or one of them."""
    spot, zone = where(ctx, place)
    now = ctx.now.astimezone(zone)
    on = sensible_day(day or now.date())
    name, way = way_of(ctx, spot)
    found = times(way, (spot.latitude, spot.longitude), zone, on)
    local = " (local time)" if now.utcoffset() != ctx.now.utcoffset() else ""
    head = f"{capital(spoken_day(on, now))} in {spot.name}"
    if prayer:
        text = f"{head} {prayer.capitalize()} is at {said(found[MEALS.get(prayer, prayer)], on)}{local}."
    else:
        text = f"{head}{local}: {', '.join(f'{each.capitalize()} {said(found[each], on)}' for each in PRAYERS)}."
    return Reply(text, data(spot, name, on) | {each: found[each].isoformat(timespec="minutes") for each in PRAYERS})


@service.tool(
    "read",
    examples=[
        "when is the next prayer?",
        "which prayer comes next?",
        "how long until the next salah?",
        "time left to the next namaz",
        "next adhan in Jakarta",
        "how much time do I have before the coming prayer?",
        "what do we pray next and when?",
        "is it nearly time to pray?",
    ],
)
def next_(ctx: Context, place: Place = None) -> Reply:
    """Say which Muslim prayer comes next, when, and how long it is until then."""
    spot, zone = where(ctx, place)
    now = ctx.now.astimezone(zone)
    name, way = way_of(ctx, spot)
    for days in (-1, 0, 1):  # the last Isha may come after midnight
        on = now.date() + timedelta(days=days)
        found = times(way, (spot.latitude, spot.longitude), zone, on)
        for each in PRAYERS:
            if each != "sunrise" and found[each] > now:
                left = spoken_duration(timedelta(minutes=round((found[each] - now).total_seconds() / 60)))
                text = f"{each.capitalize()} in {spot.name} is {spoken_moment(found[each], now)}, in {left}."
                return Reply(text, data(spot, name, on) | {"prayer": each, "at": found[each].isoformat()})
    raise Refusal(f"I can't reckon the next prayer in {spot.name}.")


@service.tool(
    "read",
    examples=[
        "which way is Mecca?",
        "in what direction is the qibla?",
        "qibla direction from Toronto",
        "where do I face to pray?",
        "in which direction from here is Mecca?",
        "compass bearing of the Kaaba from Melbourne",
        "how far is Makkah from here?",
        "what's the qibla angle in Hamburg?",
        "which direction should the prayer mat point?",
    ],
)
def qibla_(ctx: Context, place: Place = None) -> Reply:
    """Give the direction of prayer, towards the Kaaba in Makkah, as a compass bearing, and the distance."""
    spot, _ = where(ctx, place)
    bearing, km = qibla((spot.latitude, spot.longitude))
    wind = WINDS[round(bearing / 45) % 8]
    text = f"From {spot.name} the qibla is {bearing:.0f}° from true north, {wind}; Makkah is {km:,.0f} km away."
    found = {"place": spot.name, "bearing": round(bearing, 2), "distance_km": round(km)}
    return Reply(text, found)


@service.tool(
    "read",
    examples=[
        "what is the Islamic date today?",
        "Hijri date of 14 June",
        "which Islamic month is it?",
        "what year is it in the Hijri calendar?",
        "convert 1 January 2027 to the Muslim calendar",
        "is it Ramadan now?",
        "today's date in the Islamic calendar please",
        "what day of Shaban is it tomorrow?",
    ],
)
def hijri(ctx: Context, day: Annotated[date | None, Field(description="The day; today if not said")] = None) -> Reply:
    """Give the date in the Islamic (Hijri) calendar; where the moon is sighted it may be a day off."""
    on = sensible_day(day or ctx.now.date())
    found = in_hijri(on)
    text = f"{capital(spoken_day(on, ctx.now))} is {found.said}, give or take a day."
    return Reply(text, {"day": on.isoformat(), "year": found.year, "month": found.month, "day_of_month": found.day})


def where(ctx: Context, place: str | None) -> tuple[Spot, ZoneInfo]:
    """The place that was named, else the one that is set, else the main city of the person's zone; and its clock."""
    named = bool(place and place.strip())
    spot = locate(ctx, place or "") if named else home_place(ctx)
    return spot, ZoneInfo(spot.zone) if named else ctx.zone


def way_of(ctx: Context, spot: Spot) -> tuple[str, Way]:
    """The method's short name, and all of how times are reckoned, from the settings. Refuses what is no such thing."""
    name = str(ctx.settings.get("method") or BY_COUNTRY.get(spot.country, "mwl")).strip().lower()
    asr = str(ctx.settings.get("asr") or "standard").strip().lower()
    rule = str(ctx.settings.get("high_latitude") or "").strip().lower()
    if name not in METHODS:
        raise Refusal(f"I know no method called {name!r}; there is {spoken(list(METHODS))}.")
    if asr not in SHADOWS:
        raise Refusal(f"The setting asr must be standard or hanafi, not {asr!r}.")
    if rule and rule not in RULES:
        raise Refusal(f"The setting high_latitude must be middle, seventh or angle, not {rule!r}.")
    return name, Way(METHODS[name], SHADOWS[asr], rule, adjustments(str(ctx.settings.get("adjust") or "")))


def adjustments(text: str) -> dict[str, int]:
    """fajr +2, isha -5 as numbers."""
    found: dict[str, int] = {}
    for piece in filter(None, (part.strip() for part in text.lower().split(","))):
        match = re.fullmatch(rf"({'|'.join(PRAYERS)})\s*([+-]?\d{{1,2}})", piece)
        if match is None:
            raise Refusal(f"The setting adjust reads like: fajr +2, isha -5; I don't understand {piece!r}.")
        found[match[1]] = int(match[2])
    return found


def said(at: datetime, on: date) -> str:
    """5:12 am; with a word where it is after midnight."""
    return spoken_time(at) if at.date() == on else f"{spoken_time(at)} the next day"


def data(spot: Spot, method: str, on: date) -> dict[str, object]:
    """What the times rest on."""
    return {
        "place": spot.name,
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "method": method,
        "method_title": METHODS[method].title,
        "day": on.isoformat(),
    }


if __name__ == "__main__":
    service.run()

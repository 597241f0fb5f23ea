"""Public holidays by country and region, offline. Everything here is a read.

Whose holidays count where nobody says so is a setting, else the country of the person's time zone. School holidays,
and days that a firm or a town gives off, are not covered.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field

from services.holidays.naming import Where, find, region_name
from services.holidays.search import named
from services.holidays.table import Holiday, holidays, known_years, only_in_regions, working_days
from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.moment import capital, how_far, sensible_day
from services.kit.place import home_place
from services.kit.speech import counted, spoken, spoken_date, spoken_day

service = Service(__file__)

Place = Annotated[
    str | None,
    Field(
        description="Country or region, such as France, Bavaria or Scotland; empty for home",
        max_length=80,
        json_schema_extra={"x-fill": "place"},
    ),
]
AHEAD = timedelta(days=400)
LISTED_AT_MOST = 60
LONGEST = timedelta(days=3_700)
"""Ten years and a little: the longest span that is counted or listed."""


@service.tool(
    "read",
    examples=[
        "when is the next public holiday?",
        "what's the next bank holiday?",
        "when do we have a day off next?",
        "what are the next three public holidays in Italy?",
        "next holiday in Bavaria",
        "how long until the next bank holiday?",
        "upcoming public holidays in Scotland",
        "which holiday comes up next in Japan?",
        "when are the shops closed for a holiday next?",
        "tell me the coming public holidays",
        "is there a long weekend coming up?",
    ],
)
def next_(
    ctx: Context,
    place: Place = None,
    number: Annotated[int, Field(description="How many of the coming holidays", ge=1, le=20)] = 1,
) -> Reply:
    """Say when the next public holiday is, or the next few, at home or in a country or region."""
    where = meant(ctx, place)
    today = ctx.now.date()
    found = span(where, today, today + AHEAD)[:number]
    if not found:
        raise Refusal(f"I know of no coming public holiday in {where.called}.")
    if number == 1:
        text = f"The next public holiday in {where.called} is {found[0].name}, {how_far(found[0].day, ctx.now)}."
    else:
        text = f"The next public holidays in {where.called}: {said(ctx, found)}."
    return reply(text, where, found)


@service.tool(
    "read",
    examples=[
        "the public holidays in France this year",
        "which public holidays are there in 2027?",
        "all bank holidays of England in 2026",
        "all official days off in Brazil",
        "what are the official holidays in Kerala?",
        "how many public holidays does Spain have?",
        "how many public holidays has Saxony?",
        "give me every statutory holiday in Ontario",
        "any bank holidays next month?",
        "which public holidays are there between 1 May and 15 June?",
        "public holidays in Portugal from 10 to 25 August",
        "are there holidays while we are in Greece, 3 to 17 April?",
        "what holidays fall in December?",
        "is there a holiday this week?",
        "the bank holidays for this year please",
    ],
)
def all_(
    ctx: Context,
    start: Annotated[date | None, Field(description="The first day; 1 January of this year if not said")] = None,
    end: Annotated[date | None, Field(description="The last day, inclusive; the end of that year if not said")] = None,
    place: Place = None,
) -> Reply:
    """Tell all public holidays of a year, or between two days, at home or in a country or region."""
    where = meant(ctx, place)
    first = start or date((end or ctx.now.date()).year, 1, 1)
    first, last = ordered(first, end or date(first.year, 12, 31))
    found = span(where, first, last)
    hint = ""
    if not where.region and only_in_regions(where.country, first, last):
        hint = " Some regions have more: name one to hear them."
    when = dates(ctx, first, last)
    if not found:
        return reply(f"No public holidays in {where.called} {when}.{hint}", where, found)
    head = f"{where.called} has {counted(len(found), 'public holiday')} {when}"
    return reply(f"{capital(head)}: {said(ctx, found)}.{hint}", where, found)


@service.tool(
    "read",
    examples=[
        "is tomorrow a public holiday?",
        "is Friday a bank holiday?",
        "is 6 January a holiday in Austria?",
        "are the shops open on 1 November or is it a holiday?",
        "do we have to work on Monday or is that a public holiday?",
        "is today a holiday in Tokyo?",
        "is the 15th of August a day off in Spain?",
        "what public holiday is it today?",
        "is 26 December a bank holiday in Northern Ireland?",
        "why is everything closed today?",
    ],
)
def check(
    ctx: Context,
    day: Annotated[date | None, Field(description="The day that is asked about; today if not said")] = None,
    place: Place = None,
) -> Reply:
    """Say whether a day is a public holiday, and which one."""
    where = meant(ctx, place)
    day = day or ctx.now.date()
    found = span(where, day, day)
    data = {"holiday": bool(found), "day": day.isoformat()}
    if found:
        names = spoken([one.name for one in found])
        return reply(f"Yes, {spoken_day(day, ctx.now)} is a holiday in {where.called}: {names}.", where, found, data)
    parts = [] if where.region else only_in_regions(where.country, day, day)
    if parts:
        kept = "; ".join(f"{one.name} in {in_regions(where.country, one)}" for one in parts)
        text = f"{capital(spoken_day(day, ctx.now))} is no holiday in all of {where.called}, but in parts: {kept}."
        return reply(text, where, parts, data)
    return reply(f"No, {spoken_day(day, ctx.now)} is not a public holiday in {where.called}.", where, [], data)


@service.tool(
    "read",
    examples=[
        "when is Easter Monday this year?",
        "what date is Thanksgiving in the United States?",
        "on which day does Ascension Day fall in 2027?",
        "when is Whit Monday in Germany?",
        "when do they celebrate Diwali in India?",
        "date of Eid al-Fitr in Turkey",
        "which day is Labour Day in Canada?",
        "when's Good Friday 2028?",
        "when was Pentecost in 2024?",
        "what day is Bastille Day in France?",
        "when is Easter in 2030?",
    ],
)
def find_(
    ctx: Context,
    name: Annotated[
        str,
        Field(
            description="The holiday's name, such as Easter Monday",
            min_length=2,
            max_length=100,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
    place: Place = None,
    start: Annotated[
        date | None, Field(description="From this day on, such as the first of a year; else today")
    ] = None,
    end: Annotated[date | None, Field(description="Until this day")] = None,
) -> Reply:
    """Say on which date a public holiday of a given name falls, such as Easter Monday or Thanksgiving."""
    where = meant(ctx, place)
    first = start or ctx.now.date()
    first, last = ordered(first, end or first + AHEAD)
    own = span(where, first, last)
    found = named(name, own) or named(name, only_in_regions(where.country, first, last))
    if not found and end:  # a weekday in the name was taken for a day
        own = span(where, first, first + AHEAD)
        found = named(name, own)
    if not found:
        raise Refusal(f"I find no public holiday called {name.strip()!r} in {where.called}.")
    one = found[0]
    some = f" in {in_regions(where.country, one)}" if one not in own else ""
    return reply(f"{one.name}{some} is {how_far(one.day, ctx.now)}.", where, found)


@service.tool(
    "read",
    examples=[
        "how many working days are there between 1 March and 30 April?",
        "count the working days until 24 December",
        "working days in May",
        "how many days do I have to work from today to Easter?",
        "number of business days from 3 to 28 July in Belgium",
        "business days left this month",
        "how many weekdays without holidays from Monday to the 19th?",
        "workdays in Sweden in June 2027",
    ],
)
def working_days_(
    ctx: Context,
    end: Annotated[date, Field(description="The last day, inclusive")],
    start: Annotated[date | None, Field(description="The first day; today if not said")] = None,
    place: Place = None,
) -> Reply:
    """Count the working days from one day to another: neither weekend nor public holiday."""
    where = meant(ctx, place)
    first, last = ordered(start or ctx.now.date(), end)
    off = span(where, first, last)
    number = working_days(where.country, where.region, first, last)
    without = f", without {counted(len({one.day for one in off}), 'public holiday')}" if off else ""
    text = f"{capital(counted(number, 'working day'))} in {where.called} {dates(ctx, first, last)}{without}."
    return reply(text, where, off, {"working_days": number})


def meant(ctx: Context, place: str | None) -> Where:
    """The country or region that was named, else the one that is set, else that of the time zone."""
    country = str(ctx.settings.get("country") or "").strip()
    region = str(ctx.settings.get("region") or "").strip()
    home = find(country, "").country if country else zone_country(ctx)
    if place and place.strip():
        return find(place, home)
    if region:
        return find(f"{region}, {country}" if country else region, home)
    if not home:
        raise Refusal("For which country? Name it, or set it: muos services set holidays country France.")
    return Where(home, "")


def zone_country(ctx: Context) -> str:
    """The country of the person's time zone; empty where that is no country's."""
    try:
        return home_place(ctx).country
    except Refusal:
        return ""


def span(where: Where, first: date, last: date) -> list[Holiday]:
    """The holidays in the span; refuses days that the table does not reach."""
    sensible_day(first)
    sensible_day(last)
    earliest, latest = known_years(where.country)
    if last.year < earliest or first.year > latest:
        raise Refusal(f"I know the holidays of {where.called} only from {earliest} to {latest}.")
    return holidays(where.country, where.region, first, last)


def ordered(first: date, last: date) -> tuple[date, date]:
    """The span, which must not run backwards or for decades."""
    if last < first:
        raise Refusal("The last day must not be before the first.")
    if last - first > LONGEST:
        raise Refusal("That is too long a span for me; ten years is the most.")
    return first, last


def dates(ctx: Context, first: date, last: date) -> str:
    """In 2027; from Monday 4 May to Friday 29 May."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"in {first.year}"
    return f"from {spoken_date(first, ctx.now)} to {spoken_date(last, ctx.now)}"


def said(ctx: Context, found: list[Holiday]) -> str:
    """New Year's Day, Thursday 1 January; …"""
    shown = [f"{one.name}, {spoken_date(one.day, ctx.now)}" for one in found[:LISTED_AT_MOST]]
    more = f"; and {len(found) - LISTED_AT_MOST} more" if len(found) > LISTED_AT_MOST else ""
    return "; ".join(shown) + more


def in_regions(country: str, one: Holiday) -> str:
    """Bavaria and Saxony."""
    return spoken(sorted({region_name(country, region) for region in one.regions}))


def reply(text: str, where: Where, found: list[Holiday], more: dict[str, Any] | None = None) -> Reply:
    """The answer with the days as data."""
    rows = [
        {"day": one.day.isoformat(), "name": one.name, "local": one.local or one.name, "regions": list(one.regions)}
        for one in found[: LISTED_AT_MOST * 4]
    ]
    data = {"country": where.country, "region": where.region or None, "holidays": rows, **(more or {})}
    return Reply(text, data, [Thing("holiday", one.name) for one in found[:LISTED_AT_MOST]])


if __name__ == "__main__":
    service.run()

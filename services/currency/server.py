"""Exchange rates: money converted, rates of the last three months and how they moved.

The rates are the European Central Bank's, for information: a bank or a card gives others.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from dateutil.relativedelta import relativedelta
from pydantic import Field

from services.currency.naming import CURRENCIES, currency, name_of, of_country
from services.currency.rates import Rates, history, latest, on_day
from services.kit import Context, Refusal, Reply, Service
from services.kit.moment import sensible_day
from services.kit.place import home_place
from services.kit.speech import counted, spoken, spoken_date

service = Service(__file__)

Name = Annotated[str, Field(max_length=60, json_schema_extra={"x-fill": "unit"})]
From = Annotated[Name, Field(description="The currency that the amount is in, such as USD, pounds or yen")]
To = Annotated[Name | None, Field(description="The currency that is wanted; else the person's own")]
SAID = ["dollar", "euro", "pound", "yen", "franc", "krona", "zloty", "lira", "rupee", "USD", "EUR", "GBP", "CHF"]
Which = Annotated[
    str,
    Field(
        description="Which currency, such as dollar, pound or JPY",
        min_length=1,
        max_length=60,
        json_schema_extra={"examples": list(SAID)},
    ),
]
Day = Annotated[date | None, Field(description="By the rate of this day; the latest if not said")]
A_YEAR = relativedelta(years=1)
POINTS = 10
"""Rates told by `history`, evenly spread."""


@service.tool(
    "read",
    examples=[
        "convert 100 dollars to euros",
        "how much is 50 pounds in dollars?",
        "what are 2000 yen in euro?",
        "300 swiss francs in GBP",
        "how many euros do I get for 75 USD?",
        "what's 19.99 dollars in my money?",
        "exchange 500 zloty into pounds",
        "1200 Swedish kronor to euros",
        "how much was 80 dollars in euros on 2 February?",
        "price of 45 CAD in AUD",
        "if something costs 9000 rupees, what is that in pounds?",
        "turn 250 baht into francs",
    ],
)
def convert(
    ctx: Context,
    amount: Annotated[float, Field(description="How much money", ge=0, le=1e15, allow_inf_nan=False)],
    from_currency: From,
    to_currency: To = None,
    day: Day = None,
) -> Reply:
    """Convert an amount of money from one currency to another, by the latest rate or that of a day."""
    source, target = currency(from_currency), wanted(ctx, to_currency)
    if source == target and not to_currency:
        raise Refusal(
            f"Into which currency shall I convert {money(Decimal(repr(amount)))} {source}? I know some thirty."
        )
    rates = rates_of(ctx, day)
    value = Decimal(repr(amount)) * rates.cross(source, target)
    text = f"{money(Decimal(repr(amount)))} {source} is {money(value)} {target}{told(ctx, rates)}."
    return Reply(text, {"amount": amount, "from": source, "to": target, "value": rounded(value), **data(rates)})


@service.tool(
    "read",
    examples=[
        "what's the exchange rate of the dollar?",
        "euro to pound rate",
        "how is the yen today?",
        "exchange rate between Swiss francs and euros",
        "what is one pound worth in dollars?",
        "how does the dollar stand against the euro?",
        "USD/JPY",
        "rate for zloty please",
        "what was the pound at on 10 January?",
        "current krona rate",
    ],
)
def rate(ctx: Context, from_currency: Which, to_currency: To = None, day: Day = None) -> Reply:
    """Say the exchange rate between two currencies: what one unit of one is in the other."""
    source, target = pair(ctx, from_currency, to_currency)
    rates = rates_of(ctx, day)
    value = rates.cross(source, target)
    text = f"1 {source} is {precise(value)} {target}{told(ctx, rates)}."
    return Reply(text, {"from": source, "to": target, "rate": float(value), **data(rates)})


@service.tool(
    "read",
    examples=[
        "how has the dollar changed over the last months?",
        "did the pound rise or fall against the euro?",
        "history of the yen",
        "how did the Swiss franc do since January?",
        "has the krona become weaker?",
        "trend of the dollar against the pound",
        "exchange rate development of the zloty this quarter",
        "when was the dollar highest lately?",
        "how much did the lira lose since 1 February?",
    ],
)
def history_(
    ctx: Context,
    from_currency: Which,
    to_currency: To = None,
    start: Annotated[date | None, Field(description="From this day on; else the last 90 days")] = None,
) -> Reply:
    """Say how an exchange rate moved over the last three months: up or down, its highest and lowest."""
    source, target = pair(ctx, from_currency, to_currency)
    if start:
        sensible_day(start)
    sets = [one for one in history(ctx) if start is None or one.day >= start]
    if len(sets) < 2:
        raise Refusal("I know too few rates of that time to compare; I have those of the last 90 days at most.")
    values = [(one.cross(source, target), one.day) for one in sets]
    (first, since), (last, until) = values[0], values[-1]
    (low, lowest), (high, highest) = min(values), max(values)
    change = (last / first - 1) * 100
    moved = (
        "has not moved" if abs(change) < Decimal("0.05") else f"{'rose' if change > 0 else 'fell'} {abs(change):.1f}%"
    )
    text = (
        f"1 {source} {moved} from {precise(first)} {target} on {spoken_date(since, ctx.now)} to {precise(last)} on"
        f" {spoken_date(until, ctx.now)}. Lowest {precise(low)} on {spoken_date(lowest, ctx.now)}, highest"
        f" {precise(high)} on {spoken_date(highest, ctx.now)}"
    )
    points = values[:: max(1, len(values) // POINTS)]
    rows = [{"day": day.isoformat(), "rate": float(value)} for value, day in points]
    numbers = {"from": source, "to": target, "change_percent": round(float(change), 2), "rates": rows}
    return Reply(f"{text}{late(sets[-1])}.", {**numbers, **data(sets[-1])})


@service.tool(
    "read",
    examples=[
        "which currencies do you know?",
        "list the exchange rates",
        "what are all rates against the euro?",
        "show me the currency table",
        "which currencies can you convert?",
        "today's ECB reference rates",
        "give me the rates of all currencies",
        "from which day are your exchange rates?",
    ],
)
def list_(ctx: Context) -> Reply:
    """List all currencies with their rates against the euro, and the day that these are of."""
    rates = latest(ctx)
    names = spoken([f"{name_of(code)} {precise(rate)}" for code, rate in sorted(rates.of_euro.items())])
    text = f"{counted(len(rates.of_euro), 'rate')} for one euro{told(ctx, rates)}: {names}."
    rows = {code: float(rate) for code, rate in rates.of_euro.items()}
    return Reply(text, {"base": "EUR", "rates": rows, "names": {c: name_of(c) for c in CURRENCIES}, **data(rates)})


def pair(ctx: Context, from_currency: str, to_currency: str | None) -> tuple[str, str]:
    """Both currencies; the person's own is compared with the dollar or the euro where no other is named."""
    source, target = currency(from_currency), wanted(ctx, to_currency)
    if source == target and not to_currency:
        target = "EUR" if source == "USD" else "USD"
    return source, target


def wanted(ctx: Context, said: str | None) -> str:
    """The currency that was named, else the one that is set, else that of the person's country."""
    named = (said or "").strip() or str(ctx.settings.get("currency") or "").strip()
    if named:
        return currency(named)
    try:
        return of_country(home_place(ctx).country)
    except Refusal:
        return "EUR"


def rates_of(ctx: Context, day: date | None) -> Rates:
    """The day's, else the latest."""
    if day is None or day == ctx.now.date():
        return latest(ctx)
    if sensible_day(day) > ctx.now.date():
        day -= A_YEAR  # "on 2 March" is read as the coming one; here the last is meant
    if day > ctx.now.date():
        raise Refusal("Nobody knows the exchange rates of a day to come.")
    return on_day(ctx, day)


def told(ctx: Context, rates: Rates) -> str:
    """By which day's rate, and whether newer ones could not be had."""
    return f" by the rate of {spoken_date(rates.day, ctx.now)}{late(rates)}"


def late(rates: Rates) -> str:
    """A remark where newer rates could not be had."""
    return ", the last that I have; I can't reach the bank now" if rates.offline else ""


def data(rates: Rates) -> dict[str, object]:
    """Where it comes from."""
    return {"day": rates.day.isoformat(), "offline": rates.offline, "source": "European Central Bank"}


def rounded(value: Decimal) -> float:
    """To a hundredth, or to four figures where it is less than one."""
    return float(round(value, 2)) if value >= 1 else float(f"{value:.4g}")


def money(value: Decimal) -> str:
    """1,234.50; 12; 0.0071"""
    if value and value < Decimal("0.01"):
        return f"{value:.2g}"
    return f"{value:,.2f}".removesuffix(".00")


def precise(value: Decimal) -> str:
    """A rate with five figures."""
    return f"{value:,.2f}" if value >= 1000 else f"{value:.5g}"


if __name__ == "__main__":
    service.run()

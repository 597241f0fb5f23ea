"""How the tools are told what is meant: their parameters, and what is read out of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from services.kit import Context, Refusal
from services.kit.moment import sensible_day
from services.kit.speech import one_line, spoken
from services.money.book import CASH, Entry, decimal_of, known_as, month_of, plain_name

MOST = 1_000_000_000
Positive = Annotated[
    Decimal, Field(gt=0, le=MOST), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": MOST})
]
Number = Annotated[
    Decimal, Field(ge=-MOST, le=MOST), WithJsonSchema({"type": "number", "minimum": -MOST, "maximum": MOST})
]
Amount = Annotated[Positive, Field(description="How much money")]
Code = Literal[
    "EUR", "USD", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN",
    "TRY", "UAH", "INR", "CNY", "KRW", "SGD", "HKD", "THB", "ZAR", "BRL", "MXN", "ILS", "AED",
]  # fmt: skip
Currency = Annotated[Code | None, Field(description="The currency, if another than usual was said")]
Item = Annotated[
    str, Field(description="What it was for, such as groceries, rent or lunch", min_length=1, max_length=80)
]
Budgeted = Annotated[
    str, Field(description="What it is for, such as groceries, rent or clothes", min_length=1, max_length=80)
]
Only = Annotated[
    str | None,
    Field(
        description="Only what was for this, such as groceries", max_length=80, json_schema_extra={"x-kind": "category"}
    ),
]
Where = Annotated[str | None, Field(description="The shop where it was paid", max_length=80)]
Account = Annotated[
    str,
    Field(
        description="The account that it was paid from or to, such as checking or card",
        max_length=80,
    ),
]
Day = Annotated[date | None, Field(description="On which day; today if not said")]
First = Annotated[date | None, Field(description="From this day on")]
Last = Annotated[date | None, Field(description="Up to and with this day")]
Which = Annotated[
    str, Field(description="Which entry: what it was for, where, how much; the last one if empty", max_length=200)
]
Rule = Annotated[
    str,
    Field(
        description="How it repeats, as an RFC 5545 rule such as FREQ=MONTHLY;BYMONTHDAY=1",
        max_length=200,
        json_schema_extra={"x-fill": "rrule"},
    ),
]
By = Literal["category", "month"]
ALL = frozenset("money spending expenses expense costs cost all everything income category total".split())


def names(ctx: Context, category: str, account: str, payee: str | None) -> tuple[str, str, str]:
    """Category, account and payee as they are written in the book."""
    return (
        known_as(ctx, "category", plain_name(category, "other")),
        known_as(ctx, "account", plain_name(account, CASH)),
        plain_name(payee, "") if payee else "",
    )


def only(category: str | None) -> str | None:
    """The category that is asked for; None for words that mean all of it."""
    name = plain_name(category, "") if category else ""
    return name if name and name.casefold() not in ALL else None


def period(ctx: Context, start: date | None, end: date | None) -> tuple[date, date]:
    """The days that are meant; this month's without any; an end alone is one day."""
    if start is None and end is None:
        return month_of(ctx.now.date())
    first, last = start or end, end or ctx.now.date()
    assert first is not None
    if start is not None and end is not None and first > ctx.now.date() and first.month != ctx.now.month:
        first, last = a_year_before(first), a_year_before(last)  # "in November" is the one that was
    if sensible_day(last) < sensible_day(first):
        raise Refusal("The end must not be before the start.")
    return first, last


def a_year_before(day: date) -> date:
    """The same day of the year before; the last of February stays it."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def data(entry: Entry) -> dict[str, Any]:
    """An entry for programs; amounts are texts, so that none is rounded."""
    return {
        "id": f"m{entry.id}",
        "day": f"{entry.day:%F}",
        "kind": entry.kind,
        "amount": f"{decimal_of(entry.amount):f}",
        "currency": entry.currency,
        "category": entry.category,
        "account": entry.account,
        "payee": entry.payee,
    }


def there(names: list[str]) -> str:
    """A hint at what there is."""
    return f" There is {spoken(sorted(names)[:6])}." if names else ""


def known(ctx: Context) -> dict[str, list[str]]:
    """The member's categories and accounts, the most used first."""
    found = {}
    for column in ("category", "account"):
        rows = ctx.db.execute(
            f"SELECT {column} AS name FROM entry WHERE member=? AND kind<>'opening' GROUP BY {column}"
            " ORDER BY count(*) DESC LIMIT 500",
            (ctx.member,),
        ).fetchall()
        found[column] = [row["name"] for row in rows]
    opened = ctx.db.execute("SELECT DISTINCT account FROM entry WHERE member=?", (ctx.member,)).fetchall()
    budgeted = ctx.db.execute("SELECT category FROM budget WHERE member=?", (ctx.member,)).fetchall()
    found["account"] = list(dict.fromkeys([*found["account"], *(row["account"] for row in opened)]))
    found["category"] = list(dict.fromkeys([*found["category"], *(row["category"] for row in budgeted)]))
    return found


def words_of(text: str | None) -> list[str]:
    """The telling words of what is looked for."""
    return [
        word for word in one_line(text).casefold().split() if word not in ALL | {"my", "the", "for", "at", "of", "with"}
    ]


def span(ctx: Context, start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """The days that are meant in a search; all without any; a start alone within the week is that day's and later's."""
    if start is None or end is None:
        return start, end
    return period(ctx, start, min(end, start + timedelta(days=40_000)))

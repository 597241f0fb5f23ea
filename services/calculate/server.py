"""Arithmetic, percentages, averages and splitting a bill: exact, in fractions, and safe from code."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Annotated, Literal

from pydantic import Field

from services.calculate.exact import LENGTH, evaluate, shown
from services.calculate.words import as_symbols, bare
from services.kit import Context, Refusal, Reply, Service

service = Service(__file__)

LARGEST = 1e100
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
Numbers = Annotated[list[Number], Field(description="The numbers", min_length=1, max_length=1_000)]


@service.tool(
    "read",
    examples=[
        "what is 12 times 7?",
        "calculate (3 + 4) * 2",
        "how much is 1250 divided by 8?",
        "square root of 2",
        "2 to the power of 10",
        "what's twenty-five plus seventeen?",
    ],
)
def evaluate_(
    ctx: Context,
    expression: Annotated[
        str,
        Field(
            description="The sum in words or symbols, such as 12 times 7 or (3+4)*2",
            min_length=1,
            max_length=LENGTH,
            json_schema_extra={"x-fill": "expression"},
        ),
    ],
) -> Reply:
    """Work out a sum: plus, minus, times, divided by, powers, roots, percentages, brackets."""
    value = evaluate(as_symbols(expression))
    return reply(bare(expression), value)


@service.tool(
    "read",
    examples=["what is 15% of 80?", "how much is 20 percent of 250?", "7.5 % of 1200", "take 30 per cent of 90"],
)
def percent(
    ctx: Context,
    percent: Annotated[Number, Field(description="How many per cent")],
    of: Annotated[Number, Field(description="Of which number")],
) -> Reply:
    """Give a percentage of a number: 15% of 80."""
    return reply(f"{said(percent)}% of {said(of)}", exactly(percent) * exactly(of) / 100)


@service.tool(
    "read",
    examples=["what percent of 80 is 12?", "12 is what percentage of 80?", "how many per cent is 45 out of 60?"],
)
def share(
    ctx: Context,
    part: Annotated[Number, Field(description="The part")],
    whole: Annotated[Number, Field(description="The whole that it is a part of")],
) -> Reply:
    """Say how many per cent one number is of another: 12 out of 80."""
    if whole == 0:
        raise Refusal("Nothing is a percentage of zero.")
    value = 100 * exactly(part) / exactly(whole)
    digits, all_there = shown(value)
    about = "" if all_there else "about "
    rounded = digits if all_there else said(round(float(value), 2))
    return Reply(f"{said(part)} is {about}{rounded}% of {said(whole)}.", {"percent": float(value), "exact": all_there})


@service.tool(
    "read",
    examples=[
        "increase 240 by 15%",
        "what is 80 reduced by 25 percent?",
        "200 with 30% off",
        "add 20% VAT to 59.90",
        "a 120 jacket at 40% discount",
    ],
)
def change(
    ctx: Context,
    number: Annotated[Number, Field(description="The number that is changed")],
    percent: Annotated[Number, Field(description="By how many per cent", ge=0)],
    direction: Annotated[Literal["increase", "decrease"], Field(description="Up or down; a discount is a decrease")],
) -> Reply:
    """Raise or lower a number by a percentage: a discount, a tax, a pay rise."""
    step = exactly(percent) / 100
    value = exactly(number) * (1 + step if direction == "increase" else 1 - step)
    return reply(f"{said(number)} {'plus' if direction == 'increase' else 'less'} {said(percent)}%", value)


@service.tool(
    "read",
    examples=[
        "split 84.50 between three",
        "divide a bill of 120 among 5 people with 15% tip",
        "we are six and the bill is 210, what does each pay?",
        "share 60 euros between four of us",
    ],
)
def split(
    ctx: Context,
    total: Annotated[Number, Field(description="The bill, before the tip", gt=0, le=1e12)],
    people: Annotated[int, Field(description="How many pay", ge=1, le=10_000)],
    tip_percent: Annotated[Number, Field(description="Tip in per cent of the bill", ge=0, le=1_000)] = 0,
) -> Reply:
    """Split a bill between people, with or without a tip: what each pays, to the cent."""
    cents = round(exactly(total) * (100 + exactly(tip_percent)))
    low, more = divmod(cents, people)
    shares = [money(low + 1)] * more + [money(low)] * (people - more)
    pays = f"Each pays {money(low)}" if not more else f"{pay(people - more, low)} and {pay(more, low + 1)}"
    tip = f" with the {said(tip_percent)}% tip" if tip_percent else ""
    return Reply(
        f"{pays} ({money(cents)} in all{tip}).",
        {"total": money(cents), "each": money(low), "shares": shares[:100], "people": people},
    )


@service.tool(
    "read",
    examples=["what's the average of 4, 8 and 15?", "mean of 12, 14, 19 and 20", "average these: 3.5, 4 and 4.5"],
)
def average(ctx: Context, numbers: Numbers) -> Reply:
    """Give the average (mean) of numbers, and the median."""
    exact = [exactly(number) for number in numbers]
    middle, _ = shown(median(exact))
    answer = reply("The average", sum(exact, Fraction(0)) / len(exact))
    return Reply(answer.text, {**answer.data, "median": middle})


@service.tool(
    "read",
    examples=["add up 12, 30.5 and 7", "what's the sum of 3, 4, 5 and 6?", "total of 19.99, 5 and 12.50"],
)
def sum_(ctx: Context, numbers: Numbers) -> Reply:
    """Add numbers up."""
    return reply("The sum", sum((exactly(number) for number in numbers), Fraction(0)))


@service.tool(
    "read",
    examples=["round 3.14159 to two decimals", "round 1287 to the nearest hundred", "round 17.6 to a whole number"],
)
def round_(
    ctx: Context,
    number: Annotated[Number, Field(description="The number to round")],
    places: Annotated[
        int, Field(description="Places after the point; 0 for whole numbers, -2 for hundreds", ge=-12, le=12)
    ] = 0,
) -> Reply:
    """Round a number to some decimal places, or to tens, hundreds or thousands; halves away from zero."""
    scaled = exactly(number) * Fraction(10) ** places
    whole = int(abs(scaled) + Fraction(1, 2))
    value = Fraction(whole if scaled >= 0 else -whole) / Fraction(10) ** places
    return reply(f"{said(number)} rounded", value)


def exactly(number: float) -> Fraction:
    """The number as it was written: 0.1 is a tenth."""
    return Fraction(Decimal(repr(number)))


def said(number: float) -> str:
    """The number as one writes it."""
    return shown(exactly(number))[0]


def money(cents: int) -> str:
    """26.51"""
    return f"{cents // 100}.{cents % 100:02}"


def pay(people: int, cents: int) -> str:
    """2 pay 33.33"""
    return f"{people} {'pays' if people == 1 else 'pay'} {money(cents)}"


def reply(subject: str, value: Fraction) -> Reply:
    """The answer, which says where it is rounded."""
    digits, all_there = shown(value)
    return Reply(f"{subject} is {'' if all_there else 'about '}{digits}.", {"value": digits, "exact": all_there})


if __name__ == "__main__":
    service.run()

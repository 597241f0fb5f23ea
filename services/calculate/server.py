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
        "work out 96 minus 38.5",
        "divide 4096 by 16",
        "multiply 45 by 6",
        "subtract 17 from 130",
        "half of 57",
        "a quarter of 300",
        "could you solve 9 squared plus 4",
        "what's 15% of 240 plus 12?",
        "(18-3)/5",
        "six times nine",
        "take 12 away from 90",
        "what do you get from 7 x 13?",
        "a third of 48",
        "what's half of 19?",
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
    """Calculate an expression: plus, minus, times, divided by, powers, roots, fractions, brackets."""
    value = evaluate(as_symbols(expression))
    return reply(bare(expression), value)


@service.tool(
    "read",
    examples=[
        "what is 15% of 80?",
        "how much is 20 percent of 250?",
        "7.5 % of 1200",
        "30 per cent of 90",
        "could you tell me 12% of 60",
        "five percent of two thousand",
        "a 3% share of 410, how much is that?",
        "work out 65 percent of 18",
        "if 40% of 95 come, how many is that?",
    ],
)
def percent(
    ctx: Context,
    percent: Annotated[Number, Field(description="How many per cent")],
    of: Annotated[Number, Field(description="Of which number")],
) -> Reply:
    """Give so many per cent of a number: 15% of 80."""
    return reply(f"{said(percent)}% of {said(of)}", exactly(percent) * exactly(of) / 100)


@service.tool(
    "read",
    examples=[
        "what percent of 80 is 12?",
        "12 is what percentage of 80?",
        "how many per cent is 45 out of 60?",
        "I got 17 of 20 points, what percentage is that?",
        "express 9 out of 36 as a percentage",
        "33 of 110 in per cent",
        "could you say how many percent 7 is of 50",
        "which percentage does 250 make of 1000?",
    ],
)
def share(
    ctx: Context,
    part: Annotated[Number, Field(description="The part")],
    whole: Annotated[Number, Field(description="The whole that it is a part of")],
) -> Reply:
    """Say what percentage one number is of another: 12 out of 80."""
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
        "take 10 percent off 75",
        "my wage of 2100 rises 3%, how much will it be?",
        "300 plus 19% tax",
        "the price of 45 drops by 5 percent, what's it now?",
        "could you raise 860 by 2.5%",
        "what do I pay for 64 less 15%?",
        "lower 500 by a 12 percent rebate",
        "insurance was 400 and goes up 6 per cent",
    ],
)
def change(
    ctx: Context,
    number: Annotated[Number, Field(description="The number that is changed")],
    percent: Annotated[Number, Field(description="By how many per cent", ge=0)],
    direction: Annotated[Literal["increase", "decrease"], Field(description="Up or down; a discount is a decrease")],
) -> Reply:
    """Raise or lower a number by a percentage, up or down: a discount, per cent off, a tax, a rise."""
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
        "dinner cost 96, there were eight of us",
        "how much does everyone owe if 45 is shared by 3?",
        "could you split the check of 150 two ways, tip 10%",
        "each person's part of 72.80 for seven",
        "cut the 33 dollar bill in half for the two of us",
    ],
)
def split(
    ctx: Context,
    total: Annotated[Number, Field(description="The bill, before the tip", gt=0, le=1e12)],
    people: Annotated[int, Field(description="How many pay", ge=1, le=10_000)],
    tip_percent: Annotated[Number, Field(description="Tip in per cent of the bill", ge=0, le=1_000)] = 0,
) -> Reply:
    """Split a bill or a sum of money between people, with or without a tip: what each pays."""
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
    examples=[
        "what's the average of 4, 8 and 15?",
        "mean of 12, 14, 19 and 20",
        "average these: 3.5, 4 and 4.5",
        "could you work out the mean for 61, 70, 75",
        "on average, what are 2, 9 and 13?",
        "the median of 5, 6, 11",
        "averaging 100, 140 and 180 gives what?",
        "find the middle value of 8, 1 and 22",
    ],
)
def average(ctx: Context, numbers: Numbers) -> Reply:
    """Give the average (mean) of numbers, and the median."""
    exact = [exactly(number) for number in numbers]
    middle, _ = shown(median(exact))
    answer = reply("The average", sum(exact, Fraction(0)) / len(exact))
    return Reply(answer.text, {**answer.data, "median": middle})


@service.tool(
    "read",
    examples=[
        "add up 12, 30.5 and 7",
        "what's the sum of 3, 4, 5 and 6?",
        "total of 19.99, 5 and 12.50",
        "sum these numbers: 44, 18, 2",
        "how much are 8, 9 and 10 altogether?",
        "could you total 61, 3.2 and 15",
        "what do 250, 99 and 41 come to?",
        "sum up 7, 7, 14 and 28",
    ],
)
def sum_(ctx: Context, numbers: Numbers) -> Reply:
    """Add up several numbers: their total."""
    return reply("The sum", sum((exactly(number) for number in numbers), Fraction(0)))


@service.tool(
    "read",
    examples=[
        "round 3.14159 to two decimals",
        "round 1287 to the nearest hundred",
        "round 17.6 to a whole number",
        "what's 45.678 rounded to one decimal place?",
        "could you round off 9.995",
        "8,451 to the nearest thousand please",
        "round down to tens: 86",
        "give me 2.71828 with three decimals",
    ],
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

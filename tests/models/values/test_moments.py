"""Days, times and moments, said on Wednesday 4 March 2026 at 9:00 in Paris."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.reflex.values import Span, find_values

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=PARIS)


def only(text: str, kinds: set[str], now: datetime = NOW) -> Span:
    """The one sure span of those kinds."""
    spans = [s for s in find_values(text, now) if s.kind in kinds and s.score >= 0.5]
    assert len(spans) == 1, spans
    return spans[0]


DAYS = [
    ("what's on today?", "2026-03-04"),
    ("remind me tomorrow", "2026-03-05"),
    ("what did I do yesterday", "2026-03-03"),
    ("call her the day after tomorrow", "2026-03-06"),
    ("the day before yesterday was cold", "2026-03-02"),
    ("see you Tuesday", "2026-03-10"),
    ("see you on Friday", "2026-03-06"),
    ("lunch on Wednesday", "2026-03-11"),
    ("lunch this Wednesday", "2026-03-04"),
    ("lunch this Friday", "2026-03-06"),
    ("lunch next Tuesday", "2026-03-10"),
    ("lunch next Friday", "2026-03-13"),
    ("lunch next Wednesday", "2026-03-11"),
    ("lunch next Sunday", "2026-03-15"),
    ("I saw her last Monday", "2026-03-02"),
    ("I saw her last Wednesday", "2026-02-25"),
    ("Monday week works", "2026-03-16"),
    ("a week on Tuesday works", "2026-03-17"),
    ("a week from Friday", "2026-03-13"),
    ("two weeks from tomorrow", "2026-03-19"),
    ("three days after tomorrow", "2026-03-08"),
    ("a week tomorrow", "2026-03-12"),
    ("tomorrow week", "2026-03-12"),
    ("pay the rent on the first", "2026-04-01"),
    ("pay the rent on the 4th", "2026-03-04"),
    ("pay the rent on the 15th", "2026-03-15"),
    ("pay the rent on the 3rd", "2026-04-03"),
    ("pay the rent on the 31st", "2026-03-31"),
    ("by the twenty-first please", "2026-03-21"),
    ("on March 5th", "2026-03-05"),
    ("on March 5", "2026-03-05"),
    ("on March 3rd", "2027-03-03"),
    ("on 5 March 2027", "2027-03-05"),
    ("on the 5th of March", "2026-03-05"),
    ("on the first of May", "2026-05-01"),
    ("May the fourth", "2026-05-04"),
    ("March 5th, 2027", "2027-03-05"),
    ("Dec 24", "2026-12-24"),
    ("the 2nd of next month", "2026-04-02"),
    ("on 5/3", "2026-03-05"),
    ("on 25/12", "2026-12-25"),
    ("on 12/25", "2026-12-25"),
    ("due 5/3/2027", "2027-03-05"),
    ("due 5.3.2027", "2027-03-05"),
    ("due 05-03-2027", "2027-03-05"),
    ("due 2026-07-14", "2026-07-14"),
    ("in three days", "2026-03-07"),
    ("in a week", "2026-03-11"),
    ("in a fortnight", "2026-03-18"),
    ("in two months", "2026-05-04"),
    ("in a year", "2027-03-04"),
    ("two weeks from now", "2026-03-18"),
    ("ten days ago", "2026-02-22"),
    ("in two days' time", "2026-03-06"),
    ("in a couple of days", "2026-03-06"),
    ("at the end of the month", "2026-03-31"),
    ("by the end of next month", "2026-04-30"),
    ("at the beginning of May", "2026-05-01"),
    ("in the middle of June", "2026-06-15"),
    ("at the end of the week", "2026-03-06"),
    ("at the end of next week", "2026-03-13"),
    ("by the end of the year", "2026-12-31"),
    ("the last day of April", "2026-04-30"),
    ("the first Monday in May", "2026-05-04"),
    ("the last Friday of the month", "2026-03-27"),
    ("the second Tuesday of next month", "2026-04-14"),
    ("Friday the 13th", "2026-03-13"),
    ("Friday 13 March", "2026-03-13"),
    ("on Christmas Eve", "2026-12-24"),
    ("on New Year's Day", "2027-01-01"),
    ("on Easter Monday", "2026-04-06"),
    ("by Halloween", "2026-10-31"),
    ("on 29 February", "2028-02-29"),
    ("tomorrow's lunch", "2026-03-05"),
    ("Monday's meeting", "2026-03-09"),
    ("what's tomorrow like", "2026-03-05"),
    ("on the 5/3", "2026-03-05"),
    ("on July 4 1776", "1776-07-04"),
    ("in 2 weeks on Monday", "2026-03-16"),
    ("on Monday in two weeks", "2026-03-16"),
    ("3 days before Christmas", "2026-12-22"),
    ("on Sat", "2026-03-07"),
    ("Tuesday next week", "2026-03-10"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_is_found(text: str, day: str) -> None:
    span = only(text, {"day", "moment", "time", "absurd", "range", "repeat"})
    assert (span.kind, span.value) == ("day", day)


MOMENTS = [
    ("remind me to call mum tomorrow at 5pm", "2026-03-05T17:00"),
    ("tomorrow at 5", "2026-03-05T17:00"),
    ("at 5 tomorrow", "2026-03-05T17:00"),
    ("tomorrow 5pm", "2026-03-05T17:00"),
    ("book a run tomorrow at 7", "2026-03-05T07:00"),
    ("at half past seven tomorrow", "2026-03-05T07:30"),
    ("tomorrow at quarter to nine", "2026-03-05T08:45"),
    ("tomorrow morning", "2026-03-05T09:00"),
    ("tomorrow afternoon", "2026-03-05T15:00"),
    ("tomorrow evening at 7", "2026-03-05T19:00"),
    ("at 7 tomorrow evening", "2026-03-05T19:00"),
    ("tomorrow in the morning", "2026-03-05T09:00"),
    ("tomorrow at 7 in the evening", "2026-03-05T19:00"),
    ("remind me tonight", "2026-03-04T20:00"),
    ("remind me tonight at 9", "2026-03-04T21:00"),
    ("at 9 tonight", "2026-03-04T21:00"),
    ("tonight at half past ten", "2026-03-04T22:30"),
    ("tonight at 1", "2026-03-05T01:00"),
    ("tonight at 12", "2026-03-05T00:00"),
    ("Friday at midnight", "2026-03-07T00:00"),
    ("Friday at noon", "2026-03-06T12:00"),
    ("this afternoon", "2026-03-04T15:00"),
    ("this evening", "2026-03-04T19:00"),
    ("this evening at 8", "2026-03-04T20:00"),
    ("next Tuesday at 3", "2026-03-10T15:00"),
    ("Tuesday at 17:30", "2026-03-10T17:30"),
    ("Tuesday 3pm", "2026-03-10T15:00"),
    ("Tuesday, 3 p.m.", "2026-03-10T15:00"),
    ("3pm on Tuesday", "2026-03-10T15:00"),
    ("3 o'clock on Tuesday", "2026-03-10T15:00"),
    ("Sat at 11", "2026-03-07T11:00"),
    ("on the first at nine", "2026-04-01T09:00"),
    ("on the 15th at 10:30", "2026-03-15T10:30"),
    ("March 5th at 8am", "2026-03-05T08:00"),
    ("5 March 2027 at 14:00", "2027-03-05T14:00"),
    ("in three days at 5", "2026-03-07T17:00"),
    ("in 10 minutes", "2026-03-04T09:10"),
    ("in half an hour", "2026-03-04T09:30"),
    ("in an hour and a half", "2026-03-04T10:30"),
    ("in two hours", "2026-03-04T11:00"),
    ("half an hour from now", "2026-03-04T09:30"),
    ("twenty minutes ago", "2026-03-04T08:40"),
    ("in 1h30", "2026-03-04T10:30"),
    ("in 24 hours", "2026-03-05T09:00"),
    ("in a day and a half", "2026-03-05T21:00"),
    ("in a quarter of an hour", "2026-03-04T09:15"),
    ("in three quarters of an hour", "2026-03-04T09:45"),
    ("2026-03-09T08:15", "2026-03-09T08:15"),
    ("2026-03-09 08:15", "2026-03-09T08:15"),
    ("2026-03-09T08:15:00Z", "2026-03-09T09:15"),
    ("today at 8", "2026-03-04T20:00"),
    ("today at 10", "2026-03-04T10:00"),
    ("today at 4", "2026-03-04T16:00"),
    ("tomorrow at nine thirty", "2026-03-05T09:30"),
    ("wake me tomorrow at 6", "2026-03-05T06:00"),
    ("dinner with Bo on Friday at 8", "2026-03-06T20:00"),
    ("by the end of the day", "2026-03-04T18:00"),
    ("a week on Tuesday at noon", "2026-03-17T12:00"),
    ("right now", "2026-03-04T09:00"),
    ("last night", "2026-03-03T20:00"),
    ("Monday morning", "2026-03-09T09:00"),
    ("on Christmas Day at 10am", "2026-12-25T10:00"),
]


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_a_moment_is_found(text: str, moment: str) -> None:
    span = only(text, {"day", "moment", "time", "absurd", "range", "repeat"})
    assert span.kind == "moment"
    assert datetime.fromisoformat(span.value) == datetime.fromisoformat(moment).replace(tzinfo=PARIS)


TIMES = [
    ("at 5", "17:00:00"),
    ("at 9", "21:00:00"),
    ("at 10", "10:00:00"),
    ("at nine", "21:00:00"),
    ("at eleven", "11:00:00"),
    ("at 12", "12:00:00"),
    ("5pm", "17:00:00"),
    ("5 p.m.", "17:00:00"),
    ("12am", "00:00:00"),
    ("12 pm", "12:00:00"),
    ("five pm", "17:00:00"),
    ("at 17:30", "17:30:00"),
    ("17:30", "17:30:00"),
    ("at 3:30", "15:30:00"),
    ("at 03:30", "03:30:00"),
    ("at 10:30", "10:30:00"),
    ("at 5.30pm", "17:30:00"),
    ("half past seven", "19:30:00"),
    ("half past ten", "10:30:00"),
    ("quarter to nine", "20:45:00"),
    ("a quarter past four", "16:15:00"),
    ("ten to five", "16:50:00"),
    ("twenty past 6", "18:20:00"),
    ("five minutes to three", "14:55:00"),
    ("quarter to one", "12:45:00"),
    ("ten to noon", "11:50:00"),
    ("half seven", "19:30:00"),
    ("at nine thirty", "09:30:00"),
    ("at ten fifteen", "10:15:00"),
    ("at seven oh five", "19:05:00"),
    ("noon", "12:00:00"),
    ("at midday", "12:00:00"),
    ("midnight", "00:00:00"),
    ("7 in the morning", "07:00:00"),
    ("at 7 in the evening", "19:00:00"),
    ("at 3 in the afternoon", "15:00:00"),
    ("at 3 in the morning", "03:00:00"),
    ("at 11 at night", "23:00:00"),
    ("in the morning", "09:00:00"),
    ("in the afternoon", "15:00:00"),
    ("in the evening", "19:00:00"),
    ("eight o'clock", "20:00:00"),
    ("8 o'clock in the morning", "08:00:00"),
    ("after 6pm", "18:00:00"),
    ("by 5", "17:00:00"),
    ("wake me up at 6:30", "06:30:00"),
    ("set an alarm for 7", "07:00:00"),
    ("dinner at 7", "19:00:00"),
    ("move it to 4", "16:00:00"),
    ("change it to half past four", "16:30:00"),
    ("remind me at 5 to call mum", "17:00:00"),
    ("remind me at 5 call mum", "17:00:00"),
    ("at 1600", "16:00:00"),
    ("a table at half seven", "19:30:00"),
    ("at 23", "23:00:00"),
]


@pytest.mark.parametrize(("text", "time"), TIMES)
def test_a_time_is_found(text: str, time: str) -> None:
    span = only(text, {"day", "moment", "time", "absurd", "range", "repeat"})
    assert (span.kind, span.value) == ("time", time)


NEXT = [
    ("at 8", "2026-03-04T20:00"),
    ("at 10", "2026-03-04T10:00"),
    ("at 5", "2026-03-04T17:00"),
    ("8am", "2026-03-05T08:00"),
    ("in the morning", "2026-03-05T09:00"),
    ("in the evening", "2026-03-04T19:00"),
    ("at midnight", "2026-03-05T00:00"),
    ("alarm at 7", "2026-03-05T07:00"),
]


@pytest.mark.parametrize(("text", "moment"), NEXT)
def test_a_time_with_no_day_is_the_next_coming(text: str, moment: str) -> None:
    detail = only(text, {"time"}).detail
    assert datetime.fromisoformat(detail["moment"]) == datetime.fromisoformat(moment).replace(tzinfo=PARIS)


ABSURD = [
    ("on the 31st of February", "February has no day 31."),
    ("February 30", "February has no day 30."),
    ("30 February at 5pm", "February has no day 30."),
    ("on April 31st", "April has no day 31."),
    ("29 February 2027", "February 2027 has no day 29."),
    ("on 31/4/2026", "April has no day 31."),
    ("2026-02-30", "February has no day 30."),
    ("2026-13-01", "There is no date 2026-13-01."),
    ("at 25:00", "There is no time 25:00."),
    ("at 12:75", "There is no time 12:75."),
    ("on the 32nd", "No month has a day 32."),
    ("tomorrow at 26:15", "There is no time 26:15."),
    ("every February 30", "February has no day 30."),
]


@pytest.mark.parametrize(("text", "reason"), ABSURD)
def test_a_date_or_time_that_does_not_exist_is_said_to_be_absurd(text: str, reason: str) -> None:
    span = only(text, {"day", "moment", "time", "absurd", "range", "repeat"})
    assert (span.kind, span.value, span.detail["reason"]) == ("absurd", None, reason)


NOT_TIMES = [
    "who came first?",
    "may I ask you something",
    "march on",
    "add two eggs to the list",
    "the second one",
    "the third option",
    "I sat down",
    "split it between 4 people",
    "multiply 6 by 7",
    "add 12 eggs",
    "set the oven to 200 degrees",
    "wait a bit",
    "between 5 and 10 people",
    "remove the first and the third",
    "turn it up to 11 percent",
    "tell me about 5 guys",
    "in the kitchen",
    "on the table",
    "one of us",
    "version 3.12",
    "call me at +44 20 7946 0958",
]


@pytest.mark.parametrize("text", NOT_TIMES)
def test_ordinary_words_are_no_times(text: str) -> None:
    kinds = {"day", "moment", "time", "range", "repeat", "absurd", "duration"}
    assert [s for s in find_values(text, NOW) if s.kind in kinds and s.score >= 0.5] == []


def test_a_weekday_said_on_that_day_has_today_as_its_other_reading() -> None:
    assert only("Wednesday", {"day"}).detail["also"] == "2026-03-04T09:00:00+01:00"


def test_an_american_zone_reads_the_month_first() -> None:
    now = NOW.astimezone(ZoneInfo("America/New_York"))
    assert only("on 5/3", {"day"}, now).value == "2026-05-03"


def test_a_time_that_the_clocks_skip_moves_forward() -> None:
    assert only("29 March 2026 at 2:30am", {"moment"}).value == "2026-03-29T03:30:00+02:00"


def test_a_moment_after_the_change_of_clocks_has_the_summer_offset() -> None:
    assert only("on the first at nine", {"moment"}).value == "2026-04-01T09:00:00+02:00"


def test_hours_from_now_pass_the_change_of_clocks_by_the_real_length() -> None:
    before = datetime(2026, 3, 29, 1, 30, tzinfo=PARIS)
    assert only("in two hours", {"moment"}, before).value == "2026-03-29T04:30:00+02:00"


def test_the_relation_is_told() -> None:
    assert only("after 6pm", {"time"}).detail["relation"] == "after"
    assert only("by Friday", {"day"}).detail["relation"] == "by"
    assert only("since Monday", {"day"}).detail["relation"] == "since"


def test_a_day_reaches_from_midnight_to_midnight() -> None:
    detail = only("on Friday", {"day"}).detail
    assert (detail["start"], detail["end"]) == ("2026-03-06T00:00:00+01:00", "2026-03-07T00:00:00+01:00")


def test_the_kinds_asked_for_decide_how_a_day_is_read() -> None:
    (moment,) = find_values("tomorrow", NOW, {"moment"})
    (span,) = find_values("tomorrow", NOW, {"range"})
    assert (moment.kind, moment.value) == ("moment", "2026-03-05T09:00:00+01:00")
    assert span.value == {"start": "2026-03-05T00:00:00+01:00", "end": "2026-03-06T00:00:00+01:00"}


def test_now_decides_and_not_the_clock_on_the_wall() -> None:
    assert only("tomorrow", {"day"}, NOW + timedelta(365)).value == "2027-03-05"


def test_a_span_says_what_was_said() -> None:
    text = "please, remind me tomorrow at 5pm to call"
    span = only(text, {"moment"})
    assert text[span.start : span.end] == span.text == "tomorrow at 5pm"
    assert only("cancel the 3pm meeting", {"time"}).text == "3pm"

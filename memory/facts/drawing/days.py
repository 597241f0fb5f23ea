"""A small reading of dates in a sentence: weekdays, months, years, "two weeks ago", "by Friday", ISO days.

Must stay true: a date that is read is taken out of the sentence, so that it is no part of what is claimed; the past and
the future are told apart by whoever asks. Memory may not import the models' larger reading, which can be handed to
`draw` for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february march april may june july august september october november december".split()
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1, "an": 1, "a few": 3, "several": 3, "a couple of": 2, "a couple": 2, "half a": 1}
_DAY = timedelta(days=1)

_WD = "|".join(WEEKDAYS)
_M = "|".join([*_MONTHS, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept?", "oct", "nov", "dec"])
_N = (
    r"\d{1,3}|half a|an?(?: few| couple(?: of)?)?|several|one|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve"
)
_SEASON = "|".join(_SEASONS)
WHEN = re.compile(
    rf"""(?:(?<=\s)|^)(?:(?P<prep>since|until|till|up\ to|to|by|
        before|from|as\ of|starting|on|in|during|around|for|over|every|this\ coming)\s+)?
    (?:the\ (?:beginning|start|end|middle)\ of\s+)?(?:the\s+)?
    (?:(?P<iso>\d{{4}}-\d\d-\d\d)
    |(?P<word>day\ after\ tomorrow|day\ before\ yesterday|yesterday|today|tonight|tomorrow|last\ night|
        this\ (?:morning|afternoon|evening|week|weekend|month|year|spring|summer|autumn|winter))
    |(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<m1>{_M})\b\.?(?:,?\ (?P<y1>\d{{4}}))?
    |(?P<m2>{_M})\.?\ (?:the\ )?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\ (?P<y2>\d{{4}}))?
    |(?P<which>last|next|this|coming|past|early|mid|late)\ (?P<unit>week|weekend|month|year|{_SEASON}|{_WD}|{_M})
    |(?P<m3>{_M})\b(?:,?\ (?:of\ )?(?P<y3>\d{{4}}))?
    |(?P<season>{_SEASON})(?:\ of)?\ (?P<y5>\d{{4}})
    |(?P<wd>{_WD})
    |(?P<n>{_N})\s+(?P<units>day|week|month|year)s?(?P<ago>\ ago)?
    |(?P<nth>\d{{1,2}})(?:st|nd|rd|th)(?:\ of\ (?:this|the)\ month)?
    |(?P<y4>(?:19|20)\d\d)(?!\s*(?:km|kg|euro|dollar|pound)))\b
    (?:\s+(?:morning|afternoon|evening|night|already|now|onwards?|on)\b)?
    (?:,?\ (?:at|by|around|before)\ (?P<h>\d{{1,2}})(?:[:.](?P<mi>\d\d))?\ ?(?P<ap>[ap]\.?m\b\.?|o'clock)?)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NEED_WORD = {
    "y4": [*"since in until till to from by before around during".split(), "up to", "as of"],
    "nth": ["on", "by", "before", "until", "till", "since"],
}
_AMBIGUOUS = frozenset(("may", "march", "mar", "dec", "jan"))


@dataclass(frozen=True, slots=True)
class When:
    """One date that a sentence names."""

    prep: str
    """The word before it: since, until, by, on …; empty if there is none."""
    start: datetime
    end: datetime
    """Exclusive."""
    clock: bool
    """It names a time of day, which `start` is."""
    text: str


def take(said: str, now: datetime, *, ahead: bool) -> tuple[str, list[When]]:
    """The sentence without its dates, and the dates; those not clear lie ahead, or behind."""
    found: list[When] = []
    kept: list[str] = []
    last = 0
    for match in WHEN.finditer(said):
        if (when := _read(match, now, ahead)) is not None:
            found.append(when)
            kept.append(said[last : match.start()])
            last = match.end()
    kept.append(said[last:])
    return " ".join(" ".join(kept).split()) if found else said, found


def _read(match: re.Match[str], now: datetime, ahead: bool) -> When | None:
    parts = {name: value.casefold() for name, value in match.groupdict().items() if value}
    prep = parts.get("prep", "")
    if prep == "every" or not _worded(parts, prep):
        return None
    try:
        span = next(read(parts, now, ahead) for name, read in _READERS if name in parts)
        if span is None:
            return None
        start, end = span
        if "h" in parts:
            start = _at(start, parts)
        return When(prep, start, end, "h" in parts, match[0].strip())
    except (ValueError, OverflowError):  # the 31st of June; the year 20000
        return None


def _worded(parts: dict[str, str], prep: str) -> bool:
    """Whether it is surely a date: "May" may be a name or a verb, 2000 a number, "two weeks" a length."""
    if "units" in parts:
        return "ago" in parts or prep in ("in", "for", "since", "over")
    if "m3" in parts and "y3" not in parts:
        return bool(prep) or parts["m3"] not in _AMBIGUOUS
    return all(prep in words for name, words in _NEED_WORD.items() if name in parts)


Span = tuple[datetime, datetime]


def _iso(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    year, month, day = map(int, parts["iso"].split("-"))
    return _days(now.replace(year=year, month=month, day=day))


def _word(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    word = parts["word"]
    days = {
        "yesterday": -1,
        "last night": -1,
        "tomorrow": 1,
        "day after tomorrow": 2,
        "day before yesterday": -2,
    }
    if word.startswith("this ") and (unit := word.removeprefix("this ")) in (
        "week",
        "weekend",
        "month",
        "year",
        *_SEASONS,
    ):
        return _unit(unit, now, 0)
    return _days(now + _DAY * days.get(word, 0))


def _day_month(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    number = "1" if "d1" in parts else "2"
    month, day = _month(parts[f"m{number}"]), int(parts[f"d{number}"])
    if f"y{number}" in parts:
        return _days(now.replace(year=int(parts[f"y{number}"]), month=month, day=day))
    return _days(_nearest(lambda year: now.replace(year=year, month=month, day=day), now, ahead))


def _which(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    which, unit = parts["which"], parts["unit"]
    step = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0)
    if unit in WEEKDAYS:
        return _weekday(unit, now, ahead=step > 0 or (step == 0 and ahead), far=which == "next")
    if unit in ("week", "weekend", "month", "year"):
        return _unit(unit, now, step)
    if unit in _SEASONS:
        return _nearby(lambda year: _months(now, year, _SEASONS[unit], 3), now, step > 0 or (step == 0 and ahead))
    month = _month(unit)
    return _nearby(lambda year: _months(now, year, month, 1), now, step > 0 or (step == 0 and ahead))


def _bare_month(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    month = _month(parts["m3"])
    if "y3" in parts:
        return _months(now, int(parts["y3"]), month, 1)
    return _nearby(lambda year: _months(now, year, month, 1), now, ahead)


def _season_year(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    first = now.replace(year=int(parts["y5"]), day=1)
    return _months(first, int(parts["y5"]), _SEASONS[parts["season"]], 3)


def _bare_weekday(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    return _weekday(parts["wd"], now, ahead)


def _count(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    said = parts["n"]
    count = int(said) if said.isdigit() else _NUMBERS.get(said, 1)
    back = "ago" in parts or parts.get("prep") in ("for", "since", "over")
    if parts.get("prep") == "in" and not back and not ahead:
        return None
    step = -count if back else count
    if parts["units"] in ("month", "year"):
        months = step * (12 if parts["units"] == "year" else 1)
        start = _months(now, now.year, now.month, 1, months)[0]
        if parts["units"] == "month":
            start = start.replace(day=min(now.day, 28))
        return start, start + _DAY
    return _days(now + step * (7 if parts["units"] == "week" else 1) * _DAY)


def _nth(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    day = int(parts["nth"])
    month = now.replace(day=day)
    if ahead and month.date() < now.date():
        month = _months(now, now.year, now.month, 1, 1)[0].replace(day=day)
    elif not ahead and month.date() > now.date():
        month = _months(now, now.year, now.month, 1, -1)[0].replace(day=day)
    return _days(month)


def _year(parts: dict[str, str], now: datetime, ahead: bool) -> Span | None:
    return _months(now, int(parts["y4"]), 1, 12)


_READERS: tuple[tuple[str, Callable[[dict[str, str], datetime, bool], Span | None]], ...] = (
    ("iso", _iso),
    ("word", _word),
    ("d1", _day_month),
    ("d2", _day_month),
    ("which", _which),
    ("m3", _bare_month),
    ("season", _season_year),
    ("wd", _bare_weekday),
    ("n", _count),
    ("nth", _nth),
    ("y4", _year),
)


def _days(day: datetime) -> Span:
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + _DAY


def _months(now: datetime, year: int, month: int, count: int, step: int = 0) -> Span:
    """So many months from the first day of that month on, moved by `step` months."""
    first = year * 12 + month - 1 + step
    zero = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ends = (zero.replace(year=at // 12, month=at % 12 + 1) for at in (first, first + count))
    start, end = ends
    return start, end


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))


def _unit(unit: str, now: datetime, step: int) -> Span:
    day = _days(now)[0]
    if unit == "week":
        monday = day - day.weekday() * _DAY + 7 * step * _DAY
        return monday, monday + 7 * _DAY
    if unit == "weekend":
        saturday = day - day.weekday() * _DAY + (5 + 7 * step) * _DAY
        return saturday, saturday + 2 * _DAY
    if unit in _SEASONS:
        return _months(now, now.year, _SEASONS[unit], 3)
    return _months(now, now.year, now.month, 1, step) if unit == "month" else _months(now, now.year + step, 1, 12)


def _weekday(name: str, now: datetime, ahead: bool, far: bool = False) -> Span:
    days = (WEEKDAYS.index(name) - now.weekday()) % 7
    if ahead:
        return _days(now + (days or 7 if far else days) * _DAY)
    return _days(now - ((7 - days) if days else 7) * _DAY)


def _nearest(of_year: Callable[[int], datetime], now: datetime, ahead: bool) -> datetime:
    day = of_year(now.year)
    if ahead and day.date() < now.date():
        return of_year(now.year + 1)
    if not ahead and day.date() > now.date():
        return of_year(now.year - 1)
    return day


def _nearby(of_year: Callable[[int], Span], now: datetime, ahead: bool) -> Span:
    start, end = of_year(now.year)
    if ahead and end <= now:
        return of_year(now.year + 1)
    if not ahead and start > now:
        return of_year(now.year - 1)
    return start, end


def _at(day: datetime, parts: dict[str, str]) -> datetime:
    hour, half = int(parts["h"]), parts.get("ap", "").replace(".", "")
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif not half and 1 <= hour <= 6:  # nobody says "at 5" of the night
        hour += 12
    return day.replace(hour=hour, minute=int(parts.get("mi", "0")))

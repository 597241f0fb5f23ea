"""Times of day: "at 5", "5pm", "half past seven", "17:30", "nine thirty", "noon", "in the evening".

Bare hours: 1 to 6 are meant after noon, 7 to 11 before it, 12 is noon; a part of the day ("tonight at 9") or a cue
nearby ("wake me at 6", "dinner at 8") decides otherwise. What is past today is settled in moments.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.reflex.values import words
from models.reflex.values.numbers import integer_at
from models.reflex.values.tokens import Hit, Scene


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as said."""

    hour: int
    """0 to 24 as said: 24 is midnight."""
    minute: int = 0
    second: int = 0
    sure: bool = True
    """It cannot mean the other half of the day."""
    bare: bool = False
    """Only a number, which could be anything."""
    absurd: str = ""


def clock_at(s: Scene, i: int, *, bare: bool = False) -> Hit[Clock] | None:
    """The time of day at token i; a number alone only where `bare` allows it."""
    low = s.low(i)
    if low in words.NAMED_TIMES or (low == "the" and s.low(i + 1) == "noon"):
        return Hit(Clock(words.NAMED_TIMES[low if low != "the" else "noon"]), i + 1 + (low == "the"))
    if s.kind(i) == "clock":
        return _digital_at(s, i)
    return _spoken_at(s, i) or _hour_at(s, i, bare)


def _digital_at(s: Scene, i: int) -> Hit[Clock]:
    raw = s.tokens[i].low
    hour, minute, *rest = (int(part) for part in raw.split(":"))
    second = rest[0] if rest else 0
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and minute):
        return Hit(Clock(0, absurd=f"There is no time {raw}."), i + 1)
    sure = hour == 0 or hour > 12 or raw.startswith("0")
    return _with_meridiem(s, Hit(Clock(hour, minute, second, sure=sure), i + 1))


def _with_meridiem(s: Scene, hit: Hit[Clock]) -> Hit[Clock]:
    half = words.MERIDIEMS.get(s.low(hit.end))
    if half is None:
        return hit
    clock = hit.value
    if not 1 <= clock.hour <= 12:
        return Hit(clock, hit.end + 1) if clock.hour > 12 and half else hit
    return Hit(replace(clock, hour=clock.hour % 12 + half, sure=True, bare=False), hit.end + 1)


def _spoken_at(s: Scene, i: int) -> Hit[Clock] | None:
    """half past seven, quarter to nine, ten to five, 20 minutes past 3"""
    j = i + 1 if s.low(i) in words.A else i
    low = s.low(j)
    if low in {"half", "quarter"}:
        minutes, j = (30 if low == "half" else 15), j + 1
        if low == "half" and s.low(j) not in words.PAST:
            return _half_seven(s, j)
    else:
        count = integer_at(s, j)
        if count is None or not 1 <= count.value <= 29:
            return None
        minutes, j = count.value, count.end
        if words.TIME_UNITS.get(s.low(j)) == "minute" and s.low(j) != "m":
            j += 1
        elif minutes % 5 or (s.number(i) is not None and s.low(j) in words.TO and s.low(i - 1) != "at"):
            # "10 to 4" is a range, "ten to four" and "at 10 to 4" are times
            return None
    return _beside_hour(s, minutes, j)


def _half_seven(s: Scene, j: int) -> Hit[Clock] | None:
    hour = integer_at(s, j)
    if hour is None or not 1 <= hour.value <= 12 or not may_follow(s, hour.end):
        return None
    return _with_meridiem(s, Hit(Clock(hour.value, 30, sure=False), hour.end))


def _beside_hour(s: Scene, minutes: int, j: int) -> Hit[Clock] | None:
    """The rest of "ten past four" from the word past on."""
    low = s.low(j)
    if low not in words.PAST | words.TO:
        return None
    if s.low(j + 1) in words.NAMED_TIMES:
        named = words.NAMED_TIMES[s.low(j + 1)] * 60
        at = (named + minutes if low in words.PAST else named - minutes) % 1440
        return Hit(Clock(at // 60, at % 60), j + 2)
    hour = integer_at(s, j + 1)
    if hour is None or not 1 <= hour.value <= 12 or not may_follow(s, hour.end, meridiem=True):
        return None
    if low in words.PAST:
        return _with_meridiem(s, Hit(Clock(hour.value, minutes, sure=False), hour.end))
    # "quarter to one pm" is 12:45 pm: the half of the day belongs to the hour that is said
    said = _with_meridiem(s, Hit(Clock(hour.value, sure=False), hour.end))
    if said.value.sure:
        at = (said.value.hour * 60 - minutes) % 1440
        return Hit(Clock(at // 60, at % 60), said.end)
    return Hit(Clock((hour.value - 1) or 12, 60 - minutes, sure=False), hour.end)


def _hour_at(s: Scene, i: int, bare: bool) -> Hit[Clock] | None:
    """5pm, 5 o'clock, 5.30pm, nine thirty, 17h30, and 5 itself where allowed"""
    dotted = _dotted_at(s, i)
    if dotted is not None:
        return dotted
    hour = integer_at(s, i)
    if hour is None or not 0 <= hour.value <= 24:
        return _absurd_hour(s, hour)
    clock, j = Clock(hour.value, sure=hour.value == 0 or hour.value > 12, bare=True), hour.end
    if s.low(j) == "ish" or (s.low(j) == "-" and s.low(j + 1) == "ish"):
        return Hit(replace(clock, bare=False), j + 1 + (s.low(j) == "-"))
    if s.low(j) in words.OCLOCK:
        return _with_meridiem(s, Hit(replace(clock, bare=False), j + 1))
    minutes = _minutes_at(s, j, spoken=s.number(i) is None)
    if minutes is not None:
        named = _with_meridiem(s, Hit(replace(clock, minute=minutes.value, bare=False), minutes.end))
        if bare or named.value.sure or may_follow(s, named.end):
            return named
    hit = _with_meridiem(s, Hit(clock, j))
    if hit.end > j:
        return hit
    return hit if bare and may_follow(s, j) else None


def _absurd_hour(s: Scene, hour: Hit[int] | None) -> Hit[Clock] | None:
    if hour is not None and 24 < hour.value < 100 and s.low(hour.end) in words.OCLOCK | words.MERIDIEMS.keys():
        return Hit(Clock(0, absurd=f"There is no hour {hour.value}."), hour.end + 1)
    return None


def _dotted_at(s: Scene, i: int) -> Hit[Clock] | None:
    """5.30pm and 17h30: digits that only what follows makes a time."""
    n = s.number(i)
    if isinstance(n, float) and s.low(i + 1) in words.MERIDIEMS:
        hour, _, minute = s.text[s.tokens[i].start : s.tokens[i].end].partition(".")
        if len(minute) == 2 and minute < "60" and hour.isdigit() and 1 <= int(hour) <= 12:
            return _with_meridiem(s, Hit(Clock(int(hour), int(minute), sure=False), i + 1))
    return None


def _minutes_at(s: Scene, j: int, spoken: bool) -> Hit[int] | None:
    """The thirty of "nine thirty", the "oh five" of "seven oh five"."""
    if not spoken:
        return None
    if s.low(j) in {"oh", "o"} and 1 <= words.CARDINALS.get(s.low(j + 1), 0) <= 9:
        return Hit(words.CARDINALS[s.low(j + 1)], j + 2)
    hit = integer_at(s, j) if s.kind(j) == "word" else None
    return hit if hit is not None and 10 <= hit.value <= 59 else None


def may_follow(s: Scene, j: int, meridiem: bool = False) -> bool:
    """Whether nothing here makes the number before it a count, an amount or a part of something longer."""
    low = s.low(j)
    if not low or low in words.FOLLOWS_TIME:
        return True
    if s.kind(j) == "sign":
        return low in ".,;:?!)'\"&" or (low in "-–—" and s.kind(j + 1) in {"number", "clock", "word"})
    if low in words.MERIDIEMS:
        return meridiem
    return (
        low in words.WEEKDAYS
        or (low in words.PARTS and low not in words.PLURAL_PARTS)
        or low in words.DAY_WORDS
        or low in words.RELATIONS
    )


def may_follow_at(s: Scene, j: int) -> bool:
    """After "at 5" almost any word may come, but none that makes it an amount."""
    low = s.low(j)
    taken = words.MEASURES.keys() | words.TIME_UNITS.keys() | words.MONEY_WORDS.keys() | words.PERCENT | words.DEGREES
    return (
        low not in taken and s.kind(j) not in {"number", "clock"} and low not in {"x", "*", "+", "/", "°", "€", "times"}
    )


def settle(clock: Clock, part: str, near: frozenset[str]) -> tuple[int, bool]:
    """The hour of the day (24 and more: after midnight), and whether it might be the other half of the day."""
    hour = clock.hour
    if clock.sure:
        # the night's small hours belong to the evening before them
        return (hour + 24 if part == "night" and hour < 5 and hour != 0 else hour), False
    if part:
        return _in_part(hour, part), False
    if 4 <= hour <= 11 and (near & words.MORNING_CUES or {"be", "up"} <= near or {"out", "bed"} <= near):
        return hour, False
    if 5 <= hour <= 11 and near & words.EVENING_CUES:
        return hour + 12, False
    return (hour + 12 if 1 <= hour <= 6 else hour), True


def _in_part(hour: int, part: str) -> int:
    if part == "morning":
        return hour % 12
    if part == "night":
        return hour + 12 if 5 <= hour < 12 else hour % 12 + 24
    if hour == 12:
        return 24 if part == "evening" else 12
    return hour + 12

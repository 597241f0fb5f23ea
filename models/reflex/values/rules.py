"""The core of a recurrence: its frequency and its days ("every other Friday", "the last Friday of every month")."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace

from models.reflex.values import words
from models.reflex.values.numbers import integer_at, ordinal_at
from models.reflex.values.tokens import Hit, Scene

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORK_DAYS, WEEKEND = "MO,TU,WE,TH,FR", "SA,SU"
MAX_INTERVAL = 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """How often, and on which days."""

    freq: str
    interval: int = 1
    parts: tuple[tuple[str, str], ...] = ()
    """BYDAY, BYMONTHDAY, BYMONTH with their values."""
    part: str = ""
    """The part of the day in "every morning"."""
    absurd: str = ""

    def text(self) -> str:
        """The RRULE."""
        pieces = [f"FREQ={self.freq}"]
        if self.interval > 1:
            pieces.append(f"INTERVAL={self.interval}")
        return ";".join(pieces + [f"{name}={value}" for name, value in self.parts])


def rule_at(s: Scene, i: int) -> Hit[Rule] | None:
    """The recurrence at token i, without times and bounds."""
    for grammar in _GRAMMARS:
        hit = grammar(s, i)
        if hit is not None:
            return hit
    return None


def on_days(s: Scene, i: int, rule: Rule) -> Hit[Rule] | None:
    """The days that follow a bare frequency: "weekly on Mondays", "monthly on the 3rd", "every year on May 5th"."""
    if rule.parts or rule.freq not in {"WEEKLY", "MONTHLY", "YEARLY", "DAILY"}:
        return None
    if rule.freq == "DAILY" and s.low(i) in {"except", "but"}:
        return _except(s, i + 1 + (s.low(i + 1) in {"on", "for", "not"}), rule)
    j = i + (s.low(i) in {"on", "in"})
    if rule.freq in {"WEEKLY", "DAILY"}:
        days = _weekday_list(s, j) if j > i or s.low(i) in words.PLURAL_WEEKDAYS else None
        if days is None:
            return None
        return Hit(replace(rule, freq="WEEKLY", parts=(("BYDAY", days.value),)), days.end)
    dated = _year_day(s, j) if rule.freq == "YEARLY" else _month_part(s, j)
    if dated is None:
        return None
    return Hit(replace(rule, parts=dated.value.parts, absurd=dated.value.absurd), dated.end)


def _except(s: Scene, i: int, rule: Rule) -> Hit[Rule] | None:
    """every day except Sunday"""
    days = _weekday_list(s, i)
    kept = ",".join(code for code in CODES if days is not None and code not in days.value.split(","))
    if days is None or not kept or rule.interval != 1:
        return None
    return Hit(replace(rule, freq="WEEKLY", parts=(("BYDAY", kept),)), days.end)


def _every(s: Scene, i: int) -> Hit[Rule] | None:
    j = i + (s.low(i) == "on")
    if s.low(j) not in words.EVERY:
        return None
    j += 1
    j += s.low(j) == "single"
    interval, j = _interval(s, j)
    if not 0 < interval <= MAX_INTERVAL:
        return None
    low = s.low(j)
    if low in {"weekday", "weekdays"} or (low in {"work", "working"} and s.low(j + 1) in {"day", "days"}):
        end = j + 1 + (low in {"work", "working"})
        return _with_part(s, Hit(Rule("WEEKLY", interval, (("BYDAY", WORK_DAYS),)), end))
    if low in {"weekend", "weekends"}:
        return Hit(Rule("WEEKLY", interval, (("BYDAY", WEEKEND),)), j + 1)
    days = _weekday_list(s, j)
    if days is not None:
        return _with_part(s, Hit(Rule("WEEKLY", interval, (("BYDAY", days.value),)), days.end))
    if low in words.PARTS and low != "tonight":
        return Hit(Rule("DAILY", interval, part=words.PART_FORMS.get(low, low)), j + 1)
    if low in words.NAMED_TIMES:
        return Hit(Rule("DAILY", interval), j)
    unit = words.TIME_UNITS.get(low, low) if low not in words.SHORT_TIME_UNITS else ""
    if unit.rstrip("s") in words.FREQUENCIES:
        freq, step = words.FREQUENCIES[unit.rstrip("s")]
        return Hit(Rule(freq, step * interval), j + 1)
    return _year_day(s, j) if interval == 1 else None


def _with_part(s: Scene, hit: Hit[Rule]) -> Hit[Rule]:
    """every Sunday evening, every weekday morning"""
    part = s.low(hit.end)
    if part not in words.PARTS or part == "tonight":
        return hit
    return Hit(replace(hit.value, part=words.PART_FORMS.get(part, part)), hit.end + 1)


def _interval(s: Scene, j: int) -> tuple[int, int]:
    """other, second, 3, two: how many of the unit apart, and the token after."""
    if s.low(j) == "other":
        return 2, j + 1
    count = integer_at(s, j)
    after = count.end if count else j
    if count is not None and ordinal_at(s, j) is None and s.low(after) in words.TIME_UNITS:
        return count.value, after
    if s.low(j) == "couple" and s.low(j + 1) == "of":
        return 2, j + 2
    nth = ordinal_at(s, j)
    if nth is not None and (s.low(nth.end) in words.TIME_UNITS or s.low(nth.end) in words.WEEKDAYS):
        return (1, j) if s.low(nth.end + 1) in {"of", "in"} else (nth.value, nth.end)
    return 1, j


def _weekday_list(s: Scene, i: int) -> Hit[str] | None:
    """Monday, Wednesday and Friday; Mondays; Monday to Friday"""
    if s.low(i) in {"weekday", "weekdays"}:
        return Hit(WORK_DAYS, i + 1)
    if s.low(i) in {"weekend", "weekends"}:
        return Hit(WEEKEND, i + 1)
    if s.low(i) not in words.WEEKDAYS:
        return None
    found, j = [words.WEEKDAYS[s.low(i)]], i + 1
    if s.low(j) in {"to", "through", "-", "–"} and s.low(j + 1) in words.WEEKDAYS:
        first, last = found[0], words.WEEKDAYS[s.low(j + 1)]
        found, j = [(first + n) % 7 for n in range((last - first) % 7 + 1)], j + 2
    for _ in range(7):
        k = j
        while s.low(k) in {",", "and", "&", "or", "every", "on"} and k < j + 3:
            k += 1
        if k == j or s.low(k) not in words.WEEKDAYS:
            break
        found.append(words.WEEKDAYS[s.low(k)])
        j = k + 1
    return Hit(",".join(CODES[n] for n in sorted(set(found))), j)


def _adverb(s: Scene, i: int) -> Hit[Rule] | None:
    """daily, monthly; "daily report" is still one"""
    low = s.low(i)
    if low not in words.ADVERBS:
        return None
    freq, interval = words.ADVERBS[low]
    return Hit(Rule(freq, interval, part="night" if low == "nightly" else ""), i + 1)


def _plural_days(s: Scene, i: int) -> Hit[Rule] | None:
    """weekdays, on weekends, on Mondays and Thursdays"""
    j = i + (s.low(i) in {"on", "at"})
    low = s.low(j)
    if low not in words.PLURAL_WEEKDAYS and low not in {"weekdays", "weekends"}:
        return None
    days = _weekday_list(s, j)
    return Hit(Rule("WEEKLY", 1, (("BYDAY", days.value),)), days.end) if days else None


def _once_a(s: Scene, i: int) -> Hit[Rule] | None:
    """once a week, once every two weeks"""
    if s.low(i) != "once":
        return None
    if s.low(i + 1) in {"every", "each"}:
        return _every(s, i + 1)
    unit = words.TIME_UNITS.get(s.low(i + 2), "")
    if s.low(i + 1) in words.A | {"per"} and unit in words.FREQUENCIES:
        freq, interval = words.FREQUENCIES[unit]
        return Hit(Rule(freq, interval), i + 3)
    return None


def _of_every_month(s: Scene, i: int) -> Hit[Rule] | None:
    """on the last Friday of every month, the 15th of each month, every first Monday of the month, every 1st"""
    j = i + (s.low(i) == "on")
    every = s.low(j) in words.EVERY
    j += every
    dated = _month_part(s, j)
    if dated is None:
        return None
    k = dated.end
    if s.low(k) in {"of", "in"}:
        if (s.low(k + 1) in words.EVERY or (every and s.low(k + 1) in {"the", "a"})) and s.low(k + 2) == "month":
            return Hit(dated.value, k + 3)
        if s.low(k + 1) in words.EVERY and s.low(k + 2) == "year" and len(dated.value.parts) == 1:
            return None
    if s.low(k) in {"every", "each"} and s.low(k + 1) == "month":
        return Hit(dated.value, k + 2)
    if s.low(k) == "monthly":
        return Hit(dated.value, k + 1)
    nth_unit = s.low(k) in words.TIME_UNITS or s.low(k) in words.MONTHS or s.low(k) == "of"
    if every and not nth_unit and s.low(k - 1) != "day" and dated.value.parts[0][0] == "BYMONTHDAY":
        return Hit(dated.value, k)
    return None


def _month_part(s: Scene, i: int) -> Hit[Rule] | None:
    """the 3rd, the last Friday, the last day"""
    j = i + (s.low(i) == "the")
    nth = Hit(-1, j + 1) if s.low(j) == "last" else ordinal_at(s, j)
    if nth is None:
        return None
    n, k = nth
    if s.low(k) in words.WEEKDAYS:
        return Hit(Rule("MONTHLY", 1, (("BYDAY", f"{n}{CODES[words.WEEKDAYS[s.low(k)]]}"),)), k + 1) if n <= 5 else None
    if s.low(k) == "day":
        k += 1
    elif n == -1:
        return None
    absurd = "" if n <= 31 else f"No month has a day {n}."
    return Hit(Rule("MONTHLY", 1, (("BYMONTHDAY", str(n)),), absurd=absurd), k)


def _year_day(s: Scene, i: int) -> Hit[Rule] | None:
    """May 5th, the 5th of May, 5 May, Christmas"""
    j, k = i + (s.low(i) == "the"), i + 1
    month = words.MONTHS.get(s.low(i))
    if month is not None:
        k += s.low(k) == "the"
        day = ordinal_at(s, k) or integer_at(s, k)
    else:
        day = ordinal_at(s, j) or integer_at(s, j)
        if day is not None:
            at = day.end + (s.low(day.end) == "of")
            month, day = words.MONTHS.get(s.low(at)), Hit(day.value, at + 1)
    if day is None and month is None:
        return _named_year_day(s, i)
    if day is None or month is None:
        return None
    absurd = ""
    if not 1 <= day.value <= calendar.monthrange(2024, month)[1]:
        absurd = f"{words.MONTH_NAMES[month]} has no day {day.value}."
    return Hit(Rule("YEARLY", 1, (("BYMONTH", str(month)), ("BYMONTHDAY", str(day.value))), absurd=absurd), day.end)


def _named_year_day(s: Scene, i: int) -> Hit[Rule] | None:
    for name, (month, day) in words.FIXED_DAYS.items():
        if s.low(i) == name[0] and all(s.low(i + n) == word for n, word in enumerate(name)):
            return Hit(Rule("YEARLY", 1, (("BYMONTH", str(month)), ("BYMONTHDAY", str(day)))), i + len(name))
    return None


_GRAMMARS: tuple[Callable[[Scene, int], Hit[Rule] | None], ...] = (
    _of_every_month,
    _every,
    _adverb,
    _plural_days,
    _once_a,
)

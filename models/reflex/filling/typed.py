"""Offers of typed values: dates, times, durations, recurrences, numbers, addresses.

What a value is decides most; the words around it ("returning on", "for 2 people") decide between slots of
the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from models.reflex.filling.clause import SURE, Clause
from models.reflex.filling.cues import ALL_LEADS
from models.reflex.filling.offer import ALL, DATE, NUMBER, REPEAT, TIME, UNIT, Offer
from models.reflex.filling.slot import Slot
from models.reflex.filling.words import bag, stem, stem_bag
from models.reflex.values import Span

ENDS = stem_bag("end until finish checkout to return back due till latest last")
STARTS = stem_bag("start from begin since checkin after depart departure earliest")
MONEY = stem_bag(
    "price amount cost budget money fare fee salary income revenue payment total sum bill value "
    "balance loan principal dollar euro pound usd"
)
PERCENT = stem_bag("percent percentage rate tip discount interest level volume brightness tax share")
TEMPERATURE = stem_bag("temperature degree celsius fahrenheit thermostat heat")
UNITS = stem_bag("unit currency")
TIME_UNITS = {
    "second": 1.0,
    "sec": 1.0,
    "minut": 60.0,
    "min": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "night": 86400.0,
    "week": 604800.0,
}
LOWS = stem_bag("low lowest lower min minimum least smallest")
HIGHS = stem_bag("high highest upper max maximum most largest")
BOUNDS = re.compile(r"(?<![\w.])(-?[\w.]+) (?:and|to) (-?\w+(?:\.\d+)?)", re.I)
ORDINARY = bag("people person of the")
OWN_DOUBT = bag("number integer duration text")
"""Shapes that weigh another reading of a longer span's words themselves."""
Made = Iterator[tuple[Any, float, int]]


def typed_offers(clause: Clause) -> Iterator[Offer]:
    """All offers that the typed values of the text make to the tool's slots."""
    for index, slot in enumerate(clause.slots):
        maker = MAKERS.get(slot.shape)
        if maker is None or slot.many:
            continue
        for span in clause.spans:
            for value, score, layer in maker(clause, slot, span):
                yield _offer(clause, index, span, value, score, layer)
    yield from parted(clause)


def _offer(clause: Clause, index: int, span: Span, value: Any, score: float, layer: int) -> Offer:
    slot = clause.slots[index]
    start, end = span.start, span.end
    if not slot.required and span.text.lower() in ("now", "right now"):
        score -= 2.0
    if layer == NUMBER:
        end = _number_end(clause, span)
    if span.score < SURE and slot.shape not in OWN_DOUBT and not (span.detail.get("bare") and spans_days(clause)):
        score -= 1.6
    score += near_score(clause, slot, start, end)
    return Offer(index, ((start, end),), value, score, (span.start, span.end), layer)


def _number_end(clause: Clause, span: Span) -> int:
    said = str(span.detail.get("said") or "")
    at = clause.text.rfind(said, span.start, span.end) if said else -1
    return at if at > span.start else span.end


def near_score(clause: Clause, slot: Slot, start: int, end: int) -> float:
    """What the words before and after a place say for the slot."""
    score = 0.0
    inside = {word.lower for word in clause.words[clause.index_at(start) : clause.index_at(end)][:2]}
    before = clause.before(start)
    for distance, word in enumerate(before[:3]):
        if clause.valued(word, start):
            break
        if word.stem in slot.names:
            score += clause.weight(word.stem) * (1.6 if distance < 2 else 0.8)
            if clause.weight(word.stem) == 1.0:
                break
            continue
        if word.stem in slot.hints and word.lower not in ORDINARY:
            score += 0.5
            break
    near = inside | {word.lower for word in before[:2]}
    if slot.directions:
        score += 1.2 if near & slot.directions else 0.0
    elif near & slot.leads & ALL_LEADS:
        score += 0.4
    return score + _after_score(clause, slot, end)


def _after_score(clause: Clause, slot: Slot, end: int) -> float:
    for distance, word in enumerate(clause.after(end, 2)):
        if word.lower in ALL_LEADS and word.lower != "of":
            break
        if word.stem in slot.names:
            return clause.weight(word.stem) * (1.6 - 0.5 * distance)
        if word.stem in slot.hints:
            return 1.0 - 0.4 * distance
    return 0.0


def is_end(slot: Slot) -> bool:
    return bool(slot.names & ENDS) and not slot.names & STARTS


def is_start(slot: Slot) -> bool:
    return bool(slot.names & STARTS or "from" in slot.directions) and not is_end(slot)


def _moments(clause: Clause, slot: Slot, span: Span) -> Made:
    """For date-time slots."""
    if span.kind == "moment":
        yield from _moment(clause, slot, span)
    elif span.kind == "day":
        if is_end(slot) and spans_days(clause):
            yield span.detail.get("end"), 1.6, TIME
        elif is_start(slot) and spans_days(clause):
            yield span.detail.get("start"), 2.2, DATE
        else:
            yield span.detail.get("moment"), 2.2, DATE
    elif span.kind == "time":
        yield span.detail.get("moment"), 2.4, DATE | TIME
    elif span.kind == "range":
        yield from _range(clause, slot, span, 0)
    elif span.kind == "repeat" and not is_end(slot):
        yield span.detail.get("start"), 2.0, DATE | TIME
    elif span.kind == "duration" and span.score >= SURE and clause.lead(span.start) == "in":
        yield from _offset(clause, span)


def _moment(clause: Clause, slot: Slot, span: Span) -> Made:
    """A moment is a start rather than an end; a part of a day is both."""
    paired = any(is_end(s) for s in clause.slots) and any(is_start(s) for s in clause.slots)
    both = paired and span.detail.get("vague") and span.detail.get("start") and span.detail.get("end")
    if both and is_end(slot):
        yield span.detail["end"], 2.0, TIME
    elif both and is_start(slot):
        yield span.detail["start"], 3.0, DATE
    else:
        yield span.value, 1.6 if paired and is_end(slot) else 3.0, DATE | TIME


def _offset(clause: Clause, span: Span) -> Made:
    seconds = span.detail.get("seconds")
    if seconds:
        yield (clause.now + timedelta(seconds=float(seconds))).isoformat(), 2.0, ALL


def spans_days(clause: Clause) -> bool:
    """The tool looks at a stretch of time: a start and an end, nothing to write down."""
    slots = clause.slots
    return (
        any(is_start(s) for s in slots)
        and any(is_end(s) for s in slots)
        and not any(s.shape == "date" and not is_end(s) and not is_start(s) for s in slots)
        and not any(s.fill == "rest" or s.shape == "duration" or s.names & {"titl", "tit"} for s in slots)
    )


def _range(clause: Clause, slot: Slot, span: Span, cut: int) -> Made:
    """A range's start or end; cut 10 keeps the date."""
    end = is_end(slot)
    value = span.value["end" if end else "start"]
    if value:
        paired = end or is_start(slot) or any(is_end(s) for s in clause.slots)
        if end and cut and not span.detail.get("has_time", True):
            value = (datetime.fromisoformat(value) - timedelta(days=1)).isoformat()
        value = value[:cut] if cut else value
        yield value, 2.6 if paired else 1.6, (TIME if end else DATE) if paired else ALL


def _days(clause: Clause, slot: Slot, span: Span) -> Made:
    """For date slots."""
    if span.kind == "day":
        yield span.value, 3.0, DATE
    elif span.kind == "moment":
        yield span.detail.get("date") or span.value[:10], 2.6, DATE
    elif span.kind == "range" and (is_end(slot) or is_start(slot) or _first_day(clause, slot)):
        yield from _range(clause, slot, span, 10)
    elif span.kind == "repeat" and span.detail.get("start") and not any(s.kind == "day" for s in clause.spans):
        yield span.detail["start"][:10], 1.2, DATE


def _first_day(clause: Clause, slot: Slot) -> bool:
    """No other day of the tool is a beginning: "day" beside "last_day"."""
    return not any(is_end(s) and s.shape == "date-time" for s in clause.slots) and all(
        s is slot or s.shape != "date" or is_end(s) for s in clause.slots
    )


def _times(clause: Clause, slot: Slot, span: Span) -> Made:
    """For time slots."""
    if span.kind == "time":
        yield span.value, 3.0, TIME
    elif span.kind == "moment" and span.detail.get("has_time", True):
        yield span.detail.get("time") or span.value[11:19], 2.6, TIME
    elif span.kind == "repeat" and span.detail.get("time"):
        yield span.detail["time"], 2.6, TIME
    elif span.kind == "range" and (is_end(slot) or is_start(slot)):
        end = is_end(slot)
        alone = not any(is_end(s) for s in clause.slots)
        yield span.value["end" if end else "start"][11:19], 2.4, TIME if end or alone else DATE


def _durations(clause: Clause, slot: Slot, span: Span) -> Made:
    if span.kind == "duration":
        yield span.value, 3.0 if span.score >= SURE else 0.8, ALL
    elif span.kind == "range" and not any(is_end(s) for s in clause.slots):
        length = datetime.fromisoformat(span.value["end"]) - datetime.fromisoformat(span.value["start"])
        if length < timedelta(days=1):
            yield f"PT{int(length.total_seconds() // 60)}M", 2.0, TIME
    elif span.kind == "quantity":
        return


def _repeats(_clause: Clause, _slot: Slot, span: Span) -> Made:
    if span.kind == "repeat":
        yield span.value, 3.0, REPEAT


def _numbers(clause: Clause, slot: Slot, span: Span) -> Made:
    words = slot.names | slot.hints
    if span.kind == "duration":
        if any(one.fill == "unit" for one in clause.slots) and "amount" in span.detail:
            yield span.detail["amount"], 1.4, NUMBER
        else:
            clocked = any(one.shape in ("date-time", "time") for one in clause.slots)
            yield from _counted_time(slot, span, words, span.score >= SURE or not clocked)
        return
    value, score = _amount(span, slot.names, words)
    if value is None or isinstance(value, bool):
        return
    if slot.shape == "integer" and value != int(value):
        return
    value = int(value) if slot.shape == "integer" else value
    if span.kind == "number" and not slot.required and _lone(clause, slot):
        score += 0.2
    if not within(slot, value):
        return
    score += _bound(clause, slot, span)
    if span.score < SURE and clause.timely:
        score -= 1.4
    layer = NUMBER if span.kind in ("quantity", "temperature", "money") else ALL
    yield value, score, layer


def _bound(clause: Clause, slot: Slot, span: Span) -> float:
    """ "between 1 and 10", "from 10 to 12": the first is the lower bound, the second the upper one."""
    for pair in BOUNDS.finditer(clause.text) if slot.names & (LOWS | HIGHS) else ():
        low, place = slot.names & LOWS, (span.start, span.end)
        if place == pair.span(1):
            return 1.2 if low else -1.2
        if place == pair.span(2):
            return -1.2 if low else 1.2
    return 0.0


def _lone(clause: Clause, slot: Slot) -> bool:
    """The tool has one number and no free text that could hold one."""
    return all(one is slot or one.shape in ("enum", "boolean") for one in clause.slots)


def within(slot: Slot, value: float) -> bool:
    """The value keeps the schema's bounds."""
    low, high = slot.schema.get("minimum"), slot.schema.get("maximum")
    return (low is None or value >= low) and (high is None or value <= high)


def _amount(span: Span, names: frozenset[str], words: frozenset[str]) -> tuple[Any, float]:
    """The number in a span, and how well its sort fits a slot of these words."""
    if span.kind == "number":
        return span.value, 1.0
    if span.kind == "percent":
        return span.value, 2.4 if words & PERCENT else 0.4
    if span.kind in ("money", "quantity", "temperature"):
        fits = words & (MONEY if span.kind == "money" else TEMPERATURE if span.kind == "temperature" else frozenset())
        said = {stem(word) for word in f"{span.value.get('unit') or ''} {span.detail.get('said') or ''}".split()}
        return span.value.get("amount"), 2.4 if fits else 2.0 if said & words else 1.2
    if span.kind == "ordinal" and span.value > 0:
        return span.value, 1.2 if names & {"number", "index", "position", "floor", "day"} else -0.2
    return None, 0.0


def _counted_time(slot: Slot, span: Span, words: frozenset[str], sure: bool) -> Made:
    """ "half an hour" for a parameter in minutes."""
    seconds = span.detail.get("seconds")
    named = [unit for unit in TIME_UNITS if unit in slot.names] or [unit for unit in TIME_UNITS if unit in words]
    if seconds and named:
        value = float(seconds) / TIME_UNITS[named[0]]
        if value == int(value):
            yield int(value), 2.6 if sure else 0.6, ALL
        elif slot.shape == "number":
            yield round(value, 4), 2.6, ALL
    elif seconds and words & {"duration", "length", "tim", "long", "age"}:
        number = span.text.split()
        count = next((int(word) for word in number if word.isdigit()), None)
        if count is not None:
            yield count, 1.4, ALL


def _marked(kind: str) -> Callable[[Clause, Slot, Span], Made]:
    def made(_clause: Clause, _slot: Slot, span: Span) -> Made:
        if span.kind == kind:
            yield span.value, 3.2, ALL

    return made


def _said_numbers(_clause: Clause, slot: Slot, span: Span) -> Made:
    """For text slots that really hold a number, a unit or a currency."""
    if (slot.fill and slot.fill != "unit") or slot.kind:
        return
    value = span.value if isinstance(span.value, dict) else {}
    if slot.names & UNITS and (unit := value.get("currency") or span.detail.get("said") or value.get("unit")):
        yield str(unit), 1.0 if is_end(slot) else 1.6, UNIT
    elif slot.fill == "unit" and span.kind == "duration" and span.score >= SURE and "unit" in span.detail:
        yield str(span.detail["unit"]), 1.0 if is_end(slot) else 1.6, UNIT
    elif slot.names & UNITS and span.kind == "unit" and span.score >= SURE:
        yield str(span.detail.get("said") or span.text), 1.8 if is_end(slot) else 1.0, ALL
    elif span.kind in ("number", "money", "percent") and span.score >= SURE and slot.names & COUNTED:
        number = value.get("amount", span.value)
        yield str(number), 1.4, NUMBER
    elif span.kind in ("quantity", "temperature", "duration") and span.score >= SURE and slot.names & MEASURED:
        yield span.text, 1.2, ALL


COUNTED = stem_bag("number count amount quantity size age year total price budget seats people percentage rate")
MEASURED = stem_bag(
    "weight height length width depth distance volume speed temperature pressure area power "
    "dosage dose dimension capacity concentration mass duration period interval time frequency amount quantity size"
)

MAKERS: dict[str, Callable[[Clause, Slot, Span], Made]] = {
    "date-time": _moments,
    "date": _days,
    "time": _times,
    "duration": _durations,
    "rrule": _repeats,
    "number": _numbers,
    "integer": _numbers,
    "email": _marked("email"),
    "phone": _marked("phone"),
    "url": _marked("url"),
    "text": _said_numbers,
}


def parted(clause: Clause) -> Iterator[Offer]:
    """A day and an hour said apart ("on Friday … at 7") as one moment."""
    days = [s for s in clause.spans if s.kind == "day" and s.score >= SURE]
    times = [s for s in clause.spans if s.kind == "time" and s.score >= SURE]
    if len(days) != 1 or len(times) != 1:
        return
    zone = clause.now.isoformat()[-6:] if clause.now.utcoffset() is not None else ""
    value = f"{days[0].value}T{times[0].value}"
    try:
        value = datetime.fromisoformat(value).replace(tzinfo=clause.now.tzinfo).isoformat()
    except ValueError:
        value += zone
    ranges = tuple(sorted(((days[0].start, days[0].end), (times[0].start, times[0].end))))
    for index, slot in enumerate(clause.slots):
        if slot.shape == "date-time" and not slot.many:
            score = 3.0 + near_score(clause, slot, *ranges[0])
            yield Offer(index, ranges, value, score, None, DATE | TIME)

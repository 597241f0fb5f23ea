"""Periods that lie behind: "last spring", "in April", "two weeks ago", "between March and May", "since June".

The same grammar as for what is to come, faced to the past: what would begin after now is read once more from a week, a
month or a year before, so that "in April" and "on Friday" are the last ones. Vague words get room: "two weeks ago" is
three days more or less, "over Christmas" two. What can only lie ahead ("tomorrow", "next week") is left out.

Does not read what has no date of its own ("before the trip").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from models.reflex.values import words
from models.reflex.values.moments import moment_span, phrase_at
from models.reflex.values.ranges import range_span
from models.reflex.values.seasons import SEASONS
from models.reflex.values.span import Span
from models.reflex.values.tokens import Hit, Scene, read_scene

FIRST_YEAR = 1900
"""Where "before 2020" begins."""
SURE = 0.3
"""Readings below this are no dates."""
NIGHT_LASTS = timedelta(hours=5)
"""After midnight it is still "last night"."""
AROUND = timedelta(hours=1)
"""To either side of a time of day."""
AROUND_FEAST = timedelta(days=2)
AGO = {
    "second": timedelta(minutes=1),
    "minute": timedelta(minutes=5),
    "hour": timedelta(minutes=45),
    "day": timedelta(days=0),
    "week": timedelta(days=3),
    "fortnight": timedelta(days=4),
    "month": timedelta(days=12),
    "year": timedelta(days=90),
}
"""How far to either side so many units "ago" may lie."""
VAGUELY = timedelta(days=2)
"""How much further where the count is vague: "a few days ago"."""

LONGEST = 6
"""Tokens of a date that stands without a word like "in" before it."""

FEASTS = words.FIXED_FIRSTS | {"easter"}
AHEAD = frozenset({"next", "coming", "tomorrow", "tonight"})
EDGES = {"since": "since", "after": "after", "before": "before", "until": "until", "till": "until"}
JOINS = frozenset({"and", "to", "until", "till", "-", "–"})
_TELLING = (
    frozenset(words.WEEKDAYS)
    | words.MONTHS.keys()
    | SEASONS.keys()
    | words.DAY_WORDS.keys()
    | words.PARTS.keys()
    | words.TIME_UNITS.keys()
    | FEASTS
    | {"weekend"}
)
"""Without one of these, and without digits, a text holds no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that was meant; aware, in the zone of now."""

    start: datetime
    end: datetime
    """Exclusive."""
    words: str
    """As said: "last spring"."""


@dataclass(frozen=True, slots=True)
class _Found:
    start: datetime
    end: datetime
    begin: int
    """Its first token, the small word before it included."""
    after: int
    edge: str = ""
    """since, after, before, until: only one end is said."""
    fixed: bool = False
    """It can't be shifted: a year is said, or "last", "ago"."""


def read_periods(text: str, now: datetime) -> tuple[Period, ...]:
    """The periods that a text names, in its order; `now` is aware. None for what only lies ahead."""
    scene = read_scene(text, now)
    if not any(token.low in _TELLING or token.kind in ("number", "iso") for token in scene.tokens):
        return ()
    found = _joined(scene, _narrowed(scene, list(_sweep(scene))))
    said = (_bounded(one, now) for one in found)
    return tuple(
        Period(start, end, text[scene.tokens[one.begin].start : scene.tokens[one.after - 1].end])
        for one, (start, end) in zip(found, said, strict=True)
        if start < end and start <= now
    )


def _sweep(s: Scene) -> list[_Found]:
    found: list[_Found] = []
    i = 0
    while i < len(s.tokens):
        one = _at(s, i)
        if one is None:
            i += 1
            continue
        found.append(one)
        i = one.after
    return found


def _at(s: Scene, i: int) -> _Found | None:
    """The period at token i, with the word that makes it one end of a longer one."""
    edge = EDGES.get(s.low(i), "")
    led = bool(edge) or s.low(i) in {"between", "from", "by"} or (s.low(i) in JOINS and i > 0)
    read = _read(s, i + led, led)
    if read is None:
        return None
    lows = frozenset(s.low(k) for k in range(i, read.end))
    start, end = read.value
    if start > s.now and not lows & AHEAD and (earlier := _before(s, lows, i, read.end)) is not None:
        again = _read(earlier, i + led, led)
        start, end = again.value if again is not None else (start, end)
    start, end = _roomy(s, i, read.end, start, end)
    fixed = bool(lows & {"last", "ago", "yesterday", "this"}) or _dated(s, i, read.end)
    return _Found(start, end, i, read.end, edge, fixed)


def _read(s: Scene, i: int, led: bool) -> Hit[tuple[datetime, datetime]] | None:
    """What the grammar of dates reads at token i; a bare month, year or season only after a word that leads to it."""
    spans = [hit for hit in (range_span(s, i), _moment(s, i)) if hit is not None and _is_period(hit.value)]
    best = max(spans, key=lambda hit: hit.end, default=None)
    bare = _bare(s, i) if led else None
    if bare is not None and (best is None or bare.end > best.end):
        return bare
    if best is None:
        return None
    detail = best.value.detail
    return Hit((datetime.fromisoformat(detail["start"]), datetime.fromisoformat(detail["end"])), best.end)


def _moment(s: Scene, i: int) -> Hit[Span] | None:
    # "since" and "before" are read here: the grammar of moments would face them its own way
    if s.low(i) in EDGES or s.low(i) in JOINS:
        return None
    hit = phrase_at(s, i)
    return Hit(moment_span(s, hit.value, hit.end), hit.end) if hit else None


def _is_period(span: Span) -> bool:
    return span.kind in {"day", "moment", "range"} and span.score >= SURE


def _bare(s: Scene, i: int) -> Hit[tuple[datetime, datetime]] | None:
    """June, the spring, 2019: read as if "in" were before it."""
    last = min(i + LONGEST, len(s.tokens)) - 1
    if last < i:
        return None
    led = read_scene(f"in {s.text[s.tokens[i].start : s.tokens[last].end]}", s.now)
    hit = range_span(led, 0)
    if hit is None or not _is_period(hit.value):
        return None
    start, end = (datetime.fromisoformat(hit.value.detail[name]) for name in ("start", "end"))
    return Hit((start, end), i + hit.end - 1)


def _before(s: Scene, lows: frozenset[str], i: int, end: int) -> Scene | None:
    """The scene a year, a week or a month earlier, so that what was the coming one is the last one."""
    if _dated(s, i, end):
        return None
    today = s.now.replace(hour=0, minute=0, second=0, microsecond=0)
    if lows & words.MONTHS.keys() or lows & SEASONS.keys() or lows & FEASTS:
        then = today - relativedelta(years=1) + timedelta(1)
    elif lows & words.WEEKDAYS.keys() or "weekend" in lows:
        then = today - timedelta(8)
    elif "in" in lows and lows & words.TIME_UNITS.keys():
        return None  # "in three weeks" lies ahead
    else:
        then = today - relativedelta(months=1) + timedelta(1)
    return replace(s, now=then)


def _dated(s: Scene, i: int, end: int) -> bool:
    """A year is said."""
    return any(s.kind(k) == "iso" or (s.kind(k) == "number" and len(s.low(k)) == 4) for k in range(i, end))


def _roomy(s: Scene, i: int, after: int, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """With the room that the words leave."""
    said = [s.low(k) for k in range(i, after)]
    if "ago" in said:
        unit = next((words.TIME_UNITS[low] for low in said if low in words.TIME_UNITS), "day")
        room = AGO[unit] + (VAGUELY if unit == "day" and words.VAGUE_COUNT.keys() & set(said) else timedelta())
    elif s.low(i - 1) == "over" and FEASTS & set(said):
        room = AROUND_FEAST
    elif start == end:
        room = AROUND
    else:
        room = timedelta()
    if "night" in said:
        end += NIGHT_LASTS
    return start - room, end + room


def _narrowed(s: Scene, found: list[_Found]) -> list[_Found]:
    """ "in June last year", "last week on Friday": the one read within the other."""
    kept: list[_Found] = []
    for one in found:
        before = kept[-1] if kept and one.begin - kept[-1].after <= 1 and not kept[-1].edge else None
        both = _within(s, before, one) if before is not None else None
        if both is None:
            kept.append(one)
        else:
            kept[-1] = both
    return kept


def _within(s: Scene, first: _Found, second: _Found) -> _Found | None:
    wide, small = (first, second) if first.end - first.start > second.end - second.start else (second, first)
    if small.fixed or wide.end - wide.start < timedelta(days=6):
        return None
    year = wide.end - wide.start > timedelta(days=360)
    then = wide.start if year else wide.start - timedelta(days=1)
    led = small.edge != "" or s.low(small.begin) in JOINS
    again = _read(replace(s, now=then), small.begin + led, led)
    if again is None or not wide.start <= again.value[0] < wide.end:
        return None
    edge = small.edge
    return _Found(*again.value, first.begin, second.after, edge, fixed=True)


def _joined(s: Scene, found: list[_Found]) -> list[_Found]:
    """ "between March and May": from the beginning of the one to the end of the other."""
    kept: list[_Found] = []
    for one in found:
        opens = bool(kept) and kept[-1].after == one.begin and s.low(kept[-1].begin) in {"between", "from"}
        first = _start_of(s, kept[-1], one) if opens and s.low(one.begin) in JOINS else None
        if first is not None:
            kept[-1] = replace(kept[-1], start=first, end=one.end, after=one.after, edge="", fixed=True)
        else:
            kept.append(one)
    return [one for one in kept if s.low(one.begin) not in JOINS - EDGES.keys()] if len(kept) > 1 else kept


def _start_of(s: Scene, first: _Found, second: _Found) -> datetime | None:
    """Where both begin; the first takes its year from the second if it says none: "from March to May 2025"."""
    if first.start < second.start:
        return first.start
    earlier = None if first.fixed else _before(replace(s, now=second.end), _lows(s, first), first.begin, first.after)
    again = _read(earlier, first.begin + 1, True) if earlier is not None else None
    return again.value[0] if again is not None and again.value[0] < second.end else None


def _lows(s: Scene, one: _Found) -> frozenset[str]:
    return frozenset(s.low(k) for k in range(one.begin, one.after))


def _bounded(one: _Found, now: datetime) -> tuple[datetime, datetime]:
    """Both ends, where only one is said."""
    first = datetime(FIRST_YEAR, 1, 1, tzinfo=now.tzinfo)
    match one.edge:
        case "since":
            return one.start, now if now > one.start else one.end
        case "after":
            return one.end, max(now, one.end)
        case "before" | "until":
            return first, one.start if one.edge == "before" else one.end
        case _:
            return one.start, one.end

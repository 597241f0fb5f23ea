"""Times that only their surroundings suggest: "move it to 4", "an alarm for 7", "nine" as a whole answer.

They overlap the number they are made of and have a low score, 0.9 where a cue word is near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.reflex.values import words
from models.reflex.values.moments import moment_span
from models.reflex.values.numbers import integer_at, ordinal_at
from models.reflex.values.reckoning import Phrase
from models.reflex.values.span import Span
from models.reflex.values.times import Clock, clock_at
from models.reflex.values.tokens import Scene

CUED, UNCUED = 0.9, 0.4
MAX_WEAK = 20


def weak_times(s: Scene) -> Iterator[Span]:
    """Each bare number after "to" or "for", or alone, as a time."""
    count = 0
    for i in range(len(s.tokens)):
        low = s.low(i)
        if low not in {"to", "for"} and not (i == 0 and len(s.tokens) <= 2):
            continue
        j = i + (low in {"to", "for"})
        span = _weak_at(s, i, j)
        if span is not None:
            count += 1
            yield span
        if count >= MAX_WEAK:
            return


def _weak_at(s: Scene, i: int, j: int) -> Span | None:
    hour = integer_at(s, j)
    if hour is None or not 0 <= hour.value <= 24 or ordinal_at(s, j) is not None:
        return None
    hit = clock_at(s, j, bare=True)
    if hit is None or not isinstance(hit.value, Clock) or not hit.value.bare:
        return None
    cues = words.MOVE_CUES if s.low(i) == "to" else words.ALARM_CUES
    near = s.near(i, hit.end)
    cued = bool(near & cues) and not near & {"volume", "brightness", "temperature", "table", "people"}
    span = moment_span(s, Phrase(clock=hit.value, start=i), hit.end)
    if span.kind == "absurd":
        return None
    return replace(span, score=CUED if cued else UNCUED, detail={**span.detail, "bare": True})

"""Finding every typed value in a text, and which readings remain where they overlap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from models.reflex.values.amounts import amount_at
from models.reflex.values.durations import duration_span, shift_span
from models.reflex.values.marks import mark_spans
from models.reflex.values.moments import moment_span, phrase_at
from models.reflex.values.ranges import range_span
from models.reflex.values.reading import as_kind
from models.reflex.values.repeats import repeat_span
from models.reflex.values.span import MARKS, NUMERIC, TEMPORAL, Span
from models.reflex.values.tokens import Hit, Scene, read_scene
from models.reflex.values.weak import weak_times

WITHIN = 0.2
"""The score of a reading inside a longer one."""
UNSURE = 0.5
"""A longer reading below this takes nothing from those within it."""


def find_values(text: str, now: datetime, kinds: Collection[str] | None = None) -> list[Span]:
    """Every value in the text, in its order; with `kinds`, only those, others being read as them where they can."""
    scene = read_scene(text, now)
    found = list(mark_spans(scene))
    for grammar in (_moment, range_span, duration_span, shift_span, repeat_span, amount_at):
        found += _sweep(scene, grammar)
    found += weak_times(scene)
    kept = _settle(found)
    if kinds is not None:
        kept = [read for span in kept for kind in kinds if (read := as_kind(span, kind)) is not None]
        kept = _settle_kinds(kept)
    return sorted(kept, key=lambda span: (span.start, -span.end, -span.score))


def _sweep(s: Scene, grammar: Callable[[Scene, int], Hit[Span] | None]) -> Iterable[Span]:
    """Left to right, each hit going on after its end."""
    i = 0
    while i < len(s.tokens):
        hit = grammar(s, i)
        if hit is None or hit.end <= i:
            i += 1
            continue
        yield hit.value
        i = hit.end


def _moment(s: Scene, i: int) -> Hit[Span] | None:
    hit = phrase_at(s, i)
    return Hit(moment_span(s, hit.value, hit.end), hit.end) if hit else None


def _family(span: Span) -> frozenset[str]:
    return TEMPORAL if span.kind in TEMPORAL else NUMERIC if span.kind in NUMERIC else MARKS


_RANK = {"absurd": 0, "repeat": 1, "range": 2, "shift": 3, "moment": 4}


def _settle(found: list[Span]) -> list[Span]:
    """The longest first; what overlaps it goes, or stays as an alternative with a low score."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start - s.end, _RANK.get(s.kind, 9), -s.score)):
        over = [other for other in kept if other.start < span.end and span.start < other.end]
        if not over:
            kept.append(span)
            continue
        other = over[0]
        if _alternative(span, over):
            inner = other.end - other.start > span.end - span.start and other.score >= UNSURE
            score = min(span.score, WITHIN) if inner else span.score
            kept.append(replace(span, score=score, detail={**span.detail, "within": other.kind}))
    return kept


def _alternative(span: Span, over: list[Span]) -> bool:
    """Whether a reading inside others is worth keeping, because a schema may want it."""
    kinds = {other.kind for other in over}
    if kinds & {"email", "url", "phone"}:
        return False
    if span.kind in {"quoted", "email", "url"}:
        return True
    if kinds == {"quoted"}:
        return True
    same = any(_family(other) == _family(span) for other in over)
    if span.kind == "duration":
        return bool(kinds & {"moment", "shift", "repeat", "day"}) and not kinds & {"duration"}
    if span.kind in {"day", "time", "moment"} and "range" in kinds:
        return True
    if span.kind in NUMERIC:
        return not same or (span.kind != "number" and not any(o.kind == span.kind for o in over))
    return not same


def _settle_kinds(spans: list[Span]) -> list[Span]:
    """Of equal readings of the same words the surest."""
    best: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        key = (span.start, span.end, span.kind)
        if key not in best or best[key].score < span.score:
            best[key] = span
    return list(best.values())

"""Reading a span as another kind: the day of a moment, the number of a percentage, the start of a range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from models.reflex.values.span import TEMPORAL, Span

_FROM_TIMES = frozenset({"moment", "day", "time", "range"})


def as_kind(span: Span, kind: str) -> Span | None:
    """The span as that kind, with its score lowered where that loses or guesses something; None where it can't be."""
    if span.kind == kind or (span.kind == "absurd" and kind in TEMPORAL):
        return span
    reading = _READINGS.get(kind)
    found = reading(span) if reading is not None else None
    if found is None:
        return None
    value, factor = found
    return replace(
        span, kind=kind, value=value, score=span.score * factor, detail={**span.detail, "read_from": span.kind}
    )


def _moment(span: Span) -> tuple[Any, float] | None:
    if span.kind in _FROM_TIMES:
        return span.detail["moment"], 0.9
    return (span.detail["start"], 0.8) if span.kind == "repeat" else None


def _day(span: Span) -> tuple[Any, float] | None:
    if span.kind in _FROM_TIMES and span.detail["has_date"]:
        return span.detail["date"], 0.9
    return None


def _time(span: Span) -> tuple[Any, float] | None:
    known = span.kind in {"moment", "time", "range", "repeat"} and span.detail.get("time")
    return (span.detail["time"], 0.9) if known else None


def _range(span: Span) -> tuple[Any, float] | None:
    if span.kind in {"day", "moment", "time"} and span.detail["start"] != span.detail["end"]:
        return {"start": span.detail["start"], "end": span.detail["end"]}, 0.9
    return None


def _duration(span: Span) -> tuple[Any, float] | None:
    return (span.value.lstrip("-"), 0.7) if span.kind == "shift" else None


def _number(span: Span) -> tuple[Any, float] | None:
    if span.kind in {"percent", "ordinal"}:
        return span.value, 0.6
    if span.kind in {"money", "quantity", "temperature"}:
        return span.value["amount"], 0.6
    if span.kind == "duration" and "amount" in span.detail:
        return span.detail["amount"], 0.4
    return None


def _quantity(span: Span) -> tuple[Any, float] | None:
    if span.kind == "temperature" and span.value["unit"]:
        return dict(span.value), 0.9
    if span.kind == "money" and "quantity" in span.detail:
        return dict(span.detail["quantity"]), 0.9
    if span.kind == "duration" and "amount" in span.detail:
        return {"amount": span.detail["amount"], "unit": span.detail["unit"]}, 0.7
    return None


def _temperature(span: Span) -> tuple[Any, float] | None:
    return ({"amount": span.value, "unit": None}, 0.3) if span.kind == "number" else None


_READINGS: dict[str, Callable[[Span], tuple[Any, float] | None]] = {
    "moment": _moment,
    "day": _day,
    "time": _time,
    "range": _range,
    "duration": _duration,
    "number": _number,
    "quantity": _quantity,
    "temperature": _temperature,
}

"""Calls made earlier in the dialogue and the things that they touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.guess import PastCall, Request

CALLS_BACK = 6
"""How many calls back a pronoun may reach."""
Thing = Mapping[str, Any]


def past_calls(request: Request) -> Iterator[PastCall]:
    """Calls made so far, latest first."""
    for said in reversed(request.history):
        yield from reversed(said.calls)


def last_call(request: Request, name: str | None = None) -> PastCall | None:
    """The latest call, or the latest of that tool among the last few."""
    for back, call in enumerate(past_calls(request)):
        if back >= CALLS_BACK:
            break
        if name is None or call.name == name:
            return call
    return None


def touched(request: Request, kind: str) -> list[Thing]:
    """Things of a kind that the latest call touching any of them named, in spoken order."""
    for back, call in enumerate(past_calls(request)):
        if back >= CALLS_BACK:
            break
        if found := [thing for thing in call.touched if thing.get("kind") == kind]:
            return found
    return []


def anchor(request: Request, thing: Thing | None = None, name: str = "") -> str | None:
    """When the thing that is meant takes place, as it was last told."""
    if thing is not None and thing.get("at"):
        return str(thing["at"])
    for back, call in enumerate(past_calls(request)):
        if back >= CALLS_BACK:
            break
        for one in call.touched:
            if one.get("at") and name and str(one.get("name", "")).lower() == name.lower():
                return str(one["at"])
    return None

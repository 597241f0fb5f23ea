"""Which kinds of things a request points at: by a name that exists, or by "it" and "the second one"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from models.guess import Request
from models.reflex.filling.words import STOP, content_stems, stems_of
from models.reflex.refer import ORDINAL, PRONOUN, past_calls

CALLS_BACK = 2
"""Only what was just touched: pronouns seldom reach further."""

TELLING = 2
"""So many telling words, all of them in one name, point at it: "the wifi password at the cabin"."""


def kinds_pointed(text: str, request: Request) -> frozenset[str]:
    """Kinds (as `x-kind` says) of the things that the text names or points at."""
    heard = f" {' '.join(stems_of(text))} "
    kinds = {kind for kind, known in request.names.items() if any(name in heard for name in stemmed(tuple(known)))}
    kinds |= kinds_told(text, request)
    if PRONOUN.search(text) or ORDINAL.search(text):
        for back, call in enumerate(past_calls(request)):
            if back >= CALLS_BACK:
                break
            kinds |= {str(thing.get("kind")) for thing in call.touched}
    return frozenset(kinds)


def kinds_told(text: str, request: Request) -> frozenset[str]:
    """Kinds of the things in whose names all lies that the text says, if that is not too little."""
    told = content_stems(text) - STOP
    if len(told) < TELLING:
        return frozenset()
    return frozenset(
        kind for kind, known in request.names.items() if any(told <= name for name in telling(tuple(known)))
    )


@lru_cache(maxsize=64)
def telling(names: Sequence[str]) -> tuple[frozenset[str], ...]:
    """The telling words of each name."""
    return tuple(map(content_stems, names))


@lru_cache(maxsize=64)
def stemmed(names: Sequence[str]) -> tuple[str, ...]:
    """Names as they are looked for in a stemmed text: whole words."""
    return tuple(f" {' '.join(stems)} " for stems in map(stems_of, names) if stems)

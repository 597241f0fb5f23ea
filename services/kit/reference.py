"""What a person means by "the dentist" or "my pasta timer": a thing by its id, its name or a part of it.

Must stay true: where several differently named things would fit, none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.kit.reply import Refusal
from services.kit.speech import spoken, spoken_moment

NAMED_AT_MOST = 5
FILLERS = {"the", "my", "our", "a", "an", "to", "that", "this", "for", "on", "at", "with", "of", "about", "me", "one"}
FILLERS |= {"when", "where", "what", "which", "is", "are", "all", "every", "whole"}
KIND_WORDS = {"event": {"appointment", "series"}}
"""What people also call a thing of the kind."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be meant."""

    id: str
    name: str
    at: datetime
    """When it takes place or goes off: of equal names, the next to come is meant."""


def choose(said: str, candidates: Sequence[Candidate], kind: str, now: datetime) -> Candidate:
    """The one that is meant, of those to come before those past; refuses none, and several with different names."""
    for candidate in candidates:
        if candidate.id == said.strip().lower():
            return candidate
    wanted = words(said, kind)
    ahead = [candidate for candidate in candidates if candidate.at >= now]
    fitting = best_fit(wanted, ahead, kind) or best_fit(wanted, candidates, kind)
    if not fitting:
        raise Refusal(f"I find no {kind} called {said.strip()!r}.{those_there(candidates, now)}")
    names = {candidate.name.casefold() for candidate in fitting}
    if len(names) > 1:
        raise Refusal(f"Which {kind} do you mean: {options(fitting, now)}?")
    return soonest(fitting, now)


def best_fit(wanted: Sequence[str], candidates: Sequence[Candidate], kind: str) -> list[Candidate]:
    """Those with exactly these words, else with all of them, else with beginnings of words; all for no words."""
    if not wanted:
        return list(candidates)
    exact, within, begins = [], [], []
    for candidate in candidates:
        has = words(candidate.name, kind) or words(candidate.name, "")
        if list(wanted) == has:
            exact.append(candidate)
        elif set(wanted) <= set(has):
            within.append(candidate)
        elif all(any(word.startswith(part) for word in has) for part in wanted):
            begins.append(candidate)
    return exact or within or begins


def soonest(candidates: Sequence[Candidate], now: datetime) -> Candidate:
    """The next to come, else the last that was."""
    ahead = [candidate for candidate in candidates if candidate.at >= now]
    if ahead:
        return min(ahead, key=lambda candidate: candidate.at)
    return max(candidates, key=lambda candidate: candidate.at)


def words(text: str, kind: str) -> list[str]:
    """Its telling words, in small letters and without a plural's or owner's s."""
    skip = FILLERS | {kind} | KIND_WORDS.get(kind, set())
    found = re.findall(r"[^\W_]+", re.sub(r"['\u2019]s\b", "", text.casefold()))
    return [singular(word) for word in found if word not in skip and singular(word) not in skip]


def singular(word: str) -> str:
    """Without a plural's s."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def options(candidates: Sequence[Candidate], now: datetime) -> str:
    """The choice, as one would put it: dentist (tomorrow at 3 pm) or run (Friday 6 March at 7 am)."""
    shown = sorted(candidates, key=lambda candidate: candidate.at)[:NAMED_AT_MOST]
    return " or ".join(f"{candidate.name} ({spoken_moment(candidate.at, now)})" for candidate in shown)


def those_there(candidates: Sequence[Candidate], now: datetime) -> str:
    """A hint at what there is."""
    ahead = sorted((c for c in candidates if c.at >= now), key=lambda candidate: candidate.at)
    names = list(dict.fromkeys(candidate.name for candidate in ahead))[:NAMED_AT_MOST]
    return f" There is {spoken(names)}." if names else ""

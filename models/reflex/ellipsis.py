"""Second requests that leave out their verb: "convert 10 km to miles and 20 kg to pounds", "… and another for 10".

The second part is a request of its own only where it is built like the first: the same preposition leads to something
in both, or it says "another". It is given the first part's verb, so it can be read alone. "milk, eggs and bread" and
"remind me to buy milk and call mum" stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.reflex.filling.opening import REMIND, VERBS, polite_end
from models.reflex.filling.words import QUOTED, Word, bag, words_of

JOINT = re.compile(r"(?:,\s+and|,|\s+and(?: then| also)?)\s+(?=\S)", re.I)
TALKS = bag("note remember jot write tell text message email say ask")
"""What follows these is somebody's words, which are never taken apart here."""
PLACED = re.compile(r"\b(?:on|in) (?:the|my) [a-z]", re.I)
LEADS = bag("to from on off at for in into onto by as")
PARTICLES = bag("on off up down out in away back me us")
ANOTHER = re.compile(
    r"^(?:(?:another|a second|one more|a new)(?: one)?|one|again|a second one)\s+(?=(?:for|at|of|on|in)\b)", re.I
)
PLURAL = re.compile(r"^(?P<lead>.*?\b(?:timers|alarms|reminders)\s+(?:for|at|of)\s+)(?P<rest>.+)$", re.I)
NUMBER_ONLY = re.compile(r"^(?P<lead>for|of|in)\s+(?P<number>[\w.]+)[\s.!?]*$", re.I)
UNIT = re.compile(r"\b(?:for|of|in)\s+[\w.]+\s+(?P<unit>seconds?|minutes?|mins?|hours?|days?)\b", re.I)
SIZED = re.compile(
    r"\s*(?:an?|one|another)\s+[\w.]+[\s-]?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|[smh])\s+(?P<noun>[a-z]+)", re.I
)
""" "a 5 min timer" and "a 10 min timer" are one each."""
MOST = 5


def expanded(clause: str) -> list[str]:
    """The requests of one clause, each with its verb; the clause alone where it is one."""
    if (several := _plural(clause)) is not None:
        return several
    prefix = shared_opening(clause)
    if not prefix:
        return [clause]
    quotes = [match.span() for match in QUOTED.finditer(clause)]
    found = [clause]
    for _ in range(MOST):
        cut = _last_cut(found[0], prefix, quotes)
        if cut is None:
            break
        first, second = found[0][: cut[0]], found[0][cut[1] :]
        found = [first.strip(), _completed(prefix, first, second), *found[1:]]
    return found


def shared_opening(clause: str) -> str:
    """ "set", "turn on", "remind me", "put": what a second part without a verb inherits."""
    start = polite_end(clause)
    if match := REMIND.match(clause, start):
        return re.sub(r"\s+(?:to|that|about|of)\s*$", "", match.group()).strip()
    words = words_of(clause[start : start + 40])
    if not words or words[0].lower not in VERBS - TALKS:
        return ""
    end = words[0].end
    for word in words[1:2]:
        if word.lower in PARTICLES:
            end = word.end
    return clause[start : start + end]


def _plural(clause: str) -> list[str] | None:
    """ "set timers for 5 minutes and 8 minutes" """
    match = PLURAL.match(clause)
    if match is None:
        return None
    parts = [part.strip(" .!?") for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", match.group("rest")) if part.strip()]
    if len(parts) < 2 or len(parts) > MOST or not all(any(c.isdigit() for c in part) for part in parts):
        return None
    unit = re.search(r"\d\s*([a-z]+)$", parts[-1], re.I)
    whole = [f"{part} {unit.group(1)}" if unit and part.isdigit() else part for part in parts]
    return [match.group("lead") + part for part in whole]


def _last_cut(text: str, prefix: str, quotes: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The last joint after which a request without its verb begins."""
    begin = text.find(prefix) + len(prefix)
    for match in reversed(list(JOINT.finditer(text, begin))):
        if any(start < match.start() < end for start, end in quotes):
            continue
        if _alike(text[begin : match.start()], text[match.end() :], prefix):
            return match.span()
    return None


def _alike(first: str, second: str, prefix: str) -> bool:
    """The second part is built like the first."""
    reminds = bool(REMIND.match(prefix))
    if ANOTHER.match(second) or (reminds and re.match(r"to\s+[a-z]+\s", second)):
        return True
    ahead, behind = words_of(first), words_of(second)
    if reminds and re.match(r"\s*(?:to|that|about)\b", first):
        ahead = ahead[1:]
    one, other = SIZED.match(first), SIZED.match(second)
    if one and other and one.group("noun") == other.group("noun"):
        return True
    shared = _leads(ahead) & _leads(behind)
    if not shared or not behind or behind[0].lower in LEADS:
        return False
    timed = shared <= {"at", "on", "in", "for"}
    placed = bool(PLACED.search(first) and PLACED.search(second))
    return not timed or placed or _figures(first) == _figures(second) > 0 or (len(shared) > 1 and not reminds)


def _leads(words: Sequence[Word]) -> set[str]:
    """Prepositions that stand between words."""
    return {word.lower for word in words[1:-1] if word.lower in LEADS}


def _figures(text: str) -> int:
    return len(re.findall(r"(?<![\w:.])\d[\d:.]*", text))


def _day_of(first: str, second: str) -> str:
    """ "at 9 tonight and … at 10": the day that both share."""
    day = re.search(r"\b(tonight|tomorrow)\b", first, re.I)
    hour = re.search(r"\bat \d{1,2}(?:[:.]\d\d)?[\s.!?]*$", second, re.I)
    return f" {day.group(1)}" if day and hour else ""


def _completed(prefix: str, first: str, second: str) -> str:
    match = ANOTHER.match(second)
    if match is None:
        return f"{prefix} {second}{_day_of(first, second)}".strip()
    said = second[match.end() :]
    bare, unit = NUMBER_ONLY.match(said), UNIT.search(first)
    if bare and unit:
        said = f"{bare.group('lead')} {bare.group('number')} {unit.group('unit')}"
    noun = re.match(r"\s*((?:an?|the)\s+(?:new\s+)?[a-z]+)\s", first[first.find(prefix) + len(prefix) :])
    return " ".join(part for part in (prefix, noun.group(1) if noun else "", said) if part)

"""Several requests in one sentence, taken apart where a new one begins.

By rules on how clauses start, so several ways to split are offered, best first, for the caller to judge by the tools.
"add milk, eggs and two avocados" stays one; "remind me to buy milk and call mum" stays one reminder.
"""

from __future__ import annotations

import re
from itertools import islice

from models.reflex.ellipsis import expanded
from models.reflex.filling.opening import QUESTION, REMIND, VERBS, afterthought, polite_end
from models.reflex.filling.words import QUOTED, bag, words_of

MOST = 6
"""More requests than this in one sentence are not looked for."""
JOINTS = 60
"""Places looked at in one text."""
LOOK = 120
"""Characters of a clause's beginning that tell whether it is a request."""
JOINT = re.compile(
    r"\s*(?:[.;!?\n]+\s+(?:(?:and|also|then|plus|oh|after that|afterwards)(?![\w'])[\s,]*)*"
    r"|,?\s+(?:and then|and also|and after that|after that|and|then|also|plus|"
    r"as well as)(?![\w'])[\s,]*(?:(?:also|then|please)\s+)?"
    r"|,\s+(?=\w))",
    re.I,
)
STRONG = bag(
    "remind add put set create delete remove cancel show schedule convert calculate start stop move turn "
    "switch play send "
    "tell give book reserve note remember list open close pause resume snooze find search check split "
    "translate what what's "
    "who who's when when's where where's how how's is are do does will which order dim lock unlock undo reschedule make"
)
"""These begin a request of their own almost always."""
INNER = bag("remind note remember tell text message email send ask write jot say")
"""What follows the verb of such a request may be a clause itself, so a weaker start after it belongs to it."""
TAKES = re.compile(r"(?:take|cross|tick|strike|check) [^,.;]{1,40} (?:off|from|out of) (?:the|my|our|it|that)\b", re.I)
ASKS_OF = re.compile(r"^.{0,60}?\b(?:it|that|each|everyone|everybody|them)\b", re.I)
GIVEN = bag("a an the my our me us it")
DOUBTFUL = VERBS - STRONG
QUESTIONS = bag("what what's who who's when when's where where's how how's which why is are does do will")


def split(text: str) -> list[str]:
    """The clauses of the text, each a request; one where nothing is sure."""
    return candidates(text)[0]


def candidates(text: str) -> list[list[str]]:
    """Ways to take the text apart, best first; the text as a whole is always among them."""
    said = text.strip()
    quotes = [match.span() for match in QUOTED.finditer(said)]
    late = afterthought(said)
    joints = [
        (m.start(), m.end(), min(surety(said, m.start(), m.end()), 1 if m.start() >= late else 2))
        for m in islice(JOINT.finditer(said), JOINTS)
        if not any(start < m.start() < end for start, end in quotes)
    ]
    found: list[list[str]] = []
    for least in (2, 1):
        cut = [joint for joint in joints if joint[2] >= least][: MOST - 1]
        clauses = _clauses(said, cut)
        full = [part for clause in clauses for part in expanded(clause)][:MOST]
        for way in (full, clauses):
            if way not in found:
                found.append(way)
    if [said] not in found:
        found.append([said])
    return found


def surety(text: str, start: int, end: int) -> int:
    """How sure it is that a new request begins after a joint: 2 sure, 1 perhaps, 0 no."""
    joint, before, after = text[start:end], text[: min(start, LOOK)], text[end : end + LOOK]
    at = polite_end(after)
    words = [word for word in words_of(after[at:])[:6] if not word.is_mark]
    if not words:
        return 0
    first = words[0].lower
    stop = bool(re.search(r"[.;!?\n]", joint))
    if REMIND.match(after, at):
        return 2
    if first in STRONG and (len(words) >= 2 or stop):
        if _asks_of(before, after):
            return 1
        return _strong(first, words[1].lower if len(words) > 1 else "", before, joint, stop)
    if stop:
        return 1 if first in DOUBTFUL else 0
    if TAKES.match(after, at) and joint.strip() != "," and not INNER & {word.lower for word in words_of(before)[:2]}:
        return 2
    return 1 if first in DOUBTFUL and len(words) >= 2 and joint.strip() != "," else 0


def _asks_of(before: str, after: str) -> bool:
    """A question or command about what was only stated before it: "the bill is 93, what is that each?"."""
    first = words_of(before[polite_end(before) :])[:1]
    stated = bool(first) and first[0].lower not in VERBS and not QUESTION.match(before, polite_end(before))
    return stated and bool(ASKS_OF.search(after))


def _strong(first: str, second: str, before: str, joint: str, stop: bool) -> int:
    if stop or re.search(r"\b(?:then|also)\b", joint, re.I):
        return 2
    opening = words_of(before[polite_end(before) :])
    verb = opening[0].lower if opening else ""
    if verb in INNER and first in ("show", "list", "what's") and second in ("me", "all", "my", "the", "on"):
        return 2
    inner = verb in INNER and first not in ("remind", "what's", "set")
    if joint.strip() == "," and first not in QUESTIONS:
        return 2 if second in GIVEN and not inner else 1
    return 1 if inner or not opening else 2


def _clauses(text: str, cut: list[tuple[int, int, int]]) -> list[str]:
    found, at = [], 0
    for start, end, _ in cut:
        mark = re.match(r"\s*([?!])", text[start:end])
        found.append(text[at:start] + (mark.group(1) if mark else ""))
        at = end
    found.append(text[at:])
    kept = [clause.strip() for clause in found if any(c.isalnum() for c in clause)]
    return kept or [text]

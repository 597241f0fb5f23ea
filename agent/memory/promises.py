"""What was promised and is not done: "what did I say I'd do this week?"."""

from __future__ import annotations

import re
from datetime import datetime

from agent.memory.answers import Answers
from agent.memory.telling import day, fact_row, fact_thing, to_member
from memory.facts.facts import Fact
from memory.record.words import content_words
from models.reflex.values import find_values
from services.tool import Call, Caller, Done

MOST = 8
"""Promises told at once."""
_WHO = re.compile(
    r"\b(?:did|has|have|does|do|is|what's) (?P<who>[A-Za-z][\w'-]+)"
    r" (?:promised?|say|said|going|owe|commit|agreed?|offer|still)",
)
_ME = frozenset({"i", "we", "you", "anyone", "anybody", "someone", ""})
_IDLE = frozenset(
    "promise promised promises promising open still commit committed commitment commitments owe going do anything kept"
    " keep due week month today tomorrow say said agreed tell people anyone one outstanding list make made".split()
)


def promises(answers: Answers, call: Call, about: str) -> Done:
    """The open promises that are meant, the soonest due first."""
    caller = call.caller
    who = _who(about)
    found = answers.memory.facts.commitments(answers.view(caller), now=caller.now)
    mine = [fact for fact in found if _is_by(fact, who or caller.member)]
    span = _span(about, caller.now)
    if span is not None:
        mine = [fact for fact in mine if _falls(fact, *span)]
    words = [word for word in content_words(about) if word not in _IDLE] if about else []
    words = [word for word in words if word != who.casefold() and not _is_time(word, about, caller.now)]
    about_it = [fact for fact in mine if set(words) & set(content_words(f"{fact.claim.value} {fact.claim.text}"))]
    told = (about_it if words and about_it else mine)[:MOST]
    if not told:
        return Done(_nothing(who, span is not None), {"facts": []})
    said = " ".join(f"{_promise(fact, caller)}." for fact in told)
    rest = len(about_it if words and about_it else mine) - len(told)
    said += f" And {rest} more." if rest > 0 else ""
    return Done(said, {"facts": [fact_row(one) for one in told]}, tuple(fact_thing(one, caller) for one in told))


def _who(about: str) -> str:
    match = _WHO.search(about)
    return match["who"] if match is not None and match["who"].lower() not in _ME else ""


def _is_by(fact: Fact, who: str) -> bool:
    return fact.claim.subject.casefold() == who.casefold()


def _span(about: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The stretch of time that is asked about."""
    for span in find_values(about, now):
        if span.kind in ("day", "moment", "range") and span.score >= 1.0:
            return datetime.fromisoformat(span.detail["start"]), datetime.fromisoformat(span.detail["end"])
    return None


def _falls(fact: Fact, start: datetime, end: datetime) -> bool:
    """It is due then; or, with no day of its own, was said then."""
    due = fact.claim.due or fact.said
    return start <= due < end or (fact.claim.due is not None and due < start and start <= fact.said < end)


def _is_time(word: str, about: str, now: datetime) -> bool:
    return any(
        word in content_words(span.text) for span in find_values(about, now) if span.kind in ("day", "moment", "range")
    )


def _promise(fact: Fact, caller: Caller) -> str:
    said = to_member(fact.claim.text, caller.member)
    due = fact.claim.due
    if due is None:
        return said
    told = day(due, caller)
    late = " and it is overdue" if due < caller.now else ""
    return f"{said} (due {told}{late})" if told.lower() not in said.lower() else said


def _nothing(who: str, timed: bool) -> str:
    when = " for then" if timed else ""
    return (
        f"I know of nothing that {who} promised{when}."
        if who
        else f"I know of nothing that you still have to do{when}."
    )

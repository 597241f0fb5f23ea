"""What memory holds, told to the member who asks: facts as sentences to "you", notes as quotations with their day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from memory.facts.facts import Fact, Maker
from memory.note import Note
from memory.recall.recall import Recalled
from services.tool import Call, Caller, Thing

QUOTED = 160
"""Characters of one note in an answer."""
LATER = timedelta(days=2)
"""A fact that began this much before it was said, or after another, says since when it holds."""

_SECOND = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "goes": "go",
    "isn't": "aren't",
    "wasn't": "weren't",
}
_SECOND |= {"doesn't": "don't", "hasn't": "haven't"}
_MODAL = frozenset({"will", "would", "can", "could", "should", "may", "might", "must", "wants"}) - {"wants"}
_IRREGULAR = {
    "is": "was", "are": "were", "has": "had", "have": "had", "does": "did", "do": "did", "goes": "went", "go": "went",
    "drives": "drove", "drive": "drove", "keeps": "kept", "keep": "kept", "knows": "knew", "know": "knew",
    "drinks": "drank", "drink": "drank", "eats": "ate", "eat": "ate", "sleeps": "slept", "sleep": "slept",
    "takes": "took", "take": "took", "teaches": "taught", "teach": "taught", "wears": "wore", "wear": "wore",
    "rides": "rode", "ride": "rode", "plays": "played", "play": "played", "studies": "studied", "study": "studied",
    "runs": "ran", "run": "ran", "speaks": "spoke", "speak": "spoke", "pays": "paid", "pay": "paid",
    "gets": "got", "get": "got", "says": "said", "say": "said", "can": "could", "doesn't": "didn't", "don't": "didn't",
    "isn't": "wasn't", "aren't": "weren't", "makes": "made", "make": "made", "feels": "felt", "feel": "felt",
}  # fmt: skip


def to_member(text: str, member: str) -> str:
    """A sentence about somebody by name, said to them if they are the member: "Ann lives in Lyon" to "You live …"."""
    said = text.strip().rstrip(".")
    match = re.match(rf"(?:(?:{re.escape(member)}|I|we)(?P<owns>['’]s)?|(?P<mine>my|our))(?= )", said, re.IGNORECASE)
    if match is None:
        return said[:1].upper() + said[1:]
    rest = said[match.end() :].strip()
    if match["owns"] or match["mine"]:
        return f"Your {rest}"
    verb, _, after = rest.partition(" ")
    return f"You {second(verb)} {after}".rstrip()


def second(verb: str) -> str:
    """A verb of the third person as "you" has it."""
    low = verb.lower()
    if low in _SECOND:
        return _SECOND[low]
    if low in _MODAL or not low.endswith("s") or low.endswith("ss"):
        return verb
    if low.endswith("ies") and len(low) > 4:
        return f"{verb[:-3]}y"
    return verb[:-2] if low.endswith(("ches", "shes", "sses", "xes", "zes")) else verb[:-1]


def was(sentence: str) -> str:
    """A sentence of the present, such as "You live in Lyon", in the past; as it is where its verb is not known."""
    words = sentence.split(" ")
    for place, word in enumerate(words[1:], start=1):
        low = word.lower()
        if low in _IRREGULAR:
            return " ".join([*words[:place], _IRREGULAR[low], *words[place + 1 :]])
        if place == 1 and words[0] in ("You", "We", "They", "I"):
            return " ".join([words[0], _regular(low), *words[2:]])
    if len(words) > 2 and words[1].lower().endswith("s"):
        return " ".join([words[0], _regular(second(words[1].lower())), *words[2:]])
    return sentence


def _regular(verb: str) -> str:
    if verb.endswith("ed") or verb in _MODAL:
        return verb
    return f"{verb}d" if verb.endswith("e") else f"{verb[:-1]}ied" if re.search("[^aeiou]y$", verb) else f"{verb}ed"


def fact_text(fact: Fact, caller: Caller, at: datetime | None = None, since: bool = False) -> str:
    """One sentence without its stop; in the past for a fact that has ended or is asked for at a past moment."""
    claim, now = fact.claim, at or caller.now
    said = to_member(claim.text, caller.member)
    if claim.until is not None and claim.until <= caller.now:
        return f"{was(said)}, until {day(claim.until, caller)}"
    if at is not None and at < caller.now:
        said = was(said)
    began = claim.since
    if since and began is not None and began <= now:
        return f"{said}, since {day(began, caller)}"
    return said


def day(moment: datetime, caller: Caller) -> str:
    """A day as people say it; the first of a month is that month, of a year that year."""
    here = moment.astimezone(caller.now.tzinfo)
    if (here.month, here.day, here.hour) == (1, 1, 0) and here.year < caller.now.year:
        return f"{here:%Y}"
    if (here.day, here.hour) == (1, 0):
        return f"{here:%B %Y}"
    days = (caller.now.date() - here.date()).days
    return {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days, f"{here:%-d %B %Y}")


def said_when(note: Note, call: Call) -> str:
    """The note's day as people say it."""
    told = day(note.when, call.caller)
    return told if told in ("today", "yesterday") else f"on {note.when.astimezone(call.caller.now.tzinfo):%-d %B %Y}"


def quoted(text: str) -> str:
    """A note's words in quotation marks, cut if they are long."""
    said = " ".join(text.split()).rstrip(".")
    return f"“{said}”" if len(said) <= QUOTED else f"“{said[: QUOTED - 1]}…”"


def speaker(note: Note, caller: Caller) -> str:
    """Who said it, as the caller is told."""
    return "You" if note.who == caller.member else note.who


def told_notes(hits: Sequence[Recalled], call: Call) -> str:
    """Notes as one sentence: who said what, when."""
    caller = call.caller
    pieces, last = [], ""
    for hit in hits:
        who = speaker(hit.note, caller)
        said = f"{quoted(hit.note.text)} ({said_when(hit.note, call)})"
        pieces.append(said if who == last else f"{who} said: {said}")
        last = who
    return f"{'; '.join(pieces)}."


def note_row(hit: Recalled) -> dict[str, Any]:
    """A recalled note for programs."""
    note = hit.note
    return {
        "id": note.id,
        "text": note.text,
        "who": note.who,
        "when": note.when.isoformat(),
        "score": round(hit.score, 4),
        "why": hit.why,
    }


def fact_row(fact: Fact) -> dict[str, Any]:
    """A fact for programs."""
    claim = fact.claim
    times = {
        name: moment.isoformat() if moment else None
        for name in ("since", "until", "due")
        for moment in (getattr(claim, name),)
    }
    return {
        "id": fact.id,
        "kind": claim.kind.value,
        "subject": claim.subject,
        "relation": claim.relation,
        "value": claim.value,
        "text": claim.text,
        **times,
        "maker": claim.maker.value,
        "said": fact.said.isoformat(),
        "done": fact.done,
        "sources": list(fact.sources),
    }


def fact_thing(fact: Fact, caller: Caller) -> Thing:
    """What "that" may mean after the fact was told."""
    return Thing("fact", to_member(fact.claim.text, caller.member), fact.id)


def note_thing(note: Note) -> Thing:
    """What "that" may mean after the note was told."""
    return Thing("memory", " ".join(note.text.split())[:QUOTED], note.id)


def by_model(fact: Fact) -> bool:
    """A language model drew it; no person said it in so many words."""
    return fact.claim.maker is Maker.MODEL

"""Why something is believed: who said it, in which words, when; and what "that" means, which was told last.

Must stay true: a source is told only to whom may see the note itself, from where they ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.dialogue import Dialogue
from agent.memory.answers import as_said, stated
from agent.memory.nearness import Nearness
from agent.memory.telling import by_model, note_thing, quoted, said_when, speaker, to_member
from agent.turn import Turn
from memory.facts.drawing import draw
from memory.facts.facts import Fact
from memory.record.record import Kept
from services.tool import Call, Caller, Done

SOURCES = 3
"""Notes quoted as sources of one fact."""
KINDS = frozenset({"fact", "memory"})
_LEAD = re.compile(
    r"^(?:and |but |so )?(?:(?:why|how|when|where|who|what|since when)\b.*?\b(?:you|told|tell|said|say)"
    r"(?: (?:you|us))?\s*"
    r"(?:think|know|believe|say|get|hear|learn|learned|assume|think so)?)?\s*(?:that|of|about|this|it|so)?\b\s*",
    re.IGNORECASE,
)
_THAT = re.compile(r"^(?:that|this|it|so|from|that from|it from)?[\s?.!]*$", re.IGNORECASE)

Told = Callable[[Caller], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a belief comes from."""

    fact: Fact | None
    notes: tuple[Kept, ...]


def nothing_told(_caller: Caller) -> Sequence[Mapping[str, Any]]:
    """Where there is no dialogue."""
    return ()


def last_told(dialogue: Dialogue, caller: Caller) -> Sequence[Mapping[str, Any]]:
    """The facts and notes that memory told last in this dialogue, as rows of things."""
    past = dialogue.past(Turn("", caller.now, caller.zone, caller.member, caller.room))
    for line in reversed(past.lines):
        for call in reversed(line.calls):
            found = [thing for thing in call.touched if thing.get("kind") in KINDS]
            if found:
                return found
    return []


class Sources:
    """Finds where beliefs come from. Blocks for milliseconds."""

    def __init__(self, nearness: Nearness, told: Told) -> None:
        self.answers = nearness.answers
        self.nearness = nearness
        self.told = told

    def of(self, about: str, caller: Caller) -> Source | None:
        """The source of what is meant: what was told last, where nothing is said; None: there is none."""
        said = belief(about)
        if not said:
            return self._of_things(self.told(caller), caller)
        return self._of_claim(said, caller) or self._of_notes(said, caller)

    def of_id(self, known: str, caller: Caller) -> Source | None:
        """The source of a fact, or a note itself, by its id."""
        view = self.answers.view(caller)
        fact = self.answers.memory.facts.get(known, view)
        if fact is not None:
            return self._of_fact(fact, caller)
        kept = self.answers.memory.record.find(known, view)
        return Source(None, (kept,)) if kept is not None else None

    def _of_things(self, things: Sequence[Mapping[str, Any]], caller: Caller) -> Source | None:
        found = (self.of_id(str(thing.get("id")), caller) for thing in things)
        return next((one for one in found if one is not None), None)

    def _of_claim(self, said: str, caller: Caller) -> Source | None:
        """What is believed, as a statement: "that I live in Lyon"; or as a question: "where I live"."""
        claims = draw(stated(f"{said}.", caller))
        view = self.answers.view(caller)
        for claim in claims:
            for fact in reversed(self.answers.memory.facts.history(view, claim.subject, claim.relation)):
                if as_said(claim, fact):
                    return self._of_fact(fact, caller)
        answer = self.answers.known(said, caller)
        return self._of_fact(answer.facts[0], caller) if answer is not None else None

    def _of_notes(self, said: str, caller: Caller) -> Source | None:
        hits = self.nearness.notes(said, caller, 1)
        return self.of_id(hits[0].note.id, caller) if hits else None

    def _of_fact(self, fact: Fact, caller: Caller) -> Source | None:
        view = self.answers.view(caller)
        found = [self.answers.memory.record.find(note, view) for note in fact.sources]
        return Source(fact, tuple(one for one in found if one is not None))


def belief(text: str) -> str:
    """What a question of why is about; empty for "that"."""
    said = " ".join(text.replace("’", "'").split()).rstrip("?!. ")
    said = _LEAD.sub("", said, count=1).strip()
    return "" if _THAT.match(said) else said


def explained(source: Source, call: Call) -> Done:
    """The source in a sentence or two."""
    caller = call.caller
    notes = source.notes[-SOURCES:]
    told = "; ".join(
        f"{speaker(one.note, caller)} said {said_when(one.note, call)}: {quoted(one.note.text)}"
        for one in reversed(notes)
    )
    more = len(source.notes) - len(notes)
    said = f"{told}{f'; and {more} more' if more > 0 else ''}." if told else "I no longer have the words it came from."
    if source.fact is not None and by_model(source.fact):
        said += " A language model drew it from that; nobody said it in so many words."
    belief = to_member(source.fact.claim.text, caller.member) if source.fact is not None else ""
    rows = [source_row(one) for one in source.notes]
    data = {"belief": belief, "fact": source.fact.id if source.fact else None, "sources": rows}
    return Done(said, data, tuple(note_thing(one.note) for one in notes))


def source_row(kept: Kept) -> dict[str, Any]:
    """A source for programs."""
    note = kept.note
    return {
        "id": note.id,
        "text": note.text,
        "who": note.who,
        "when": note.when.isoformat(),
        "room": note.room,
        "turn": note.turn,
        "times": kept.times,
    }

"""Forgetting when asked in plain words: which notes are meant, what the question for a yes shows, and that they go.

Must stay true: what is forgotten after a yes is what was shown: the call that waits names notes, not words, so that
what is to be forgotten is not on record for having been asked; only the member's own notes go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio.to_thread

from agent.memory.answers import Answers, stated, without
from agent.memory.erasing import Erasing
from agent.memory.inversion import plain
from agent.memory.sources import KINDS, Told
from agent.memory.telling import quoted
from agent.memory.tools import FORGET
from memory.facts.drawing import draw
from memory.forgetting import Forgetting, What
from memory.record.record import Kept
from models.reflex.values.periods import read_periods
from services.tool import Call, Caller, Done, Failed, Outcome, Tool, Toolbox

UNCLEAR = (
    "Say what I should forget: one thing (“forget my shoe size”), somebody (“forget everything about Bob”) or a time"
    " (“forget what I said yesterday”). To erase all that you have here, there is `muos memory erase`."
)
NOTHING = "I remember nothing that fits that, so there is nothing to forget."
SHOWN = 3
"""Notes that the question for a yes quotes."""

IDS = "notes:"
"""Begins the arguments of a call that names notes by their ids."""

_VERB = re.compile(
    r"^(?:please\s+)?(?:forget|erase|delete|remove|wipe|drop|don't remember)\b\s*(?:about\s+)?", re.IGNORECASE
)
_ALL = re.compile(
    r"^(?:[Ee]verything|[Aa]ll|[Aa]nything|[Ww]hatever|[Ww]hat)(?: that)?"
    r"(?: (?:you|I|i|we|he|she|they|[A-Z]\w+)(?:'ve| have| had)?"
    r"(?: ever)? (?:know|knew|remember|remembered|learned|said|told|tell|say|heard|believe|mentioned|talked)(?: you)?)?"
    r"(?:\s+(?:about|of|on|regarding|to do with))?\s*",
)
_THAT = re.compile(
    r"^(?:that|this|it|them|those|these|the last (?:one|thing)|that again|all of (?:it|that))$", re.IGNORECASE
)
_SELF = frozenset({"me", "myself", "us", "everything", "all", "everyone"})
_AWAY = re.compile(
    r"\s+(?:from|out of) (?:your|my|the) memor(?:y|ies)$|\s+(?:please|again|for good|forever)$", re.IGNORECASE
)
_MINE = re.compile(r"^(?:my|our|the|his|her|their|[\w-]+'s)\s", re.IGNORECASE)


class Forgetful:
    """Finds and forgets what is meant. Blocks."""

    def __init__(self, answers: Answers, told: Told, erasing: Erasing | None = None) -> None:
        """`erasing` forgets with all traces; without it, in memory alone."""
        self.answers = answers
        self.told = told
        self.forgetting: Forgetting | Erasing = erasing or answers.memory.forgetting

    def call(self, call: Call, text: str) -> Outcome:
        """Forget what the words mean; in a preview say which notes those are."""
        what = self.meant(text, call.caller)
        if what is None:
            return Failed(UNCLEAR)
        notes = self.forgetting.select(call.caller.member, what, call.caller.now)
        if not notes:
            return Failed(NOTHING)
        if call.preview:
            return Done(f"I would forget {shown(notes)}.", {"notes": rows(notes)})
        gone = self.forgetting.erase(call.caller.member, notes)
        said = f"Forgotten: {count(gone.count)}."
        if not gone.verified:
            said += " Something like it can still be found; look with “what do you know about …”."
        return Done(said, {"forgotten": gone.count, "verified": gone.verified})

    def exactly(self, call: Call) -> Call | Failed:
        """The same call with the notes that are meant in the place of the words; or why there are none."""
        text = str(call.arguments.get("what") or "")
        if text.startswith(IDS) or not text.strip():
            return call
        what = self.meant(text, call.caller)
        notes = self.forgetting.select(call.caller.member, what, call.caller.now) if what else []
        if not notes:
            return Failed(UNCLEAR if what is None else NOTHING)
        return replace(call, arguments={"what": " ".join([IDS, *(one.note.id for one in notes)])})

    def meant(self, text: str, caller: Caller) -> What | None:
        """Which notes the words mean; None where they mean none, or all."""
        if text.startswith(IDS):
            return What(ids=tuple(text.removeprefix(IDS).split()))
        said = _AWAY.sub("", " ".join(text.replace("’", "'").split()).rstrip("?!. "))
        said = _VERB.sub("", said, count=1)
        if _THAT.match(said):
            ids = ids_of(self.told(caller))
            return What(ids=ids) if ids else None
        periods = read_periods(said, caller.now)
        bare = without(said, periods)
        whole = _ALL.match(bare)
        rest = _ALL.sub("", bare, count=1)
        rest = re.sub(r"^(?:that|about)\s+", "", rest)
        since, until = (periods[0].start, periods[0].end) if periods else (None, None)
        if rest.lower() in _SELF or not (rest or periods):
            return None
        if whole and rest and self._is_person(rest, caller):
            return What(person=rest, since=since, until=until)
        ids = () if whole or periods else self._stating(rest, caller)
        return What(ids=ids) if ids else What(topic=rest, since=since, until=until)

    def _is_person(self, name: str, caller: Caller) -> bool:
        known = {one.name.casefold() for one in self.answers.memory.facts.subjects(self.answers.view(caller))}
        return bool(re.fullmatch(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?", name)) or name.casefold() in known

    def _stating(self, said: str, caller: Caller) -> tuple[str, ...]:
        """The notes that say so: "I like tea"; or that say what something is: "my shoe size"."""
        view, facts = self.answers.view(caller), self.answers.memory.facts
        for claim in draw(stated(f"{said}.", caller)):
            same = [
                fact
                for fact in facts.history(view, claim.subject, claim.relation)
                if _says(claim.value, fact.claim.value)
            ]
            if same:
                return tuple(note for fact in same for note in fact.sources)
        asked = self.answers.asked(f"what is {said}", caller) if _MINE.match(said) else None
        if asked is None:
            return ()
        return tuple(note for fact in self.answers.history(asked, caller) for note in fact.sources)


class Exact:
    """A toolbox in which forgetting names exactly what it takes, around one that records it."""

    def __init__(self, inner: Toolbox, forgetful: Forgetful) -> None:
        self.inner = inner
        self.forgetful = forgetful

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Settle what is meant before anything is recorded."""
        if call.tool == FORGET.name:
            exact = await anyio.to_thread.run_sync(self.forgetful.exactly, call)
            return exact if isinstance(exact, Failed) else await self.inner.call(exact)
        return await self.inner.call(call)


def _says(one: str, other: str) -> bool:
    return plain(one).casefold() == plain(other).casefold()


def ids_of(things: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The ids of facts and notes among things that were told."""
    return tuple(str(thing["id"]) for thing in things if thing.get("kind") in KINDS and thing.get("id"))


def shown(notes: Sequence[Kept]) -> str:
    """How many notes, and the first of them."""
    said = ", ".join(quoted(one.note.text) for one in notes[:SHOWN])
    more = len(notes) - SHOWN
    return f"{count(len(notes))}: {said}{f' and {more} more' if more > 0 else ''}"


def count(notes: int) -> str:
    """So many notes."""
    return "1 note" if notes == 1 else f"{notes} notes"


def rows(notes: Sequence[Kept]) -> list[dict[str, str]]:
    """The notes for programs."""
    return [{"id": one.note.id, "text": one.note.text, "when": one.note.when.isoformat()} for one in notes]

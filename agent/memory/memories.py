"""Memory as tools, so that "remember that …" and "why do you think that?" go through the same door as all else.

Must stay true: what is told depends on who asks and from where: in a shared room nothing private is told; what is told
is named in `touched`, so that "that" can mean it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import anyio.to_thread

from agent.memory.answers import Answer, Answers, without
from agent.memory.erasing import Erasing
from agent.memory.forgetting import Forgetful
from agent.memory.nearness import Nearness
from agent.memory.promises import promises
from agent.memory.sources import Sources, Told, explained, nothing_told
from agent.memory.telling import fact_row, fact_text, fact_thing, note_row, note_thing, said_when, told_notes
from agent.memory.tools import ABOUT, CORRECT, FORGET, PROMISES, RECALL, REMEMBER, TOOLS, UNDO, WHY
from memory.errors import RecordAway, Refused
from memory.facts.facts import Fact, Kind
from memory.forgetting import What
from memory.memory import Memory
from memory.note import Note
from memory.recall.question import is_question
from memory.recall.recall import Recalled
from memory.record.words import content_words
from memory.timeline import page
from models.reflex.values.periods import read_periods
from services.tool import Call, Caller, Done, Failed, Hears, Outcome, Tool

__all__ = ["TOOLS", "Memories", "said_when"]

RECALLED = 3
"""How many notes are told at once."""
KNOWN = 8
"""How many facts about one subject, or notes of one time."""
LOOKED_AT = 500
"""Notes looked through for those of one time."""
SAYING = frozenset(
    "say said saying tell told mention mentioned talk talked anything something remember recall"
    " what did do does have had that i you we me us to".split()
)
"""With a time, these ask for all that was said then."""

Work = Callable[[Call, str], Outcome]
_CORRECTS = re.compile(
    r"^(?:(?:no|nope|sorry|actually|wait|oh)[\s,.:;!-]+)*"
    r"(?:(?:that(?:'s| is)|this is|you(?:'re| are)|you got (?:that|it)|it(?:'s| is)) "
    r"(?:wrong|not right|not true|not so|incorrect|false|mistaken|no longer true|not true any ?more|outdated)"
    r"|correct (?:that|this|it)|fix (?:that|what you know)|set that straight)[\s,.:;!-]*(?:and |but )?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^.*?\b(?:know|knew|learned|learnt|have|facts|believe|heard|remember|notes?)\b.*?\b(?:about|of|on|regarding)\s+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|who|whose|where|when|which|why|how|do|does|did|is|are|am|was|were|has|have|can|could|would|will|remind|recall"
    r"|tell)\b",
    re.IGNORECASE,
)
_ME = frozenset({"me", "myself", "i", "us"})


class Memories:
    """A toolbox over the memory."""

    def __init__(self, memory: Memory, told: Told = nothing_told, erasing: Erasing | None = None) -> None:
        """`told` gives what memory told last in the caller's dialogue; `erasing` forgets with all traces."""
        self.memory = memory
        self.answers = Answers(memory)
        self.nearness = Nearness(self.answers)
        self.sources = Sources(self.nearness, told)
        self.forgetful = Forgetful(self.answers, told, erasing)
        self._work: dict[str, Work] = {
            REMEMBER.name: self._remember,
            RECALL.name: self._recall,
            ABOUT.name: self._about,
            PROMISES.name: lambda call, about: promises(self.answers, call, about),
            WHY.name: self._why,
            CORRECT.name: self._correct,
            FORGET.name: self.forgetful.call,
            UNDO.name: self._undo,
        }

    async def tools(self) -> Sequence[Tool]:
        """All that can be asked of memory."""
        return TOOLS

    async def call(self, call: Call) -> Outcome:
        """Do what is asked."""
        tool = next((tool for tool in TOOLS if tool.name == call.tool), None)
        if tool is None:
            return Failed(f"Memory has no tool {call.tool!r}.", Hears.MODEL)
        [name] = tool.schema["properties"]
        text = call.arguments.get(name) or ""
        if not isinstance(text, str) or (not text.strip() and name in tool.schema.get("required", ())):
            return Failed(f"{name}: some text is needed.", Hears.MODEL)
        return await anyio.to_thread.run_sync(self._work[call.tool], call, text.strip())

    # Keeping

    def _remember(self, call: Call, text: str) -> Outcome:
        return self._keep(call, text, f"I'll remember that {text.rstrip('.')}.")

    def _correct(self, call: Call, text: str) -> Outcome:
        said = _CORRECTS.sub("", text.replace("’", "'"), count=1).strip()
        if not said:
            return Failed("Tell me what is true instead, such as “that's wrong, I live in Paris”.")
        return self._keep(call, said, f"Thank you, I have put that right: {said.rstrip('.')}.")

    def _keep(self, call: Call, text: str, said: str) -> Outcome:
        if call.preview:
            return Done(said)
        try:
            kept = self.memory.remember(asked_note(call, text))
        except (Refused, RecordAway) as refused:
            return Failed(str(refused))
        # said before, it is the older note that stays: undo must not take that away
        return Done(said, {"text": text, "note": kept.id}, (note_thing(kept),), undoable=kept.id == call.id)

    def _undo(self, call: Call, note: str) -> Outcome:
        if call.preview:
            return Done("I would forget that again.")
        forgetting = self.forgetful.forgetting
        forgetting.erase(call.caller.member, forgetting.select(call.caller.member, What(ids=(note,)), call.caller.now))
        return Done("Undone: I forgot that again.")

    # Telling

    def _recall(self, call: Call, query: str) -> Outcome:
        answer = self.answers.known(query, call.caller)
        if answer is not None:
            return self._answered(answer, call)
        then = self._said_then(query, call.caller)
        found = self.nearness.notes(query, call.caller, RECALLED) if then is None else then
        return self._told([hit for hit in found if not is_question(hit.note.text)] or found, query, call)

    def _said_then(self, query: str, caller: Caller) -> list[Recalled] | None:
        """What was said in the time that is asked about, where nothing but a time is; None where more is asked."""
        periods = read_periods(query, caller.now)
        if not periods or not SAYING.issuperset(content_words(without(query, periods))):
            return None
        start, end = periods[0].start, periods[0].end
        kept, _ = page(self.memory.record, self.answers.view(caller), LOOKED_AT, before=min(end, caller.now))
        said = [one for one in reversed(kept) if start <= one.note.when < end and one.note.who == caller.member]
        return [Recalled(one.note, 1.0, f"said {periods[0].words}") for one in said[-KNOWN:]]

    def _answered(self, answer: Answer, call: Call) -> Done:
        things = tuple(fact_thing(fact, call.caller) for fact in answer.facts)
        data = {"facts": [fact_row(fact) for fact in answer.facts], "notes": [note_row(hit) for hit in answer.newer]}
        return Done(answer.text, data, tuple(note_thing(hit.note) for hit in answer.newer) or things)

    def _told(self, found: Sequence[Recalled], about: str, call: Call) -> Done:
        if not found:
            return Done(nothing_about(about), {"facts": [], "notes": []})
        rows = [note_row(hit) for hit in found]
        return Done(told_notes(found, call), {"facts": [], "notes": rows}, tuple(note_thing(hit.note) for hit in found))

    def _about(self, call: Call, text: str) -> Outcome:
        caller = call.caller
        subject = _SUBJECT.sub("", text.rstrip("?!. ")).strip() or text
        name = caller.member if subject.lower() in _ME else subject
        facts = self._facts_about(name, caller)
        if not facts:
            return self._told(self.nearness.notes(subject, caller, RECALLED), subject, call)
        told = facts[:KNOWN]
        said = " ".join(f"{fact_text(fact, caller)}." for fact in told)
        more = len(facts) - len(told)
        said += f" And {more} more." if more > 0 else ""
        return self._answered(Answer(said, tuple(told)), call)

    def _facts_about(self, name: str, caller: Caller) -> list[Fact]:
        """Of which it is the subject, then those that speak of it."""
        view, wanted = self.answers.view(caller), name.casefold()
        every = self.memory.facts.find(view, now=caller.now)
        own = self.answers.own(name, caller)
        speaking = [fact for fact in every if wanted in fact.claim.value.casefold().split()]
        known = {fact.id: fact for fact in [*own, *speaking]}.values()
        return [fact for fact in known if fact.claim.kind in (Kind.FACT, Kind.PREFERENCE)]

    def _why(self, call: Call, about: str) -> Outcome:
        source = self.sources.of(about, call.caller)
        if source is None:
            return Done("I know of nobody who told me that.", {"belief": "", "fact": None, "sources": []})
        return explained(source, call)


def nothing_about(query: str) -> str:
    """What is said where nothing is known: of a question, that it was never told."""
    said = query.rstrip("?!. ")
    return "I don't know; you have not told me." if _ASKS.match(said) else f"I remember nothing about {said}."


def asked_note(call: Call, text: str) -> Note:
    """What the member asked to be kept."""
    caller: Caller = call.caller
    return Note(
        text=text,
        who=caller.member,
        when=caller.now,
        member=caller.member,
        room=caller.room,
        turn=call.id,
        asked=True,
        id=call.id,
    )

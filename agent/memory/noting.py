"""The path for what is no request of any service: a plain statement is noted, a question is answered from memory.

"I live in Lyon" is kept as any turn is (`agent/memory/keeping.py`); here it is only said that it was taken in, and
how. Passes unless every sentence of the text says something that the grammar of facts reads, so that no request is
swallowed.

Must stay true: nothing is kept here; a question is answered only by a fact or by notes really near it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import anyio.to_thread

from agent.memory.answers import Answers, stated
from agent.memory.nearness import Nearness
from agent.memory.telling import day, to_member
from agent.memory.tools import RECALL
from agent.turn import Answered, Emit, Passed, Said, Turn
from memory.facts.drawing import draw
from memory.facts.facts import Claim, Kind
from memory.recall.question import is_question
from services.tool import Call, Done, Toolbox

MOST = 3
"""Claims that are said again."""
LONGEST = 600
"""Characters of a statement; a longer text is no remark in passing."""
NOTED = frozenset({Kind.FACT, Kind.PREFERENCE, Kind.COMMITMENT})

_SAID_BEFORE = re.compile(
    r"(?:(?:so|and|ok|okay|hey|please|muos)[\s,]+)*(?:(?:can|could) you (?:tell|remind) me )?(?:again )?(?:"
    r"(?:what|when|where|how|why)(?: else)? (?:did|have|had|has) (?:I|we|he|she|they|[A-Z][\w-]+)(?: ever| last)?"
    r" (?:say|said|tell|told|mention|mentioned|talk|talked)\b|what (?:was|were) (?:I|we|[A-Z][\w-]+) saying\b|"
    r"what (?:I|we|[A-Z][\w-]+) said\b|(?:did|have) (?:I|we|[A-Z][\w-]+)(?: ever| already)? "
    r"(?:say|said|tell|told|mention|mentioned|talk|talked)\b|what do you (?:know|remember|recall) (?:about|of)\b|"
    r"do you (?:remember|recall) what (?:I|we|[A-Z][\w-]+)\b)",
    re.IGNORECASE,
)
"""Asks for what was said, about whatever."""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")


class Noting:
    """Acknowledges statements, and answers questions that memory alone can answer."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.nearness = Nearness(answers)

    async def __call__(self, turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        """Answer, or pass."""
        if len(turn.text) > LONGEST or turn.preview:
            return Passed("")
        if is_question(turn.text) or turn.text.rstrip().endswith("?"):
            return await self._recall(turn, toolbox, emit)
        claims = await anyio.to_thread.run_sync(self._said, turn)
        if not claims:
            return Passed("")
        await emit(Said(self._noted(claims, turn)))
        return Answered()

    async def _recall(self, turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        """Through the toolbox, as any call, so that it stands in the record and "that" can mean it."""
        known = await anyio.to_thread.run_sync(self.answers.known, turn.text, turn.caller)
        if known is None and not _SAID_BEFORE.match(turn.text.strip()):
            asked = await anyio.to_thread.run_sync(self.answers.asked, turn.text, turn.caller)
            mine = asked is not None and asked.claims[0].subject.casefold().startswith(turn.member.casefold())
            near = await anyio.to_thread.run_sync(self.nearness.notes, turn.text, turn.caller, 1)
            if not near or is_question(near[0].note.text):
                return Passed("You have not told me that." if mine else "")
        outcome = await toolbox.call(Call(RECALL.name, {RECALL.schema["required"][0]: turn.text}, turn.caller))
        if not isinstance(outcome, Done):
            return Passed("")
        await emit(Said(outcome.text))
        return Answered()

    def _said(self, turn: Turn) -> Sequence[Claim]:
        """What every sentence of the text claims; nothing where one of them claims nothing."""
        claims: list[Claim] = []
        for sentence in _SENTENCE.split(turn.text.strip()):
            said = [claim for claim in draw(stated(sentence, turn.caller)) if claim.kind in NOTED]
            if not said:
                return []
            claims += said
        return claims

    def _noted(self, claims: Sequence[Claim], turn: Turn) -> str:
        claims = [claim for claim in claims if not (claim.denied and claim.kind is Kind.COMMITMENT)]  # what was done
        if not claims:
            return "Noted."
        said = [to_member(claim.text, turn.member) for claim in claims[:MOST]]
        said = [
            f"{one} (due {day(claim.due, turn.caller)})" if claim.due else one
            for one, claim in zip(said, claims, strict=False)
        ]
        return f"Noted: {'; '.join(one[:1].lower() + one[1:] if one.startswith('You') else one for one in said)}."

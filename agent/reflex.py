"""The reflex: the embedded reader understands the request, and the calls are made.

Passes where no tool fits well enough. How sure it must be grows with what is at stake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import anyio
import anyio.to_thread

from agent.dialogue import Dialogue
from agent.impossible import impossible_day
from agent.memory.answers import stated
from agent.question import ask_for
from agent.turn import Answered, Broke, Emit, Passed, Said, Turn, Waiting
from memory.facts.drawing import draw
from models.guess import Guess, Reader, Reading, Request, ToolSchema
from services.tool import Call, Done, Effect, Failed, Hears, Outcome, Tool, Toolbox

SURE_ENOUGH = {Effect.READ: 0.35, Effect.REVERSIBLE: 0.45, Effect.IRREVERSIBLE: 0.5}
"""Least confidence to act on. A read does no harm, a reversible write can be taken back."""
READING_LIMIT = 60.0
"""Seconds that understanding one request may take at the very most. The first one in a home reads the examples of
every tool, which takes two seconds, and ten on a machine that is busy with other things."""

ASKS = re.compile(
    r"\s*(?:(?:what|when|where|who|whose|which|why|how)\b(?!\s+about)"
    r"|(?:did|does|was|were|has|is|are)\b(?!\s+(?:it|you)\s+(?:ok|okay|all\s+right|alright|possible|able|free)\b))",
    re.IGNORECASE,
)
"""A question. It is answered, or passed on: it never changes anything."""

STATING = re.compile(
    r"\s*(?:(?i:nope|no)[,.!]+\s+)?(?:(?i:i|we|my|our|he|she|they)|[A-Z][\w-]+)\b(?!\s*[,:]).*[^?\s]\s*$", re.DOTALL
)
"""Begins as a statement does, and is no question."""
ASKING = re.compile(r"\b(?:what|how|when|where|who|whose|which|why|tell|show|find|search|look|please)\b", re.IGNORECASE)
"""A statement with one of these may ask for something as well."""

CONTRADICTS = re.compile(r"\s*(?:nope|no)[,.!]+\s+", re.IGNORECASE)

NamesOf = Callable[[str], Mapping[str, Sequence[str]]]
Plan = Callable[[Sequence[tuple[Call, Tool]]], None]


class Reflex:
    """The path that understands without a language model."""

    def __init__(
        self, reader: Callable[[], Reader], dialogue: Dialogue, names: NamesOf, plan: Plan = lambda _decided: None
    ) -> None:
        self.reader = reader
        """Loaded on the first request, in a thread."""
        self.dialogue = dialogue
        self.names = names
        self.plan = plan
        """Records what is about to be done, so that a crash in the middle leaves nothing undone. Blocks."""

    async def __call__(self, turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        """Understand and act, or pass."""
        tools = {tool.name: tool for tool in await toolbox.tools()}
        with anyio.fail_after(READING_LIMIT):
            reading = await anyio.to_thread.run_sync(
                partial(self._read, turn, list(tools.values())), abandon_on_cancel=True
            )
        near = tuple(name for name, _ in reading.near)
        effects = [tools[guess.name].effect for guess in reading.guesses]
        sure = all(guess.confidence >= SURE_ENOUGH[e] for guess, e in zip(reading.guesses, effects, strict=True))
        asks = ASKS.match(turn.text) is not None and any(effect is not Effect.READ for effect in effects)
        if not reading.guesses or not sure or asks or (told_only(reading.guesses, effects) and states(turn)):
            return Passed(impossible_day(turn.text) or "", near)
        return await self._act(reading.guesses, tools, turn, toolbox, emit, near)

    def _read(self, turn: Turn, tools: Sequence[Tool]) -> Reading:
        past = self.dialogue.past(turn)
        return self.reader().read(
            Request(
                text=turn.text,
                tools=[ToolSchema(tool.name, tool.description, tool.schema, tool.examples) for tool in tools],
                now=turn.now,
                history=past.lines,
                names=self.names(turn.member),
                pending=past.pending,
            )
        )

    async def _act(
        self,
        guesses: Sequence[Guess],
        tools: Mapping[str, Tool],
        turn: Turn,
        toolbox: Toolbox,
        emit: Emit,
        near: tuple[str, ...],
    ) -> Answered | Passed:
        """Make the complete calls in order, then ask for what one of the others lacks."""
        answered = False
        complete = [guess for guess in guesses if not guess.missing]
        calls = [Call(guess.name, guess.arguments, turn.caller, confirmed=turn.yes, flow=turn.id) for guess in complete]
        if len(calls) > 1 and not turn.preview:
            await anyio.to_thread.run_sync(self.plan, [(call, tools[call.tool]) for call in calls])
        for call in calls:
            outcome = await toolbox.call(call)
            if isinstance(outcome, Failed) and outcome.hears is Hears.MODEL and not answered:
                return Passed(f"I could not make sense of that: {outcome.reason}", near)
            ours = isinstance(outcome, Failed) and outcome.hears is Hears.US
            text = ("\n" if answered else "") + spoken(outcome)
            await emit(Broke(text) if ours else Said(text))
            answered = True
        incomplete = next((guess for guess in guesses if guess.missing), None)
        if incomplete is not None:
            question = ask_for(tools[incomplete.name], incomplete)
            impossible = impossible_day(turn.text)
            question = f"{impossible} {question}" if impossible else question
            call = Call(incomplete.name, incomplete.arguments, turn.caller)
            await emit(Waiting(question, "missing", call, incomplete.missing))
            await emit(Said(("\n" if answered else "") + question))
        return Answered()


def states(turn: Turn) -> bool:
    """Whether the text does nothing but tell something that a fact would be drawn from."""
    begins = STATING.match(turn.text) is not None and ASKING.search(turn.text) is None
    return begins and bool(draw(stated(CONTRADICTS.sub("", turn.text), turn.caller)))


def told_only(guesses: Sequence[Guess], effects: Sequence[Effect]) -> bool:
    """Whether the calls change nothing, or but take something back: no answer to who merely tells something."""
    return set(effects) == {Effect.READ} or [guess.name for guess in guesses] == ["muos_undo"]


def spoken(outcome: Outcome) -> str:
    """What the person hears of it."""
    match outcome:
        case Done():
            return outcome.text
        case Failed():
            return outcome.reason
        case _:
            return outcome.question

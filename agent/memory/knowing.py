"""What a service does not find, memory may know: "how old is Ida?" is asked of the contacts, and was told in passing.

Must stay true: only the answer to a question that failed is replaced, and only where a fact answers the very question.
"""

from __future__ import annotations

from collections.abc import Sequence

import anyio.to_thread

from agent.memory.answers import Answers
from agent.memory.tools import RECALL
from agent.turn import Answered, Emit, Passed, Path, Turn
from services.tool import Call, Done, Effect, Failed, Outcome, Tool, Toolbox


class Knowing:
    """A toolbox for one turn, whose failed questions are answered from memory."""

    def __init__(self, inner: Toolbox, answers: Answers, turn: Turn) -> None:
        self.inner = inner
        self.answers = answers
        self.turn = turn

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """As the inner toolbox, or what memory knows."""
        outcome = await self.inner.call(call)
        if not isinstance(outcome, Failed) or not await self._asks(call):
            return outcome
        caller = call.caller
        if await anyio.to_thread.run_sync(self.answers.known, self.turn.text, caller) is None:
            return outcome
        [name] = RECALL.schema["properties"]
        known = await self.inner.call(Call(RECALL.name, {name: self.turn.text}, caller, flow=call.flow))
        return known if isinstance(known, Done) else outcome

    async def _asks(self, call: Call) -> bool:
        reads = {tool.name for tool in await self.inner.tools() if tool.effect is Effect.READ}
        return call.tool in reads and call.tool != RECALL.name


def knowing(path: Path, answers: Answers) -> Path:
    """The path, with memory behind what it asks of services."""

    async def known(turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        return await path(turn, Knowing(toolbox, answers, turn), emit)

    return known

"""The ladder: paths are tried in order until one answers.

Must stay true: every path sees the same toolbox, through the same wrappers; whatever happens the person gets
an answer, and a fault in a path is one sentence, never a crash.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from agent.memory.phrases import is_statement
from agent.policy import Asking
from agent.preview import previewed
from agent.turn import (
    Answered,
    Broke,
    Called,
    Calling,
    Emit,
    Heard,
    Passed,
    Path,
    Said,
    Thinking,
    Turn,
    Waiting,
)
from models.errors import Damaged
from services import tool as services_tool
from services.tool import Call, Outcome, Tool, Toolbox

logger = logging.getLogger(__name__)

CONNECT = (
    "To let me reason about anything else, connect a larger model: set MUOS_MODEL and MUOS_BASE_URL to any"
    " OpenAI-compatible server, or give `--model` when starting."
)
BROKEN = "Something went wrong inside MuOS. Nothing more was done; the log has the details."
NOTHING_TO_DO = "I'll remember that you said so, but I know of nothing to do about it."
UNCHANGED = "Nothing was changed. This is what would happen: "
NEAR = 3
"""How many of the nearest tools are named."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A path with the name that the record gives it."""

    name: str
    path: Path


async def climb(turn: Turn, rungs: Sequence[Rung], toolbox: Toolbox, emit: Emit) -> str:
    """Try the paths in order; gives the name of the one that answered, or `none`."""
    await emit(Heard(turn))
    asked = previewed(turn.text)
    if asked is not None:
        turn = replace(turn, text=asked, preview=True)
    seen = Announced(Asking(toolbox, turn.yes, turn.preview, turn.id), emit)
    passes: list[Passed] = []
    if turn.preview:
        await emit(Said(UNCHANGED))
    for rung in rungs:
        await emit(Thinking(rung.name))
        try:
            ended = await rung.path(turn, seen, emit)
        except Exception as fault:  # the last border before the person: a fault of ours is one sentence
            logger.exception("the %s path broke on turn %s", rung.name, turn.id)
            await emit(Broke(sentence(fault)))
            return rung.name
        if isinstance(ended, Answered):
            return rung.name
        passes.append(ended)
    await emit(Thinking("none"))
    reasons = any(rung.name == "reason" for rung in rungs)
    if is_statement(turn.text) and not turn.preview:
        passes.insert(0, Passed(NOTHING_TO_DO))
    await emit(Said(await apology(passes, toolbox, reasons)))
    return "none"


def sentence(fault: Exception) -> str:
    """A fault of ours for the person: what they can do something about, or that the log has it."""
    if isinstance(fault, Damaged):
        return str(fault)
    if isinstance(fault, sa.exc.OperationalError):
        return f"MuOS can't use its home: {fault.orig}. Nothing more was done."
    return BROKEN


async def apology(passes: Sequence[Passed], toolbox: Toolbox, reasons: bool) -> str:
    """Nothing fits: say so, what comes near, and how to get further."""
    told = next((passed.reason for passed in reversed(passes) if passed.reason), "")
    by_name = {tool.name: tool for tool in await toolbox.tools()}
    near = dict.fromkeys(name for passed in passes for name in passed.near if name in by_name)
    examples = [f"“{by_name[name].examples[0]}”" for name in near if by_name[name].examples][:NEAR]
    parts = [told or "I can't do that, and I would rather say so than guess."]
    if examples:
        parts.append(f"The nearest things I can do: {', '.join(examples)}.")
    if not reasons:
        parts.append(CONNECT)
    return " ".join(parts)


class Announced:
    """A toolbox that tells of each call as it starts and ends, around another toolbox."""

    def __init__(self, inner: Toolbox, emit: Emit) -> None:
        self.inner = inner
        self.emit = emit

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Tell, call, tell."""
        await self.emit(Calling(call))
        started = time.perf_counter()
        outcome = await self.inner.call(call)
        if isinstance(outcome, services_tool.Waiting):
            await self.emit(Waiting(outcome.question, "confirm", outcome.call))
        else:
            await self.emit(Called(call, outcome, (time.perf_counter() - started) * 1000))
        return outcome

"""The work that is under way in this process: each turn that is asked is a flow until it is answered.

Must stay true: what is cancelled begins nothing more; what had taken effect stays, and the record says what it was.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import anyio
import anyio.to_thread
import sqlalchemy as sa

from agent.dialogue import Transcript
from agent.memory.discretion import masked, planned
from agent.turn import Emit, Said, Turn
from memory.sensitive import mask
from services.journal import STOPPED, Journal
from services.record import Entry, Flow, Status
from services.tool import Call, Caller, Outcome, Toolbox, new_call_id

logger = logging.getLogger(__name__)

OVER = {Status.DONE, Status.ERROR, Status.CANCELLED}


class Flows:
    """Opens, runs and cancels flows."""

    def __init__(self, journal: Journal, toolbox: Toolbox) -> None:
        self.journal = journal
        self.toolbox = toolbox
        self.scopes: dict[str, anyio.CancelScope] = {}
        """Of the turns that are being answered here, by flow."""

    async def see_through(self, turn: Turn, work: Callable[[Emit], Awaitable[None]], emit: Emit) -> None:
        """Do the work of a turn as a flow. A preview, and what is decided by a button, is none."""
        if turn.preview or not turn.text.strip():
            return await work(emit)
        try:
            await anyio.to_thread.run_sync(self.journal.open, turn.id, mask(turn.text), turn.caller)
        except sa.exc.DBAPIError:  # the first call that wants to be recorded says so
            logger.exception("turn %s could not be recorded", turn.id)
        try:
            with anyio.CancelScope() as self.scopes[turn.id]:
                await work(emit)
            if self.scopes[turn.id].cancelled_caught:
                await emit(Said(STOPPED))
        finally:
            del self.scopes[turn.id]
        return None

    def close(self, transcript: Transcript, private: bool) -> None:
        """Record that a turn has ended, and how; `private`: without a word of it. Blocks."""
        turn, good = transcript.turn, transcript.path != "none" and not transcript.broke
        if turn.preview:
            return
        try:
            self.journal.close(turn.id, masked(transcript).text, good, private)
        except sa.exc.DBAPIError:  # the answer stands; the next start closes it
            logger.exception("the end of turn %s could not be recorded", turn.id)

    async def recent(self, member: str, limit: int, status: Status | None = None) -> list[Flow]:
        """A member's latest flows, newest first."""
        return await anyio.to_thread.run_sync(self.journal.flows, member, limit, status)

    async def find(self, flow_id: str, member: str) -> Flow | None:
        """A member's flow by its id or the first digits of it, or by the id of one of its calls."""
        return await anyio.to_thread.run_sync(self.journal.find_flow, flow_id, member)

    async def cancel(self, flow_id: str, member: str) -> tuple[Flow, str]:
        """Cancel a flow; gives it as it is then, and the sentence for the person. ValueError: it can't be, and why."""
        flow = await self.find(flow_id, member)
        if flow is None:
            raise ValueError(f"I know of no work {flow_id!r}.")
        if flow.status in OVER:
            raise ValueError(f"That has already ended.{kept(flow)}")
        await anyio.to_thread.run_sync(self.journal.stop, flow.id, STOPPED)
        if flow.id in self.scopes:
            self.scopes[flow.id].cancel()
        stopped = await self.find(flow.id, member)
        assert stopped is not None
        return stopped, f"Cancelled.{kept(stopped)}"

    def newest(self, member: str, but: str) -> str | None:
        """The flow that a member's "cancel that" means: the latest one that runs, other than this very turn."""
        running = self.journal.flows(member, 2, Status.RUNNING)
        return next((flow.id for flow in running if flow.id != but), None)

    async def once(self, call: Call) -> tuple[Outcome, Entry | None]:
        """Make a typed call; how it ended, and its record, which a preview and a call of nothing have not."""
        outcome = await self.toolbox.call(call)
        return outcome, await anyio.to_thread.run_sync(self.journal.find, call.id, call.caller.member)

    async def steps(self, made: Sequence[tuple[str, Mapping[str, Any]]], caller: Caller, asked: str) -> Flow:
        """Make typed calls in order as one flow; the whole plan is on record before the first begins."""
        flow_id = new_call_id()
        tools = {tool.name: tool for tool in await self.toolbox.tools() if not tool.hidden}
        unknown = next((name for name, _ in made if name not in tools), None)
        if unknown is not None:
            raise ValueError(f"There is no tool {unknown!r}.")
        calls = [Call(name, arguments, caller, flow=flow_id) for name, arguments in made]
        with anyio.CancelScope(shield=True):  # whoever asked may go; what is planned is done
            await anyio.to_thread.run_sync(self.journal.open, flow_id, mask(asked), caller)
            await anyio.to_thread.run_sync(planned(self.journal.plan), [(call, tools[call.tool]) for call in calls])
            for call in calls:
                await self.toolbox.call(call)
            await anyio.to_thread.run_sync(self.journal.close, flow_id, "")
            flow = await anyio.to_thread.run_sync(self.journal.find_flow, flow_id, caller.member)
        assert flow is not None
        return flow


def kept(flow: Flow) -> str:
    """What of a flow took effect, and how it is taken back."""
    done = [entry for entry in flow.calls if entry.undoable]
    running = [entry for entry in flow.calls if entry.status is Status.RUNNING]
    texts = " ".join(entry.text for entry in done)
    told = f" This had already taken effect: {texts} To take it back: muos undo {flow.id}."
    return (told if done else "") + (" What had begun is seen through." if running else "")

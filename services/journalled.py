"""Calls that are recorded: the journal is told of each, and after a crash what was begun is brought to an end.

Must stay true: what has begun is seen through and recorded, whoever stops listening.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio
import anyio.to_thread
import sqlalchemy as sa

from services.journal import Journal
from services.record import PRIVATE, Entry, Flow, Status
from services.tool import Call, Done, Effect, Failed, Hears, Outcome, Tool, Toolbox, Waiting

logger = logging.getLogger(__name__)

INTERRUPTED = "MuOS stopped before all of this was done."
BROKEN = "MuOS stopped while this was running, and could not take it up; the log has the details."
UNREAD = "MuOS stopped before this was understood, so nothing was done. Ask again."


class Journalled:
    """A toolbox that records every call around another toolbox; of private tools only that they were called."""

    def __init__(self, inner: Toolbox, journal: Journal) -> None:
        self.inner = inner
        self.journal = journal
        self.held: dict[str, Mapping[str, Any]] = {}
        """Arguments of private calls that wait for a yes, by id: in memory alone, so a restart forgets them."""

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Record, make the call, record. A preview changes nothing and is not recorded."""
        if call.preview:
            return await self.inner.call(call)
        tool = next((tool for tool in await self.inner.tools() if tool.name == call.tool), None)
        if tool is None:
            return await self.inner.call(call)
        return await self._see_through(call, tool)

    async def _see_through(self, call: Call, tool: Tool) -> Outcome:
        with anyio.CancelScope(shield=True):
            if tool.private:
                call = replace(call, arguments=self.held.pop(call.id, call.arguments))
            try:
                earlier = await anyio.to_thread.run_sync(self.journal.begin, call, tool)
            except sa.exc.DBAPIError as fault:
                return Failed(f"That was not done, because MuOS can't write to its home: {fault.orig}.", Hears.US)
            if earlier is not None:
                return earlier if isinstance(earlier, Failed) else recorded_outcome(earlier)
            outcome = await self.inner.call(call)
            if tool.private and isinstance(outcome, Waiting):
                self.held[call.id] = call.arguments
            try:
                kept = unspoken(outcome) if tool.private else outcome
                await anyio.to_thread.run_sync(self.journal.end, call, kept, tool.undo)
            except sa.exc.DBAPIError:  # it stays as running, and the next start brings it to an end
                logger.exception("call %s has ended, but that could not be recorded", call.id)
        return outcome


async def resume(journal: Journal, toolbox: Toolbox) -> int:
    """After a crash, bring what was left to an end, in order; gives how many calls that were.

    Calls that were decided on are begun. Idempotent writes that had begun are sent again under their id: the
    service answers from its store if it had already done them. Of anything else nobody can know, and the journal
    says so. Reads are dropped, unless more of their flow is still to come, which may need what they give.
    """
    left = await anyio.to_thread.run_sync(journal.left_running)
    tools = {tool.name: tool for tool in await toolbox.tools()}
    for place, entry in enumerate(left):
        more = any(later.flow == entry.flow and later.status is Status.PLANNED for later in left[place + 1 :])
        why = hopeless(entry, tools.get(entry.tool), more)
        if why:
            await anyio.to_thread.run_sync(journal.cancel, entry.id, why)
            continue
        confirmed = (
            entry.confirmed and entry.status is Status.RUNNING
        )  # a yes given beforehand does not outlive a crash
        try:
            await toolbox.call(replace(entry.call, confirmed=confirmed))
        except sa.exc.DBAPIError:
            raise
        except Exception:  # one call that can't be taken up must not keep MuOS from starting, again and again
            logger.exception("call %s could not be taken up", entry.id)
            await anyio.to_thread.run_sync(journal.cancel, entry.id, BROKEN)
    for flow in await anyio.to_thread.run_sync(journal.left_open):
        await anyio.to_thread.run_sync(journal.close, flow.id, *ending(flow))
    return len(left)


def hopeless(entry: Entry, tool: Tool | None, more: bool) -> str:
    """Why a call that was left behind can't be made (again); empty if it can. `more`: its flow goes on after it."""
    if entry.status is Status.PLANNED:
        if tool is None:
            return f"There is no tool {entry.tool!r} any more."
        return "MuOS stopped before this began, and what it was given is recorded nowhere." if tool.private else ""
    again = tool is not None and tool.idempotent and not tool.private
    if again and (entry.effect is not Effect.READ or more):
        return ""
    unsure = "" if entry.effect is Effect.READ else "; whether it took effect is not known"
    return f"MuOS stopped while this was running{unsure}."


def ending(flow: Flow) -> tuple[str, bool]:
    """What is recorded of a flow that a crash ended: its text, and whether it is good without a call."""
    if not flow.calls:
        return UNREAD, False
    return flow.text or INTERRUPTED, True


def unspoken(outcome: Outcome) -> Outcome:
    """How a private call ended, without a word of it."""
    match outcome:
        case Done():
            return replace(outcome, text=PRIVATE, data={}, touched=())
        case Failed():
            return replace(outcome, reason=PRIVATE)
        case _:
            return replace(outcome, question=PRIVATE)


def recorded_outcome(entry: Entry) -> Outcome:
    """The outcome of a call that ended earlier, from its record."""
    if entry.status in {Status.DONE, Status.UNDONE}:
        return Done(entry.text, entry.result or {}, entry.touched, undoable=entry.undoable)
    return Failed(entry.text or "That was cancelled.")

"""Undo: takes the last action, or a given one, back.

The undo is a call like any other: it is journalled, and its id is the key under which the service takes the
effect back, so it happens once.
"""

from __future__ import annotations

from collections.abc import Sequence

import anyio.to_thread

from services.journal import Entry, Journal, Status
from services.tool import Call, Done, Effect, Failed, Outcome, Tool, Toolbox

UNDO = Tool(
    name="muos_undo",
    description="Undo the last action, or the one with the given id: take back what was just done.",
    schema={
        "type": "object",
        "properties": {
            "call": {
                "type": "string",
                "description": "Id of the action to take back, such as 3f9c2a; the last one if left out",
                "pattern": "^[0-9a-f]{4,32}$",
            }
        },
        "additionalProperties": False,
    },
    effect=Effect.REVERSIBLE,
    service="muos",
    examples=(
        "undo",
        "take that back",
        "undo the last thing",
        "revert what you just did",
        "put it back",
        "could you undo what you did",
        "that was wrong, undo it",
        "oops, go back",
        "I didn't mean that, reverse it",
        "bring back what you just deleted",
        "undo the last change please",
    ),
    idempotent=True,
)


class Undoing:
    """A toolbox with `muos_undo`, around the toolbox whose calls it takes back."""

    def __init__(self, inner: Toolbox, journal: Journal) -> None:
        self.inner = inner
        self.journal = journal

    async def tools(self) -> Sequence[Tool]:
        """The inner tools and undo."""
        return [*await self.inner.tools(), UNDO]

    async def call(self, call: Call) -> Outcome:
        """Undo, or whatever else it is."""
        if call.tool != UNDO.name:
            return await self.inner.call(call)
        entry = await self._target(call)
        if entry is None:
            wanted = call.arguments.get("call")
            return Failed(f"I know of no action {wanted!r}." if wanted else "There is nothing to undo.")
        return await self._take_back(entry, call)

    async def _target(self, call: Call) -> Entry | None:
        member, wanted = call.caller.member, call.arguments.get("call")
        if wanted:
            return await anyio.to_thread.run_sync(self.journal.find, str(wanted), member)
        return await anyio.to_thread.run_sync(self.journal.last_action, member)

    async def _take_back(self, entry: Entry, call: Call) -> Outcome:
        if entry.status is Status.WAITING:
            if not call.preview:
                await anyio.to_thread.run_sync(self.journal.cancel, entry.id, "Cancelled before it was confirmed.")
            return Done("All right, I won't do that.", {"cancelled": entry.id})
        if entry.status is Status.UNDONE:
            return Failed("That was already undone.")
        if entry.status is not Status.DONE:
            return Failed(f"That did not take effect, so there is nothing to undo: {entry.text}")
        undo = (entry.result or {}).get("with") if entry.tool == UNDO.name else entry.undo
        if undo is None:
            why = "it can't be taken back" if entry.effect is Effect.IRREVERSIBLE else "it changed nothing"
            return Failed(f"I can't undo that, because {why}: {entry.text}")
        outcome = await self.inner.call(
            Call(str(undo), {"call": entry.id}, call.caller, id=call.id, preview=call.preview)
        )
        if isinstance(outcome, Done) and not call.preview:
            await self._record(entry, call)
            return Done(outcome.text, {"undid": entry.id, "with": undo}, outcome.touched, names=outcome.names)
        return outcome

    async def _record(self, entry: Entry, call: Call) -> None:
        await anyio.to_thread.run_sync(self.journal.undone, entry.id, call.id)
        if entry.tool == UNDO.name and entry.result:
            await anyio.to_thread.run_sync(self.journal.redone, str(entry.result["undid"]))

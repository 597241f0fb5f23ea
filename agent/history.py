"""History: what was done, told on request, from the same records that the page and the API show."""

from __future__ import annotations

from collections.abc import Sequence

import anyio.to_thread

from services.journal import Journal
from services.record import Flow, Status, flow_row
from services.tool import Call, Done, Effect, Failed, Outcome, Tool, Toolbox

LATEST = 5
MOST = 50
SHOWN = [status.value for status in (Status.RUNNING, Status.WAITING, Status.DONE, Status.ERROR, Status.CANCELLED)]

LOG = Tool(
    name="muos_log",
    description="Say what MuOS itself did lately for the member: each piece of work, how it ended, and the id that"
    " undoes it.",
    schema={
        "type": "object",
        "properties": {
            "limit": {
                "type": "integer",
                "description": "How many pieces of work",
                "minimum": 1,
                "maximum": MOST,
                "default": LATEST,
            },
            "status": {"type": "string", "enum": SHOWN, "description": "Only work that ended like this"},
            "flow": {
                "type": "string",
                "pattern": "^[0-9a-f]{4,32}$",
                "description": "Only the piece of work with this id",
            },
        },
        "additionalProperties": False,
    },
    effect=Effect.READ,
    service="muos",
    examples=(
        "what did you just do?",
        "what have you done for me lately?",
        "show me the log of your actions",
        "list the last 10 things you did",
        "what was the last thing you changed?",
        "which of your actions can I still undo?",
        "is anything waiting for my yes?",
        "did anything you tried go wrong?",
    ),
    idempotent=True,
)


class Recounting:
    """A toolbox with `muos_log`, around another toolbox."""

    def __init__(self, inner: Toolbox, journal: Journal) -> None:
        self.inner = inner
        self.journal = journal

    async def tools(self) -> Sequence[Tool]:
        """The inner tools and the log."""
        return [*await self.inner.tools(), LOG]

    async def call(self, call: Call) -> Outcome:
        """Recount, or whatever else it is."""
        if call.tool != LOG.name:
            return await self.inner.call(call)
        return await anyio.to_thread.run_sync(self._recount, call)

    def _recount(self, call: Call) -> Outcome:
        member, given = call.caller.member, call.arguments
        if given.get("flow"):
            flow = self.journal.find_flow(str(given["flow"]), member)
            if flow is None:
                return Failed(f"I know of no work {given['flow']!r}.")
            found = [flow]
        else:
            limit, status = given.get("limit"), given.get("status")
            limit = LATEST if limit is None else limit
            if status not in {None, *SHOWN} or not isinstance(limit, int) or not 1 <= limit <= MOST:
                return Failed(f"I can show up to {MOST} pieces of work that are {', '.join(SHOWN)}.")
            found = self.journal.flows(member, limit + 1, Status(status) if status else None)
            found = [flow for flow in found if call.id not in {entry.id for entry in flow.calls}][:limit]
        said = "\n".join(line(flow) for flow in found) or "Nothing was done yet."
        return Done(said, {"flows": [flow_row(flow) for flow in found]})


def line(flow: Flow) -> str:
    """One piece of work in a line, as one would tell it."""
    asked = f"“{flow.asked}”" if flow.asked else ", ".join(entry.tool for entry in flow.calls)
    told = " ".join((flow.text or " ".join(entry.text for entry in flow.calls)).split())
    undo = f" (undo {flow.id[:6]})" if any(entry.undoable for entry in flow.calls) else ""
    return f"{flow.caller.now:%H:%M on %-d %B}, {flow.status.value}: {asked}{f': {told}' if told else ''}{undo}"

"""Undo: takes the last action back, or given ones, or several.

Must stay true: what is to be undone is settled before the undo is recorded, and each service is asked under an id
that follows from the undo's own; so an undo that a crash cut short takes back the same things, once; a secret that a
service was told is not said again for being taken back.

An undo is a call like any other, and can be undone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

import anyio.to_thread

from memory.sensitive import mask
from services.journal import Journal
from services.record import Entry, Status, lasting
from services.tool import Call, Done, Effect, Failed, Hears, Outcome, Thing, Tool, Toolbox

MOST = 100
"""Actions taken back at once."""
ID = "[0-9a-f]{4,32}"
IDS = re.compile(f"{ID}( {ID})*")

UNDO = Tool(
    name="muos_undo",
    description="Undo the last action, the last few, all since some time, or those with the given ids: take back what"
    " was just done.",
    schema={
        "type": "object",
        "properties": {
            "call": {
                "type": "string",
                "description": "Id of the action or piece of work to take back, such as 3f9c2a; several with spaces"
                " between; the last action if left out",
                "pattern": f"^{IDS.pattern}$",
            },
            "count": {
                "type": "integer",
                "description": "How many of the last actions to take back",
                "minimum": 1,
                "maximum": MOST,
            },
            "since": {
                "type": "string",
                "format": "date",
                "description": "Take back everything that was done since this day; a program may give a moment",
            },
            "time": {
                "type": "string",
                "format": "time",
                "description": "Take back everything that was done since this time of day",
            },
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
        "undo the last three things",
        "take back the last 2 changes",
        "undo everything since 9 o'clock",
        "undo all of today's changes",
    ),
    undo="muos_undo",
    idempotent=True,
)


class Aiming:
    """A toolbox in which an undo says exactly what it takes back, around one that records it."""

    def __init__(self, inner: Toolbox, journal: Journal) -> None:
        self.inner = inner
        self.journal = journal

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Put the ids of what is meant in the place of "the last", "the last three" and "since nine"."""
        if call.tool != UNDO.name:
            return await self.inner.call(call)
        ids = str(call.arguments.get("call") or "")
        others = any(call.arguments.get(name) is not None for name in ("count", "since", "time"))
        if ids and (not others or IDS.fullmatch(ids)):
            return await self.inner.call(call)
        found = await anyio.to_thread.run_sync(self._meant, call)
        if isinstance(found, Failed):
            return found
        return await self.inner.call(replace(call, arguments={"call": " ".join(entry.id for entry in found)}))

    def _meant(self, call: Call) -> Sequence[Entry] | Failed:
        count, given = call.arguments.get("count"), call.arguments
        if count is not None and (isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST):
            return Failed(f"count: a whole number from 1 to {MOST}, not {count!r}.", Hears.MODEL)
        try:
            after = past_moment(given.get("since"), given.get("time"), call.caller.now)
        except (ValueError, TypeError):
            return Failed("since: an ISO 8601 day or moment, and time: a time of day.", Hears.MODEL)
        limit = MOST if after and count is None else count or 1
        found = self.journal.last_actions(call.caller.member, limit, after)
        if not found:
            return Failed(f"Nothing was done since {after:%H:%M on %d %B}." if after else "There is nothing to undo.")
        return found


def past_moment(since: str | None, at: str | None, now: datetime) -> datetime | None:
    """When to go back to; None if neither is given. Raises ValueError, TypeError.

    Nobody undoes what is to come, so of a clock's two nines, and of today's and yesterday's, the last that has been.
    """
    if not since and not at:
        return None
    given = datetime.fromisoformat(since) if since else now
    if at:
        given = datetime.combine(given.date(), time.fromisoformat(at), given.tzinfo or now.tzinfo)
    given = given if given.tzinfo else given.replace(tzinfo=now.tzinfo)
    if given > now and given.hour >= 12:
        given -= timedelta(hours=12)
    return given - timedelta(days=1) if given > now and not since else given


@dataclass(slots=True)
class Account:
    """What an undo came to so far."""

    told: list[str] = field(default_factory=list)
    undid: list[str] = field(default_factory=list)
    """Calls that are now undone."""
    redid: list[str] = field(default_factory=list)
    """Calls that stand again, because what was undone was an undo."""
    steps: list[dict[str, str]] = field(default_factory=list)
    """What was asked of the services: `with` (the tool) and `by` (the id), to be undone in turn."""
    touched: list[Thing] = field(default_factory=list)
    left: list[tuple[Entry | str, str]] = field(default_factory=list)
    """What was not undone, and why."""
    cancelled: list[str] = field(default_factory=list)
    names: dict[str, Sequence[str]] = field(default_factory=dict)

    def outcome(self) -> Outcome:
        """As the answer to the call."""
        if not self.told:
            return Failed(" ".join(why for _, why in self.left) or "There is nothing to undo.")
        told = list(self.told)
        if len(self.told) > 1 or self.left:
            things = "thing" if len(told) == 1 else "things"
            told = [f"Undid {len(told)} {things}: {' '.join(text.removeprefix('Undone: ') for text in told)}"]
        if self.left:
            told.append(f"Not undone: {' '.join(f'{named(what)}: {why}' for what, why in self.left)}")
        data: dict[str, Any] = {"undid": self.undid, "redid": self.redid, "steps": self.steps}
        if self.cancelled:
            data["cancelled"] = self.cancelled
        if self.left:
            data["left"] = [{"call": what if isinstance(what, str) else what.id, "why": why} for what, why in self.left]
        return Done(" ".join(told), data, tuple(self.touched), undoable=bool(self.steps), names=self.names)


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
        account = Account()
        targets = await anyio.to_thread.run_sync(self._targets, call, account)
        for entry in targets:
            await self._take_back(entry, call, account)
        return account.outcome()

    # What is meant

    def _targets(self, call: Call, account: Account) -> list[Entry]:
        """The calls that are meant, the latest first; a flow stands for all of its calls that changed something."""
        found: dict[str, Entry] = {}
        for wanted in str(call.arguments.get("call", "")).split():
            for entry in self._meant(wanted, call.caller.member, account):
                found.setdefault(entry.id, entry)
        return sorted(found.values(), key=lambda entry: entry.started, reverse=True)

    def _meant(self, wanted: str, member: str, account: Account) -> Iterable[Entry]:
        entry = self.journal.find(wanted, member)
        if entry is not None:
            return [entry]
        flow = self.journal.find_flow(wanted, member)
        if flow is None:
            account.left.append((wanted, self._unknown(wanted)))
            return []
        changed = [each for each in flow.calls if each.undoable or each.status is Status.WAITING]
        if flow.status is Status.RUNNING:
            account.left.append((wanted, f"That still runs; stop it first: muos cancel {flow.id}."))
            return []
        return changed or flow.calls[-1:]

    def _unknown(self, wanted: str) -> str:
        if self.journal.anybodys(wanted):
            return "That was done by another member, and only they can undo it."
        return f"I know of no action {wanted!r}."

    # Taking it back

    async def _take_back(self, entry: Entry, call: Call, account: Account) -> None:
        if entry.status is Status.WAITING:
            if not call.preview:
                await anyio.to_thread.run_sync(self.journal.cancel, entry.id, "Cancelled before it was confirmed.")
            account.told.append("All right, I won't do that.")
            account.cancelled.append(entry.id)
            return
        cut_short = entry.status is Status.UNDONE and entry.undone_by == call.id  # the service answers as before
        again = entry.tool == UNDO.name and entry.status is Status.DONE and bool(entry.result)
        if not (entry.undoable or again or cut_short):
            account.left.append((entry, refusal(entry)))
            return
        steps = steps_of(entry)
        for number, step in enumerate(reversed(steps)):
            undo = Call(step["with"], {"call": step["by"]}, call.caller, derived(call.id, step))
            outcome = await self.inner.call(replace(undo, preview=call.preview))
            if not isinstance(outcome, Done):
                if call.preview and any(step["with"] == earlier["with"] for earlier in account.steps):
                    account.told.append(mask(entry.text))  # what is in its way would be undone before it
                    return
                why = await self._why(entry, step["with"], outcome)
                account.left.append((entry, why if not number else f"Only a part of it is undone. {why}"))
                return
            account.told.append(mask(outcome.text))
            account.touched += (replace(one, name=mask(one.name)) for one in outcome.touched)
            account.names |= outcome.names
            account.steps.append({"with": step["with"], "by": undo.id})
        await self._record(entry, call, account)

    async def _why(self, entry: Entry, tool: str, outcome: Outcome) -> str:
        if tool not in {each.name for each in await self.inner.tools()}:
            service = entry.tool.partition("_")[0]
            return f"I can't undo that, because the service {service} is not there now: {mask(entry.text)}"
        return outcome.reason if isinstance(outcome, Failed) else "It asks for a yes first."

    async def _record(self, entry: Entry, call: Call, account: Account) -> None:
        """Note in the journal what is undone now, and what stands again."""
        undone: list[str] = [entry.id]
        redone: list[str] = []
        if entry.tool == UNDO.name:
            redone, again = toggled(entry)
            undone += again
        account.undid += undone
        account.redid += redone
        if not call.preview:
            for call_id in redone:
                await anyio.to_thread.run_sync(self.journal.redone, call_id)
            for call_id in reversed(undone):  # the entry itself last: it says that all is recorded
                await anyio.to_thread.run_sync(self.journal.undone, call_id, call.id)


def refusal(entry: Entry) -> str:
    """Why it can't be undone, in a sentence."""
    if entry.status is Status.UNDONE:
        return "That was already undone."
    if entry.status is not Status.DONE:
        return f"That did not take effect, so there is nothing to undo: {mask(entry.text)}"
    return f"I can't undo that, because {lasting(entry)}: {mask(entry.text)}"


def steps_of(entry: Entry) -> list[dict[str, str]]:
    """The calls of services that took the effect, each with the tool that takes it back."""
    if entry.tool != UNDO.name:
        return [{"with": str(entry.undo), "by": entry.id}]
    result = entry.result or {}
    return [dict(step) for step in result.get("steps", ())] or [{"with": str(result["with"]), "by": entry.id}]


def toggled(entry: Entry) -> tuple[list[str], list[str]]:
    """What an undo took back, and what it put back in force. Version 0.1.0 kept one id for the first."""
    result: Mapping[str, Any] = entry.result or {}
    undid = result.get("undid", [])
    return [undid] if isinstance(undid, str) else list(undid), list(result.get("redid", ()))


def derived(call_id: str, step: Mapping[str, str]) -> str:
    """An id that follows from the undo's and the step's: the same again after a crash."""
    return hashlib.sha256(f"{call_id} {step['with']} {step['by']}".encode()).hexdigest()[:16]


def named(what: Entry | str) -> str:
    """A call in a list of those that were left."""
    return what if isinstance(what, str) else what.id[:6]

"""The journal: every call is recorded before it starts and when it ends.

Must stay true: a call that took effect has a record, so that after `kill -9` anywhere it can be told whether
it ended. A call's id is its row; a call that waits for a yes keeps its row, and runs under the same id.

Does not cover: the effect itself, which the service stores together with the call's id.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import anyio.to_thread
import psutil
import sqlalchemy as sa

from services.tool import Call, Caller, Done, Effect, Failed, Hears, Outcome, Thing, Tool, Toolbox, Waiting

logger = logging.getLogger(__name__)

metadata = sa.MetaData()
calls = sa.Table(
    "calls",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, unique=True, nullable=False),
    sa.Column("member", sa.String, nullable=False),
    sa.Column("room", sa.String, nullable=False),
    sa.Column("zone", sa.String, nullable=False),
    sa.Column("now", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("effect", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False, default=""),
    sa.Column("result", sa.JSON),
    sa.Column("touched", sa.JSON),
    sa.Column("undo", sa.String),
    sa.Column("undone_by", sa.String),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("ended", sa.Float),
    sa.Column("owner", sa.String, nullable=False),
)
sa.Index("calls_member", calls.c.member, calls.c.seq)
sa.Index("calls_status", calls.c.status)

HIDDEN_SUFFIXES = ("_due", "_undo")
"""Housekeeping calls: kept in the journal, left out of what people are shown."""


class Status(StrEnum):
    """How far a call has come."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    ERROR = "error"
    CANCELLED = "cancelled"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Entry:
    """One call as the journal has it."""

    id: str
    tool: str
    arguments: Mapping[str, Any]
    effect: Effect
    status: Status
    text: str
    """The answer, the reason of the failure, or the question it waits on."""
    result: Mapping[str, Any] | None
    touched: tuple[Thing, ...]
    undo: str | None
    """The tool that takes it back, if it can be."""
    undone_by: str | None
    caller: Caller
    started: datetime
    ended: datetime | None

    @property
    def undoable(self) -> bool:
        """It can be taken back now, as far as the journal knows."""
        return self.status is Status.DONE and self.undo is not None

    @property
    def call(self) -> Call:
        """The call, to be made again under the same id."""
        return Call(self.tool, self.arguments, self.caller, id=self.id)


class Journal:
    """The record of calls in the hub's database. Methods block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.owner = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
        metadata.create_all(engine)

    def begin(self, call: Call, effect: Effect) -> Entry | None:
        """Record that the call starts. Returns the earlier entry if this id has already ended."""
        with self.engine.begin() as db:
            row = db.execute(sa.select(calls).where(calls.c.id == call.id)).mappings().first()
            if row is None:
                db.execute(sa.insert(calls).values(self._fresh(call, effect)))
                return None
            entry = as_entry(row)
            if entry.status in {Status.WAITING, Status.RUNNING}:
                db.execute(
                    sa.update(calls).where(calls.c.id == call.id).values(status=Status.RUNNING, owner=self.owner)
                )
                return None
            return entry

    def _fresh(self, call: Call, effect: Effect) -> dict[str, Any]:
        caller = call.caller
        return {
            "id": call.id,
            "member": caller.member,
            "room": caller.room,
            "zone": caller.zone,
            "now": caller.now.isoformat(),
            "tool": call.tool,
            "arguments": dict(call.arguments),
            "effect": effect,
            "status": Status.RUNNING,
            "text": "",
            "started": time.time(),
            "owner": self.owner,
        }

    def end(self, call: Call, outcome: Outcome, undo: str | None) -> None:
        """Record how the call ended, or what it waits on."""
        values: dict[str, Any] = {"ended": time.time()}
        match outcome:
            case Done():
                values |= {
                    "status": Status.DONE,
                    "text": outcome.text,
                    "result": dict(outcome.data),
                    "touched": [thing_row(thing) for thing in outcome.touched],
                    "undo": undo if outcome.undoable else None,
                }
            case Failed():
                values |= {"status": Status.ERROR, "text": outcome.reason}
            case Waiting():
                values |= {"status": Status.WAITING, "text": outcome.question, "ended": None}
        self._set(call.id, values)

    def cancel(self, call_id: str, why: str) -> None:
        """Record that a call will not run."""
        self._set(call_id, {"status": Status.CANCELLED, "text": why, "ended": time.time()})

    def undone(self, call_id: str, by: str) -> None:
        """Record that a call was taken back by another."""
        self._set(call_id, {"status": Status.UNDONE, "undone_by": by})

    def redone(self, call_id: str) -> None:
        """Record that a call that was taken back stands again."""
        self._set(call_id, {"status": Status.DONE, "undone_by": None})

    def _set(self, call_id: str, values: dict[str, Any]) -> None:
        with self.engine.begin() as db:
            db.execute(sa.update(calls).where(calls.c.id == call_id).values(values))

    def find(self, call_id: str, member: str) -> Entry | None:
        """A member's call by its id, or by the first digits of it if only one begins so."""
        with self.engine.connect() as db:
            rows = (
                db.execute(
                    sa.select(calls)
                    .where(calls.c.member == member, calls.c.id.startswith(call_id, autoescape=True))
                    .limit(2)
                )
                .mappings()
                .all()
            )
        exact = [row for row in rows if row["id"] == call_id]
        return as_entry((exact or rows)[0]) if len(exact or rows) == 1 else None

    def entries(self, member: str, limit: int, hidden: bool = False) -> list[Entry]:
        """A member's latest calls, newest first."""
        query = sa.select(calls).where(calls.c.member == member)
        if not hidden:
            for suffix in HIDDEN_SUFFIXES:
                query = query.where(
                    sa.or_(calls.c.tool == "muos_undo", ~calls.c.tool.endswith(suffix, autoescape=True))
                )
        with self.engine.connect() as db:
            rows = db.execute(query.order_by(calls.c.seq.desc()).limit(limit)).mappings().all()
        return [as_entry(row) for row in rows]

    def last_action(self, member: str) -> Entry | None:
        """The latest call that changed something or waits to: what "undo" means."""
        query = (
            sa.select(calls)
            .where(
                calls.c.member == member,
                calls.c.effect != Effect.READ,
                calls.c.status.in_([Status.WAITING, Status.DONE]),
                *(~calls.c.tool.endswith(suffix, autoescape=True) for suffix in HIDDEN_SUFFIXES),
            )
            .order_by(calls.c.seq.desc())
            .limit(1)
        )
        with self.engine.connect() as db:
            row = db.execute(query).mappings().first()
        return as_entry(row) if row else None

    def left_running(self) -> list[Entry]:
        """Calls that a process which no longer lives had begun and not ended."""
        with self.engine.connect() as db:
            rows = db.execute(sa.select(calls).where(calls.c.status == Status.RUNNING)).mappings().all()
        return [as_entry(row) for row in rows if row["owner"] != self.owner and not alive(row["owner"])]


class Journalled:
    """A toolbox that records every call around another toolbox."""

    def __init__(self, inner: Toolbox, journal: Journal) -> None:
        self.inner = inner
        self.journal = journal

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
        try:
            earlier = await anyio.to_thread.run_sync(self.journal.begin, call, tool.effect)
        except sa.exc.DBAPIError as fault:
            return Failed(f"That was not done, because MuOS can't write to its home: {fault.orig}.", Hears.US)
        if earlier is not None:
            return recorded_outcome(earlier)
        with anyio.CancelScope(shield=True):
            # What has begun is seen through and recorded, whoever stops listening.
            outcome = await self.inner.call(call)
            try:
                await anyio.to_thread.run_sync(self.journal.end, call, outcome, tool.undo)
            except sa.exc.DBAPIError:  # it stays as running, and the next start brings it to an end
                logger.exception("call %s has ended, but that could not be recorded", call.id)
        return outcome


async def resume(journal: Journal, toolbox: Toolbox) -> int:
    """After a crash, bring what was left running to an end; gives how many calls that were.

    Idempotent writes are sent again under their id: the service answers from its store if it had already
    done them. Reads are dropped. Of anything else nobody can know, and the journal says so.
    """
    left = await anyio.to_thread.run_sync(journal.left_running)
    tools = {tool.name: tool for tool in await toolbox.tools()}
    for entry in left:
        tool = tools.get(entry.tool)
        if tool is not None and tool.idempotent and tool.effect is not Effect.READ:
            confirmed = tool.effect is Effect.IRREVERSIBLE  # it could only have been running after a yes
            await toolbox.call(replace(entry.call, confirmed=confirmed))
        else:
            why = "MuOS stopped while this was running"
            if entry.effect is not Effect.READ:
                why += "; whether it took effect is not known"
            await anyio.to_thread.run_sync(journal.cancel, entry.id, f"{why}.")
    return len(left)


def recorded_outcome(entry: Entry) -> Outcome:
    """The outcome of a call that ended earlier, from its record."""
    if entry.status in {Status.DONE, Status.UNDONE}:
        return Done(entry.text, entry.result or {}, entry.touched, undoable=entry.undoable)
    return Failed(entry.text or "That was cancelled.")


def alive(owner: str) -> bool:
    """Whether the process that wrote `pid:start time` still runs."""
    pid, _, created = owner.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == created
    except (psutil.Error, ValueError):
        return False


def thing_row(thing: Thing) -> dict[str, Any]:
    """A thing as JSON."""
    return {"kind": thing.kind, "name": thing.name, "id": thing.id, "at": thing.at, "within": thing.within}


def as_entry(row: sa.RowMapping) -> Entry:
    """A row of the table as an entry."""
    touched = row["touched"] or []
    if isinstance(touched, str):
        touched = json.loads(touched)
    return Entry(
        id=row["id"],
        tool=row["tool"],
        arguments=row["arguments"],
        effect=Effect(row["effect"]),
        status=Status(row["status"]),
        text=row["text"],
        result=row["result"],
        touched=tuple(Thing(**thing) for thing in touched),
        undo=row["undo"],
        undone_by=row["undone_by"],
        caller=Caller(row["member"], row["room"], row["zone"], datetime.fromisoformat(row["now"])),
        started=datetime.fromtimestamp(row["started"], UTC),
        ended=datetime.fromtimestamp(row["ended"], UTC) if row["ended"] else None,
    )

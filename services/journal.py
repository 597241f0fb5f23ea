"""The journal: every call is recorded before it starts and when it ends, and so is the flow that it is part of.

Must stay true: a call that took effect has a record, so that after `kill -9` anywhere it can be told whether
it ended; of two who begin the same call, one does. A call's id is its row; a call that waits for a yes keeps its
row, and runs under the same id. The words of a turn are written only once it is known to be no secret.

Does not cover: the effect itself, which the service stores together with the call's id.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psutil
import sqlalchemy as sa

from services.record import (
    HOUSEKEEPING,
    PRIVATE,
    Entry,
    Flow,
    Status,
    as_entry,
    as_flow,
    calls,
    come_to,
    flows,
    make_tables,
    thing_row,
)
from services.tool import Call, Caller, Done, Effect, Failed, Outcome, Tool, Waiting

HIDDEN_SUFFIXES = (HOUSEKEEPING, "_undo")
"""Calls that are no action of the member's own."""
SEARCHED = 1000
"""Latest actions that are looked through for those since a time."""
BUSY = "That is already being done."
STOPPED = "It was cancelled."


class Journal:
    """The record of flows and calls in the hub's database. Methods block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.owner = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
        self._asked: dict[str, str] = {}
        """What the flows that are open here are about, until it may be written down."""
        make_tables(engine)

    # A flow's life

    def open(self, flow_id: str, asked: str, caller: Caller) -> None:
        """Record that somebody begins to work on something; `asked` is written down with its first call."""
        self._asked[flow_id] = asked
        with self.engine.begin() as db:
            db.execute(sa.insert(flows).values(self._flow(flow_id, caller) | {"open": True}))

    def plan(self, decided: Sequence[tuple[Call, Tool]]) -> None:
        """Record calls that are decided on, in order, before the first of them begins."""
        with self.engine.begin() as db:
            for call, tool in decided:
                db.execute(sa.insert(calls).values(self._call(call, tool) | {"status": Status.PLANNED}))
                self._place(db, call, tool)

    def close(self, flow_id: str, text: str, good: bool = True, private: bool = False) -> None:
        """Record that no more calls will come, and what was answered; `good`: it was understood and nothing broke."""
        asked = self._asked.pop(flow_id, "")
        words = {"asked": PRIVATE, "text": PRIVATE} if private else {"text": text} | ({"asked": asked} if asked else {})
        with self.engine.begin() as db:
            db.execute(sa.update(flows).where(flows.c.id == flow_id).values(words | {"open": False}))
            self._settle(db, flow_id, otherwise=Status.DONE if good else Status.ERROR)

    def stop(self, flow_id: str, why: str) -> None:
        """Cancel what of a flow has not begun or waits; what runs is seen through, and nothing more begins."""
        idle = (calls.c.flow == flow_id) & calls.c.status.in_([Status.PLANNED, Status.WAITING])
        ended = {"status": Status.CANCELLED, "text": why, "ended": time.time()}
        with self.engine.begin() as db:
            db.execute(sa.update(flows).where(flows.c.id == flow_id).values(ended))
            db.execute(sa.update(calls).where(idle).values(ended))

    def _settle(self, db: sa.Connection, flow_id: str | None, otherwise: Status | None = None) -> None:
        """Bring a flow that is no longer open in line with its calls; without any it is `otherwise`."""
        live = (flows.c.id == flow_id) & ~flows.c.open & (flows.c.status != Status.CANCELLED)
        if flow_id is None or db.execute(sa.select(flows.c.id).where(live)).first() is None:
            return
        query = sa.select(calls.c.tool, calls.c.status).where(calls.c.flow == flow_id).order_by(calls.c.seq)
        made = [(tool, Status(status)) for tool, status in db.execute(query)]
        status = come_to(made) if made else otherwise
        if status is not None:
            ended = None if status in {Status.RUNNING, Status.WAITING} else time.time()
            db.execute(sa.update(flows).where(live).values(status=status, ended=ended))

    # A call's life

    def begin(self, call: Call, tool: Tool) -> Entry | Failed | None:
        """Record that the call starts, if it may. Gives the earlier entry where this id has already ended."""
        with self.engine.begin() as db:
            db.execute(sa.update(calls).where(sa.false()).values(text=""))  # take the lock before looking
            row = db.execute(sa.select(calls).where(calls.c.id == call.id)).mappings().first()
            if row is not None:
                return self._again(db, call, as_entry(row), str(row["owner"]))
            stopped = db.execute(
                sa.select(flows.c.id).where(flows.c.id == call.flow, flows.c.status == Status.CANCELLED)
            ).first()
            if stopped is not None:
                return Failed(STOPPED)
            db.execute(sa.insert(calls).values(self._call(call, tool)))
            self._place(db, call, tool)
        return None

    def _again(self, db: sa.Connection, call: Call, entry: Entry, owner: str) -> Entry | Failed | None:
        """Begin a call that is on record: one that waited, was planned, or was left by a process that died."""
        if entry.status not in {Status.PLANNED, Status.WAITING, Status.RUNNING}:
            return entry
        if entry.status is Status.RUNNING and alive(owner):
            return Failed(BUSY)
        values: dict[str, Any] = {"status": Status.RUNNING, "owner": self.owner, "confirmed": call.confirmed}
        if entry.status is Status.PLANNED:
            values |= {"arguments": dict(call.arguments), "started": time.time()}
        db.execute(sa.update(calls).where(calls.c.id == call.id).values(values))
        self._settle(db, entry.flow)
        return None

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
            self._settle(db, db.execute(sa.select(calls.c.flow).where(calls.c.id == call_id)).scalar())

    # Fresh rows

    def _call(self, call: Call, tool: Tool) -> dict[str, Any]:
        alone = None if call.tool.endswith(HOUSEKEEPING) else call.id
        return self._where(call.caller) | {
            "id": call.id,
            "flow": call.flow or alone,
            "tool": call.tool,
            "arguments": {} if tool.private else dict(call.arguments),
            "effect": tool.effect,
            "confirmed": call.confirmed,
        }

    def _flow(self, flow_id: str, caller: Caller) -> dict[str, Any]:
        return self._where(caller) | {"id": flow_id, "asked": "", "open": False}

    def _where(self, caller: Caller) -> dict[str, Any]:
        return {
            "member": caller.member,
            "room": caller.room,
            "zone": caller.zone,
            "now": caller.now.isoformat(),
            "status": Status.RUNNING,
            "text": "",
            "started": time.time(),
            "owner": self.owner,
        }

    def _place(self, db: sa.Connection, call: Call, tool: Tool) -> None:
        """Have a flow for the call, and write down what it is about, now that it is known whether it is a secret."""
        if call.flow is None and call.tool.endswith(HOUSEKEEPING):
            return
        flow_id = call.flow or call.id
        if db.execute(sa.select(flows.c.id).where(flows.c.id == flow_id)).first() is None:
            db.execute(sa.insert(flows).values(self._flow(flow_id, call.caller)))
        asked = self._asked.get(call.flow or "", "")
        words = PRIVATE if tool.private else asked
        unsaid = flows.c.asked.in_(["", asked] if tool.private else [""])
        db.execute(sa.update(flows).where(flows.c.id == call.flow, unsaid).values(asked=words))

    # Looking

    def find(self, call_id: str, member: str) -> Entry | None:
        """A member's call by its id, or by the first digits of it if only one begins so."""
        row = self._one(calls, call_id, member)
        return as_entry(row) if row is not None else None

    def find_flow(self, flow_id: str, member: str) -> Flow | None:
        """A member's flow by its id, or the first digits of it if only one begins so; also by those of a call in it."""
        row = self._one(flows, flow_id, member)
        if row is None and (call := self._one(calls, flow_id, member)) is not None:
            row = self._one(flows, str(call["flow"]), member)
        return self._with_calls([row])[0] if row is not None else None

    def _one(self, table: sa.Table, wanted: str, member: str) -> sa.RowMapping | None:
        begins = table.c.id.startswith(wanted, autoescape=True)
        with self.engine.connect() as db:
            rows = db.execute(sa.select(table).where(table.c.member == member, begins).limit(2)).mappings().all()
            exact = db.execute(sa.select(table).where(table.c.member == member, table.c.id == wanted)).mappings().all()
        found = exact or rows
        return found[0] if len(found) == 1 else None

    def anybodys(self, call_id: str) -> bool:
        """Whether there is a call or flow with exactly this id, whoever it belongs to."""
        with self.engine.connect() as db:
            return any(db.execute(sa.select(t.c.seq).where(t.c.id == call_id)).first() for t in (calls, flows))

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

    def flows(self, member: str, limit: int, status: Status | None = None) -> list[Flow]:
        """A member's latest flows that came to a call or are at it, newest first."""
        made = sa.exists().where(calls.c.flow == flows.c.id)
        worked = (flows.c.status == Status.RUNNING) | made
        query = sa.select(flows).where(flows.c.member == member, worked)
        if status is not None:
            query = query.where(flows.c.status == status)
        with self.engine.connect() as db:
            rows = db.execute(query.order_by(flows.c.seq.desc()).limit(limit)).mappings().all()
        return self._with_calls(rows)

    def _with_calls(self, rows: Sequence[sa.RowMapping]) -> list[Flow]:
        ids = [row["id"] for row in rows]
        made: dict[str, list[Entry]] = {}
        with self.engine.connect() as db:
            query = sa.select(calls).where(calls.c.flow.in_(ids)).order_by(calls.c.seq)
            for row in db.execute(query).mappings():
                made.setdefault(row["flow"], []).append(as_entry(row))
        return [as_flow(row, made.get(row["id"], ()), self._asked.get(row["id"], "")) for row in rows]

    def last_actions(self, member: str, limit: int | None, since: datetime | None = None) -> list[Entry]:
        """The latest calls that changed something or wait to, newest first: what "undo" may mean."""
        query = (
            sa.select(calls)
            .where(
                calls.c.member == member,
                calls.c.effect != Effect.READ,
                calls.c.status.in_([Status.WAITING, Status.DONE]),
                *(~calls.c.tool.endswith(suffix, autoescape=True) for suffix in HIDDEN_SUFFIXES),
            )
            .order_by(calls.c.seq.desc())
        )
        with self.engine.connect() as db:
            rows = db.execute(query.limit(SEARCHED if since else limit)).mappings().all()
        found = [as_entry(row) for row in rows]
        return [entry for entry in found if since is None or entry.caller.now >= since][:limit]

    # What processes that died left behind

    def left_running(self) -> list[Entry]:
        """Calls that a process which no longer lives had begun or decided on and not ended, in order."""
        unended = calls.c.status.in_([Status.RUNNING, Status.PLANNED])
        with self.engine.connect() as db:
            rows = db.execute(sa.select(calls).where(unended).order_by(calls.c.seq)).mappings().all()
        return [as_entry(row) for row in rows if not self._at_work(row["owner"])]

    def left_open(self) -> list[Flow]:
        """Flows on which a process which no longer lives was at work."""
        with self.engine.connect() as db:
            rows = db.execute(sa.select(flows).where(flows.c.open)).mappings().all()
        return self._with_calls([row for row in rows if not self._at_work(row["owner"])])

    def _at_work(self, owner: str) -> bool:
        return owner == self.owner or alive(owner)


def alive(owner: str) -> bool:
    """Whether the process that wrote `pid:start time` still runs."""
    pid, _, created = owner.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == created
    except (psutil.Error, ValueError):
        return False

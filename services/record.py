"""What was done, as the hub's database has it: flows, and the calls of each.

A flow is one piece of work: the calls of one turn, of one typed call, or of one list of steps. Every call but the
hub's own housekeeping belongs to one; a typed call that stands alone is a flow with the call's own id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from services.tool import Call, Caller, Effect, Thing

metadata = sa.MetaData()
flows = sa.Table(
    "flows",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, unique=True, nullable=False),
    sa.Column("member", sa.String, nullable=False),
    sa.Column("room", sa.String, nullable=False),
    sa.Column("zone", sa.String, nullable=False),
    sa.Column("now", sa.String, nullable=False),
    sa.Column("asked", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False, default=""),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("ended", sa.Float),
    sa.Column("owner", sa.String, nullable=False),
)
"""open: more calls may come, for whoever decides on them is still at it."""
sa.Index("flows_member", flows.c.member, flows.c.seq)
sa.Index("flows_status", flows.c.status)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, unique=True, nullable=False),
    sa.Column("flow", sa.String),
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
    sa.Column("confirmed", sa.Boolean),
)
sa.Index("calls_member", calls.c.member, calls.c.seq)
sa.Index("calls_status", calls.c.status)
BY_FLOW = sa.Index("calls_flow", calls.c.flow)

PRIVATE = "(private)"
"""Stands in the record for what a private tool was given and answered, and for what was said of it."""
HOUSEKEEPING = "_due"
"""Ends the names of the tools that only the hub calls: kept in the journal, part of no flow, shown to nobody."""


class Status(StrEnum):
    """How far a call has come. Flows know the same but PLANNED, which is RUNNING, and UNDONE, which is DONE."""

    PLANNED = "planned"
    """Decided on, and not yet begun."""
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
    flow: str | None
    """None: the hub's own housekeeping."""
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
    confirmed: bool = False
    """It began with the member's yes."""

    @property
    def undoable(self) -> bool:
        """It can be taken back now, as far as the journal knows."""
        return self.status is Status.DONE and self.undo is not None

    @property
    def call(self) -> Call:
        """The call, to be made again under the same id."""
        return Call(self.tool, self.arguments, self.caller, id=self.id, flow=self.flow)


@dataclass(frozen=True, slots=True)
class Flow:
    """One piece of work as the journal has it."""

    id: str
    asked: str
    """In the member's words; empty where a program made the call."""
    status: Status
    """running, waiting, done, error or cancelled."""
    text: str
    """What the member was told in the end; empty where the calls' own texts are all there is."""
    caller: Caller
    calls: tuple[Entry, ...]
    """In the order in which they were decided on."""
    started: datetime
    ended: datetime | None


def come_to(made: Sequence[tuple[str, Status]]) -> Status:
    """What a flow comes to, from the tool and status of each of its calls, in order; at least one.

    A failure counts unless the same tool was used with success after it: then it was tried again.
    """
    statuses = [status for _, status in made]
    if Status.RUNNING in statuses or Status.PLANNED in statuses:
        return Status.RUNNING
    if Status.WAITING in statuses:
        return Status.WAITING
    good = {Status.DONE, Status.UNDONE}
    for place, (tool, status) in enumerate(made):
        if status is Status.ERROR and not any(t == tool and s in good for t, s in made[place + 1 :]):
            return Status.ERROR
    return Status.CANCELLED if set(statuses) == {Status.CANCELLED} else Status.DONE


def lasting(entry: Entry) -> str:
    """Why the call can't be taken back, as far as the journal knows; empty if it can."""
    if entry.undoable:
        return ""
    if entry.status is Status.UNDONE:
        return "it was already undone"
    if entry.status is Status.WAITING:
        return "it still waits for a yes"
    if entry.status is not Status.DONE:
        return "it did not take effect"
    if entry.effect is Effect.IRREVERSIBLE:
        return "it can't be taken back"
    return "it changed nothing"


# Rows, the same for everyone who is shown them


def entry_row(entry: Entry) -> dict[str, Any]:
    """A call for people and programs. `undo`: the id to give to undo, or null, and then `lasting` says why."""
    return {
        "id": entry.id,
        "flow": entry.flow,
        "tool": entry.tool,
        "arguments": dict(entry.arguments),
        "status": entry.status.value,
        "result": result_row(entry) if entry.text else None,
        "undo": entry.id if entry.undoable else None,
        "lasting": lasting(entry) or None,
        "effect": entry.effect.value,
        "member": entry.caller.member,
        "room": entry.caller.room,
        "started": entry.started.isoformat(),
        "ended": entry.ended.isoformat() if entry.ended else None,
    }


def result_row(entry: Entry) -> dict[str, Any]:
    """What a call gave: the sentence, the same for programs, and the things that it names."""
    touched = [asdict(thing) for thing in entry.touched]
    return {"text": entry.text, "data": dict(entry.result or {}), "touched": touched}


def flow_row(flow: Flow) -> dict[str, Any]:
    """A flow for people and programs. `undo`: the id that takes all of it back, null where nothing of it can be."""
    return {
        "id": flow.id,
        "asked": flow.asked,
        "status": flow.status.value,
        "text": flow.text,
        "calls": [entry_row(entry) for entry in flow.calls],
        "undo": flow.id if any(entry.undoable for entry in flow.calls) else None,
        "member": flow.caller.member,
        "room": flow.caller.room,
        "started": flow.started.isoformat(),
        "ended": flow.ended.isoformat() if flow.ended else None,
    }


def thing_row(thing: Thing) -> dict[str, Any]:
    """A thing as JSON."""
    return {"kind": thing.kind, "name": thing.name, "id": thing.id, "at": thing.at, "within": thing.within}


# Rows of the tables


def as_entry(row: sa.RowMapping) -> Entry:
    """A row of the table as an entry."""
    touched = row["touched"] or []
    if isinstance(touched, str):
        touched = json.loads(touched)
    return Entry(
        id=row["id"],
        flow=row["flow"],
        tool=row["tool"],
        arguments=row["arguments"],
        effect=Effect(row["effect"]),
        status=Status(row["status"]),
        text=row["text"],
        result=row["result"],
        touched=tuple(Thing(**thing) for thing in touched),
        undo=row["undo"],
        undone_by=row["undone_by"],
        caller=caller_of(row),
        started=moment(row["started"]),
        ended=moment(row["ended"]) if row["ended"] else None,
        confirmed=bool(row["confirmed"]),
    )


def as_flow(row: sa.RowMapping, made: Sequence[Entry], asked: str = "") -> Flow:
    """A row of the table as a flow with its calls; `asked` where it is not yet written down."""
    return Flow(
        id=row["id"],
        asked=row["asked"] or asked,
        status=Status(row["status"]),
        text=row["text"],
        caller=caller_of(row),
        calls=tuple(made),
        started=moment(row["started"]),
        ended=moment(row["ended"]) if row["ended"] else None,
    )


def caller_of(row: sa.RowMapping) -> Caller:
    """On whose behalf, where and when."""
    return Caller(row["member"], row["room"], row["zone"], datetime.fromisoformat(row["now"]))


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as a time."""
    return datetime.fromtimestamp(seconds, UTC)


# Homes of earlier versions


def make_tables(engine: sa.Engine) -> None:
    """Make the tables, or bring those of an earlier version up to date. Safe to do again and by several at once."""
    metadata.create_all(engine)
    try:
        add_columns(engine)
    except sa.exc.OperationalError:  # another process did it between our look and our step: then all is well
        add_columns(engine)
    adopt(engine)


def add_columns(engine: sa.Engine) -> None:
    """Version 0.1.0 kept calls without these."""
    known = {column["name"] for column in sa.inspect(engine).get_columns("calls")}
    with engine.begin() as db:
        for column in (calls.c.flow, calls.c.confirmed):
            if column.name not in known:
                kind = column.type.compile(engine.dialect)
                db.execute(sa.text(f"ALTER TABLE calls ADD COLUMN {column.name} {kind}"))
        BY_FLOW.create(db, checkfirst=True)


def adopt(engine: sa.Engine) -> None:
    """Calls of version 0.1.0 become flows of their own."""
    alone = calls.c.flow.is_(None) & ~calls.c.tool.endswith(HOUSEKEEPING, autoescape=True)
    with engine.connect() as db:
        if db.execute(sa.select(calls.c.seq).where(alone).limit(1)).first() is None:
            return
    status = sa.case((calls.c.status == Status.UNDONE, Status.DONE.value), else_=calls.c.status)
    kept = ("id", "member", "room", "zone", "now", "started", "ended", "owner")
    columns = [calls.c[name] for name in kept]
    found = sa.select(*columns, sa.literal(""), status, sa.literal(""), sa.false()).where(
        alone & calls.c.id.not_in(sa.select(flows.c.id))
    )
    with engine.begin() as db:
        db.execute(sa.insert(flows).from_select([*kept, "asked", "status", "text", "open"], found))
        db.execute(sa.update(calls).where(alone).values(flow=calls.c.id))

"""What services last told the hub: which names exist in this home, and when each is next due.

With it requests are understood, and reminders fire, with no service running in between.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import anyio
import anyio.to_thread
import sqlalchemy as sa

from services.tool import Call, Done, Effect, Outcome, Tool, Toolbox

logger = logging.getLogger(__name__)

metadata = sa.MetaData()
known_names = sa.Table(
    "known_names",
    metadata,
    sa.Column("service", sa.String, primary_key=True),
    sa.Column("member", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("names", sa.JSON, nullable=False),
)
next_due = sa.Table(
    "next_due",
    metadata,
    sa.Column("service", sa.String, primary_key=True),
    sa.Column("at", sa.Float),
)

HOUSEHOLD = ""
"""Stands for every member where names are shared."""


class Bulletin:
    """Names and due times in the hub's database. Methods block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        metadata.create_all(engine)

    def post(self, service: str, member: str, done: Done) -> None:
        """Keep what a write told."""
        with self.engine.begin() as db:
            for kind, names in done.names.items():
                key = {"service": service, "member": HOUSEHOLD if done.names_shared else member, "kind": kind}
                db.execute(sa.delete(known_names).filter_by(**key))
                db.execute(sa.insert(known_names).values(**key, names=list(names)))
            db.execute(sa.delete(next_due).where(next_due.c.service == service))
            if done.due is not None:
                db.execute(sa.insert(next_due).values(service=service, at=done.due.timestamp()))

    def names(self, member: str) -> Mapping[str, Sequence[str]]:
        """The names that the member may know of, by kind."""
        query = sa.select(known_names.c.kind, known_names.c.names).where(known_names.c.member.in_([member, HOUSEHOLD]))
        found: dict[str, list[str]] = {}
        with self.engine.connect() as db:
            for kind, names in db.execute(query):
                found.setdefault(kind, []).extend(names)
        return found

    def dues(self) -> Mapping[str, datetime]:
        """When each service next wants to be asked, the soonest first."""
        with self.engine.connect() as db:
            rows = db.execute(sa.select(next_due.c.service, next_due.c.at).order_by(next_due.c.at)).all()
        return {service: datetime.fromtimestamp(at, UTC) for service, at in rows if at is not None}


class Noticed:
    """A toolbox that keeps what each write tells, around another toolbox."""

    def __init__(self, inner: Toolbox, bulletin: Bulletin) -> None:
        self.inner = inner
        self.bulletin = bulletin
        self.changed = anyio.Event()
        """Set, and replaced, when something new was posted."""

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Make the call and keep what it told."""
        outcome = await self.inner.call(call)
        if isinstance(outcome, Done) and not call.preview:
            tool = next((tool for tool in await self.inner.tools() if tool.name == call.tool), None)
            if tool is not None and tool.effect is not Effect.READ:
                try:
                    await anyio.to_thread.run_sync(self.bulletin.post, tool.service, call.caller.member, outcome)
                except sa.exc.DBAPIError:  # it took effect all the same, and that is what is answered
                    logger.exception("what %s told could not be kept", call.tool)
                changed, self.changed = self.changed, anyio.Event()
                changed.set()
        return outcome

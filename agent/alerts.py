"""Alerts: what falls due in services (reminders, timers, alarms) is told to members, once.

The hub sleeps until the soonest moment that a service named, asks the service's hidden tool `due`, and keeps
each alert by the service's own id for it, so that a crash between the two tells nothing twice.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.to_thread
import sqlalchemy as sa
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from services.bulletin import Noticed
from services.journal import Journal
from services.runtime.wire import clean
from services.tool import Call, Caller, Done, Toolbox

logger = logging.getLogger(__name__)

LATE = 60.0
"""Seconds after which an alert is told as late."""
RETRY = 30.0
"""Seconds before a service that could not say what is due is asked again."""
LONGEST_SLEEP = 3600.0
"""Seconds; the clock may have been set in between."""
HUB = "muos"
"""The member in whose name the hub itself asks."""
TEXT_LIMIT = 2_000
"""Characters of an alert."""
CAUGHT_UP = 20
"""How many of the latest answers to "what is due" are looked through after a start."""
BACKLOG = 256
"""Alerts that one listener may be behind before it is let go."""

metadata = sa.MetaData()
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, unique=True, nullable=False),
    sa.Column("service", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("member", sa.String, nullable=False),
    sa.Column("room", sa.String, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("told", sa.String, nullable=False),
    sa.Column("seen", sa.Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert that was told."""

    id: str
    text: str
    at: datetime
    member: str
    room: str
    late: bool


class Alerts:
    """Waits for what is due and tells it."""

    def __init__(self, engine: sa.Engine, noticed: Noticed, toolbox: Toolbox, journal: Journal, zone: str) -> None:
        self.engine = engine
        self.bulletin = noticed.bulletin
        self.journal = journal
        self.noticed = noticed
        self.toolbox = toolbox
        self.zone = zone
        self.listeners: set[MemoryObjectSendStream[AlertRow]] = set()
        self._unanswered: dict[str, str] = {}
        """Services that last could not say what is due, and why, so that the log hears of it once."""
        metadata.create_all(engine)

    async def watch(self) -> None:
        """Run for as long as the hub does, also where the disk is full for a while."""
        behind = True
        while True:
            changed = self.noticed.changed
            try:
                if behind:
                    await self.catch_up()
                wait, behind = await self.tell_due(datetime.now(UTC)), False
            except sa.exc.DBAPIError:
                logger.exception("what is due could not be kept")
                wait, behind = RETRY, True
            with anyio.move_on_after(min(wait, LONGEST_SLEEP)):
                await changed.wait()

    async def tell_due(self, now: datetime) -> float:
        """Ask every service that has something due; gives the seconds until the next."""
        wait = math.inf
        for service, at in (await anyio.to_thread.run_sync(self.bulletin.dues)).items():
            left = (at - now).total_seconds()
            if left <= 0:
                left = 0.0 if await self._ask(service, now) else RETRY
            wait = min(wait, left)
        return wait

    async def _ask(self, service: str, now: datetime) -> bool:
        caller = Caller(HUB, "home", self.zone, now)
        outcome = await self.toolbox.call(Call(f"{service}_due", {}, caller))
        if not isinstance(outcome, Done):
            if self._unanswered.get(service) != str(outcome):
                logger.warning("%s could not say what is due: %s", service, outcome)
            self._unanswered[service] = str(outcome)
            return False
        self._unanswered.pop(service, None)
        await self._hand_over(service, outcome.data, now)
        return outcome.due is None or outcome.due > now

    async def catch_up(self) -> None:
        """Tell what a service had handed over when the hub was killed before it could keep it."""
        asked = await anyio.to_thread.run_sync(self.journal.entries, HUB, CAUGHT_UP, True)
        for entry in reversed(asked):
            await self._hand_over(entry.tool.removesuffix("_due"), entry.result or {}, datetime.now(UTC))

    async def _hand_over(self, service: str, said: Mapping[str, Any], now: datetime) -> None:
        """Keep and tell the alerts that a service gave, as far as they make sense."""
        rows = said.get("alerts")
        for row in rows if isinstance(rows, list | tuple) else ():
            try:
                alert = await anyio.to_thread.run_sync(self._keep, service, row, now)
            except (KeyError, TypeError, ValueError, OverflowError):
                logger.warning("%s gave an alert that can't be told", service)
                continue
            if alert is not None:
                self._tell(alert)

    async def announce(self, row: Mapping[str, Any], member: str) -> None:
        """Tell something of the hub's own: `service`, `id`, `text` and `at` of it. The same id is told once."""
        row = {**row, "member": member, "room": "home"}
        try:
            alert = await anyio.to_thread.run_sync(self._keep, row["service"], row, datetime.now(UTC))
        except sa.exc.DBAPIError:
            logger.exception("%s could not be told", row["id"])
            return
        if alert is not None:
            self._tell(alert)

    def _keep(self, service: str, row: Mapping[str, Any], now: datetime) -> AlertRow | None:
        """Store it; None if it was told before."""
        at = datetime.fromisoformat(row["at"])
        alert = AlertRow(
            clean(f"{service}:{row['id']}", TEXT_LIMIT),
            clean(row["text"], TEXT_LIMIT),
            at,
            clean(row["member"], TEXT_LIMIT),
            clean(row["room"], TEXT_LIMIT),
            (now - at).total_seconds() > LATE,
        )
        with self.engine.begin() as db:
            if db.execute(sa.select(alerts.c.seq).where(alerts.c.id == alert.id)).first():
                return None
            db.execute(
                sa.insert(alerts).values(
                    id=alert.id,
                    service=service,
                    text=alert.text,
                    at=at.isoformat(),
                    member=alert.member,
                    room=alert.room,
                    late=alert.late,
                    told=now.isoformat(),
                    seen=bool(self.listeners),
                )
            )
        return alert

    def _tell(self, alert: AlertRow) -> None:
        for listener in list(self.listeners):
            try:
                listener.send_nowait(alert)
            except (anyio.WouldBlock, anyio.BrokenResourceError):
                self.listeners.discard(listener)
                listener.close()

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[MemoryObjectReceiveStream[AlertRow]]:
        """Alerts as they are told, from now on."""
        send, receive = anyio.create_memory_object_stream[AlertRow](BACKLOG)
        self.listeners.add(send)
        try:
            async with receive:
                yield receive
        finally:
            self.listeners.discard(send)
            send.close()

    def past(self, member: str, limit: int) -> list[AlertRow]:
        """The latest alerts told to a member, newest first. Blocks."""
        query = sa.select(alerts).where(alerts.c.member == member).order_by(alerts.c.seq.desc()).limit(limit)
        with self.engine.connect() as db:
            rows = db.execute(query).mappings().all()
        return [as_alert(row) for row in rows]

    def unseen(self, member: str) -> list[AlertRow]:
        """What fell due for a member while nobody listened, oldest first; each is given once. Blocks."""
        waiting = (alerts.c.member == member) & ~alerts.c.seen
        with self.engine.begin() as db:
            rows = db.execute(sa.select(alerts).where(waiting).order_by(alerts.c.seq)).mappings().all()
            db.execute(sa.update(alerts).where(waiting).values(seen=True))
        return [as_alert(row) for row in rows]


def as_alert(row: sa.RowMapping) -> AlertRow:
    """A row of the table as an alert."""
    at = datetime.fromisoformat(row["at"])
    return AlertRow(row["id"], row["text"], at, row["member"], row["room"], row["late"])

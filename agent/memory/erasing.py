"""Forgetting in the whole house: notes with every trace that the hub keeps, and members with all that is theirs.

Must stay true: whoever forgets, by a tool, the API or the command line, does so here; traces go before the notes, so
that what was cut short can be done again; a member is erased by the services themselves, each its own data.

Has the shape of `memory.forgetting.Forgetting`. Does not reach what services made of a request, such as a list's item
(undo it, or delete it there), files in folders that members opened, nor servers elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import anyio.to_thread
import sqlalchemy as sa

from agent.alerts import HUB, alerts
from agent.dialogue import turns
from agent.memory.traces import Traces
from memory.forgetting import Forgotten, What
from memory.memory import Memory
from memory.record.record import Kept
from services.bulletin import known_names
from services.record import calls, flows
from services.tool import Call, Caller, Done, Toolbox

logger = logging.getLogger(__name__)

ERASE = "_erase"
"""Ends the name of the hidden tool by which each service erases a member."""
ROUNDS = 100
"""Times that what is meant is looked for again, since a look finds only so many."""

FEW = 20
"""Notes up to which the file is searched for what is left of them; for more it is rewritten anyway."""
READ_BYTES = 2**22
"""Of a file that is searched, at once."""
PART = 16
"""Bytes of a vector that are sought."""

OWN_ROWS = {"turns": turns, "calls": calls, "flows": flows, "alerts": alerts, "names": known_names}


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of a member."""

    removed: dict[str, int] = field(default_factory=dict)
    """How many: notes, turns, calls, flows, alerts, names, rows and files of services."""
    left: tuple[str, ...] = ()
    """Services that could not be asked, and why: their data may still be there."""
    verified: bool = True
    """Nothing of the notes is found any more."""


class Erasing:
    """Forgets notes and erases members. What is not `async` blocks; use it from a thread."""

    def __init__(self, engine: sa.Engine, memory: Memory, home: Path | None = None) -> None:
        self.engine = engine
        self.memory = memory
        self.traces = Traces(engine, memory, home / "logs" if home is not None else None)
        self.home = home

    def select(self, member: str, what: What, now: datetime | None = None) -> list[Kept]:
        """The member's own notes that are meant, newest first. Changes nothing."""
        return self.memory.forgetting.select(member, what, now)

    def erase(self, member: str, notes: Iterable[Kept]) -> Forgotten:
        """Forget those of the notes that are the member's own, with every trace, and look that they are gone."""
        mine = [one for one in notes if one.note.member == member]
        words = self.traces.blot(member, mine) if mine else set()
        marks = marks_of(mine, words, self.memory.record.vectors(one.seq for one in mine)) if len(mine) <= FEW else None
        gone = self.memory.forgetting.erase(member, mine)
        self.traces.settle()
        if mine and (marks is None or self._in_file(marks)):
            self._rewrite()
        return gone

    def _in_file(self, marks: Sequence[bytes]) -> bool:
        """Whether the database's file still holds one of these: SQLite leaves copies behind where it splits a page."""
        place = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        if not place or not Path(place).is_file():
            return False
        with Path(place).open("rb") as stream:
            # read once, whatever the number of marks: part by part with what may begin at the end of the one before
            last = b""
            while part := stream.read(READ_BYTES):
                if any(mark in part or mark in last + part[: len(mark) - 1] for mark in marks):
                    return True
                last = part[-max(map(len, marks), default=1) :]
        return False

    def forget(self, member: str, what: What, now: datetime | None = None) -> Forgotten:
        """Forget all that is meant."""
        gone: list[Kept] = []
        verified = True
        for _ in range(ROUNDS):
            meant = self.select(member, what, now)
            if not meant:
                break
            done = self.erase(member, meant)
            gone += done.notes
            verified = verified and done.verified
        return Forgotten(tuple(gone), verified and not self.select(member, what, now))

    def forget_ids(self, member: str, ids: Sequence[str]) -> Forgotten:
        """Forget notes by their ids, or by those of facts that rest on them."""
        return self.forget(member, What(ids=tuple(ids)))

    # A whole member

    async def erase_member(self, member: str, services: Toolbox, caller: Caller) -> Erased:
        """Erase all that is kept of a member, here and in the services. Can't be undone; may be done again.

        `services`: the supervisor, whose hidden tools are asked; `caller` lends zone and time.
        """
        removed = await anyio.to_thread.run_sync(self._erase_here, member)
        rows, files, left = await self._erase_there(member, services, caller)
        await anyio.to_thread.run_sync(self._rows, member)  # what the services told just now
        await anyio.to_thread.run_sync(self._rewrite)
        known = await anyio.to_thread.run_sync(self.memory.record.audiences, member)
        return Erased(removed | {"rows": rows, "files": files}, tuple(left), verified=not known)

    def _erase_here(self, member: str) -> dict[str, int]:
        notes = self.memory.record.own(member)
        count = self.erase(member, notes).count
        self.memory.rooms.erase(member)
        return {"notes": count} | self._rows(member)

    def _rows(self, member: str) -> dict[str, int]:
        """Delete what the hub's own tables hold of the member."""
        with self.engine.begin() as db:
            counts = {
                name: db.execute(sa.delete(table).where(table.c.member == member)).rowcount
                for name, table in OWN_ROWS.items()
            }
            asked = sa.select(calls.c.seq, calls.c.result).where(calls.c.member == HUB)
            for seq, result in db.execute(asked).all():
                told = (result or {}).get("alerts")
                others = [row for row in told or () if not isinstance(row, dict) or row.get("member") != member]
                if told and len(others) < len(told):
                    db.execute(sa.update(calls).where(calls.c.seq == seq).values(result={**result, "alerts": others}))
        return counts

    async def _erase_there(self, member: str, services: Toolbox, caller: Caller) -> tuple[int, int, list[str]]:
        """Have each service that keeps something erase the member."""
        rows, files = 0, 0
        known = {tool.service: tool for tool in await services.tools() if tool.name.endswith(ERASE) and tool.hidden}
        left = [name for name in self._keeping() if name not in known or known[name].foreign]
        as_hub = Caller(HUB, caller.room, caller.zone, caller.now)
        for name in self._keeping():
            if name in left:
                continue
            outcome = await services.call(Call(known[name].name, {"member": member}, as_hub))
            if isinstance(outcome, Done):
                rows, files = rows + int(outcome.data["rows"]), files + int(outcome.data["files"])
            else:
                logger.warning("%s could not erase a member", name)
                left.append(name)
        return rows, files, left

    def _keeping(self) -> list[str]:
        """The services that have a folder with something in it."""
        folder = self.home / "services" if self.home is not None else None
        if folder is None or not folder.is_dir():
            return []
        return sorted(place.name for place in folder.iterdir() if place.is_dir() and any(place.iterdir()))

    def _rewrite(self) -> None:
        """Leave nothing of what was erased in free places of the database."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                db.execute(sa.text("VACUUM"))
        self.traces.settle()


def marks_of(meant: Sequence[Kept], words: Iterable[str], vectors: Iterable[bytes]) -> list[bytes]:
    """What of the notes would be recognised among the bytes of a file."""
    said = {form for word in words for form in (word, word.capitalize())} | {one.note.text for one in meant}
    shapes = [row[at : at + PART] for row in vectors for at in range(0, len(row), max(PART, len(row) // 8))]
    return [*(text.encode() for text in said), *(shape for shape in shapes if any(shape))]

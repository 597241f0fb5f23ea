"""The dialogue so far: who said what in which room, what it touched, and what is still open.

Kept in the hub's database, so that "move it to 4" works when each line comes from a process of its own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from agent.turn import Broke, Called, Event, Said, Thinking, Turn, Waiting
from models.guess import Guess, PastCall
from models.guess import Said as Line
from services.journal import thing_row
from services.tool import Done

LINES = 6
"""How many earlier turns are looked back on."""
FRESH = timedelta(hours=3)
"""After this a new request has nothing to do with the last one."""

metadata = sa.MetaData()
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("member", sa.String, nullable=False),
    sa.Column("room", sa.String, nullable=False),
    sa.Column("now", sa.Float, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("answer", sa.String, nullable=False),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("calls", sa.JSON, nullable=False),
    sa.Column("open", sa.JSON),
)
sa.Index("turns_where", turns.c.member, turns.c.room, turns.c.seq)


@dataclass(slots=True)
class Transcript:
    """One turn's events, gathered: what was said and done."""

    turn: Turn
    path: str = "none"
    said: list[str] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    waiting: Waiting | None = None

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Thinking():
                self.path = event.path
            case Said() | Broke():
                self.said.append(event.text)
            case Called():
                self.called.append(event)
            case Waiting():
                self.waiting = event
            case _:
                pass

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.said).strip()


@dataclass(frozen=True, slots=True)
class Past:
    """The dialogue as the next turn finds it."""

    lines: tuple[Line, ...] = ()
    pending: Guess | None = None
    """A call that lacks what was asked for in the last answer."""
    waiting: str | None = None
    """Id of the call that the last answer asked a yes for."""


class Dialogue:
    """The turns in the hub's database. Methods block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        metadata.create_all(engine)

    def keep(self, transcript: Transcript) -> None:
        """Add a turn that has ended."""
        turn = transcript.turn
        with self.engine.begin() as db:
            db.execute(
                sa.insert(turns).values(
                    id=turn.id,
                    member=turn.member,
                    room=turn.room,
                    now=turn.now.timestamp(),
                    at=time.time(),
                    text=turn.text,
                    answer=transcript.text,
                    path=transcript.path,
                    calls=[call_row(called) for called in transcript.called if isinstance(called.outcome, Done)],
                    open=open_row(transcript.waiting),
                )
            )

    def past(self, turn: Turn) -> Past:
        """What was said before in this room by this member, lately."""
        here = (turns.c.member == turn.member) & (turns.c.room == turn.room)
        with self.engine.connect() as db:
            query = sa.select(turns).where(here).order_by(turns.c.seq.desc()).limit(LINES)
            rows = [
                row
                for row in db.execute(query).mappings().all()
                if abs(turn.now.timestamp() - row["now"]) <= FRESH.total_seconds()
            ][::-1]
        if not rows:
            return Past()
        lines: list[Line] = []
        for row in rows:
            lines.append(Line("user", row["text"]))
            lines.append(Line("assistant", row["answer"], tuple(PastCall(**call) for call in row["calls"])))
        last: Mapping[str, Any] = rows[-1]["open"] or {}
        guess = last.get("guess")
        return Past(
            tuple(lines),
            Guess(guess["name"], guess["arguments"], 1.0, tuple(guess["missing"])) if guess else None,
            last.get("waiting"),
        )


def call_row(called: Called) -> dict[str, Any]:
    """A call as later turns may refer to it."""
    assert isinstance(called.outcome, Done)
    return {
        "name": called.call.tool,
        "arguments": dict(called.call.arguments),
        "touched": [thing_row(thing) for thing in called.outcome.touched],
    }


def open_row(waiting: Waiting | None) -> dict[str, Any] | None:
    """What the next turn may answer."""
    if waiting is None:
        return None
    if waiting.kind == "confirm":
        return {"waiting": waiting.call.id}
    call = waiting.call
    return {"guess": {"name": call.tool, "arguments": dict(call.arguments), "missing": list(waiting.parameters)}}

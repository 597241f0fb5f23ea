"""The dialogue so far: who said what in which room, what it touched, and what is still open.

Kept in the hub's database, so that "move it to 4" works when each line comes from a process of its own.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from agent.turn import Broke, Called, Event, Said, Thinking, Turn, Waiting
from models.guess import Guess, PastCall
from models.guess import Said as Line
from services.record import PRIVATE, thing_row
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
BY_ID = sa.Index("turns_id", turns.c.id)


@dataclass(slots=True)
class Transcript:
    """One turn's events, gathered: what was said and done."""

    turn: Turn
    path: str = "none"
    said: list[str] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    waiting: Waiting | None = None
    broke: bool = False
    """A fault of ours was told."""
    discreet: bool = False
    """A secret was taken out of it: what it still lacks is kept in this process alone."""

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Thinking():
                self.path = event.path
            case Said() | Broke():
                self.said.append(event.text)
                self.broke = self.broke or isinstance(event, Broke)
            case Called():
                self.called.append(event)
            case Waiting():
                self.waiting = event
            case _:
                pass

    def names(self, tools: Container[str]) -> bool:
        """Whether one of the tools was called or is about to be."""
        waits = self.waiting is not None and self.waiting.call.tool in tools
        return waits or any(called.call.tool in tools for called in self.called)

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
        self.unwritten: dict[str, Guess] = {}
        """Calls that hold a secret and lack something, by their turn's id: in memory alone."""
        metadata.create_all(engine)
        BY_ID.create(engine, checkfirst=True)  # a home of an earlier version has none

    def keep(self, transcript: Transcript, private: Container[str] = ()) -> bool:
        """Add a turn that has ended; False if its words are left out because it was about a private tool."""
        turn = transcript.turn
        secret = transcript.names(private) or self._answers(turn, private)
        unwritable = secret or transcript.discreet
        if unwritable and transcript.waiting is not None and transcript.waiting.kind == "missing":
            open_ = transcript.waiting
            self.unwritten = {turn.id: Guess(open_.call.tool, open_.call.arguments, 1.0, open_.parameters)}
        with self.engine.begin() as db:
            db.execute(
                sa.insert(turns).values(
                    id=turn.id,
                    member=turn.member,
                    room=turn.room,
                    now=turn.now.timestamp(),
                    at=time.time(),
                    text=PRIVATE if secret else turn.text,
                    answer=PRIVATE if secret else transcript.text,
                    path=transcript.path,
                    calls=[
                        call_row(called)
                        for called in transcript.called
                        if isinstance(called.outcome, Done) and not secret
                    ],
                    open=open_row(transcript.waiting, unwritable),
                )
            )
        return not secret

    def answers(self, ids: Sequence[str]) -> dict[str, tuple[str, str, str]]:
        """(member, room, what MuOS said) of those turns that there are, by their ids."""
        wanted = sa.select(turns.c.id, turns.c.member, turns.c.room, turns.c.answer).where(turns.c.id.in_(ids))
        with self.engine.connect() as db:
            return {row.id: (row.member, row.room, row.answer) for row in db.execute(wanted)}

    def _answers(self, turn: Turn, private: Container[str]) -> bool:
        """Whether the turn came after a question about a private tool: then its words may be the secret itself."""
        pending = self.past(turn).pending
        return pending is not None and pending.name in private

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
            as_guess(guess) if guess else self.unwritten.get(rows[-1]["id"]),
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


def as_guess(row: Mapping[str, Any]) -> Guess:
    """A call that lacks something, as it was kept."""
    return Guess(row["name"], row["arguments"], 1.0, tuple(row["missing"]))


def open_row(waiting: Waiting | None, secret: bool = False) -> dict[str, Any] | None:
    """What the next turn may answer."""
    if waiting is None or (secret and waiting.kind == "missing"):
        return None
    if waiting.kind == "confirm":
        return {"waiting": waiting.call.id}
    call = waiting.call
    return {"guess": {"name": call.tool, "arguments": dict(call.arguments), "missing": list(waiting.parameters)}}

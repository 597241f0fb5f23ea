"""A small house for the tests of what decides and acts: a few tools in memory, a real journal."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from agent.turn import Event, Turn
from services.inmemory import InMemory
from services.journal import Journal
from services.tool import Call, Done, Effect, Failed, Outcome, Thing, Tool

ANYTHING = {"type": "object", "properties": {"what": {"type": "string", "description": "What"}}, "required": ["what"]}
BY_CALL = {"type": "object", "properties": {"call": {"type": "string"}}, "required": ["call"]}


class Events:
    """An `emit` that keeps what it is given."""

    def __init__(self) -> None:
        self.all: list[Event] = []

    async def __call__(self, event: Event) -> None:
        self.all.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.all if isinstance(event, kind)]


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: sa.Engine) -> Journal:
    return Journal(engine)


@pytest.fixture
def box() -> InMemory:
    """look (read), put (reversible), burn (irreversible), and what undoes a put."""
    box = InMemory()
    undone: set[str] = set()

    def put(call: Call) -> Outcome:
        what = str(call.arguments["what"])
        return Done(f"Put {what}.", {"what": what}, (Thing("item", what),), undoable=True)

    def undo(call: Call) -> Outcome:
        target = str(call.arguments["call"])
        if target in undone:
            return Failed("That was already undone.")
        undone.add(target)
        return Done("Undone: it is as before.")

    box.add(Tool("box_look", "Look at a thing.", ANYTHING, Effect.READ, "box", ("look at the cup",), idempotent=True))
    box.add(
        Tool("box_put", "Put a thing.", ANYTHING, Effect.REVERSIBLE, "box", ("put the cup",), "box_undo", True), put
    )
    box.add(Tool("box_burn", "Burn a thing.", ANYTHING, Effect.IRREVERSIBLE, "box", ("burn the cup",), idempotent=True))
    box.add(Tool("box_undo", "Undo.", BY_CALL, Effect.REVERSIBLE, "box", idempotent=True, hidden=True), undo)
    return box


def turn(text: str, **changes: object) -> Turn:
    zone = "Europe/Paris"
    return Turn(text=text, now=datetime(2026, 3, 4, 9, tzinfo=ZoneInfo(zone)), zone=zone, **changes)  # type: ignore[arg-type]  # a test's own shorthand

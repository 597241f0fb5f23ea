"""Homes, a small encoder and both indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event

from memory.chroma import ChromaIndex
from memory.index import Index
from memory.memory import Memory
from memory.plain import PlainIndex
from memory.spelling import encode
from memory.tables import create


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty record."""
    engine = create_engine(f"sqlite:///{tmp_path}/hub.sqlite")

    @event.listens_for(engine, "connect")
    def wal(connection: object, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[attr-defined]  # a DB-API connection has no type

    create(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["chroma", "plain"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    """Each index in turn."""
    index: Index = ChromaIndex(tmp_path / "chroma") if request.param == "chroma" else PlainIndex()
    yield index
    index.close()


@pytest.fixture
def memory(engine: Engine, index: Index) -> Memory:
    """An empty memory over each index."""
    return Memory(engine, encode, index)


@pytest.fixture
def open_chroma(engine: Engine, tmp_path: Path) -> Iterator[Callable[[], Memory]]:
    """Opens the memory of this home over Chroma, as often as wanted."""
    opened: list[Memory] = []

    def open_it() -> Memory:
        opened.append(Memory(engine, encode, ChromaIndex(tmp_path / "chroma")))
        return opened[-1]

    yield open_it
    for memory in opened:
        memory.close()

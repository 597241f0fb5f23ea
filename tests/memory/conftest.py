"""Homes, a small encoder, every record and every index that memory promises the same over.

A test that asks for `engine` runs over SQLite and PostgreSQL; for `index`, over Chroma, the plain index and Chroma's
server; for both, over the pairs that people have. Both servers are real, started once, on loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event

from memory.memory import Memory
from memory.record.tables import create
from memory.vectors.chroma import ChromaIndex
from memory.vectors.chroma_server import ChromaServer
from memory.vectors.index import Index
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode
from tests.memory.servers import ChromaProcess, Postgres

RECORDS = ("sqlite", "postgresql")
INDEXES = ("chroma", "plain", "server")
PAIRS = (("sqlite", "chroma"), ("sqlite", "plain"), ("postgresql", "plain"), ("postgresql", "server"))
_numbers = count()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test over the databases and indexes that its fixtures speak of."""
    wants = {"engine", "index"} & set(metafunc.fixturenames)
    if metafunc.definition.get_closest_marker("parametrize") and _own(metafunc) & wants:
        return
    if wants == {"engine", "index"}:
        metafunc.parametrize(("engine", "index"), PAIRS, indirect=True)
    elif wants == {"engine"}:
        metafunc.parametrize("engine", RECORDS, indirect=True)
    elif wants == {"index"}:
        metafunc.parametrize("index", INDEXES, indirect=True)


def _own(metafunc: pytest.Metafunc) -> set[str]:
    """The names that the test gives values to itself."""
    marks = metafunc.definition.iter_markers("parametrize")
    named = [mark.args[0] for mark in marks]
    return {name.strip() for names in named for name in (names.split(",") if isinstance(names, str) else names)}


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty record of each kind."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty record in a file, `hub.sqlite`."""
    engine = create_engine(f"sqlite:///{tmp_path}/hub.sqlite")

    @event.listens_for(engine, "connect")
    def wal(connection: object, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[attr-defined]  # a DB-API connection has no type

    create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(postgres: Postgres) -> Iterator[Engine]:
    """An empty record in a database of its own."""
    with postgres.database() as url:
        engine = create_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this session's own."""
    server = Postgres()
    try:
        server.make()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    """A Chroma server of this session's own."""
    server = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.end()


@pytest.fixture
def index(request: pytest.FixtureRequest) -> Index:
    """An empty index of each kind."""
    found: Index = request.getfixturevalue(f"{request.param}_index")
    return found


@pytest.fixture
def plain_index() -> Index:
    """In this process only."""
    return PlainIndex()


@pytest.fixture
def chroma_index(tmp_path: Path) -> Iterator[Index]:
    """In a folder."""
    index = ChromaIndex(tmp_path / "chroma")
    yield index
    index.close()


@pytest.fixture
def server_index(chroma_server: ChromaProcess) -> Iterator[Index]:
    """On a server, under a name of its own."""
    index = ChromaServer(chroma_server.url, f"test {next(_numbers)}")
    yield index
    index.close()


@pytest.fixture
def memory(engine: Engine, index: Index) -> Memory:
    """An empty memory over each pair of record and index."""
    return Memory(engine, encode, index)


@pytest.fixture
def open_chroma(sqlite_engine: Engine, tmp_path: Path) -> Iterator[Callable[[], Memory]]:
    """Opens the memory of this home over Chroma, as often as wanted."""
    opened: list[Memory] = []

    def open_it() -> Memory:
        opened.append(Memory(sqlite_engine, encode, ChromaIndex(tmp_path / "chroma")))
        return opened[-1]

    yield open_it
    for memory in opened:
        memory.close()

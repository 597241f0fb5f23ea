"""The index of vectors in Chroma, embedded: with `memory/vectors/chroma_server.py` the only door to chromadb.

What must stay true: one collection holds one audience, so a search cannot meet a vector of another (a `where` filter
over one collection took 43 ms at 20,000 notes against 4 ms, measured); the text of a note never enters; Chroma
computes, downloads and reports nothing of its own. Every fault of its is an `IndexBroken`, after which `reset` begins
anew in a fresh folder and the record fills it.

Importing this takes about a second: it is imported where it is wanted, in the background, and by nothing else here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from heapq import nlargest
from pathlib import Path
from threading import RLock
from uuid import uuid4

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import (
    CreateCollectionConfiguration,
    CreateHNSWConfiguration,
    UpdateCollectionConfiguration,
    UpdateHNSWConfiguration,
)
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from memory.errors import IndexAway, IndexBroken
from memory.vectors import heap, soundness
from memory.vectors.index import Entry, Vectors

BATCH = 1000
"""Vectors in one write; Chroma refuses more than some thousands."""
SYNC, AT_ONCE = 5000, 2
"""Changes that Chroma gathers before it writes its graph; while traces are taken out of its files, next to none."""
HNSW = CreateHNSWConfiguration(
    space="cosine", ef_construction=100, ef_search=100, max_neighbors=16, sync_threshold=SYNC
)
"""Measured on 100,000 vectors: 99 % of the true nearest 50 in 10 ms."""


NO_ROOM = ("disk is full", "No space left", "readonly database")
"""What Chroma says when the disk takes nothing."""


class ChromaIndex:
    """Approximate nearest neighbours, kept on disk."""

    kind = "chroma"

    def __init__(self, folder: Path, model: str = "") -> None:
        """`model` names what makes the vectors: with another one, the old contents are dropped."""
        heap.blank_freed()
        self._folder = folder
        self._model = hashlib.sha256(model.encode()).hexdigest()[:8]
        self._lock = RLock()
        self._collections: dict[str, Collection] = {}
        self._client: Client | None = None
        self._written = False
        self._stamp = self._current()
        try:
            self._open()
        except IndexBroken:
            self.reset()

    @property
    def stamp(self) -> str:
        return self._stamp

    def add(self, entries: Sequence[Entry]) -> None:
        for audience in {entry.audience for entry in entries}:
            mine = [entry for entry in entries if entry.audience == audience]
            for start in range(0, len(mine), BATCH):
                part = mine[start : start + BATCH]
                with self._guarded() as client:
                    collection = self._collection(client, audience, create=True)
                    assert collection is not None
                    rows = np.stack([entry.vector for entry in part])
                    collection.upsert(ids=[str(entry.seq) for entry in part], embeddings=rows)
        self._written = True

    def remove(self, seqs: Sequence[int], audience: str) -> None:
        with self._guarded() as client:
            if not (collection := self._collection(client, audience)):
                return
            ids = [str(seq) for seq in seqs]
            there = [
                one for start in range(0, len(ids), BATCH) for one in _held(collection, ids[start : start + BATCH])
            ]
            for start in range(0, len(there), BATCH):
                part = there[start : start + BATCH]
                # Chroma's graph keeps what is deleted from it, so something else is put in its place first.
                collection.update(ids=part, embeddings=_anything(len(part), collection))
                collection.delete(ids=part)

    def drop(self, audience: str) -> None:
        with self._guarded() as client:
            if collection := self._collection(client, audience):
                client.delete_collection(collection.name)
                del self._collections[audience]

    def scrub(self, audiences: Sequence[str]) -> None:
        """Chroma writes its graph every few thousand changes, and its database keeps what it has freed."""
        there = [audience for audience in dict.fromkeys(audiences) if self._gather(audience, AT_ONCE)]
        with self._lock, mapped(self._meaning):
            self.close()
            self._open()  # only now it reads how much to gather
            for audience in there:
                self._nudge(audience)
                self._gather(audience, SYNC)
            self.close()
            place = self._folder / self._stamp
            with closing(sqlite3.connect(place / "chroma.sqlite3")) as database:
                database.execute("VACUUM")
                known = {row[0] for row in database.execute("SELECT id FROM segments")}
            for graph in place.iterdir():
                if graph.is_dir() and graph.name not in known:  # Chroma leaves those of a collection that is deleted
                    shutil.rmtree(graph)
            self._open()

    def _gather(self, audience: str, changes: int) -> bool:
        """How many changes of this audience Chroma gathers before it writes; False if there is nothing of it."""
        with self._guarded() as client:
            if not (collection := self._collection(client, audience)):
                return False
            hnsw = UpdateHNSWConfiguration(sync_threshold=changes, batch_size=min(changes, 100))
            with warnings.catch_warnings():
                # having no encoder of its own, which is all that it means
                warnings.filterwarnings("ignore", "legacy embedding function config", DeprecationWarning)
                collection.modify(configuration=UpdateCollectionConfiguration(hnsw=hnsw))
            return True

    def _nudge(self, audience: str) -> None:
        """Enough changes that it writes now."""
        with self._guarded() as client:
            collection = self._collection(client, audience)
            assert collection is not None
            for _ in range(AT_ONCE):
                collection.upsert(ids=["0"], embeddings=_anything(1, collection))  # no note has this number
                collection.delete(ids=["0"])

    def search(self, vector: Vectors, audiences: Sequence[str], k: int) -> list[tuple[int, float]]:
        found: list[tuple[int, float]] = []
        for audience in dict.fromkeys(audiences):
            with self._guarded() as client:
                if collection := self._collection(client, audience):
                    answer = collection.query(query_embeddings=vector[None], n_results=k, include=["distances"])
                    distances = (answer["distances"] or [[]])[0]
                    nearest = zip(answer["ids"][0], distances, strict=True)
                    found += [(int(seq), 1.0 - float(distance)) for seq, distance in nearest]
        return nlargest(k, found, key=lambda hit: hit[1])

    def reset(self) -> None:
        with self._lock, mapped(lambda _: IndexAway):  # a full disk, as a rule
            self.close()
            self._stamp = f"{self._model}-{uuid4().hex[:12]}"
            for old in (
                self._folder.iterdir() if self._folder.is_dir() else ()
            ):  # first, as it may be what fills the disk
                if old.is_dir():
                    shutil.rmtree(old, ignore_errors=True)
            self._open()
            pointer = self._folder / "current.new"
            pointer.write_text(self._stamp)
            os.replace(pointer, self._folder / "current")

    def __len__(self) -> int:
        with self._guarded() as client:
            return sum(collection.count() for collection in client.list_collections())

    def close(self) -> None:
        with self._lock:
            self._collections.clear()
            client, self._client = self._client, None
            if client is not None:
                client.close()
                self._leave()

    def _leave(self) -> None:
        """Chroma has written what it had to write."""
        soundness.seal(self._folder / self._stamp)
        self._written = False

    def _current(self) -> str:
        """The stamp of the contents on disk, or a new one if they are missing or another model's."""
        try:
            stamp = (self._folder / "current").read_text()
        except (OSError, UnicodeDecodeError):
            stamp = ""
        place = self._folder / stamp
        known = stamp.startswith(f"{self._model}-") and (place / "chroma.sqlite3").is_file()
        return stamp if known and soundness.is_sealed(place) else ""

    def _open(self) -> None:
        if not self._stamp:
            raise IndexBroken("There is no index yet.")
        place = self._folder / self._stamp
        place.mkdir(parents=True, exist_ok=True)
        with mapped(self._meaning):
            settings = Settings(anonymized_telemetry=False)
            client = chromadb.PersistentClient(str(place), settings=settings)
            assert isinstance(client, Client)
            self._client = client
            client.list_collections()

    def _collection(self, client: Client, audience: str, *, create: bool = False) -> Collection | None:
        if audience not in self._collections:
            name = self._name(audience)
            try:
                found = client.get_collection(name, embedding_function=None)
            except NotFoundError:
                if not create:
                    return None
                shape = CreateCollectionConfiguration(hnsw=HNSW)
                found = client.create_collection(name, configuration=shape, embedding_function=None)
            self._collections[audience] = found
        return self._collections[audience]

    def _name(self, audience: str) -> str:
        return "notes-" + hashlib.sha256(audience.encode()).hexdigest()[:48]

    @contextmanager
    def _guarded(self) -> Iterator[Client]:
        with self._lock, mapped(self._meaning):
            if self._client is None:
                raise IndexBroken("The index of vectors is closed.")
            yield self._client
            if self._written:  # Chroma writes when something is put in, and when that is read the first time
                self._leave()

    def _meaning(self, fault: BaseException) -> type[IndexBroken]:
        """What a fault of Chroma is to us: without room nothing is damaged, and nothing could be made anew."""
        return IndexAway if any(sign in str(fault) for sign in NO_ROOM) else IndexBroken


def _held(collection: Collection, ids: list[str]) -> list[str]:
    """Those of the ids that are in there."""
    return list(collection.get(ids=ids, include=[])["ids"])


def _anything(rows: int, collection: Collection) -> Vectors:
    """Vectors that say nothing, of the collection's width."""
    one = np.asarray(collection.get(limit=1, include=["embeddings"])["embeddings"])
    drawn: Vectors = np.random.default_rng().normal(size=(rows, one.shape[1])).astype(np.float32)
    return drawn


@contextmanager
def mapped(meaning: Callable[[BaseException], type[IndexBroken]]) -> Iterator[None]:
    """Faults of Chroma as ours."""
    try:
        yield
    except IndexBroken:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic in Chroma's native part is no Exception
        raise meaning(error)(f"The index of vectors failed: {error}") from error

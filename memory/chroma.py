"""The index of vectors in Chroma, embedded: the only door to chromadb.

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from heapq import nlargest
from pathlib import Path
from threading import RLock
from uuid import uuid4

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from memory.errors import IndexBroken
from memory.index import Entry, Vectors

BATCH = 1000
"""Vectors in one write; Chroma refuses more than some thousands."""
HNSW = CreateHNSWConfiguration(
    space="cosine", ef_construction=100, ef_search=100, max_neighbors=16, sync_threshold=5000
)
"""Measured on 100,000 vectors: 99 % of the true nearest 50 in 10 ms."""


class ChromaIndex:
    """Approximate nearest neighbours, kept on disk."""

    def __init__(self, folder: Path, model: str = "") -> None:
        """`model` names what makes the vectors: with another one, the old contents are dropped."""
        self._folder = folder
        self._model = hashlib.sha256(model.encode()).hexdigest()[:8]
        self._lock = RLock()
        self._collections: dict[str, Collection] = {}
        self._client: Client | None = None
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

    def remove(self, seqs: Sequence[int], audience: str) -> None:
        with self._guarded() as client:
            if seqs and (collection := self._collection(client, audience)):
                collection.delete(ids=[str(seq) for seq in seqs])

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
        with self._lock:
            self.close()
            self._stamp = f"{self._model}-{uuid4().hex[:12]}"
            self._open()
            pointer = self._folder / "current.new"
            pointer.write_text(self._stamp)
            os.replace(pointer, self._folder / "current")
            for old in self._folder.iterdir():
                if old.is_dir() and old.name != self._stamp:
                    shutil.rmtree(old, ignore_errors=True)

    def __len__(self) -> int:
        with self._guarded() as client:
            return sum(collection.count() for collection in client.list_collections())

    def close(self) -> None:
        with self._lock:
            self._collections.clear()
            client, self._client = self._client, None
            if client is not None:
                client.close()

    def _current(self) -> str:
        """The stamp of the contents on disk, or a new one if they are missing or another model's."""
        try:
            stamp = (self._folder / "current").read_text()
        except (OSError, UnicodeDecodeError):
            stamp = ""
        if stamp.startswith(f"{self._model}-") and (self._folder / stamp / "chroma.sqlite3").is_file():
            return stamp
        return ""

    def _open(self) -> None:
        if not self._stamp:
            raise IndexBroken("There is no index yet.")
        place = self._folder / self._stamp
        place.mkdir(parents=True, exist_ok=True)
        with _mapped():
            settings = Settings(anonymized_telemetry=False)
            client = chromadb.PersistentClient(str(place), settings=settings)
            assert isinstance(client, Client)
            self._client = client
            client.list_collections()

    def _collection(self, client: Client, audience: str, *, create: bool = False) -> Collection | None:
        if audience not in self._collections:
            name = "notes-" + hashlib.sha256(audience.encode()).hexdigest()[:48]
            try:
                found = client.get_collection(name, embedding_function=None)
            except NotFoundError:
                if not create:
                    return None
                shape = CreateCollectionConfiguration(hnsw=HNSW)
                found = client.create_collection(name, configuration=shape, embedding_function=None)
            self._collections[audience] = found
        return self._collections[audience]

    @contextmanager
    def _guarded(self) -> Iterator[Client]:
        with self._lock, _mapped():
            if self._client is None:
                raise IndexBroken("The index of vectors is closed.")
            yield self._client


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except IndexBroken:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic in Chroma's native part is no Exception
        raise IndexBroken(f"The index of vectors failed: {error}") from error

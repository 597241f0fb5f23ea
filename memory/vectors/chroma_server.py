"""The index of vectors on a Chroma server: the same as `memory/vectors/chroma.py`, beyond one machine.

What must stay true: every wait is bounded; a server that is away is `IndexAway`, and nothing is thrown away for it;
several hubs over one record share one index: what one begins anew the others take over. The present stamp is the
metadata of a collection of its own, and part of the name of every other, so that what is written for an older
stamp is never searched. Records that share a server differ by their names.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import chromadb
from chromadb.api.client import Client
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import NotFoundError, UniqueConstraintError

from memory.errors import IndexAway, IndexBroken
from memory.vectors.chroma import ChromaIndex, mapped
from memory.vectors.index import Entry

REACHED = 3.0
"""Seconds in which a server must say that it is there."""
ANSWERED = 8.0
"""Seconds in which it must answer anything; a thousand vectors take half a second to put in."""
PAGE = 100
"""Collections that are listed at once."""


class ChromaServer(ChromaIndex):
    """Approximate nearest neighbours, kept by a server."""

    kind = "server"

    def __init__(self, url: str, name: str, model: str = "") -> None:
        """`name` is the record's; `model` as for Chroma at home. Raises IndexAway where the server does not answer."""
        self._url = urlsplit(url)
        self._prefix = f"muos-{hashlib.sha256(name.encode()).hexdigest()[:12]}-"
        super().__init__(Path(), model)

    def add(self, entries: Sequence[Entry]) -> None:
        with self._guarded():
            if self._current() != self._stamp:
                raise IndexBroken("Another hub has begun the index of vectors anew.")
        super().add(entries)

    def scrub(self, audiences: Sequence[str]) -> None:
        """Nothing: the server's files are its own; what stood in a vector's place was overwritten."""

    def reset(self) -> None:
        with self._lock, mapped(self._meaning):
            self._collections.clear()
            client = self._client or self._connect()
            theirs = self._current()
            if theirs not in ("", self._stamp):
                self._stamp = theirs
                return
            self._drop(client, self._pointer)
            self._stamp = f"{self._model}-{uuid4().hex[:12]}"
            try:
                client.create_collection(self._pointer, metadata={"stamp": self._stamp}, embedding_function=None)
            except UniqueConstraintError:  # another hub was quicker
                self._stamp = self._current()
                return
            old = f"{self._prefix}{self._model}-"
            for found in list(self._listed(client)):
                if found.name.startswith(old) and found.name not in (self._pointer, self._name("")):
                    self._drop(client, found.name)

    def __len__(self) -> int:
        with self._guarded() as client:
            mine = self._name("")
            return sum(found.count() for found in self._listed(client) if found.name.startswith(mine))

    @property
    def _pointer(self) -> str:
        return f"{self._prefix}{self._model}-current"

    def _name(self, audience: str) -> str:
        """A collection's; for no audience, what those of the present stamp begin with."""
        begins = f"{self._prefix}{self._stamp}-"
        return begins + hashlib.sha256(audience.encode()).hexdigest()[:32] if audience else begins

    def _current(self) -> str:
        with self._lock, mapped(self._meaning):
            client = self._client or self._connect()
            try:
                found = client.get_collection(self._pointer, embedding_function=None)
            except NotFoundError:
                return ""
            return str((found.metadata or {}).get("stamp", ""))

    def _open(self) -> None:
        if not self._stamp:
            raise IndexBroken("There is no index yet.")

    def close(self) -> None:
        with self._lock:
            client = self._client
            super().close()
            parts: list[Any] = [client, client._admin_client] if client is not None else []
            for part in parts:
                part._server._session.close()  # Chroma leaves them open

    def _leave(self) -> None:
        """There are no files of ours."""

    def _connect(self) -> Client:
        secure = self._url.scheme == "https"
        host, port = self._url.hostname or "localhost", self._url.port or (443 if secure else 8000)
        probe = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(host, port, timeout=REACHED)
        try:
            # Chroma's own client waits for ever: it is not asked before the server has answered this.
            probe.request("GET", "/api/v2/heartbeat")
            probe.getresponse().read()
        finally:
            probe.close()
        headers = self._credentials()
        settings = Settings(anonymized_telemetry=False)
        client = chromadb.HttpClient(host, port, ssl=secure, headers=headers, settings=settings)
        assert isinstance(client, Client)
        # It has no setting for this either.
        client._server._session.timeout = ANSWERED  # type: ignore[attr-defined]  # of the HTTP client only
        self._client = client
        return client

    def _credentials(self) -> dict[str, str]:
        if not self._url.username:
            return {}
        pair = f"{unquote(self._url.username)}:{unquote(self._url.password or '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _listed(self, client: Client) -> Iterator[Collection]:
        offset = 0
        while page := client.list_collections(limit=PAGE, offset=offset):
            yield from page
            offset += len(page)

    def _drop(self, client: Client, name: str) -> None:
        try:
            client.delete_collection(name)
        except NotFoundError:
            return

    def _meaning(self, fault: BaseException) -> type[IndexBroken]:
        """What is not there any more is made again; all else may pass."""
        return IndexBroken if isinstance(fault, NotFoundError) else IndexAway

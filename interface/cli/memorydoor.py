"""The door to memory: the hub's when one runs, else memory alone in this process, without a service started."""

from __future__ import annotations

import http.client
import importlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, cast

from interface.cli.door import GONE, HubDoor, Row, quoted
from interface.running import find_hub
from interface.settings import Settings

if TYPE_CHECKING:  # the database takes a quarter of a second to import, and a hub that runs has it
    from interface.bulk import Importer, Tally
    from memory.lines import Query
    from memory.vectors.indexing import Progress

Who = Mapping[str, Any]
"""On whose behalf, where and when: member, room, zone, now."""


class MemoryDoor(Protocol):
    """What the memory commands need; rows are JSON as the API gives them."""

    def bring(self, lines: Iterable[bytes], importer: Importer) -> Iterator[Tally]:
        """Keep notes, batch by batch."""
        ...

    def catch_up(self, tell: Progress | None, load: bool) -> None:
        """Make the vectors that are lacking, so that all is found by its meaning; `load`: questions follow."""
        ...

    def answer(self, query: Query) -> list[Row]:
        """What is remembered about it. Raises ValueError for what can't be asked."""
        ...

    def read(self, what: str, who: Who, /, **given: str | int | None) -> Row:
        """timeline, facts, facts/history, people, status, why/ID: what the API answers at that path."""
        ...

    def change(self, what: str, who: Who, given: Mapping[str, Any]) -> Row:
        """forget, correct: what the API answers at that path."""
        ...

    def export(self, member: str) -> Iterator[str]:
        """All that is the member's, as lines."""
        ...


def open_memory_door(settings: Settings) -> AbstractContextManager[MemoryDoor]:
    """The running hub of this home, or its memory for as long as the door is open."""
    hub = find_hub(settings.home)
    if hub is not None:
        return HubMemory(hub.host, hub.port, hub.token)
    inside = importlib.import_module("interface.cli.lone")
    return cast("AbstractContextManager[MemoryDoor]", inside.LoneMemory(settings))


class HubMemory(HubDoor):
    """Speaks HTTP with the hub."""

    def bring(self, lines: Iterable[bytes], importer: Importer) -> Iterator[Tally]:
        """Keep notes, batch by batch."""
        bulk = importlib.import_module("interface.bulk")
        where = query_of({"member": importer.member, "room": importer.room, "now": importer.now.isoformat()})
        for batch in bulk.batches(lines):
            body = b"\n".join(line.rstrip(b"\r\n") for line in batch)
            row = self._json("POST", f"/api/memory/import?{where}&zone={quoted(str(importer.now.tzinfo))}", body)
            errors = [(error["id"], error["error"]) for error in row["errors"]]
            yield bulk.Tally(row["imported"], row["merged"], row["refused"], errors)

    def catch_up(self, tell: Progress | None, load: bool) -> None:
        """The hub does, before it answers an import."""

    def answer(self, query: Query) -> list[Row]:
        """What is remembered about it."""
        asked = {"query": query.query, "k": query.k, "member": query.member, "room": query.room}
        return cast("list[Row]", self._json("POST", "/api/recall", asked | {"now": query.now.isoformat()}))

    def read(self, what: str, who: Who, /, **given: str | int | None) -> Row:
        """What the API answers at that path."""
        return cast("Row", self._json("GET", f"/api/memory/{what}?{query_of({**who, **given})}"))

    def change(self, what: str, who: Who, given: Mapping[str, Any]) -> Row:
        """What the API answers at that path."""
        return cast("Row", self._json("POST", f"/api/memory/{what}", {**who, **given}))

    def export(self, member: str) -> Iterator[str]:
        """All that is the member's, as lines."""
        answer = self._send("GET", f"/api/memory/export?{query_of({'member': member})}")
        try:
            for line in answer:
                yield line.decode().rstrip("\n")
        except (OSError, http.client.HTTPException) as fault:
            raise RuntimeError(GONE) from fault


def query_of(given: Mapping[str, Any]) -> str:
    """The end of a URL."""
    return "&".join(f"{key}={quoted(str(value))}" for key, value in given.items() if value is not None)

"""Memory put together for a home: over which record, with which encoder, behind which index.

Must stay true: opening it costs no import of chromadb; the index that outlives the process is attached by a hub that
stays, in the background, and recall works meanwhile.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable

import anyio
import anyio.to_thread
import sqlalchemy as sa

from interface.settings import Settings
from memory.indexing import Embed
from memory.memory import Memory
from memory.plain import PlainIndex

logger = logging.getLogger(__name__)

EMBEDDING = "all-MiniLM-L6-v2-int8"
"""Names the vectors, so that those of another encoder are not mixed with them."""


def open_memory(settings: Settings, engine: sa.Engine, embed: Embed) -> Memory:
    """The memory of a home, with an index in this process alone."""
    return Memory(engine, embed, PlainIndex(), model=EMBEDDING)


async def keep_indexed(memory: Memory, settings: Settings, said: Callable[[], anyio.Event]) -> None:
    """Give memory its lasting index, loaded off the event loop, and keep it up with what is said."""

    def attach() -> None:
        # chromadb takes a second to import: only a hub that stays needs it
        chroma = importlib.import_module("memory.chroma")
        memory.use(chroma.ChromaIndex(settings.home / "memory" / "chroma", EMBEDDING))

    try:
        await anyio.to_thread.run_sync(attach)
        while True:
            next_said = said()
            await anyio.to_thread.run_sync(memory.catch_up)
            await next_said.wait()
    except Exception:  # recall goes on with its own small index; the hub must live
        logger.exception("the vector index could not be used")

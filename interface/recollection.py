"""Memory put together for a home: over which record, with which encoder, behind which index.

Must stay true: opening it costs no import of chromadb; the index that outlives the process is attached by a hub that
stays, in the background, and recall works meanwhile.
"""

from __future__ import annotations

import importlib
import logging
import math
from collections.abc import Callable
from datetime import datetime
from typing import cast

import anyio
import anyio.to_thread
import sqlalchemy as sa

from interface.database import record_of
from interface.settings import Settings
from memory.errors import Trouble
from memory.memory import Memory
from memory.vectors.index import Index
from memory.vectors.indexing import Embed
from memory.vectors.plain import PlainIndex
from models.reflex.values.periods import read_periods

logger = logging.getLogger(__name__)

EMBEDDING = "all-MiniLM-L6-v2-int8"
"""Names the vectors, so that those of another encoder are not mixed with them."""
LEAST = 1000
"""Notes from which on an audience gets a place in Chroma: below, reading its vectors takes three milliseconds."""
AGAIN = 10.0
"""Seconds until an index that could not be used is tried again."""


def open_memory(settings: Settings, engine: sa.Engine, embed: Embed) -> Memory:
    """The memory of a home, with an index in this process alone. Raises HomeFault where its record can't be used."""
    record = record_of(settings, engine)
    return Memory(record, embed, PlainIndex(), model=EMBEDDING, least=LEAST, periods=past_periods)


def past_periods(text: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """The periods that a text names, facing the past, as memory takes them."""
    return [(period.start, period.end) for period in read_periods(text, now)]


async def keep_indexed(memory: Memory, settings: Settings, said: Callable[[], anyio.Event]) -> None:
    """Give memory its lasting index, loaded off the event loop, and keep it up with what is said.

    Where that can't be done, words find what is remembered; it is tried again.
    """
    attached, told = False, False
    while True:
        next_said = said()
        try:
            if not attached:
                memory.use(await anyio.to_thread.run_sync(lasting_index, memory, settings))
                attached = True
            await anyio.to_thread.run_sync(memory.catch_up)
            trouble = memory.indexing.trouble
        except (Trouble, sa.exc.SQLAlchemyError, OSError) as fault:
            memory.indexing.trouble = trouble = told_safely(fault)
        except Exception:  # the hub must live
            logger.exception("the index of vectors could not be kept up")
            memory.indexing.trouble = trouble = "The index of vectors failed; the log has the details."
        if bool(trouble) != told:
            logger.warning("%s", f"{trouble} It is tried again." if trouble else "The index of vectors works again.")
        told = bool(trouble)
        with anyio.move_on_after(AGAIN if trouble else math.inf):
            await next_said.wait()


def lasting_index(memory: Memory, settings: Settings) -> Index:
    """The index that outlives this process, or serves several. Raises IndexBroken where it can't be had."""
    # chromadb takes a second to import: only a hub that stays needs it
    if settings.vectors:
        server = importlib.import_module("memory.vectors.chroma_server")
        return cast("Index", server.ChromaServer(settings.vectors, memory.name, EMBEDDING))
    chroma = importlib.import_module("memory.vectors.chroma")
    return cast("Index", chroma.ChromaIndex(settings.home / "memory" / "chroma", EMBEDDING))


def told_safely(fault: Exception) -> str:
    """A fault in a sentence, without the text of notes and the SQL that databases add."""
    return " ".join(str(getattr(fault, "orig", None) or fault).split())

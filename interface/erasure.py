"""Erasing a member of this home: what they said and did, what services keep of them, what was set, their tokens.

Must stay true: it may be done again, and then does what was cut short. What is shared stays: see `docs/memory.md`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import anyio.to_thread

from agent.memory.erasing import Erased
from interface.hub import Hub
from interface.recollection import lasting_index
from interface.tokens import Tokens
from memory.errors import IndexBroken
from services.tool import Caller


async def erase_member(hub: Hub, member: str) -> Erased:
    """Erase the member from the home that this hub has open. Can't be undone: ask for a yes before."""
    zone = hub.settings.zone
    caller = Caller(member, "home", zone, datetime.now(ZoneInfo(zone)))
    count = await anyio.to_thread.run_sync(hub.supervisor.settings.forget_member, member)
    await anyio.to_thread.run_sync(Tokens(hub.engine).forget, member)
    erased = await hub.erasing.erase_member(member, hub.supervisor, caller)
    await anyio.to_thread.run_sync(sweep, hub)
    return replace(erased, removed=erased.removed | {"settings": count})


def sweep(hub: Hub) -> None:
    """A hub that is opened for one command has not taken up the index that another left behind."""
    _, stamp = hub.memory.indexing.place
    left_behind = hub.settings.vectors or (hub.settings.home / "memory" / "chroma" / "current").is_file()
    if stamp is None and left_behind:
        with suppress(IndexBroken):  # then the next hub does it
            hub.memory.use(lasting_index(hub.memory, hub.settings))
            hub.memory.indexing.sweep()

"""For who writes a service: what is saved in its folder is swapped in by itself.

Must stay true: a folder that is still being written to is left alone until it is quiet; a version that fails is
told once, and tried again only when the folder changes again. Polls, since that works on every disk; only a hub that
was asked to (`muos up --watch`) does it at all. Changes of the kit itself need a new start of the hub.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread

from services.runtime.folders import DEPTH, Marks, mark
from services.runtime.supervisor import Supervisor
from services.tool import Done

POLL_SECONDS = 0.7
"""Between two looks; a folder that is the same in two looks is quiet."""


class Watching:
    """Swaps what changed."""

    def __init__(self, supervisor: Supervisor, tell: Callable[[str], None]) -> None:
        """`tell` gets a line for each swap, and for each that failed."""
        self.supervisor = supervisor
        self.tell = tell
        self._running: Marks = {}
        """The folders as they are in use, or as they were last tried."""
        self._seen: Marks = {}

    async def watch(self) -> None:
        """Run for as long as the hub does."""
        while True:
            await self.look()
            await anyio.sleep(POLL_SECONDS)

    async def look(self) -> None:
        """One look: swap each service whose folder changed since it was taken from it and is quiet now."""
        await self.supervisor.tools()
        names = {driver.manifest.folder: name for name, driver in self.supervisor.roster.drivers.items()}
        now = await anyio.to_thread.run_sync(deep, list(names))
        quiet = {folder for folder, seen in now.items() if self._seen.get(folder, seen) == seen}
        self._seen = now
        for folder, name in names.items():
            if folder in quiet and self._running.setdefault(folder, now[folder]) != now[folder]:
                self._running[folder] = now[folder]
                await self._swap(name)

    async def _swap(self, name: str) -> None:
        outcome = await self.supervisor.swap(name)
        self.tell(outcome.text if isinstance(outcome, Done) else outcome.reason)


def deep(folders: list[Path]) -> Marks:
    """The folders with all below them as they are now. Blocks."""
    return {folder: mark(folder, DEPTH) for folder in folders}

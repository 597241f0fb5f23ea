"""The services there are and their tools, kept up with what lies in the folders.

Must stay true: a service that answers is never lost to a fault in its folder: where its manifest was broken or
changed while its process runs, it goes on as it was, says so in `faults`, and waits for a swap. Only a folder that
has gone takes its service away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from services.runtime.catalogue import Catalogue, sound, understood
from services.runtime.comparison import Comparison, compare
from services.runtime.driver import Driver
from services.runtime.errors import BadManifest, BadTools, ServiceError
from services.runtime.failure import sentence
from services.runtime.folders import Marks, mark, marks
from services.runtime.manifest import Broken, Found, Manifest, find_services, read_manifest
from services.runtime.strangers.standing import Strangers
from services.runtime.wire import clean
from services.runtime.withdrawn import Withdrawn
from services.tool import Tool

STARTS_AT_ONCE = 4
"""Children started at the same time to ask for their tools."""
LOOK_SECONDS = 1.0
"""Least time between two looks at the folders."""
FAULT_LIMIT = 500
"""Characters of what is wrong with a service."""

Tools = dict[str, tuple[Tool, str]]
"""By registry name: the tool, and what its service calls it."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What one look at the folders found."""

    marks: Marks
    found: Found
    withdrawn: Mapping[str, str]
    listed: Mapping[str, list[dict[str, Any]] | None]
    """By service, what is remembered of its tools."""
    strangers: Mapping[str, Tools]
    """By service, what was approved of its tools."""


class Roster:
    """Every service with its driver, its tools and what is wrong with it, by name."""

    def __init__(
        self,
        folders: Sequence[Path],
        fixed: Path,
        home: Path,
        strangers: Strangers,
        employ: Callable[[Manifest], Driver],
        dismiss: Callable[[Driver], None],
    ) -> None:
        """`fixed`: the one of the folders that is not looked at again. `dismiss`: close a driver, by and by."""
        self.drivers: dict[str, Driver] = {}
        self.tools: dict[str, Tools] = {}
        self.faults: dict[str, str] = {}
        """What is wrong with the tools it lists, or why it does not."""
        self.notes: dict[str, str] = {}
        """What is wrong with its folder, while the version taken from it earlier goes on."""
        self.broken: tuple[Broken, ...] = ()
        self.withdrawn = Withdrawn(home)
        self.catalogue = Catalogue(home / "cache" / "catalogue")
        self._folders, self._moving = tuple(folders), tuple(place for place in folders if place != fixed)
        self._strangers, self._employ, self._dismiss = strangers, employ, dismiss
        self._found = False
        self._marks: Marks = {}
        """The folders when they were last looked at."""
        self._used: Marks = {}
        """The folders when the version that is in use was taken from them."""
        self._looked = 0.0
        self._looking = anyio.Lock()

    # Reading what is there

    def offered(self) -> dict[str, tuple[Tool, str]]:
        """Every tool of every service, also of those that rest. Of two with one name the first service's counts."""
        merged: dict[str, tuple[Tool, str]] = {}
        for service in self.drivers:
            for name, tool in self.tools.get(service, {}).items():
                merged.setdefault(name, tool)
        return merged

    def _unasked(self) -> list[Driver]:
        return [each for name, each in self.drivers.items() if name not in self.tools and each.offered]

    async def look(self) -> None:
        """Find the services and their tools; ask again those that failed to say and do not rest.

        Whether the folders changed is looked at once a second at most.
        """
        due = bool(self._moving) and anyio.current_time() - self._looked >= LOOK_SECONDS
        if self._found and not due and not self._unasked():
            return
        async with self._looking:
            if not self._found or (due and await self._moved()):
                await self._find()
            places = anyio.CapacityLimiter(STARTS_AT_ONCE)
            async with anyio.create_task_group() as asking:
                for driver in self._unasked():
                    asking.start_soon(self.ask, driver, places)

    async def reload(self) -> None:
        """Read the folders again now."""
        async with self._looking:
            self._found = False
        await self.look()

    async def _moved(self) -> bool:
        """Whether something came, went or changed; or what had changed can now be taken up."""
        self._looked = anyio.current_time()
        now = await anyio.to_thread.run_sync(marks, self._moving)
        if now != self._marks:
            return True
        return any(self._outgrown(driver) and driver.asleep for driver in self.drivers.values())

    def _outgrown(self, driver: Driver) -> bool:
        folder = driver.manifest.folder
        return self._used.get(folder) != self._marks.get(folder)

    # Taking up what was found

    async def _find(self) -> None:
        """Read the folders, and take up what is there in one step."""
        drivers = [driver for driver in self.drivers.values() if not self._outgrown(driver)]
        glance = await anyio.to_thread.run_sync(self._read, [driver.manifest for driver in drivers])
        self._marks = glance.marks
        before, kept = self.drivers, dict[str, Driver]()
        in_use = {driver.manifest.folder: driver for driver in before.values()}
        for manifest in glance.found.manifests:
            driver = self._placed(in_use.get(manifest.folder), manifest, glance)
            kept.setdefault(driver.manifest.name, driver)
        for broken in glance.found.broken:
            if (old := in_use.get(broken.folder.resolve())) is not None and kept.setdefault(
                old.manifest.name, old
            ) is old:
                self.notes[old.manifest.name] = f"{clean(broken.reason, FAULT_LIMIT)} The old version goes on."
        self.broken = tuple(each for each in glance.found.broken if each.folder.resolve() not in in_use)
        self.drivers = kept
        self.tools |= {name: dict(tools) for name, tools in glance.strangers.items() if name in kept}
        for name, driver in before.items():
            if kept.get(name) is not driver:
                self._dismiss(driver)
        self._looked, self._found = anyio.current_time(), True

    def _read(self, known: Sequence[Manifest]) -> Glance:
        """What lies there; of services that are not known as they are, also what is remembered of their tools."""
        seen = marks(self._moving)
        found = find_services(self._folders)
        news = [manifest for manifest in found.manifests if manifest not in known or self._changed(manifest, seen)]
        listed = {manifest.name: self.catalogue.read(manifest) for manifest in news if not manifest.stranger}
        strangers = {each.name: self._strangers.tools(each) for each in found.manifests if each.stranger}
        return Glance(seen, found, self.withdrawn.read(), listed, strangers)

    def _changed(self, manifest: Manifest, seen: Marks) -> bool:
        return self._used.get(manifest.folder) != seen.get(manifest.folder)

    def _placed(self, driver: Driver | None, manifest: Manifest, glance: Glance) -> Driver:
        """The driver for what was found in a folder: the one that has the folder already, or a new one."""
        if driver is not None:
            name = driver.manifest.name
            if driver.manifest == manifest and not self._outgrown(driver):
                self.notes.pop(name, None)
                return driver
            if not driver.asleep:
                how = "has changed" if manifest.name == name else f"calls itself {manifest.name!r} now"
                self.notes.setdefault(name, f"Its folder {how}; `muos services swap {name}` takes that up.")
                return driver
        if driver is None or manifest.name != driver.manifest.name:
            driver = self._employ(manifest)
            driver.withdrawn = glance.withdrawn.get(manifest.name, "")
        else:
            driver.adopt(manifest)
        self._remember(driver, glance)
        return driver

    def _remember(self, driver: Driver, glance: Glance) -> None:
        """Take the tools from the catalogue, if it has them for these very files."""
        name = driver.manifest.name
        if (seen := self._marks.get(driver.manifest.folder)) is not None:
            self._used[driver.manifest.folder] = seen
        self.tools.pop(name, None)
        self.faults.pop(name, None)
        self.notes.pop(name, None)
        if (listed := glance.listed.get(name)) is not None:
            self.tools[name] = understood(name, listed)

    def in_use(self, folder: Path, seen: int | None) -> None:
        """Note which state of its folder a service is taken from."""
        if seen is not None:
            self._used[folder] = seen

    async def ask(self, driver: Driver, places: anyio.CapacityLimiter | None = None) -> None:
        """Have the service list its tools, and remember them."""
        name = driver.manifest.name
        try:
            async with places or anyio.CapacityLimiter(1):
                listed = await driver.list_tools()
        except ServiceError as error:
            self.faults[name] = sentence(driver, error)
            return
        if name not in self.tools:  # else it was swapped meanwhile, and this is what the old version has
            await self.learn(driver, *sound(name, listed))

    async def learn(
        self, driver: Driver, tools: list[dict[str, Any]], faults: Sequence[str] = (), key: str = ""
    ) -> None:
        """From now on these are its tools; remember them. `key`: the files that they were listed from."""
        name = driver.manifest.name
        self.faults[name] = f"Left out: {clean('; '.join(faults), FAULT_LIMIT)}." if faults else ""
        if driver.manifest.stranger:
            self.tools[name] = await anyio.to_thread.run_sync(self._strangers.tools, driver.manifest)
            return
        self.tools[name] = understood(name, tools)
        await anyio.to_thread.run_sync(self.catalogue.write, driver.manifest, tools, key)

    async def swap(self, driver: Driver) -> Comparison:
        """Put what its folder holds now in the place of what runs. Raises ServiceError, and then nothing changed."""
        folder, name = driver.manifest.folder, driver.manifest.name
        before = self.tools.get(name, {})
        manifest, seen, key = await anyio.to_thread.run_sync(self._version, folder)
        if manifest.name != name:
            raise BadManifest(
                f"Its folder calls itself {manifest.name!r} now, and a service can't change its name while it runs:"
                " give it its old name back, or move the folder away and in again"
            )
        async with driver.trial(manifest) as child:
            tools, faults = sound(name, await child.list_tools())
            if faults or all(tool.hidden for tool, _ in understood(name, tools).values()):
                raise BadTools("; ".join(faults) or f"{manifest.called} lists no tools")
            driver.take(child)
            driver.swaps += 1
            driver.error = ""
            if folder in self._marks:
                self._used[folder] = seen
            self.notes.pop(name, None)
            await self.learn(driver, tools, key=key)
        return compare(before, self.tools[name])

    def _version(self, folder: Path) -> tuple[Manifest, int, str]:
        """The folder's version as it is now. Raises BadManifest."""
        seen, manifest = mark(folder), read_manifest(folder)
        return manifest, seen, self.catalogue.key(manifest)

    def fault(self, name: str, error: str) -> str:
        """What is wrong with a service; `error`: what became of its children."""
        return self._strangers.fault(name) or self.notes.get(name) or error or self.faults.get(name, "")

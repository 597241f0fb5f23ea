"""The supervisor: all services behind one `Toolbox`.

    async with Supervisor(folders=[BUILT_IN, *more], home=home) as supervisor:
        tools = await supervisor.tools()
        outcome = await supervisor.call(Call("lists_add", {"items": ["milk"]}, caller))

Must stay true: no fault of a service leaves `tools` or `call` as an exception, and none touches another service.
Does not judge whether a call is allowed, nor record it: wrappers in agent/ do.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from services.arguments import check_arguments
from services.birth import Births
from services.catalogue import Catalogue, sound, understood
from services.driver import Driver
from services.errors import BadSetting, ChildLost, Refused, Resting, ServiceError, TooSlow
from services.launch import Launched
from services.manifest import Broken, find_services
from services.session import INVALID_PARAMS
from services.settings import ServiceSettings, Unset
from services.tool import Call, Done, Failed, Hears, Tool
from services.wire import as_outcome, call_meta, clean

BUILT_IN = Path(__file__).resolve().parent
IDLE_SECONDS = 300.0
"""A child that nobody called for so long is put to sleep."""
STARTS_AT_ONCE = 4
"""Children started at the same time to ask for their tools."""
CLOSE_SECONDS = 2.0
"""On leaving, for calls in flight to be answered and children to end by themselves."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service as it is now."""

    name: str
    title: str
    state: str
    """asleep, starting, ready, draining, resting, or broken: its folder can't be used."""
    pid: int
    """0 where no process runs."""
    started: datetime | None
    restarts: int
    calls: int
    error: str
    """The last thing that went wrong; empty if nothing did."""
    tools: int


class Supervisor:
    """A `Toolbox` over the service folders. An async context: on leaving, every child has ended."""

    def __init__(
        self,
        folders: Sequence[Path] = (BUILT_IN,),
        *,
        home: Path,
        idle_seconds: float = IDLE_SECONDS,
        launched: Launched | None = None,
        fork: bool | None = None,
        settings: ServiceSettings | None = None,
    ) -> None:
        """`launched`: a template from `launch_template`, begun early. `fork`: None chooses by the platform."""
        self._folders = tuple(folders)
        self.settings: ServiceSettings | Unset = settings or Unset()
        """What people have set for services; the hub puts its own here once it has a database."""
        self._births = Births(home, launched, fork)
        self._catalogue = Catalogue(home / "cache" / "catalogue")
        self._idle_seconds = idle_seconds
        self._drivers: dict[str, Driver] = {}
        self._broken: tuple[Broken, ...] = ()
        self._tools: dict[str, dict[str, tuple[Tool, str]]] = {}
        """By service, then by registry name: the tool, and the service's own name of it."""
        self._faults: dict[str, str] = {}
        self._found = False
        self._looking = anyio.Lock()
        self._change = anyio.Event()
        self._stack = AsyncExitStack()
        self._tasks: TaskGroup

    async def __aenter__(self) -> Supervisor:
        await self._stack.enter_async_context(self._births)
        self._tasks = await self._stack.enter_async_context(anyio.create_task_group())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let calls in flight be answered, then end every child. From the task that entered."""
        with anyio.move_on_after(CLOSE_SECONDS, shield=True):
            async with anyio.create_task_group() as closing:
                for driver in self._drivers.values():
                    closing.start_soon(driver.close)
        if hasattr(self, "_tasks"):
            self._tasks.cancel_scope.cancel()
        await self._stack.aclose()

    @property
    def template_pid(self) -> int:
        """The template process; 0 while there is none."""
        return self._births.template_pid

    # The toolbox

    async def tools(self) -> Sequence[Tool]:
        """Every tool of every service that is not resting. Starts only services whose tools are not remembered."""
        await self._look()
        return [tool for name, (tool, _) in self._all().items() if not self._drivers[tool.service].resting]

    async def call(self, call: Call) -> Done | Failed:
        """Make the call, on a child started for it if need be."""
        await self._look()
        known = self._all().get(call.tool)
        if known is None:
            return self._unknown(call.tool)
        tool, own = known
        arguments, fault = check_arguments(tool.schema, call.arguments)
        if fault:
            return Failed(f"{call.tool} can't take that: {fault}.", Hears.MODEL)
        driver = self._drivers[tool.service]
        params = {"name": own, "arguments": arguments, "_meta": self._meta(driver, call)}
        try:
            return as_outcome(await driver.call(params, repeatable=tool.idempotent))
        except ServiceError as error:
            return failed(driver, error, tool.idempotent)

    def _meta(self, driver: Driver, call: Call) -> dict[str, Any]:
        return call_meta(call, self.settings.of(driver.manifest, call.caller.member))

    def _unknown(self, name: str) -> Failed:
        near = difflib.get_close_matches(name, self._all(), n=3, cutoff=0.4)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        return Failed(f"There is no tool {clean(name, 80)!r}.{hint}", Hears.MODEL)

    def _all(self) -> dict[str, tuple[Tool, str]]:
        """Of two tools with one name the first service's counts."""
        merged: dict[str, tuple[Tool, str]] = {}
        for service in self._drivers:
            merged = {**self._tools.get(service, {}), **merged}
        return merged

    # Services

    async def prepare(self, *services: str) -> None:
        """Know all tools, and have children of the named services ready: what would else cost the first call."""
        await self._look()
        async with anyio.create_task_group() as warming:
            for name in services:
                if name in self._drivers:
                    warming.start_soon(self._warm, self._drivers[name])

    async def _warm(self, driver: Driver) -> None:
        try:
            await driver.warm()
        except ServiceError as error:
            driver.error = str(error)

    async def reload(self) -> None:
        """Look at the folders again: services that came, went or changed."""
        async with self._looking:
            self._found = False
        await self._look()

    async def restart(self, name: str) -> Done | Failed:
        """Replace the service's child, new before old, and read its tools again."""
        await self._look()
        driver = self._drivers.get(name)
        if driver is None:
            broken = next((each.reason for each in self._broken if each.name == name), "")
            return Failed(broken or f"There is no service {name!r}. There are: {', '.join(self._drivers)}.")
        try:
            await driver.restart()
        except ServiceError as error:
            return failed(driver, error, repeatable=True)
        await self._ask(driver)
        return Done(f"Restarted {driver.manifest.called}.", {"service": name, "pid": driver.pid})

    async def set(self, name: str, member: str, key: str, value: Any) -> Done | Failed:
        """Set one of a service's settings for the member, or for all; None takes it away."""
        await self._look()
        driver, settings = self._drivers.get(name), self.settings
        if driver is None or isinstance(settings, Unset):
            return Failed(f"There is no service {name!r} that can be set. There are: {', '.join(self._drivers)}.")
        try:
            await anyio.to_thread.run_sync(settings.put, driver.manifest, member, key, value)
        except BadSetting as error:
            return Failed(str(error))
        if key in driver.manifest.rights.settings and driver.pid:
            await self.restart(name)  # rights to folders are given to a process at its birth
        return Done(f"Set {key} of {driver.manifest.called}.", {"service": name, "setting": key})

    async def set_rows(self, name: str, member: str) -> list[dict[str, Any]] | None:
        """A service's settings for people to see; None where there is no such service."""
        await self._look()
        driver, settings = self._drivers.get(name), self.settings
        return settings.rows(driver.manifest, member) if driver and isinstance(settings, ServiceSettings) else None

    def status(self) -> list[ServiceStatus]:
        """A row for each service, the broken ones last."""
        rows = [
            ServiceStatus(
                name=name,
                title=driver.manifest.called,
                state=driver.state,
                pid=driver.pid,
                started=driver.started,
                restarts=driver.restarts,
                calls=driver.calls,
                error=driver.error or self._faults.get(name, ""),
                tools=len(self._tools.get(name, ())),
            )
            for name, driver in self._drivers.items()
        ]
        return rows + [
            ServiceStatus(each.name, each.name, "broken", 0, None, 0, 0, each.reason, 0) for each in self._broken
        ]

    async def changed(self) -> None:
        """Wait for the next change in `status`."""
        await self._change.wait()

    def _ring(self) -> None:
        self._change.set()
        self._change = anyio.Event()

    # Finding out

    async def _look(self) -> None:
        """Find the services and their tools, once; ask again those that failed to say and do not rest."""
        missing = [driver for name, driver in self._drivers.items() if name not in self._tools and not driver.resting]
        if self._found and not missing:
            return
        async with self._looking:
            if not self._found:
                await self._find()
                self._found = True
            places = anyio.CapacityLimiter(STARTS_AT_ONCE)
            async with anyio.create_task_group() as asking:
                for name, driver in self._drivers.items():
                    if name not in self._tools and not driver.resting:
                        asking.start_soon(self._ask, driver, places)

    async def _find(self) -> None:
        """Read the folders and what is remembered of them; keep the drivers of services that did not change."""
        found, remembered = await anyio.to_thread.run_sync(self._read_folders)
        drivers, self._drivers = self._drivers, {}
        for manifest in found.manifests:
            driver = drivers.get(manifest.name)
            if driver is None or driver.manifest != manifest:
                driver = Driver(manifest, self._births, self._tasks, self._idle_seconds, self._ring)
            self._drivers[manifest.name] = driver
        for name, driver in drivers.items():
            if self._drivers.get(name) is not driver:
                self._tasks.start_soon(driver.close)
        self._broken = found.broken
        self._tools = {name: understood(name, tools) for name, tools in remembered.items()}

    def _read_folders(self) -> tuple[Any, dict[str, list[dict[str, Any]]]]:
        found = find_services(self._folders)
        listed = {manifest.name: self._catalogue.read(manifest) for manifest in found.manifests}
        return found, {name: tools for name, tools in listed.items() if tools is not None}

    async def _ask(self, driver: Driver, places: anyio.CapacityLimiter | None = None) -> None:
        """Have the service list its tools, and remember them."""
        name = driver.manifest.name
        try:
            async with places or anyio.CapacityLimiter(1):
                listed = await driver.list_tools()
        except ServiceError as error:
            self._faults[name] = sentence(driver, error)
            return
        tools, faults = sound(name, listed)
        self._faults[name] = f"Left out: {clean('; '.join(faults), 500)}." if faults else ""
        self._tools[name] = understood(name, tools)
        await anyio.to_thread.run_sync(partial(self._catalogue.write, driver.manifest, tools))


def failed(driver: Driver, error: ServiceError, repeatable: bool) -> Failed:
    """The failure as a value: wrong arguments for whoever made the call, all else for us."""
    if isinstance(error, Refused) and error.code == INVALID_PARAMS:
        return Failed(f"{driver.manifest.called} can't take that: {clean(error, 500)}", Hears.MODEL)
    unsure = isinstance(error, ChildLost | TooSlow) and not repeatable
    doubt = " It may or may not have been done: look before you ask again." if unsure else ""
    return Failed(sentence(driver, error) + doubt, Hears.US)


def sentence(driver: Driver, error: ServiceError) -> str:
    """One sentence for the person or the log."""
    called, said = driver.manifest.called, clean(error, 500).rstrip(".")
    match error:
        case ChildLost():
            return f"{called} stopped in the middle of it ({said})."
        case Resting() | TooSlow():
            return f"{said}."
        case Refused():
            return f"{called} refused: {said}."
    return f"{said}." if said.startswith(called) else f"{called} answered with nonsense: {said}."

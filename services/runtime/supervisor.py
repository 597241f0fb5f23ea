"""The supervisor: all services behind one `Toolbox`.

    async with Supervisor(folders=[BUILT_IN, *more], home=home) as supervisor:
        tools = await supervisor.tools()
        outcome = await supervisor.call(Call("lists_add", {"items": ["milk"]}, caller))

Must stay true: no fault of a service leaves `tools` or `call` as an exception, and none touches another service.
Does not judge whether a call is allowed, nor record it: wrappers in agent/ do.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from services.runtime.arguments import check_arguments
from services.runtime.between import Between
from services.runtime.birth import Births
from services.runtime.catalogue import sound
from services.runtime.driver import Driver, Request
from services.runtime.errors import BadSetting, Outdated, ServiceError
from services.runtime.failure import failed, sentence
from services.runtime.gate import Gate
from services.runtime.launch import Launched
from services.runtime.manifest import Manifest
from services.runtime.roster import Roster
from services.runtime.settings import ServiceSettings, Unset
from services.runtime.status import ServiceStatus, status_broken, status_of
from services.runtime.strangers.approval import Approvals
from services.runtime.strangers.standing import Strangers, bounded, variables
from services.runtime.wire import as_outcome, call_meta, clean
from services.runtime.withdrawn import BY_A_PERSON
from services.tool import Call, Done, Failed, Hears, Tool

BUILT_IN = Path(__file__).resolve().parents[1]
IDLE_SECONDS = 300.0
"""A child that nobody called for so long is put to sleep."""
CLOSE_SECONDS = 2.0
"""On leaving, for calls in flight to be answered and children to end by themselves."""


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
        self.settings: ServiceSettings | Unset = settings or Unset()
        """What people have set for services; the hub puts its own here once it has a database."""
        self._births = Births(home, launched, fork, Gate(lambda: self.settings))
        self.strangers = Strangers(Approvals(home), self._withdraw)
        self._births.vet = self.strangers.vet
        self._births.variables = lambda manifest: variables(manifest, self.settings)
        self._births.granted = lambda manifest, name: self.settings.every(manifest, name)
        self.roster = Roster(folders, BUILT_IN, home, self.strangers, self._employ, self._dismiss)
        self.between = Between(self.roster.offered, self)
        """What services read from each other."""
        self._births.asked = self.between.answer
        self._idle_seconds = idle_seconds
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
                for driver in self.roster.drivers.values():
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
        """Every tool of every service that does not rest. Starts only services whose tools are not remembered."""
        await self.roster.look()
        drivers = self.roster.drivers
        return [tool for tool, _ in self.roster.offered().values() if drivers[tool.service].offered]

    async def call(self, call: Call) -> Done | Failed:
        """Make the call, on a child started for it if need be."""
        if call.tool not in self.roster.offered():
            await self.roster.look()
        fit = self._fit(call)
        if isinstance(fit, Failed):
            return fit
        tool, _ = fit
        driver = self.roster.drivers[tool.service]
        try:
            with self.between.during(tool.service, call):
                outcome = as_outcome(await driver.call(self._request(call, *fit), repeatable=tool.idempotent))
            return bounded(outcome) if tool.foreign else outcome
        except ServiceError as error:
            return failed(driver, error, tool.idempotent)

    def _fit(self, call: Call) -> tuple[Tool, dict[str, Any]] | Failed:
        """The tool and what to send to its service; or why that can't be."""
        known = self.roster.offered().get(call.tool)
        if known is None:
            return self._unknown(call.tool)
        tool, own = known
        arguments, fault = check_arguments(tool.schema, call.arguments)
        if fault:
            fault = "what was given does not fit; please ask again" if tool.private else fault
            return Failed(f"{call.tool} can't take that: {fault}.", Hears.MODEL)
        driver = self.roster.drivers[tool.service]
        return tool, {"name": own, "arguments": arguments, "_meta": self._meta(driver, call)}

    def _request(self, call: Call, tool: Tool, params: dict[str, Any]) -> Request:
        """Gives what to send; where the service was swapped meanwhile, for its new version."""
        checked = self.roster.tools[tool.service]

        def request() -> dict[str, Any]:
            if self.roster.tools.get(tool.service) is checked:
                return params
            fit = self._fit(call)
            if isinstance(fit, Failed):
                raise Outdated(f"A new version took the service's place while this waited: {fit.reason}")
            return fit[1]

        return request

    def _meta(self, driver: Driver, call: Call) -> dict[str, Any]:
        if driver.manifest.stranger:
            return call_meta(replace(call, caller=replace(call.caller, member="", room="")), {})
        return call_meta(call, self.settings.of(driver.manifest, call.caller.member))

    def _unknown(self, name: str) -> Failed:
        near = difflib.get_close_matches(name, self.roster.offered(), n=3, cutoff=0.4)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        return Failed(f"There is no tool {clean(name, 80)!r}.{hint}", Hears.MODEL)

    # Services

    async def prepare(self, *services: str) -> None:
        """Know all tools, and have children of the named services ready: what would else cost the first call."""
        await self.roster.look()
        async with anyio.create_task_group() as warming:
            for name in services:
                if name in self.roster.drivers:
                    warming.start_soon(self._warm, self.roster.drivers[name])

    async def _warm(self, driver: Driver) -> None:
        try:
            await driver.warm()
        except ServiceError as error:
            driver.error = str(error)

    async def reload(self) -> None:
        """Look at the folders again: services that came, went or changed."""
        await self.roster.reload()

    async def _named(self, name: str) -> Driver | Failed:
        if name not in self.roster.drivers:
            await self.roster.look()
        driver = self.roster.drivers.get(name)
        if driver is None:
            broken = next((each.reason for each in self.roster.broken if each.name == name), "")
            there = ", ".join(self.roster.drivers)
            return Failed(broken or f"There is no service {clean(name, 80)!r}. There are: {there}.")
        return driver

    async def restart(self, name: str) -> Done | Failed:
        """Replace the service's child, new before old, and read its tools again."""
        driver = await self._named(name)
        if isinstance(driver, Failed):
            return driver
        try:
            async with driver.trial(driver.manifest) as child:
                listed = await child.list_tools()
                driver.take(child)
                driver.restarts += 1
                await self.roster.learn(driver, *sound(name, listed))
        except ServiceError as error:
            return failed(driver, error, repeatable=True)
        return Done(f"Restarted {driver.manifest.called}.", {"service": name, "pid": driver.pid})

    async def swap(self, name: str) -> Done | Failed:
        """Put what the folder holds now in the place of what runs, if it gets ready and its tools are sound."""
        driver = await self._named(name)
        if isinstance(driver, Failed):
            return driver
        try:
            comparison = await self.roster.swap(driver)
        except ServiceError as error:
            self.roster.notes[name] = f"It was not swapped: {sentence(driver, error)}"
            self._ring()
            goes_on = "; the old version goes on" if driver.pid else ""
            return Failed(f"{driver.manifest.called} was not swapped{goes_on}. {sentence(driver, error)}")
        said = f"Swapped {driver.manifest.called}: {comparison.said}."
        return Done(said, {"service": name, "pid": driver.pid, **comparison.row()})

    async def rest(self, name: str, why: str = BY_A_PERSON) -> Done | Failed:
        """Withdraw its tools until it is woken, over restarts of the hub, too. Calls in flight are finished."""
        driver = await self._named(name)
        if isinstance(driver, Failed):
            return driver
        try:
            await anyio.to_thread.run_sync(self.roster.withdrawn.put, name, why)
        except OSError as error:
            return Failed(f"{driver.manifest.called} can't be put to rest: {error.strerror or error}.")
        driver.withdraw(why)
        return Done(f"{driver.manifest.called} rests; `muos services wake {name}` brings it back.", {"service": name})

    async def wake(self, name: str) -> Done | Failed:
        """Offer its tools again, whether it was put to rest or rests because it kept failing."""
        driver = await self._named(name)
        if isinstance(driver, Failed):
            return driver
        try:
            await anyio.to_thread.run_sync(self.roster.withdrawn.put, name, "")
        except OSError as error:
            return Failed(f"{driver.manifest.called} can't be woken: {error.strerror or error}.")
        driver.wake()
        await self.roster.look()
        return Done(f"{driver.manifest.called} is back.", {"service": name})

    async def set(self, name: str, member: str, key: str, value: Any) -> Done | Failed:
        """Set one of a service's settings for the member, or for all; None takes it away."""
        await self.roster.look()
        driver, settings = self.roster.drivers.get(name), self.settings
        if driver is None or isinstance(settings, Unset):
            return Failed(f"There is no service {name!r} that can be set. There are: {', '.join(self.roster.drivers)}.")
        try:
            await anyio.to_thread.run_sync(settings.put, driver.manifest, member, key, value)
        except BadSetting as error:
            return Failed(str(error))
        if key in driver.manifest.at_birth and driver.pid:
            await self.restart(name)
        return Done(f"Set {key} of {driver.manifest.called}.", {"service": name, "setting": key})

    async def set_rows(self, name: str, member: str) -> list[dict[str, Any]] | None:
        """A service's settings for people to see; None where there is no such service."""
        await self.roster.look()
        driver, settings = self.roster.drivers.get(name), self.settings
        return settings.rows(driver.manifest, member) if driver and isinstance(settings, ServiceSettings) else None

    def status(self) -> list[ServiceStatus]:
        """A row for each service, the broken ones last."""
        roster = self.roster
        rows = [status_of(each, len(roster.tools.get(name, ()))) for name, each in roster.drivers.items()]
        judged = [
            replace(row, state=self.strangers.withheld(row.name) or row.state, error=roster.fault(row.name, row.error))
            for row in rows
        ]
        return judged + [status_broken(each) for each in roster.broken]

    async def stats(self, name: str = "") -> list[dict[str, Any]] | Failed:
        """What the service, or each one, takes and is held to."""
        await self.roster.look()
        named = [await self._named(name)] if name else list(self.roster.drivers.values())
        states = {row.name: row.state for row in self.status()}
        # psutil and what it is asked for are loaded by whoever asks, not by every start of a hub
        stats = importlib.import_module("services.runtime.stats")
        rows = []
        for driver in named:
            if isinstance(driver, Failed):
                return driver
            own = driver.manifest.name
            measure = stats.stats_of(driver, states[own], self._births.home / "services" / own)
            rows.append((await anyio.to_thread.run_sync(measure)).row())
        return rows

    async def changed(self) -> None:
        """Wait for the next change in `status`."""
        await self._change.wait()

    def _withdraw(self, name: str) -> None:
        self.roster.tools[name] = {}
        self._ring()

    def _ring(self) -> None:
        self._change.set()
        self._change = anyio.Event()

    def _employ(self, manifest: Manifest) -> Driver:
        return Driver(manifest, self._births, self._tasks, self._idle_seconds, self._ring)

    def _dismiss(self, driver: Driver) -> None:
        self._tasks.start_soon(driver.close)

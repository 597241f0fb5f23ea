"""A driver: keeps one service answering. It starts a child when there is a call, replaces one that died, sends
a call again where that is safe, and gives up for a while on a service that keeps failing.

Must stay true: each child has exactly one owner task; a call ends, with an answer or with a `ServiceError`,
within a bound that follows from the manifest's limits and the constants below.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import anyio
from anyio.abc import TaskGroup

from services.birth import Births
from services.child import Child, State
from services.errors import Busy, ChildLost, Resting, StartFailed, TooSlow
from services.manifest import Manifest

DEATH_RETRIES = 2
"""Times that a call is sent again after the child died with it and answered nothing since it last died."""
DEATHS_LIMIT = 10
"""Deaths that a call lives through at most, where the service answered others in between: not its own fault."""
SLOW_RETRIES = 1
"""Times that a call is sent again after a time-out, to a new child, which knows whether it took effect."""
BACK_OFF = (0.0, 0.0, 0.05, 0.2, 0.8)
"""Seconds before a start, by the number of failures in a row; after so many the service rests."""
REST_SECONDS = 60.0
"""How long it rests; one more failure after that and it rests again."""
QUEUE_SECONDS = 30.0
"""Longest wait of a call behind others of the same service."""
SETTLE_SECONDS = 5.0
"""Longest wait for a child beyond the manifest's start_seconds: back-off, a slow machine."""


class Driver:
    """One service, whatever becomes of its children."""

    def __init__(
        self,
        manifest: Manifest,
        births: Births,
        tasks: TaskGroup,
        idle_seconds: float,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called after each change of a child's state; children's owners run in `tasks`."""
        self.manifest = manifest
        self.calls = 0
        self.restarts = 0
        """Children that took the place of one that failed, or that `restart` replaced."""
        self.error = ""
        """The last failure of a child, in words; kept until the driver ends."""
        self._births = births
        self._tasks = tasks
        self._idle_seconds = idle_seconds
        self._changed = changed
        self._child: Child | None = None
        self._children: set[Child] = set()
        self._failures = 0
        self._rests_until = -math.inf
        self._places = anyio.Semaphore(manifest.limits.concurrent)

    # What it looks like

    @property
    def state(self) -> str:
        """asleep, resting, or the state of its child."""
        if self.resting:
            return "resting"
        if self._child is None or self._child.state is State.GONE:
            return "asleep"
        return self._child.state.value

    @property
    def resting(self) -> bool:
        """It failed so often that it is left alone for a while."""
        return anyio.current_time() < self._rests_until

    @property
    def pid(self) -> int:
        """Of the present child; 0 where there is none."""
        return self._child.pid if self._child is not None and self._child.state is not State.GONE else 0

    @property
    def started(self) -> datetime | None:
        """When the present child was started."""
        return self._child.started if self.pid and self._child is not None else None

    # Calls

    async def call(self, params: Mapping[str, Any], repeatable: bool) -> dict[str, Any]:
        """The service's result. Raises ServiceError."""
        self.calls += 1
        with anyio.move_on_after(QUEUE_SECONDS) as patience:
            await self._places.acquire()
        if patience.cancelled_caught:
            raise Busy(f"{self.manifest.called} is busy with other calls")
        try:
            return await self._call(params, repeatable)
        finally:
            self._places.release()

    async def _call(self, params: Mapping[str, Any], repeatable: bool) -> dict[str, Any]:
        lost = slow = 0
        while True:
            child = await self._ready()
            try:
                result = await child.request("tools/call", params, self.manifest.limits.seconds)
            except ChildLost as error:
                lost += 1
                # the present death is perhaps not yet counted among the failures
                alone = lost > DEATH_RETRIES and self._failures >= DEATH_RETRIES
                if not repeatable or alone or lost >= DEATHS_LIMIT:
                    raise ChildLost(await child.cause()) from error
            except TooSlow:
                slow += 1
                if not repeatable or slow > SLOW_RETRIES:
                    raise
            else:
                self._failures = 0
                return result

    async def list_tools(self) -> list[dict[str, Any]]:
        """Its tools as MCP objects. Raises ServiceError."""
        while True:
            child = await self._ready()
            try:
                return await child.list_tools()
            except ChildLost:
                continue  # bounded: each loss is a failure, and after a few of them it rests

    async def warm(self) -> None:
        """Have a child ready. Raises StartFailed, Resting."""
        await self._ready()

    # Children

    async def _ready(self) -> Child:
        """A child that takes calls. Raises StartFailed, Resting."""
        with anyio.move_on_after(self.manifest.limits.start_seconds + SETTLE_SECONDS):
            while True:
                child = self._child
                if child is None or child.state in (State.DRAINING, State.GONE):
                    child = self._start()
                if child.usable:
                    return child
                await (child.settled if child.state is State.STARTING else child.gone).wait()
                if child.state is State.GONE and child.hung and not child.started_well:
                    raise StartFailed(f"{self.manifest.called} did not start: {child.why}")
        raise StartFailed(f"{self.manifest.called} did not start in time")

    def _start(self) -> Child:
        """A new child in the place of the present one. Raises Resting."""
        if self.resting:
            seconds = math.ceil(self._rests_until - anyio.current_time())
            raise Resting(f"{self.manifest.called} keeps failing ({self.error}) and rests for {seconds} s more")
        child = Child(self.manifest, self._births, self._idle_seconds, self._changed)
        self._child = child
        self._children.add(child)
        self._tasks.start_soon(self._own, child, BACK_OFF[min(self._failures, len(BACK_OFF) - 1)])
        return child

    async def _own(self, child: Child, delay: float) -> None:
        """The one task that owns the child."""
        try:
            await anyio.sleep(delay)
            await child.live()
            if not child.asked:
                self._note_failure(child)
        finally:
            await child.bury()
            self._children.discard(child)
            self._changed()
        if not child.asked:
            self.error = child.why
            if child is self._child and child.started_well and not self.resting:
                self.restarts += 1
                self._start()

    def _note_failure(self, child: Child) -> None:
        self.error = child.why
        self._failures += 1
        if self._failures >= len(BACK_OFF) or (child.hung and not child.started_well):
            self._rests_until = anyio.current_time() + REST_SECONDS
            self._failures = len(BACK_OFF) - 1

    async def restart(self) -> None:
        """Replace the child, new before old, and forget past failures. Raises StartFailed, Resting."""
        old = self._child
        self._rests_until, self._failures = -math.inf, 0
        child = self._start()
        self.restarts += 1
        await child.settled.wait()
        if child.usable:
            if old is not None:
                old.drain()
            return
        if old is not None and old.usable:
            self._child = old
        await child.buried.wait()
        raise StartFailed(f"{self.manifest.called} did not start: {child.why}")

    async def close(self) -> None:
        """Let every child finish what is in flight, and end."""
        for child in list(self._children):
            child.drain()
        for child in list(self._children):
            await child.buried.wait()

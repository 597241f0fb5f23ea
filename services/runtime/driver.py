"""A driver: keeps one service answering. It starts a child when there is a call, replaces one that died, sends
a call again where that is safe, and gives up for a while on a service that keeps failing. Where it is replaced on
purpose, by a restart or a swap, the new child is tried before the old one is let go.

Must stay true: each child has exactly one owner task; a call ends, with an answer or with a `ServiceError`,
within a bound that follows from the manifest's limits and the constants below; what happens to a child that is
only being tried changes nothing for the calls.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import anyio
from anyio.abc import TaskGroup

from services.runtime.birth import Births
from services.runtime.child import Child, State
from services.runtime.errors import Busy, ChildLost, Outdated, Resting, ServiceError, StartFailed, TooSlow, Withheld
from services.runtime.manifest import Manifest

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
REMEMBERED = 1_000
"""Latest calls whose durations are kept."""

Request = Callable[[], Mapping[str, Any]]
"""Gives what to send, at the moment of sending. Raises Outdated: since a swap the call no longer fits."""


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
        self.failed = 0
        """Calls that ended in a ServiceError."""
        self.latencies_ms: deque[float] = deque(maxlen=REMEMBERED)
        """Of the latest calls that were answered, the wait for their turn included."""
        self.restarts = 0
        """Children that took the place of one that failed, or that `restart` replaced."""
        self.swaps = 0
        self.error = ""
        """The last failure of a child, in words; kept until a swap."""
        self.withdrawn = ""
        """Why it was put to rest until it is woken; empty: it was not."""
        self._births = births
        self._tasks = tasks
        self._idle_seconds = idle_seconds
        self._changed = changed
        self._child: Child | None = None
        self._children: set[Child] = set()
        self._tried: Child | None = None
        self._trying = anyio.Lock()
        self._closed = False
        self._failures = 0
        self._rests_until = -math.inf
        self._places = anyio.Semaphore(manifest.limits.concurrent)

    # What it looks like

    @property
    def state(self) -> str:
        """asleep, resting (it keeps failing), withdrawn (it was put to rest), or the state of its child."""
        if self.withdrawn:
            return "withdrawn"
        if self.resting:
            return "resting"
        if self._child is None or self._child.state is State.GONE:
            return "asleep"
        return self._child.state.value

    @property
    def waiting(self) -> str:
        """What it waits for just now, in words; empty where it waits for nothing."""
        if self._tried is not None and self._tried.wait is not None:
            return f"a new one is tried: {self._tried.wait}"
        if self.resting and not self.withdrawn:
            return f"left alone for {math.ceil(self._rests_until - anyio.current_time())} s more"
        return str(self._child.wait or "") if self._child is not None else ""

    @property
    def resting(self) -> bool:
        """It failed so often that it is left alone for a while."""
        return anyio.current_time() < self._rests_until

    @property
    def offered(self) -> bool:
        """Its tools are there to be called."""
        return not self.withdrawn and not self.resting

    @property
    def asleep(self) -> bool:
        """No process of it runs."""
        return not self._children

    @property
    def pid(self) -> int:
        """Of the present child; 0 where there is none."""
        return self._child.pid if self._child is not None and self._child.state is not State.GONE else 0

    @property
    def pids(self) -> list[int]:
        """Of all its children: those that drain, or are only tried, included."""
        return [child.pid for child in self._children if child.pid]

    @property
    def started(self) -> datetime | None:
        """When the present child was started."""
        return self._child.started if self.pid and self._child is not None else None

    # Calls

    async def call(self, request: Request, repeatable: bool) -> dict[str, Any]:
        """The service's result. Raises ServiceError."""
        self.calls += 1
        began, places = anyio.current_time(), self._places
        try:
            with anyio.move_on_after(QUEUE_SECONDS) as patience:
                await places.acquire()
            if patience.cancelled_caught:
                raise Busy(f"{self.manifest.called} is busy with other calls")
            try:
                result = await self._call(request, repeatable)
            finally:
                places.release()
        except ServiceError:
            self.failed += 1
            raise
        self.latencies_ms.append((anyio.current_time() - began) * 1000)
        return result

    async def _call(self, request: Request, repeatable: bool) -> dict[str, Any]:
        lost = slow = 0
        while True:
            child = await self._ready()
            params = self._asked(request, again=lost + slow > 0)
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

    def _asked(self, request: Request, again: bool) -> Mapping[str, Any]:
        """What to send. Raises Outdated; or ChildLost, where an earlier version may have done it already."""
        try:
            return request()
        except Outdated as error:
            if again:
                raise ChildLost(f"and the version that took its place can't take it up: {error}") from error
            raise

    async def list_tools(self) -> list[dict[str, Any]]:
        """Its tools as MCP objects. Raises ServiceError."""
        while True:
            child = await self._ready()
            try:
                return await child.list_tools()
            except ChildLost:
                continue  # bounded: each loss is a failure, and after a few of them it rests

    async def warm(self) -> Child:
        """Have a child ready. Raises StartFailed, Resting."""
        child = await self._ready()
        child.wanted = True
        return child

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
                if child.withheld:
                    raise Withheld(child.why)
                if child.state is State.GONE and child.hung and not child.started_well:
                    raise StartFailed(f"{self.manifest.called} did not start: {child.why}")
        raise StartFailed(f"{self.manifest.called} did not start in time")

    def _start(self) -> Child:
        """A new child in the place of the present one. Raises Resting."""
        self._check_wanted()
        if self.resting:
            seconds = math.ceil(self._rests_until - anyio.current_time())
            raise Resting(f"{self.manifest.called} keeps failing ({self.error}) and rests for {seconds} s more")
        self._child = self._bear(self.manifest, BACK_OFF[min(self._failures, len(BACK_OFF) - 1)])
        return self._child

    def _check_wanted(self) -> None:
        """Raises Resting where no child is wanted any more."""
        if self._closed:
            raise Resting(f"{self.manifest.called} is no longer there")
        if self.withdrawn:
            wake = f"`muos services wake {self.manifest.name}` brings it back"
            raise Resting(f"{self.manifest.called} is withdrawn ({self.withdrawn}): {wake}")

    def _bear(self, manifest: Manifest, delay: float = 0.0) -> Child:
        child = Child(manifest, self._births, self._idle_seconds, self._changed)
        self._children.add(child)
        self._tasks.start_soon(self._own, child, delay)
        return child

    async def _own(self, child: Child, delay: float) -> None:
        """The one task that owns the child."""
        try:
            if delay:
                child.wait_for("its turn after failures", delay)
                await anyio.sleep(delay)
            if not child.asked:
                await child.live()
            if not child.asked and child is self._child:
                self._note_failure(child)
        finally:
            await child.bury()
            self._children.discard(child)
            self._changed()
        if not child.asked and child is self._child:
            self.error = child.why
            if child.started_well and self.offered and not self._closed:
                self.restarts += 1
                self._start()

    def _note_failure(self, child: Child) -> None:
        self.error = child.why
        self._failures += 1
        if self._failures >= len(BACK_OFF) or (child.hung and not child.started_well):
            self._rests_until = anyio.current_time() + REST_SECONDS
            self._failures = len(BACK_OFF) - 1

    # On purpose

    @asynccontextmanager
    async def trial(self, manifest: Manifest) -> AsyncIterator[Child]:
        """A ready child of that version beside the present one; it ends with the block unless `take` was called.

        One at a time. Raises StartFailed, Resting.
        """
        async with self._trying:
            self._check_wanted()
            child = self._tried = self._bear(manifest)
            try:
                with child.used():
                    await child.settled.wait()
                    if not child.usable:
                        await child.buried.wait()
                        if child.withheld:
                            raise Withheld(child.why)
                        raise StartFailed(f"{manifest.called} did not start: {child.why}")
                    yield child
            finally:
                self._tried = None
                if child is not self._child:
                    child.drain()
                self._changed()

    def take(self, child: Child) -> None:
        """Put a tried child to use, in one step: calls that wait and further ones are its, the old one finishes."""
        if not child.usable:
            raise StartFailed(f"{child.manifest.called} did not last: {child.why}")
        old, self._child = self._child, child
        if child.manifest.limits.concurrent != self.manifest.limits.concurrent:
            self._places = anyio.Semaphore(child.manifest.limits.concurrent)
        self.manifest = child.manifest
        self._rests_until, self._failures = -math.inf, 0
        if old is not None:
            old.drain()
        if self.withdrawn or self._closed:
            child.drain()
        self._changed()

    def adopt(self, manifest: Manifest) -> None:
        """Be another version from the next start on; only while it is asleep."""
        assert self.asleep
        self.manifest, self._places = manifest, anyio.Semaphore(manifest.limits.concurrent)
        self._rests_until, self._failures, self.error = -math.inf, 0, ""

    def withdraw(self, why: str) -> None:
        """Take no more calls; those in flight are finished."""
        self.withdrawn = why
        for child in self._children:
            child.drain()
        self._changed()

    def wake(self) -> None:
        """Take calls again, whatever it was that kept it from it."""
        self.withdrawn, self._rests_until, self._failures = "", -math.inf, 0
        self._changed()

    async def close(self) -> None:
        """Let every child finish what is in flight, and end."""
        self._closed = True
        for child in list(self._children):
            child.drain()
        for child in list(self._children):
            await child.buried.wait()

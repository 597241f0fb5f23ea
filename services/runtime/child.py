"""One running child of a service, from its birth to its burial.

Must stay true: one task owns a child (the one that awaits `live` and then `bury`); every wait is bounded; once
`gone` is set no call is waiting on it any more.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

import anyio
import anyio.to_thread

from services.runtime.birth import FORK_SECONDS, TEMPLATE_SECONDS, Births, Newborn
from services.runtime.errors import ServiceError, StartFailed, TooSlow, Withheld
from services.runtime.manifest import Manifest
from services.runtime.session import CLOSED, Session
from services.runtime.wire import clean

logger = logging.getLogger(__name__)

LAST_WORDS_SECONDS = 0.2
"""After a child's death, for what it wrote before to be read; also the other way round, for its exit status."""
LEAVE_SECONDS = 0.5
"""For a child to end by itself after its input was closed."""
BURY_SECONDS = 2.0
"""For a killed child to be reported dead; only a process that can't be killed runs this out."""
UNCALLED_SECONDS = 15.0
"""A child that was only asked for its tools is put to sleep after this at the latest."""
NAP_SECONDS = 0.2
"""Least time between two looks at whether a child is idle."""
LOG_TAIL_BYTES = 2_000
FAULT = re.compile(r"[\w.]*(Error|Exception)\b")
"""Begins the line that says why a program ended, in Python's and JavaScript's words."""
HEED_SECONDS = 1.0
"""Least time between two looks at what a child lists, however often it says that it changed."""
BIRTH_SECONDS = TEMPLATE_SECONDS + FORK_SECONDS
"""For a process to be there; see birth.py."""


class State(StrEnum):
    """Where a child is in its life."""

    STARTING = "starting"
    READY = "ready"
    DRAINING = "draining"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Wait:
    """What is waited for, and for how long at most."""

    what: str
    seconds: float
    since: float = field(default_factory=anyio.current_time)

    def __str__(self) -> str:
        """For people."""
        return f"waiting for {self.what}, {anyio.current_time() - self.since:.1f} s of {self.seconds:g}"


class Child:
    """A process and the conversation with it."""

    def __init__(self, manifest: Manifest, births: Births, idle_seconds: float, changed: Callable[[], None]) -> None:
        """`changed` is called after each change of state."""
        self.manifest = manifest
        self.state = State.STARTING
        self.settled = anyio.Event()
        """It is ready, or gone."""
        self.gone = anyio.Event()
        self.buried = anyio.Event()
        self.asked = False
        """It ends, or ended, because we wanted it to."""
        self.hung = False
        """It was ended because it did not answer."""
        self.started_well = False
        """It has been ready."""
        self.withheld = False
        """It was ended because it lists other tools than a person approved."""
        self.why = ""
        """Why it ended, in words."""
        self.started: datetime | None = None
        self.in_flight = 0
        self.wanted = False
        """It was called, or is meant to be: not only asked for its tools."""
        self.wait: Wait | None = None
        """What it is starting or draining with; None while it is ready, and at its end."""
        self._births = births
        self._changed = changed
        self._idle_seconds = idle_seconds
        self._newborn: Newborn | None = None
        self._session: Session | None = None
        self._stop = anyio.Event()
        self._idle_since = anyio.current_time()
        self._draining = anyio.Event()
        self._unused = anyio.Event()

    @property
    def pid(self) -> int:
        """0 where there is none yet."""
        return self._newborn.pid if self._newborn else 0

    @property
    def usable(self) -> bool:
        """A call may be sent."""
        return self.state is State.READY and not self._stop.is_set()

    # What its owner does

    async def live(self) -> None:
        """Be born, converse, and return when it is over, for whatever reason; `why` says which."""
        try:
            self.wait_for("its process", BIRTH_SECONDS)
            self._newborn = await self._births.bear(self.manifest)
            self._session = Session(self._newborn.stream)
            self._session.asked = self._births.asked and partial(self._births.asked, self.manifest)
            self.started = datetime.now(UTC)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._converse, self._session)
                tasks.start_soon(self._open, self._session)
                tasks.start_soon(self._heed, self._session)
                tasks.start_soon(self._watch, self._newborn)
                tasks.start_soon(self._grow_tired)
                await self._stop.wait()
                tasks.cancel_scope.cancel()
            await self._diagnose(self._newborn)
        except StartFailed as error:
            self.end(str(error))
        except Exception:  # whatever a service does, it must not take the hub with it
            logger.exception("%s could not be followed", self.manifest.name)
            self.end("what it did could not be followed, and the log has the details")
        finally:
            self.end("it was stopped")

    async def bury(self) -> None:
        """Make sure that the process is dead, and learn how it died."""
        self.wait = None
        self._enter(State.GONE)
        self.gone.set()
        self.settled.set()
        newborn = self._newborn
        if newborn is not None:
            with anyio.move_on_after(BURY_SECONDS, shield=True):
                if self.asked:
                    await self._leave(newborn)
                await newborn.kill()
                await newborn.ended.wait()
                await newborn.stream.aclose()
                if self._session is not None:
                    self._session.close()
        self.buried.set()

    async def _diagnose(self, newborn: Newborn) -> None:
        """Where its output just closed, the exit status says more."""
        if self.why == CLOSED and not self.asked:
            with anyio.move_on_after(LAST_WORDS_SECONDS):
                await newborn.ended.wait()
                self.why = await anyio.to_thread.run_sync(self._explain, newborn.how)

    async def _leave(self, newborn: Newborn) -> None:
        with anyio.move_on_after(LEAVE_SECONDS):
            try:
                await newborn.stream.send_eof()
            except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
                return
            await newborn.ended.wait()

    def _explain(self, how: str) -> str:
        """How it ended, with the last line of its log that names an exception, or the last of all."""
        if not how.startswith("exit code"):
            return how
        try:
            with (self._births.logs / f"{self.manifest.name}.log").open("rb") as log:
                log.seek(max(0, log.seek(0, 2) - LOG_TAIL_BYTES))
                lines = log.read().decode(errors="replace").strip().splitlines()
        except OSError:
            return how
        telling = [line for line in lines if FAULT.match(line)] or lines
        return f"{how}: {clean(telling[-1], 200)}" if telling else how

    async def _converse(self, session: Session) -> None:
        self.end(await session.run())

    async def _open(self, session: Session) -> None:
        self.wait_for("its first answer", self.manifest.limits.start_seconds)
        with anyio.move_on_after(self.manifest.limits.start_seconds) as patience:
            try:
                await session.initialize()
                await self._vet(session)
            except ServiceError as error:
                self.end(str(error))
                return
        if patience.cancelled_caught:
            self.hung = True
            self.end(f"it did not answer within {self.manifest.limits.start_seconds:g} s of its start")
        elif self.state is State.STARTING and not self._stop.is_set():
            self._idle_since = anyio.current_time()
            self.started_well = True
            self.wait = None
            self._enter(State.READY)
            self.settled.set()

    async def _vet(self, session: Session) -> None:
        """A stranger may be called only while it lists what was approved. Raises Withheld, and as `request` does."""
        if self.manifest.stranger:
            try:
                await self._births.vet(self.manifest, await session.list_tools())
            except Withheld:
                self.withheld = self.asked = True
                raise

    async def _heed(self, session: Session) -> None:
        """Look again when it says that its tools are others now."""
        while True:
            await session.relisted.wait()
            session.relisted = anyio.Event()
            try:
                with anyio.fail_after(self.manifest.limits.start_seconds):
                    await self._vet(session)
            except (ServiceError, TimeoutError) as error:
                self.end(str(error) or "it did not list its tools in time")
                return
            await anyio.sleep(HEED_SECONDS)

    async def _watch(self, newborn: Newborn) -> None:
        """A death that the pipe does not tell, for something else holds its other end."""
        await newborn.ended.wait()
        await anyio.sleep(LAST_WORDS_SECONDS)
        self.end(CLOSED)

    async def _grow_tired(self) -> None:
        """Drain when nobody has called for a while, or when asked to."""
        while self.state is not State.DRAINING:
            idle = 0.0 if self.in_flight else anyio.current_time() - self._idle_since
            patience = self._idle_seconds if self.wanted else min(self._idle_seconds, UNCALLED_SECONDS)
            if self.state is State.READY and not self.in_flight and idle >= patience:
                self.drain()
            else:
                with anyio.move_on_after(max(patience - idle, NAP_SECONDS)):
                    await self._draining.wait()
        self.wait_for("calls in flight", self.manifest.limits.seconds)
        with anyio.move_on_after(self.manifest.limits.seconds):
            while self.in_flight:
                self._unused = anyio.Event()
                await self._unused.wait()
        self.end("it was no longer needed")

    def _enter(self, state: State) -> None:
        self.state = state
        self._changed()

    def wait_for(self, what: str, seconds: float) -> None:
        """Say what is waited for from now on."""
        self.wait = Wait(what, seconds)
        self._changed()

    # What others do

    def end(self, why: str) -> None:
        """Have the owner end it now; the first reason counts."""
        self.why = self.why or why
        self._stop.set()

    def drain(self) -> None:
        """No further call; end when those in flight are answered."""
        self.asked = True
        if self.state is not State.GONE:
            self._enter(State.DRAINING)
            self._draining.set()

    async def request(self, method: str, params: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Raises TooSlow (and kills it), ChildLost, Refused, WireFault."""
        assert self._session is not None
        self.wanted = True
        with self.used():
            try:
                with anyio.fail_after(seconds):
                    return await self._session.request(method, params)
            except TimeoutError as error:
                self.hung = True
                self.end(f"it did not answer a call within {seconds:g} s")
                raise TooSlow(f"{self.manifest.called} did not answer within {seconds:g} seconds") from error

    async def list_tools(self) -> list[dict[str, Any]]:
        """Its tools as MCP objects. Raises TooSlow, ChildLost, Refused, WireFault."""
        assert self._session is not None
        self.wait_for("its tools", self.manifest.limits.start_seconds)
        with self.used():
            try:
                with anyio.fail_after(self.manifest.limits.start_seconds):
                    return await self._session.list_tools()
            except TimeoutError as error:
                self.end("it did not list its tools in time")
                raise TooSlow(f"{self.manifest.called} did not list its tools in time") from error
            finally:
                self.wait = None

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep it from falling asleep meanwhile."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
            self._idle_since = anyio.current_time()
            if not self.in_flight:
                self._unused.set()

    async def cause(self) -> str:
        """Why it ended, once that is known for certain."""
        with anyio.move_on_after(BURY_SECONDS):
            await self.buried.wait()
        return self.why

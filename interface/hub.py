"""The hub: all parts put together, once, for every way in.

Must stay true: there is one toolbox, built here, and whoever wants to act uses it; a turn that has begun is
seen through, whoever stops listening.
"""

from __future__ import annotations

import importlib
import logging
import math
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Container, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import anyio.to_thread
import sqlalchemy as sa

from agent.alerts import AlertRow, Alerts
from agent.consent import Consent
from agent.dialogue import Dialogue, Transcript
from agent.flows import Flows
from agent.help import Helping
from agent.history import Recounting
from agent.ladder import UNCHANGED, Announced, Rung, climb
from agent.memory.answers import Answers
from agent.memory.deriving import Deriving
from agent.memory.discretion import Discreet, careful, planned, remark, withhold
from agent.memory.erasing import Erasing
from agent.memory.forgetting import Exact
from agent.memory.keeping import Keeping
from agent.memory.knowing import knowing
from agent.memory.memories import Memories
from agent.memory.noting import Noting
from agent.memory.phrases import Phrases
from agent.memory.remembrance import Remembrance
from agent.memory.sources import last_told
from agent.memory.tools import FORGET
from agent.policy import Guarded
from agent.reflex import Reflex, spoken
from agent.resting import Resting
from agent.turn import Broke, Emit, Event, Said, Thinking, Turn
from agent.undo import UNDO, Aiming, Undoing
from agent.withheld import Withheld
from interface import wire
from interface.database import open_engine
from interface.home import make_home, told_of
from interface.recollection import keep_indexed, open_memory
from interface.settings import Settings
from memory.recall.recall import Recalled
from models.chat.protocol import Chat
from models.embed.encoder import Encoder
from models.guess import Request, ToolSchema
from models.reflex.nearest import Nearest
from models.reflex.plain import PlainReader
from services.bulletin import Bulletin, Noticed
from services.journal import Journal
from services.journalled import Journalled, resume
from services.record import Entry
from services.reference import Referring
from services.runtime.launch import Launched
from services.runtime.settings import ServiceSettings
from services.runtime.supervisor import Supervisor
from services.together import Together
from services.tool import Call, Caller, Done, Failed, Outcome, Tool, Toolbox

logger = logging.getLogger(__name__)

CLOSING = 5.0
"""Seconds for closing what is open to a model and to memory."""
BUILT_IN = Path(__file__).resolve().parent.parent / "services"


class Hub:
    """What every way in talks to."""

    def __init__(self, settings: Settings, supervisor: Supervisor, tasks: anyio.abc.TaskGroup) -> None:
        self.settings = settings
        self.supervisor = supervisor
        self.tasks = tasks
        self.started = time.time()
        self.engine = open_engine(settings.home)
        supervisor.settings = ServiceSettings(self.engine)
        self._journal = Journal(self.engine)
        self.bulletin = Bulletin(self.engine)
        self.dialogue = Dialogue(self.engine)
        self.memory = open_memory(settings, self.engine, lambda texts: self.encoder.encode(texts))
        self.keeping = Keeping(self.dialogue, self.memory)
        self.erasing = Erasing(self.engine, self.memory, settings.home)
        memories = Memories(self.memory, partial(last_told, self.dialogue), self.erasing)
        self.noticed = Noticed(Together([supervisor, memories]), self.bulletin)
        able = Helping(Recounting(Undoing(Guarded(self.noticed), self._journal), self._journal))
        recorded = Exact(Aiming(Journalled(able, self._journal), self._journal), memories.forgetful)
        self.toolbox: Toolbox = Discreet(Referring(recorded, self._journal))
        supervisor.between.through = self.toolbox
        self.flows = Flows(self._journal, self.toolbox)
        self.consent = Consent(self.dialogue, self._journal, self.toolbox, self.flows)
        self.watched = Alerts(self.engine, self.noticed, self.toolbox, self._journal, settings.zone)
        self.said = anyio.Event()
        """Set, and replaced, when a turn was kept."""
        self.chat: Chat | None = None
        """The larger model, if one is connected."""
        self.deriving: Deriving | None = None
        self.rungs = self._rungs()

    def _rungs(self) -> list[Rung]:
        reflex = Reflex(lambda: self.reader, self.dialogue, self.bulletin.names, planned(self._journal.plan))
        answers = Answers(self.memory)
        acting = careful(knowing(reflex, answers), self.dialogue)
        within = self.consent, Phrases(answers), acting, withhold, Noting(answers)
        rungs = [Rung("reflex", path) for path in within]
        if self.settings.model or self.settings.base_url:
            # langchain takes a second to import: only who has connected a model pays for it
            reason, choose = map(importlib.import_module, ("agent.reason", "models.chat.choose"))
            self.chat = choose.chat_of(self.settings.model, self.settings.base_url, self.settings.api_key)
            self.deriving = Deriving(self.chat, self.memory)
            remembered = Remembrance(self.memory)
            rungs.append(Rung("reason", reason.build(self.chat, self.dialogue, lambda: self.nearest, remembered)))
        return rungs

    @cached_property
    def encoder(self) -> Encoder:
        """The sentence encoder, loaded on first use."""
        return Encoder()

    @cached_property
    def reader(self) -> PlainReader:
        """The embedded understanding, loaded on first use."""
        return PlainReader(self.encoder, cache=self.settings.home / "cache" / "embeddings")

    @cached_property
    def nearest(self) -> Nearest:
        """Finds the tools that a larger model is offered, loaded on first use."""
        return Nearest(self.encoder, cache=self.settings.home / "cache" / "embeddings")

    # Turns

    async def answer(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """Answer a turn; the events as they come. Leaving early does not cancel the work."""

        async def work(emit: Emit) -> None:
            await climb(turn, self.rungs, self.toolbox, emit)

        async for event in self._stream(turn, work):
            yield event

    async def confirm(self, call_id: str, yes: bool, turn: Turn) -> AsyncGenerator[Event, None]:
        """Give a waiting call its yes or no, by its id."""

        async def work(emit: Emit) -> None:
            await emit(Thinking("reflex"))
            await self.consent.decide(call_id, yes, turn, emit)

        async for event in self._stream(turn, work):
            yield event

    async def _stream(self, turn: Turn, work: Callable[[Emit], Awaitable[None]]) -> AsyncIterator[Event]:
        send, receive = anyio.create_memory_object_stream[Event](math.inf)
        transcript = Transcript(turn)

        async def emit(event: Event) -> None:
            transcript.add(event)
            with suppress(anyio.BrokenResourceError):  # nobody listens any more; the work goes on
                send.send_nowait(event)

        async def run() -> None:
            with send:
                try:
                    await self.flows.see_through(turn, work, emit)
                except Exception:  # no turn may take the hub with it
                    logger.exception("turn %s broke", turn.id)
                    await emit(Broke("Something went wrong inside MuOS; the log has the details."))
                private = {tool.name for tool in await self.toolbox.tools() if tool.private} | {FORGET.name}
                await remark(transcript, private, emit)
                await anyio.to_thread.run_sync(self._keep, transcript, private)
                self.tell_said()
            if self.deriving is not None:
                await self.deriving.after(transcript)

        self.tasks.start_soon(run)
        async with receive:
            async for event in receive:
                yield event

    def tell_said(self) -> None:
        """Something new is remembered."""
        said, self.said = self.said, anyio.Event()
        said.set()

    def _keep(self, transcript: Transcript, private: Container[str]) -> None:
        """Remember the turn, and close its flow."""
        worded = self.keeping.keep(transcript, private)
        if transcript.turn.text.strip():
            self.flows.close(transcript, private=not worded)

    # Everything else

    async def undo(self, what: Mapping[str, Any], turn: Turn) -> AsyncGenerator[Event, None]:
        """Take the last action back, or what the arguments of `muos_undo` say."""

        async def work(emit: Emit) -> None:
            await emit(Thinking("reflex"))
            if turn.preview:
                await emit(Said(UNCHANGED))
            call = Call(UNDO.name, what, turn.caller, preview=turn.preview)
            await emit(Said(spoken(await Announced(self.toolbox, emit).call(call))))

        async for event in self._stream(turn, work):
            yield event

    async def call(self, call: Call) -> Outcome:
        """Make a typed call, as MCP clients and the API do."""
        return await self.toolbox.call(call)

    async def tools(self) -> list[Tool]:
        """What can be done, hidden tools left out."""
        return [tool for tool in await self.toolbox.tools() if not tool.hidden]

    async def journal(self, member: str, limit: int) -> list[Entry]:
        """A member's latest calls, newest first."""
        return await anyio.to_thread.run_sync(self._journal.entries, member, limit)

    async def alerts(self) -> AsyncGenerator[AlertRow, None]:
        """Alerts as they are told, from now on."""
        async with self.watched.listen() as stream:
            async for alert in stream:
                yield alert

    async def unseen_alerts(self, member: str) -> list[AlertRow]:
        """What fell due for a member while nobody listened; each is given once."""
        return await anyio.to_thread.run_sync(self.watched.unseen, member)

    async def past_alerts(self, member: str, limit: int) -> list[AlertRow]:
        """The latest alerts told to a member, newest first."""
        return await anyio.to_thread.run_sync(self.watched.past, member, limit)

    async def remember(self, text: str, caller: Caller) -> Outcome:
        """Remember a text for a member."""
        return await self.toolbox.call(Call("memory_remember", {"text": text}, caller))

    async def recall(self, query: str, caller: Caller, k: int) -> list[Recalled]:
        """What is remembered about something."""

        def work() -> list[Recalled]:
            return self.memory.recall(query, member=caller.member, room=caller.room, k=k, now=caller.now)

        return await anyio.to_thread.run_sync(work)

    async def status(self) -> dict[str, Any]:
        """How the hub is."""
        return {
            "uptime": time.time() - self.started,
            "home": str(self.settings.home),
            "model": self.settings.model,
            "encoded": self.encoder.runs if "encoder" in self.__dict__ else 0,
            "services": await self.service_rows(),
        }

    async def service_rows(self) -> list[dict[str, Any]]:
        """Every service and how it is."""
        await self.supervisor.tools()
        return [wire.service_row(row) for row in self.supervisor.status()]

    async def manage_service(self, name: str, what: str) -> dict[str, Any]:
        """restart, swap, rest or wake it; gives its row, what was said and what changed. Raises ValueError."""
        there = self.supervisor
        does: dict[str, Callable[[str], Awaitable[Outcome]]] = {
            "restart": there.restart,
            "swap": there.swap,
            "rest": there.rest,
            "wake": there.wake,
        }
        outcome = await does[what](name)
        if not isinstance(outcome, Done):
            raise ValueError(outcome.reason if isinstance(outcome, Failed) else outcome.question)
        row = next(row for row in await self.service_rows() if row["name"] == name)
        return row | wire.result_row(outcome)

    async def service_stats(self, name: str = "") -> list[dict[str, Any]]:
        """What a service, or each one, takes and is held to. Raises ValueError where there is no such service."""
        rows = await self.supervisor.stats(name)
        if isinstance(rows, Failed):
            raise ValueError(rows.reason)
        return rows

    # Running on

    async def keep_watch(self) -> None:
        """What only a hub that stays does: take up what a crash left, index memory, tell what is due."""
        self.tasks.start_soon(self.watched.watch)
        settings = self.settings
        self.tasks.start_soon(Resting(self.supervisor, self.watched, settings.member, settings.zone).watch)
        self.tasks.start_soon(Withheld(self.supervisor, self.watched, settings.member, settings.zone).watch)
        self.tasks.start_soon(keep_indexed, self.memory, settings, lambda: self.said)
        self.tasks.start_soon(self._warm)

    async def _warm(self) -> None:
        """Have the tools and the reader ready before the first request."""
        try:
            tools = await self.toolbox.tools()
            await anyio.to_thread.run_sync(self._read_once, tools)
        except Exception:  # the first request will meet it, and say so
            logger.exception("understanding could not be made ready")

    def _read_once(self, tools: Sequence[Tool]) -> None:
        seen = [
            ToolSchema(tool.name, tool.description, tool.schema, tool.examples) for tool in tools if not tool.hidden
        ]
        self.reader.read(Request("what time is it", seen, datetime.now(UTC)))


@asynccontextmanager
async def open_hub(settings: Settings, launched: Launched | None = None) -> AsyncIterator[Hub]:
    """Put everything together; on leaving, what has begun is seen through and the children end.

    `launched`: a template process for the services that is already loading.
    """
    make_home(settings.home)
    async with (
        Supervisor(
            [BUILT_IN, settings.home / "services.d", *settings.services],
            home=settings.home,
            idle_seconds=settings.idle,
            launched=launched,
        ) as supervisor,
        anyio.create_task_group() as tasks,
    ):
        with told_of(settings.home, (sa.exc.DBAPIError, OSError)):
            hub = Hub(settings, supervisor, tasks)
        try:
            with told_of(settings.home, (sa.exc.DBAPIError,)):
                await resume(hub._journal, hub.toolbox)
            yield hub
        finally:
            tasks.cancel_scope.cancel()
            with anyio.move_on_after(CLOSING, shield=True):
                if hub.chat is not None:
                    await hub.chat.aclose()
                await anyio.to_thread.run_sync(hub.memory.close)
            hub.engine.dispose()

"""Memory over HTTP: the timeline, questions, facts and their sources; what is brought in, taken out and forgotten.

Must stay true: whoever asks sees what their member may see, through `memory/company/rooms.py` alone.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import Field
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import StreamingResponse

from agent.turn import Turn
from interface import wire
from interface.bulk import BATCH, BATCH_BYTES, Importer, Tally, bring
from interface.chronicle import Chronicle, Row, Unknown
from interface.erasure import erase_member
from interface.holder import holder
from interface.http.errors import Json
from interface.http.turns import Text, Who, hub_of
from interface.hub import Hub
from memory.errors import Refused
from memory.forgetting import What

router = APIRouter(prefix="/api", tags=["memory"])

PAGE = 50
MOST = 500
"""Notes of one page."""
MOST_FORGOTTEN = 10_000
"""Ids at once."""
ERRORS = 1000
"""Refused lines of one import that are told one by one."""
LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of one line of an import: a note of the most characters, escaped."""
NDJSON = "application/x-ndjson"
TOO_LONG = f"A line is longer than {LINE_LIMIT // 1024 // 1024} MiB; one note stands on a line."

Short = Annotated[Text, Field(max_length=200)]
KindOf = Literal["", "fact", "preference", "commitment", "condition"]


class Remembered(Who):
    """Something to remember, word for word."""

    text: Annotated[Text, Field(min_length=1)]


class Recalling(Who):
    """A question to memory."""

    query: Annotated[Text, Field(min_length=1)]
    k: Annotated[int, Field(ge=1, le=1000)] = 5


class Paging(Who):
    """Which part of the timeline."""

    before: datetime | None = None
    """Said then or earlier; the latest by default."""
    n: Annotated[int, Field(ge=1, le=MOST)] = PAGE
    who: Short = ""
    """Said by them."""
    kind: KindOf = ""
    """Something of this kind follows from it."""
    place: Short = ""
    """Said in that room."""


class AboutWhat(Who):
    """Which facts."""

    subject: Short = ""
    kind: KindOf = ""
    at: datetime | None = None
    """What held then; now by default."""


class Past(Who):
    """Of which fact."""

    subject: Annotated[Short, Field(min_length=1)]
    relation: Annotated[Short, Field(min_length=1)]


class Correcting(Who):
    """What is true instead of a fact."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    text: Annotated[Text, Field(min_length=1, max_length=2000)]


class Forgetting(Who):
    """What is to be forgotten; all that is given must hold."""

    ids: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_FORGOTTEN)] = Field(default=[])
    topic: Short = ""
    person: Short = ""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    preview: bool = False
    """Only show what would be forgotten."""


class ErasingMember(Who):
    """Whom to erase."""

    confirm: str
    """The member's name again: this can't be undone."""


@router.post("/remember")
async def remember(request: Request, given: Remembered) -> Response:
    """Remember something for a member."""
    hub = hub_of(request)
    return Json(wire.outcome_row(await hub.remember(given.text, given.turn(hub.settings).caller)))


@router.post("/recall")
async def recall(request: Request, asked: Recalling) -> Response:
    """What is remembered about something, best first."""
    hub = hub_of(request)
    found = await hub.recall(asked.query, asked.turn(hub.settings).caller, asked.k)
    return Json([wire.recalled_row(hit) for hit in found])


@router.get("/memory/timeline")
async def timeline(request: Request, asked: Annotated[Paging, Query()]) -> Response:
    """What was said, newest first; `before` also holds what was said in that very moment."""
    turn = turn_of(request, asked)
    filters = (asked.who, asked.kind, asked.place)
    return Json(await work(request, Chronicle.timeline, turn, asked.n, zoned(asked.before, turn), *filters))


@router.get("/memory/facts")
async def facts(request: Request, asked: Annotated[AboutWhat, Query()]) -> Response:
    """What is believed of people, places and things, now or at a moment."""
    turn = turn_of(request, asked)
    return Json(await work(request, Chronicle.facts, turn, asked.subject, asked.kind, zoned(asked.at, turn)))


@router.get("/memory/facts/history")
async def history(request: Request, asked: Annotated[Past, Query()]) -> Response:
    """How a fact came to be what it is, oldest first."""
    return Json(await work(request, Chronicle.history, turn_of(request, asked), asked.subject, asked.relation))


@router.get("/memory/people")
async def people(request: Request, asked: Annotated[Who, Query()]) -> Response:
    """Whom and what facts are about, the most facts first."""
    return Json(await work(request, Chronicle.people, turn_of(request, asked)))


@router.get("/memory/status")
async def status(request: Request, asked: Annotated[Who, Query()]) -> Response:
    """How much is remembered, and how much of it is found by its meaning already."""
    return Json(await work(request, Chronicle.status, turn_of(request, asked)))


@router.get("/memory/why/{wanted}")
async def why(
    request: Request, asked: Annotated[Who, Query()], wanted: Annotated[str, Path(max_length=200)]
) -> Response:
    """Where a note or a fact comes from."""
    return Json(await work(request, Chronicle.why, turn_of(request, asked), wanted))


@router.post("/memory/correct")
async def correct(request: Request, given: Correcting) -> Response:
    """Say what is true in place of a fact; that is remembered, and the fact is over."""
    answer = await work(request, Chronicle.correct, turn_of(request, given), given.id, given.text)
    hub_of(request).tell_said()
    return Json(answer)


@router.post("/memory/forget")
async def forget(request: Request, given: Forgetting) -> Response:
    """Forget notes, or the notes that facts rest on, and every trace of them. Can't be undone: preview first."""
    turn = turn_of(request, given)
    since, until = zoned(given.since, turn), zoned(given.until, turn)
    what = What(tuple(given.ids), given.topic.strip(), given.person.strip(), since, until)
    if what == What():
        raise HTTPException(422, "Say what to forget: ids, a topic, a person, since or until.")
    answer = await work(request, Chronicle.forget, turn, what, given.preview)
    hub_of(request).tell_said()
    return Json(answer)


@router.post("/memory/erase")
async def erase(request: Request, given: ErasingMember) -> Response:
    """Erase a member: all that they said and did, and what services keep of them. Can't be undone."""
    member = turn_of(request, given).member
    if given.confirm != member:
        raise HTTPException(422, "Give the member's name again as `confirm`: this can't be undone.")
    return Json(wire.erased_row(member, await erase_member(hub_of(request), member)))


@router.get("/memory/export")
async def export(request: Request, asked: Annotated[Who, Query()]) -> Response:
    """All that is a member's, as JSON lines."""
    lines = chronicle(request).export(turn_of(request, asked))
    headers = {"Content-Disposition": 'attachment; filename="muos-memory.jsonl"', "Cache-Control": "no-store"}
    return StreamingResponse(iterate_in_threadpool(line + "\n" for line in lines), media_type=NDJSON, headers=headers)


@router.post("/memory/import")
async def bring_in(request: Request, asked: Annotated[Who, Query()]) -> Response:
    """Bring notes in, one JSON object a line of the body; what can't be kept is told, and the rest goes on."""
    began, whole, turn, hub = time.perf_counter(), Tally(), turn_of(request, asked), hub_of(request)
    importer = Importer(turn.member, turn.room, turn.now, own=not holder().owner)
    try:
        async for batch in portions(request.stream()):
            tally = await anyio.to_thread.run_sync(bring, hub.memory, batch, importer)
            whole.imported += tally.imported
            whole.merged += tally.merged
            whole.refused += tally.refused
            whole.errors += tally.errors[: ERRORS - len(whole.errors)]
        await anyio.to_thread.run_sync(hub.memory.catch_up)
    finally:
        hub.tell_said()
    return Json(
        {
            "imported": whole.imported,
            "merged": whole.merged,
            "refused": whole.refused,
            "ms": round((time.perf_counter() - began) * 1000, 1),
            "errors": [{"id": line_id, "error": reason} for line_id, reason in whole.errors],
        }
    )


async def portions(stream: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """The body's lines, as many at a time as are kept together. Raises HTTPException for one without end."""
    rest, batch, size = b"", list[bytes](), 0
    async for chunk in stream:
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_LIMIT:
            raise HTTPException(413, TOO_LONG)
        for line in lines:
            batch.append(line)
            size += len(line)
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
    if rest:
        batch.append(rest)
    if batch:
        yield batch


def chronicle(request: Request) -> Chronicle:
    """Over the hub's memory."""
    hub: Hub = hub_of(request)
    return Chronicle(hub.memory, hub.dialogue, hub.erasing)


def turn_of(request: Request, who: Who) -> Turn:
    """On whose behalf, where and when."""
    return who.turn(hub_of(request).settings, way="api")


def zoned(moment: datetime | None, turn: Turn) -> datetime | None:
    """A time without an offset is counted in the person's zone."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=turn.now.tzinfo)


async def work(request: Request, does: Callable[..., Row], *given: Any) -> Row:
    """One of the chronicle's answers, off the event loop."""
    try:
        return await anyio.to_thread.run_sync(partial(does, chronicle(request), *given))
    except Unknown as unknown:
        raise HTTPException(404, str(unknown)) from unknown
    except Refused as refused:
        raise HTTPException(409, str(refused)) from refused

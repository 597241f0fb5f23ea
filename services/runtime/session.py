"""The client's side of MCP over a pipe: requests, their answers, and nothing a child can do to harm the hub.

Must stay true: a request ends with its answer, with `Refused`, or with `ChildLost` as soon as the pipe closes;
no line, however long or broken, takes more than `MESSAGE_LIMIT` bytes of memory.

Written out rather than taken from the SDK's client because the hub must be up in half the time that the SDK
takes to load, and because of the two bounds above; the SDK serves at the other end of it, and checks it there.
Covers the handshake, tools and ping, of revision 2025-11-25: https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
from anyio.abc import ByteStream, TaskGroup

from services.runtime.errors import ChildLost, Refused, ServiceError, WireFault

PROTOCOL = "2025-11-25"
SPOKEN = frozenset({"2024-11-05", "2025-03-26", "2025-06-18", PROTOCOL})
"""Revisions whose tools look the same to us."""
MESSAGE_LIMIT = 8 * 1024 * 1024
"""Bytes of one message, either way."""
NESTED = 100
"""Levels of one message: more than any answer has, and what all that read it can follow."""
GARBAGE_LIMIT = 200
"""Lines that are no JSON (a greeting, a stray print) before the child is given up."""
QUEUE = 64
"""Messages that wait to be written; a child that makes us answer but does not read is given up."""
PAGES = 20
"""Most pages of a list of tools."""
CLOSED = "it closed its output"
READ_BYTES = 256 * 1024
CALL = "muos/call"
"""Asked by a child: a call of another service's tool."""
ASKED_AT_ONCE = 4
"""Such calls that one child may have in flight."""
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


Asked = Callable[[str, Mapping[str, Any], str], Awaitable[dict[str, Any]]]
"""A tool, its arguments, and the id of the call in progress, to a result; raises nothing."""


class Pending:
    """A request that waits for its answer."""

    __slots__ = ("answer", "answered", "call")

    def __init__(self, call: object = None) -> None:
        self.call = call
        """The id of the tool call that it is."""
        self.answered = anyio.Event()
        self.answer: dict[str, Any] | None = None


class Session:
    """One conversation with one child."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._numbers = itertools.count(1)
        self._pending: dict[int, Pending] = {}
        self._garbage = 0
        self._ended = ""
        self.asked: Asked | None = None
        """Answers the child's calls of other services' tools; without it, none is offered."""
        self._answering = 0
        self._tasks: TaskGroup
        self.relisted = anyio.Event()
        """It said that its tools are others now; whoever listens puts a new event here."""
        self._queue, self._queued = anyio.create_memory_object_stream[bytes](QUEUE)

    async def run(self) -> str:
        """Converse until the pipe closes; why it did. What still waits then gets `ChildLost`."""
        try:
            async with self._queued, self._queue, anyio.create_task_group() as tasks:
                self._tasks = tasks
                tasks.start_soon(self._write)
                self._ended = await self._read()
                tasks.cancel_scope.cancel()
        finally:
            self._ended = self._ended or "it was stopped"
            for pending in self._pending.values():
                pending.answered.set()
        return self._ended

    def close(self) -> None:
        """Let go of what it holds, whether or not it ran."""
        self._queue.close()
        self._queued.close()

    async def _write(self) -> None:
        try:
            async for data in self._queued:
                await self._stream.send(data)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            return  # the reader sees the end, after what the child said last

    async def _read(self) -> str:
        unread, seen = bytearray(), 0
        while True:
            try:
                unread += await self._stream.receive(READ_BYTES)
            except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
                return CLOSED
            try:
                while (end := unread.find(b"\n", seen)) >= 0:
                    line = bytes(unread[:end])
                    del unread[: end + 1]
                    seen = 0
                    self._hear(line)
                seen = len(unread)
                if seen > MESSAGE_LIMIT:
                    raise WireFault(f"it sent a message of more than {MESSAGE_LIMIT // 2**20} MB")
            except ServiceError as fault:  # a WireFault; or Refused, where what it asks can't even be answered
                return str(fault)

    def _hear(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError) as error:
            self._garbage += 1
            if self._garbage > GARBAGE_LIMIT:
                raise WireFault("it writes text that is not MCP to its standard output") from error
            return
        if line.count(b"[") + line.count(b"{") > NESTED and not shallow(message):
            raise WireFault(f"it sent a message of more than {NESTED} levels")
        if HALF_PAIR.search(line):
            message = mend(message)
        if "method" in message:
            self._answer(message)
        elif isinstance(number := message.get("id"), int) and number in self._pending:
            pending = self._pending[number]
            pending.answer = pending.answer or message  # the first one counts
            pending.answered.set()

    def _answer(self, message: Mapping[str, Any]) -> None:
        """The child asks whether we live, or calls another service's tool. Of notifications only one is heeded."""
        if message.get("id") is None:
            if message["method"] == "notifications/tools/list_changed":
                self.relisted.set()
            return
        if message["method"] == CALL and self.asked is not None and self._answering < ASKED_AT_ONCE:
            self._answering += 1
            self._tasks.start_soon(self._answer_call, message, self.asked)
        elif message["method"] == "ping":
            self._reply(message["id"], {"result": {}})
        else:
            self._reply(message["id"], {"error": {"code": METHOD_NOT_FOUND, "message": "Not offered."}})

    async def _answer_call(self, message: Mapping[str, Any], asked: Asked) -> None:
        """Within a call of its own only, whatever it says."""
        params = message.get("params")
        tool, arguments, within = map((params if isinstance(params, dict) else {}).get, ("tool", "arguments", "for"))
        try:
            sound = isinstance(tool, str) and isinstance(arguments, dict) and isinstance(within, str)
            if not sound or not any(pending.call == within for pending in self._pending.values()):
                text = "What was asked of another service is not part of a call in progress."
                self._reply(message["id"], {"error": {"code": INVALID_PARAMS, "message": text}})
            else:
                self._reply(message["id"], {"result": await asked(str(tool), arguments or {}, str(within))})
        except Refused as error:  # the answer is too long
            self._reply(message["id"], {"error": {"code": error.code, "message": str(error)}})
        except (WireFault, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return  # it reads nothing, or is gone; its own call ends by that
        finally:
            self._answering -= 1

    def _reply(self, number: object, answer: Mapping[str, Any]) -> None:
        """Raises WireFault for a child that does not read."""
        reply = {"jsonrpc": "2.0", "id": number, **answer}
        try:
            self._queue.send_nowait(encode(reply))
        except anyio.WouldBlock:
            raise WireFault("it asks without end and reads no answer") from None

    async def request(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Ask and wait. Raises Refused, WireFault, ChildLost. If cancelled, the child is told."""
        number, pending = next(self._numbers), Pending((params.get("_meta") or {}).get("muos/call"))
        self._pending[number] = pending
        try:
            await self._say({"id": number, "method": method, "params": params})
            await pending.answered.wait()
        except anyio.get_cancelled_exc_class():
            if method == "tools/call":
                self._say_nowait({"method": "notifications/cancelled", "params": {"requestId": number}})
            raise
        finally:
            del self._pending[number]
        if pending.answer is None:
            raise ChildLost(self._ended)
        return result_of(pending.answer)

    async def _say(self, message: Mapping[str, Any]) -> None:
        try:
            await self._queue.send(encode({"jsonrpc": "2.0", **message}))
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            raise ChildLost(self._ended) from None

    def _say_nowait(self, message: Mapping[str, Any]) -> None:
        try:
            self._queue.send_nowait(encode({"jsonrpc": "2.0", **message}))
        except (anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return  # a courtesy, no more

    async def initialize(self) -> None:
        """The handshake. Raises as `request` does."""
        result = await self.request(
            "initialize",
            {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": {"name": "muos", "version": "1"}},
        )
        if result.get("protocolVersion") not in SPOKEN:
            raise WireFault(f"it speaks MCP {str(result.get('protocolVersion'))[:40]!r}, which I do not")
        await self._say({"method": "notifications/initialized"})

    async def list_tools(self) -> list[dict[str, Any]]:
        """All its tools as MCP objects, whatever they hold. Raises as `request` does."""
        tools: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        for _ in range(PAGES):
            page = await self.request("tools/list", cursor)
            listed = page.get("tools")
            if not isinstance(listed, list):
                raise WireFault("it lists no tools")
            tools += [tool for tool in listed if isinstance(tool, dict)]
            if not page.get("nextCursor"):
                return tools
            cursor = {"cursor": page["nextCursor"]}
        raise WireFault(f"its list of tools has more than {PAGES} pages")


def encode(message: Mapping[str, Any]) -> bytes:
    """One line. Raises Refused for what can't be sent."""
    try:
        data = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
        if HALF_PAIR.search(data):
            data = json.dumps(mend(message), separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(INVALID_PARAMS, f"The arguments can't be sent: {error}.") from error
    if len(data) > MESSAGE_LIMIT:
        raise Refused(INVALID_PARAMS, f"The arguments are longer than {MESSAGE_LIMIT // 2**20} MB.")
    return data + b"\n"


def result_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The result in an answer. Raises Refused, WireFault."""
    error, result = answer.get("error"), answer.get("result")
    if isinstance(error, dict):
        code = error.get("code")
        raise Refused(code if isinstance(code, int) else 0, str(error.get("message", "")))
    if not isinstance(result, dict):
        raise WireFault("it answered with neither a result nor an error")
    return result


def shallow(message: Mapping[str, Any]) -> bool:
    """Whether it has few enough levels; looked at level by level, so that depth costs no stack."""
    level: list[Any] = [message]
    for _ in range(NESTED):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in inner for item in items if isinstance(item, (dict, list))]
        if not level:
            return True
    return False


def mend(value: Any) -> Any:
    """The same without halves of surrogate pairs, which no encoder takes."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {mend(key): mend(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mend(item) for item in value]
    return value

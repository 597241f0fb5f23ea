"""The gate: the only way from a service to the network. It checks, connects, and hands the connected socket over.

    child: {"id": 1, "host": "api.example.org", "port": 443, "seconds": 10}
    gate:  {"id": 1, "ok": true} with the socket (SCM_RIGHTS), or {"id": 1, "error": "private", "text": "…"}

Must stay true: what is connected to is exactly an address that was checked, so that a name which changes its
meaning between two look-ups gains nothing; a private address is reached only where a person set exactly that
host and port; nothing that a child asks blocks the hub or grows without bound.

Guards TCP by name and port. What is said over the connection is not looked at.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import anyio
import anyio.from_thread
from anyio.abc import TaskGroup, UNIXSocketStream
from anyio.lowlevel import current_token

from services.runtime.address import Target, is_public, plain_host
from services.runtime.connecting import connect_first
from services.runtime.manifest import SETTING, Manifest
from services.runtime.settings import host_and_port

logger = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Connections that one child may be opening at the same time; more are refused."""
LOOKUPS = 24
"""Names that are being looked up at the same time, for all children together."""
LOOKUP_SECONDS = 8.0
LONGEST_SECONDS = 30.0
"""For one connection, whatever the child asks for."""
LINE_LIMIT = 4_096
"""Bytes of a request; who sends more is cut off."""
SEND_SECONDS = 5.0
"""For a child to take an answer; one that does not read is cut off."""
ADDRESSES = 6
"""Most addresses of one name that are tried."""
ENDS = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, ValueError, RecursionError)
"""How a line ends: closed, or by a request that is no JSON."""
PUBLIC_PORTS = frozenset({80, 443})

Look = Callable[[str, int], Sequence[str]]
"""A name and a port to its addresses; blocks, raises OSError."""


class Settings(Protocol):
    """What the gate must know of settings."""

    def every(self, manifest: Manifest, name: str) -> Sequence[Any]:
        """All values of a setting, whoever set them, the default included."""
        ...


class Barred(Exception):
    """Not connected: a code for programs, and why in one sentence for the person."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name by the system's resolver, in its order. Blocks; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Gate:
    """Serves the lines of all children."""

    def __init__(self, settings: Callable[[], Settings], look: Look = look_up) -> None:
        self._settings = settings
        self._look = look
        self._lookups = threading.BoundedSemaphore(LOOKUPS)

    def open(self, manifest: Manifest, tasks: TaskGroup) -> socket.socket | None:
        """The child's end of a new line, served in `tasks` until both ends are closed; None without any right."""
        if not manifest.rights.network:
            return None
        ours, theirs = socket.socketpair()
        tasks.start_soon(self.serve, ours, manifest)
        return theirs

    async def serve(self, line: socket.socket, manifest: Manifest) -> None:
        """Answer requests until the child closes its end or misbehaves."""
        try:
            async with await UNIXSocketStream.from_socket(line) as stream, anyio.create_task_group() as tasks:
                with suppress(*ENDS):
                    await self._listen(Line(stream, manifest), tasks)
                tasks.cancel_scope.cancel()
        except Exception:  # whatever a service asks for, it must not take the hub with it
            logger.exception("the line of %s was cut", manifest.name)

    async def _listen(self, line: Line, tasks: TaskGroup) -> None:
        unread = b""
        while True:
            *requests, unread = (unread + await line.stream.receive(LINE_LIMIT)).split(b"\n")
            if len(unread) > LINE_LIMIT:
                return
            for request in requests:
                asked = json.loads(request)
                if not isinstance(asked, dict):
                    return
                if line.in_flight >= IN_FLIGHT:
                    text = f"{line.manifest.called} is opening too many connections at once."
                    await line.say({"id": asked.get("id"), "error": "busy", "text": text})
                else:
                    line.in_flight += 1
                    tasks.start_soon(self._answer, line, asked)

    async def _answer(self, line: Line, asked: Mapping[str, Any]) -> None:
        number = asked.get("id")
        try:
            connected = await self.connect(line.manifest, asked)
        except Barred as barred:
            await line.say({"id": number, "error": barred.code, "text": str(barred)})
        else:
            with connected:
                connected.setblocking(True)
                await line.say({"id": number, "ok": True}, connected)
        finally:
            line.in_flight -= 1

    async def connect(self, manifest: Manifest, asked: Mapping[str, Any]) -> socket.socket:
        """A connected socket to what was asked for. Raises Barred."""
        target, seconds = read_request(asked)
        private = self.allows(manifest, target)
        try:
            with anyio.fail_after(seconds):
                addresses = await self._addresses(target)
                fit = [address for address in addresses if private or is_public(address)]
                if not fit:
                    raise Barred(
                        "private",
                        f"{target.host} lies in a private network, where services go only by an address that you set.",
                    )
                return await connect_first(fit[:ADDRESSES], target.port)
        except TimeoutError:
            raise Barred("slow", f"{target.host} did not answer within {seconds:g} seconds.") from None
        except ConnectionRefusedError:
            raise Barred("refused", f"{target.host} does not take connections on port {target.port}.") from None
        except OSError:
            raise Barred("unreachable", f"{target.host} can't be reached.") from None

    def allows(self, manifest: Manifest, target: Target) -> bool:
        """Whether private addresses are allowed, too. Raises Barred where the target is not allowed at all."""
        allowed = False
        for right in manifest.rights.network:
            if right == "*":
                return True
            if right.startswith(SETTING):
                name = right.removeprefix(SETTING)
                default = manifest.settings[name].default
                for value in self._settings().every(manifest, name):
                    if names(str(value), target):
                        if value != default:  # the person's own choice
                            return True
                        allowed = True
            elif right == "public":
                allowed = allowed or target.port in PUBLIC_PORTS
            else:
                allowed = allowed or names(right, target)
        if not allowed:
            raise Barred("denied", f"{manifest.called} may not connect to {target.host} on port {target.port}.")
        return False

    async def _addresses(self, target: Target) -> list[str]:
        if target.literal:
            return [target.host]
        if not self._lookups.acquire(blocking=False):
            raise Barred("busy", "Too many names are being looked up; try again in a moment.")

        found: list[str] = []
        loop, done = current_token(), anyio.Event()

        def look() -> None:
            try:
                with suppress(OSError, UnicodeError):
                    found.extend(dict.fromkeys(self._look(target.host, target.port)))
            finally:
                self._lookups.release()
                with suppress(RuntimeError):  # the hub has ended meanwhile
                    anyio.from_thread.run_sync(done.set, token=loop)

        # a thread that the hub's end does not wait for, as it would for one of anyio's: resolvers take long to give up
        threading.Thread(target=look, name="look-up", daemon=True).start()
        with anyio.move_on_after(LOOKUP_SECONDS):
            await done.wait()
        if not done.is_set():
            raise Barred("unknown", f"Looking up {target.host} takes too long; are you offline?")
        if not found:
            raise Barred("unknown", f"I find no address for {target.host}; are you offline?")
        return found


class Line:
    """The hub's end of a line to one child."""

    def __init__(self, stream: UNIXSocketStream, manifest: Manifest) -> None:
        self.stream = stream
        self.manifest = manifest
        self.in_flight = 0
        self._saying = anyio.Lock()

    async def say(self, message: Mapping[str, Any], connected: socket.socket | None = None) -> None:
        """Answer; a child that does not read its answers is cut off."""
        data = json.dumps(message).encode() + b"\n"
        with anyio.move_on_after(SEND_SECONDS) as patience, suppress(*ENDS):
            async with self._saying:
                if connected is None:
                    await self.stream.send(data)
                else:
                    await self.stream.send_fds(data, [connected.fileno()])
        if patience.cancelled_caught:
            await self.stream.aclose()


def names(address: str, target: Target) -> bool:
    """Whether a URL, `host:port`, or a host alone (for the web's ports) means this target."""
    host, port = host_and_port(address)
    try:
        same = plain_host(host) == target.host
    except ValueError:
        return False
    return same and (target.port == port if port is not None else target.port in PUBLIC_PORTS)


def read_request(asked: Mapping[str, Any]) -> tuple[Target, float]:
    """What is wanted, and how long it may take. Raises Barred."""
    host, port, seconds = asked.get("host"), asked.get("port"), asked.get("seconds", LONGEST_SECONDS)
    try:
        if not isinstance(host, str) or not isinstance(port, int) or not isinstance(seconds, int | float):
            raise ValueError("of another kind")
        if not 0 < port < 65536 or not seconds > 0:
            raise ValueError("no port, or no time")
        return Target.of(host, port), min(float(seconds), LONGEST_SECONDS)
    except ValueError:
        raise Barred("bad", f"{str(host)[:80]!r} is not the name of a computer on the network.") from None

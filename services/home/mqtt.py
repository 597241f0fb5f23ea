"""MQTT 3.1.1 as a client, over a socket that the hub connected; as much of it as talking to devices needs.

Must stay true: every wait has an end; a broker can make us hold no more than a bounded number of messages of a bounded
size. https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html. Not covered: quality of service 2, sessions.
"""

from __future__ import annotations

import itertools
import socket
import struct
import time
from collections.abc import Callable, Iterable, Mapping

from services.kit import Refusal

PACKET_LIMIT = 1_000_000
"""Bytes of one message."""
MESSAGES = 5_000
"""Topics whose last message is kept."""
KEEPALIVE = 60
FENCE = 5.0
"""Seconds for what the broker has kept to arrive."""
QUIET = 0.05
"""After the broker has answered: seconds without a message until it has sent all that it kept."""
CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14
REFUSED = {4: "the user name or password is wrong", 5: "we are not authorised"}


class Broker:
    """One conversation with a broker."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        self._sock = sock
        self._name = name
        self._unread = bytearray()
        self._numbers = itertools.count(1)
        self.last: dict[str, str] = {}
        """The last message of each topic."""

    def open(self, client: str, user: str = "", password: str = "") -> None:
        """The handshake. Raises Refusal."""
        flags = 2 | (128 if user else 0) | (64 if user and password else 0)
        body = text("MQTT") + bytes([4, flags]) + struct.pack("!H", KEEPALIVE) + text(client)
        body += text(user) if user else b""
        body += text(password) if user and password else b""
        self._send(CONNECT << 4, body)
        answer = self._until(CONNACK, FENCE)
        if len(answer) != 2 or answer[1]:
            code = answer[1] if len(answer) == 2 else 0
            raise Refusal(f"The MQTT server refused: {REFUSED.get(code, f'reason {code}')}.")

    def close(self) -> None:
        """Say good-bye."""
        try:
            self._send(DISCONNECT << 4, b"")
        except Refusal:
            pass
        finally:
            self._sock.close()

    def gather(self, topics: Iterable[str]) -> Mapping[str, str]:
        """Subscribe, and wait for what the broker has kept of these topics; all of `last` is given."""
        wanted = sorted(set(topics))
        for start in range(0, len(wanted), 50):
            body = struct.pack("!H", self._number()) + b"".join(
                text(topic) + b"\0" for topic in wanted[start : start + 50]
            )
            self._send(SUBSCRIBE << 4 | 2, body)
            if 128 in self._until(SUBACK, FENCE)[2:]:
                raise Refusal("The MQTT server does not let me read what devices announce.")
        self._send(PINGREQ << 4, b"")
        self._until(PINGRESP, FENCE)
        while self._hear(time.monotonic() + QUIET) is not None:
            pass
        return self.last

    def publish(self, topic: str, payload: str) -> None:
        """Send, and wait until the broker has it."""
        number = self._number()
        self._send(PUBLISH << 4 | 2, text(topic) + struct.pack("!H", number) + payload.encode())
        self._until(PUBACK, FENCE)

    def wait(self, satisfied: Callable[[Mapping[str, str]], bool], seconds: float) -> bool:
        """Listen until the messages are as wanted; False if they did not become so in time."""
        until = time.monotonic() + seconds
        while not satisfied(self.last):
            if self._hear(until) is None:
                return False
        return True

    def _number(self) -> int:
        return next(self._numbers) % 65_535 + 1

    def _send(self, head: int, body: bytes) -> None:
        try:
            self._sock.settimeout(FENCE)
            self._sock.sendall(bytes([head]) + length(len(body)) + body)
        except OSError:
            raise Refusal(f"The connection to {self._name} broke.") from None

    def _until(self, kind: int, seconds: float) -> bytes:
        """The next packet of a kind; messages before it are kept."""
        until = time.monotonic() + seconds
        while True:
            heard = self._hear(until)
            if heard is None:
                raise Refusal(f"{self._name} does not answer as an MQTT server does.")
            if heard[0] == kind:
                return heard[1]

    def _hear(self, until: float) -> tuple[int, bytes] | None:
        """The next packet, or None when the time is over."""
        while (packet := self._packet()) is None:
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._sock.settimeout(left)
            try:
                data = self._sock.recv(65_536)
            except TimeoutError:
                return None
            except OSError:
                data = b""
            if not data:
                raise Refusal(f"{self._name} closed the connection.")
            self._unread += data
        kind, body = packet
        if kind >> 4 == PUBLISH:
            self._keep(kind, body)
        return kind >> 4, body

    def _packet(self) -> tuple[int, bytes] | None:
        """The first whole packet of what was received."""
        size, head = 0, 1
        while True:
            if head >= len(self._unread):
                return None
            byte = self._unread[head]
            size |= (byte & 127) << 7 * (head - 1)
            head += 1
            if byte < 128:
                break
            if head > 4:
                raise Refusal(f"{self._name} does not speak MQTT.")
        if size > PACKET_LIMIT:
            raise Refusal(f"{self._name} sent a message that is too long.")
        if len(self._unread) < head + size:
            return None
        kind, body = self._unread[0], bytes(self._unread[head : head + size])
        del self._unread[: head + size]
        return kind, body

    def _keep(self, head: int, body: bytes) -> None:
        """Remember a message; one of quality 1 is acknowledged."""
        try:
            (size,) = struct.unpack_from("!H", body)
            topic, rest = body[2 : 2 + size].decode(), body[2 + size :]
            if head & 6:
                self._send(PUBACK << 4, rest[:2])
                rest = rest[2:]
        except (struct.error, UnicodeDecodeError):
            raise Refusal(f"{self._name} does not speak MQTT.") from None
        if topic in self.last or len(self.last) < MESSAGES:
            self.last[topic] = rest.decode(errors="replace")


def text(value: str) -> bytes:
    """A string with its length."""
    data = value.encode()[:65_535]
    return struct.pack("!H", len(data)) + data


def length(size: int) -> bytes:
    """How long the rest of a packet is: seven bits a byte."""
    found = bytearray()
    while True:
        size, low = divmod(size, 128)
        found.append(low | (128 if size else 0))
        if not size:
            return bytes(found)

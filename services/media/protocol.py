"""MPD's line protocol: https://mpd.readthedocs.io/en/stable/protocol.html.

Must stay true: an answer has a bounded length and a bounded time; what goes into a command can't become another one.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from services.kit import Refusal

ANSWER_LIMIT = 8_000_000
"""Bytes of one answer."""
SECONDS = 8.0
PERMISSION, NO_EXIST = 4, 50
Pair = tuple[str, str]


class Denied(Exception):
    """The player refused a command: its number says why."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number = number


class Player:
    """One conversation with a player."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        self._sock = sock
        self._sock.settimeout(SECONDS)
        self._name = name
        self._unread = b""
        self._heard = 0
        greeting = self._line()
        if not greeting.startswith("OK MPD "):
            raise Refusal(f"{name} is no music player that I can talk to.")

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def ask(self, command: str, *given: object) -> list[Pair]:
        """The rows of an answer. Raises Denied, Refusal."""
        return self.all([(command, *given)])

    def all(self, commands: Sequence[tuple[object, ...]]) -> list[Pair]:
        """Several commands as one: the player does all or, from the first that fails on, none."""
        lines = [written(*command) for command in commands]
        if len(lines) > 1:
            lines = ["command_list_begin", *lines, "command_list_end"]
        try:
            self._sock.sendall("".join(f"{line}\n" for line in lines).encode())
        except OSError:
            raise Refusal(f"The connection to {self._name} broke.") from None
        self._heard = 0
        rows: list[Pair] = []
        while (line := self._line()) != "OK":
            if line.startswith("ACK "):
                raise denied(line)
            name, found, value = line.partition(": ")
            if not found:
                raise Refusal(f"{self._name} answered with something that I can't read.")
            rows.append((name.lower(), value))
        return rows

    def _line(self) -> str:
        while b"\n" not in self._unread:
            try:
                data = self._sock.recv(65_536)
            except TimeoutError:
                raise Refusal(f"{self._name} takes too long to answer.") from None
            except OSError:
                data = b""
            self._heard += len(data)
            if not data:
                raise Refusal(f"{self._name} closed the connection.")
            if self._heard > ANSWER_LIMIT:
                raise Refusal(f"{self._name} answered more than I take.")
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode(errors="replace")


def written(*parts: object) -> str:
    """A command in one line, its arguments in quotes."""
    return " ".join([str(parts[0]), *(quoted(str(part)) for part in parts[1:])])


def quoted(text: str) -> str:
    """An argument that can't end its command."""
    plain = " ".join(text.splitlines()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def denied(line: str) -> Denied:
    """ACK [50@0] {load} No such playlist."""
    number = line.partition("[")[2].partition("@")[0]
    return Denied(int(number) if number.isdigit() else 0, line.partition("} ")[2])


def rows_by(rows: Sequence[Pair], first: str) -> list[dict[str, str]]:
    """Rows as tables, each of which begins with the row named `first`."""
    found: list[dict[str, str]] = []
    for name, value in rows:
        if name == first:
            found.append({})
        if found:
            found[-1].setdefault(name, value)
    return found

"""The door to MuOS from the command line: the hub of this home when one runs, else a MuOS in this process."""

from __future__ import annotations

import http.client
import importlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self, cast

from interface.home import make_home
from interface.running import find_hub
from interface.settings import Settings
from services.runtime.launch import can_fork, launch_template

Row = dict[str, Any]
ANSWER_LIMIT = 600.0
"""Seconds that the hub may be silent in the middle of an answer."""

GONE = "The hub went away in the middle of the answer; `muos log` shows what was done."


class Door(Protocol):
    """What the commands need; rows are JSON as the API gives them."""

    def ask(self, asked: Mapping[str, Any]) -> Iterator[Row]:
        """One turn: its events, the last of which is `end`."""
        ...

    def undo(self, what: Mapping[str, Any]) -> Row:
        """Take the last action back, or what is said under call, count or since; gives the `end` row."""
        ...

    def call(self, typed: Mapping[str, Any]) -> Row:
        """Make a typed call; gives its row."""
        ...

    def confirm(self, call_id: str, yes: bool, who: Mapping[str, Any]) -> Row:
        """Give a waiting call its yes, or its no; gives the `end` row."""
        ...

    def flows(self, member: str, limit: int, status: str | None) -> list[Row]:
        """What was done, newest first."""
        ...

    def flow(self, flow_id: str, member: str) -> Row:
        """One piece of work. Raises ValueError where there is none."""
        ...

    def cancel(self, flow_id: str, member: str) -> Row:
        """Cancel a piece of work; gives its row, and what to tell under `said`. Raises ValueError if that can't be."""
        ...

    def services(self) -> list[Row]:
        """The services and how they are."""
        ...

    def manage(self, name: str, what: str) -> Row:
        """Restart, swap, rest or wake a service; its row, and what was said as `text`."""
        ...

    def stats(self, name: str) -> list[Row]:
        """What a service, or each one, takes and is held to."""
        ...

    def settings_of(self, service: str, member: str) -> list[Row]:
        """A service's settings; of a secret only whether it is set."""
        ...

    def set_setting(self, service: str, member: str, key: str, value: Any) -> Row:
        """Set one of them; None takes it away."""
        ...

    def stranger(self, name: str, do: str, given: Mapping[str, Any]) -> Row:
        """review, approve, trust or forget a server that someone else wrote; gives what there is to see of it."""
        ...

    def remember(self, text: str, who: Mapping[str, Any]) -> Row:
        """Remember a text."""
        ...

    def erase(self, member: str) -> Row:
        """Erase a member."""
        ...

    def recall(self, query: str, k: int, who: Mapping[str, Any]) -> list[Row]:
        """What is remembered."""
        ...

    def unseen(self, member: str) -> list[Row]:
        """What fell due while nobody listened; each is given once."""
        ...

    def listen(self, member: str, tell: Callable[[Row], None]) -> None:
        """Tell alerts as they come, from a thread, for as long as the door is open."""
        ...


def open_door(settings: Settings, alone: bool = False) -> AbstractContextManager[Door]:
    """The running hub of this home, or a MuOS of our own for as long as the door is open.

    `alone`: also where a hub runs, because this command was given a model that the hub has not.
    """
    hub = None if alone else find_hub(settings.home)
    if hub is not None:
        return HubDoor(hub.host, hub.port, hub.token)
    make_home(settings.home)
    launched = launch_template(settings.home / "logs") if can_fork() else None
    # a whole MuOS takes most of a second to import: only who needs it pays for it, while the template loads
    inside = importlib.import_module("interface.cli.alone")
    return cast("AbstractContextManager[Door]", inside.AloneDoor(settings, launched))


class HubDoor:
    """Speaks HTTP with the hub. The standard library's client, because starting up must take milliseconds."""

    def __init__(self, host: str, port: int, token: str | None) -> None:
        self.connection = http.client.HTTPConnection(host, port, timeout=ANSWER_LIMIT)
        self.headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.connection.close()

    def _send(self, method: str, path: str, body: Mapping[str, Any] | bytes | None = None) -> http.client.HTTPResponse:
        content = body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=True)
        self.connection.close()  # the hub lets go of one that was idle for some seconds, while a person thought
        try:
            self.connection.request(method, path, content, self.headers)
            answer = self.connection.getresponse()
        except (OSError, http.client.HTTPException) as fault:
            raise RuntimeError(f"The hub stopped answering ({fault}).") from fault
        if answer.status >= 500:
            raise RuntimeError(refusal(answer))
        if answer.status >= 400:
            raise ValueError(refusal(answer))
        return answer

    def _json(self, method: str, path: str, body: Mapping[str, Any] | bytes | None = None) -> Any:
        answer = self._send(method, path, body)
        try:
            return json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise RuntimeError(GONE) from fault

    def ask(self, asked: Mapping[str, Any]) -> Iterator[Row]:
        """One turn, streamed."""
        answer = self._send("POST", "/api/turns", asked)
        row: Row = {}
        try:
            for line in answer:
                row = json.loads(line)
                yield row
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise RuntimeError(GONE) from fault
        if row.get("event") != "end":
            raise RuntimeError(GONE)

    def undo(self, what: Mapping[str, Any]) -> Row:
        """Take actions back."""
        return cast("Row", self._json("POST", "/api/undo?stream=false", what))

    def call(self, typed: Mapping[str, Any]) -> Row:
        """Make a typed call."""
        return cast("Row", self._json("POST", "/api/calls", typed))

    def confirm(self, call_id: str, yes: bool, who: Mapping[str, Any]) -> Row:
        """Give a waiting call its yes, or its no."""
        path = f"/api/calls/{quoted(call_id)}/confirm?stream=false"
        return cast("Row", self._json("POST", path, {**who, "yes": yes}))

    def flows(self, member: str, limit: int, status: str | None) -> list[Row]:
        """What was done."""
        only = f"&status={status}" if status else ""
        return cast("list[Row]", self._json("GET", f"/api/flows?member={quoted(member)}&limit={limit}{only}"))

    def flow(self, flow_id: str, member: str) -> Row:
        """One piece of work."""
        return cast("Row", self._json("GET", f"/api/flows/{quoted(flow_id)}?member={quoted(member)}"))

    def cancel(self, flow_id: str, member: str) -> Row:
        """Cancel a piece of work."""
        return cast("Row", self._json("DELETE", f"/api/flows/{quoted(flow_id)}?member={quoted(member)}"))

    def services(self) -> list[Row]:
        """The services."""
        return cast("list[Row]", self._json("GET", "/api/services"))

    def manage(self, name: str, what: str) -> Row:
        """Restart, swap, rest or wake a service."""
        return cast("Row", self._json("POST", f"/api/services/{quoted(name)}/{what}", {}))

    def stats(self, name: str) -> list[Row]:
        """What services take."""
        return cast("list[Row]", self._json("GET", f"/api/services/stats?name={quoted(name)}"))

    def settings_of(self, service: str, member: str) -> list[Row]:
        """A service's settings."""
        path = f"/api/services/{quoted(service)}/settings?member={quoted(member)}"
        return cast("list[Row]", self._json("GET", path))

    def set_setting(self, service: str, member: str, key: str, value: Any) -> Row:
        """Set one of them."""
        path = f"/api/services/{quoted(service)}/settings/{quoted(key)}"
        return cast("Row", self._json("PUT", path, {"member": member, "value": value}))

    def stranger(self, name: str, do: str, given: Mapping[str, Any]) -> Row:
        """Review, approve, trust or forget one."""
        return cast("Row", self._json("POST", f"/api/strangers/{quoted(name)}/{do}", given))

    def remember(self, text: str, who: Mapping[str, Any]) -> Row:
        """Remember a text."""
        return cast("Row", self._json("POST", "/api/remember", {"text": text, **who}))

    def erase(self, member: str) -> Row:
        """Erase a member."""
        return cast("Row", self._json("POST", "/api/memory/erase", {"member": member, "confirm": member}))

    def recall(self, query: str, k: int, who: Mapping[str, Any]) -> list[Row]:
        """What is remembered."""
        return cast("list[Row]", self._json("POST", "/api/recall", {"query": query, "k": k, **who}))

    def unseen(self, member: str) -> list[Row]:
        """What fell due while nobody listened."""
        return cast("list[Row]", self._json("POST", f"/api/alerts/unseen?member={quoted(member)}", {}))

    def listen(self, member: str, tell: Callable[[Row], None]) -> None:
        """Tell alerts as they come."""
        threading.Thread(target=self._listen, args=(member, tell), daemon=True).start()

    def _listen(self, member: str, tell: Callable[[Row], None]) -> None:
        stream = http.client.HTTPConnection(self.connection.host, self.connection.port)
        try:
            stream.request("GET", f"/api/alerts?member={quoted(member)}", headers=self.headers)
            for line in stream.getresponse():
                if line.startswith(b"data:"):
                    tell(json.loads(line[5:]))
        except (OSError, ValueError, http.client.HTTPException):
            return  # the hub went away; the next request says so
        finally:
            stream.close()


def quoted(text: str) -> str:
    """The text inside a URL."""
    return "".join(c if c.isalnum() and c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in text)


def refusal(answer: http.client.HTTPResponse) -> str:
    """What the hub says is wrong."""
    try:
        return str(json.loads(answer.read())["error"])
    except (ValueError, KeyError, TypeError):
        return f"The hub answered {answer.status} {answer.reason}."

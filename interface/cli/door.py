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
from services.launch import can_fork, launch_template

Row = dict[str, Any]
ANSWER_LIMIT = 600.0
"""Seconds that the hub may be silent in the middle of an answer."""


class Door(Protocol):
    """What the commands need; rows are JSON as the API gives them."""

    def ask(self, asked: Mapping[str, Any]) -> Iterator[Row]:
        """One turn: its events, the last of which is `end`."""
        ...

    def undo(self, call_id: str | None, who: Mapping[str, Any]) -> Row:
        """Take an action back; gives the `end` row."""
        ...

    def log(self, member: str, limit: int) -> list[Row]:
        """The journal, newest first."""
        ...

    def services(self) -> list[Row]:
        """The services and how they are."""
        ...

    def restart(self, name: str) -> Row:
        """Restart a service."""
        ...

    def settings_of(self, service: str, member: str) -> list[Row]:
        """A service's settings; of a secret only whether it is set."""
        ...

    def set_setting(self, service: str, member: str, key: str, value: Any) -> Row:
        """Set one of them; None takes it away."""
        ...

    def remember(self, text: str, who: Mapping[str, Any]) -> Row:
        """Remember a text."""
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

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> http.client.HTTPResponse:
        content = None if body is None else json.dumps(body, ensure_ascii=True)
        try:
            self.connection.request(method, path, content, self.headers)
            answer = self.connection.getresponse()
        except (OSError, http.client.HTTPException) as fault:
            raise RuntimeError(f"The hub stopped answering ({fault}).") from fault
        if answer.status >= 400:
            raise ValueError(refusal(answer))
        return answer

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return json.loads(self._send(method, path, body).read())

    def ask(self, asked: Mapping[str, Any]) -> Iterator[Row]:
        """One turn, streamed."""
        answer = self._send("POST", "/api/turns", asked)
        ended = False
        for line in answer:
            row: Row = json.loads(line)
            ended = row.get("event") == "end"
            yield row
        if not ended:
            raise RuntimeError("The hub went away in the middle of the answer; `muos log` shows what was done.")

    def undo(self, call_id: str | None, who: Mapping[str, Any]) -> Row:
        """Take an action back."""
        path = f"/api/calls/{call_id}/undo" if call_id else "/api/undo"
        return cast("Row", self._json("POST", f"{path}?stream=false", who))

    def log(self, member: str, limit: int) -> list[Row]:
        """The journal."""
        return cast("list[Row]", self._json("GET", f"/api/calls?member={quoted(member)}&limit={limit}"))

    def services(self) -> list[Row]:
        """The services."""
        return cast("list[Row]", self._json("GET", "/api/services"))

    def restart(self, name: str) -> Row:
        """Restart a service."""
        return cast("Row", self._json("POST", f"/api/services/{quoted(name)}/restart", {}))

    def settings_of(self, service: str, member: str) -> list[Row]:
        """A service's settings."""
        path = f"/api/services/{quoted(service)}/settings?member={quoted(member)}"
        return cast("list[Row]", self._json("GET", path))

    def set_setting(self, service: str, member: str, key: str, value: Any) -> Row:
        """Set one of them."""
        path = f"/api/services/{quoted(service)}/settings/{quoted(key)}"
        return cast("Row", self._json("PUT", path, {"member": member, "value": value}))

    def remember(self, text: str, who: Mapping[str, Any]) -> Row:
        """Remember a text."""
        return cast("Row", self._json("POST", "/api/remember", {"text": text, **who}))

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

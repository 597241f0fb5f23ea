"""A whole MuOS in this process, for commands given while no hub runs."""

from __future__ import annotations

import queue
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from anyio.from_thread import BlockingPortal, start_blocking_portal

from agent.turn import Event, Turn, in_zone
from interface import strangers, wire
from interface.erasure import erase_member
from interface.hub import Hub, open_hub
from interface.settings import Settings
from services.record import Status, flow_row
from services.runtime.launch import Launched
from services.tool import Call, Failed

Row = dict[str, Any]


class AloneDoor:
    """The same door as the hub's, onto a hub that lives as long as the command."""

    def __init__(self, settings: Settings, launched: Launched | None = None) -> None:
        """`launched`: a template process that is already loading."""
        self.settings = settings
        self.launched = launched
        self.stack = ExitStack()
        self.portal: BlockingPortal
        self.hub: Hub

    def __enter__(self) -> Self:
        self.portal = self.stack.enter_context(start_blocking_portal())
        try:
            self.hub = self.stack.enter_context(
                self.portal.wrap_async_context_manager(open_hub(self.settings, self.launched))
            )
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stack.close()

    def ask(self, asked: Mapping[str, Any]) -> Iterator[Row]:
        """One turn, its events as they come."""
        turn = self._turn(asked)
        return self._events(lambda: self.hub.answer(turn))

    def _events(self, start: Callable[[], AsyncIterator[Event]]) -> Iterator[Row]:
        rows: queue.SimpleQueue[Row | None] = queue.SimpleQueue()
        account = wire.Account()

        async def pump() -> None:
            try:
                async for event in start():
                    account.add(event)
                    rows.put(wire.plain(wire.event_row(event)))
            finally:
                rows.put(None)

        pumping = self.portal.start_task_soon(pump)
        while (row := rows.get()) is not None:
            yield row
        pumping.result()
        yield {"event": "end", **wire.plain(account.row())}

    def _turn(self, asked: Mapping[str, Any]) -> Turn:
        zone = asked.get("zone") or self.settings.zone
        now = datetime.fromisoformat(asked["now"]) if asked.get("now") else datetime.now(ZoneInfo(zone))
        now, zone = in_zone(now, zone)
        return Turn(
            text=asked.get("text", ""),
            now=now,
            zone=zone,
            member=asked.get("member") or self.settings.member,
            room=asked.get("room") or "home",
            yes=bool(asked.get("yes")),
            preview=bool(asked.get("preview")),
        )

    def undo(self, what: Mapping[str, Any]) -> Row:
        """Take actions back."""
        turn, meant = self._turn(what), {key: what[key] for key in ("call", "count", "since") if what.get(key)}
        *_, end = self._events(lambda: self.hub.undo(meant, turn))
        return {key: value for key, value in end.items() if key != "event"}

    def call(self, typed: Mapping[str, Any]) -> Row:
        """Make a typed call."""
        turn, name = self._turn(typed), str(typed["tool"])
        if name not in {tool.name for tool in self.portal.call(self.hub.tools)}:
            raise ValueError(f"There is no tool {name!r}.")
        made = Call(name, typed["arguments"], turn.caller, preview=turn.preview, confirmed=turn.yes)
        return dict(wire.plain(wire.made_row(made, *self.portal.call(self.hub.flows.once, made))))

    def confirm(self, call_id: str, yes: bool, who: Mapping[str, Any]) -> Row:
        """Give a waiting call its yes, or its no."""
        turn = self._turn(who)
        *_, end = self._events(lambda: self.hub.confirm(call_id, yes, turn))
        return {key: value for key, value in end.items() if key != "event"}

    def flows(self, member: str, limit: int, status: str | None) -> list[Row]:
        """What was done."""
        found = self.portal.call(self.hub.flows.recent, member, limit, Status(status) if status else None)
        return [wire.plain(flow_row(flow)) for flow in found]

    def flow(self, flow_id: str, member: str) -> Row:
        """One piece of work."""
        found = self.portal.call(self.hub.flows.find, flow_id, member)
        if found is None:
            raise ValueError(f"I know of no work {flow_id!r}.")
        return dict(wire.plain(flow_row(found)))

    def cancel(self, flow_id: str, member: str) -> Row:
        """Cancel a piece of work."""
        found, said = self.portal.call(self.hub.flows.cancel, flow_id, member)
        return dict(wire.plain(flow_row(found) | {"said": said}))

    def services(self) -> list[Row]:
        """The services."""
        rows: list[Row] = self.portal.call(self.hub.service_rows)
        return rows

    def manage(self, name: str, what: str) -> Row:
        """Restart, swap, rest or wake a service."""
        row: Row = wire.plain(self.portal.call(self.hub.manage_service, name, what))
        return row

    def stats(self, name: str) -> list[Row]:
        """What services take."""
        rows: list[Row] = wire.plain(self.portal.call(self.hub.service_stats, name))
        return rows

    def settings_of(self, service: str, member: str) -> list[Row]:
        """A service's settings."""
        rows: list[Row] | None = self.portal.call(self.hub.supervisor.set_rows, service, member)
        if rows is None:
            raise ValueError(f"There is no service {service!r}.")
        return rows

    def set_setting(self, service: str, member: str, key: str, value: Any) -> Row:
        """Set one of them."""
        outcome = self.portal.call(self.hub.supervisor.set, service, member, key, value)
        if isinstance(outcome, Failed):
            raise ValueError(outcome.reason)
        return dict(outcome.data)

    def stranger(self, name: str, do: str, given: Mapping[str, Any]) -> Row:
        """Review, approve, trust or forget one."""
        if do == "forget":
            return self.portal.call(strangers.forget, self.hub, name)
        return self.portal.call(strangers.act, self.hub, name, do, given)

    def remember(self, text: str, who: Mapping[str, Any]) -> Row:
        """Remember a text."""
        return wire.outcome_row(self.portal.call(self.hub.remember, text, self._turn(who).caller))

    def erase(self, member: str) -> Row:
        """Erase a member."""
        return wire.erased_row(member, self.portal.call(erase_member, self.hub, member))

    def recall(self, query: str, k: int, who: Mapping[str, Any]) -> list[Row]:
        """What is remembered."""
        found = self.portal.call(self.hub.recall, query, self._turn(who).caller, k)
        return [wire.recalled_row(hit) for hit in found]

    def unseen(self, member: str) -> list[Row]:
        """What fell due while nobody listened."""
        return [wire.alert_row(alert) for alert in self.portal.call(self.hub.unseen_alerts, member)]

    def listen(self, member: str, tell: Callable[[Row], None]) -> None:
        """Watch what falls due, as a hub does, for as long as the door is open."""
        self.portal.call(self.hub.keep_watch)
        listening = self.portal.start_task_soon(self._listen, member, tell)
        self.stack.callback(listening.cancel)

    async def _listen(self, member: str, tell: Callable[[Row], None]) -> None:
        async for alert in self.hub.alerts():
            if alert.member == member:
                tell(wire.alert_row(alert))

"""Calls between services: one service reads from another, on behalf of the member whose call it is serving.

Must stay true: a service gets no further than its manifest's `rights.tools`, by reads only, and for no one but the
caller of a call that it really has in flight; a chain of calls comes to no service twice and so always ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

from services.runtime.manifest import Manifest
from services.runtime.wire import clean
from services.tool import Call, Done, Effect, Failed, Tool, Toolbox, Waiting

logger = logging.getLogger(__name__)

DEEPEST = 3
"""Services in a chain, the one that was called first included."""

Known = Callable[[], Mapping[str, tuple[Tool, str]]]
"""All tools by their names in the registry."""


class Between:
    """Knows which calls are in flight, and answers what services ask during them."""

    def __init__(self, known: Known, through: Toolbox) -> None:
        """`through`: the toolbox that the calls go by; the hub puts its outermost one here, which journals them."""
        self.through = through
        self._known = known
        self._in_flight: dict[tuple[str, str], Call] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        """By the id of a call that one service made of another: the services that led to it."""

    @contextmanager
    def during(self, service: str, call: Call) -> Iterator[None]:
        """While the service has the call in flight."""
        key = (service, call.id)
        self._in_flight[key] = call
        try:
            yield
        finally:
            self._in_flight.pop(key, None)

    async def answer(self, manifest: Manifest, tool: str, arguments: Mapping[str, Any], within: str) -> dict[str, Any]:
        """What another service's tool says, asked by a service during the call `within`; or why not."""
        call = self._in_flight.get((manifest.name, within))
        if call is None:
            return refused(
                f"{manifest.called} asked for {clean(tool, 80)!r} in the name of a call that is not its own."
            )
        chain = (*self._chains.get(within, ()), manifest.name)
        fault = self._fault(manifest, tool, chain)
        if fault:
            return refused(fault)
        asked = Call(tool, arguments, call.caller, preview=call.preview, flow=call.flow or call.id)
        self._chains[asked.id] = chain
        try:
            outcome = await self.through.call(asked)
        except Exception:  # what breaks in the hub must not take the service's session with it
            logger.exception("%s asked for %s", manifest.name, tool)
            return refused("Something went wrong inside MuOS; the log has the details.")
        finally:
            del self._chains[asked.id]
        match outcome:
            case Done():
                return {"done": True, "text": outcome.text, "data": dict(outcome.data)}
            case Failed():
                return refused(outcome.reason)
            case Waiting():
                return refused(f"{tool} waits for a yes, which a service can't give.")

    def _fault(self, manifest: Manifest, tool: str, chain: tuple[str, ...]) -> str:
        """Why the service may not make this call; empty where it may."""
        if not any(fnmatchcase(tool, right) for right in manifest.rights.tools):
            return f"{manifest.called} has no right to use {clean(tool, 80)!r}."
        known = self._known().get(tool)
        if known is None:
            return f"There is no tool {clean(tool, 80)!r} now."
        if known[0].effect is not Effect.READ or known[0].hidden:
            return f"{manifest.called} may only read from other services, and {tool} does more."
        if known[0].private:
            return f"What {tool} gives is for the person alone."
        if known[0].service in chain or len(chain) >= DEEPEST:
            return f"{' asks '.join((*chain, known[0].service))}: that would never end."
        return ""


def refused(text: str) -> dict[str, Any]:
    """As it goes over the wire."""
    return {"done": False, "text": text}

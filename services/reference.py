"""References: a value in a call's arguments may stand for something that an earlier call gave.

    {"$result": "3f9c2a7d01b54e86", "path": "/data/items/0"}

`$result` is the id of a call, or of a flow; `path` is a JSON Pointer (RFC 6901) into what it gave. Of a call that
is `{"text", "data", "touched"}`; of a flow `{"calls": [the same of each call, in order]}`. Within a list of steps
`$result` may also be the number of an earlier step, counted from 0.

Must stay true: a reference reaches only what the same member was given; the journal has the values, not the reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio.to_thread

from services.journal import Journal
from services.record import Entry, Flow, Status, result_row
from services.tool import Call, Failed, Hears, Outcome, Tool, Toolbox

KEYS = ({"$result"}, {"$result", "path"})
DEPTH_LIMIT = 40
"""Arguments nested deeper are not looked into."""


class NoSuchResult(Exception):
    """What is referred to is not there; says why, in a sentence for whoever made the call."""


class Referring:
    """A toolbox whose calls may refer to results, around one that records what they came to."""

    def __init__(self, inner: Toolbox, journal: Journal) -> None:
        self.inner = inner
        self.journal = journal

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Put what is referred to in the place of each reference, and make the call."""
        if refers(call.arguments):
            try:
                arguments = await anyio.to_thread.run_sync(self._resolved, call.arguments, call)
            except NoSuchResult as fault:
                failed = Failed(str(fault), Hears.MODEL)
                if not call.preview:
                    await anyio.to_thread.run_sync(self.journal.end, call, failed, None)  # it may have been planned
                return failed
            call = replace(call, arguments=arguments)
        return await self.inner.call(call)

    def _resolved(self, value: Any, call: Call) -> Any:
        if is_reference(value):
            pointer = value.get("path", "")
            if not isinstance(pointer, str):
                raise NoSuchResult(f"The path of a reference is a JSON Pointer such as /data/items/0, not {pointer!r}.")
            return follow(pointer, self._document(value["$result"], call))
        if isinstance(value, Mapping):
            return {key: self._resolved(item, call) for key, item in value.items()}
        if isinstance(value, list):
            return [self._resolved(item, call) for item in value]
        return value

    def _document(self, wanted: Any, call: Call) -> Any:
        member = call.caller.member
        if isinstance(wanted, int) and not isinstance(wanted, bool):
            flow = self.journal.find_flow(call.flow, member) if call.flow else None
            earlier = [entry for entry in flow.calls if entry.id != call.id] if flow else []
            if not 0 <= wanted < len(earlier):
                raise NoSuchResult(f"There is no earlier step {wanted} to take a result from.")
            return given(earlier[wanted])
        entry = self.journal.find(str(wanted), member)
        if entry is not None:
            return given(entry)
        flow = self.journal.find_flow(str(wanted), member)
        if flow is None:
            raise NoSuchResult(f"I know of no call {wanted!r} to take a result from.")
        return document(flow)


def refers(value: Any, depth: int = 0) -> bool:
    """Whether there is a reference anywhere in it."""
    if depth > DEPTH_LIMIT:
        return False
    if is_reference(value):
        return True
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(refers(item, depth + 1) for item in inner)


def is_reference(value: Any) -> bool:
    """Whether it is a reference itself."""
    return isinstance(value, Mapping) and set(value) in KEYS


def given(entry: Entry) -> dict[str, Any]:
    """What a call gave. Raises NoSuchResult if it has given nothing (yet)."""
    if entry.status in {Status.DONE, Status.UNDONE}:
        return result_row(entry)
    if entry.status in {Status.ERROR, Status.CANCELLED}:
        raise NoSuchResult(f"The call {entry.id} gave no result: {entry.text}")
    raise NoSuchResult(f"The call {entry.id} has not ended yet: it is {entry.status.value}.")


def document(flow: Flow) -> dict[str, Any]:
    """What a flow gave. Raises NoSuchResult."""
    return {"calls": [given(entry) for entry in flow.calls]}


def follow(pointer: str, document: Any) -> Any:
    """What a JSON Pointer leads to (RFC 6901). Raises NoSuchResult."""
    if pointer and not pointer.startswith("/"):
        raise NoSuchResult(f"A JSON Pointer begins with /, unlike {pointer!r}.")
    here = document
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(here, Mapping) and key in here:
            here = here[key]
        elif (
            isinstance(here, list) and key.isascii() and key.isdigit() and str(int(key)) == key and int(key) < len(here)
        ):
            here = here[int(key)]
        else:
            raise NoSuchResult(f"{pointer!r} leads nowhere: there is no {key!r}; {present(here)}.")
    return here


def present(here: Any) -> str:
    """What there is instead."""
    if isinstance(here, Mapping):
        return f"there is {', '.join(map(repr, list(here)[:8]))}" if here else "there is nothing"
    if isinstance(here, list):
        return f"the list has {len(here)} entries, counted from 0"
    return f"there is only {str(here)[:80]!r}"

"""A toolbox of plain functions in this process: the double that tests and benchmarks use for the supervisor.

Keeps the supervisor's promises that its callers rely on: an id takes effect once, failures are values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.tool import Call, Done, Failed, Hears, Outcome, Tool

Work = Callable[[Call], Outcome]


class InMemory:
    """Tools with the functions that do their work."""

    def __init__(self) -> None:
        self.works: dict[str, tuple[Tool, Work]] = {}
        self.calls: list[Call] = []
        """Every call that took effect, in order."""
        self.outcomes: dict[str, Outcome] = {}

    def add(self, tool: Tool, work: Work | None = None) -> None:
        """Put a tool in; without work it answers with its own arguments."""
        self.works[tool.name] = (tool, work or echo)

    async def tools(self) -> Sequence[Tool]:
        """All tools."""
        return [tool for tool, _ in self.works.values()]

    async def call(self, call: Call) -> Outcome:
        """Make the call; a known id is answered from before."""
        if call.tool not in self.works:
            return Failed(f"There is no tool {call.tool!r}.", Hears.MODEL)
        if call.id in self.outcomes:
            return self.outcomes[call.id]
        outcome = self.works[call.tool][1](call)
        if not call.preview:
            self.calls.append(call)
            self.outcomes[call.id] = outcome
        return outcome


def echo(call: Call) -> Outcome:
    """Say what was asked for."""
    given: Mapping[str, Any] = call.arguments
    return Done(f"{call.tool}: {', '.join(f'{name}={value}' for name, value in given.items())}", dict(given))

"""Policy: what must wait for a yes, and that a yes counts for exactly what was asked.

Must stay true: an irreversible call runs only when it carries a confirmation given by the member for this very
tool with these very arguments. No path, model or text that came back from a tool can set one: paths see the
toolbox through `Asking`, which strips it unless the turn itself came with a yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.tool import Call, Effect, Outcome, Tool, Toolbox, Waiting


class Guarded:
    """A toolbox that lets irreversible calls wait, around another toolbox."""

    def __init__(self, inner: Toolbox) -> None:
        self.inner = inner

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Run it, or say what it waits for."""
        if call.preview or call.confirmed:
            return await self.inner.call(call)
        tool = next((tool for tool in await self.inner.tools() if tool.name == call.tool), None)
        if tool is None or tool.effect is not Effect.IRREVERSIBLE:
            return await self.inner.call(call)
        return Waiting(question(tool, call), call)


def question(tool: Tool, call: Call) -> str:
    """Ask for a yes, naming exactly what would be done."""
    action = tool.description.splitlines()[0].rstrip(".")
    given = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in call.arguments.items())
    return f"{action}{f' ({given})' if given else ''}? This can't be undone. Say yes to go on, or no."


class Asking:
    """The toolbox as a path sees it: hidden tools are not there, and confirmations come only from the turn."""

    def __init__(self, inner: Toolbox, yes: bool, preview: bool = False) -> None:
        self.inner = inner
        self.yes = yes
        """The member agreed beforehand (`--yes`)."""
        self.preview = preview
        """The member only wants to know what would happen (`--dry-run`)."""

    async def tools(self) -> Sequence[Tool]:
        """The tools that a request may use."""
        return [tool for tool in await self.inner.tools() if not tool.hidden]

    async def call(self, call: Call) -> Outcome:
        """Make the call with the turn's own rights: a path may waive the member's yes, never claim one."""
        call = replace(call, confirmed=call.confirmed and self.yes, preview=call.preview or self.preview)
        return await self.inner.call(call)

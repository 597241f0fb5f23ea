"""Policy: what must wait for a yes, and that a yes counts for exactly what was asked.

Must stay true: an irreversible call runs only when it carries a confirmation given by the member for this very
tool with these very arguments. No path, model or text that came back from a tool can set one: paths see the
toolbox through `Asking`, which strips it unless the turn itself came with a yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.tool import Call, Done, Effect, Failed, Outcome, Tool, Toolbox, Waiting

WORDS = 160
"""Characters of what a stranger says of its own tool that stand in a question."""


class Guarded:
    """A toolbox that lets irreversible calls wait, around another toolbox."""

    def __init__(self, inner: Toolbox) -> None:
        self.inner = inner

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Run it, or say what it waits for."""
        if call.confirmed and not call.preview:
            return await self.inner.call(call)
        tool = next((tool for tool in await self.inner.tools() if tool.name == call.tool), None)
        if call.preview and tool is not None:
            return await self._preview(call, tool)
        if tool is None or tool.effect is not Effect.IRREVERSIBLE or (tool.trusted and call.unasked):
            return await self.inner.call(call)
        if tool.shown and tool.previews and not tool.foreign:
            return await self._shown(call)
        return Waiting(question(tool, call), call)

    async def _shown(self, call: Call) -> Outcome:
        """Ask with what the tool itself says that it would do; what it refuses is not even asked."""
        said = await self.inner.call(replace(call, preview=True))
        if not isinstance(said, Done):
            return said
        return Waiting(f"{said.text} This can't be undone. Say yes to go on, or no.", call)

    async def _preview(self, call: Call, tool: Tool) -> Outcome:
        """What would happen. A tool that can't say so beforehand is not called."""
        if tool.effect is Effect.READ:
            return await self.inner.call(call)
        if not tool.previews:
            return Failed(f"{tool.name} can't say beforehand what it would do, so I did not call it.")
        outcome = await self.inner.call(call)
        if isinstance(outcome, Done) and tool.effect is Effect.IRREVERSIBLE and not tool.trusted:
            return replace(outcome, text=f"{outcome.text} That can't be undone, so I would ask you first.")
        return outcome


def question(tool: Tool, call: Call) -> str:
    """Ask for a yes, naming exactly what would be done."""
    action = tool.description.splitlines()[0].rstrip(".")
    if tool.foreign:  # what its author says must not read as our own question
        action = f"Let {tool.service} do {tool.name} (in its author's words: \u201c{action[:WORDS]}\u201d)"
    given = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in call.arguments.items())
    return f"{action}{f' ({given})' if given else ''}? This can't be undone. Say yes to go on, or no."


class Asking:
    """The toolbox as a path sees it: hidden tools are not there, and confirmations come only from the turn."""

    def __init__(self, inner: Toolbox, yes: bool, preview: bool = False, flow: str | None = None) -> None:
        self.inner = inner
        self.yes = yes
        """The member agreed beforehand (`--yes`)."""
        self.preview = preview
        """The member only wants to know what would happen (`--dry-run`)."""
        self.flow = flow
        """The piece of work that the calls are part of."""

    async def tools(self) -> Sequence[Tool]:
        """The tools that a request may use."""
        return [tool for tool in await self.inner.tools() if not tool.hidden]

    async def call(self, call: Call) -> Outcome:
        """Make the call with the turn's own rights: a path may waive the member's yes, never claim one."""
        preview = call.preview or self.preview
        mine = replace(call, confirmed=call.confirmed and self.yes, preview=preview, flow=self.flow)
        return await self.inner.call(mine)

"""Several toolboxes as one."""

from __future__ import annotations

from collections.abc import Sequence

from services.tool import Call, Failed, Hears, Outcome, Tool, Toolbox


class Together:
    """Offers the tools of all; a call goes to the first that has the tool."""

    def __init__(self, toolboxes: Sequence[Toolbox]) -> None:
        self.toolboxes = toolboxes

    async def tools(self) -> Sequence[Tool]:
        """All tools, in order."""
        return [tool for toolbox in self.toolboxes for tool in await toolbox.tools()]

    async def call(self, call: Call) -> Outcome:
        """Make the call where the tool is; the first toolbox answers for tools that nobody has."""
        for toolbox in self.toolboxes:
            if any(tool.name == call.tool for tool in await toolbox.tools()):
                return await toolbox.call(call)
        if self.toolboxes:
            return await self.toolboxes[0].call(call)
        return Failed(f"There is no tool {call.tool!r}.", Hears.MODEL)

"""Help: "what can you do?" is a request like any other, answered from the tools that there are."""

from __future__ import annotations

from collections.abc import Sequence

from services.tool import Call, Done, Effect, Outcome, Tool, Toolbox

HELP = Tool(
    name="muos_help",
    description="Say what MuOS can do and how to ask for it.",
    schema={"type": "object", "properties": {}, "additionalProperties": False},
    effect=Effect.READ,
    service="muos",
    examples=(
        "what can you do?",
        "help",
        "how do I use this?",
        "what can I say?",
        "what are you able to do for me?",
        "show me what you can help with",
        "which things can I ask you?",
    ),
    idempotent=True,
)


class Helping:
    """A toolbox with `muos_help`, around the toolbox that it tells of."""

    def __init__(self, inner: Toolbox) -> None:
        self.inner = inner

    async def tools(self) -> Sequence[Tool]:
        """The inner tools and help."""
        return [*await self.inner.tools(), HELP]

    async def call(self, call: Call) -> Outcome:
        """Help, or whatever else it is."""
        if call.tool != HELP.name:
            return await self.inner.call(call)
        told: dict[str, str] = {}
        for tool in await self.inner.tools():
            if tool.examples and not tool.hidden:
                told.setdefault(tool.service, tool.examples[0])
        lines = [f"{service}: “{example}”" for service, example in told.items()]
        return Done("You can say, for example:\n" + "\n".join(lines), {"examples": told})

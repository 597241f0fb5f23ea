"""What MuOS can do, said from the tools there are: for "what can you do?"."""

from __future__ import annotations

from collections.abc import Sequence

from services.tool import Call, Done, Effect, Outcome, Tool, Toolbox

ABILITIES = Tool(
    name="muos_abilities",
    description="Say what this assistant can do, with an example of each.",
    schema={"type": "object", "properties": {}, "additionalProperties": False},
    effect=Effect.READ,
    service="muos",
    examples=("what can you do?", "help", "what can I ask you?", "how can you help me?"),
    idempotent=True,
)


class Abilities:
    """A toolbox that can tell what is in it, around another toolbox."""

    def __init__(self, inner: Toolbox) -> None:
        self.inner = inner

    async def tools(self) -> Sequence[Tool]:
        """The inner tools and the one that tells of them."""
        return [*await self.inner.tools(), ABILITIES]

    async def call(self, call: Call) -> Outcome:
        """Tell, or whatever else it is."""
        if call.tool != ABILITIES.name:
            return await self.inner.call(call)
        examples: dict[str, str] = {}
        for tool in await self.inner.tools():
            if tool.examples and not tool.hidden:
                examples.setdefault(tool.service, tool.examples[0])
        lines = [f"{service}: “{example}”" for service, example in sorted(examples.items())]
        return Done("You can say, for example:\n" + "\n".join(lines), {"examples": examples})

"""The work of `muos understand`: the reader over lines, with the installed services' tools where none are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import anyio

from interface.hub import open_hub
from interface.settings import Settings
from interface.wire import tool_row
from models.embed.encoder import Encoder
from models.errors import BadRequest
from models.reflex.plain import PlainReader
from models.reflex.understand import tools_of, understand_lines


def rows(lines: Iterable[bytes], tools: Sequence[Any] | None, settings: Settings) -> Iterator[dict[str, Any]]:
    """A row for each line."""
    try:
        default = tools_of(anyio.run(installed, settings) if tools is None else list(tools))
    except BadRequest as wrong:
        raise ValueError(f"--tools: {wrong}") from wrong
    return understand_lines(lines, default, PlainReader(Encoder(), settings.home / "cache" / "embeddings"))


async def installed(settings: Settings) -> list[Any]:
    """The tools of the services here, as MCP tool objects."""
    async with open_hub(settings) as hub:
        return [{**tool_row(tool), "_meta": {"muos/examples": list(tool.examples)}} for tool in await hub.tools()]

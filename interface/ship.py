"""Make the vectors that are shipped with MuOS: `python -m interface.ship` (`make vectors`).

They are those of all texts that understanding looks at before the first request is read, for the services that MuOS
brings, so that a new home answers its first request at once.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import anyio

from models.embed.encoder import Encoder
from models.guess import Request, ToolSchema
from models.reflex.plain import PlainReader
from models.reflex.vectors import SHIPPED, write_shipped
from services.runtime.supervisor import BUILT_IN, Supervisor
from services.tool import Tool


async def built_in_tools(home: Path) -> list[Tool]:
    """The tools of the services that MuOS brings, hidden ones left out."""
    async with Supervisor([BUILT_IN], home=home) as supervisor:
        return [tool for tool in await supervisor.tools() if not tool.hidden]


def main() -> int:
    """Make them; gives the exit code."""
    with tempfile.TemporaryDirectory() as home:
        tools = anyio.run(built_in_tools, Path(home))
    SHIPPED.unlink(missing_ok=True)
    encoder = Encoder()
    reader = PlainReader(encoder)
    seen = [ToolSchema(tool.name, tool.description, tool.schema, tool.examples) for tool in tools]
    reader.read(Request("hello", seen, datetime.now(UTC)))
    rows = reader.vectors()
    write_shipped(rows, encoder.digest)
    sys.stdout.write(f"{len(rows)} vectors of {len(tools)} tools, {SHIPPED.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

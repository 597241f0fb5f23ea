"""All that a service needs from MuOS: declare typed tools, keep data in one SQLite file, get undo free.

    service = Service(__file__, tables="CREATE TABLE IF NOT EXISTS ...")

    @service.tool("reversible", examples=["add milk to the shopping list"])
    def add(ctx: Context, items: list[str]) -> Reply: ...

    if __name__ == "__main__":
        service.run()

The wire between a service and the hub is MCP over stdio with a few `_meta` keys (see docs/service.md), so a
service may be written in another language without this kit.
"""

from services.kit.reply import Alert, Context, Refusal, Reply, Thing
from services.kit.service import Service
from services.kit.story import Step

__all__ = ["Alert", "Context", "Refusal", "Reply", "Service", "Step", "Thing"]

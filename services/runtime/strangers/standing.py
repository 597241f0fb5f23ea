"""How each stranger stands with us, as the supervisor asks: its tools if all is as approved, else none of them.

Must stay true: a child of a stranger is called only after what it lists was held against the approval, at each start
and each time that it says that its tools changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import anyio.to_thread

from services.runtime.errors import Withheld
from services.runtime.manifest import SETTING, Manifest
from services.runtime.settings import ServiceSettings, Unset
from services.runtime.strangers.approval import Approvals, Listing, Standing, approved_tools
from services.tool import Done, Failed, Tool

DATA_LIMIT = 200_000
"""Characters of a stranger's structured result, as JSON; more is left out."""
TOUCHED_LIMIT = 100
SAYS = {
    Standing.UNAPPROVED: "nobody has approved its tools yet",
    Standing.CHANGED: "its tools are not those that were approved",
}


class Strangers:
    """The strangers of a home."""

    def __init__(self, approvals: Approvals, withdraw: Callable[[str], None]) -> None:
        """`withdraw` takes the tools of the stranger of that name away at once."""
        self.approvals = approvals
        self._withdraw = withdraw
        self._standings: dict[str, Standing] = {}
        self._unseen: set[str] = set()
        """Those that have never listed anything."""

    def tools(self, manifest: Manifest) -> dict[str, tuple[Tool, str]]:
        """Its tools by registry name, with its own names of them; none where it is not as approved. Blocks."""
        approval = self.approvals.read(manifest.name)
        self._standings[manifest.name] = approval.standing
        self._unseen.discard(manifest.name)
        if approval.approved is None and approval.offered is None:
            self._unseen.add(manifest.name)
        return approved_tools(manifest.name, approval)

    def withheld(self, name: str) -> str:
        """unapproved or changed, where its tools are withheld; else empty."""
        standing = self._standings.get(name, Standing.APPROVED)
        return "" if standing is Standing.APPROVED else standing.value

    def fault(self, name: str) -> str:
        """Why its tools are withheld, in a sentence for people; empty where they are not."""
        standing = self._standings.get(name, Standing.APPROVED)
        if name in self._unseen:
            return ""  # that it does not start says more
        return f"Withheld: {SAYS[standing]}. See `muos services review {name}`." if standing in SAYS else ""

    async def vet(self, manifest: Manifest, listed: Listing) -> None:
        """Hold what a child lists against the approval. Raises Withheld."""
        name = manifest.name
        try:
            standing = await anyio.to_thread.run_sync(partial(self.approvals.examine, name, listed))
        except OSError:
            standing = Standing.CHANGED  # what can't be recorded can't be approved
        if standing is not Standing.APPROVED:
            self._standings[name] = standing
            self._unseen.discard(name)
            self._withdraw(name)
            raise Withheld(f"{manifest.called} is withheld: {SAYS[standing]}. `muos services review {name}` shows them")


def bounded(outcome: Done | Failed) -> Done | Failed:
    """A stranger's answer: what would reach beyond its own call is left out, and so is what is too long."""
    if isinstance(outcome, Failed):
        return outcome
    data = outcome.data
    if data and len(json.dumps(data, default=str)) > DATA_LIMIT:
        data = {"left_out": f"more than {DATA_LIMIT} characters"}
    return replace(outcome, data=data, touched=outcome.touched[:TOUCHED_LIMIT], due=None, names={}, names_shared=False)


def variables(manifest: Manifest, settings: ServiceSettings | Unset) -> Mapping[str, str]:
    """What the manifest puts into the environment, the household's settings filled in; what is not set is left out."""
    given = settings.of(manifest, "")
    found = {}
    for name, value in manifest.run.environment.items():
        if not value.startswith(SETTING):
            found[name] = value
        elif (setting := given.get(value.removeprefix(SETTING))) is not None:
            found[name] = str(setting)
    return found

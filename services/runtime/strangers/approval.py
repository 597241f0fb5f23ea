"""What a person approved of a stranger: its tools word for word, and which of them may do what.

Must stay true: the record lies in the home, where the stranger can't write; a listing that differs in one letter
from the approved one withdraws every tool of the stranger until a person has looked at it. Nothing that a stranger
says of itself, its text and its schemas included, is more than data.

A stranger's tool reads only if it says so (`readOnlyHint`) and the person approved that; all others wait for a yes
each time, until the person says otherwise.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from services.runtime.catalogue import sound, understood
from services.runtime.strangers.schema import tame
from services.runtime.wire import table
from services.tool import Effect, Tool

Listing = list[dict[str, Any]]
"""Tools as MCP objects, just as the stranger listed them."""


class Trust(StrEnum):
    """What a person says of a stranger's tool, against its own word."""

    READ = "read"
    """It changes nothing."""
    UNASKED = "unasked"
    """It can't be undone, and may run without asking all the same."""
    ASK = "ask"
    """It asks each time, even if it says that it only reads."""


class Standing(StrEnum):
    """How a stranger stands with us."""

    APPROVED = "approved"
    UNAPPROVED = "unapproved"
    """Nobody has looked at its tools yet."""
    CHANGED = "changed"
    """It lists other tools than were approved."""


@dataclass(frozen=True, slots=True)
class Approval:
    """The record of one stranger."""

    approved: Listing | None = None
    """What was approved; None: nothing yet."""
    offered: Listing | None = None
    """What it lists now, where that differs."""
    trust: Mapping[str, str] = field(default_factory=dict)
    """By the stranger's own name of the tool."""
    when: str = ""
    """When it was approved, ISO 8601."""

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if self.approved is None:
            return Standing.UNAPPROVED
        return Standing.CHANGED if self.offered is not None else Standing.APPROVED


class Approvals:
    """The records of a home, a file for each stranger. Methods block for a moment."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "approvals"

    def read(self, name: str) -> Approval:
        """The stranger's record; one that can't be read approves nothing."""
        try:
            row = json.loads(self._file(name).read_text(encoding="utf-8"))
            approved, offered = listing(row["approved"]), listing(row["offered"])
            return Approval(approved, offered, dict(row["trust"]), str(row["when"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return Approval()

    def write(self, name: str, approval: Approval) -> None:
        """Keep it. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f".{name}.{os.getpid()}.part"
        draft.write_text(json.dumps({"digest": digest(approval.approved or []), **asdict(approval)}), encoding="utf-8")
        draft.replace(self._file(name))

    def forget(self, name: str) -> None:
        """Remove the record."""
        self._file(name).unlink(missing_ok=True)

    def examine(self, name: str, listed: Listing) -> Standing:
        """Hold what a stranger lists against what was approved, and keep what differs for a person to see."""
        approval = self.read(name)
        same = approval.approved is not None and digest(approval.approved) == digest(listed)
        offered = None if same else listed
        if offered != approval.offered:
            approval = replace(approval, offered=offered)
            self.write(name, approval)
        return approval.standing

    def approve(self, name: str, seen: str) -> str:
        """Approve what it offers, if that is what the person saw (its digest); why not, else empty."""
        approval = self.read(name)
        if approval.offered is None:
            return "" if approval.approved is not None else "It has not listed its tools yet."
        if digest(approval.offered) != seen:
            return "It lists something else by now: look again."
        known = by_name(approval.approved or [])
        kept = {
            tool: trust
            for tool, trust in approval.trust.items()
            if by_name(approval.offered).get(tool) == known.get(tool)
        }
        self.write(name, Approval(approval.offered, None, kept, datetime.now(UTC).isoformat(timespec="seconds")))
        return ""

    def trust(self, name: str, tool: str, trust: Trust | None) -> None:
        """Note what the person says of a tool; None takes it back."""
        approval = self.read(name)
        said = {key: value for key, value in approval.trust.items() if key != tool}
        self.write(name, replace(approval, trust={**said, **({tool: trust.value} if trust else {})}))

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def approved_tools(service: str, approval: Approval) -> dict[str, tuple[Tool, str]]:
    """The stranger's tools by registry name, each with its own name of it; none unless all is as approved."""
    if approval.standing is not Standing.APPROVED or approval.approved is None:
        return {}
    return offered_tools(service, approval.approved, approval.trust)


def offered_tools(service: str, listed: Listing, trust: Mapping[str, str]) -> dict[str, tuple[Tool, str]]:
    """A listing as tools of the registry, tame, with what the person said of each."""
    good, _ = sound(service, listed)
    return {name: (judged(tool, trust.get(own, "")), own) for name, (tool, own) in understood(service, good).items()}


def judged(tool: Tool, trust: str) -> Tool:
    """The tool as the person sees it; text and schema made harmless."""
    tool = replace(tool, schema=tame(tool.schema), foreign=True, previews=tool.effect is Effect.READ)
    match trust:
        case Trust.READ:
            return replace(tool, effect=Effect.READ, idempotent=True, previews=True)
        case Trust.ASK:
            return replace(tool, effect=Effect.IRREVERSIBLE, undo=None, previews=False)
        case Trust.UNASKED:
            return replace(tool, trusted=True)
    return tool


def why(entry: Mapping[str, Any], tool: Tool, trust: str) -> str:
    """Why a tool has its effect, for people."""
    if trust:
        return {"read": "you said that it only reads", "unasked": "you said that it may run without asking"}.get(
            trust, "you said that it must ask"
        )
    hints = table(entry.get("annotations"))
    if tool.effect is Effect.READ:
        return "it says that it only reads"
    if tool.effect is Effect.REVERSIBLE:
        return "it says how to undo it"
    return "it says that it may change things" if hints else "it does not say what it changes"


def by_name(listed: Listing) -> dict[str, dict[str, Any]]:
    """The tools of a listing by their names."""
    return {str(entry.get("name")): entry for entry in listed}


def digest(listed: Sequence[Mapping[str, Any]]) -> str:
    """A digest of the whole listing, whatever its order."""
    lines = sorted(json.dumps(entry, sort_keys=True, ensure_ascii=True) for entry in listed)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def listing(value: Any) -> Listing | None:
    """A listing from a record."""
    return None if value is None else [dict(entry) for entry in value]

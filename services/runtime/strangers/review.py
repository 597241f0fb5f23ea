"""What a person is shown of a stranger before its tools may be used, and after they changed.

Must stay true: every word of it that comes from the stranger is clean and short enough to be read; what is approved
is exactly what was shown, which the digest vouches for.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.runtime.catalogue import sound
from services.runtime.manifest import Manifest
from services.runtime.strangers.approval import Approval, by_name, digest, offered_tools, why
from services.runtime.wire import clean
from services.tool import Effect, Tool

SHOWN = 1_000
"""Characters of a description."""
LINES = 60
"""Lines of a difference."""
LINE = 300


def review(manifest: Manifest, approval: Approval, taken: Mapping[str, str]) -> dict[str, Any]:
    """All that there is to know, as a row. `taken`: names of other services' tools, and whose they are."""
    listed = approval.offered if approval.offered is not None else approval.approved or []
    good, faults = sound(manifest.name, listed)
    tools = offered_tools(manifest.name, good, approval.trust)
    before = by_name(approval.approved or [])
    rows = [
        tool_row(tool, by_name(good)[own], approval, before, taken.get(name, "")) for name, (tool, own) in tools.items()
    ]
    return {
        "service": manifest.name,
        "title": clean(manifest.called, 80),
        "state": approval.standing.value,
        "source": clean(manifest.source, LINE),
        "version": clean(manifest.version, 60),
        "rights": manifest.rights.model_dump(),
        "hints": hints(manifest),
        "digest": digest(listed),
        "tools": rows,
        "gone": [clean(name, 80) for name in before if name not in by_name(listed)],
        "left_out": [clean(fault, LINE) for fault in faults],
    }


def tool_row(
    tool: Tool, entry: Mapping[str, Any], approval: Approval, before: Mapping[str, dict[str, Any]], taken: str
) -> dict[str, Any]:
    """One tool."""
    own = str(entry["name"])
    trust = str(approval.trust.get(own, ""))
    known = before.get(own)
    change = "" if approval.approved is None or known == entry else "new" if known is None else "changed"
    return {
        "name": tool.name,
        "own": clean(own, 80),
        "description": clean(tool.description, SHOWN),
        "parameters": [clean(name, 80) for name in tool.schema.get("properties", {})],
        "effect": tool.effect.value,
        "why": why(entry, tool, trust),
        "asks": tool.effect is Effect.IRREVERSIBLE and not tool.trusted,
        "hidden": tool.hidden,
        "taken": taken,
        "change": change,
        "difference": difference(known, entry) if change == "changed" and known is not None else [],
    }


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two versions of a tool, line by line: - before, + now."""
    lines = [
        clean(line, LINE)
        for line in difflib.unified_diff(plain_lines(old), plain_lines(new), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    return lines if len(lines) <= LINES else [*lines[:LINES], f"… and {len(lines) - LINES} lines more"]


def plain_lines(entry: Mapping[str, Any]) -> list[str]:
    """A tool as lines to compare: its text, then all else."""
    rest = {key: value for key, value in entry.items() if key != "description"}
    text = clean(entry.get("description") or "", 20_000).splitlines()
    return text + json.dumps(rest, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def hints(manifest: Manifest) -> list[str]:
    """What the person may have meant to grant."""
    granted = [Path(folder) for folder in (*manifest.rights.read, *manifest.rights.write)]
    named = [word for word in (manifest.run.command or ())[1:] if word.startswith("/") and Path(word).is_dir()]
    return [
        f"It was given the folder {word}, and no right to it: add it again with --read or --write {word}."
        for word in named
        if not any(Path(word).resolve().is_relative_to(folder) for folder in granted)
    ]

"""What a new version of a service changes in its tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.tool import Tool

Tools = Mapping[str, tuple[Tool, str]]
"""By registry name: the tool, and what its service calls it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference, by registry name."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    """For each tool that is in both and differs: what differs, in words."""

    @property
    def said(self) -> str:
        """In a line for people."""
        changed = [f"{name} ({', '.join(how)})" for name, how in self.changed.items()]
        parts = {"added": self.added, "removed": self.removed, "changed": changed}
        return "; ".join(f"{what} {', '.join(names)}" for what, names in parts.items() if names) or "the same tools"

    def row(self) -> dict[str, Any]:
        """The same for programs."""
        changed = {name: list(how) for name, how in self.changed.items()}
        return {"added": list(self.added), "removed": list(self.removed), "changed": changed}


def compare(old: Tools, new: Tools) -> Comparison:
    """What is new, gone and different."""
    both = [name for name in old if name in new]
    differing = {name: differences(old[name][0], new[name][0]) for name in both}
    return Comparison(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed={name: how for name, how in differing.items() if how},
    )


def differences(old: Tool, new: Tool) -> tuple[str, ...]:
    """What differs between two versions of a tool, the schema parameter by parameter."""
    found = list(schema_differences(old.schema, new.schema))
    if old.effect is not new.effect:
        found.append(f"effect {old.effect} → {new.effect}")
    rest = ("undo", "hidden", "idempotent", "description", "examples")
    return (*found, *(what for what in rest if getattr(old, what) != getattr(new, what)))


def schema_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Parameters that came (`+`), went (`-`) or are described otherwise (`~`)."""
    before, after = parameters(old), parameters(new)
    found = [f"+{name}" for name in after if name not in before]
    found += [f"-{name}" for name in before if name not in after]
    found += [f"~{name}" for name in before if name in after and before[name] != after[name]]
    return found or (["schema"] if dict(old) != dict(new) else [])


def parameters(schema: Mapping[str, Any]) -> dict[str, tuple[Any, bool]]:
    """By name: its schema, and whether it must be given."""
    properties, required = schema.get("properties"), schema.get("required")
    needed = required if isinstance(required, list) else []
    return {name: (one, name in needed) for name, one in properties.items()} if isinstance(properties, Mapping) else {}

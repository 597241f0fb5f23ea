"""Bringing two versions of one entry together, and saying what came of it.

Must stay true: a field that only one side changed is as that side has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.kit.speech import spoken

NAMED_AT_MOST = 4

Fields = Mapping[str, Any]
"""JSON values by name; a name that ends in s and has a list holds a set of words."""


@dataclass(slots=True)
class Report:
    """What a sync did."""

    fresh: int = 0
    changed: int = 0
    removed: int = 0
    sent: int = 0
    updated: int = 0
    deleted: int = 0
    unread: int = 0
    """Entries on the server that can't be kept here; they stay there as they are."""
    left: int = 0
    notes: list[str] = field(default_factory=list)
    """Conflicts and refusals, a sentence each."""
    stopped: str = ""
    """Why it ended before its time."""

    @property
    def there(self) -> int:
        """How much it changed on the server."""
        return self.sent + self.updated + self.deleted

    def data(self) -> dict[str, object]:
        """For programs."""
        here = {"new": self.fresh, "changed": self.changed, "removed": self.removed}
        there = {"new": self.sent, "changed": self.updated, "removed": self.deleted}
        rest = {"unread": self.unread, "left": self.left, "notes": self.notes, "stopped": self.stopped}
        return {"here": here, "there": there, **rest}

    def text(self, what: str, host: str, preview: bool) -> str:
        """One to four sentences for the person."""
        here = said_counts(self.fresh, self.changed, self.removed)
        there = said_counts(self.sent, self.updated, self.deleted)
        parts = [f"{here} here"] * bool(here) + [f"{there} on the server"] * bool(there)
        verb = "would be" if preview else "is"
        sentences = [f"Your {what} {verb} in step with {host}: {', '.join(parts) or 'nothing had changed'}."]
        if self.stopped or self.left:
            why = self.stopped.rstrip(".") or f"{self.left} left to do"
            sentences = [f"Your {what} is partly in step with {host}: {', '.join(parts) or 'nothing yet'}."]
            sentences.append(f"I stopped on the way: {why}. Sync again to go on.")
        sentences += self.notes[:NAMED_AT_MOST]
        if len(self.notes) > NAMED_AT_MOST:
            sentences.append(f"And {len(self.notes) - NAMED_AT_MOST} more remarks.")
        if self.unread:
            sentences.append(f"{self.unread} on the server can't be kept here and stay as they are.")
        return " ".join(sentences)


def said_counts(new: int, changed: int, removed: int) -> str:
    """2 new and 1 changed; empty for nothing."""
    rows = ((new, "new"), (changed, "changed"), (removed, "removed"))
    return spoken([f"{number} {name}" for number, name in rows if number])


def merged(base: Fields, ours: Fields, theirs: Fields) -> tuple[dict[str, Any], list[str]]:
    """Each field from the side that changed it, and the names of those where ours had to give way."""
    both: dict[str, Any] = {}
    lost = []
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        was, here, there = base.get(name), ours.get(name), theirs.get(name)
        if here in (there, was):
            both[name] = there
        elif there == was or not there:
            both[name] = here
        elif isinstance(here, list) and isinstance(there, list) and name.endswith("s"):
            both[name] = merged_list(was or [], here, there)
        else:
            both[name] = there
            if here:
                lost.append(name)
    return both, lost


def merged_list(was: list[str], here: list[str], there: list[str]) -> list[str]:
    """A set of words that both sides added to or took from."""
    gone = (set(was) - set(here)) | (set(was) - set(there))
    return sorted((set(here) | set(there)) - gone)


def said_value(value: Any) -> str:
    """A field's value in a sentence."""
    shown = value[0] if isinstance(value, list) and value else value
    return str(shown)[:80]

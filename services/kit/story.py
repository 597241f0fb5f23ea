"""A service's story: what a person says, one line after the other, and what must come of it.

`tests/services/test_stories.py` plays every story twice: as typed calls, and as plain language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a story."""

    says: str
    """What the person says."""
    tool: str
    """The tool, by its own name within the service, that must be called."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """The arguments, exactly as the schema wants them (defaults may be left out)."""
    answers: str = ""
    """A part of the answer, case ignored."""
    refused: bool = False
    """The answer is a refusal."""

"""Around the messages service: the people of a home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """Three people and a kitchen."""
    yield {"members": "owner, Anna, Bob", "rooms": "kitchen"}

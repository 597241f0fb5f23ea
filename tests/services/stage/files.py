"""A member's folder with a few files in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@contextmanager
def stage(_folder: Path) -> Iterator[dict[str, Any]]:
    """The settings that open it."""
    with TemporaryDirectory(prefix="documents") as name:  # not below `folder`: the home of MuOS is closed to it
        documents = Path(name)
        (documents / "archive").mkdir(parents=True)
        (documents / "todo.txt").write_text("oil the gate\n")
        (documents / "letter.md").write_text("Dear neighbours, the boiler is mended.\n")
        yield {"folders": [name]}

"""The folders that hold services, looked at cheaply: has anything come, gone or changed?

Must stay true: a look reads no file's content, and is bounded however much lies there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from services.runtime.manifest import service_folders

ENTRIES = 2_000
"""Most entries of a folder, and of all below it, that count."""
DEPTH = 4
"""How far below a service's folder a deep look goes."""
PASSED_OVER = ("__pycache__", "node_modules")

Marks = dict[Path, int]
"""By service folder: a number that is another one when its files are."""


def marks(places: Iterable[Path], depth: int = 0) -> Marks:
    """The service folders in these places, as they are now. Blocks."""
    return {folder.resolve(): mark(folder, depth) for place in places for folder in service_folders(place)}


def mark(folder: Path, depth: int = 0) -> int:
    """One service folder as it is now: names, sizes and times of change; `depth`: of how many levels below."""
    seen: list[tuple[str, int, int]] = []
    look(folder, "", depth, seen)
    return hash(tuple(sorted(seen)))


def look(folder: Path, within: str, depth: int, seen: list[tuple[str, int, int]]) -> None:
    """Note what is in the folder, and below it; `within`: where that is, seen from the service's folder."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(seen) >= ENTRIES:
                    return
                if not counts(entry.name):
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    if depth > 0:
                        look(Path(entry.path), f"{within}{entry.name}/", depth - 1, seen)
                    continue
                seen.append((f"{within}{entry.name}", status.st_size, status.st_mtime_ns))
    except OSError:
        return


def counts(name: str) -> bool:
    """Whether an entry of that name is part of a service."""
    return not name.startswith(".") and name not in PASSED_OVER and not name.endswith((".pyc", ".part", "~"))

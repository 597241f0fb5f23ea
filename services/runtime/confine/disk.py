"""A service's data folder: made for it alone, and measured, for the kernel bounds only the size of each file."""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from pathlib import Path

MB = 1024 * 1024
ENTRIES = 200_000
"""Most files that are looked at; a folder with more counts as full."""
PRIVATE = 0o700
TEMPORARY = "tmp"
"""Within the data folder: for what a service writes and forgets."""


def furnish(data: Path) -> None:
    """Make the folder, readable by nobody else. Raises OSError."""
    (data / TEMPORARY).mkdir(parents=True, exist_ok=True)
    if data.stat().st_mode & 0o777 != PRIVATE:
        data.chmod(PRIVATE)


def used_mb(data: Path, most_mb: int) -> float:
    """What the folder takes on the disk; stops looking once it is more than `most_mb`. Blocks.

    What can't be looked at counts as too much, or a service could hide there what it stores.
    """
    total, entries, left = 0, 0, [str(data)]
    try:
        while left and total <= most_mb * MB and entries <= ENTRIES:
            for entry in looked_at(left.pop()):
                entries += 1
                with suppress(FileNotFoundError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
    except OSError:
        return float(most_mb + 1)
    return total / MB if entries <= ENTRIES else float(most_mb + 1)


def looked_at(folder: str) -> list[os.DirEntry[str]]:
    """The entries of a folder, none if it is gone by now. Raises OSError."""
    try:
        with os.scandir(folder) as found:
            return list(itertools.islice(found, ENTRIES + 1))
    except FileNotFoundError:
        return []

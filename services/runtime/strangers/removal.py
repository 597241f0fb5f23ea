"""Removing a stranger: its folder, its data and its approval go to the home's trash, from where they come back.

Must stay true: nothing that was in use is deleted; what was moved is moved back whole, or not at all.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from services.runtime.strangers.addition import PLACE

TRASH = "trash"
STAMP = "%Y%m%dT%H%M%S%f"


def parts(home: Path, name: str) -> dict[str, Path]:
    """All that a stranger has in the home, by what it is called in the trash."""
    return {
        "service": home / PLACE / name,
        "data": home / "services" / name,
        "approval.json": home / "approvals" / f"{name}.json",
    }


def remove(home: Path, name: str) -> Path:
    """Move it to the trash; where it is there. Raises OSError."""
    trash = home / TRASH / f"{name}-{datetime.now(UTC):{STAMP}}"
    trash.mkdir(parents=True)
    move((place, trash / what) for what, place in parts(home, name).items())
    return trash


def discard(home: Path, name: str) -> None:
    """Delete all of one that was never used."""
    for place in parts(home, name).values():
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)


def last_removed(home: Path, name: str) -> Path | None:
    """Where the stranger of that name lies that was removed last."""
    pattern = re.compile(rf"{re.escape(name)}-\d{{8}}T\d+")
    with suppress(OSError):
        found = sorted(each for each in (home / TRASH).iterdir() if pattern.fullmatch(each.name))
        return found[-1] if found else None
    return None


def restore(home: Path, name: str, trash: Path) -> None:
    """Move it back. Raises OSError, FileExistsError where something has taken its place."""
    places = parts(home, name)
    if places["service"].exists():
        raise FileExistsError(f"There is a service {name!r} again.")
    move((trash / what, place) for what, place in places.items())
    trash.rmdir()


def move(pairs: Iterable[tuple[Path, Path]]) -> None:
    """Move each that is there; on a fault, move back what was moved."""
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in pairs:
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
                moved.append((source, target))
    except OSError:
        for source, target in reversed(moved):
            target.rename(source)
        raise

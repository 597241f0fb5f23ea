"""Whether Chroma's files may be read: damaged ones end the whole process, with no exception to catch.

What must stay true: a graph is read only if its files are as they were when Chroma had last written them. So a hub that
was killed in the middle of a write, or whose files were damaged since, fills its index anew from the record, and
does not die of the same file at each start. Chroma's database is not looked at: it can look after itself.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

SEAL = "sealed.json"


def seal(place: Path) -> None:
    """The files are as they should be. Without room for the seal there is none, and the index is filled anew."""
    with suppress(OSError):
        (place / SEAL).write_text(json.dumps(_files(place)))


def is_sealed(place: Path) -> bool:
    """Whether the files are as they were then."""
    try:
        sealed = json.loads((place / SEAL).read_text())
        return bool(sealed == _files(place))
    except (OSError, ValueError):
        return False


def _files(place: Path) -> dict[str, list[int]]:
    """Size and time of each file of a graph."""
    found = sorted(file for file in place.glob("*/*") if file.is_file())
    return {str(file.relative_to(place)): [file.stat().st_size, file.stat().st_mtime_ns] for file in found}

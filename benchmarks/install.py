"""What the base install weighs on disk: `python -m benchmarks.install`.

The files that the installed distributions list as theirs, compiled ones left out (pip makes those, or not); for the
base dependencies and all that they need, but without what only chromadb needs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.report import Row, alone

TITLE = "Base install on disk"
ROOT = Path(__file__).parent.parent
OURS = ("agent", "services", "memory", "interface", "models", "network")
TARGET_MB = 300
LARGEST = 10
ASIDE = "chromadb"
"""Kept because it is the best embedded vector store; what it brings along is its own affair."""


def needed(requirements: Iterable[Requirement]) -> set[str]:
    """The names of all distributions that these need, themselves included."""
    known: dict[str, set[str]] = {}
    left = list(requirements)
    while left:
        wanted = left.pop()
        name = canonicalize_name(wanted.name)
        if name in known and wanted.extras <= known[name]:
            continue
        extras = known.setdefault(name, set())
        extras |= wanted.extras
        found = installed(name)
        for text in (found.requires or ()) if found else ():
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                left.append(requirement)
    return {name for name in known if installed(name) is not None}


def installed(name: str) -> Distribution | None:
    """The distribution, if it is there: some are needed on other systems only."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def weight_mb(name: str) -> float:
    """Its files, in millions of bytes."""
    found = distribution(name)
    files = [Path(str(found.locate_file(file))) for file in found.files or () if file.suffix != ".pyc"]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def own_mb() -> float:
    """Our six packages, in millions of bytes."""
    files = [file for name in OURS for file in (ROOT / name).rglob("*") if "__pycache__" not in file.parts]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def base() -> list[Requirement]:
    """What the project asks for without any extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(text) for text in project["dependencies"]]


def run(quick: bool = False) -> list[Row]:
    """Add up; as quick either way."""
    del quick
    asked = base()
    everything = needed(asked)
    counted = needed(one for one in asked if canonicalize_name(one.name) != ASIDE)
    weights = {name: weight_mb(name) for name in everything} | {"muos itself": own_mb()}
    ours = counted | {"muos itself"}
    total, aside = sum(weights[name] for name in ours), sum(weights[name] for name in everything - counted)
    rows: list[Row] = [
        (f"base install without {ASIDE}'s own needs", f"≤ {TARGET_MB} MB", f"{total:.0f} MB", total <= TARGET_MB),
        (f"what only {ASIDE} needs", "", f"{aside:.0f} MB", None),
    ]
    heaviest = sorted(ours, key=lambda name: -weights[name])[:LARGEST]
    return rows + [(f"  {name}", "", f"{weights[name]:.1f} MB", None) for name in heaviest]


if __name__ == "__main__":
    alone(TITLE, run)

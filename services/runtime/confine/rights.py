"""From a manifest's rights, and what people have set, to the spec that a process is confined by.

Must stay true: no grant reaches the hub's own home; a folder that holds the home, or lies in it, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from services.runtime.confine.places import program_places
from services.runtime.confine.spec import Spec
from services.runtime.errors import StartFailed
from services.runtime.manifest import SETTING, Manifest

ANYTHING = "*"
MACHINE = "/proc"
"""The right to read this is the right to look at the machine: its processes, disks and network interfaces."""
PROCESSES = 128
"""Of a command whose manifest says nothing: threads count too."""
PROXY = "HTTPS_PROXY"

Values = Callable[[Manifest, str], Sequence[Any]]
"""All that people have set for a setting of a service."""


def nothing_set(_: Manifest, __: str) -> Sequence[Any]:
    """Where there are no settings."""
    return ()


def spec_of(manifest: Manifest, home: Path, environment: Mapping[str, str], values: Values = nothing_set) -> Spec:
    """What the service's process may. `environment` is the one it will have. Blocks; raises StartFailed."""
    if home.resolve().is_relative_to(manifest.folder):
        raise StartFailed(f"{manifest.called} lies in {manifest.folder}, where MuOS keeps its own data: move it.")
    limits, rights = manifest.limits, manifest.rights
    data, folder = home / "services" / manifest.name, str(manifest.folder)
    command = manifest.run.command
    read = folders(manifest, rights.read, values)
    needed = [] if command is None else program_places(command, manifest.folder, environment.get("PATH"))
    network, ports = sockets(manifest, environment)
    return Spec(
        command=command is not None,
        write=(str(data), *apart(folders(manifest, rights.write, values), home)),
        read=(folder, *apart((*needed, *read), home)),
        network=network,
        ports=ports,
        machine=MACHINE in rights.read,
        memory_mb=limits.memory_mb,
        open_files=limits.open_files,
        processes=limits.processes if limits.processes is not None else 0 if command is None else PROCESSES,
        disk_mb=limits.disk_mb,
        cpu_seconds=limits.cpu_seconds,
    )


def sockets(
    manifest: Manifest, environment: Mapping[str, str]
) -> tuple[Literal["none", "ports", "any"], tuple[int, ...]]:
    """Which sockets it may open itself: our own services none at all, for the hub's gate hands them connected ones."""
    entries = manifest.rights.network
    if not entries or manifest.run.command is None:
        return "none", ()
    if ANYTHING in entries:
        return "any", ()
    port = urlsplit(environment.get(PROXY, "")).port
    return "ports", () if port is None else (port,)


def folders(manifest: Manifest, entries: Iterable[str], values: Values) -> list[str]:
    """The granted folders as absolute paths; those that settings give included."""
    found: list[str] = []
    for entry in entries:
        if entry.startswith(SETTING):
            for value in values(manifest, entry.removeprefix(SETTING)):
                found += [value] if isinstance(value, str) else list(value)
        else:
            found.append(entry)
    paths = [Path(each).expanduser() for each in found if each]
    return [str(path.resolve()) for path in paths if path.is_absolute()]


def apart(paths: Iterable[str], home: Path) -> list[str]:
    """Those that neither hold the hub's home nor lie in it."""
    return [path for path in paths if not overlaps(Path(path), home.resolve())]


def withheld(manifest: Manifest, home: Path, values: Values = nothing_set) -> list[str]:
    """Folders that were granted, and are left out all the same."""
    granted = folders(manifest, (*manifest.rights.read, *manifest.rights.write), values)
    return [path for path in granted if path not in apart([path], home)]


def overlaps(path: Path, home: Path) -> bool:
    """Whether one lies in the other, or they are the same."""
    return path.is_relative_to(home) or home.is_relative_to(path)

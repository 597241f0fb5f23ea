"""What of a service's confinement is in force on this machine, and what is not, in words for people.

Must stay true: what is not enforced is said. `python -m benchmarks.hostile` shows that what is said here holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.runtime.confine import landlock, seccomp
from services.runtime.confine.kernel import LINUX, NEW_MOUNTS, NEW_PROCESSES, NEW_USER
from services.runtime.confine.rights import ANYTHING, PROCESSES, Values, nothing_set, withheld
from services.runtime.manifest import Manifest

PROBE_SECONDS = 5.0
PROBE = f"""
import ctypes, os
library = ctypes.CDLL(None)
code = library.unshare({NEW_USER | NEW_MOUNTS | NEW_PROCESSES}) or library.mount(b"none", b"/", b"", 0x44000, None)
os._exit(bool(code))
"""
"""Tries what `namespaces` does, in a process that ends right away."""


@dataclass(frozen=True, slots=True)
class Enforcement:
    """For one service."""

    rules: tuple[str, ...]
    """What the kernel, or the hub, sees to."""
    missing: tuple[str, ...]
    """What rests on the service's good will here."""


@dataclass(frozen=True, slots=True)
class Means:
    """What this machine offers."""

    landlock: int
    """Its version; 0: none."""
    seccomp: bool
    namespaces: bool


@cache
def means_here() -> Means:
    """Looked up once. Blocks for some 30 ms the first time."""
    return Means(landlock.version(), seccomp.supported(), namespaces_allowed())


def namespaces_allowed() -> bool:
    """Whether an ordinary process may have namespaces of its own."""
    if not LINUX:
        return False
    try:
        probe = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PROBE], timeout=PROBE_SECONDS, capture_output=True, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


def enforcement(
    manifest: Manifest, home: Path | None = None, values: Values = nothing_set, means: Means | None = None
) -> Enforcement:
    """What holds for the service. `home`, `values`: as for `spec_of`. May block, as `means_here` does."""
    found = means_here() if means is None else means
    left_out = withheld(manifest, home, values) if home is not None else []
    kept = [f"{path} was granted, and is not open to it: MuOS keeps its own data there" for path in left_out]
    return Enforcement((*rules(manifest, found), *kept), tuple(missing(manifest, found)))


def rules(manifest: Manifest, means: Means) -> Iterator[str]:
    """What is seen to."""
    rights, limits, command = manifest.rights, manifest.limits, manifest.run.command is not None
    if means.landlock:
        read, write = listed(rights.read), listed(rights.write)
        yield f"reads only its own code and data, Python and system libraries{read}{write} (Landlock {means.landlock})"
    if means.landlock or means.namespaces:
        means_for_it = " and ".join(
            name for name, has in (("Landlock", means.landlock), ("read-only mounts", means.namespaces)) if has
        )
        yield f"changes only its own data{listed(rights.write)} ({means_for_it})"
    if means.seccomp and not means.namespaces:
        yield "changes no file's mode, owner or times, its own included: it is told that it did (seccomp)"
    if means.seccomp:
        yield f"{network_rule(manifest)} (seccomp)"
        yield "can't trace, signal or look into other processes, mount, or use rare system calls (seccomp, Landlock)"
    if not command and not limits.processes and means.seccomp:
        yield "starts no program and no process (seccomp)"
    elif command and means.namespaces:
        yield f"at most {processes(manifest)} processes and threads, which all end with it (a process namespace)"
    yield (
        f"at most {limits.memory_mb} MB memory, {limits.open_files} open files and {limits.cpu_seconds} s of processor"
        f" time for each process, {limits.disk_mb} MB on disk, {limits.seconds:g} s a call"
    )
    yield "sees only a list of harmless environment variables, and no other service's data or settings"


def network_rule(manifest: Manifest) -> str:
    """The network, in words."""
    entries = manifest.rights.network
    if not entries:
        return "reaches no network and no local socket"
    if manifest.run.command is None:
        return f"opens no socket itself; the hub connects it to {', '.join(entries)} only"
    if ANYTHING in entries:
        return "reaches any address, as its manifest asks"
    return f"TCP only to the hub's proxy, which lets through {', '.join(entries)}"


def missing(manifest: Manifest, means: Means) -> Iterator[str]:
    """What is not seen to."""
    rights, command = manifest.rights, manifest.run.command is not None
    if not means.landlock:
        yield "it can read every file that you can: no Landlock here (Linux 5.13 or later)"
    else:
        yield "it can find out that a file exists, its size and times, but not what is in it"
    if not means.seccomp:
        yield "it can open sockets and start programs: no seccomp filter for this system"
    if not means.namespaces and not means.seccomp:
        yield "it can change modes and times of your files: namespaces are not allowed here"
    if command and not means.namespaces:
        yield "how many processes it has is not limited, and it sees the names of others"
    if command and ANYTHING in rights.network:
        yield "any address can be reached: programs on this machine, and your home network"
    elif command and rights.network and means.landlock < landlock.NET_VERSION:
        yield "it can go round the proxy to any TCP address: needs Linux 6.7"
    if command and not means.namespaces and means.landlock < landlock.SCOPE_VERSION:
        yield "it can send signals to your other programs: needs Linux 6.12"
    if command and means.namespaces and LINUX and os.getuid() == 0:
        yield "MuOS runs as root: the kernel limits processes only to some 300"


def processes(manifest: Manifest) -> int:
    """Most processes of a command."""
    return PROCESSES if manifest.limits.processes is None else manifest.limits.processes


def listed(entries: tuple[str, ...]) -> str:
    """What is granted besides, in words."""
    return f", {', '.join(entries)}" if entries else ""

"""The whole confinement, applied by a process to itself right before it runs a service.

Must stay true: once `confine` returns, nothing that the process does, or starts, can widen what it may; where
the kernel offers a means but fails to apply it, `confine` raises and the service does not run.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from services.runtime.confine import landlock, limits, namespaces, places, seccomp
from services.runtime.confine.kernel import LINUX, PR_SET_NO_NEW_PRIVS, prctl
from services.runtime.confine.refusals import refusals
from services.runtime.confine.spec import Spec


def confine(spec: Spec) -> None:
    """Take every right away but what the spec grants. Raises OSError.

    For a command, the process that returns may be a child of the one that called; that one ends when it ends.
    """
    if not LINUX:
        limits.limit(spec)
        return
    here, alone, own_mounts = os.getcwd(), False, namespaces.enter(spec)
    if own_mounts:
        alone = spec.command and namespaces.be_first_process(spec)
        os.chdir(here)  # by the new mounts
    limits.limit(spec)
    prctl("PR_SET_NO_NEW_PRIVS", PR_SET_NO_NEW_PRIVS, 1)
    if landlock.version():
        landlock.restrict(file_rules(spec, alone), None if spec.network == "any" else spec.ports)
    namespaces.drop_capabilities()
    if seccomp.supported():
        seccomp.install(refusals(spec, os.getpid(), own_mounts))


def file_rules(spec: Spec, alone: bool = False) -> list[tuple[str, int]]:
    """What Landlock shall allow: path, rights. `alone`: /proc shows no processes but its own."""
    readable: list[str] = [*places.SYSTEM, *spec.read]
    if not spec.command:
        readable += places.python_places()
    if spec.network != "none":
        readable += places.NETWORK
    if spec.machine:
        readable += places.MACHINE
    if alone:
        readable.append("/proc")
    return [
        *with_right(readable, landlock.READ),
        *with_right(places.DEVICES, landlock.DEVICE),
        *with_right(spec.write, landlock.WRITE),
    ]


def with_right(paths: Sequence[str], rights: int) -> list[tuple[str, int]]:
    """The same right for each path."""
    return [(path, rights) for path in paths]

"""Limits of a process: memory, files, processor time. They hold for each process that a service has."""

from __future__ import annotations

import resource
from contextlib import suppress

from services.runtime.confine.spec import Spec

MB = 1024 * 1024
LAST_CPU_SECONDS = 5
"""Between the signal that it has used up its processor time and the one that can't be caught."""


def limit(spec: Spec) -> None:
    """Private memory (not address space, which threads and libraries reserve by the hundred MB), files, no cores."""
    lower(resource.RLIMIT_DATA, spec.memory_mb * MB)
    lower(resource.RLIMIT_NOFILE, spec.open_files)
    lower(resource.RLIMIT_FSIZE, spec.disk_mb * MB)
    lower(resource.RLIMIT_CPU, spec.cpu_seconds, spec.cpu_seconds + LAST_CPU_SECONDS)
    lower(resource.RLIMIT_CORE, 0)


def lower(what: int, most: int, hard: int | None = None) -> None:
    """Set a limit for good; one that is lower already stays."""
    present = resource.getrlimit(what)[1]
    bounds = [most, most if hard is None else hard]
    if present != resource.RLIM_INFINITY:
        bounds = [min(bound, present) for bound in bounds]
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (bounds[0], bounds[1]))

"""Have the C library give memory back that was needed once, such as for building an index.

glibc alone: elsewhere nothing is done. Source: mallopt(3).
"""

from __future__ import annotations

import ctypes
import sys

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3
ARENAS = 2
"""Heaps that threads share; by default there are eight for each core, none of which shrinks for the others' sake."""
OWN_MAPPING_BYTES = 256 * 1024
"""What is larger gets a mapping of its own, which goes back when freed. Saying so keeps glibc from raising it."""


def be_thrifty() -> None:
    """From now on; best before any thread starts."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, OWN_MAPPING_BYTES)

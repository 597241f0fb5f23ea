"""Blanks what this process frees, since Chroma writes memory to disk that it has never written to.

Its graph's file holds room for more vectors than there are, filled with whatever lay there before: vectors of forgotten
notes, or any text that the process once held (found in one run of six). What must stay true: it is called before
Chroma first takes memory. Costs one writing of each piece of memory that is freed.

Does nothing where the C library is not glibc.
"""

from __future__ import annotations

import ctypes

M_PERTURB = -6
"""The option of glibc's `mallopt` that fills memory: freed with the byte given, taken with its complement."""
FREED = 0xFF
"""So that what is taken is zero."""


def blank_freed() -> None:
    """From now on, in the whole process."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return
    mallopt(M_PERTURB, FREED)

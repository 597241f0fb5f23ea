"""The home folder as far as it can fail: what a person is told when it can't be used, in one sentence.

Must stay true: nothing is thrown away because it can't be read; a damaged file is left as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DATABASE = "hub.sqlite"
PRIVATE = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "logs", "memory", "trash")
"""What others on this machine must not read, whoever made it with what rights."""
ELSEWHERE = "Choose another with --home or MUOS_HOME."


class HomeFault(RuntimeError):
    """The home can't be used; says why and what to do, for the person."""


def make_home(home: Path) -> None:
    """Have the folder, readable by its owner alone as far as that matters. Raises HomeFault."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in PRIVATE:
            close_to_others(home / name)
    except FileExistsError as error:
        raise HomeFault(f"The home {str(home)!r} is a file, not a folder. {ELSEWHERE}") from error
    except OSError as error:
        raise HomeFault(f"The home {str(home)!r} can't be made: {error.strerror or error}. {ELSEWHERE}") from error


def close_to_others(path: Path) -> None:
    """Take away what anybody but its owner may do with it; where that can't be, it stays."""
    with suppress(OSError):
        mode = path.stat().st_mode
        if mode & 0o077:
            path.chmod(mode & 0o700)


def database(home: Path) -> Path:
    """The file of the hub's database, made here so that nobody else may ever read it."""
    file = home / DATABASE
    with suppress(OSError):  # whoever opens it says what is wrong
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    return file


@contextmanager
def told_of(home: Path, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Put what goes wrong with the home's database in words. Raises HomeFault."""
    try:
        yield
    except faults as error:
        why = str(getattr(error, "orig", None) or error)
        file = home / DATABASE
        if "malformed" in why or "not a database" in why:
            raise HomeFault(
                f"{str(file)!r} is damaged ({why}). It was left as it is: put a copy in its place, or move it"
                " away to start anew; what the services keep is not in it."
            ) from error
        raise HomeFault(f"MuOS can't write to {str(file)!r}: {why}. Make room or access for it. {ELSEWHERE}") from error

"""The home folder as far as it can fail: what a person is told when it can't be used, in one sentence.

Must stay true: nothing is thrown away because it can't be read; a damaged file is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ELSEWHERE = "Choose another with --home or MUOS_HOME."


class HomeFault(RuntimeError):
    """The home can't be used; says why and what to do, for the person."""


def make_home(home: Path) -> None:
    """Have the folder. Raises HomeFault."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise HomeFault(f"The home {str(home)!r} is a file, not a folder. {ELSEWHERE}") from error
    except OSError as error:
        raise HomeFault(f"The home {str(home)!r} can't be made: {error.strerror or error}. {ELSEWHERE}") from error


@contextmanager
def told_of(home: Path, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Put what goes wrong with the home's database in words. Raises HomeFault."""
    try:
        yield
    except faults as error:
        why = str(getattr(error, "orig", None) or error)
        file = home / "hub.sqlite"
        if "malformed" in why or "not a database" in why:
            raise HomeFault(
                f"{str(file)!r} is damaged ({why}). It was left as it is: put a copy in its place, or move it"
                " away to start anew; what the services keep is not in it."
            ) from error
        raise HomeFault(f"MuOS can't write to {str(file)!r}: {why}. Make room or access for it. {ELSEWHERE}") from error

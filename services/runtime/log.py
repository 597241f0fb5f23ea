"""A service's log, as people read it: its last lines, and what is added, free of what could steer a terminal.

Must stay true: a look reads a bounded part of the file, whatever its size, and never waits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from services.runtime.wire import clean

TAIL_BYTES = 256 * 1024
"""Read from the end of a log at most."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
LINE_LIMIT = 2_000
"""Characters of one line."""


@dataclass(slots=True)
class Log:
    """A place in a log file, from which on it is read."""

    file: Path
    _at: int = 0
    _inode: int = 0

    @property
    def there(self) -> bool:
        """Whether anything was ever written."""
        return self.file.is_file()

    def last(self, lines: int) -> list[str]:
        """The last lines; the next look begins after them."""
        text = self._read(TAIL_BYTES)
        return text[-lines:] if lines > 0 else []

    def more(self) -> list[str]:
        """What was added since, from the beginning of the new file where it was put aside."""
        return self._read(TAIL_BYTES)

    def _read(self, most: int) -> list[str]:
        try:
            with self.file.open("rb") as stream:
                status = self.file.stat()
                if status.st_ino != self._inode or status.st_size < self._at:
                    self._at, self._inode = 0, status.st_ino
                start = max(self._at, status.st_size - most)
                stream.seek(start)
                data = stream.read(most)
        except OSError:
            return []
        whole = data.rfind(b"\n") + 1 or len(data)
        begin = data.find(b"\n") + 1 if start > self._at else 0
        self._at = start + whole
        return [clean(line, LINE_LIMIT) for line in data[begin:whole].decode(errors="replace").splitlines()]


def log_of(home: Path, name: str) -> Log:
    """The log of the service of that name."""
    return Log(home / "logs" / f"{name}.log")


def checked(name: str) -> str:
    """The name, if a service can have it. Raises ValueError."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{clean(name, 80)!r} is no name of a service.")
    return name

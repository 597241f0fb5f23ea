"""Where faults of ours are written: <home>/logs/muos.log, never the person's screen."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES = 1_000_000
KEPT = 2
"""Older logs that are kept."""
NOISY = ("httpx", "httpx2", "chromadb", "openai", "mcp", "uvicorn.error")


class LogFile(RotatingFileHandler):
    """The log; where the disk does not take a line, it is lost in silence."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        """Nothing: the library would print a traceback on the person's screen."""


def log_to(home: Path) -> None:
    """Send the log to the home's folder; where that can't be written, nowhere."""
    root = logging.getLogger()
    for earlier in list(root.handlers):
        if isinstance(earlier, RotatingFileHandler | logging.NullHandler):
            root.removeHandler(earlier)
            earlier.close()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / "logs").mkdir(exist_ok=True, mode=0o700)
        handler: logging.Handler = LogFile(
            home / "logs" / "muos.log", maxBytes=LOG_BYTES, backupCount=KEPT, delay=True, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)

"""The services that were put to rest until they are woken, remembered in the home over restarts of the hub.

Must stay true: a file that is missing or damaged means that none is; writing replaces it in one step.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

BY_A_PERSON = "it was put to rest"
FILE = "withdrawn.json"
REASON_LIMIT = 500


class Withdrawn:
    """By name, why. Methods block."""

    def __init__(self, home: Path) -> None:
        self.file = home / FILE

    def read(self) -> dict[str, str]:
        """All of them."""
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            return {str(name): str(why)[:REASON_LIMIT] for name, why in kept.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def put(self, name: str, why: str) -> None:
        """Remember one; an empty `why` forgets it. Raises OSError."""
        kept = {**self.read(), name: why[:REASON_LIMIT]}
        draft = self.file.with_suffix(f".{os.getpid()}.part")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({each: reason for each, reason in kept.items() if reason}), encoding="utf-8")
            draft.replace(self.file)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

"""A kit service through its door in process: calls as the hub makes them, answers as the person hears them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.kit import Service

NOW, ZONE = "2026-03-04T09:00:00+01:00", "Europe/Paris"


class Door:
    """Calls tools; settings, clock and zone are what the test sets."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.settings: dict[str, Any] = {}
        self.now, self.zone = NOW, ZONE
        self.data: Mapping[str, Any] = {}
        """Of the last answer."""
        self._calls = 0

    def __call__(self, tool: str, member: str = "owner", preview: bool = False, **arguments: Any) -> str:
        """The answer's text; a refusal's begins with "!", one for a model with "?", a fault of ours with "#"."""
        self._calls += 1
        meta = {
            "muos/call": f"call{self._calls}",
            "muos/member": member,
            "muos/now": self.now,
            "muos/zone": self.zone,
            "muos/preview": preview,
            "muos/settings": self.settings,
        }
        result = self.service.answer(tool, arguments, meta)
        self.data = dict(result.structured_content or {})
        hears = (result.meta or {}).get("muos/hears", "") if result.is_error else ""
        sign = {"": "", "person": "!", "model": "?", "us": "#"}[hears]
        return sign + str(getattr(result.content[0], "text", ""))

    def undo(self) -> str:
        """Take the last call back."""
        return self("undo", call=f"call{self._calls}")


@contextmanager
def door(service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """The door, over data of its own."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(folder))
    monkeypatch.setattr(service, "_store", None)
    try:
        yield Door(service)
    finally:
        service._opened().db.close()

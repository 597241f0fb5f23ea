"""A web site, and the web as a service sees it at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.kit.transport import Transport
from services.kit.web import Web
from tests.services.website import Website, straight, website

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
At = Callable[..., Web]


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        yield site


@pytest.fixture
def at(tmp_path: Path) -> Iterator[At]:
    """The web as it is some time after the beginning."""
    via = Transport(straight)

    def at(later: timedelta = timedelta(0)) -> Web:
        return Web(tmp_path, NOW + later, "sample", via)

    yield at
    via.close()

"""What every test shares."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """MuOS runs on asyncio."""
    return "asyncio"

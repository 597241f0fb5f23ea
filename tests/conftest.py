"""What every test shares."""

import os

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported, as `muos` itself does


@pytest.fixture
def anyio_backend() -> str:
    """MuOS runs on asyncio."""
    return "asyncio"

"""The version that is installed."""

from importlib.metadata import PackageNotFoundError, version


def muos_version() -> str:
    """As a number of its parts; 0 where MuOS runs from a folder without being installed."""
    try:
        return version("muos")
    except PackageNotFoundError:
        return "0"

"""What one service's process may, as plain values: computed in the hub, sent to the process that confines itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Spec:
    """Nothing is allowed that is not named here."""

    command: bool
    """A program of its own (someone's MCP server) rather than Python code in a child of the template."""
    write: tuple[str, ...] = ()
    """Files and folders it may change; the first is its data folder. What is not there is passed over."""
    read: tuple[str, ...] = ()
    """Files and folders it may read, beyond Python, the system's libraries and `write`."""
    network: Literal["none", "ports", "any"] = "none"
    """ports: TCP connections to `ports` of any address, no other traffic. A socket that the hub hands over is free."""
    ports: tuple[int, ...] = ()
    machine: bool = False
    """It may look at the whole machine: other processes' names, disks, network interfaces."""
    memory_mb: int = 256
    open_files: int = 256
    processes: int = 0
    """Processes that it may have besides the first; with none it can't run programs either."""
    disk_mb: int = 512
    cpu_seconds: int = 1800

    def as_message(self) -> dict[str, Any]:
        """For `from_message`."""
        return asdict(self)

    @staticmethod
    def from_message(values: Mapping[str, Any]) -> Spec:
        """The spec that was sent. Raises TypeError."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return Spec(**plain)

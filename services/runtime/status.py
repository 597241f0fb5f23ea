"""How a service is, as one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.runtime.driver import Driver
from services.runtime.manifest import Broken


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service as it is now."""

    name: str
    title: str
    state: str
    """asleep, starting, ready, draining, resting, withdrawn, broken (its folder can't be used); of a stranger also
    unapproved or changed."""
    pid: int = 0
    """0 where no process runs."""
    started: datetime | None = None
    restarts: int = 0
    swaps: int = 0
    calls: int = 0
    failed: int = 0
    """Calls that ended in a fault of the service."""
    error: str = ""
    """The last thing that went wrong, or why it is withdrawn; empty if nothing did."""
    tools: int = 0
    about: str = ""
    """What it is, in its own words."""
    waiting: str = ""
    """What it waits for just now, and for how long at most."""


def status_of(driver: Driver, tools: int) -> ServiceStatus:
    """The row of a service that has a driver."""
    return ServiceStatus(
        name=driver.manifest.name,
        title=driver.manifest.called,
        state=driver.state,
        pid=driver.pid,
        started=driver.started,
        restarts=driver.restarts,
        swaps=driver.swaps,
        calls=driver.calls,
        failed=driver.failed,
        error=driver.withdrawn or driver.error,
        tools=tools,
        about=driver.manifest.description,
        waiting=driver.waiting,
    )


def status_broken(broken: Broken) -> ServiceStatus:
    """The row of a folder that can't be used."""
    return ServiceStatus(broken.name, broken.name, "broken", error=broken.reason)

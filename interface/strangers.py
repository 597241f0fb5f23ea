"""Strangers, for every way in: look at what one offers, approve that, and say what its tools may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import anyio.to_thread

from interface.hub import Hub
from services.runtime.driver import Driver
from services.runtime.errors import ServiceError, Withheld
from services.runtime.settings import ServiceSettings
from services.runtime.strangers.approval import Approvals, Trust, by_name
from services.runtime.strangers.review import review
from services.runtime.strangers.source import read_source

Row = dict[str, Any]
TRUSTS = {"read": Trust.READ, "unasked": Trust.UNASKED, "irreversible": Trust.ASK, "": None}
"""What a person may say of a tool."""


async def act(hub: Hub, name: str, do: str, given: Mapping[str, Any]) -> Row:
    """Do something with a stranger; gives its review. Raises ValueError, in words for the person."""
    if do not in ACTIONS:
        raise ValueError(f"A stranger can't be told {do!r}. It can be: {', '.join(ACTIONS)}.")
    await hub.supervisor.reload()
    driver = await stranger(hub, name)
    await address(hub, driver)
    await ACTIONS[do](hub, driver, given)
    return await shown(hub, driver)


async def forget(hub: Hub, name: str) -> Row:
    """Drop the settings of one that was removed, and let its process end."""
    await hub.supervisor.reload()
    settings = hub.supervisor.settings
    if isinstance(settings, ServiceSettings):
        await anyio.to_thread.run_sync(settings.forget, name)
    return {"service": name}


async def stranger(hub: Hub, name: str) -> Driver:
    """Its driver. Raises ValueError where it is none of the strangers."""
    driver = hub.supervisor.roster.drivers.get(name)
    strangers = [each for each, other in hub.supervisor.roster.drivers.items() if other.manifest.stranger]
    if driver is None:
        broken = next((each.reason for each in hub.supervisor.roster.broken if each.name == name), "")
        raise ValueError(broken or f"There is no service {name!r}.{added(strangers)}")
    if not driver.manifest.stranger:
        raise ValueError(f"{name} is not a server that someone else wrote.{added(strangers)}")
    return driver


async def address(hub: Hub, driver: Driver) -> None:
    """Where a server elsewhere is, from what a person typed; also after it was removed and brought back."""
    manifest, settings = driver.manifest, hub.supervisor.settings
    unset = "address" in manifest.settings and "address" not in settings.of(manifest, "")
    if unset and read_source([manifest.source]).kind == "remote":
        await hub.supervisor.set(manifest.name, "", "address", manifest.source)


def added(strangers: list[str]) -> str:
    """Which ones there are."""
    return f" Added were: {', '.join(strangers)}." if strangers else " None was added."


async def shown(hub: Hub, driver: Driver) -> Row:
    """The review of a stranger."""
    manifest, roster = driver.manifest, hub.supervisor.roster
    approval = await anyio.to_thread.run_sync(hub.supervisor.strangers.approvals.read, manifest.name)
    taken = {name: service for service, tools in roster.tools.items() if service != manifest.name for name in tools}
    return review(manifest, approval, taken)


async def look(hub: Hub, driver: Driver, _: Mapping[str, Any]) -> None:
    """Have it list its tools, unless all is as approved."""
    if hub.supervisor.roster.tools.get(driver.manifest.name):
        return
    try:
        await driver.warm()
    except Withheld:
        pass  # as it should be: it listed them, and waits for the person
    except ServiceError as error:
        why = (driver.error or str(error)).rstrip(".")
        raise ValueError(f"{driver.manifest.called} did not start: {why}.") from error
    await hub.supervisor.roster.learn(driver, [])


async def approve(hub: Hub, driver: Driver, given: Mapping[str, Any]) -> None:
    """Approve what was seen, by its digest."""
    refused = await record(hub, lambda kept: kept.approve(driver.manifest.name, str(given.get("digest", ""))))
    if refused:
        raise ValueError(f"{driver.manifest.called}: {refused} `muos services review {driver.manifest.name}`")
    await hub.supervisor.roster.learn(driver, [])


async def trust(hub: Hub, driver: Driver, given: Mapping[str, Any]) -> None:
    """Note what the person says of a tool."""
    name, tool, said = driver.manifest.name, str(given.get("tool", "")), str(given.get("trust", ""))
    approval = await record(hub, lambda kept: kept.read(name))
    known = by_name(approval.approved or [])
    own = tool if tool in known else next((each for each in known if f"{name}_{each}".lower() == tool), None)
    if own is None:
        raise ValueError(f"{driver.manifest.called} has no approved tool {tool!r}. There are: {', '.join(known)}.")
    if said not in TRUSTS:
        raise ValueError(f"A tool can't be {said!r} by your word: it is read, irreversible, or runs without asking.")
    await record(hub, lambda kept: kept.trust(name, own, TRUSTS[said]))
    await hub.supervisor.roster.learn(driver, [])


async def record(hub: Hub, work: Callable[[Approvals], Any]) -> Any:
    """Do something with the records, off the event loop. Raises ValueError where the disk does not take it."""
    try:
        return await anyio.to_thread.run_sync(partial(work, hub.supervisor.strangers.approvals))
    except OSError as error:
        raise ValueError(f"It can't be kept: {error.strerror or error}.") from error


async def nothing(_: Hub, __: Driver, ___: Mapping[str, Any]) -> None:
    """Only show what is known of it."""


ACTIONS: Mapping[str, Callable[[Hub, Driver, Mapping[str, Any]], Awaitable[None]]] = {
    "tools": nothing,
    "review": look,
    "approve": approve,
    "trust": trust,
}

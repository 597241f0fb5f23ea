"""Tells the home's own member, once for each change, of a stranger that lists other tools than were approved."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import anyio.to_thread

from agent.alerts import Alerts
from services.runtime.status import ServiceStatus
from services.runtime.strangers.approval import Standing, digest
from services.runtime.supervisor import Supervisor

DIGITS = 16
"""Of the digest of what it lists now, which makes each change one alert."""


class Withheld:
    """Tells of strangers that changed."""

    def __init__(self, supervisor: Supervisor, alerts: Alerts, member: str, zone: str) -> None:
        self.supervisor = supervisor
        self.alerts = alerts
        self.member = member
        self.zone = ZoneInfo(zone)

    async def watch(self) -> None:
        """Run for as long as the hub does."""
        told: set[str] = set()
        while True:
            for row in [row for row in self.supervisor.status() if row.state == Standing.CHANGED]:
                approval = await anyio.to_thread.run_sync(self.supervisor.strangers.approvals.read, row.name)
                change = f"changed:{row.name}:{digest(approval.offered or [])[:DIGITS]}"
                if change not in told:
                    told.add(change)
                    await self.alerts.announce(self._alert(row, change), self.member)
            await self.supervisor.changed()

    def _alert(self, row: ServiceStatus, change: str) -> dict[str, str]:
        return {
            "service": "muos",
            "id": change,
            "text": f"{row.title} offers other tools than you approved, so none of them is used until you have looked:"
            f" `muos services review {row.name}`.",
            "at": datetime.now(self.zone).isoformat(),
        }

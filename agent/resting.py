"""Tells the home's own member, once a day at most, of a service that went to rest because it keeps failing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from agent.alerts import Alerts
from services.runtime.status import ServiceStatus
from services.runtime.supervisor import Supervisor

RESTING = "resting"
ERROR_SHOWN = 200
"""Characters of the reason that are told."""


class Resting:
    """Tells of services that rest."""

    def __init__(self, supervisor: Supervisor, alerts: Alerts, member: str, zone: str) -> None:
        self.supervisor = supervisor
        self.alerts = alerts
        self.member = member
        self.zone = ZoneInfo(zone)

    async def watch(self) -> None:
        """Run for as long as the hub does."""
        resting: set[str] = set()
        while True:
            rows = {row.name: row for row in self.supervisor.status() if row.state == RESTING}
            for name in rows.keys() - resting:
                await self.alerts.announce(self._alert(rows[name]), self.member)
            resting = set(rows)
            await self.supervisor.changed()

    def _alert(self, row: ServiceStatus) -> dict[str, str]:
        now = datetime.now(self.zone)
        why = row.error[:ERROR_SHOWN].rstrip(".")
        return {
            "service": "muos",
            "id": f"resting:{row.name}:{now:%F}",
            "text": f"{row.title} keeps failing and is left alone for a while ({why}). All else works; "
            f"`muos services restart {row.name}` tries it again.",
            "at": now.isoformat(),
        }

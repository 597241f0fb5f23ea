"""A member's account on a CalDAV or CardDAV server, and the sync with it that a service offers as a tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.kit.dav import Dav, Flavour
from services.kit.mirror import Local, Mirror
from services.kit.outside import before
from services.kit.refusal import Refusal
from services.kit.reply import Context, Reply


@dataclass(frozen=True, slots=True)
class Account:
    """Where settings of the service say that a member's things lie on the network."""

    service: str
    protocol: str
    """Begins the settings' names: `caldav` for `caldav_address`, `caldav_user`, `caldav_password`."""
    into: str
    """The setting that names the collection for what is new."""
    called: str
    """In sentences: calendar, address book."""
    flavour: Flavour

    def sync(self, ctx: Context, local: Callable[[Context], Local]) -> Reply:
        """Fetch and send what changed."""
        dav = self._server(ctx)
        former = before(ctx, (), lambda: {"sent": 0})
        report = Mirror(ctx, dav, local(ctx), into=str(ctx.settings.get(self.into, ""))).run()
        former["sent"] = report.there
        return Reply(report.text(self.called, dav.host, ctx.preview), report.data())

    def _server(self, ctx: Context) -> Dav:
        """Refuses where nothing is set."""
        address = str(ctx.settings.get(f"{self.protocol}_address", ""))
        if not address:
            raise Refusal(
                f"I don't know your {self.called} server yet. Set its address with: muos services set {self.service} "
                f"{self.protocol}_address https://…, and {self.protocol}_user and {self.protocol}_password likewise."
            )
        user = str(ctx.settings.get(f"{self.protocol}_user", ""))
        auth = (user, str(ctx.settings.get(f"{self.protocol}_password", ""))) if user else None
        return Dav(ctx.web, self.flavour, address, auth)

    def refuse_what_was_sent(self, _ctx: Context, former: Mapping[str, Any]) -> None:
        """A sync that also changed the server is not taken back by halves."""
        if former.get("sent"):
            raise Refusal(
                f"That sync also changed your {self.called} server, so it can't be taken back as a whole; change what "
                "is wrong and sync again."
            )

"""Who holds the token of a request, and for whom they may speak: the one place that decides it.

Must stay true: whoever holds a member's token speaks as that member and as nobody else, whatever a body, a query or a
call's `_meta` says. A way in that has not said who is there lets nobody speak.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from interface.settings import Settings

NAME_LIMIT = 64
RESERVED = frozenset({"", "muos", "agent", "system"})
"""Names that mean MuOS itself."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever makes a request."""

    member: str | None = None
    """Whose token it is; None: the owner's, who may speak for anybody."""

    @property
    def owner(self) -> bool:
        """Whether they may do what concerns everybody, and speak for anybody."""
        return self.member is None


OWNER = Holder()
"""Whoever sits at the machine, or has the owner's token."""

HOLDER: ContextVar[Holder] = ContextVar("holder")
"""Of the request that is being answered."""


class NotTheirs(Exception):
    """They may not do this; the text says why, for the person."""


def holder() -> Holder:
    """Who makes the request. Raises NotTheirs where nobody has said."""
    try:
        return HOLDER.get()
    except LookupError:
        raise NotTheirs("It is not known who asks, so nothing is done.") from None


def speaker(named: str | None, settings: Settings) -> str:
    """The member in whose name the request is answered. Raises NotTheirs where it names another than it may."""
    own = holder().member
    if own is None:
        return named or settings.member
    if named is not None and named != own:
        raise NotTheirs(f"This token is {own}'s; it can't speak for {named!r:.70}.")
    return own


def owner_only(what: str) -> None:
    """Raises NotTheirs unless the owner asks."""
    if not holder().owner:
        raise NotTheirs(f"Only the owner of this MuOS may {what}.")


def member_name(name: str) -> str:
    """The name without spaces around it, if a member can be called that. Raises ValueError."""
    if name.strip().casefold() in RESERVED:
        raise ValueError(f"Nobody can be called {name!r}: that name means MuOS itself. Choose another.")
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise ValueError(f"A name has at most {NAME_LIMIT} printable characters, not {name[:NAME_LIMIT]!r}.")
    return name.strip()

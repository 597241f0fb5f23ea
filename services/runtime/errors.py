"""What can go wrong between the hub and a service, and who makes a value of it.

    ServiceError
    ├── BadManifest     a folder's service.toml can't be used; only that service is lost
    ├── BadSetting      a value that a person wanted to set won't do
    ├── StartFailed     a child did not come up
    ├── Withheld        it lists other tools than a person approved
    ├── Resting         it failed so often that it is left alone for a while, or was put to rest
    ├── BadTools        a new version's tools can't be used; the old one goes on
    ├── Outdated        the call waited while its service was swapped, and the new version can't take it
    ├── Busy            too many calls were already waiting
    ├── TooSlow         no answer within the manifest's limit; the child was killed
    ├── ChildLost       the child ended with the call in flight
    ├── Refused         the service answered with a protocol error
    └── WireFault       what came down the pipe is not MCP

None of them leaves `services.runtime.supervisor.Supervisor.call`: there each becomes a `Failed`.
"""

from __future__ import annotations


class ServiceError(Exception):
    """Root of the tree; its text is one sentence for a log or a person."""


class BadManifest(ServiceError):
    """The text names the file and what is wrong in it."""


class BadSetting(ServiceError):
    """The text says what would do."""


class StartFailed(ServiceError):
    """`hung`: it neither answered nor ended, so trying again at once is no use."""

    def __init__(self, reason: str, hung: bool = False) -> None:
        super().__init__(reason)
        self.hung = hung


class Withheld(ServiceError):
    """The text says so, and what to do."""


class Resting(ServiceError):
    """The text is why it rests."""


class BadTools(ServiceError):
    """The text says which, and what is wrong with them."""


class Outdated(ServiceError):
    """The text says what no longer fits."""


class Busy(ServiceError):
    """The text says what was waited for."""


class TooSlow(ServiceError):
    """The text says how long was waited."""


class ChildLost(ServiceError):
    """The text says how the child ended."""


class WireFault(ServiceError):
    """The text says what came instead."""


class Refused(ServiceError):
    """A JSON-RPC error: its code and message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

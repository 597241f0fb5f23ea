"""A service's failure as words, and as a value for whoever made the call."""

from __future__ import annotations

from services.runtime.driver import Driver
from services.runtime.errors import ChildLost, Outdated, Refused, Resting, ServiceError, TooSlow, Withheld
from services.runtime.session import INVALID_PARAMS
from services.runtime.wire import clean
from services.tool import Failed, Hears

SAID_LIMIT = 500


def failed(driver: Driver, error: ServiceError, repeatable: bool) -> Failed:
    """The failure as a value: wrong arguments for whoever made the call, all else for us."""
    if isinstance(error, Refused) and error.code == INVALID_PARAMS:
        return Failed(f"{driver.manifest.called} can't take that: {clean(error, SAID_LIMIT)}", Hears.MODEL)
    if isinstance(error, Outdated):
        return Failed(clean(error, SAID_LIMIT), Hears.MODEL)
    unsure = isinstance(error, ChildLost | TooSlow) and not repeatable
    doubt = " It may or may not have been done: look before you ask again." if unsure else ""
    return Failed(sentence(driver, error) + doubt, Hears.US)


def sentence(driver: Driver, error: ServiceError) -> str:
    """One sentence for the person or the log."""
    called, said = driver.manifest.called, clean(error, SAID_LIMIT).rstrip(".")
    stop = "" if said.endswith(("?", "!")) else "."
    match error:
        case ChildLost():
            return f"{called} stopped in the middle of it ({said})."
        case Resting() | TooSlow() | Withheld():
            return f"{said}{stop}"
        case Refused():
            return f"{called} refused: {said}{stop}"
    return f"{said}{stop}" if said.startswith(called) else f"{called} answered with nonsense: {said}{stop}"

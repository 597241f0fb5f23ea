"""Whether a statement says that something is so, is not, or once was; and the statement as if it were so."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANYMORE = r"(?:\s+(?:anymore|any longer|these days|now|nowadays|at the moment))?"
_NO_LONGER = re.compile(r"(?P<be>(?:am|is|are|has|have|can)\s+)?no longer\s+(?P<rest>.+)")
_DO_NOT = re.compile(rf"(?:do|does|did|will) not\s+(?:actually |really |even |much )?(?P<rest>.+?){_ANYMORE}")
_IS_NOT = re.compile(rf"(?P<be>am|is|are)\s+not\s+(?:actually |really |even )?(?P<rest>.+?){_ANYMORE}")
_WAS_NOT = re.compile(
    r"(?:was|were|had|have not|has not|had not|never|can never|have never|has never)\b.*\bnot\b.*|(?:have|has) not\b.*"
)
_STOPPED = re.compile(
    r"(?:have |has )?(?:just )?(?:stopped|quit|gave up|given up)\s+(?P<rest>(?:liking|living|working|"
    r"seeing|dating|playing|driving|eating|drinking|learning|studying|owning|loving)\b.+)"
)
_NEVER = re.compile(r"(?:have |has )?never\s+(?P<rest>.+)")
_USED_TO = re.compile(r"used to\s+(?P<rest>.+)")
_NO_MORE = re.compile(r"(?P<rest>.+?)\s+(?:anymore|any longer)")


@dataclass(frozen=True, slots=True)
class Turned:
    """A statement as if it were so, and how it was meant."""

    rest: str
    denied: bool = False
    former: bool = False
    over: bool = False
    """It was so before: "no longer", "any more"."""
    never: bool = False


def turn(rest: str) -> Turned | None:
    """None where it is neither said nor denied clearly."""
    if (
        "not" not in rest
        and "no longer" not in rest
        and "n" not in rest[:6]
        and not rest.startswith(("used", "stop", "quit", "gave"))
    ):
        return Turned(rest)
    over = rest.endswith(("anymore", "any longer"))
    if found := _NO_LONGER.fullmatch(rest):
        return Turned((found["be"] or "") + found["rest"], denied=True, over=True)
    if found := _DO_NOT.fullmatch(rest):
        return Turned(found["rest"], denied=True, over=over)
    if found := _IS_NOT.fullmatch(rest):
        return Turned(f"{found['be']} {found['rest']}", denied=True, over=over)
    if found := _USED_TO.fullmatch(rest):
        return None if " not " in rest else Turned(found["rest"], former=True)
    if found := _STOPPED.fullmatch(rest):
        return Turned(f"is {found['rest']}", denied=True, over=True)
    if found := _NEVER.fullmatch(rest):
        return Turned(found["rest"], denied=True, never=True)
    if _WAS_NOT.fullmatch(rest) or re.search(r"\bnot\b", re.sub(r"^can not\b", "", rest)):
        return None
    return Turned(rest)

"""Which holiday a name means: Easter Monday, Weihnachten, 4th of July."""

from __future__ import annotations

import difflib
import re

from services.holidays.naming import plain
from services.holidays.table import Holiday

ALSO = {
    "xmas": "christmas day",
    "christmas": "christmas day",
    "boxing day": "boxing day|st stephens day|second day of christmas|second christmas day|day after christmas",
    "second christmas day": "second day of christmas|boxing day",
    "new year": "new years day",
    "new years": "new years day",
    "easter": "easter sunday|easter monday",
    "pentecost": "whit sunday|pentecost|pentecost monday|whit monday",
    "whit monday": "whit monday|pentecost monday|monday of the holy spirit",
    "whitsun": "whit sunday|whit monday|pentecost monday",
    "labour day": "labor day|labour day|may day|international workers day",
    "may day": "labor day|labour day|may day",
    "bastille day": "national day|bastille day|fete nationale",
    "4th of july": "independence day",
    "fourth of july": "independence day",
    "mlk day": "martin luther king jr day",
    "three kings": "epiphany",
    "assumption": "assumption day|assumption of mary",
    "eid": "eid al fitr",
    "eid al fitr": "eid al fitr|ramadan feast",
    "eid al adha": "eid al adha|sacrifice feast",
}
"""What people say to what the holiday may be called in the table; either is plain, choices in order."""
CLOSE_ENOUGH = 0.75


def named(said: str, holidays: list[Holiday]) -> list[Holiday]:
    """Those meant, in order of days: by the whole name, else by all its words, else by one spelt alike."""
    bare = re.sub(r"^(?:(?:what|which) )?(?:day|date) (?:is|was|of|does) ", "", plain(said))
    wanted = re.sub(r" (holiday|public holiday|bank holiday)$", "", bare)
    for choice in (wanted, *ALSO.get(wanted, "").split("|")):
        found = [one for one in holidays if choice in {plain(one.name), plain(one.local)}]
        if choice and found:
            return found
    for choice in (wanted, *ALSO.get(wanted, "").split("|")):
        parts = set(choice.split())
        found = [one for one in holidays if parts <= set(plain(f"{one.name} {one.local}").split())]
        if parts and found:
            return found
    close = difflib.get_close_matches(wanted, {plain(one.name) for one in holidays}, n=1, cutoff=CLOSE_ENOUGH)
    return [one for one in holidays if plain(one.name) in close]

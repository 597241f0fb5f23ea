"""Draws claims from notes by fixed rules over English sentences, for a note that is kept while somebody waits.

Must stay true: only a person's own words make claims; what they say of another member makes none by itself; a question,
a request, a joke, a quotation or a supposition makes none; nothing secret becomes a claim. In doubt, nothing is drawn.

"I" is the speaker, by the name the note gives; "we" is `we`, the household. What is "mine" is named by its owner
("Ann's car"), what is "ours" or "the" by itself ("car").

Does not follow references across notes, nor other languages.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import datetime

from memory.facts.claim import Claim
from memory.note import Note, Source

VERSION = 2
"""Of the rules. Notes that an earlier version read are read anew, in the background."""
Periods = Callable[[str, datetime], Sequence[tuple[datetime, datetime]]]
"""Finds the periods that a text names, read at a moment: (start, end)."""


def draw(note: Note, periods: Periods | None = None, members: frozenset[str] = frozenset()) -> list[Claim]:
    """The claims of a note; none of what is not its speaker's own plain statement.

    `members`: names in lower case of those about whom nobody else's words become facts.
    """
    if note.source is not Source.OWNER:
        return []
    # the rules take a twentieth of a second to compile: not before the first note that is kept
    found: list[Claim] = importlib.import_module("memory.facts.drawing.drawn").drawn(note, periods, members)
    return found

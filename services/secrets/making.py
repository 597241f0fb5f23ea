"""New passwords, from the system's own randomness; how hard each is to guess is known exactly."""

from __future__ import annotations

import importlib
import math
import secrets
import string
from functools import cache

LOOKALIKES = frozenset("0O1lI")
"""Left out: they are mistaken for one another when read off a screen."""
LETTERS = "".join(sign for sign in string.ascii_letters + string.digits if sign not in LOOKALIKES)
MARKS = "!#%+-=?@_"
SORTS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, MARKS)


def password(length: int, marks: bool) -> tuple[str, float]:
    """Random characters with at least one of each sort, and about how many bits they hold."""
    alphabet = LETTERS + (MARKS if marks else "")
    sorts = SORTS if marks else SORTS[:3]
    while True:  # a few tries: most draws have all sorts
        made = "".join(secrets.choice(alphabet) for _ in range(length))
        if all(set(made) & set(sort) for sort in sorts):
            return made, length * math.log2(len(alphabet))


def phrase(count: int) -> tuple[str, float]:
    """Random words, and how many bits they hold: eleven each."""
    known = words()
    return "-".join(secrets.choice(known) for _ in range(count)), count * math.log2(len(known))


@cache
def words() -> tuple[str, ...]:
    """The 2,048 English words of BIP 39: short, and told apart by their first four letters."""
    # its import reads nothing, but only those who ask for words need it
    return tuple(importlib.import_module("mnemonic").Mnemonic("english").wordlist)

"""Which names mean the same: "the cabin" and "the Nest" after it was renamed, "Ann's wife" and "Anna".

Must stay true: names are joined only by claims that the view may see. A role is its bearer's other name only where one
person alone bears it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from memory.facts.folding import Said, fold
from memory.facts.relations import SAME_AS, fold_name


class Aliases:
    """The names in one view."""

    def __init__(self, naming: Iterable[Said]) -> None:
        """`naming`: the claims of `same_as`, and of roles."""
        self._up: dict[str, str] = {}
        bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for fact in fold(naming):
            claim = fact.claim
            about, value = fold_name(claim.subject), fold_name(claim.value)
            if claim.relation == SAME_AS:
                self._join(about, value)  # an earlier name stays known
            elif claim.until is None:
                bearers[about, claim.relation].add(value)
        for (about, role), names in sorted(bearers.items()):
            if len(names) == 1:
                self._join(fold_name(f"{about}'s {role}"), *names)

    def root(self, name: str) -> str:
        """One name for all names of a thing."""
        name = fold_name(name)
        while name in self._up:
            name = self._up[name]
        return name

    def names(self, *sought: str) -> set[str]:
        """All names of what is called by one of these."""
        roots = {self.root(name) for name in sought}
        return {*sought, *roots, *(name for name in self._up if self.root(name) in roots)}

    def _join(self, one: str, other: str) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        if low != high:
            self._up[high] = low

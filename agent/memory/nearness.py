"""Which notes are really near a query, so that "you never told me" is said where it is true.

Recall ranks what there is; here it is decided whether the best is good enough: by the names and telling words that it
shares with the query, by its meaning, and by how far it leads before all others. The thresholds are measured on
`benchmarks/memory_lives.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.memory.answers import Answers, stems, without
from memory.company.rooms import is_shared
from memory.facts.drawing import draw
from memory.facts.relations import is_single
from memory.note import Note
from memory.recall.recall import Recalled
from memory.record.words import content_words
from models.reflex.filling.words import stem
from models.reflex.values.periods import read_periods
from services.tool import Caller

POOL = 50
"""Notes looked at for nearness, and the most that are counted for a word."""
LOOKED_AT = 3
"""Notes recalled for each that is told: the best may not be near enough."""
CLOSE = 0.44
"""Cosine from which a note is near whatever its words."""
SAME = 0.62
"""Among notes that name the same person nearness says less: "where does Olga live?" and "Olga is a baker" have 0.52."""
UNREAD = 0.5
"""As `SAME`, for a statement that the grammar does not read: it may well say what was asked."""
SHARED, LIKE = 0.5, 0.3
"""Half of a question's telling words, and this cosine, are near too."""
ALL_SHARED = 0.99
"""All its telling words are enough, but where a fact was asked for."""
CLEAR, APART = 0.38, 0.18
"""A note with this cosine is near whatever its words if no other comes so close to it."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a query looks for among notes."""

    names: tuple[str, ...]
    """Of people and things: a note must have them all."""
    words: frozenset[str]
    """Stems of the other telling words."""
    rarest: str = ""
    """The stem of the word that the fewest notes have: what is not about it is about something else."""
    strict: bool = False
    """A fact was asked for that nobody told in words that the grammar reads: only the same thing will do."""

    def is_near(self, note: Note, cosine: float, lead: float = 0.0, unread: bool = False) -> bool:
        """Whether a note is about it, by its words, its meaning and how far that leads before all other notes'."""
        said = stems(f"{note.text} {note.who}")
        if not all(name <= said for name in map(stems, self.names)):
            return False
        shared = len(self.words & said) / len(self.words) if self.words else float(bool(self.names) and not self.strict)
        if self.names:
            return shared >= SHARED or cosine >= (UNREAD if unread else SAME)
        if cosine >= CLEAR and lead >= APART:
            return True
        if self.rarest not in said:
            return cosine >= SAME
        if self.strict:
            return cosine >= CLOSE
        return cosine >= CLOSE or shared >= ALL_SHARED or (shared >= SHARED and cosine >= LIKE)


def sought(query: str, now: datetime, often: Callable[[str], int], strict: bool = False) -> Sought:
    """The names and telling words of a query, those aside that say when or only lead to it.

    `often` counts the notes that have a word.
    """
    said = without(query, read_periods(query, now))
    names = tuple(_NAME.findall(said[1:]))
    named = {each for name in names for each in stems(name)}
    words = {word: stem(word) for word in content_words(said) if word not in _IDLE and stem(word) not in named}
    words = {word: root for word, root in words.items() if root not in _NAMING} or words
    rarest = min(words, key=often) if len(words) > 1 and not names else next(iter(words), "")
    return Sought(names, frozenset(words.values()), words.get(rarest, ""), strict)


_NAME = re.compile(r"(?<![\w'])[A-Z][\w-]*[a-z](?:(?<!'s))")
_IDLE = frozenset("know anything something mention mentioned talk talked think thing things last ever time".split())
_NAMING = frozenset(map(stem, "called call name named names".split()))
"""They say that a name is wanted, and not of what."""


class Nearness:
    """Finds the notes that a query is about. Blocks for milliseconds."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.memory = answers.memory

    def notes(self, query: str, caller: Caller, k: int) -> list[Recalled]:
        """The best notes, those alone that are really near; of what can be so only once the newest first."""
        seen = {"member": caller.member, "room": caller.room}
        alone = not is_shared(caller.room)
        found = self.memory.recall(query, **seen, k=k * LOOKED_AT, now=caller.now, alone=alone)
        likeness = self._likeness(query, caller)
        asked = self.answers.asked(query, caller)
        view = self.answers.view(caller)
        is_fact = asked is not None and asked.open
        wanted = sought(query, caller.now, lambda word: len(self.memory.record.match(word, view, POOL)), is_fact)
        first, second = [*sorted(likeness.values(), reverse=True), 0.0, 0.0][:2]
        relations = {claim.relation for claim in asked.claims} if asked is not None else set()
        near = []
        for hit in found:
            cosine = likeness.get(hit.note.id, 0.0)
            claims = draw(hit.note) if is_fact and wanted.names else []
            if claims and not {claim.relation for claim in claims} & relations:
                continue  # it was read, and says something else
            lead = first - second if cosine == first else 0.0
            if wanted.is_near(hit.note, cosine, lead, unread=is_fact and not claims):
                near.append(hit)
        if asked is not None and asked.open and any(is_single(claim.relation) for claim in asked.claims):
            near = _latest(near, query, caller.now)
        return near[:k]

    def _likeness(self, query: str, caller: Caller) -> dict[str, float]:
        """The cosine of the nearest notes, by their ids."""
        view = self.answers.view(caller)
        near = dict(self.memory.indexing.nearest(query, view, POOL))
        return {one.note.id: near[seq] for seq, one in self.memory.record.get(near, view).items()}


def _latest(near: list[Recalled], query: str, now: datetime) -> list[Recalled]:
    """The newest first, of those said by the time that is asked about."""
    periods = read_periods(query, now)
    until = periods[0].end if periods else now
    said = [hit for hit in near if hit.note.when <= until]
    return sorted(said, key=lambda hit: hit.note.when, reverse=True)

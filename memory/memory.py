"""Memory as the rest of the house uses it: one object over the record, the index, the rooms and the facts.

Must stay true: a note is kept, with what follows from it, before `remember` returns, whatever becomes of the index;
every way to read takes a member and a room, and sees through `Rooms.view` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from memory import sensitive
from memory.company.rooms import OWN_ROOM, Rooms
from memory.errors import RecordAway, Refused
from memory.facts.drawing import Periods
from memory.facts.facts import Claim, Facts
from memory.forgetting import Forgetting
from memory.note import Note
from memory.recall.recall import Recalled, Recalling
from memory.record.record import Kept, Record
from memory.record.tables import name_of, notes
from memory.state import State, state_of
from memory.vectors.exact import Exact
from memory.vectors.index import Index
from memory.vectors.indexing import Embed, Indexing, Progress


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of notes that were brought in together, in order: kept, merged or refused."""

    outcomes: tuple[Note | Refused, ...]
    imported: int
    merged: int
    refused: int


class Memory:
    """Safe to use from several threads. Its calls block for milliseconds."""

    def __init__(
        self,
        engine: Engine,
        embed: Embed,
        index: Index | None = None,
        model: str = "",
        *,
        least: int = 0,
        periods: Periods | None = None,
    ) -> None:
        """`embed` gives one row for each text; `model` names it, so that another model's vectors are not mixed in.

        Without an index, notes are found by their words alone. An audience with fewer than `least` notes is searched
        in the record itself. `periods` reads dates for facts and recall: (start, end) of each that a text names.
        """
        self._engine = engine
        self.rooms = Rooms(engine)
        self.facts = Facts(engine, periods)
        self.record = Record(engine, self.facts.keep)
        self.indexing = Indexing(self.record, Exact(engine, model, least), embed, index, model)
        self.forgetting = Forgetting(self.record, self.indexing, self.facts)
        self._recalling = Recalling(engine, self.record, self.indexing, periods)

    @property
    def name(self) -> str:
        """Tells this record from others."""
        return name_of(self._engine)

    def state(self) -> State:
        """How many notes there are, how many can be found by meaning, and where."""
        return state_of(self._engine, self.indexing)

    def remember(self, note: Note) -> Note:
        """Keep a note; on disk when this returns. The same said again merges: the older note comes back.

        Raises Refused for what can't be kept.
        """
        [outcome] = self.bring((note,)).outcomes
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def bring(self, notes: Iterable[Note]) -> Brought:
        """Keep many notes in one transaction; ids are kept as given. Raises RecordAway where the disk is full."""
        try:
            return self._bring(notes)
        except OperationalError as fault:
            raise RecordAway(f"That could not be kept, and nothing of it was: {fault.orig}.") from fault

    def _bring(self, notes: Iterable[Note]) -> Brought:
        given = [(note, sensitive.refusal(note.text)) for note in notes]
        fit = iter(self.rooms.place(note for note, refused in given if refused is None))
        placed = [next(fit) if refused is None else refused for _, refused in given]
        kept = iter(self.record.add(one for one in placed if isinstance(one, Note)))
        added = [one if isinstance(one, Refused) else next(kept) for one in placed]
        merged = sum(one[1] for one in added if not isinstance(one, Refused))
        refused = sum(isinstance(one, Refused) for one in added)
        outcomes = tuple(one if isinstance(one, Refused) else one[0].note for one in added)
        return Brought(outcomes, len(added) - merged - refused, merged, refused)

    def recall(
        self,
        query: str,
        *,
        member: str,
        room: str = OWN_ROOM,
        k: int = 5,
        now: datetime | None = None,
        alone: bool = True,
    ) -> list[Recalled]:
        """The notes that the query is about, best first; no two with the same text.

        Where others listen (not `alone`), the member's private notes stay out.
        """
        return self._recalling.recall(query, self.rooms.view(member, room, alone=alone), k, now)

    def derive(self, note: Note, claims: Sequence[Claim]) -> int:
        """Keep what a model drew from a note; how many claims. None where the note has been forgotten meanwhile."""
        with self._engine.begin() as connection:
            row = connection.execute(select(notes.c.seq, notes.c.audience).where(notes.c.id == note.id)).first()
            if row is None or not claims:
                return 0
            self.facts.add(connection, row.seq, row.audience, claims)
        return len(claims)

    def recent(self, member: str, room: str = OWN_ROOM, n: int = 10, *, alone: bool = True) -> list[Note]:
        """The latest notes that can be seen from there, newest first."""
        return [one.note for one in self.record.newest(self.rooms.view(member, room, alone=alone), n)]

    def why(self, note_id: str, member: str, room: str = OWN_ROOM) -> Kept | None:
        """The note with its source and how often it was said; None if the member may not see it from there."""
        return self.record.find(note_id, self.rooms.view(member, room))

    def export(self, member: str) -> Iterator[Note]:
        """All that belongs to the member, oldest first."""
        return (one.note for one in self.record.of_member(member))

    def forget(self, note_id: str, member: str) -> Note | None:
        """Erase one of the member's own notes from the record, the words and the vectors; None: there is none."""
        gone = self.record.forget(note_id, member)
        if gone is not None:
            self.indexing.sweep()
        return gone.note if gone else None

    def catch_up(self, limit: int | None = None, tell: Progress | None = None) -> int:
        """Put into the index what it lacks; how many notes that were. Rebuilds it from the record if it is broken.

        The hub calls this in the background, after turns and at the start.
        """
        self.redraw(limit)
        return self.indexing.catch_up(limit, tell)

    def redraw(self, limit: int | None = None) -> int:
        """Draw claims of notes that an earlier version kept; how many notes that were. Ends at once when all are."""
        return self.facts.redraw(limit)

    def use(self, index: Index) -> None:
        """Change to another index, which is filled by the next `catch_up`."""
        self.indexing.use(index)

    def close(self) -> None:
        """Let go of the index and of the database's connections."""
        self.indexing.close()
        self._engine.dispose()

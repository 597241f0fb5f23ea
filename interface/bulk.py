"""Notes brought in many at a time, as JSON lines: the same for the command line and the API.

Must stay true: one bad line stops no other; a batch that was counted is on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from memory.errors import Refused
from memory.lines import BadLine, Line, read_line
from memory.note import Note, Scope, Source

if TYPE_CHECKING:
    # for the types alone: loading them costs every command of the terminal a fifth of a second
    from memory.memory import Memory

BATCH = 500
"""Lines that are kept in one transaction: some tens of milliseconds."""
BATCH_BYTES = 1_000_000
"""Or fewer, if they are long."""


@dataclass(frozen=True, slots=True)
class Importer:
    """On whose behalf lines are read."""

    member: str
    """Whose notes they are where a line does not say so."""
    room: str
    now: datetime
    """When they were said where a line does not say so; its zone is that of times without an offset."""
    own: bool = False
    """Only this member's notes may be brought; what others are to have said for all to see is no fact about them."""


@dataclass(slots=True)
class Tally:
    """What became of lines."""

    imported: int = 0
    merged: int = 0
    refused: int = 0
    errors: list[tuple[str | int | None, str]] = field(default_factory=list)
    """(id, reason) of each refused line."""

    def refuse(self, line_id: str | int | None, reason: str) -> None:
        """Count a line that can't be kept."""
        self.refused += 1
        self.errors.append((line_id, reason))


def bring(memory: Memory, lines: Iterable[bytes], importer: Importer) -> Tally:
    """Keep the notes on these lines, in one transaction. Blocks; vectors are made by `memory.catch_up`."""
    tally = Tally()
    read = list(_read(lines, importer, tally))
    brought = memory.bring(line.note for line in read)
    tally.imported, tally.merged = brought.imported, brought.merged
    said_before = []
    for line, outcome in zip(read, brought.outcomes, strict=True):
        if isinstance(outcome, Refused):
            tally.refuse(line.id, str(outcome))
        elif line.times > 1 or line.last is not None:
            said_before.append((outcome.id, line.times, line.last or line.note.when))
    if said_before:
        memory.record.restore(said_before)
    return tally


def _read(lines: Iterable[bytes], importer: Importer, tally: Tally) -> Iterator[Line]:
    for raw in lines:
        if not raw.strip():
            continue
        try:
            line = read_line(raw.strip(), member=importer.member, room=importer.room, now=importer.now)
        except BadLine as bad:
            tally.refuse(bad.line_id, str(bad))
            continue
        if line is None:
            continue
        if importer.own and line.note.member != importer.member:
            tally.refuse(line.id, f"This is not {importer.member}'s: each member brings their own notes.")
            continue
        yield replace(line, note=vouched(line.note)) if importer.own else line


def vouched(note: Note) -> Note:
    """The note as a member may bring it: nobody puts words into another's mouth for others to read as theirs."""
    if note.scope is Scope.PRIVATE or note.who == note.member or note.source is not Source.OWNER:
        return note
    return replace(note, source=Source.UNTRUSTED)


def batches(lines: Iterable[bytes], most: int = BATCH) -> Iterator[Sequence[bytes]]:
    """The lines in the portions that are kept together."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) >= most or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch

"""What the hub wrote down of notes elsewhere: dialogue, journal, alerts, log. Found, and blotted out.

Must stay true: that something was done stays on record, and how it ended; what was said of it does not. Rows of others
lose what quotes the notes, and nothing else.

A row is a trace if the note came from it, if it names the note or a fact drawn from it, if it quotes the note's text,
or, among the member's own, if it holds a word that only the notes had and that was on no row before they were said.
What services made of it is theirs: a list's item stays.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from agent.alerts import HUB, alerts
from agent.dialogue import turns
from memory.forgetting import root, tokens
from memory.memory import Memory
from memory.record.record import Kept, parts
from memory.record.words import content_words
from services.record import PRIVATE, Status, calls, flows

QUOTABLE = 3
"""Words of a text that is recognised within another; a shorter one is common speech."""
LEAST = 3
"""Letters of a word that can give a note away."""
FEW = 20
"""Notes up to which each word is looked up; for more, all of the member's notes are read once."""
SIFTED = 20
"""Words that are sifted at once."""
SLACK = 5.0
"""Seconds between a note's own time and that of the rows which its turn wrote."""

BLANKS: dict[sa.Table, dict[str, Any]] = {
    calls: {"arguments": {}, "text": PRIVATE, "result": {}, "touched": []},
    turns: {"text": PRIVATE, "answer": PRIVATE, "calls": [], "open": None},
    flows: {"asked": PRIVATE, "text": PRIVATE},
    alerts: {"text": PRIVATE},
}
"""The columns that hold words, and what stands there instead. Calls come first: their turns depend on them."""
ANSWER = {turns: {"answer", "calls"}, flows: {"text"}}
"""What tells the answer of a turn."""


@dataclass
class Sought:
    """What makes a row a trace."""

    member: str
    came_from: set[str]
    """Turns and calls."""
    named: set[str]
    """Ids of notes and facts."""
    phrases: dict[str, list[str]] = field(default_factory=dict)
    """Texts as their words, by one of these."""
    whole: set[str] = field(default_factory=set)
    words: dict[str, float] = field(default_factory=dict)
    """What only the notes held, and when it was first said."""
    answered: set[str] = field(default_factory=set)
    """Turns in which a call told of the notes."""

    def known_before(self, at: float, held: Sequence[str]) -> None:
        """A row of that moment held these words: those that were said only later did not come from the notes."""
        for word in self.words.keys() & set(held):
            if at < self.words[word] - SLACK:
                del self.words[word]

    def quotes(self, held: Sequence[str]) -> bool:
        """Whether the words of a row quote one of the texts or name one of the notes."""
        there = set(held)
        if there & self.named:
            return True
        said = f" {' '.join(held)} "
        return any(f" {phrase} " in said for word in there & self.phrases.keys() for phrase in self.phrases[word])


class Traces:
    """Finds and blots out. Blocks: for some seconds where there are 100,000 rows."""

    def __init__(self, engine: sa.Engine, memory: Memory, logs: Path | None = None) -> None:
        self.engine = engine
        self.memory = memory
        self.logs = logs
        """The folder of the log files."""

    def blot(self, member: str, meant: Sequence[Kept]) -> set[str]:
        """Blot out what was written down of notes that are about to be forgotten; the words that only they hold."""
        sought = self._sought(member, meant)
        with self.engine.begin() as db:
            self._widen(db, sought)
            for table in BLANKS:
                self._rows(db, table, sought)
        self._lines(sought)
        return set(sought.words)

    def settle(self) -> None:
        """Leave nothing of what was blotted out in the log of the database."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                db.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _sought(self, member: str, meant: Sequence[Kept]) -> Sought:
        view = self.memory.rooms.view(member)
        facts = {fact.id for one in meant for fact in self.memory.facts.of_note(one.note.id, view)}
        sought = Sought(
            member,
            came_from={one.note.turn for one in meant if one.note.turn},
            named={one.note.id for one in meant} | facts,
        )
        for one in meant:
            said = tokens(one.note.text)
            sought.whole.add(" ".join(said))
            if len(said) >= QUOTABLE:
                sought.phrases.setdefault(max(said, key=len), []).append(" ".join(said))
        sought.words = self._only_theirs(member, meant)
        return sought

    def _only_theirs(self, member: str, meant: Sequence[Kept]) -> dict[str, float]:
        """Words that no other note of the member holds, with the moment when they were first said."""
        first: dict[str, float] = {}
        for one in meant:
            for word in telling(one.note.text):
                first[word] = min(first.get(word, one.note.when.timestamp()), one.note.when.timestamp())
        seqs = {one.seq for one in meant}
        if len(meant) > FEW:
            others = (one for one in self.memory.record.of_member(member) if one.seq not in seqs)
            held = {root(word) for one in others for word in tokens(one.note.text)}
            return {word: at for word, at in first.items() if root(word) not in held}
        view = self.memory.forgetting.own(member)
        return {
            word: at for word, at in first.items() if set(self.memory.record.match(word, view, len(seqs) + 1)) <= seqs
        }

    def _widen(self, db: sa.Connection, sought: Sought) -> None:
        """Take in the turns in which the same was said, and drop the words that had been on record before."""
        query = sa.select(calls.c.flow).where(calls.c.flow.is_not(None))
        for part in parts(sorted(sought.came_from)):
            sought.came_from |= set(db.execute(query.where(calls.c.id.in_(part))).scalars())
        for table, column in ((turns, turns.c.text), (flows, flows.c.asked)):
            for turn, said in db.execute(sa.select(table.c.id, column).where(table.c.member == sought.member)):
                if " ".join(tokens(said)) in sought.whole:
                    sought.came_from.add(turn)
        for table, blanks in BLANKS.items():
            for row in db.execute(sa.select(table).where(table.c.member == sought.member)).mappings():
                if not self._from(table, row, sought):
                    sought.known_before(said_at(row), [word for column in blanks for word in words_in(row[column])])

    def _from(self, table: sa.Table, row: sa.RowMapping, sought: Sought) -> bool:
        return row["id"] in sought.came_from or (table is calls and row["flow"] in sought.came_from)

    def _rows(self, db: sa.Connection, table: sa.Table, sought: Sought) -> None:
        """Blot out the traces in one table."""
        for row in db.execute(sa.select(table)).mappings().all():
            blank = self._blank(table, row, sought)
            if blank:
                db.execute(sa.update(table).where(table.c.seq == row["seq"]).values(blank))

    def _blank(self, table: sa.Table, row: sa.RowMapping, sought: Sought) -> dict[str, Any]:
        """What of the row is to be put in place of what it says."""
        if self._from(table, row, sought):
            hit = set(BLANKS[table])
        else:
            hit = {column for column in BLANKS[table] if self._tells(row, row[column], sought)}
            if table is calls and hit & {"result", "touched"}:
                hit |= {"result", "touched", "text"}
                sought.answered.add(row["flow"])
            if row["id"] in sought.answered:
                hit |= ANSWER.get(table, set())
        blank = {column: BLANKS[table][column] for column in hit if row[column]}
        if table is calls and "arguments" in blank and row["status"] in {Status.PLANNED, Status.WAITING}:
            blank |= {"status": Status.CANCELLED, "ended": time.time()}
        return blank

    def _tells(self, row: sa.RowMapping, value: Any, sought: Sought) -> bool:
        held = words_in(value)
        own = row["member"] in {sought.member, HUB}
        return sought.quotes(held) or (own and not sought.words.keys().isdisjoint(held))

    def _lines(self, sought: Sought) -> None:
        """Blot out the lines of the log."""
        for file in sorted(self.logs.rglob("*.log*")) if self.logs is not None else ():
            said = file.read_text(errors="replace").splitlines(keepends=True)
            kept = [f"{PRIVATE}\n" if self._line_tells(line, sought) else line for line in said]
            if kept != said:
                file.write_text("".join(kept))  # in place: who writes the log goes on at its end

    def _line_tells(self, line: str, sought: Sought) -> bool:
        held = tokens(line)
        return sought.quotes(held) or not sought.words.keys().isdisjoint(held)


def telling(said: str) -> list[str]:
    """The words of a text that can give it away."""
    found = list(dict.fromkeys(word for word in tokens(said) if len(word) >= LEAST))
    return [word for at in range(0, len(found), SIFTED) for word in content_words(" ".join(found[at : at + SIFTED]))]


def words_in(value: Any) -> list[str]:
    """All words of a text, or of the texts within."""
    return [word for said in texts_in(value) for word in tokens(said)]


def texts_in(value: Any) -> Iterator[str]:
    """All texts and numbers within a value."""
    match value:
        case None | bool():
            return
        case Mapping():
            for part in value.values():
                yield from texts_in(part)
        case list() | tuple():
            for part in value:
                yield from texts_in(part)
        case _:
            yield str(value)


def said_at(row: sa.RowMapping) -> float:
    """The moment that the row is about, as its turn or call was told it."""
    at = row["now"] if "now" in row else row["at"]
    return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else float(at)

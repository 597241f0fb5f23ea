"""What is remembered, as rows: the same for the API and for the command line without a hub.

Must stay true: every row is read through a view that `memory/company/rooms.py` made; an answer of MuOS is shown only
with a note of the very turn it was given in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from agent.dialogue import Dialogue
from agent.memory.erasing import Erasing
from agent.memory.telling import to_member
from agent.turn import Turn
from memory.facts.facts import Claim, Fact, Kind, Maker
from memory.forgetting import What
from memory.lines import export_line, fact_fields, fact_line
from memory.memory import Memory
from memory.note import Note, View
from memory.record.record import Kept
from memory.timeline import page

Row = dict[str, Any]
SHOWN = 500
"""Notes that a preview of forgetting gives in full."""


class Unknown(LookupError):
    """There is nothing by that id that the member may see; the text says so."""


class Chronicle:
    """Reads, corrects and forgets what is remembered. Methods block; use them from a thread."""

    def __init__(self, memory: Memory, dialogue: Dialogue, erasing: Erasing) -> None:
        self._memory = memory
        self._dialogue = dialogue
        self._erasing = erasing

    def timeline(
        self,
        turn: Turn,
        n: int = 50,
        before: datetime | None = None,
        who: str = "",
        kind: str = "",
        place: str = "",
    ) -> Row:
        """What was said, newest first, up to that moment, by those people, from which such things follow."""
        kept, more = page(self._memory.record, self._view(turn), n, before=before, who=who, kind=kind, place=place)
        return {"notes": self.rows(kept), "more": more}

    def rows(self, kept: Sequence[Kept]) -> list[Row]:
        """Notes in full, with what MuOS answered to them."""
        answers = self._dialogue.answers([one.note.turn for one in kept if one.note.turn])
        return [note_row(one, answers.get(one.note.turn)) for one in kept]

    def facts(self, turn: Turn, subject: str = "", kind: str = "", at: datetime | None = None) -> Row:
        """What holds now, or held at that moment."""
        wanted = Kind(kind) if kind else None
        found = self._memory.facts.find(self._view(turn), subject=subject or None, kind=wanted, at=at, now=turn.now)
        return {"facts": [fact_row(fact, turn) for fact in found]}

    def history(self, turn: Turn, subject: str, relation: str) -> Row:
        """All that was ever so of it, oldest first."""
        found = self._memory.facts.history(self._view(turn), subject, relation)
        return {"facts": [fact_row(fact, turn) for fact in found]}

    def people(self, turn: Turn) -> Row:
        """Whom and what facts are about."""
        found = self._memory.facts.subjects(self._view(turn))
        return {"subjects": [{"name": one.name, "facts": one.facts, "last": one.last.isoformat()} for one in found]}

    def why(self, turn: Turn, wanted: str) -> Row:
        """Where a note or a fact comes from. Raises Unknown."""
        view = self._view(turn)
        fact = self._memory.facts.get(wanted, view)
        ids = fact.sources if fact else (wanted,)
        kept = [one for each in ids if (one := self._memory.record.find(each, view)) is not None]
        if not kept:
            raise Unknown(f"I know of no note or fact {wanted!r}.")
        return {"text": told(fact, kept, turn.member), "sources": self.rows(kept)}

    def correct(self, turn: Turn, wanted: str, text: str) -> Row:
        """Keep what a member says in place of a fact; the facts that follow. Raises Unknown and Refused."""
        view = self._view(turn)
        old = self._memory.facts.get(wanted, view)
        if old is None:
            raise Unknown(f"I know of no fact {wanted!r}.")
        said = Note(text.strip(), turn.member, turn.now, turn.member, asked=True)
        kept = self._memory.remember(said)
        if not any(same(fact.claim, old.claim) for fact in self._memory.facts.of_note(kept.id, view)):
            self._memory.derive(kept, [instead(old.claim, kept.text)])
        found = self._memory.facts.of_note(kept.id, self._view(turn))
        return {"text": f"I'll go by that: {kept.text}", "facts": [fact_row(fact, turn) for fact in found]}

    def forget(self, turn: Turn, what: What, preview: bool = False) -> Row:
        """Forget all that is meant of the member's own notes, with every trace; in a preview show which those are."""
        if preview:
            meant = self._erasing.select(turn.member, what, turn.now)
            text = f"{counted(len(meant))} would be forgotten."
            return {"forgotten": len(meant), "notes": self.rows(meant[:SHOWN]), "verified": False, "text": text}
        gone = self._erasing.forget(turn.member, what, turn.now)
        text = f"Forgotten: {counted(gone.count)}." if gone.count else "There is nothing of that to forget."
        if not gone.verified:
            text += " Something like it can still be found; look again."
        ids = [one.note.id for one in gone.notes]
        return {"forgotten": gone.count, "notes": ids, "verified": gone.verified, "text": text}

    def export(self, turn: Turn) -> Iterator[str]:
        """All notes of the member, in the order in which they came, then the facts that follow."""
        own: set[str] = set()
        for one in self._memory.record.of_member(turn.member):
            own.add(one.note.id)
            yield export_line(one.note, one.times, one.last)
        for fact in self._memory.facts.find(self._view(turn), now=turn.now):
            if own.issuperset(fact.sources):
                yield fact_line(fact)

    def status(self, turn: Turn) -> Row:
        """How much is remembered for whom, and how much of it is found by its meaning too."""
        notes, encoded = self._memory.record.counts(self._view(turn))
        state = self._memory.state()
        place = {"record": state.record, "vectors": state.vectors, "stamp": state.stamp, "trouble": state.trouble}
        filling = {"done": state.filling[0], "all": state.filling[1]} if state.filling else None
        return {"member": turn.member, "notes": notes, "indexed": encoded, **place, "filling": filling}

    def _view(self, turn: Turn) -> View:
        return self._memory.rooms.view(turn.member, turn.room)


def fact_row(fact: Fact, turn: Turn) -> Row:
    """A fact in full; `told`: as it is said to the member who asks."""
    return fact_fields(fact) | {"told": to_member(fact.claim.text, turn.member)}


def note_row(one: Kept, answer: tuple[str, str, str] | None = None) -> Row:
    """A note in full."""
    note = one.note
    row: Row = {
        "id": note.id,
        "text": note.text,
        "who": note.who,
        "when": note.when.isoformat(),
        "member": note.member,
        "room": note.room,
        "scope": note.scope.value,
        "source": note.source.value,
        "asked": note.asked,
        "times": one.times,
        "last": one.last.isoformat(),
        "turn": note.turn,
    }
    if answer is not None and answer[:2] == (note.member, note.room):
        row["answer"] = answer[2]
    return row


def counted(notes: int) -> str:
    """1 note, 2 notes."""
    return "1 note" if notes == 1 else f"{notes} notes"


def told(fact: Fact | None, kept: Iterable[Kept], member: str) -> str:
    """Where it comes from, in a sentence or two."""
    by_model = fact is not None and fact.claim.maker is Maker.MODEL
    lead = f"{to_member(fact.claim.text, member)}. " if fact else ""
    said = [
        f"{'You' if one.note.who == member else one.note.who} said on {one.note.when:%-d %B %Y at %H:%M}"
        + (f" in {one.note.room}" if one.note.room not in {"", "home"} else "")
        + f": “{one.note.text}”"
        + (f" ({one.times} times)" if one.times > 1 else "")
        for one in kept
    ]
    derived = " A language model read it so; nobody said it in these words." if by_model else ""
    return f"{lead}{'; '.join(said)}.{derived}"


def same(new: Claim, old: Claim) -> bool:
    """Whether one claim speaks of what the other does."""
    return (new.subject.casefold(), new.relation) == (old.subject.casefold(), old.relation)


def instead(old: Claim, text: str) -> Claim:
    """What a member's own words say in place of a claim: another value, or that it is not so."""
    head, found, tail = old.text.rstrip(".").rpartition(old.value)
    said = text.strip().rstrip(".")
    new = replace(old, text=text, since=None, until=None, due=None, maker=Maker.PERSON, denied=False)
    if found and said != old.text.rstrip(".") and said.startswith(head) and said.endswith(tail):
        value = said[len(head) : len(said) - len(tail)].strip()
        if value:
            return replace(new, value=value)
    return replace(new, text=old.text, denied=True)

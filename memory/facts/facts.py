"""Facts: what follows from notes about people, places and things; now and then.

A *claim* is what one note says, drawn from it when it is kept and stored with it, in the same transaction. A *fact* is
what all claims about the same thing amount to: repeats merge, a later one of a kind that can hold only once
supersedes the earlier, which keeps its end. Facts are folded from claims when they are asked for, so that forgetting a
note forgets all that followed from it.

Must stay true: a claim has its note's audience, and every query holds the view's; foreign text makes none; what a model
wrote never outranks what a person said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, func, insert, select, update

from memory.company.members import Members
from memory.facts.aliases import Aliases
from memory.facts.claim import Claim, Fact, Kind, Maker, Subject
from memory.facts.drawing import VERSION, Periods, draw
from memory.facts.folding import Said, fold, group_of, holds, thread_of
from memory.facts.relations import OPPOSITES, ROLES, SAME_AS, fold_name
from memory.note import Note, Scope, Source, View
from memory.record.tables import claims as table
from memory.record.tables import notes, redrawing

__all__ = ["Claim", "Fact", "Facts", "Kind", "Maker", "Subject"]

REDRAWN = 500
"""Notes read anew between two commits: a tenth of a second."""
MOST_SUBJECTS = 1000
_WEEK = timedelta(days=7)
_NAMING = [SAME_AS, *sorted(ROLES)]
_INSERT = insert(table)


class Facts:
    """Reads and writes claims; safe to use from several threads and processes."""

    def __init__(self, engine: Engine, periods: Periods | None = None) -> None:
        """`periods` reads dates in a text, for those that the small reading here does not know."""
        self._engine = engine
        self._periods = periods
        self._members = Members()

    def keep(self, connection: Connection, seq: int, note: Note) -> None:
        """Draw and keep what the new note of this number says, within the transaction that keeps the note."""
        members = self._members.known(connection, note)
        if claims := draw(note, self._periods, members):
            connection.execute(_INSERT, [_row(claim, seq, place, note.audience) for place, claim in enumerate(claims)])

    def add(self, connection: Connection, seq: int, audience: str, claims: Sequence[Claim]) -> None:
        """Keep what the note of this number says, within the transaction that keeps the note."""
        if not claims:
            return
        taken = connection.execute(select(func.max(table.c.place)).where(table.c.seq == seq)).scalar()
        first = 0 if taken is None else taken + 1
        rows = [_row(claim, seq, place, audience) for place, claim in enumerate(claims, start=first)]
        connection.execute(_INSERT, rows)

    def sign(self, note_id: str, member: str) -> int:
        """What the member's own note says now counts as written by the person; how many claims that is."""
        mine = select(notes.c.seq).where(notes.c.id == note_id, notes.c.member == member)
        signed = update(table).where(table.c.seq.in_(mine)).values(maker=Maker.PERSON.value)
        with self._engine.begin() as connection:
            return connection.execute(signed).rowcount

    def find(
        self,
        view: View,
        *,
        subject: str | None = None,
        relation: str | None = None,
        kind: Kind | None = None,
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> list[Fact]:
        """The facts that hold at that moment (`at`, else `now`), said by then; the latest said first.

        `subject` is any of its names; what is the member's own is found without saying whose ("car": "Ann's car").
        """
        wanted = [] if kind is None else [table.c.kind == kind.value]
        if relation is not None:
            wanted.append(table.c.relation.in_(_bearing_on(relation)))
        moment = at or now or datetime.now(UTC)
        found = [fact for fact in self._folded(view, wanted, subject, now) if holds(fact, moment)]
        kept = [fact for fact in found if relation is None or fact.claim.relation == relation]
        return sorted(kept, key=lambda fact: (fact.said, fact.claim.since or fact.said), reverse=True)

    def history(self, view: View, subject: str, relation: str) -> list[Fact]:
        """All that was ever so, oldest first."""
        found = self._folded(view, [table.c.relation.in_(_bearing_on(relation))], subject)
        return [fact for fact in found if fact.claim.relation == relation]

    def commitments(self, view: View, *, now: datetime, until: datetime | None = None) -> list[Fact]:
        """What was promised and is not done, the soonest due first; those due by `until` if it is given."""
        found = self.find(view, kind=Kind.COMMITMENT, now=now)
        if until is not None:
            found = [fact for fact in found if fact.claim.due and fact.claim.due <= until]
        last = datetime.max.replace(tzinfo=UTC)
        return sorted(found, key=lambda fact: (fact.claim.due or last, fact.said))

    def conditions(self, view: View) -> list[Fact]:
        """What members want to hear of when it happens, that still stands."""
        return self.find(view, kind=Kind.CONDITION)

    def of_note(self, note_id: str, view: View) -> list[Fact]:
        """The facts that this note is a source of."""
        return [fact for fact in self._beside(view, notes.c.id == note_id) if note_id in fact.sources]

    def get(self, fact_id: str, view: View) -> Fact | None:
        """The fact of this id, if the view may see it."""
        found = self._beside(view, table.c.thread == fact_id[:8])
        return next((fact for fact in found if fact.id == fact_id), None)

    def subjects(self, view: View) -> list[Subject]:
        """Whom and what facts are about, the most facts that stand first."""
        said = func.max(notes.c.last_at), func.max(table.c.subject)
        query = (
            select(table.c.about, *said)
            .join(notes, notes.c.seq == table.c.seq)
            .where(table.c.audience.in_(view.audiences), ~table.c.denied)
            .group_by(table.c.about)
        )
        stand = self.find(view)
        with self._engine.connect() as connection:
            aliases = self._aliases(connection, view)
            counts = Counter(aliases.root(fact.claim.subject) for fact in stand)
            merged: dict[str, Subject] = {}
            for about, last, name in connection.execute(query):
                root, when = aliases.root(about), datetime.fromisoformat(last)
                known = merged.get(root, Subject(name, counts[root], when))
                merged[root] = Subject(known.name, known.facts, max(known.last, when))
        return sorted(merged.values(), key=lambda one: (-one.facts, one.name))[:MOST_SUBJECTS]

    def redraw(self, limit: int | None = None) -> int:
        """Draw claims of notes that were kept before this version of the rules; how many notes that were.

        Call it again until it gives 0. What a person or a model put there stays.
        """
        total = 0
        while limit is None or total < limit:
            with self._engine.begin() as connection:
                count = self._redraw(connection, REDRAWN if limit is None else min(REDRAWN, limit - total))
            if not count:
                break
            total += count
        return total

    def _redraw(self, connection: Connection, count: int) -> int:
        state = connection.execute(select(redrawing).where(redrawing.c.version == VERSION)).first()
        if state is None:
            last = connection.execute(select(func.max(notes.c.seq))).scalar() or 0
            connection.execute(insert(redrawing).values(version=VERSION, done=0, upto=last))
            state = connection.execute(select(redrawing).where(redrawing.c.version == VERSION)).one()
        between = (notes.c.seq > state.done) & (notes.c.seq <= state.upto)
        rows = connection.execute(select(notes).where(between).order_by(notes.c.seq).limit(count)).mappings().all()
        if not rows:
            return 0
        seqs = [row["seq"] for row in rows]
        ours = table.c.seq.in_(seqs)
        connection.execute(delete(table).where(ours, table.c.maker == Maker.GRAMMAR.value))
        signed = select(table.c.seq).where(ours, table.c.maker == Maker.PERSON.value)
        written = set(connection.execute(signed).scalars())
        for row in rows:
            if row["seq"] not in written:
                self.keep(connection, row["seq"], _note(row))
        connection.execute(update(redrawing).where(redrawing.c.version == VERSION).values(done=seqs[-1]))
        return len(rows)

    def _folded(
        self, view: View, wanted: Sequence[ColumnElement[bool]], subject: str | None, now: datetime | None = None
    ) -> list[Fact]:
        """The facts that these claims amount to, of the subject by any of its names."""
        with self._engine.connect() as connection:
            aliases = self._aliases(connection, view, now)
            about = []
            if subject is not None:
                about.append(
                    table.c.about.in_(aliases.names(fold_name(subject), fold_name(f"{view.member}'s {subject}")))
                )
            return fold(_read(connection, view, [*wanted, *about], now), aliases.root)

    def _beside(self, view: View, which: ColumnElement[bool]) -> list[Fact]:
        """The facts of every subject and relation that such a claim bears on."""
        seen = table.c.audience.in_(view.audiences)
        pairs = select(table.c.subject, table.c.relation, table.c.kind).join(notes, notes.c.seq == table.c.seq)
        with self._engine.connect() as connection:
            beside = set(connection.execute(pairs.where(seen, which)).all())
        found: dict[str, Fact] = {}
        for subject, relation, kind in sorted(beside):
            same = table.c.kind == kind
            bearing = same if kind in (Kind.COMMITMENT, Kind.CONDITION) else table.c.relation.in_(_bearing_on(relation))
            found |= {fact.id: fact for fact in self._folded(view, [bearing], subject)}
        return list(found.values())

    def _aliases(self, connection: Connection, view: View, now: datetime | None = None) -> Aliases:
        return Aliases(_read(connection, view, [table.c.relation.in_(_NAMING)], now))


def _read(
    connection: Connection, view: View, wanted: Sequence[ColumnElement[bool]], now: datetime | None
) -> list[Said]:
    """The claims that the view may see, said by now; twice where they were said again."""
    kept = notes.c.id.label("note"), notes.c.said_at, notes.c.last_at, notes.c.times
    query = select(table, *kept).join(notes, notes.c.seq == table.c.seq)
    # Joined to "", the notes' audience can't be sought first: SQLite would read all that the view may see.
    seen = table.c.audience.in_(view.audiences), (notes.c.audience + "").in_(view.audiences)
    if now is not None:
        wanted = [*wanted, notes.c.at <= now.astimezone(UTC).isoformat(timespec="microseconds")]
    found: list[Said] = []
    for row in connection.execute(query.where(*seen, *wanted)).mappings():
        first = Said(_claim(row), row["note"], row["seq"], row["place"], datetime.fromisoformat(row["said_at"]))
        found.append(first)
        if row["times"] > 1 and (again := _again(first, datetime.fromisoformat(row["last_at"]), now)):
            found.append(again)
    return found


def _again(first: Said, last: datetime, now: datetime | None) -> Said | None:
    """The same claim when it was said most recently; None where it has its own dates, which that does not move."""
    claim = first.claim
    if last <= first.at or (now is not None and last > now) or claim.since or claim.until:
        return None
    if claim.due and claim.due < last:  # "on Friday", said again after it, is the next
        weeks = -(-(last - claim.due) // _WEEK)
        claim = _moved(claim, claim.due + weeks * _WEEK)
    return Said(claim, first.note_id, first.seq, first.place, last.astimezone(first.at.tzinfo))


def _moved(claim: Claim, due: datetime) -> Claim:
    fields = {name: getattr(claim, name) for name in Claim.__dataclass_fields__}
    return Claim(**fields | {"due": due})


def _bearing_on(relation: str) -> Collection[str]:
    return {relation, OPPOSITES.get(relation, relation)}


def _row(claim: Claim, seq: int, place: int, audience: str) -> dict[str, Any]:
    about = fold_name(claim.subject)
    dates = {name: getattr(claim, name) for name in ("since", "until", "due")}
    return {
        "seq": seq,
        "place": place,
        "audience": audience,
        "about": about,
        "thread": thread_of(about, group_of(claim)),
        "kind": claim.kind.value,
        "subject": _storable(claim.subject),
        "relation": claim.relation,
        "value": _storable(claim.value),
        "text": _storable(claim.text),
        **{name: date.isoformat() if date else "" for name, date in dates.items()},
        "trigger": _storable(claim.trigger),
        "denied": claim.denied,
        "maker": claim.maker.value,
    }


def _claim(row: RowMapping) -> Claim:
    plain: dict[str, Any] = {name: row[name] for name in ("subject", "relation", "value", "text", "trigger", "denied")}
    for name in ("since", "until", "due"):
        plain[name] = datetime.fromisoformat(row[name]) if row[name] else None
    return Claim(kind=Kind(row["kind"]), maker=Maker(row["maker"]), **plain)


def _note(row: RowMapping) -> Note:
    plain = {name: row[name] for name in ("id", "text", "who", "member", "room", "turn", "asked", "epoch")}
    when = datetime.fromisoformat(row["said_at"])
    return Note(**plain, when=when, source=Source(row["source"]), scope=Scope(row["scope"]))


def _storable(said: str) -> str:
    # SQLite ends a text at NUL in places, and no encoding has half a surrogate pair.
    return said.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")

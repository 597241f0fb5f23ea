"""What memory makes of thirty days of talk: how much of it is junk, doubled, missed or out of date.

    python -m benchmarks.memory_quality [--quick] [--misses]

The household of `benchmarks/replay.py` says about sixty things a day; what is true of it is known exactly. All of it
goes through memory as the hub puts it together, without a chat model. Beside it the plain way: every statement of a
member that is no question is kept as a fact, as stores do that ask no more of a fact than that it was said.

Where `../shared/data` lies beside the project, requests from public sets are read too: they state next to nothing of
their speaker, so next to none may make a fact or a commitment.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import tarfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from benchmarks import statements
from benchmarks.replay import DAYS, MEMBERS, START, Gold, Replay, Turn
from benchmarks.report import Row, report
from interface.database import open_engine
from memory.facts.drawing import draw
from memory.facts.drawing.sentences import asks
from memory.facts.facts import Fact, Kind
from memory.facts.relations import fold_name, fold_value, is_single, words_of
from memory.memory import Memory
from memory.note import Note, Source, View
from memory.record.tables import claims, create, notes
from memory.vectors.spelling import encode

TITLE = "Quality of what memory keeps"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ASKED = 1000
READ = 5000
END = START + timedelta(days=DAYS + 1)


@dataclass(slots=True)
class Found:
    """What was made of the days."""

    turns: Sequence[Turn]
    facts: dict[str, list[Fact]]
    """By member, all that ever held."""
    seconds: float
    claims: int
    """Rows."""


def replayed(replay: Replay, folder: Path) -> tuple[Memory, Found]:
    """A memory that heard it all."""
    engine = open_engine(folder)
    create(engine)
    memory = Memory(engine, encode)
    begun = time.perf_counter()
    for turn in replay.turns:
        memory.remember(turn.note)
    seconds = time.perf_counter() - begun
    facts = {member: _ever(memory, memory.rooms.view(member)) for member in MEMBERS}
    with engine.connect() as connection:
        rows = connection.execute(select(func.count()).select_from(claims)).scalar_one()
    return memory, Found(replay.turns, facts, seconds, int(rows))


def _ever(memory: Memory, view: View) -> list[Fact]:
    """All facts that ever held in the view."""
    now = memory.facts.find(view, now=END)
    pairs = {(fact.claim.subject, fact.claim.relation) for fact in now}
    with memory.facts._engine.connect() as connection:
        said = select(claims.c.subject, claims.c.relation).where(claims.c.audience.in_(view.audiences)).distinct()
        pairs |= {(row.subject, row.relation) for row in connection.execute(said)}
    ever = {fact.id: fact for pair in sorted(pairs) for fact in memory.facts.history(view, *pair)}
    return list(ever.values())


def is_gold(fact: Fact, gold: Gold) -> bool:
    """Whether this fact is what was stated."""
    claim = fact.claim
    named = fold_name(claim.subject) in (fold_name(gold.subject), "we")  # "the cat" is everybody's
    same = named and claim.relation in gold.relations
    return same and set(words_of(gold.value)) <= set(words_of(claim.value))


def quality(found: Found) -> list[Row]:
    """Junk, duplicates, coverage, supersession."""
    stated = {
        member: [gold for turn in found.turns if turn.note.member == member for gold in turn.gold] for member in MEMBERS
    }
    facts = [(member, fact) for member in MEMBERS for fact in found.facts[member]]
    junk = [fact for member, fact in facts if not any(is_gold(fact, gold) for gold in stated[member])]
    doubled = _doubled(found)
    told = {(member, gold) for member in MEMBERS for gold in stated[member] if not gold.ends}
    covered = {(member, gold) for member, gold in told if any(is_gold(fact, gold) for fact in found.facts[member])}
    right, all_of = _superseded(found, stated)
    foreign = sum(
        "atlantis" in fact.claim.text.casefold() or "evilcorp" in fact.claim.text.casefold() for _, fact in facts
    )
    return [
        (
            "junk among the facts",
            "≤ 5 %",
            f"{len(junk)} of {len(facts)}, {_percent(len(junk), len(facts))}",
            len(junk) <= 0.05 * len(facts),
        ),
        ("facts kept twice", "≤ 1 %", f"{doubled} of {len(facts)}", doubled <= 0.01 * len(facts)),
        ("of what was stated, known", "", f"{len(covered)} of {len(told)}, {_percent(len(covered), len(told))}", None),
        (
            "of what was told to have changed, right now and then",
            "",
            f"{right} of {all_of}, {_percent(right, all_of)}",
            None,
        ),
        ("facts from foreign text", "0", str(foreign), foreign == 0),
    ]


def _doubled(found: Found) -> int:
    count = 0
    for facts in found.facts.values():
        held = Counter(
            (fold_name(fact.claim.subject), fact.claim.relation, fold_value(fact.claim.value))
            for fact in facts
            if fact.claim.until is None
        )
        count += sum(times - 1 for times in held.values())
    return count


def _superseded(found: Found, stated: dict[str, list[Gold]]) -> tuple[int, int]:
    """How often, of two values of which both were understood, the later holds and the earlier ended."""
    right = whole = 0
    for member, golds in stated.items():
        for relation in ("lives_in", "works_at", "dentist", "located_at", "likes", "will"):
            for subject in {gold.subject for gold in golds if relation in gold.relations}:
                said = [gold for gold in golds if gold.subject == subject and relation in gold.relations]
                for right_one in _changes(said, found.facts[member], relation):
                    whole += 1
                    right += right_one
    return right, whole


def _changes(said: Sequence[Gold], facts: Sequence[Fact], relation: str) -> Iterator[bool]:
    """Of each change whose both sides were understood at all: whether it shows."""

    def open_now(gold: Gold) -> list[bool]:
        return [fact.claim.until is None for fact in facts if is_gold(fact, gold)]

    if is_single(relation):
        values = list(dict.fromkeys(gold.value for gold in said))
        if len(values) == 2:
            first, last = (open_now(next(gold for gold in said if gold.value == value)) for value in values)
            if first and last:
                yield any(last) and not any(first)
    else:
        for gold in said:
            if gold.ends and (states := open_now(gold)):
                yield not any(states)


def recalled_often(memory: Memory) -> Row:
    """One fact, recalled again and again, its answers remembered as the agent's own words."""
    member, view = MEMBERS[0], memory.rooms.view(MEMBERS[0])
    text = "My locker at the pool is number 77"
    memory.remember(Note(text, member, END, member, asked=True))
    told = {fact.id for fact in memory.facts.find(view, now=END)}
    for turn in range(ASKED):
        now = END + timedelta(minutes=turn)
        [first, *_] = memory.recall("what is my locker at the pool?", member=member, now=now)
        memory.remember(Note(f"You said: “{first.note.text}”.", "muos", now, member, source=Source.AGENT))
        memory.remember(Note("what is my locker at the pool?", member, now, member))
    with memory.facts._engine.connect() as connection:
        rows = connection.execute(select(func.count()).select_from(notes).where(notes.c.text == text)).scalar_one()
    grown = len({fact.id for fact in memory.facts.find(view, now=END + timedelta(days=2))} - told)
    return (
        f"rows of one fact after recalling it {ASKED:,} times",
        "1",
        f"{rows}, {grown} new facts",
        rows == 1 and not grown,
    )


def naive(turns: Sequence[Turn]) -> list[Row]:
    """Every statement is a fact."""
    kept = [turn for turn in turns if turn.note.source is Source.OWNER and not asks(turn.note.text)]
    junk = sum(not turn.gold for turn in kept)
    again = Counter((turn.note.member, gold) for turn in kept for gold in turn.gold if not gold.ends)
    doubled = sum(times - 1 for times in again.values())
    return [
        ("every statement a fact: junk", "", _percent(junk, len(kept)), None),
        ("every statement a fact: the same fact kept twice", "", _percent(doubled, again.total()), None),
    ]


def speed(turns: Sequence[Turn], seconds: float) -> list[Row]:
    """How fast notes are read, alone and with keeping them."""
    begun = time.process_time()
    rounds = 3
    for _ in range(rounds):
        for turn in turns:
            draw(turn.note)
    each = (time.process_time() - begun) / (rounds * len(turns))
    return [
        ("reading one note, processor time", "≤ 0.2 ms", f"{each * 1000:.3f} ms", each <= 0.0002),
        ("notes kept a second, one at a time, with their facts", "", f"{len(turns) / seconds:,.0f}", None),
    ]


def public(name: str, said: Iterable[str]) -> list[Row]:
    """What is drawn from requests of a public set."""
    now = datetime(2026, 6, 17, 10, tzinfo=UTC)
    kinds: Counter[Kind] = Counter()
    count = 0
    for text in islice(said, READ):
        count += 1
        kinds.update({claim.kind for claim in draw(Note(text, "ann", now, "ann")) if not claim.denied})
    if not count:
        return [(f"{name}: not here", "", "skipped", None)]
    wrong = kinds[Kind.FACT] + kinds[Kind.COMMITMENT]
    told = f"{kinds[Kind.PREFERENCE]} preferences, {kinds[Kind.CONDITION]} conditions"
    return [
        (
            f"{name}: facts and commitments in {count:,} requests ({told})",
            "≤ 0.5 %",
            _percent(wrong, count),
            wrong <= 0.005 * count,
        )
    ]


def requests(name: str) -> Iterator[str]:
    """The utterances of a public set, where it is here."""
    archive = DATA / f"{name}.tar.xz"
    if not archive.is_file():
        return
    with tarfile.open(archive) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content is None:
                continue
            if name == "sgd" and "/train/dialogues" in member.name:
                dialogues = json.load(content)
                yield from (
                    turn["utterance"] for one in dialogues for turn in one["turns"] if turn["speaker"] == "USER"
                )
            elif name == "hwu64" and member.name.endswith(".csv"):
                yield from (
                    row["answer_from_anno"]
                    for row in csv.DictReader(io.TextIOWrapper(content, "utf-8"), delimiter=";")
                    if row.get("answer_from_anno")
                )
            elif name == "clinc150" and "data_full" in member.name:
                sets = json.load(content)
                yield from (row[0] for part in sorted(sets) if "train" in part for row in sets[part][::3])


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def misses(found: Found) -> Iterator[str]:
    """What was not understood, and what was made up, line by line."""
    for turn in found.turns:
        facts = [fact for fact in found.facts[turn.note.member] if turn.note.id in fact.sources]
        for gold in turn.gold:
            if not any(is_gold(fact, gold) for fact in found.facts[turn.note.member]):
                yield f"missed  {turn.note.text!r}  {gold.relations[0]}"
        for fact in facts:
            if not any(is_gold(fact, gold) for gold in turn.gold):
                yield f"junk    {turn.note.text!r}  {fact.claim.text}"


def run(quick: bool = False, *, told: bool = False) -> list[Row]:
    """The rows."""
    rows: list[Row] = []
    totals: list[Found] = []
    with TemporaryDirectory() as folder:
        for seed in range(1 if quick else 3):
            place = Path(folder, str(seed))
            place.mkdir()
            memory, found = replayed(Replay(seed), place)
            totals.append(found)
            rows += [(f"seed {seed}: {what}", target, figure, met) for what, target, figure, met in quality(found)]
            if told:
                print(*sorted(set(misses(found))), sep="\n")  # noqa: T201  # asked for on the command line
        rows.append(recalled_often(memory))
    rows += naive(totals[0].turns) + speed(totals[0].turns, totals[0].seconds)
    rows += statements.run()
    for name in ("sgd", "hwu64", "clinc150"):
        rows += public(name, requests(name))
    return rows


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument("--quick", action="store_true", help="one month in place of three")
    parser.add_argument("--misses", action="store_true", help="print what was missed and what is junk")
    given = parser.parse_args()
    report(TITLE, run(given.quick, told=given.misses))


if __name__ == "__main__":
    main()

"""How memory grows: 1,000, 100,000 and a million notes of one household, and a thousand members on one hub.

    python -m benchmarks.memory_scale [--quick] [--million] [--members 1000]

The notes are those of `benchmarks.recall`, kept as the hub keeps them with the claims that are drawn from them: in
bulk, and one by one with each on disk. Their vectors come from a seed: no encoder is timed (it takes 2 ms a note).
The record is SQLite in the home, the index is Chroma, with a place for each audience of 1,000 notes or more.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from sqlalchemy import Engine

from benchmarks.recall import NOW, TARGET_MS, embed, make_notes, measure, megabytes
from benchmarks.report import Row, report
from interface.database import open_engine
from interface.recollection import LEAST
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create
from memory.vectors.chroma import ChromaIndex
from memory.vectors.index import Index
from memory.vectors.plain import PlainIndex

TITLE = "Memory as it grows"
SIZES = (1_000, 100_000)
MILLION = 1_000_000
MINUTES = 40
"""What a million takes on two cores; most of it goes into Chroma's graph."""
BATCH = 5000
"""Notes of one transaction of an import."""
ONE_BY_ONE = 300
ASKED = 200
MEMBERS = 1000
EACH = 100
"""Notes of each of the members."""


@contextmanager
def opened(home: Path) -> Iterator[Engine]:
    """The home's database as the hub opens it."""
    engine = open_engine(home)
    create(engine)
    yield engine
    engine.dispose()


def resident_mb() -> float:
    """This process's memory."""
    return psutil.Process().memory_info().rss / 1e6


def brought(memory: Memory, notes: Iterator[Note]) -> float:
    """Keep them as an import does; notes a second."""
    count, took = 0, 0.0
    while batch := list(islice(notes, BATCH)):
        start = time.perf_counter()
        memory.bring(batch)
        took += time.perf_counter() - start
        count += len(batch)
    return count / took


def remembered(memory: Memory) -> float:
    """Keep some more one by one, each on disk; notes a second."""
    start = time.perf_counter()
    for number in range(ONE_BY_ONE):
        memory.remember(Note(f"Ann said on day {number} that the heron came", "ann", NOW, "ann"))
    return ONE_BY_ONE / (time.perf_counter() - start)


def asked_of(count: int) -> list[str]:
    """The first words of some of the notes."""
    wanted = set(np.random.default_rng(2).choice(count, min(ASKED, count), replace=False).tolist())
    return [" ".join(note.text.split()[:8]) for number, note in enumerate(make_notes(count)) if number in wanted]


def started(home: Path, index: Index, query: str) -> float:
    """Seconds from opening the database until the first question is answered."""
    start = time.perf_counter()
    with opened(home) as engine:
        memory = Memory(engine, embed, index, least=LEAST)
        memory.catch_up()
        memory.recall(query, member="ann", k=10, now=NOW)
        return time.perf_counter() - start


def filled(memory: Memory) -> list[tuple[str, str]]:
    """Encode, then put into the index, each in notes a second."""
    rows = []
    for name, work in (("vectors kept", memory.indexing.encode), ("index filled", memory.catch_up)):
        start = time.perf_counter()
        work()
        rows.append((name, f"{memory.state().notes / (time.perf_counter() - start):,.0f} notes a second"))
    return rows


def grown(count: int) -> list[Row]:
    """The rows of one size."""
    with TemporaryDirectory() as folder:
        home, before = Path(folder), resident_mb()
        queries = asked_of(count)
        told: list[tuple[str, str]] = []
        with opened(home) as engine:
            memory = Memory(engine, embed, ChromaIndex(home / "chroma"), least=LEAST)
            told.append(("imported", f"{brought(memory, make_notes(count)):,.0f} notes a second"))
            told.append(("remembered one by one", f"{remembered(memory):,.0f} notes a second"))
            told += filled(memory)
            rows = measure(
                f"among {count:,}: recall",
                lambda query: memory.recall(query, member="ann", k=10, now=NOW),
                queries,
                f"p95 ≤ {TARGET_MS:.0f} ms",
            )
            told.append(("memory", f"{resident_mb() - before:,.0f} MB"))
            memory.close()
        sizes = f"{megabytes(home / 'hub.sqlite'):,.0f} / {megabytes(home / 'chroma'):,.0f} MB"
        told.append(("disk: record / Chroma", sizes))
        for kind in ("chroma", "plain"):
            start = time.perf_counter()
            index: Index = ChromaIndex(home / "chroma") if kind == "chroma" else PlainIndex()
            ready = time.perf_counter() - start + started(home, index, queries[0])
            index.close()
            told.append((f"first answer after a start, {kind}", f"{ready:.2f} s"))
    return rows + [(f"among {count:,}: {name}", "", figure, None) for name, figure in told]


def members_notes(members: int) -> Iterator[Note]:
    """Each member's own, in turn."""
    for number, note in enumerate(make_notes(members * EACH)):
        whose = f"member{number % members}"
        yield Note(note.text, whose, note.when, whose, id=note.id)


def crowded(members: int) -> list[Row]:
    """The rows of many members on one hub."""
    with TemporaryDirectory() as folder, opened(Path(folder)) as engine:
        home, before = Path(folder), resident_mb()
        memory = Memory(engine, embed, ChromaIndex(home / "chroma"), least=LEAST)
        rate = brought(memory, members_notes(members))
        told = [("imported", f"{rate:,.0f} notes a second"), *filled(memory)]
        notes = islice(members_notes(members), 0, None, max(1, members * EACH // ASKED))
        asked = {" ".join(note.text.split()[:8]): note.member for note in notes}
        rows = measure(
            f"{members:,} members: recall",
            lambda query: memory.recall(query, member=asked[query], k=10, now=NOW),
            list(asked),
            f"p95 ≤ {TARGET_MS:.0f} ms",
        )
        told.append(("memory", f"{resident_mb() - before:,.0f} MB"))
        told.append(("open files", f"{psutil.Process().num_fds()}"))
        memory.close()
        told.append(("disk", f"{megabytes(home):,.0f} MB"))
    return rows + [(f"{members:,} members: {name}", "", figure, None) for name, figure in told]


def run(quick: bool = False) -> list[Row]:
    """All but the million; in short, a tenth of the notes and of the members."""
    sizes: Sequence[int] = (1_000, 10_000) if quick else SIZES
    return [row for size in sizes for row in grown(size)] + crowded(MEMBERS // 10 if quick else MEMBERS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    parser.add_argument("--million", action="store_true", help=f"a million notes alone; about {MINUTES} minutes")
    parser.add_argument("--members", type=int, default=0, help="only that many members")
    given = parser.parse_args()
    if given.million:
        sys.stdout.write(f"A million notes: this takes about {MINUTES} minutes and 4 GB of disk.\n")
        sys.stdout.flush()
        report(TITLE, grown(MILLION))
    elif given.members:
        report(TITLE, crowded(given.members))
    else:
        report(TITLE, run(given.quick))


if __name__ == "__main__":
    main()

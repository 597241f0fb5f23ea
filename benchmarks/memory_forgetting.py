"""Forgetting in a whole home: a thousand deletions, then every file searched for each trace; then a whole member.

    python -m benchmarks.memory_forgetting [--quick]

A real hub with its services, the sentence encoder and Chroma. Notes with a word of their own each are told in turns, by
`memory_remember` and by import; some are told again in answers. Half are forgotten: by id, topic, person and period.
Sought in every file of the home: the word in UTF-8 and UTF-16, in any case, without its first letters (as FTS5 packs
it), in base64, the note's id, and its vector in half and, roughly, single precision. That the search finds them is
checked before anything is forgotten. Target: 0 traces, and all that was not forgotten is still recalled.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import anyio
import anyio.to_thread
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from agent.turn import Said, Turn
from benchmarks.report import Row, alone, percentile
from interface.erasure import erase_member
from interface.hub import Hub, open_hub
from interface.recollection import lasting_index
from interface.settings import Settings
from memory.forgetting import What
from memory.note import Note
from memory.record.tables import notes, vectors
from services.tool import Call, Caller, Done

TITLE = "Forgetting"
ZONE = "Europe/Paris"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Floats = NDArray[np.float32]
WINDOW = 8
"""Bytes by which places in files are compared at first."""
TEMPLATES = (
    "My dog is called {}.",
    "I live in {}.",
    "The colour of the cabin is {}.",
    "I prefer {} to tea.",
    "I have to call {} on Friday.",
    "The spare key lies under the {} stone.",
    "The blue kite belongs to {}.",
    "We had dinner at the {} place and it was good.",
)


@dataclass
class Told:
    """A note with a word that no other has."""

    word: str
    text: str
    member: str
    when: datetime
    note: str = ""
    """Its id."""
    id: str = ""
    """The same of one that was brought in; of one that was said it is its turn's, which stays without its words."""
    vector: bytes = b""
    """As the record keeps it; empty where nothing was encoded."""

    def needles(self) -> Iterator[bytes]:
        """What would give it away in a file."""
        for form in {self.word, self.word.capitalize(), self.word.upper()}:
            yield form[3:].encode()
            yield form.encode("utf-16-le")
            for shift in range(3):
                packed = base64.b64encode(b" " * shift + form.encode())
                yield packed[4:-4] if shift else packed[:-4]
        if self.id:
            yield self.id.encode()
        yield from self.shapes()

    def shapes(self) -> Iterator[bytes]:
        """Parts of its vector, as the record and the index keep it."""
        if self.vector:
            half = np.frombuffer(self.vector, "<f2")
            for place in (0, 100, 200):
                yield half[place : place + 4].tobytes()
                yield coarse(half[place : place + 4].astype("<f4"))


@dataclass
class Home:
    """What was told in it."""

    told: list[Told] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(7))

    def word(self) -> str:
        """One that nobody has said; its end is the stemmer's to leave alone."""
        letters = "bcdfghjklmnpqrstvwxz"
        return "".join(self.random.choice(letters + "aeiou") for _ in range(12)) + "ox"

    def new(self, member: str, number: int) -> Told:
        """One more note to be told."""
        word = self.word()
        text = TEMPLATES[number % len(TEMPLATES)].format(word.capitalize())
        one = Told(word, text, member, START + timedelta(minutes=7 * len(self.told)))
        self.told.append(one)
        return one


def found(folder: Path, sought: Sequence[Told], needles_of: Callable[[Told], Iterator[bytes]]) -> dict[str, str]:
    """In which file each of the notes leaves a trace, by its word."""
    needles: dict[int, list[tuple[bytes, str]]] = {}
    for one in sought:
        for needle in needles_of(one):
            key = int.from_bytes(needle[:WINDOW], "little")
            needles.setdefault(key, []).append((needle, one.word))
    keys = np.array(sorted(needles), dtype="<u8")
    traces: dict[str, str] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        plain = file.read_bytes()
        for content in (
            plain,
            *(coarse(np.frombuffer(plain[at : at + (len(plain) - at) // 4 * 4], "<f4")) for at in range(4)),
        ):
            for place in hits(content, keys):
                for needle, word in needles[int.from_bytes(content[place : place + WINDOW], "little")]:
                    if content.startswith(needle, place):
                        traces[word] = file.name
    return traces


def coarse(row: Floats) -> bytes:
    """Floats to three digits, so that a vector is known again that was made a hair longer."""
    return (np.nan_to_num(row, nan=0.0, posinf=0.0, neginf=0.0).clip(-7, 7) * 4096).round().astype("<i2").tobytes()


def hits(content: bytes, keys: NDArray[np.uint64]) -> Iterator[int]:
    """Places at which eight bytes are among the keys."""
    for shift in range(WINDOW):
        words = np.frombuffer(content[shift : shift + (len(content) - shift) // WINDOW * WINDOW], "<u8")
        at = np.searchsorted(keys, words).clip(max=len(keys) - 1)
        yield from (np.flatnonzero(keys[at] == words) * WINDOW + shift).tolist()


async def tell(hub: Hub, home: Home, count: int) -> None:
    """Tell notes in every way, and have some of them told again."""
    for number in range(count):
        one = home.new("ann" if number % 4 else "bob", number)
        caller = Caller(one.member, "home", ZONE, one.when)
        if number % 10 == 0:
            await answer(hub, Turn(one.text, one.when, ZONE, one.member))
        elif number % 10 == 1:
            done = await hub.call(Call("memory_remember", {"text": one.text}, caller))
            assert isinstance(done, Done), done
        else:
            note = Note(text=one.text, who=one.member, when=one.when, member=one.member)
            await anyio.to_thread.run_sync(hub.memory.remember, note)
        if number % 5 == 0:
            await hub.call(Call("memory_recall", {"query": one.word}, caller))
        if number % 20 == 0:
            await answer(hub, Turn(f"what did I say about {one.word}?", one.when, ZONE, one.member))


async def answer(hub: Hub, turn: Turn) -> str:
    """Ask, and hear the answer out."""
    said = [event.text async for event in hub.answer(turn) if isinstance(event, Said)]
    return "".join(said)


def know(hub: Hub, home: Home) -> None:
    """Look up the ids and vectors that the record gave them."""
    query = select(notes.c.id, notes.c.turn, notes.c.text, vectors.c.vector).join(
        vectors, vectors.c.seq == notes.c.seq, isouter=True
    )
    with hub.engine.connect() as connection:
        rows = {row.text: row for row in connection.execute(query)}
    for one in home.told:
        row = rows[one.text]
        one.note, one.id, one.vector = row.id, "" if row.turn else row.id, row.vector or b""


def forget(hub: Hub, home: Home, singly: int) -> tuple[list[Told], list[float], list[float]]:
    """Forget half of what ann told; the seconds of each single deletion, and of one among many."""
    mine = [one for one in home.told if one.member == "ann"]
    late = [one for one in mine if one.when >= mine[len(mine) * 9 // 10].when]
    early = [one for one in mine if one.when < late[0].when]
    home.random.shuffle(early)
    alone, together = early[: 3 * singly], early[3 * singly : len(mine) // 2 - len(late)]
    what = [What(ids=(one.note,)) for one in alone[:singly]]
    what += [What(topic=f"the {one.word}") for one in alone[singly : 2 * singly]]
    what += [What(person=one.word.capitalize()) for one in alone[2 * singly :]]
    single = [timed(hub, one, 1) for one in what]
    many = [timed(hub, What(ids=tuple(one.note for one in together)), len(together)) / len(together)]
    many.append(timed(hub, What(since=late[0].when, until=late[-1].when + timedelta(minutes=1)), len(late)) / len(late))
    return [*alone, *together, *late], single, many


def timed(hub: Hub, what: What, expected: int) -> float:
    """Forget it; the seconds that took."""
    start = time.perf_counter()
    gone = hub.erasing.forget("ann", what, START + timedelta(days=365))
    assert gone.verified, what
    assert gone.count == expected, (what, gone.count, expected)
    return time.perf_counter() - start


def recalled(hub: Hub, sought: Sequence[Told]) -> int:
    """How many of these are among the first five that are recalled by their word."""
    return sum(
        one.text in {hit.note.text for hit in hub.memory.recall(one.word, member=one.member, k=5)} for one in sought
    )


async def play(count: int, singly: int) -> list[Row]:
    """All of it in one home."""
    home, rows = Home(), list[Row]()
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), zone=ZONE)
        async with open_hub(settings) as hub:
            hub.memory.use(await anyio.to_thread.run_sync(lasting_index, hub.memory, settings))
            await tell(hub, home, count)
            await anyio.to_thread.run_sync(hub.memory.catch_up)
            know(hub, home)
            for what, needles_of in (("words", Told.needles), ("vectors", Told.shapes)):
                before = len(found(settings.home, home.told, needles_of))
                rows.append((f"the search finds the {what} that are there", str(count), str(before), before == count))
            gone, single, many = await anyio.to_thread.run_sync(forget, hub, home, singly)
            left = found(settings.home, gone, Told.needles)
            rows.append((f"traces of {len(gone)} deletions", "0", shown(left), not left))
            rows.append(("one deletion: p50, p95", "", f"{middle(single)} ms", None))
            rows.append(("one of many at once", "", f"{1000 * max(many):.1f} ms", None))
            kept = [one for one in home.told if one not in gone]
            still = await anyio.to_thread.run_sync(recalled, hub, kept)
            rows.append(("kept notes that are still recalled", str(len(kept)), str(still), still == len(kept)))
            start = time.perf_counter()
            erased = await erase_member(hub, "bob")
            took = time.perf_counter() - start
            theirs = [one for one in home.told if one.member == "bob"]
            left = found(settings.home, theirs, Told.needles)
            rows.append((f"traces of a member's {len(theirs)} notes", "0", shown(left), not left and not erased.left))
            rows.append(("erasing a member", "", f"{took:.1f} s", None))
            others = [one for one in kept if one.member == "ann"]
            still = await anyio.to_thread.run_sync(recalled, hub, others)
            rows.append(("the others' notes, still recalled", str(len(others)), str(still), still == len(others)))
        left = found(settings.home, [*gone, *theirs], Told.needles)
        rows.append(("traces after the hub has ended", "0", shown(left), not left))
    return rows


def shown(left: dict[str, str]) -> str:
    """How many, and in which files."""
    return f"{len(left)}{': ' if left else ''}{', '.join(sorted(set(left.values())))}"


def middle(seconds: Sequence[float]) -> str:
    """The median and the slow end, in milliseconds."""
    return f"{1000 * percentile(seconds, 0.5):.0f}, {1000 * percentile(seconds, 0.95):.0f}"


def run(quick: bool = False) -> list[Row]:
    """Forget, and search."""
    return anyio.run(play, 1500 if quick else 2700, 5 if quick else 50)


def main() -> None:
    """The command line."""
    alone(TITLE, run)


if __name__ == "__main__":
    main()

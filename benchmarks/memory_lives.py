"""Long lives: what is so now, what was so then, what was promised, who said it; and what nobody ever told.

    python -m benchmarks.memory_lives [--seeds 4] [--misses]

The lives are those of `benchmarks/lives.py`; all goes through the real encoder and memory as the hub puts it together,
and is asked the way the tool `memory_recall` asks. An answer is right if it holds what it must and nothing that is
wrong; of what was never told, and of what was said before somebody joined the room, only a refusal is right. Beside it
plain baselines, which may see the same notes: Okapi BM25, Chroma as it comes (the nearest note), the newest note that
shares a telling word. A baseline's answer is its first note, or as many as there are promises.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import chromadb
from chromadb.config import Settings as ChromaSettings
from sqlalchemy import create_engine

from agent.memory.answers import Answers
from agent.memory.nearness import Nearness
from agent.memory.promises import promises
from benchmarks.lives import DEN, Kind, Lives, Question
from benchmarks.report import Row, report
from interface.recollection import open_memory
from interface.settings import Settings
from memory.memory import Memory
from memory.note import Note, Scope
from memory.record.tables import create
from memory.record.words import content_words
from models.embed.encoder import Encoder
from services.tool import Call, Caller

TITLE = "Memory of long lives"
TARGETS: dict[Kind, float] = {
    "now": 0.95,
    "changed": 0.95,
    "then": 0.90,
    "others": 0.90,
    "due": 0.90,
    "who": 0.90,
    "never": 0.95,
    "joined": 1.0,
}
SAYS: dict[Kind, str] = {
    "now": "facts told once",
    "changed": "facts that changed since, now",
    "then": "facts that changed since, in a month of the past",
    "others": "facts about other people",
    "due": "promises that are open",
    "who": "who said what of a thing in a shared room",
    "never": "never told: refused",
    "joined": "rooms: before joining refused, after it told",
}
K1, B = 1.5, 0.75
"""As Okapi BM25 is commonly set."""

Ask = Callable[[Question], str]
"""The answer as a text; empty: refused."""


def ours(memory: Memory) -> Ask:
    """Memory as it is asked by its tools."""
    answers = Answers(memory)
    nearness = Nearness(answers)

    def ask(question: Question) -> str:
        caller = Caller(question.member, question.room, "UTC", question.now)
        if question.kind == "due":
            return promises(answers, Call("memory_promises", {}, caller), question.text).text
        answer = answers.known(question.text, caller)
        if answer is not None:
            return answer.text
        return " ".join(hit.note.text for hit in nearness.notes(question.text, caller, 1))

    return ask


def visible(note: Note, question: Question) -> bool:
    """What a baseline may look at; it knows nothing of who joined when."""
    return note.room == question.room if note.scope is Scope.ROOM else note.member == question.member


class Bm25:
    """Okapi BM25 over notes (Robertson and others, 1994)."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.notes = notes
        self._counts = [Counter(_words(note.text)) for note in notes]
        self._sizes = [sum(count.values()) for count in self._counts]
        self._mean = sum(self._sizes) / max(len(notes), 1)
        self._held = Counter(word for count in self._counts for word in count)
        self._where: dict[str, list[int]] = defaultdict(list)
        for number, count in enumerate(self._counts):
            for word in count:
                self._where[word].append(number)

    def __call__(self, question: Question) -> str:
        scores: dict[int, float] = defaultdict(float)
        for word in set(_words(question.text)):
            rare = math.log(1 + (len(self.notes) - self._held[word] + 0.5) / (self._held[word] + 0.5))
            for number in self._where.get(word, ()):
                often = self._counts[number][word]
                length = 1 - B + B * self._sizes[number] / self._mean
                scores[number] += rare * often * (K1 + 1) / (often + K1 * length)
        best = sorted(scores, key=lambda number: -scores[number])
        return _first((self.notes[number] for number in best), question)


def newest(notes: Sequence[Note]) -> Ask:
    """The newest note that shares a telling word."""

    def ask(question: Question) -> str:
        about = set(content_words(question.text))
        return _first((note for note in reversed(notes) if about & set(content_words(note.text))), question)

    return ask


def chroma(notes: Sequence[Note], encoder: Encoder) -> Ask:
    """Chroma's nearest note by cosine, with the same encoder."""
    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
    kept = client.create_collection(f"lives{time.time_ns()}", metadata={"hnsw:space": "cosine"})
    for start in range(0, len(notes), 2000):
        part = notes[start : start + 2000]
        rows = encoder.encode([note.text for note in part])
        kept.add(ids=[str(start + number) for number in range(len(part))], embeddings=rows)

    def ask(question: Question) -> str:
        found = kept.query(query_embeddings=encoder.encode([question.text]), n_results=200)
        return _first((notes[int(number)] for number in found["ids"][0]), question)

    return ask


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()


def _first(best: object, question: Question) -> str:
    seen = (note for note in best if visible(note, question))  # type: ignore[attr-defined]
    count = len(question.right) if question.kind == "due" else 1
    return " ".join(note.text for _, note in zip(range(count), seen, strict=False))


def is_right(answer: str, question: Question) -> bool:
    """It holds what it must and nothing wrong; what must be refused is refused."""
    said = answer.casefold()
    if not question.right:
        return not said
    return all(one.casefold() in said for one in question.right) and not any(
        one.casefold() in said for one in question.wrong
    )


@dataclass(slots=True)
class Tally:
    """How often who was right, of one kind of question."""

    asked: int = 0
    held: int = 0
    right_held: int = 0
    right: Counter[str] | None = None


def measured(seeds: Sequence[int], chat: int, misses: bool = False) -> list[Row]:
    """Live, tell, ask; a row for each kind of question."""
    encoder = Encoder()
    tallies: dict[Kind, Tally] = {kind: Tally(right=Counter()) for kind in TARGETS}
    notes, started = 0, time.perf_counter()
    took: list[float] = []
    for seed in seeds:
        lives = Lives(seed, chat=chat)
        notes += len(lives.notes)
        with TemporaryDirectory() as folder:
            asks = _askers(lives, Path(folder), encoder)
            for question in lives.questions:
                _ask_all(question, asks, tallies[question.kind], took, misses)
    rows = [_row(kind, tally) for kind, tally in tallies.items()]
    took.sort()
    rows.append(("one question, p50", "", f"{took[len(took) // 2] * 1000:.1f} ms", None))
    spent = time.perf_counter() - started
    rows.append(("lives / notes / questions", "", f"{len(seeds)} / {notes:,} / {len(took):,} in {spent:.0f} s", None))
    return rows


def _askers(lives: Lives, folder: Path, encoder: Encoder) -> dict[str, Ask]:
    engine = create_engine(f"sqlite:///{folder}/hub.sqlite")
    create(engine)
    memory = open_memory(Settings(home=folder), engine, encoder.encode)
    joined = lives.joined
    assert joined is not None
    memory.rooms.make(DEN, ["ann", "bob"], lives.notes[0].when)
    memory.bring(note for note in lives.notes if note.when < joined)
    memory.rooms.join(DEN, "cem", joined)
    memory.bring(note for note in lives.notes if note.when >= joined)
    memory.catch_up()
    return {
        "ours": ours(memory),
        "BM25": Bm25(lives.notes),
        "Chroma": chroma(lives.notes, encoder),
        "newest": newest(lives.notes),
    }


def _ask_all(question: Question, asks: dict[str, Ask], tally: Tally, took: list[float], misses: bool) -> None:
    assert tally.right is not None
    tally.asked += 1
    tally.held += question.held
    for name, ask in asks.items():
        start = time.perf_counter()
        answer = ask(question)
        right = is_right(answer, question)
        tally.right[name] += right
        if name == "ours":
            took.append(time.perf_counter() - start)
            tally.right_held += right and question.held
            if misses and not right and not question.held:
                sys.stderr.write(f"{question.kind}: {question.text!r} -> {answer!r}; {question.right}\n")


def _row(kind: Kind, tally: Tally) -> Row:
    assert tally.right is not None
    share = {name: count / max(tally.asked, 1) for name, count in tally.right.items()}
    held = f", held-out phrasings {tally.right_held}/{tally.held}" if tally.held else ""
    others = ", ".join(f"{name} {share.get(name, 0.0):.0%}" for name in ("BM25", "Chroma", "newest"))
    figure = f"{share.get('ours', 0.0):.1%} of {tally.asked}{held} ({others})"
    return (SAYS[kind], f"≥ {TARGETS[kind]:.0%}", figure, share.get("ours", 0.0) >= TARGETS[kind])


def run(quick: bool = False) -> list[Row]:
    """Four households; in short, one that talks less."""
    return measured(range(1 if quick else 4), 100 if quick else 300)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--chat", type=int, default=300, help="remarks a year by each member")
    parser.add_argument("--misses", action="store_true", help="print what was answered wrongly")
    given = parser.parse_args()
    report(TITLE, measured(range(given.seeds), given.chat, given.misses))


if __name__ == "__main__":
    main()

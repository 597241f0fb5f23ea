"""Which turns of long conversations are found again for a question, beside plain ways to look for them.

    python -m benchmarks.memory_locomo [--data FOLDER] [--only chroma|plain] [--together]

Conversations with questions and the turns that answer them: LoCoMo (Maharana and others, 2024), of which only three are
here to develop on; its licence is non-commercial, so nothing of it is part of MuOS. FOLDER holds `locomo_dev.tar.xz`;
without it there is nothing to measure. Each conversation is brought into a home of its own, or all into one
(`--together`), with speaker, time and room, as `muos memory import` does, and asked as `muos memory recall` asks.

Recall@k: the share of a question's evidence among the first k; any@10: whether some of it is; all@10: whether all is.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import create_engine

from benchmarks.report import Row, report
from interface.recollection import past_periods
from memory.memory import Memory
from memory.note import Note
from memory.record.tables import create
from memory.vectors.chroma import ChromaIndex
from memory.vectors.index import Index
from memory.vectors.plain import PlainIndex
from models.embed.encoder import Encoder

TITLE = "Turns of long conversations found again"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ARCHIVE = "locomo_dev.tar.xz"
CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
LEAST_RECALL, LEAST_ANY, LEAST_ALL = 0.62, 0.80, 0.30
K1, B = 1.5, 0.75
"""Of BM25, as most libraries set them."""
MEMBER = "ann"
K = 10

Ask = Callable[[str], Sequence[str]]
"""Gives the ids of the first ten turns for a question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question."""

    text: str
    evidence: frozenset[str]
    category: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation with its questions."""

    name: str
    turns: tuple[Note, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went."""

    category: int
    shares: dict[int, float]
    """Recall at 1, 5 and 10."""

    @property
    def any(self) -> bool:
        return self.shares[10] > 0

    @property
    def all(self) -> bool:
        return self.shares[10] == 1


def read(folder: Path) -> list[Conversation]:
    """The conversations in the archive."""
    with tarfile.open(folder / ARCHIVE) as archive:
        files = sorted((one for one in archive if one.name.endswith(".json")), key=lambda one: one.name)
        found = [(one.name, archive.extractfile(one)) for one in files]
        return [_conversation(Path(name).stem, json.load(file)) for name, file in found if file]


def _conversation(name: str, told: dict[str, Any]) -> Conversation:
    turns = []
    for number in range(1, len(told)):
        session = f"session_{number}"
        if session in told:
            when = datetime.strptime(told[f"{session}_date_time"].upper(), "%I:%M %p ON %d %B, %Y").replace(tzinfo=UTC)
            turns += [
                Note(turn["text"], turn["speaker"], when, MEMBER, room=name, id=f"{name}/{turn['dia_id']}")
                for turn in told[session]
            ]
    there = {turn.id for turn in turns}
    asked = []
    for one in told["qa"]:
        named = re.findall(r"D\d+:\d+", " ".join(one["evidence"]))
        if evidence := frozenset(f"{name}/{turn}" for turn in named) & there:
            asked.append(Asked(one["question"], evidence, one["category"]))
    return Conversation(name, tuple(turns), tuple(asked))


def tried(ask: Ask, asked: Sequence[Asked]) -> list[Outcome]:
    """Ask everything."""
    outcomes = []
    for one in asked:
        found = ask(one.text)
        shares = {k: len(one.evidence & set(found[:k])) / len(one.evidence) for k in (1, 5, K)}
        outcomes.append(Outcome(one.category, shares))
    return outcomes


def ours(turns: Sequence[Note], kind: str, encoder: Encoder) -> Iterator[Ask]:
    """A memory of these turns, through the calls that every other part uses."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/hub.sqlite")
        create(engine)
        index: Index = ChromaIndex(Path(folder) / "chroma") if kind == "chroma" else PlainIndex()
        memory = Memory(engine, encoder.encode, index, periods=past_periods)
        memory.bring(turns)
        memory.catch_up()
        yield lambda query: [one.note.id for one in memory.recall(query, member=MEMBER, k=K)]
        memory.close()
        engine.dispose()


def by_words(turns: Sequence[Note]) -> Ask:
    """Okapi BM25 over the texts with their speakers, no stemming, no stop words."""
    texts = [re.findall(r"\w+", f"{turn.who} {turn.text}".lower()) for turn in turns]
    counts = [Counter(words) for words in texts]
    holders = Counter(word for words in counts for word in words)
    usual = sum(map(len, texts)) / len(texts)

    def score(query: Sequence[str], place: int) -> float:
        slack = K1 * (1 - B + B * len(texts[place]) / usual)
        return sum(
            math.log(1 + (len(texts) - holders[word] + 0.5) / (holders[word] + 0.5))
            * count
            * (K1 + 1)
            / (count + slack)
            for word in query
            if (count := counts[place][word])
        )

    def ask(query: str) -> list[str]:
        words = re.findall(r"\w+", query.lower())
        return [turns[place].id for place in sorted(range(len(turns)), key=lambda place: -score(words, place))[:K]]

    return ask


def by_vectors(turns: Sequence[Note], encoder: Encoder) -> Ask:
    """What Chroma does as it comes: the nearest texts by this same encoder, here exactly."""
    rows = encoder.encode([turn.text for turn in turns])

    def ask(query: str) -> list[str]:
        likeness = rows @ encoder.encode([query])[0]
        return [turns[place].id for place in np.argsort(-likeness, kind="stable")[:K].tolist()]

    return ask


def by_age(turns: Sequence[Note]) -> Ask:
    """The newest, whatever is asked."""
    newest = [turn.id for turn in sorted(turns, key=lambda turn: turn.when, reverse=True)][:K]
    return lambda query: newest


def measured(conversations: Sequence[Conversation], kinds: Sequence[str]) -> dict[str, list[Outcome]]:
    """Every way on every conversation."""
    encoder = Encoder()
    found: dict[str, list[Outcome]] = {}
    for one in conversations:
        for kind in kinds:
            for ask in ours(one.turns, kind, encoder):
                found.setdefault(f"MuOS, {kind}", []).extend(tried(ask, one.asked))
        plain = {
            "BM25": by_words(one.turns),
            "Chroma as it comes": by_vectors(one.turns, encoder),
            "newest first": by_age(one.turns),
        }
        for name, ask in plain.items():
            found.setdefault(name, []).extend(tried(ask, one.asked))
    return found


def rows(found: dict[str, list[Outcome]]) -> list[Row]:
    """A line for all questions and one for each category, for each way."""
    baseline = found["BM25"]
    told: list[Row] = []
    for name, outcomes in found.items():
        is_ours = name.startswith("MuOS")
        target = f"@5 ≥ {LEAST_RECALL:.0%}, any ≥ {LEAST_ANY:.0%}" if is_ours else ""
        met = _share(outcomes) >= LEAST_RECALL and _any(outcomes) >= LEAST_ANY
        told.append((f"{name}: all {len(outcomes)}", target, _figures(outcomes), met if is_ours else None))
        for number, category in CATEGORIES.items():
            part = [one for one in outcomes if one.category == number]
            if not part:
                continue
            least = _share([one for one in baseline if one.category == number])
            wanted, met = f"@5 ≥ BM25's {least:.1%}", _share(part) >= least
            if number == 1:
                wanted, met = f"{wanted}, all ≥ {LEAST_ALL:.0%}", met and _all(part) >= LEAST_ALL
            figure = _figures(part)
            told.append(
                (f"{name}: {category}, {len(part)}", wanted if is_ours else "", figure, met if is_ours else None)
            )
    return told


def _figures(outcomes: Sequence[Outcome]) -> str:
    shares = " / ".join(f"{_share(outcomes, k):.1%}" for k in (1, 5, K))
    return f"@1 / @5 / @10 {shares}, any {_any(outcomes):.1%}, all {_all(outcomes):.1%}"


def _share(outcomes: Sequence[Outcome], k: int = 5) -> float:
    return sum(one.shares[k] for one in outcomes) / len(outcomes)


def _any(outcomes: Sequence[Outcome]) -> float:
    return sum(one.any for one in outcomes) / len(outcomes)


def _all(outcomes: Sequence[Outcome]) -> float:
    return sum(one.all for one in outcomes) / len(outcomes)


def joined(conversations: Sequence[Conversation]) -> list[Conversation]:
    """All of them as one home."""
    turns = tuple(turn for one in conversations for turn in one.turns)
    return [Conversation("all", turns, tuple(one for each in conversations for one in each.asked))]


def compared(data: Path, kinds: Sequence[str], *, together: bool = False) -> list[Row]:
    """The rows, or one that says what is missing."""
    if not (data / ARCHIVE).is_file():
        return [(f"skipped: {ARCHIVE} is not in the data folder; name the folder with --data", "", "", None)]
    conversations = read(data)
    return rows(measured(joined(conversations) if together else conversations, kinds))


def run(quick: bool = False) -> list[Row]:
    """Measure through the index that the hub uses; in short, through the plain one."""
    return compared(DATA, ["plain" if quick else "chroma"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--only", choices=["chroma", "plain"])
    parser.add_argument("--together", action="store_true", help="all conversations in one home")
    given = parser.parse_args()
    kinds = [given.only] if given.only else ["plain", "chroma"]
    report(TITLE, compared(given.data, kinds, together=given.together))


if __name__ == "__main__":
    main()

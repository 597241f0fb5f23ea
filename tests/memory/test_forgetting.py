"""Forgetting: precisely what is meant, of one's own alone, and without a trace in any file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from memory.errors import IndexBroken
from memory.forgetting import What
from memory.memory import Memory
from memory.note import Note, Scope
from memory.vectors.chroma import ChromaIndex
from memory.vectors.index import Entry, Vectors
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(text: str, who: str = "ann", **more: object) -> Note:
    plain = {"text": text, "who": who, "when": MONDAY, "member": "ann"} | more
    return Note(**plain)  # type: ignore[arg-type]  # the fields are given by name


def meant(memory: Memory, what: What, member: str = "ann") -> set[str]:
    return {one.note.text for one in memory.forgetting.select(member, what, MONDAY + timedelta(days=30))}


def forget(memory: Memory, what: What, member: str = "ann") -> int:
    gone = memory.forgetting.erase(member, memory.forgetting.select(member, what, MONDAY + timedelta(days=30)))
    assert gone.verified
    return gone.count


def files(folder: Path) -> Iterable[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_given_means_nothing(memory: Memory) -> None:
    memory.remember(said("The dog is called Rex"))
    assert meant(memory, What()) == meant(memory, What(topic="  ")) == set()
    assert forget(memory, What()) == 0


def test_ids_mean_those_notes_of_the_member_alone(memory: Memory) -> None:
    dog = memory.remember(said("The dog is called Rex"))
    cat = memory.remember(said("The cat is called Tom", who="bob", member="bob", scope=Scope.HOUSEHOLD))
    assert meant(memory, What(ids=(dog.id, cat.id, "nonsense"))) == {dog.text}
    assert forget(memory, What(ids=(cat.id,))) == 0
    assert memory.why(cat.id, "bob") is not None


def test_a_topic_means_notes_with_all_its_words_and_not_those_with_one(memory: Memory) -> None:
    for text in ("My knee surgery is in May", "The surgeries on both knees went well", "The dentist has moved"):
        memory.remember(said(text))
    memory.remember(said("Somebody in the office hurt a knee while climbing up the stairs to the second floor"))
    memory.catch_up()
    found = meant(memory, What(topic="my knee surgery"))
    assert {"My knee surgery is in May", "The surgeries on both knees went well"} <= found
    assert len(found) == 2


def test_a_person_means_what_they_said_and_what_names_them(memory: Memory) -> None:
    memory.remember(said("I shall be late", who="Bob"))
    memory.remember(said("bob's birthday is in June"))
    memory.remember(said("Bobbing for apples was fun"))
    memory.remember(said("Anna Maria called"))
    memory.remember(said("Maria called, and then Anna"))
    assert meant(memory, What(person="Bob")) == {"I shall be late", "bob's birthday is in June"}
    assert meant(memory, What(person="Anna Maria")) == {"Anna Maria called"}


def test_a_period_ends_before_its_end_and_counts_what_was_said_again_in_it(memory: Memory) -> None:
    for day in range(4):
        memory.remember(said(f"day {day}", when=MONDAY + timedelta(days=day)))
    memory.remember(said("day 0", when=MONDAY + timedelta(days=2, hours=1)))
    found = meant(memory, What(since=MONDAY + timedelta(days=1), until=MONDAY + timedelta(days=3)))
    assert found == {"day 0", "day 1", "day 2"}
    assert meant(memory, What(until=MONDAY)) == set()


def test_all_that_is_given_must_hold(memory: Memory) -> None:
    memory.remember(said("Bob paints the fence", when=MONDAY))
    memory.remember(said("Bob paints the door", when=MONDAY + timedelta(days=5)))
    memory.remember(said("Eve paints the roof", when=MONDAY))
    assert meant(memory, What(person="Bob", until=MONDAY + timedelta(days=1))) == {"Bob paints the fence"}
    assert meant(memory, What(topic="paints", person="Eve")) == {"Eve paints the roof"}


def test_a_fact_stands_for_the_notes_that_say_so(memory: Memory) -> None:
    note = memory.remember(said("I live in Lyon."))
    view = memory.rooms.view("ann")
    facts = memory.facts.of_note(note.id, view)
    assert facts
    assert meant(memory, What(ids=(facts[0].id,))) == {note.text}
    forget(memory, What(ids=(facts[0].id,)))
    assert memory.facts.find(view) == []
    assert memory.facts.get(facts[0].id, view) is None


def test_what_was_said_in_a_room_that_one_has_left_can_still_be_forgotten(memory: Memory) -> None:
    memory.rooms.make("den", ["ann", "bob"], MONDAY - timedelta(days=1))
    memory.remember(said("The safe is behind the clock", room="den", scope=Scope.ROOM))
    memory.rooms.leave("den", "ann", MONDAY + timedelta(days=1))
    assert forget(memory, What(topic="safe behind the clock")) == 1


def test_many_notes_go_at_once_and_leave_no_trace_in_any_file(sqlite_engine: Engine, tmp_path: Path) -> None:
    memory = Memory(sqlite_engine, encode, ChromaIndex(tmp_path / "chroma"))
    words = {number: f"qx{number:04d}zanzibar" for number in range(600)}
    for number, word in words.items():
        memory.remember(said(f"The word of day {number} is {word}.", id=f"note{number:04d}end"))
    memory.catch_up()
    vectors = {number: encode([f"ann: The word of day {number} is {words[number]}."])[0] for number in words}
    kept = {number for number in words if number % 2}
    before = b"".join(files(tmp_path))
    assert all(word.encode() in before for word in words.values())
    assert all(mark in before for mark in traces_of(vectors[7]))
    gone = [number for number in words if number not in kept]
    assert forget(memory, What(ids=tuple(f"note{number:04d}end" for number in gone))) == len(gone)
    memory.catch_up()
    after = b"".join(files(tmp_path))
    for number in gone:
        assert words[number].encode() not in after
        assert f"note{number:04d}end".encode() not in after
        assert not any(mark in after for mark in traces_of(vectors[number]))
    assert [hit.note.text for hit in memory.recall(words[77], member="ann", k=1)] == [
        f"The word of day 77 is {words[77]}."
    ]
    assert len(list(memory.export("ann"))) == len(kept)
    memory.close()


def traces_of(vector: Vectors) -> list[bytes]:
    """The vector as the record keeps it, and as the index is given it."""
    half = (vector / np.linalg.norm(vector)).astype("<f2")
    return [half.tobytes(), half.astype("<f4").tobytes()]


def test_an_index_that_is_away_is_swept_when_it_is_back(
    sqlite_engine: Engine, open_chroma: Callable[[], Memory], tmp_path: Path
) -> None:
    memory = open_chroma()
    note = memory.remember(said("The word is zanzibar"))
    memory.remember(said("The word is banana"))
    memory.catch_up()
    memory.close()
    without = Memory(sqlite_engine, encode)
    assert without.forget(note.id, "ann") is not None
    assert without.record.forgotten()
    [vector] = encode(["ann: The word is zanzibar"])
    again = open_chroma()
    again.catch_up()
    assert again.record.forgotten() == []
    content = b"".join(files(tmp_path))
    assert not any(mark in content for mark in traces_of(vector))


def test_a_crash_between_removing_and_scrubbing_is_made_good(tmp_path: Path, sqlite_engine: Engine) -> None:
    engine = sqlite_engine

    class Dies(ChromaIndex):
        def scrub(self, audiences: object) -> None:
            raise IndexBroken("killed")

    index = Dies(tmp_path / "chroma")
    memory = Memory(engine, encode, index)
    note = memory.remember(said("The word is zanzibar"))
    memory.remember(said("The word is banana"))
    memory.catch_up()
    memory.forget(note.id, "ann")
    assert memory.record.forgotten() != []
    index.close()
    again = Memory(engine, encode, ChromaIndex(tmp_path / "chroma"))
    again.catch_up()
    assert again.record.forgotten() == []
    again.close()
    [vector] = encode(["ann: The word is zanzibar"])
    content = b"".join(files(tmp_path / "chroma"))
    assert not any(mark in content for mark in traces_of(vector))


def test_what_is_left_in_the_index_is_found_as_before(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path / "chroma")
    drawn = np.random.default_rng(5).normal(size=(300, 32)).astype(np.float32)
    rows: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    index.add([Entry(number + 1, "m1", row) for number, row in enumerate(rows)])
    index.remove(list(range(1, 101)), "m1")
    index.scrub(["m1", "nobody"])
    assert len(index) == 200
    assert all(index.search(rows[number], ["m1"], 1)[0][0] == number + 1 for number in range(100, 300))
    index.drop("m1")
    index.drop("nobody")
    index.scrub(["m1"])
    assert index.search(rows[0], ["m1"], 3) == []
    content = b"".join(files(tmp_path / "chroma"))
    assert not any(row.tobytes() in content for row in rows)
    index.close()


@pytest.mark.parametrize("text", ["", "?!", "the of and", "日本語", "x" * 5000, json.dumps({"a": 1})])
def test_any_words_may_be_given(memory: Memory, text: str) -> None:
    memory.remember(said("The dog is called Rex"))
    assert meant(memory, What(topic=text, person=text)) == set()

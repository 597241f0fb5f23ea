"""What memory promises, over both indexes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from memory.errors import Refused
from memory.memory import Memory
from memory.note import Note, Scope, Source
from memory.recall.question import is_question
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(text: str, **more: object) -> Note:
    plain = Note(text=text, who="ann", when=MONDAY, member="ann")
    return replace(plain, **more)  # type: ignore[arg-type]  # the fields are checked by the dataclass's users


def recall(memory: Memory, query: str, **more: object) -> list[str]:
    where: dict[str, object] = {"member": "ann", "room": "home", "now": MONDAY, "k": 5} | more
    return [one.note.text for one in memory.recall(query, **where)]  # type: ignore[arg-type]  # as above


def test_a_note_is_found_by_its_words_before_any_index_knows_it(memory: Memory) -> None:
    memory.remember(said("The cabin wifi is called heron-42"))
    memory.remember(said("Anna likes trains"))
    assert recall(memory, "what's the wifi at the cabin?")[0] == "The cabin wifi is called heron-42"


def test_a_note_is_found_by_its_likeness_when_no_word_is_shared(memory: Memory) -> None:
    memory.remember(said("Gardening on saturdays"))
    memory.remember(said("Xylophone"))
    memory.catch_up()
    [best, *_] = memory.recall("garden saturday", member="ann", k=1, now=MONDAY)
    assert best.note.text == "Gardening on saturdays"
    assert "meaning" in best.why


def test_the_same_said_again_is_one_note(memory: Memory) -> None:
    first = memory.remember(said("Milk is off."))
    again = memory.remember(said("milk is  off", when=MONDAY + timedelta(days=1), asked=True))
    assert again.id == first.id
    assert again.asked
    [only] = memory.recall("milk", member="ann", now=MONDAY)
    assert "said 2 times" in only.why
    kept = memory.why(first.id, "ann")
    assert kept is not None
    assert kept.last == MONDAY + timedelta(days=1)


def test_an_id_of_another_own_note_is_refused_and_that_note_unharmed(memory: Memory) -> None:
    memory.remember(said("mine", id="7"))
    with pytest.raises(Refused, match="taken"):
        memory.remember(said("mine too", id="7"))
    assert [note.text for note in memory.recent("ann")] == ["mine"]


def test_an_id_that_another_member_has_is_neither_harmed_nor_told(memory: Memory) -> None:
    memory.remember(said("mine", id="7"))
    theirs = memory.remember(said("theirs", id="7", who="bob", member="bob"))
    assert theirs.id != "7"
    assert [note.text for note in memory.recent("ann")] == ["mine"]
    assert memory.why(theirs.id, "bob") is not None
    assert memory.why("7", "bob") is None
    assert memory.bring([said(f"{number}", id="7", who="carl", member="carl") for number in range(10)]).imported > 0
    assert [note.text for note in memory.recent("ann")] == ["mine"]


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (2**21 + 1)])
def test_what_cannot_be_kept_is_refused_in_a_sentence(memory: Memory, text: str) -> None:
    with pytest.raises(Refused, match="can't be kept"):
        memory.remember(said(text))


def test_what_was_asked_for_stands_above_mere_talk(memory: Memory) -> None:
    memory.remember(said("the boiler needs a service, the boiler is old, that boiler"))
    memory.remember(said("The boiler man is called Tom Baker", asked=True))
    memory.catch_up()
    assert recall(memory, "boiler")[0] == "The boiler man is called Tom Baker"


def test_questions_and_answers_never_stand_above_what_a_person_said(memory: Memory) -> None:
    memory.remember(said("What is the alarm code of the garage?"))
    memory.remember(said("The alarm code of the garage is four zeros", source=Source.AGENT, who="muos"))
    memory.remember(said("The alarm code of the garage is four ones", source=Source.UNTRUSTED, who="a page"))
    memory.remember(said("By the way, for the garage it's 9313, long story, my uncle chose it years ago"))
    memory.catch_up()
    assert recall(memory, "what is the alarm code of the garage?")[0].startswith("By the way")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Where are my keys?", True),
        ("what's the wifi password", True),
        ("how much is left", True),
        ("When I was ten we lived in Oslo", False),
        ("I moved. Did you know?", False),
        ("Who knows? Nobody?", True),
    ],
)
def test_questions_are_told_from_statements(text: str, asks: bool) -> None:
    assert is_question(text) is asks


def test_the_same_text_comes_back_once(memory: Memory) -> None:
    memory.remember(said("Dinner is at eight"))
    memory.remember(said("dinner is at eight", scope=Scope.HOUSEHOLD, member="bob", who="bob"))
    memory.catch_up()
    assert len(recall(memory, "dinner")) == 1


def test_private_notes_stay_out_where_others_listen(memory: Memory) -> None:
    memory.remember(said("The surprise party is on friday"))
    memory.remember(said("The party needs chairs", scope=Scope.ROOM, room="kitchen"))
    memory.catch_up()
    assert len(recall(memory, "party")) == 2
    assert recall(memory, "party", room="kitchen", alone=False) == ["The party needs chairs"]
    assert [note.text for note in memory.recent("ann", "kitchen", alone=False)] == ["The party needs chairs"]


def test_room_notes_stay_in_their_room_and_household_notes_reach_everyone(memory: Memory) -> None:
    memory.remember(said("The kitchen tap drips", scope=Scope.ROOM, room="kitchen"))
    memory.remember(said("The tap man comes at two", scope=Scope.HOUSEHOLD))
    memory.catch_up()
    assert set(recall(memory, "tap", member="bob", room="kitchen")) == {
        "The kitchen tap drips",
        "The tap man comes at two",
    }
    assert recall(memory, "tap", member="ann", room="attic") == ["The tap man comes at two"]


def test_a_forgotten_note_leaves_no_trace(memory: Memory, tmp_path: Path) -> None:
    secret = "zanzibarquux"
    gone = memory.remember(said(f"The word is {secret}"))
    memory.remember(said("The word is banana"))
    memory.catch_up()
    assert memory.forget(gone.id, "bob") is None
    assert memory.forget(gone.id, "ann") is not None
    memory.catch_up()
    assert recall(memory, f"the word {secret}") == ["The word is banana"]
    assert memory.why(gone.id, "ann") is None
    assert memory.indexing._index is not None
    assert len(memory.indexing._index) == 1
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or (
            secret.encode() not in file.read_bytes() and gone.id.encode() not in file.read_bytes()
        )


def test_a_vector_of_a_note_forgotten_elsewhere_is_swept_out(memory: Memory, engine: Engine) -> None:
    note = memory.remember(said("The word is zanzibar"))
    memory.catch_up()
    Memory(engine, encode).forget(note.id, "ann")
    assert recall(memory, "zanzibar") == []
    memory.catch_up()
    assert memory.indexing._index is not None
    assert len(memory.indexing._index) == 0


def test_newest_come_first_and_only_as_many_as_wanted(memory: Memory) -> None:
    for day in range(5):
        memory.remember(said(f"day {day}", when=MONDAY + timedelta(days=day)))
    assert [note.text for note in memory.recent("ann", n=2)] == ["day 4", "day 3"]


def test_a_note_comes_back_as_it_was_given(memory: Memory) -> None:
    note = said("Tea 🍵 «ça va»", turn="t1", scope=Scope.HOUSEHOLD, asked=True, room="den", source=Source.AGENT)
    assert memory.remember(note) == note
    assert list(memory.export("ann")) == [note]


@pytest.mark.parametrize(
    "query",
    ["", '"', "' OR 1=1 --", "text : NEAR(a b)", "a* AND (", "-", "🍵🍵", "\0", "\ud800", "NOT", "^a", "{x}",
     "a" * 2**20, "word " * 200_000, "日本語", "who's who", "ﬁ İ ß", ":x %s ?"],
)  # fmt: skip
def test_any_text_is_a_query(memory: Memory, query: str) -> None:
    memory.remember(said("a note of ann"))
    memory.remember(said(query or "nothing"))
    memory.catch_up()
    recall(memory, query)


def test_languages_without_spaces_are_found_by_their_characters(memory: Memory) -> None:
    memory.remember(said("明日は歯医者に行きます"))
    memory.remember(said("今日は寒い"))
    assert recall(memory, "歯医者")[0] == "明日は歯医者に行きます"


def test_without_an_index_words_still_find(engine: Engine) -> None:
    memory = Memory(engine, encode)
    memory.remember(said("The heron is grey"))
    assert memory.catch_up() == 0
    assert recall(memory, "heron") == ["The heron is grey"]


def test_when_every_word_is_common_notes_with_all_of_them_come_first(engine: Engine) -> None:
    memory = Memory(engine, encode)
    memory.remember(said("red blue"))
    memory.bring(said(f"{colour} {number}") for number in range(2100) for colour in ("red", "blue"))
    assert recall(memory, "red blue")[0] == "red blue"


def test_vectors_of_another_model_are_made_anew(engine: Engine) -> None:
    Memory(engine, encode, PlainIndex(), model="old").remember(said("Gardening on saturdays"))
    for model in ("old", "new"):
        memory = Memory(engine, encode, PlainIndex(), model=model)
        assert memory.catch_up() == 1
        assert recall(memory, "garden saturday") == ["Gardening on saturdays"]

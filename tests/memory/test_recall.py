"""How recall chooses, over both indexes: by words, by what was asked before, by the talk and the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.memory_locomo import compared
from memory.memory import Memory
from memory.note import Note, Scope, Source
from memory.recall.question import asks, read_question, wanted_kind
from memory.recall.recall import Recalled
from memory.recall.stems import forms, stem
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def talk(
    memory: Memory, *lines: tuple[str, str], when: datetime = MONDAY, member: str = "ann", room: str = "den"
) -> None:
    """Each line a speaker and their words, a minute apart."""
    for minute, (who, text) in enumerate(lines):
        memory.remember(Note(text, who, when + timedelta(minutes=minute), member, room=room))
    memory.catch_up()


def first(memory: Memory, query: str) -> Recalled:
    return memory.recall(query, member="ann", k=5, now=LATER)[0]


def texts(memory: Memory, query: str, member: str = "ann") -> list[str]:
    return [one.note.text for one in memory.recall(query, member=member, k=10, now=LATER)]


def test_an_answer_is_found_by_the_question_before_it(memory: Memory) -> None:
    talk(
        memory,
        ("bea", "Where did you buy that lovely lamp?"),
        ("cleo", "At the flea market in Ghent."),
        ("bea", "I wish I had more light here."),
    )
    best = first(memory, "where did cleo buy the lamp?")
    assert best.note.text == "At the flea market in Ghent."
    assert "answers a question about buy, lamp" in best.why


def test_what_someone_says_after_their_own_question_is_no_answer_to_it(memory: Memory) -> None:
    talk(memory, ("ann", "Where is the drill?"), ("ann", "Fetch some milk on the way."))
    assert "answers" not in " ".join(one.why for one in memory.recall("drill", member="ann", k=5, now=LATER))


def test_what_is_said_hours_after_a_question_is_no_answer_to_it(memory: Memory) -> None:
    talk(memory, ("bea", "Where did you buy that lamp?"))
    talk(memory, ("cleo", "Rain again."), when=MONDAY + timedelta(hours=3))
    assert "Rain again." not in [
        one.note.text for one in memory.recall("lamp", member="ann", k=5, now=LATER) if "answers" in one.why
    ]


def test_a_question_that_the_viewer_may_not_see_leads_to_no_answer(memory: Memory) -> None:
    memory.remember(Note("Where did you buy that lamp?", "bea", MONDAY, "bea", room="den"))
    memory.remember(Note("At the flea market", "cleo", MONDAY + timedelta(minutes=1), "ann", room="den"))
    memory.catch_up()
    assert not [one for one in memory.recall("lamp", member="ann", k=5, now=LATER) if "answers" in one.why]


def test_a_question_asked_in_another_room_leads_to_no_answer(memory: Memory) -> None:
    memory.remember(Note("Where did you buy that lamp?", "bea", MONDAY, "ann", room="den"))
    memory.remember(Note("At the flea market", "cleo", MONDAY + timedelta(minutes=1), "ann", room="attic"))
    memory.catch_up()
    assert not [one for one in memory.recall("lamp", member="ann", k=5, now=LATER) if "answers" in one.why]


def test_notes_brought_in_with_one_time_are_neighbours_in_their_order(memory: Memory) -> None:
    lines = [("bea", "How was the opera?"), ("cleo", "Long but grand."), ("bea", "Ha!")]
    memory.bring(Note(text, who, MONDAY, "ann", room="den") for who, text in lines)
    memory.catch_up()
    assert "answers a question about opera" in first(memory, "how did cleo find the opera?").why


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("We went sailing with Tom", "when did we go to sail with tom?"),
        ("My children built a raft", "what did the kids build?"),
        ("He has written two novels", "which novel did he write?"),
    ],
)
def test_other_forms_of_a_word_are_found(memory: Memory, said: str, asked: str) -> None:
    talk(memory, ("ann", said), ("ann", "The bin is full"), ("ann", "Nothing on the telly"))
    assert first(memory, asked).note.text == said


def test_who_speaks_is_not_taken_for_what_is_spoken_of(memory: Memory) -> None:
    talk(memory, ("cleo", "Bea Bea Bea, listen to me"), ("bea", "The allotment gate sticks, I oiled it"))
    assert first(memory, "what did bea oil?").note.who == "bea"


def test_what_someone_has_done_is_sought_first_in_their_own_words(memory: Memory) -> None:
    talk(
        memory,
        ("cleo", "Three mountains in April, and my knees hurt"),
        ("bea", "Cleo has a mug on which mountains glow"),
    )
    found = memory.recall("which mountains has cleo climbed?", member="ann", k=5, now=LATER)
    assert [one.note.who for one in found] == ["cleo", "bea"]
    assert ["said by cleo, whom you ask about" in one.why for one in found] == [True, False]


@pytest.mark.parametrize("query", ["which mountains did cleo climb?", "which mountains have cleo and bea climbed?"])
def test_no_speaker_is_preferred_where_no_one_is_asked_what_they_have_done(memory: Memory, query: str) -> None:
    talk(memory, ("cleo", "I climbed some mountains"), ("bea", "Mountains are climbed by goats"))
    assert not [one for one in memory.recall(query, member="ann", k=5, now=LATER) if "whom you ask" in one.why]


def test_of_two_alike_the_one_from_a_talk_about_it_comes_first(memory: Memory) -> None:
    talk(memory, ("bea", "Our trip to Norway was splendid"), ("cleo", "The boat was slow"), when=MONDAY)
    talk(memory, ("bea", "My nephew is nine"), ("cleo", "A boat was sold"), when=MONDAY + timedelta(days=9))
    found = texts(memory, "the boat in norway")
    assert found.index("The boat was slow") < found.index("A boat was sold")


def test_a_question_of_when_prefers_what_tells_a_time(memory: Memory) -> None:
    talk(memory, ("ann", "The dentist was dear"), ("bea", "I saw the dentist on Tuesday"))
    best = first(memory, "when did bea see the dentist?")
    assert best.note.text == "I saw the dentist on Tuesday"
    assert "says a time" in best.why


def test_a_period_that_the_question_names_favours_what_was_said_then(engine: Engine) -> None:
    def periods(text: str, now: datetime) -> Sequence[tuple[datetime, datetime]]:
        return [(MONDAY, MONDAY + timedelta(days=30))] if "march" in text else []

    memory = Memory(engine, encode, PlainIndex(), periods=periods)
    talk(memory, ("ann", "The roof leaks over the stairs"), when=MONDAY)
    talk(memory, ("ann", "The roof leaks by the chimney"), when=MONDAY + timedelta(days=120))
    assert "stairs" in first(memory, "where did the roof leak in march?").note.text
    assert "said around the time you name" in first(memory, "where did the roof leak in march?").why


def test_a_note_without_a_vector_yet_is_not_put_behind_the_others(engine: Engine) -> None:
    memory = Memory(engine, encode, PlainIndex())
    talk(memory, ("ann", "The heron stood by the pond"), ("ann", "Ponds are cold"))
    unseen = Memory(engine, encode)
    unseen.remember(Note("The heron ate our goldfish", "ann", LATER, "ann"))
    assert set(texts(unseen, "heron")) == {"The heron ate our goldfish", "The heron stood by the pond"}


def test_foreign_text_never_outranks_a_person_however_well_it_answers(memory: Memory) -> None:
    talk(memory, ("bea", "What is the colour of the shed?"))
    page = Note("The colour of the shed is red", "page", MONDAY + timedelta(minutes=1), "ann", room="den")
    memory.remember(replace(page, source=Source.UNTRUSTED))
    talk(memory, ("ann", "The shed is locked"), when=LATER)
    assert first(memory, "what is the colour of the shed?").note.text == "The shed is locked"


def test_neighbours_of_other_members_are_never_shown(memory: Memory) -> None:
    talk(memory, ("bea", "Did the safe open?"), ("cleo", "Yes, with 4711."), member="bea")
    memory.remember(Note("The safe is heavy", "ann", MONDAY, "ann", scope=Scope.HOUSEHOLD))
    memory.catch_up()
    assert texts(memory, "did the safe open?") == ["The safe is heavy"]
    assert "Yes, with 4711." in texts(memory, "did the safe open?", member="bea")


@pytest.mark.parametrize(
    ("word", "same"),
    [("running", "ran"), ("studies", "studying"), ("bought", "buys"), ("kids", "children"), ("hopeful", "hoping"),
     ("relational", "relate"), ("women", "woman"), ("pictures", "photo"), ("controlling", "controlled")],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(word: str, same: str) -> None:
    assert stem(word) == stem(same)


@pytest.mark.parametrize("word", ["", "a", "日", "42", "ß", "zzz", "lives", "sky", "is", "ies", "eed", "ing", "ion"])
def test_any_word_has_a_stem(word: str) -> None:
    assert isinstance(stem(word), str)
    assert forms(word)[0] == word


def test_a_place_lived_in_is_no_life() -> None:
    assert stem("lives") == stem("live")


@pytest.mark.parametrize(
    ("question", "kind"),
    [("When did we meet?", "time"), ("What year was it?", "time"), ("how many eggs", "number"), ("Who is it?", None)],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: str | None) -> None:
    wanted = wanted_kind(question)
    assert (wanted.name if wanted else None) == kind


def test_a_question_is_about_its_words_in_one_form() -> None:
    assert read_question("What did Bea's sisters sell, and what was sold?").forms[-1] == ["sell", "sold"]
    assert asks("Really? I never knew.")


def test_without_the_conversations_the_benchmark_says_so(tmp_path: Path) -> None:
    [(what, *_)] = compared(tmp_path, ["plain"])
    assert what.startswith("skipped")

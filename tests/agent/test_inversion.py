"""Questions turned into the statements that would answer them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.inversion import declared, plain


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("where do I live?", "I live in Xanadu."),
        ("where does Bob work", "Bob works at Xanadu."),
        ("what's my sister's name?", "My sister's name is Xanadu."),
        ("what's the wifi called?", "The wifi is called Xanadu."),
        ("when was Kira born?", "Kira was born on 3 May."),
        ("how old is Tom?", "Tom is 42 years old."),
        ("which school does Tom go to?", "Tom goes to Xanadu."),
        ("what does Kira not like?", "Kira does not like xanadu."),
        ("do you know what I'm allergic to?", "I am allergic to Xanadu."),
        ("can you remind me where I live?", "I live in Xanadu."),
        ("is Bob vegetarian?", "Bob is vegetarian."),
        ("do I like mushrooms?", "I like mushrooms."),
        ("who was my dentist?", "My dentist is Xanadu."),
    ],
)
def test_a_question_becomes_its_answer(question: str, statement: str) -> None:
    assert statement in [one.text for one in declared(question)]


def test_a_yes_or_no_question_has_nothing_made_up_in_it() -> None:
    assert [one.open for one in declared("is Bob vegetarian?")] == [False]


@pytest.mark.parametrize("text", ["", "?", "set a timer for ten minutes", "I live in Lyon", "play some music"])
def test_what_is_no_question_becomes_nothing(text: str) -> None:
    assert list(declared(text)) == []


def test_polite_and_idle_words_go() -> None:
    assert plain("Hey, could you please tell me again where I live now, please?") == "where I live"


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_is_survived(text: str) -> None:
    assert len(list(declared(text))) < 12

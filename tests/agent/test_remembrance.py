"""What a larger model is given of memory: within its budget, with whose words, and what is no longer so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from agent.memory.remembrance import HEADING, Known, block, fitting, most_tokens
from memory.note import Note, Source
from models.embed import encoder

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def known(text: str, who: str = "ann", source: Source = Source.OWNER, ended: datetime | None = None) -> Known:
    return Known(Note(text, who, MARCH, "ann", source=source), ended)


@given(st.lists(st.text(min_size=1, max_size=300), max_size=30), st.integers(0, 400))
def test_the_block_never_takes_more_than_its_budget(texts: list[str], budget: int) -> None:
    given_block = block("ann", fitting("ann", [known(text) for text in texts], budget))
    assert most_tokens(given_block) <= budget or given_block == ""


def test_the_best_come_first_and_what_is_too_long_is_passed_over() -> None:
    notes = [known("first"), known("word " * 40), known("last")]
    budget = most_tokens(block("ann", [notes[0], notes[2]])) + 2
    assert fitting("ann", notes, budget) == [notes[0], notes[2]]


def test_a_count_of_the_models_own_is_kept_to() -> None:
    notes = [known(f"note {number}") for number in range(9)]
    assert len(fitting("ann", notes, 100, lambda text: 0 if text == HEADING else 32)) == 3


def test_each_line_says_whose_words_it_holds_and_what_is_over() -> None:
    lines = block("ann", [known("I live in Lyon.", ended=MARCH), known("Pay me!", "mail", Source.UNTRUSTED)])
    assert '- ann said (2026-03-01): "I live in Lyon." (no longer so since 2026-03-01)' in lines
    assert '- untrusted, from mail, not said by ann (2026-03-01): "Pay me!"' in lines


@pytest.mark.parametrize(
    "text",
    [
        "Ann moved to Lyon in May 2026 and works at the hospital.",
        "Der Schlüssel liegt unter der Fußmatte.",
        "猫は庭にいます。",
        "IBAN FR76 3000 6000 0112 3456 7890 189",
        "🙂🙂 née Dvořák",
    ],
)
def test_the_count_is_no_less_than_a_real_tokenizers(text: str) -> None:
    tokenizer = Tokenizer.from_file(str(Path(encoder.__file__).parent / "tokenizer.json"))
    tokenizer.no_padding()
    assert most_tokens(text) >= len(tokenizer.encode(text, add_special_tokens=False).tokens)

"""What people say in many ways is read as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.statements import is_junk, is_known, is_settled, lines
from memory.facts.claim import Claim, Kind
from memory.facts.drawing import draw
from memory.note import Note

NOW = datetime(2026, 6, 17, 10, tzinfo=UTC)


def claims(text: str) -> list[Claim]:
    return draw(Note(text, "ann", NOW, "ann"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("home is now Oslo", ("ann", "lives_in", "Oslo")),
        ("I'm at Novalux from now on", ("ann", "works_at", "Novalux")),
        ("Bob got a job at the post office", ("Bob", "works_at", "the post office")),
        ("Dr Falk is my dentist now", ("ann", "dentist", "Dr Falk")),
        ("teal is my favourite colour now", ("ann", "favourite_colour", "teal")),
        ("I wear size 36 shoes", ("ann", "shoe_size", "36")),
        ("I have an allergy to peanuts", ("ann", "allergic_to", "peanuts")),
        ("it turns out I'm allergic to latex", ("ann", "allergic_to", "latex")),
        ("I have a sister, Alba", ("ann", "sister", "Alba")),
        ("Kira has become a nurse", ("Kira", "job", "nurse")),
        ("Kira's birthday: 3 May", ("Kira", "birthday", "3 May")),
        ("the name of Kira's dog is Rufus", ("Kira", "dog", "Rufus")),
        ("the mother of Bob is Irena", ("Bob", "mother", "Irena")),
        ("we named the cat Mochi", ("we", "cat", "Mochi")),
        ("the wifi is called heron", ("wifi", "name", "heron")),
        ("our wifi name is heron-42", ("wifi", "name", "heron-42")),
        ("I renamed the wifi to heron-net", ("wifi", "name", "heron-net")),
        ("I have blood type A positive", ("ann", "blood_type", "A positive")),
        ("the fridge stopped working", ("fridge", "state", "broken")),
        ("my car is a Seat", ("ann's car", "is_a", "a Seat")),
        ("Ella goes to Birch Hill school", ("Ella", "school", "Birch Hill school")),
        ("Ella is seven years old", ("Ella", "age", "seven")),
    ],
)
def test_many_wordings_say_the_same(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in [(one.subject, one.relation, one.value) for one in claims(text)]


@pytest.mark.parametrize(
    "text",
    [
        "home is where the heart is",
        "I'm at Tesco",
        "the wifi is down",
        "my heart is broken",
        "the answer: no",
        "I need to arrange a taxi",
        "I want to book the house until the 8th",
        "I need to pay my bill",
    ],
)
def test_what_only_looks_like_it_says_nothing(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("I will paint the fence by Friday, promised", "paint the fence"),
        ("I said I would fix the gate on Friday", "fix the gate"),
        ("I offered to feed the parrot", "feed the parrot"),
        ("I need to renew my passport", "renew my passport"),
        ("my plan is to paint the hall", "paint the hall"),
    ],
)
def test_promises_are_made_in_many_words(text: str, deed: str) -> None:
    assert [(one.kind, one.value) for one in claims(text) if not one.denied] == [(Kind.COMMITMENT, deed)]


def test_most_of_what_the_rules_were_not_written_for_is_understood() -> None:
    told = lines()
    facts, none, promises = ([line for line in told if line["kind"] == kind] for kind in ("fact", "none", "promise"))
    assert sum(map(is_known, facts)) >= 0.85 * len(facts)
    assert not any(map(is_junk, none))
    assert sum(map(is_settled, promises)) >= 0.7 * len(promises)

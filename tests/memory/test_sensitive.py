"""Secrets are told from other words and numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.errors import Refused
from memory.memory import Memory
from memory.note import Note
from memory.sensitive import Kind, find, mask, named

SEED = "abandon ability able about above absent absorb abstract absurd abuse access accident"
KEY = "sk-" + "Ab3" * 10
SECRETS = [
    ("my card number is 4111 1111 1111 1111", "my card number is [card number]"),
    ("it's 5555-5555-5555-4444, thanks", "it's [card number], thanks"),
    ("amex 378282246310005 please", "amex [card number] please"),
    ("my password is hunter2", "my password is [password]"),
    ("my password is swordfish", "my password is [password]"),
    ("The wifi password is blue heron 42.", "The wifi password is [password]."),
    ("the wifi password is “heron-42”", "the wifi password is “[password]”"),
    ("the password for the router is k7-Tulip-94", "the password for the router is [password]"),
    ("Password: Tr0ub4dor&3", "Password: [password]"),
    ("log in as anna, password moss77grey", "log in as anna, password [password]"),
    ("my pass phrase: seven owls at noon", "my pass phrase: [password]"),
    ("I changed my email password to Spring2026!", "I changed my email password to [password]!"),
    ("the wifi key is blau-9931-see", "the wifi key is [password]"),
    ("my PIN is 4821", "my PIN is [PIN]"),
    ("the PIN of the card is “8830”, keep it secret", "the PIN of the card is “[PIN]”, keep it secret"),
    ("alarm code 2580", "alarm code [code]"),
    ("the code for the safe is 4471#", "the code for the safe is [code]"),
    ("The combination of the safe is 12-34-56", "The combination of the safe is [code]"),
    ("your verification code is 123456", "your verification code is [code]"),
    ("123456 is your bank code", "[code] is your bank code"),
    (f"use {KEY} for it", "use [key] for it"),
    ("AKIAIOSFODNN7EXAMPLE", "[key]"),
    ("the api key is 9f8a7b6c5d4e3f2a1b0c", "the api key is [key]"),
    ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nok", "[key]\nok"),
    ("postgres://ann:s3cret@db/x", "postgres://ann:[password]@db/x"),
    (f"my wallet: {SEED}", "my wallet: [recovery phrase]"),
]
NONE = [
    "what's my password?",
    "reset my password",
    "my password is wrong",
    "the wifi password is on the fridge",
    "the password is too easy to remember",
    "Is the password still the same?",
    "I need a password for the gym",
    "my password has expired, it was the old one",
    "the key is under the mat",
    "my zip code is 75011",
    "the error code is 4040",
    "the promo code is 2025",
    "the country code is 0033",
    "the door code is broken",
    "the garage code is 4711",
    "the code for the gate is 2580",
    "drop a pin at 4821 Main Street",
    "pin the note on the board",
    "call me on +33 6 12 34 56 78 90 12",
    "the tracking number is 4111111111111111",
    "ISBN 9780306406157",
    "IMEI 356938035643809",
    "the order is 4111 1111 1111 1112",
    "my locker is number 88",
    "word " * 500,
    "the IBAN is DE89 3704 0044 0532 0130 00",
    "I want to be able to absorb about as much as an abstract actor at an airport again and again",
]


@pytest.mark.parametrize(("text", "left"), SECRETS)
def test_a_secret_is_found_and_nothing_but_the_secret(text: str, left: str) -> None:
    assert mask(text) == left


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_secret_is_left_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("text", [text for text, _ in SECRETS])
def test_a_masked_text_holds_no_secret(text: str) -> None:
    assert find(mask(text)) == []


@given(st.text(max_size=300))
def test_any_text_can_be_masked(text: str) -> None:
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    mask(text)


def test_what_a_secret_opens_is_named() -> None:
    assert [one.words for one in find("the attic wifi password is heron-42")] == ["attic wifi"]
    assert [one.words for one in find("the code for the safe is 0412")] == ["safe"]
    assert named(find("PIN 4821, password Tr0ub4dor&3")) == "a PIN and a password"
    assert [one.kind for one in find("PIN 4821, PIN 4822")] == [Kind.PIN, Kind.PIN]


def test_memory_keeps_no_note_with_a_secret(memory: Memory) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    told = [Note(text, "ann", now, "ann") for text in ("I like tea", "my PIN is 4821", "I like rye bread")]
    brought = memory.bring(told)
    assert (brought.imported, brought.refused) == (2, 1)
    assert [isinstance(one, Refused) for one in brought.outcomes] == [False, True, False]
    assert "a PIN" in str(brought.outcomes[1])
    assert "4821" not in str(brought.outcomes[1])
    assert [note.text for note in memory.recent("ann")] == ["I like rye bread", "I like tea"]

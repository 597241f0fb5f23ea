"""The random service, through its door in process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from services.random.server import service
from tests.services.door import Door, door


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say:
        yield say


def test_numbers_stay_within_their_bounds_and_reach_both(say: Door) -> None:
    seen = set()
    for _ in range(100):
        say("number", bounds="between 3 and 5")
        seen |= set(say.data["numbers"])
    assert seen == {3, 4, 5}


def test_several_numbers_are_different(say: Door) -> None:
    say("number", bounds="6 different numbers from 1 to 6")
    assert sorted(say.data["numbers"]) == [1, 2, 3, 4, 5, 6]
    assert say("number", bounds="four numbers from 1 to 3") == "!There are only 3 numbers from 1 to 3."


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("1 to 50", 1, 50),
        ("50 to 1", 1, 50),
        ("random number between 3 and 5", 3, 5),
        ("six numbers from 1 to 49", 1, 49),
        ("below 20", 1, 19),
        ("up to 1,000", 1, 1_000),
        ("from -5 to 5", -5, 5),
        ("7", 1, 7),
        ("", 1, 100),
        ("any number", 1, 100),
    ],
)
def test_bounds_are_read_as_people_say_them(say: Door, said: str, low: int, high: int) -> None:
    say("number", bounds=said)
    assert (say.data["low"], say.data["high"]) == (low, high)


def test_numbers_beyond_measure_are_refused(say: Door) -> None:
    assert say("number", bounds="1 to 99999999999999999999").startswith("!I draw numbers up to")


def test_every_side_of_a_die_is_about_as_likely(say: Door) -> None:
    counts: Counter[int] = Counter()
    for _ in range(30):
        say("dice", number=100)
        counts.update(say.data["rolls"])
    assert set(counts) == {1, 2, 3, 4, 5, 6}
    assert all(350 <= number <= 650 for number in counts.values())  # seven standard deviations


@pytest.mark.parametrize(
    ("notation", "number", "low", "high"),
    [
        ("2d6+1", 2, 3, 13),
        ("d20", 1, 1, 20),
        ("3d8 - 2", 3, 1, 22),
        ("4d6kh3", 4, 3, 18),
        ("4d6 keep highest 3", 4, 3, 18),
        ("2d20kl1", 2, 1, 20),
        ("d%", 1, 1, 100),
        ("1d4+2d6-1", 3, 2, 15),
        ("a die", 1, 1, 6),
        ("two", 2, 2, 12),
        ("2d10 minus 3", 2, -1, 17),
    ],
)
def test_dice_are_read_as_players_write_them(say: Door, notation: str, number: int, low: int, high: int) -> None:
    for _ in range(20):
        say("dice", dice=notation)
        assert len(say.data["rolls"]) == number
        assert low <= say.data["total"] <= high


@pytest.mark.parametrize("notation", ["0d6", "101d6", "2d1", "2d6+", "banana", "d", "2d6 2d6", "1d6" + "+1d6" * 10])
def test_what_is_no_dice_is_refused(say: Door, notation: str) -> None:
    assert say("dice", dice=notation).startswith("!I ")


def test_only_the_highest_kept_dice_count(say: Door) -> None:
    say("dice", dice="10d6kh2")
    assert say.data["total"] == sum(sorted(say.data["rolls"])[-2:])


def test_a_coin_falls_on_both_sides(say: Door) -> None:
    say("coin", times=100)
    assert say.data["heads"] + say.data["tails"] == 100
    assert min(say.data["heads"], say.data["tails"]) > 10


def test_one_of_the_named_is_chosen(say: Door) -> None:
    assert say("choose", options=["between tea", "coffee"]) in {"tea.", "coffee."}
    assert say("choose", options=["washes up: Anna", "Ben or Carla"]).strip(".") in {"Anna", "Ben", "Carla"}
    assert say("choose", options=["should wash up", "Anna", "Ben"]).strip(".") in {"Anna", "Ben"}
    assert say("choose", options=["one"]) == "!Name at least two."
    assert say("choose", options=["a", "b"], count=3) == "!There are only 2 to choose from."


def test_shuffling_loses_nobody(say: Door) -> None:
    say("shuffle", items=["Anna", "Ben", "Carla"])
    assert sorted(say.data["order"]) == ["Anna", "Ben", "Carla"]


def test_teams_are_as_even_as_can_be(say: Door) -> None:
    say("teams", names=["a", "b", "c", "d", "e into two teams"], number=2)
    assert sorted(len(team) for team in say.data["teams"]) == [2, 3]
    assert sorted(name for team in say.data["teams"] for name in team) == ["a", "b", "c", "d", "e"]


def test_unique_ids_are_of_version_four(say: Door) -> None:
    say("uuid", count=5)
    assert len(set(say.data["uuids"])) == 5
    assert all(UUID(one).version == 4 for one in say.data["uuids"])

"""The lists service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.lists.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def call(tool: str, call: str = "", member: str = "owner", **arguments: Any) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris"})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


def on(say: Say, name: str = "shopping") -> list[str]:
    return [item["name"] for item in say("show", list=name)[1]["items"]]


def test_things_come_off_in_the_singular_the_plural_and_in_part(say: Say) -> None:
    say("add", items=["eggs", "two avocados", "oat milk", "cherries", "a radish"])
    assert say("remove", items=["the egg", "avocado", "milk", "cherry", "radishes"])[0].startswith("Took eggs, two avo")
    assert on(say) == []


def test_a_part_of_a_word_is_not_the_thing(say: Say) -> None:
    say("add", items=["grapefruit"])
    assert say("remove", items=["fruit"])[0].startswith("!")


def test_what_is_there_already_is_not_added_twice(say: Say) -> None:
    say("add", items=["milk"])
    assert (
        say("add", items=["Milk", "bread"])[0]
        == "Added bread to the shopping list. Milk is already on the shopping list."
    )
    assert on(say) == ["milk", "bread"]


def test_adding_what_was_ticked_unticks_it(say: Say) -> None:
    say("add", items=["milk"])
    say("check", items=["milk"])
    assert say("add", items=["milk"])[0] == "Added milk to the shopping list."
    assert say("show")[1]["items"] == [{"name": "milk", "done": False}]


def test_without_a_list_a_thing_is_found_wherever_it_is(say: Say) -> None:
    say("add", items=["paint the fence"], list="my To-Do list")
    assert "to-do" in say("check", items=["fence"])[0]
    assert say("show", list="to-do")[1]["items"] == [{"name": "paint the fence", "done": True}]
    say("uncheck", items=["fence"])
    assert say("show", list="to-do")[1]["items"] == [{"name": "paint the fence", "done": False}]


def test_a_thing_moves_to_another_list_and_back_by_undo(say: Say) -> None:
    say("add", items=["batteries"])
    text, _ = say("move", call="m1", items=["batteries"], to="camping list")
    assert text == "Moved batteries from the shopping list to the camping list."
    assert on(say, "camping") == ["batteries"]
    undone = service.answer("undo", {"call": "m1"}, {"muos/call": "u1"})
    assert not undone.is_error
    assert on(say) == ["batteries"]


def test_one_wrong_thing_leaves_everything_as_it_was(say: Say) -> None:
    say("add", items=["milk", "bread"])
    assert say("remove", items=["milk", "a unicorn"])[0] == "!'a unicorn' is not on the shopping list."
    assert on(say) == ["milk", "bread"]


def test_done_things_are_cleared_and_the_rest_stays(say: Say) -> None:
    say("add", items=["milk", "bread"])
    say("check", items=["milk"])
    assert say("clear_done", list="ticked")[0] == "Cleared milk from the shopping list."  # "clear the ticked items"
    assert on(say) == ["bread"]


def test_a_list_is_renamed_but_never_over_another(say: Say) -> None:
    say("add", items=["tent"], list="packing")
    say("add", items=["milk"])
    assert say("rename", list="packing", name="the Norway list")[0] == "The packing list is now the norway list."
    assert say("rename", list="norway", name="shopping")[0] == "!There is a shopping list already."
    assert on(say, "norway") == ["tent"]


def test_a_missing_list_is_refused_naming_those_that_exist(say: Say) -> None:
    assert say("show")[0] == "!There is no shopping list. There are no lists yet."
    say("add", items=["milk"])
    assert say("show", list="holiday")[0] == "!There is no holiday list. There is shopping."


def test_lists_belong_to_the_household(say: Say) -> None:
    say("add", member="anna", items=["milk"])
    assert "milk" in say("show", member="bob")[0]


def test_a_row_number_is_not_used_again_so_an_older_removal_can_still_be_undone(say: Say) -> None:
    say("add", items=["milk"])
    say("remove", call="r1", items=["milk"])
    say("add", items=["bread"])
    assert not service.answer("undo", {"call": "r1"}, {"muos/call": "u1"}).is_error
    assert sorted(on(say)) == ["bread", "milk"]


def test_deleting_a_list_says_how_much_was_on_it(say: Say) -> None:
    say("add", items=["milk", "bread"])
    assert say("delete", list="the shopping list")[0] == "Deleted the shopping list with 2 items."
    assert say("names")[0] == "There are no lists yet."


@pytest.mark.parametrize("items", [[], [""], ["   "], ["x" * 201]])
def test_empty_and_endless_things_are_refused(say: Say, items: list[str]) -> None:
    assert say("add", items=items)[0].startswith("!")

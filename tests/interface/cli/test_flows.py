"""From the terminal: typed calls, what was done, taking it back, and cancelling it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

LIST = "what's on the shopping list?"
Muos = Callable[..., Any]


def call(muos: Muos, tool: str, arguments: dict[str, Any], *options: str) -> Any:
    return muos("call", tool, json.dumps(arguments), *options)


def test_a_typed_call_is_made_and_its_record_is_its_answer(muos: Muos) -> None:
    assert call(muos, "lists_add", {"items": ["tea"]}).out == "Added tea to the shopping list.\n"
    row = call(muos, "lists_add", {"items": ["jam"]}, "--json").json
    assert (row["status"], row["undo"], row["lasting"]) == ("done", row["id"], None)
    [shown] = [json.loads(line) for line in muos("log", "--json", "-n", "1").out.splitlines()]
    assert shown["calls"] == [row]
    assert muos("call", "lists_add", "-", stdin=b'{"items": ["rye"]}').code == 0


def test_a_result_is_the_argument_of_a_later_call(muos: Muos) -> None:
    first = call(muos, "lists_add", {"items": ["tea"], "list": "one"}, "--json").json["id"]
    pointer = {"$result": first, "path": "/data/items"}
    assert call(muos, "lists_add", {"items": pointer, "list": "two"}).out == "Added tea to the two list.\n"
    wrong = call(muos, "lists_add", {"items": {"$result": "ffffff"}})
    assert (wrong.code, "know of no call" in wrong.sentence) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("lists_add", "{"),
        ("lists_add", "[]"),
        ("lists_add", '{"items": 7}'),
        ("lists_undo", '{"call": "abcd"}'),
        ("no_such_tool",),
    ],
)
def test_what_is_wrong_with_a_call_is_one_sentence(muos: Muos, arguments: tuple[str, ...]) -> None:
    given = muos("call", *arguments)
    assert given.code == 2
    assert given.sentence


def test_a_call_that_can_not_be_undone_waits_unless_agreed_to_and_can_be_cancelled(muos: Muos) -> None:
    call(muos, "notes_add", {"text": "the cabin is blue"})
    assert "Or give --yes" in muos("call", "notes_delete_all").sentence
    [waiting] = [json.loads(line) for line in muos("log", "--json", "--status", "waiting").out.splitlines()]
    assert muos("cancel", waiting["id"][:8]).out == "Cancelled.\n"
    assert muos("log", "--status", "waiting").out == "Nothing is waiting.\n"
    assert "already ended" in muos("cancel", waiting["id"]).sentence
    assert muos("cancel", "ffffffff").code == 2
    assert muos("call", "notes_delete_all", "--yes").code == 0


def test_a_dry_run_changes_nothing_and_leaves_no_record(muos: Muos) -> None:
    before = muos("log").out
    assert call(muos, "lists_add", {"items": ["tea"]}, "--dry-run").out.startswith("Nothing was changed.")
    for text in ("what would happen if I deleted the shopping list?", "dry run: add tea to the shopping list"):
        assert muos("ask", text).out.startswith("Nothing was changed.")
    assert muos("undo", "--dry-run").out.startswith("Nothing was changed.")
    assert muos("log").out == before
    assert muos("ask", LIST).out == "On the shopping list: milk.\n"


def test_several_are_undone_by_their_ids_by_number_by_time_and_as_a_whole(muos: Muos) -> None:
    ids = [call(muos, "lists_add", {"items": [what]}, "--json").json["id"] for what in ("tea", "jam", "rye", "ham")]
    assert muos("undo", ids[0][:8], ids[3]).code == 0
    assert muos("ask", LIST).out == "On the shopping list: milk, jam and rye.\n"
    assert muos("undo", "--count", "2").code == 0
    assert muos("ask", LIST).out == "On the shopping list: milk.\n"
    muos("ask", "add bread to the one list and add cheese to the two list")
    [both] = [json.loads(line) for line in muos("log", "--json", "-n", "1").out.splitlines()]
    assert len(both["calls"]) == 2
    assert muos("undo", both["id"]).out.startswith("Undid 2 things")
    assert muos("log", "--flow", both["id"]).out.count("undone") == 2
    call(muos, "lists_add", {"items": ["tea"]})
    assert muos("undo", "--since", "00:00").code == 0
    assert muos("undo", "--since", "soon").code == 2


def test_what_could_not_be_undone_of_several_is_told_with_the_reason(muos: Muos) -> None:
    tea = call(muos, "lists_add", {"items": ["tea"]}, "--json").json["id"]
    shown = call(muos, "lists_show", {}, "--json").json["id"]
    given = muos("undo", tea, shown)
    assert given.code == 2
    assert "Undid 1 thing: Added tea" in given.out
    assert "it changed nothing" in given.out


def test_an_undo_is_undone_by_its_id(muos: Muos) -> None:
    call(muos, "lists_add", {"items": ["tea"]})
    undone = muos("undo", "--json").json["calls"][0]["id"]
    assert muos("undo", undone).code == 0
    assert muos("ask", LIST).out == "On the shopping list: milk and tea.\n"


def test_what_was_changed_afterwards_or_deleted_for_good_is_not_undone_and_says_so(muos: Muos) -> None:
    made = call(muos, "notes_add", {"text": "the cabin is blue"}, "--json").json["id"]
    call(muos, "notes_delete_all", {}, "--yes")
    assert "deleted for good" in muos("undo", made).sentence
    assert "can't be taken back" in muos("undo").sentence


def test_the_log_shows_what_was_asked_with_its_calls_and_why_one_stays(muos: Muos) -> None:
    muos("ask", "add bread to the one list and add cheese to the two list")
    lines = muos("log", "-n", "1").out.splitlines()
    assert len(lines) == 3
    assert "add bread to the one list and" in lines[0]
    assert all("✓ done" in line for line in lines[1:])
    call(muos, "notes_add", {"text": "the cabin is blue"})
    call(muos, "notes_delete_all", {}, "--yes")
    assert muos("log").out.splitlines()[-1].endswith("[it can't be taken back]")
    assert muos("log", "--flow", "zz").code == 2
    assert muos("log", "--flow", "ffffffff").code == 2


def test_what_waits_is_confirmed_by_its_id_or_refused(muos: Muos) -> None:
    call(muos, "notes_add", {"text": "the cabin is blue"})
    for options, left in ((["--no"], "the cabin is blue"), ([], "")):
        asked = muos("call", "notes_delete_all").sentence
        waiting = asked.partition("muos confirm ")[2][:6]
        assert muos("confirm", waiting, *options).code == 0
        assert left in muos("call", "notes_list").out
        assert "does not wait" in muos("confirm", waiting).sentence
    assert "cabin" not in muos("call", "notes_list").out


def test_work_is_confirmed_by_its_own_id_where_one_call_of_it_waits(muos: Muos) -> None:
    call(muos, "notes_add", {"text": "the cabin is blue"})
    muos("ask", "delete all my notes")
    [flow] = [json.loads(line) for line in muos("log", "--json", "-n", "1").out.splitlines()]
    row = muos("confirm", flow["id"], "--json").json
    assert [(each["id"], each["status"]) for each in row["calls"]] == [(flow["calls"][0]["id"], "done")]
    assert muos("confirm", flow["id"]).code == 2
    assert "know of no work" in muos("confirm", "ffffff").sentence
    assert "is no id" in muos("confirm", "../x").sentence


def test_what_waits_for_one_member_is_not_confirmed_by_another(muos: Muos) -> None:
    call(muos, "notes_add", {"text": "the cabin is blue"}, "--member", "anna")
    call(muos, "notes_delete_all", {}, "--member", "anna")
    [flow] = [json.loads(line) for line in muos("log", "--json", "-n", "1", "--member", "anna").out.splitlines()]
    assert "know of no work" in muos("confirm", flow["id"]).sentence
    assert muos("confirm", flow["id"], "--member", "anna").code == 0

"""What goes out is plain, valid JSON, whatever went in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.turn import Broke, Called, Calling, Event, Heard, Said, Thinking, Turn, Waiting
from interface import wire
from services.tool import Call, Caller, Done, Failed, Thing
from services.tool import Waiting as CallWaiting

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
TURN = Turn("add milk", NOW, "UTC")
CALL = Call("lists_add", {"items": ["milk"]}, Caller("owner", "home", "UTC", NOW), id="c0ffee")
DONE = Done("Added milk.", {"items": ["milk"]}, (Thing("item", "milk", within="shopping"),), undoable=True)
EVENTS: list[Event] = [
    Heard(TURN),
    Thinking("reflex"),
    Calling(CALL),
    Called(CALL, DONE, 3.14159),
    Waiting("When?", "missing", CALL, ("at",)),
    Said("Added milk."),
    Broke("Oh."),
]


def account_of(*events: Event) -> dict[str, Any]:
    account = wire.Account()
    for event in events:
        account.add(event)
    return account.row()


def test_every_kind_of_event_has_a_row_that_names_it() -> None:
    names = {json.loads(wire.dump(wire.event_row(event)))["event"] for event in EVENTS}
    assert names == {kind.__name__.lower() for kind in Event.__args__}


def test_a_turn_comes_to_its_text_path_and_calls() -> None:
    row = account_of(
        Heard(TURN), Thinking("reflex"), Calling(CALL), Called(CALL, DONE, 3), Said("Added "), Said("milk.")
    )
    assert (row["text"], row["path"], row["waiting"]) == ("Added milk.", "reflex", None)
    [call] = row["calls"]
    assert set(call) == {"id", "tool", "arguments", "status", "result", "undo"}
    assert (call["status"], call["undo"], call["result"]["text"]) == ("done", "c0ffee", "Added milk.")
    assert row["ms"] >= 0


def test_a_call_that_failed_or_can_not_be_taken_back_offers_no_undo() -> None:
    failed = account_of(Called(CALL, Failed("No."), 1))["calls"][0]
    assert (failed["status"], failed["undo"], failed["result"]["text"]) == ("error", None, "No.")
    assert account_of(Called(CALL, Done("It is nine."), 1))["calls"][0]["undo"] is None


def test_a_call_that_waits_for_a_yes_is_among_the_calls_and_named_by_what_waits() -> None:
    row = account_of(Calling(CALL), Waiting("Sure?", "confirm", CALL))
    assert [(call["id"], call["status"]) for call in row["calls"]] == [("c0ffee", "waiting")]
    assert (row["waiting"]["kind"], row["waiting"]["question"], row["waiting"]["call"]) == (
        "confirm",
        "Sure?",
        "c0ffee",
    )


def test_a_call_that_lacks_an_argument_is_not_yet_a_call() -> None:
    row = account_of(Waiting("When?", "missing", CALL, ("at",)))
    assert row["calls"] == []
    assert row["waiting"]["parameters"] == ["at"]


def test_the_path_is_the_last_that_tried() -> None:
    assert account_of(Thinking("reflex"), Thinking("reason"), Thinking("none"))["path"] == "none"


def test_a_single_outcome_says_its_status() -> None:
    assert wire.outcome_row(DONE)["status"] == "done"
    assert wire.outcome_row(Failed("No."))["status"] == "error"
    assert wire.outcome_row(CallWaiting("Sure?", CALL))["data"]["call"]["id"] == "c0ffee"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.datetimes() | st.binary(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters()) | st.integers(), inner) | st.sets(st.integers())
    ),
    max_leaves=20,
)


@given(anything)
def test_whatever_a_service_answers_becomes_valid_json_in_valid_utf8(value: Any) -> None:
    text = wire.dump({"data": value}).encode().decode()
    assert "\n" not in text
    json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))


def test_data_that_never_ends_is_cut() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "…" in wire.dump(endless)

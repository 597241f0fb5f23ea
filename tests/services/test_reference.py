"""A value may stand for what an earlier call gave, and the journal has what it came to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled
from services.reference import NoSuchResult, Referring, follow
from services.tool import Call, Caller, Done, Effect, Failed, Thing, Tool

CALLER = Caller("anna", "home", "UTC", datetime(2026, 3, 4, 9, tzinfo=UTC))
FIND = Tool("t_find", "Find.", {"type": "object"}, Effect.READ, "t", idempotent=True)
KEEP = Tool("t_keep", "Keep.", {"type": "object"}, Effect.REVERSIBLE, "t", idempotent=True)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield Journal(engine)
    engine.dispose()


@pytest.fixture
def box() -> InMemory:
    box = InMemory()
    box.add(FIND, lambda _: Done("Found two.", {"items": ["tea", {"a/b": "milk", "~": 0}]}, (Thing("item", "tea"),)))
    box.add(KEEP)
    return box


@pytest.fixture
def toolbox(box: InMemory, journal: Journal) -> Referring:
    return Referring(Journalled(box, journal), journal)


async def found(toolbox: Referring, **call: Any) -> Call:
    made = Call("t_find", {}, CALLER, **call)
    assert isinstance(await toolbox.call(made), Done)
    return made


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/text", "Found two."),
        ("/data/items/0", "tea"),
        ("/data/items/1/a~1b", "milk"),
        ("/data/items/1/~0", 0),
        ("/touched/0/name", "tea"),
        ("/data/items", ["tea", {"a/b": "milk", "~": 0}]),
    ],
)
async def test_a_reference_becomes_what_it_points_to_and_so_it_is_recorded(
    toolbox: Referring, box: InMemory, journal: Journal, path: str, value: Any
) -> None:
    first = await found(toolbox)
    call = Call("t_keep", {"what": [{"$result": first.id, "path": path}]}, CALLER)
    assert isinstance(await toolbox.call(call), Done)
    assert box.calls[-1].arguments == {"what": [value]}
    entry = journal.find(call.id, "anna")
    assert entry is not None
    assert entry.arguments == {"what": [value]}


async def test_a_flow_gives_what_its_calls_gave(toolbox: Referring, box: InMemory) -> None:
    await found(toolbox, flow="f" * 16)
    reference = {"$result": "f" * 16, "path": "/calls/0/data/items/0"}
    await toolbox.call(Call("t_keep", {"what": reference}, CALLER))
    assert box.calls[-1].arguments == {"what": "tea"}


async def test_a_step_refers_to_an_earlier_one_by_its_number(toolbox: Referring, box: InMemory) -> None:
    await found(toolbox, flow="f" * 16)
    await toolbox.call(Call("t_keep", {"what": {"$result": 0, "path": "/text"}}, CALLER, flow="f" * 16))
    assert box.calls[-1].arguments == {"what": "Found two."}


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ({"$result": "abcdef"}, "know of no call"),
        ({"$result": 3}, "no earlier step 3"),
        ({"$result": True}, "know of no call"),
        ({"$result": "FIRST", "path": "data"}, "begins with /"),
        ({"$result": "FIRST", "path": 7}, "JSON Pointer"),
        ({"$result": "FIRST", "path": "/data/nothing"}, "there is 'items'"),
        ({"$result": "FIRST", "path": "/data/items/2"}, "2 entries"),
        ({"$result": "FIRST", "path": "/data/items/-1"}, "leads nowhere"),
        ({"$result": "FIRST", "path": "/data/items/00"}, "leads nowhere"),
        ({"$result": "FIRST", "path": "/text/0"}, "there is only"),
    ],
)
async def test_a_reference_that_leads_nowhere_says_why_and_nothing_is_called(
    toolbox: Referring, box: InMemory, reference: dict[str, Any], said: str
) -> None:
    first = await found(toolbox)
    if reference["$result"] == "FIRST":
        reference = reference | {"$result": first.id}
    outcome = await toolbox.call(Call("t_keep", {"what": reference}, CALLER))
    assert isinstance(outcome, Failed)
    assert said in outcome.reason
    assert len(box.calls) == 1


async def test_another_members_result_can_not_be_referred_to(toolbox: Referring, box: InMemory) -> None:
    first = await found(toolbox)
    bob = Caller("bob", "home", "UTC", CALLER.now)
    outcome = await toolbox.call(Call("t_keep", {"what": {"$result": first.id}}, bob))
    assert isinstance(outcome, Failed)
    assert len(box.calls) == 1


async def test_what_has_not_ended_or_has_failed_gives_nothing(
    toolbox: Referring, journal: Journal, box: InMemory
) -> None:
    first = Call("t_find", {}, CALLER)
    journal.begin(first, FIND)
    outcome = await toolbox.call(Call("t_keep", {"what": {"$result": first.id}}, CALLER))
    assert isinstance(outcome, Failed)
    assert "not ended yet" in outcome.reason
    journal.end(first, Failed("No luck."), None)
    outcome = await toolbox.call(Call("t_keep", {"what": {"$result": first.id}}, CALLER))
    assert isinstance(outcome, Failed)
    assert "No luck." in outcome.reason


async def test_an_object_that_only_looks_like_one_is_left_as_it_is(toolbox: Referring, box: InMemory) -> None:
    given = {"what": {"$result": "abcd", "path": "", "more": 1}}
    await toolbox.call(Call("t_keep", given, CALLER))
    assert box.calls[-1].arguments == given


def test_pointers_are_those_of_rfc_6901() -> None:
    document = {
        "foo": ["bar", "baz"],
        "": 0,
        "a/b": 1,
        "c%d": 2,
        "e^f": 3,
        "g|h": 4,
        "i\\j": 5,
        'k"l': 6,
        " ": 7,
        "m~n": 8,
    }
    answers = {"": document, "/foo": ["bar", "baz"], "/foo/0": "bar", "/": 0, "/a~1b": 1, "/c%d": 2, "/e^f": 3}
    answers |= {"/g|h": 4, "/i\\j": 5, '/k"l': 6, "/ ": 7, "/m~0n": 8}
    assert {pointer: follow(pointer, document) for pointer in answers} == answers
    with pytest.raises(NoSuchResult):
        follow("/foo/2", document)

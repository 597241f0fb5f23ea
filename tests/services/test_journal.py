"""Each call is on record before it starts and when it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled, resume
from services.record import Status
from services.tool import Call, Caller, Done, Effect, Failed, Outcome, Tool

CALLER = Caller("anna", "home", "UTC", datetime(2026, 3, 4, 9, tzinfo=UTC))
ANY = {"type": "object"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield engine
    engine.dispose()


def box() -> InMemory:
    box = InMemory()
    box.add(Tool("t_write", "Write.", ANY, Effect.REVERSIBLE, "t", undo="t_undo", idempotent=True))
    box.add(Tool("t_send", "Send.", ANY, Effect.IRREVERSIBLE, "t"))
    box.add(Tool("t_read", "Read.", ANY, Effect.READ, "t", idempotent=True))
    return box


async def tool(box: InMemory, name: str) -> Tool:
    return next(tool for tool in await box.tools() if tool.name == name)


async def test_a_call_is_on_record_as_running_while_it_runs(engine: sa.Engine) -> None:
    journal, inner = Journal(engine), InMemory()
    seen: list[Status] = []

    def look(call: Call) -> Outcome:
        entry = journal.find(call.id, "anna")
        assert entry is not None
        seen.append(entry.status)
        return Done("ok")

    inner.add(Tool("t_write", "Write.", ANY, Effect.REVERSIBLE, "t"), look)
    call = Call("t_write", {"x": 1}, CALLER)
    await Journalled(inner, journal).call(call)
    entry = journal.find(call.id, "anna")
    assert entry is not None
    assert (seen, entry.status) == ([Status.RUNNING], Status.DONE)


async def test_a_failure_is_on_record_with_its_reason(engine: sa.Engine) -> None:
    journal, inner = Journal(engine), InMemory()
    inner.add(Tool("t_write", "Write.", ANY, Effect.REVERSIBLE, "t"), lambda _: Failed("no such list"))
    await Journalled(inner, journal).call(Call("t_write", {}, CALLER))
    [entry] = journal.entries("anna", 5)
    assert (entry.status, entry.text) == (Status.ERROR, "no such list")


async def test_the_same_id_is_answered_from_the_record(engine: sa.Engine) -> None:
    journal, inner = Journal(engine), box()
    call = Call("t_write", {"x": 1}, CALLER)
    first = await Journalled(inner, journal).call(call)
    again = await Journalled(inner, journal).call(call)
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert (first.text, len(inner.calls)) == (again.text, 1)


async def test_a_preview_leaves_no_record(engine: sa.Engine) -> None:
    journal = Journal(engine)
    await Journalled(box(), journal).call(Call("t_write", {}, CALLER, preview=True))
    assert not journal.entries("anna", 5)


async def test_one_member_never_sees_anothers_calls(engine: sa.Engine) -> None:
    journal = Journal(engine)
    call = Call("t_write", {}, CALLER)
    await Journalled(box(), journal).call(call)
    assert not journal.entries("bob", 5)
    assert journal.find(call.id, "bob") is None


async def test_after_a_crash_what_was_running_is_brought_to_an_end(engine: sa.Engine) -> None:
    journal, inner = Journal(engine), box()
    dead = Journal(engine)
    dead.owner = "999999999:1.00"
    write, send, read = (Call(name, {}, CALLER) for name in ("t_write", "t_send", "t_read"))
    dead.begin(write, await tool(inner, "t_write"))
    dead.begin(send, await tool(inner, "t_send"))
    dead.begin(read, await tool(inner, "t_read"))

    assert await resume(journal, Journalled(inner, journal)) == 3

    found = {entry.tool: entry for entry in journal.entries("anna", 5)}
    assert [call.tool for call in inner.calls] == ["t_write"]
    assert found["t_write"].status is Status.DONE
    assert found["t_send"].status is Status.CANCELLED
    assert "not known" in found["t_send"].text
    assert found["t_read"].status is Status.CANCELLED


async def test_calls_of_a_process_that_lives_are_left_to_it(engine: sa.Engine) -> None:
    journal = Journal(engine)
    journal.begin(Call("t_write", {}, CALLER), await tool(box(), "t_write"))
    assert await resume(journal, Journalled(box(), journal)) == 0


async def test_a_call_that_breaks_what_takes_it_up_is_closed_and_the_next_is_taken_up(engine: sa.Engine) -> None:
    journal, inner = Journal(engine), InMemory()
    dead = Journal(engine)
    dead.owner = "999999999:1.00"

    def break_down(call: Call) -> Outcome:
        if call.arguments:
            raise RuntimeError("a fault of ours")
        return Done("Written.")

    write = Tool("t_write", "Write.", ANY, Effect.REVERSIBLE, "t", undo="t_undo", idempotent=True)
    inner.add(write, break_down)
    for arguments in ({"what": "breaks"}, {}):
        dead.begin(Call("t_write", arguments, CALLER), write)
    assert await resume(journal, Journalled(inner, journal)) == 2
    assert [entry.status for entry in journal.entries("anna", 5)] == [Status.DONE, Status.CANCELLED]
    assert await resume(journal, Journalled(inner, journal)) == 0

"""Each piece of work is on record with its calls, and homes of the first version still open."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled, resume
from services.record import Entry, Flow, Status, come_to, flow_row
from services.tool import Call, Caller, Done, Effect, Failed, Tool, Waiting

CALLER = Caller("anna", "home", "UTC", datetime(2026, 3, 4, 9, tzinfo=UTC))
ANY = {"type": "object"}
FLOW = "f" * 16
WRITE = Tool("t_write", "Write.", ANY, Effect.REVERSIBLE, "t", undo="t_undo", idempotent=True)
SEND = Tool("t_send", "Send.", ANY, Effect.IRREVERSIBLE, "t")
READ = Tool("t_read", "Read.", ANY, Effect.READ, "t", idempotent=True)

FIRST_VERSION = """
CREATE TABLE calls (seq INTEGER NOT NULL, id VARCHAR NOT NULL, member VARCHAR NOT NULL, room VARCHAR NOT NULL,
    zone VARCHAR NOT NULL, now VARCHAR NOT NULL, tool VARCHAR NOT NULL, arguments JSON NOT NULL,
    effect VARCHAR NOT NULL, status VARCHAR NOT NULL, text VARCHAR NOT NULL, result JSON, touched JSON, undo VARCHAR,
    undone_by VARCHAR, started FLOAT NOT NULL, ended FLOAT, owner VARCHAR NOT NULL, PRIMARY KEY (seq), UNIQUE (id));
CREATE INDEX calls_member ON calls (member, seq);
CREATE INDEX calls_status ON calls (status);
INSERT INTO calls VALUES (1,'aaaa','anna','home','UTC','2026-03-04T09:00:00+00:00','t_write','{}','reversible','undone',
    'Written.','{}','[]','t_undo','bbbb',1.0,2.0,'1:1.00');
INSERT INTO calls VALUES (2,'bbbb','anna','home','UTC','2026-03-04T09:00:00+00:00','muos_undo','{}','reversible','done',
    'Undone: Written.','{"undid": "aaaa", "with": "t_undo"}','[]',NULL,NULL,1.0,2.0,'1:1.00');
INSERT INTO calls VALUES (3,'cccc','muos','home','UTC','2026-03-04T09:00:00+00:00','t_due','{}','reversible','done',
    '0 due','{}','[]',NULL,NULL,1.0,2.0,'1:1.00');
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: sa.Engine) -> Journal:
    return Journal(engine)


@pytest.fixture
def box() -> InMemory:
    box = InMemory()
    for tool in (WRITE, SEND, READ):
        box.add(tool)
    return box


@pytest.fixture
def dead(engine: sa.Engine) -> Journal:
    """The journal of a process that no longer lives."""
    journal = Journal(engine)
    journal.owner = "999999999:1.00"
    return journal


def in_flow(tool: Tool, **arguments: object) -> Call:
    return Call(tool.name, arguments, CALLER, flow=FLOW)


def flow(journal: Journal) -> Flow:
    found = journal.find_flow(FLOW, "anna")
    assert found is not None
    return found


async def test_a_typed_call_is_a_flow_by_itself(journal: Journal, box: InMemory) -> None:
    call = Call("t_write", {}, CALLER)
    await Journalled(box, journal).call(call)
    [found] = journal.flows("anna", 5)
    assert (found.id, found.status, [entry.id for entry in found.calls]) == (call.id, Status.DONE, [call.id])


async def test_a_flow_runs_until_it_is_closed_and_then_is_what_its_calls_came_to(
    journal: Journal, box: InMemory
) -> None:
    journal.open(FLOW, "write twice", CALLER)
    await Journalled(box, journal).call(in_flow(WRITE))
    assert (flow(journal).status, flow(journal).asked) == (Status.RUNNING, "write twice")
    journal.close(FLOW, "Written.")
    assert (flow(journal).status, flow(journal).text) == (Status.DONE, "Written.")


async def test_a_flow_of_which_a_call_waits_waits_until_that_is_decided(journal: Journal) -> None:
    journal.open(FLOW, "send", CALLER)
    call = in_flow(SEND)
    journal.begin(call, SEND)
    journal.end(call, Waiting("Send?", call), None)
    journal.close(FLOW, "Send?")
    assert flow(journal).status is Status.WAITING
    journal.begin(call, SEND)
    assert flow(journal).status is Status.RUNNING
    journal.end(call, Done("Sent."), None)
    assert flow(journal).status is Status.DONE


async def test_what_came_to_no_call_is_not_listed_once_it_has_ended(journal: Journal) -> None:
    journal.open(FLOW, "sing", CALLER)
    assert [found.asked for found in journal.flows("anna", 5)] == ["sing"]
    journal.close(FLOW, "I can't.", good=False)
    assert journal.flows("anna", 5) == []
    assert flow(journal).status is Status.ERROR


async def test_the_words_of_a_turn_are_not_written_down_before_its_first_call(
    journal: Journal, engine: sa.Engine
) -> None:
    journal.open(FLOW, "the pin is 1234", CALLER)
    private = Tool("t_keep", "Keep.", ANY, Effect.REVERSIBLE, "t", private=True)
    journal.begin(in_flow(private, pin="1234"), private)
    journal.close(FLOW, "Kept 1234.", private=True)
    with engine.connect() as db:
        rows = [str(row) for table in ("flows", "calls") for row in db.execute(sa.text(f"SELECT * FROM {table}"))]
    assert "1234" not in " ".join(rows)


async def test_calls_that_were_decided_on_are_begun_after_a_crash_once_and_in_order(
    journal: Journal, dead: Journal, box: InMemory
) -> None:
    calls = [in_flow(WRITE, n=number) for number in range(3)]
    dead.open(FLOW, "write thrice", CALLER)
    dead.plan([(call, WRITE) for call in calls])
    dead.begin(calls[0], WRITE)

    assert await resume(journal, Journalled(box, journal)) == 3
    assert await resume(journal, Journalled(box, journal)) == 0

    assert [call.id for call in box.calls] == [call.id for call in calls]
    assert (flow(journal).status, flow(journal).asked) == (Status.DONE, "write thrice")


async def test_a_read_is_made_again_only_where_more_of_its_flow_is_to_come(
    journal: Journal, dead: Journal, box: InMemory
) -> None:
    alone, first, then = Call("t_read", {}, CALLER), in_flow(READ), in_flow(WRITE)
    dead.begin(alone, READ)
    dead.plan([(first, READ), (then, WRITE)])
    dead.begin(first, READ)
    await resume(journal, Journalled(box, journal))
    assert [call.id for call in box.calls] == [first.id, then.id]


async def test_what_waits_still_waits_after_a_crash(journal: Journal, dead: Journal, box: InMemory) -> None:
    call = in_flow(SEND)
    dead.open(FLOW, "send", CALLER)
    dead.begin(call, SEND)
    dead.end(call, Waiting("Send?", call), None)
    await resume(journal, Journalled(box, journal))
    assert not box.calls
    assert flow(journal).status is Status.WAITING


async def test_a_crash_before_the_question_is_asked_is_no_yes(journal: Journal, dead: Journal, box: InMemory) -> None:
    again = Tool("t_send", "Send.", ANY, Effect.IRREVERSIBLE, "t", idempotent=True)
    box.add(again)
    unasked, confirmed = Call("t_send", {}, CALLER), Call("t_send", {}, CALLER, confirmed=True)
    dead.begin(unasked, again)
    dead.begin(confirmed, again)
    await resume(journal, Journalled(box, journal))
    assert {call.id: call.confirmed for call in box.calls} == {unasked.id: False, confirmed.id: True}


async def test_a_turn_that_was_not_yet_understood_is_closed_as_such(
    journal: Journal, dead: Journal, box: InMemory
) -> None:
    dead.open(FLOW, "write", CALLER)
    await resume(journal, Journalled(box, journal))
    assert flow(journal).status is Status.ERROR
    assert "nothing was done" in flow(journal).text


async def test_of_two_who_begin_the_same_call_one_does(journal: Journal, engine: sa.Engine, box: InMemory) -> None:
    other, call = Journal(engine), Call("t_write", {}, CALLER)
    assert journal.begin(call, WRITE) is None
    assert isinstance(other.begin(call, WRITE), Failed)


async def test_nothing_of_a_cancelled_flow_begins_any_more(journal: Journal, box: InMemory) -> None:
    planned, late, running = in_flow(WRITE), in_flow(WRITE), in_flow(WRITE)
    journal.open(FLOW, "write", CALLER)
    journal.plan([(planned, WRITE)])
    journal.begin(running, WRITE)
    journal.stop(FLOW, "It was cancelled.")
    toolbox = Journalled(box, journal)
    assert isinstance(await toolbox.call(planned), Failed)
    assert isinstance(await toolbox.call(late), Failed)
    journal.end(running, Done("Written."), None)
    journal.close(FLOW, "")
    assert not box.calls
    assert [entry.status for entry in flow(journal).calls] == [Status.CANCELLED, Status.DONE]
    assert flow(journal).status is Status.CANCELLED


def test_a_home_of_the_first_version_is_brought_up_to_date(engine: sa.Engine) -> None:
    with engine.begin() as db:
        for statement in FIRST_VERSION.split(";\n"):
            db.execute(sa.text(statement)) if statement.strip() else None
    for _ in range(2):
        journal = Journal(engine)
    found = {found.id: found for found in journal.flows("anna", 5)}
    assert {key: value.status for key, value in found.items()} == {"aaaa": Status.DONE, "bbbb": Status.DONE}
    assert [entry.status for entry in found["aaaa"].calls] == [Status.UNDONE]
    assert journal.flows("muos", 5) == []
    assert journal.begin(Call("t_write", {}, CALLER), WRITE) is None
    assert len(journal.flows("anna", 5)) == 3


STATUSES = st.sampled_from(list(Status))


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), STATUSES), min_size=1))
def test_a_flow_runs_while_anything_of_it_does_and_is_no_success_while_a_failure_stands(
    made: list[tuple[str, Status]],
) -> None:
    came, statuses = come_to(made), {status for _, status in made}
    assert came not in {Status.PLANNED, Status.UNDONE}
    assert (came is Status.RUNNING) == bool(statuses & {Status.RUNNING, Status.PLANNED})
    if came is Status.DONE:
        assert made[-1][1] is not Status.ERROR


def test_a_failure_that_was_tried_again_with_success_is_none() -> None:
    assert come_to([("a", Status.ERROR), ("a", Status.DONE)]) is Status.DONE
    assert come_to([("a", Status.ERROR), ("b", Status.DONE)]) is Status.ERROR


@pytest.mark.parametrize(
    ("status", "effect", "undo", "why"),
    [
        (Status.DONE, Effect.REVERSIBLE, "t_undo", None),
        (Status.DONE, Effect.READ, None, "it changed nothing"),
        (Status.DONE, Effect.IRREVERSIBLE, None, "it can't be taken back"),
        (Status.UNDONE, Effect.REVERSIBLE, "t_undo", "it was already undone"),
        (Status.ERROR, Effect.REVERSIBLE, None, "it did not take effect"),
        (Status.WAITING, Effect.IRREVERSIBLE, None, "it still waits for a yes"),
    ],
)
def test_a_row_says_whether_it_can_be_undone_and_why_not(
    status: Status, effect: Effect, undo: str | None, why: str | None
) -> None:
    entry = Entry("a", "f", "t_x", {}, effect, status, "x", {}, (), undo, None, CALLER, CALLER.now, None)
    row = flow_row(Flow("f", "x", Status.DONE, "", CALLER, (entry,), CALLER.now, None))
    assert (row["calls"][0]["lasting"], row["undo"]) == (why, "f" if why is None else None)

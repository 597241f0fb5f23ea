"""Forgetting with every trace in the dialogue, the journal, the alerts and the log; of the notes and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.alerts import alerts
from agent.alerts import metadata as alert_tables
from agent.dialogue import Dialogue, Transcript, turns
from agent.memory.erasing import Erasing
from agent.turn import Called, Said, Thinking, Turn
from memory.forgetting import What
from memory.memory import Memory
from memory.note import Note, Scope
from memory.record.tables import create
from memory.vectors.spelling import encode
from services.bulletin import Bulletin
from services.inmemory import InMemory
from services.journal import Journal
from services.record import PRIVATE, Status, flows
from services.tool import Call, Caller, Done, Effect, Failed, Outcome, Tool, Waiting

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


class House:
    """A home's record, with turns, calls and alerts as the hub writes them."""

    def __init__(self, engine: sa.Engine, home: Path) -> None:
        create(engine)
        alert_tables.create_all(engine)
        Bulletin(engine)
        self.engine = engine
        self.memory = Memory(engine, encode)
        self.dialogue = Dialogue(engine)
        self.journal = Journal(engine)
        self.erasing = Erasing(engine, self.memory, home)
        self.minutes = 0

    def say(
        self, text: str, answer: str = "All right.", member: str = "ann", made: tuple[tuple[Call, Outcome], ...] = ()
    ) -> Note:
        """A turn, with the calls that it came to; kept as a note."""
        self.minutes += 1
        turn = Turn(text, NOW + timedelta(minutes=self.minutes), "UTC", member)
        self.journal.open(turn.id, text, turn.caller)
        transcript = Transcript(turn)
        transcript.add(Thinking("reflex"))
        for call, outcome in made:
            placed = Call(call.tool, call.arguments, turn.caller, flow=turn.id)
            self.journal.begin(placed, tool_of(call.tool))
            self.journal.end(placed, outcome, None)
            if not isinstance(outcome, Waiting):
                transcript.add(Called(placed, outcome, 1.0))
        transcript.add(Said(answer))
        self.dialogue.keep(transcript)
        self.journal.close(turn.id, answer)
        return Note(text=text, who=member, when=turn.now, member=member, turn=turn.id, id=turn.id)

    def keep(self, text: str, **more: Any) -> Note:
        """The same, and memory remembers it."""
        return self.memory.remember(self.say(text, **more))

    def alert(self, text: str, member: str = "ann") -> None:
        """Something that fell due."""
        row = {
            "id": f"reminder-{member}-{len(text)}",
            "service": "reminders",
            "text": text,
            "at": (NOW + timedelta(days=1)).isoformat(),
        }
        with self.engine.begin() as db:
            db.execute(sa.insert(alerts).values(**row, member=member, room="home", late=False, told="", seen=True))

    def flows(self) -> list[sa.Row[Any]]:
        """The pieces of work, also those without a call."""
        with self.engine.connect() as db:
            return list(db.execute(sa.select(flows)).all())

    def words(self, member: str = "ann") -> str:
        """All that is written down of a member's turns, calls and alerts."""
        with self.engine.connect() as db:
            rows = [tuple(row) for table in (turns, alerts) for row in db.execute(sa.select(table)) if member in row]
        works = [tuple(row) for row in self.flows() if row.member == member]
        return f"{rows}{works}{self.journal.entries(member, 100, hidden=True)}"


def tool_of(name: str) -> Tool:
    return Tool(name, name, {"type": "object"}, Effect.REVERSIBLE, "test")


def call(name: str, **arguments: str) -> Call:
    return Call(name, arguments, Caller("ann", "home", "UTC", NOW))


@pytest.fixture
def house(tmp_path: Path, engine: sa.Engine) -> House:
    (tmp_path / "logs").mkdir()
    return House(engine, tmp_path)


def test_a_forgotten_turn_leaves_that_it_was_and_not_what_it_said(house: House) -> None:
    note = house.keep("My dog is called Rex", answer="Hello to Rex.")
    other = house.keep("My cat is called Tom")
    gone = house.erasing.forget_ids("ann", [note.id])
    assert (gone.count, gone.verified) == (1, True)
    assert "Rex" not in house.words()
    assert "Tom" in house.words()
    assert {(one.id, one.asked) for one in house.flows()} == {(note.id, PRIVATE), (other.id, other.text)}


def test_what_a_turn_did_stays_undoable_without_a_word_of_it(house: House) -> None:
    made = ((call("lists_add", item="quinoa"), Done("Added quinoa.", {"item": "quinoa"}, undoable=True)),)
    note = house.keep("put quinoa on my list", made=made)
    house.erasing.forget_ids("ann", [note.id])
    assert "quinoa" not in house.words()
    [entry] = house.journal.entries("ann", 5)
    assert (entry.tool, entry.status, entry.text, entry.arguments) == ("lists_add", Status.DONE, PRIVATE, {})


def test_a_call_that_waits_for_a_yes_is_cancelled_with_what_it_was_given(house: House) -> None:
    sending = call("mail_send", text="quinoa")
    made = ((sending, Waiting("Send quinoa?", sending)),)
    note = house.keep("mail Bob about quinoa", made=made)
    house.erasing.forget_ids("ann", [note.id])
    [entry] = house.journal.entries("ann", 5)
    assert (entry.status, entry.arguments) == (Status.CANCELLED, {})


def test_answers_that_told_of_it_later_go_too(house: House) -> None:
    note = house.keep("I am allergic to penicillin")
    rows = {"notes": [{"id": note.id, "text": note.text}]}
    house.say("what must the doctor know?", "You said so.", made=((call("memory_recall"), Done("“…”", rows)),))
    house.say("which medicine is bad?", "Anything like penicillin.")
    house.say("what is the time?", "Nine o'clock.")
    house.erasing.forget_ids("ann", [note.id])
    assert "penicillin" not in house.words()
    assert "You said so." not in house.words()
    assert "which medicine is bad?" in house.words()
    assert "Nine o'clock." in house.words()


def test_the_same_said_again_goes_too(house: House) -> None:
    note = house.keep("The safe is behind the old clock")
    assert house.keep("the safe is behind the old clock!", answer="Behind it, yes.").id == note.id
    house.erasing.forget_ids("ann", [note.id])
    assert "safe" not in house.words()
    assert "Behind it" not in house.words()


def test_what_others_were_told_of_it_goes_and_their_own_words_stay(house: House) -> None:
    note = house.memory.remember(
        Note("The tap man called Quentin comes at two", "ann", NOW, "ann", scope=Scope.HOUSEHOLD)
    )
    house.say("who comes?", "“The tap man called Quentin comes at two”", member="bob")
    house.say("I met Quentin Blake", member="bob")
    house.erasing.forget_ids("ann", [note.id])
    assert "tap man" not in house.words("bob")
    assert "I met Quentin Blake" in house.words("bob")


def test_words_that_other_notes_or_earlier_rows_hold_are_no_traces(house: House) -> None:
    house.say("convert ten furlongs", "2 kilometres.")
    house.keep("The tea is in the blue tin")
    note = house.keep("I ran ten furlongs with a blue hat")
    house.say("what colour is my hat?", "It is blue.")
    house.erasing.forget_ids("ann", [note.id])
    assert "convert ten furlongs" in house.words()
    assert "It is blue." in house.words()
    assert "blue hat" not in house.words()


def test_alerts_and_the_log_lose_it(house: House, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "muos.log"
    note = house.keep("remind me to feed Zebulon")
    house.alert("feed Zebulon")
    house.alert("water the plants")
    log.write_text("all is well\nfailed: feed Zebulon\n")
    house.erasing.forget_ids("ann", [note.id])
    assert "Zebulon" not in house.words() + log.read_text()
    assert "water the plants" in house.words()
    assert log.read_text().startswith("all is well\n")


def test_a_member_cannot_forget_for_another(house: House) -> None:
    note = house.keep("My dog is called Rex", member="bob")
    assert house.erasing.forget_ids("ann", [note.id]).count == 0
    assert "Rex" in house.words("bob")


def test_many_notes_at_once_leave_no_trace_in_the_file(house: House, tmp_path: Path) -> None:
    said = [house.keep(f"The word is zq{number}vk", answer=f"zq{number}vk it is.") for number in range(60)]
    kept = house.keep("The word is banana")
    gone = house.erasing.forget("ann", What(until=kept.when))
    assert (gone.count, gone.verified) == (60, True)
    content = everything(tmp_path)
    assert not [note.text for note in said if note.text.split()[-1].encode() in content]
    assert b"banana" in content


def everything(folder: Path) -> bytes:
    """The content of all files."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def services(data: dict[str, int] | None) -> InMemory:
    """One service that erases, or can't."""
    box = InMemory()
    tool = Tool("lists_erase", "Erase.", {"type": "object"}, Effect.IRREVERSIBLE, "lists", hidden=True)
    box.add(tool, lambda _: Failed("The disk is broken.") if data is None else Done("Erased.", data))
    return box


async def test_an_erased_member_is_nowhere_and_the_others_are_as_before(house: House, tmp_path: Path) -> None:
    house.keep("My dog is called Rex")
    house.keep("My cat is called Tom", member="bob")
    house.alert("feed Rex")
    house.alert("feed Tom", member="bob")
    house.memory.rooms.make("den", ["ann", "bob"], NOW)
    (tmp_path / "services" / "lists").mkdir(parents=True)
    (tmp_path / "services" / "lists" / "data.sqlite").touch()
    box = services({"rows": 3, "files": 1})
    erased = await house.erasing.erase_member("ann", box, Caller("ann", "home", "UTC", NOW))
    assert (erased.left, erased.verified) == ((), True)
    assert erased.removed["notes"] == erased.removed["turns"] == erased.removed["alerts"] == 1
    assert (erased.removed["rows"], erased.removed["files"]) == (3, 1)
    assert [made.arguments for made in box.calls] == [{"member": "ann"}]
    content = everything(tmp_path)
    assert b"Rex" not in content
    assert b"ann" not in content
    assert "Tom" in house.words("bob")
    assert [note.text for note in house.memory.export("bob")] == ["My cat is called Tom"]


async def test_a_service_that_cannot_erase_is_named(house: House, tmp_path: Path) -> None:
    for name in ("lists", "stranger"):
        (tmp_path / "services" / name).mkdir(parents=True)
        (tmp_path / "services" / name / "data.sqlite").touch()
    erased = await house.erasing.erase_member("ann", services(None), Caller("ann", "home", "UTC", NOW))
    assert set(erased.left) == {"lists", "stranger"}

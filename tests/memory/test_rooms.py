"""Who was there sees what was said there; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, StaticPool, create_engine, text

from memory.errors import Refused
from memory.memory import Memory
from memory.note import Note, Scope
from memory.record.tables import create
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MEMBERS = ["ann", "bob", "carl", "dora"]
ROOMS = ["kitchen", "attic"]


def at(minute: int) -> datetime:
    return MONDAY + timedelta(minutes=minute)


def said(words: str, member: str, room: str, minute: int, scope: Scope = Scope.ROOM) -> Note:
    return Note(words, member, at(minute), member, room, scope=scope)


@pytest.fixture
def house(engine: Engine) -> Memory:
    return Memory(engine, encode, PlainIndex())


def seen(house: Memory, member: str, room: str = "home", *, alone: bool = True) -> set[str]:
    listed = {note.text for note in house.recent(member, room, 1000, alone=alone)}
    house.catch_up()
    found = {one.note.text for one in house.recall("note", member=member, room=room, k=1000, alone=alone)}
    assert found == listed
    return listed


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as why:
        work()
    return str(why.value)


@pytest.mark.parametrize("room", ["HOME", " home ", "Home", "\uff48\uff4f\uff4d\uff45", " ", ""])
def test_home_is_where_each_is_alone_however_it_is_written(house: Memory, room: str) -> None:
    house.remember(said("note at home", "ann", room, 0))
    assert seen(house, "ann") == seen(house, "ann", room) == {"note at home"}
    assert not seen(house, "bob", room)
    assert "can't be called" in refused(lambda: house.rooms.make(room, ["bob"], at(1)))
    assert "Nobody can join" in refused(lambda: house.rooms.join(room, "bob", at(1)))


@pytest.mark.parametrize("room", ["Attic", "attic ", "ATTIC", "\uff41ttic"])
def test_a_closed_room_has_no_double_that_others_hear(house: Memory, room: str) -> None:
    house.rooms.make("attic", ["ann"], at(0))
    assert "a room called attic" in refused(lambda: house.remember(said("note for the attic", "ann", room, 1)))
    assert "already a room called attic" in refused(lambda: house.rooms.make(room, ["bob"], at(2)))
    assert not seen(house, "bob", room)


def test_who_joins_later_sees_from_joining_on(house: Memory) -> None:
    house.remember(said("note while open", "ann", "kitchen", 0))
    house.rooms.make("kitchen", ["ann", "bob"], at(1))
    house.remember(said("note of two", "bob", "kitchen", 2))
    house.rooms.join("kitchen", "carl", at(3))
    house.remember(said("note of three", "ann", "kitchen", 4))
    everything = {"note while open", "note of two", "note of three"}
    for room in ("kitchen", "home"):
        assert seen(house, "ann", room) == seen(house, "bob", room) == everything
        assert seen(house, "carl", room) == {"note of three"}
        assert seen(house, "dora", room) == set()
    assert seen(house, "ann", "attic") == set()


def test_who_left_sees_nothing_and_who_comes_again_sees_from_then_on(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann", "bob"], at(0))
    mine = house.remember(said("note of bob's", "bob", "kitchen", 1))
    house.rooms.leave("kitchen", "bob", at(2))
    house.remember(said("note without bob", "ann", "kitchen", 3))
    assert seen(house, "bob", "kitchen") == seen(house, "bob") == set()
    assert [note.id for note in house.export("bob")] == [mine.id]
    house.rooms.join("kitchen", "bob", at(4))
    house.remember(said("note with bob again", "ann", "kitchen", 5))
    assert seen(house, "bob", "kitchen") == {"note with bob again"}
    house.rooms.leave("kitchen", "bob", at(6))
    assert house.forget(mine.id, "bob") is not None
    assert seen(house, "ann", "kitchen") == {"note without bob", "note with bob again"}


def test_leaving_takes_nothing_private_with_it(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann", "bob"], at(0))
    house.remember(said("note for bob alone", "bob", "kitchen", 1, Scope.PRIVATE))
    house.rooms.leave("kitchen", "bob", at(2))
    assert seen(house, "bob") == seen(house, "bob", "kitchen") == {"note for bob alone"}
    assert seen(house, "ann", "kitchen") == set()


def test_an_open_room_is_everybodys_in_it_and_at_home_those_see_it_who_spoke_there(house: Memory) -> None:
    house.remember(said("note for all in here", "ann", "kitchen", 0))
    assert seen(house, "bob", "kitchen") == seen(house, "ann") == {"note for all in here"}
    assert seen(house, "bob") == set()
    house.remember(said("note by bob", "bob", "kitchen", 1))
    assert seen(house, "bob") == {"note for all in here", "note by bob"}


def test_nothing_can_be_put_into_a_closed_room_from_outside(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann"], at(0))
    outcome = house.bring([said("note by a stranger", "bob", "kitchen", 1), said("note", "ann", "kitchen", 1)])
    assert (outcome.imported, outcome.refused) == (1, 1)
    assert "bob is not in kitchen" in refused(lambda: house.remember(said("note", "bob", "kitchen", 1)))
    house.remember(said("note of bob's own", "bob", "kitchen", 2, Scope.PRIVATE))
    assert seen(house, "ann", "kitchen") == {"note"}


def test_an_epoch_that_a_note_brings_along_counts_for_nothing(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann"], at(0))
    house.rooms.join("kitchen", "bob", at(5))
    forged = Note("note", "ann", at(1), "ann", "kitchen", scope=Scope.ROOM, epoch=2)
    assert house.remember(forged).epoch == 1
    assert seen(house, "bob", "kitchen") == set()


def test_what_is_told_of_earlier_times_is_not_for_those_who_were_there_before_its_teller(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann"], at(0))
    house.rooms.join("kitchen", "bob", at(10))
    assert house.remember(said("note of long ago", "bob", "kitchen", 1)).epoch == 2
    assert seen(house, "bob", "kitchen") == seen(house, "ann", "kitchen") == {"note of long ago"}


def test_a_clock_that_went_back_shows_nobody_what_was_said_before_they_came(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann"], at(100))
    house.remember(said("note at first", "ann", "kitchen", 150))
    house.rooms.join("kitchen", "bob", at(200))
    house.rooms.join("kitchen", "carl", at(50))
    house.remember(said("note with a late date", "ann", "kitchen", 120))
    assert seen(house, "carl", "kitchen") == seen(house, "bob", "kitchen") == set()


def test_where_others_listen_nothing_is_told_that_one_of_them_may_not_hear(house: Memory) -> None:
    house.remember(said("note for all of us", "ann", "home", 0, Scope.HOUSEHOLD))
    house.remember(said("note for ann", "ann", "home", 0, Scope.PRIVATE))
    house.rooms.make("kitchen", ["ann", "bob"], at(1))
    house.remember(said("note before", "ann", "kitchen", 2))
    assert seen(house, "ann", "kitchen", alone=False) == {"note for all of us", "note before"}
    house.rooms.join("kitchen", "carl", at(3))
    assert seen(house, "ann", "kitchen", alone=False) == {"note for all of us"}
    house.rooms.join("kitchen", "gus", at(4), guest=True)
    house.remember(said("note after", "ann", "kitchen", 5))
    assert seen(house, "ann", "kitchen", alone=False) == {"note after"}
    house.rooms.leave("kitchen", "gus", at(6))
    assert seen(house, "carl", "kitchen", alone=False) == {"note for all of us", "note after"}


def test_a_guest_sees_rooms_they_were_let_into_and_nothing_of_the_household(house: Memory) -> None:
    house.remember(said("note for all of us", "ann", "home", 0, Scope.HOUSEHOLD))
    house.remember(said("note in the kitchen", "ann", "kitchen", 0))
    house.rooms.guests.add("gus", at(1))
    house.remember(said("note of gus", "gus", "home", 2, Scope.PRIVATE))
    assert seen(house, "gus") == seen(house, "gus", "kitchen") == {"note of gus"}
    assert "gus is not in kitchen" in refused(lambda: house.remember(said("note", "gus", "kitchen", 3)))
    assert "guest" in refused(lambda: house.remember(said("note", "gus", "home", 3, Scope.HOUSEHOLD)))
    house.rooms.join("kitchen", "gus", at(4))
    house.remember(said("note with gus", "ann", "kitchen", 5))
    assert seen(house, "gus") == seen(house, "gus", "kitchen") == {"note of gus", "note with gus"}
    assert seen(house, "bob", "kitchen") == {"note for all of us", "note in the kitchen", "note with gus"}


def test_a_guest_whose_time_is_over_is_not_of_the_household(house: Memory) -> None:
    house.remember(said("note for all of us", "ann", "home", 0, Scope.HOUSEHOLD))
    house.rooms.guests.add("gus", at(0), at(60))
    house.rooms.join("kitchen", "gus", at(1))
    house.remember(said("note", "ann", "kitchen", 2))
    assert seen(house, "gus") == set()
    assert "no guest here any more" in refused(lambda: house.rooms.join("attic", "gus", at(61)))
    house.rooms.guests.end("gus", at(90))
    house.rooms.guests.welcome("gus", at(100))
    assert seen(house, "gus") == {"note for all of us"}


def test_a_member_who_becomes_a_guest_keeps_no_look_at_what_was_said_in_open_rooms(house: Memory) -> None:
    house.remember(said("note", "bob", "kitchen", 0))
    house.rooms.guests.add("bob", at(1))
    assert seen(house, "bob") == seen(house, "bob", "kitchen") == set()


def test_what_is_said_for_a_room_where_one_is_alone_is_private(house: Memory) -> None:
    assert house.remember(said("note", "ann", "home", 0)).scope is Scope.PRIVATE
    assert seen(house, "bob") == set()


def test_rooms_say_who_is_in_them(house: Memory) -> None:
    house.remember(said("note", "ann", "attic", 0))
    house.rooms.make("kitchen", ["ann", "bob", "ann"], at(1))
    house.rooms.join("kitchen", "gus", at(2), guest=True)
    house.rooms.join("kitchen", "gus", at(3), guest=True)
    attic, kitchen = house.rooms.all()
    assert (attic.name, attic.open, [one.member for one in attic.members]) == ("attic", True, ["ann"])
    assert not kitchen.open
    assert [(one.member, one.guest, one.since) for one in kitchen.members] == [
        ("ann", False, at(1)),
        ("bob", False, at(1)),
        ("gus", True, at(2)),
    ]
    assert house.rooms.get("nowhere").open


@pytest.mark.parametrize("name", ["home", "", " "])
def test_nobody_makes_a_room_of_where_each_is_alone(house: Memory, name: str) -> None:
    assert "alone" in refused(lambda: house.rooms.make(name, ["ann"], at(0)))


def test_what_cannot_be_is_refused_in_words(house: Memory) -> None:
    house.rooms.make("kitchen", ["ann"], at(0))
    assert refused(lambda: house.rooms.make("kitchen", ["bob"], at(1))) == "There is already a room called kitchen."
    assert refused(lambda: house.rooms.leave("kitchen", "bob", at(1))) == "bob is not in kitchen."
    assert "needs somebody" in refused(lambda: house.rooms.make("attic", [""], at(1)))
    assert "Give a name" in refused(lambda: house.rooms.join("kitchen", " ", at(1)))
    assert "alone" in refused(lambda: house.rooms.join("home", "bob", at(1)))
    assert refused(lambda: house.rooms.guests.end("bob", at(1))) == "bob is no guest here."
    assert refused(lambda: house.rooms.guests.welcome("bob", at(1))) == "bob is no guest here."
    assert "before coming" in refused(lambda: house.rooms.guests.add("gus", at(1), at(1)))


def test_erasing_a_member_leaves_no_trace_of_where_they_were(house: Memory, engine: Engine) -> None:
    house.rooms.make("kitchen", ["ann", "bob"], at(0))
    house.rooms.make("hideout", ["bob"], at(0))
    house.rooms.erase("bob")
    assert [room.name for room in house.rooms.all()] == ["kitchen"]
    with engine.connect() as connection:
        for table in ("notes_stays", "notes_rooms", "notes_epochs", "notes_heard", "notes_guests"):
            rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert "bob" not in rows
            assert "hideout" not in rows


def test_a_home_from_before_there_were_rooms_opens_with_its_open_rooms(engine: Engine, house: Memory) -> None:
    house.remember(said("note", "ann", "kitchen", 0))
    with engine.begin() as connection:
        for table in ("stays", "rooms", "epochs", "heard", "guests"):
            connection.execute(text(f"DROP TABLE notes_{table}"))
    create(engine)
    assert seen(house, "ann") == seen(house, "bob", "kitchen") == {"note"}
    assert seen(house, "bob") == set()


def test_who_was_shut_out_by_one_process_sees_nothing_in_another(engine: Engine, house: Memory) -> None:
    elsewhere = create_engine(engine.url)
    other = Memory(elsewhere, encode)
    house.rooms.make("kitchen", ["ann", "bob"], at(0))
    house.remember(said("note", "ann", "kitchen", 1))
    assert seen(house, "bob") == {"note"}
    other.rooms.leave("kitchen", "bob", at(2))
    assert seen(house, "bob") == set()
    elsewhere.dispose()


class House(RuleBasedStateMachine):
    """Comings, goings and words at random, held against the rules said plainly: for each note, who was there."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = count(1)
        self.closed: set[str] = set()
        self.inside: dict[tuple[str, str], int] = {}  # since when somebody is in a room; 0: from its beginning
        self.guests: dict[str, bool] = {}  # whether the guest is still here
        self.told: list[tuple[str, str, str, int, Scope]] = []

    @initialize()
    def open_house(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        create(self.engine)
        self.memory = Memory(self.engine, encode)

    @rule(room=st.sampled_from(ROOMS), members=st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=3))
    def make(self, room: str, members: list[str]) -> None:
        now = next(self.clock)
        if room in self.closed or any(self.guests.get(member) is False for member in members):
            refused(lambda: self.memory.rooms.make(room, members, at(now)))
            return
        self.memory.rooms.make(room, members, at(now))
        self.closed.add(room)
        self.inside = {key: since for key, since in self.inside.items() if key[1] != room}
        self.inside |= {(member, room): now if member in self.guests else 0 for member in members}

    @rule(room=st.sampled_from(ROOMS), member=st.sampled_from(MEMBERS), guest=st.booleans())
    def join(self, room: str, member: str, guest: bool) -> None:
        now = next(self.clock)
        if self.guests.get(member) is False:
            refused(lambda: self.memory.rooms.join(room, member, at(now), guest))
            return
        if guest and member not in self.guests:
            self._leave_open_rooms(member)
            self.guests[member] = True
        self.memory.rooms.join(room, member, at(now), guest)
        from_on = now if room in self.closed or member in self.guests else 0
        self.inside.setdefault((member, room), from_on)

    @rule(room=st.sampled_from(ROOMS), member=st.sampled_from(MEMBERS))
    def leave(self, room: str, member: str) -> None:
        if self.inside.pop((member, room), None) is None:
            refused(lambda: self.memory.rooms.leave(room, member, at(next(self.clock))))
        else:
            self.memory.rooms.leave(room, member, at(next(self.clock)))

    @rule(member=st.sampled_from(MEMBERS), how=st.sampled_from(["add", "end", "welcome"]))
    def host(self, member: str, how: str) -> None:
        guests, now = self.memory.rooms.guests, at(next(self.clock))
        if how == "add":
            guests.add(member, now)
            self.guests[member] = True
            self._leave_open_rooms(member)
        elif member not in self.guests:
            refused(lambda: guests.end(member, now) if how == "end" else guests.welcome(member, now))
        elif how == "end":
            guests.end(member, now)
            self.guests[member] = False
            self.inside = {key: since for key, since in self.inside.items() if key[0] != member}
        else:
            guests.welcome(member, now)
            del self.guests[member]
            self._leave_open_rooms(member)

    def _leave_open_rooms(self, member: str) -> None:
        gone = [key for key in self.inside if key[0] == member and key[1] not in self.closed]
        for key in gone:
            del self.inside[key]

    @rule(member=st.sampled_from(MEMBERS), room=st.sampled_from([*ROOMS, "home"]), scope=st.sampled_from(list(Scope)))
    def say(self, member: str, room: str, scope: Scope) -> None:
        now = next(self.clock)
        guest, note = member in self.guests, said(f"note {now}", member, room, now, scope)
        inside = (member, room) in self.inside
        shut_out = scope is Scope.ROOM and room != "home" and not inside and (room in self.closed or guest)
        if shut_out or (guest and scope is Scope.HOUSEHOLD):
            refused(lambda: self.memory.remember(note))
            return
        self.memory.remember(note)
        if scope is Scope.ROOM and room != "home":
            self.inside.setdefault((member, room), 0)
        self.told.append(
            (note.text, member, room, now, Scope.PRIVATE if room == "home" and scope is Scope.ROOM else scope)
        )

    def sees(self, viewer: str, there: str, told: tuple[str, str, str, int, Scope], alone: bool) -> bool:
        _, member, room, when, scope = told
        company = [one for one, place in self.inside if place == there]
        if scope is Scope.PRIVATE:
            return alone and member == viewer
        if scope is Scope.HOUSEHOLD:
            return viewer not in self.guests and (alone or not any(one in self.guests for one in company))
        since = self.inside.get((viewer, room))
        if since is None and there == room and room not in self.closed and viewer not in self.guests:
            since = 0
        mine = since is not None and since <= when and there in (room, "home") and self.guests.get(viewer) is not False
        if alone:
            return mine
        return mine and there == room and all(self.inside[one, room] <= when for one in company)

    @invariant()
    def everybody_sees_what_is_theirs_and_nothing_else(self) -> None:
        for viewer in MEMBERS:
            for there in [*ROOMS, "home"]:
                for alone in (True, False):
                    found = {note.text for note in self.memory.recent(viewer, there, 1000, alone=alone)}
                    assert found == {told[0] for told in self.told if self.sees(viewer, there, told, alone)}

    def teardown(self) -> None:
        self.engine.dispose()


TestHouse = House.TestCase
TestHouse.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)

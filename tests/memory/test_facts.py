"""What claims amount to: now, then, and after a note is forgotten."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, delete, func, select

from memory.company.rooms import Rooms
from memory.facts.claim import Claim, Fact, Kind, Maker
from memory.facts.facts import Facts
from memory.facts.folding import Said, fold
from memory.note import Note, Scope, Source
from memory.record.record import Record
from memory.record.tables import claims as claims_table
from memory.record.tables import create, redrawing

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def on(month: int, day: int = 1) -> datetime:
    return START.replace(month=month, day=day)


class House:
    """A record with its facts, spoken to in short."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.facts = Facts(engine)
        self.record = Record(engine, self.facts.keep)
        self.view = Rooms(engine).view("ann")

    def say(self, text: str, when: datetime = START, who: str = "ann", **fields: object) -> str:
        note = Note(text, who, when, "ann", **fields)  # type: ignore[arg-type]  # fields of the note by their names
        self.bring(note)
        return note.id

    def bring(self, note: Note) -> None:
        """Keep a note as the facade does."""
        self.record.add([one for one in Rooms(self.engine).place([note]) if isinstance(one, Note)])

    def values(self, subject: str, relation: str, at: datetime | None = None) -> list[str]:
        found = self.facts.find(self.view, subject=subject, relation=relation, at=at)
        return sorted(fact.claim.value for fact in found)

    def history(self, subject: str, relation: str) -> list[Fact]:
        return self.facts.history(self.view, subject, relation)

    def rows(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(claims_table)).scalar_one())


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


def test_what_was_said_is_a_fact_with_its_source(house: House) -> None:
    said = house.say("I live in Lyon")
    [fact] = house.facts.find(house.view, subject="Ann")
    assert (fact.claim.relation, fact.claim.value, fact.sources) == ("lives_in", "Lyon", (said,))
    assert fact.claim.text == "Ann lives in Lyon"
    assert house.facts.get(fact.id, house.view) == fact
    assert house.facts.of_note(said, house.view) == [fact]


def test_repeats_are_one_fact_with_all_its_sources(house: House) -> None:
    first = house.say("I live in Lyon", on(1))
    second = house.say("You know, I live in Lyon now.", on(2))
    [fact] = house.history("ann", "lives_in")
    assert fact.sources == (first, second)
    assert (fact.claim.since, fact.said) == (on(1), on(2))


def test_a_later_home_takes_the_place_of_the_earlier_which_keeps_its_end(house: House) -> None:
    house.say("I live in Paris", on(1))
    house.say("I moved to Lyon in May", on(6, 10))
    assert house.values("ann", "lives_in", on(6, 20)) == ["Lyon"]
    assert house.values("ann", "lives_in", on(4)) == ["Paris"]
    [paris, lyon] = house.history("ann", "lives_in")
    assert paris.claim.until == lyon.claim.since == datetime(2026, 5, 1, tzinfo=UTC)


def test_who_moves_back_has_lived_there_twice(house: House) -> None:
    house.say("I live in Paris", on(1))
    house.say("I live in Lyon", on(3))
    house.say("I live in Paris", on(5))  # merges into the first note, which counts as said again
    assert [fact.claim.value for fact in house.history("ann", "lives_in")] == ["Paris", "Lyon", "Paris"]
    assert house.values("ann", "lives_in", on(6)) == ["Paris"]


def test_a_later_word_on_an_earlier_time_counts(house: House) -> None:
    house.say("I live in Paris", on(3))
    house.say("I have lived in Rome since 2020", on(4))
    assert house.values("ann", "lives_in", on(5)) == ["Rome"]


def test_what_was_once_so_holds_no_longer(house: House) -> None:
    house.say("I lived in Prague from 2010 to 2015", on(1))
    house.say("I used to work at Nokia", on(1))
    assert house.values("ann", "lives_in", on(2)) == []
    assert house.values("ann", "lives_in", START.replace(year=2012)) == ["Prague"]
    assert house.values("ann", "works_at", START.replace(year=2012)) == ["Nokia"]


def test_likes_add_up_and_dislikes_close_them(house: House) -> None:
    house.say("I like tea and coffee", on(1))
    assert house.values("ann", "likes", on(2)) == ["coffee", "tea"]
    house.say("I don't like coffee any more", on(3))
    house.say("I hate tea", on(4))
    assert house.values("ann", "likes", on(5)) == []
    assert house.values("ann", "dislikes", on(5)) == ["tea"]
    house.say("Actually I like tea", on(6))
    assert house.values("ann", "dislikes", on(7)) == []
    assert house.values("ann", "likes", on(7)) == ["tea"]


def test_what_was_sold_is_owned_no_more_whoever_of_the_house_sold_it(house: House) -> None:
    house.say("I bought a red car", on(1))
    gone = house.say("We sold the car", on(3))
    assert house.values("ann", "owns", on(4)) == []
    [fact] = house.history("ann", "owns")
    assert gone in fact.sources
    assert fact.claim.until == on(3)


def test_promises_wait_until_they_are_kept_or_taken_back(house: House) -> None:
    house.say("I'll call Anna on Friday", on(6, 17))
    house.say("I promised to bring the cake on Saturday", on(6, 17))
    house.say("I'll fix the bike", on(6, 17))
    listed = house.facts.commitments(house.view, now=on(6, 18))
    assert [fact.claim.value for fact in listed] == ["call Anna", "bring the cake", "fix the bike"]
    due = house.facts.commitments(house.view, now=on(6, 18), until=on(6, 20))
    assert [fact.claim.value for fact in due] == ["call Anna"]
    house.say("I called Anna", on(6, 19))
    house.say("I won't be able to bring the cake", on(6, 19))
    assert [fact.claim.value for fact in house.facts.commitments(house.view, now=on(6, 20))] == ["fix the bike"]
    done = [fact for fact in house.history("ann", "will") if fact.done]
    assert {fact.claim.value for fact in done} == {"call Anna", "bring the cake"}


def test_a_promise_for_another_day_takes_the_place_of_the_earlier(house: House) -> None:
    house.say("I'll call Anna on Friday", on(6, 17))
    house.say("I'll call Anna on Sunday", on(6, 18))
    [fact] = house.facts.commitments(house.view, now=on(6, 18))
    assert fact.claim.due == datetime(2026, 6, 21, 23, 59, tzinfo=UTC)


def test_the_same_promise_weeks_later_is_for_the_next_such_day(house: House) -> None:
    house.say("I'll call Anna on Friday", on(6, 17))
    house.say("I'll call Anna on Friday", on(6, 30))
    [fact] = house.facts.commitments(house.view, now=on(7, 1))
    assert fact.claim.due == datetime(2026, 7, 3, 23, 59, tzinfo=UTC)


def test_conditions_stand_until_they_are_taken_back(house: House) -> None:
    house.say("let me know when the parcel arrives", on(1))
    [fact] = house.facts.conditions(house.view)
    assert (fact.claim.trigger, fact.claim.value) == ("the parcel arrives", "let me know")
    house.say("stop telling me when the parcel arrives", on(2))
    assert house.facts.conditions(house.view) == []


def test_facts_are_found_under_either_name(house: House) -> None:
    house.say("The cabin is in the Alps", on(1))
    house.say("We renamed the cabin the Nest", on(2))
    for name in ("cabin", "the Nest", "nest"):
        assert house.values(name, "located_at") == ["in the Alps"]


def test_a_role_is_another_name_of_the_one_who_bears_it(house: House) -> None:
    house.say("My wife works at Acme", on(1))
    house.say("My wife Anna likes tulips", on(2))
    assert house.values("Anna", "works_at") == ["Acme"]
    assert house.values("ann's wife", "likes") == ["tulips"]
    house.say("My sister lives in Rome", on(3))
    house.say("My sister Eva plays chess", on(3))
    house.say("My sister Mia plays golf", on(3))
    assert house.values("Eva", "lives_in") == []  # which of the two is not known


def test_what_is_mine_is_found_without_saying_whose(house: House) -> None:
    house.say("My car is parked on level 2")
    assert house.values("car", "parked") == ["on level 2"]


def test_a_view_sees_facts_of_its_own_audiences_alone(house: House, engine: Engine) -> None:
    house.say("I live in Lyon")
    house.say("The ladder is in the shed", scope=Scope.ROOM, room="kitchen")
    rooms = Rooms(engine)
    for view in (
        rooms.view("bob"),
        rooms.view("ann", alone=False),
        rooms.view("bob", "attic"),
    ):
        assert house.facts.find(view) == []
        assert house.facts.subjects(view) == []
        assert all(house.facts.get(fact.id, view) is None for fact in house.facts.find(house.view))
    assert [fact.claim.subject for fact in house.facts.find(rooms.view("ann", "kitchen", alone=False))] == ["ladder"]


def test_two_members_who_differ_are_both_kept_and_the_latest_holds(house: House) -> None:
    for who, place, month in (("ann", "attic", 1), ("bob", "cellar", 2)):
        note = Note(f"The ladder is in the {place}", who, on(month), who, "kitchen", scope=Scope.ROOM)
        house.bring(note)
    view = Rooms(house.engine).view("ann", "kitchen", alone=False)
    assert [fact.claim.value for fact in house.facts.find(view, subject="ladder")] == ["in the cellar"]
    assert len(house.facts.history(view, "ladder", "located_at")) == 2


def test_a_forgotten_note_leaves_nothing_and_what_it_closed_is_open_again(house: House) -> None:
    house.say("I live in Paris", on(1))
    before = house.facts.find(house.view, now=on(9))
    moved = house.say("I moved to Lyon in May", on(6, 10))
    house.record.forget(moved, "ann")
    assert house.facts.find(house.view, now=on(9)) == before
    assert house.rows() == 1


def test_a_model_closes_nothing_and_stands_behind_what_a_person_said(house: House) -> None:
    house.say("I live in Lyon", on(1))
    said = house.say("Rome was never built in a day", on(2))
    derived = Claim(Kind.FACT, "ann", "lives_in", "Rome", "Ann lives in Rome", maker=Maker.MODEL)
    gone = Claim(Kind.FACT, "ann", "lives_in", "Lyon", "Ann left Lyon", maker=Maker.MODEL, denied=True)
    with house.engine.begin() as connection:
        house.facts.add(connection, 2, house.view.audiences[0], [derived, gone])
    assert house.values("ann", "lives_in", on(3)) == ["Lyon"]
    assert house.facts.of_note(said, house.view) == []
    house.say("I don't live in Lyon anymore", on(4))
    house.say("I live in Oslo", on(5))
    assert house.values("ann", "lives_in", on(6)) == ["Oslo"]


def test_a_correction_counts_as_written_by_the_person(house: House) -> None:
    said = house.say("I live in Lyon", asked=True)
    assert house.facts.sign(said, "bob") == 0
    assert house.facts.sign(said, "ann") == 1
    [fact] = house.facts.find(house.view)
    assert fact.claim.maker is Maker.PERSON


def test_subjects_are_told_with_the_most_facts_first(house: House) -> None:
    house.say("I live in Lyon and I like tea", on(1))
    house.say("Ella hates mushrooms", on(2))
    found = house.facts.subjects(house.view)
    assert [(one.name, one.facts) for one in found] == [("ann", 2), ("Ella", 1)]
    assert found[1].last == on(2)


def test_a_merged_note_draws_nothing_anew(house: House) -> None:
    for day in range(1, 20):
        house.say("I live in Lyon", on(1, day))
    assert house.rows() == 1
    [fact] = house.facts.find(house.view)
    assert fact.said == on(1, 19)


def test_notes_of_an_earlier_version_are_drawn_later_once(house: House) -> None:
    plain = Record(house.engine)
    plain.add([Note(f"I like tea number {number}", "ann", START, "ann") for number in range(7)])
    plain.add([Note("I live in Lyon", "page", START, "ann", source=Source.UNTRUSTED)])
    assert house.rows() == 0
    assert house.facts.redraw(limit=3) == 3
    assert house.facts.redraw() == 5
    assert house.facts.redraw() == 0
    assert house.rows() == 7
    with house.engine.begin() as connection:
        connection.execute(delete(redrawing))
    assert house.facts.redraw() == 8
    assert house.rows() == 7


SENTENCES = [
    "I live in {place}", "I moved to {place} in May", "I used to live in {place}", "I no longer live in {place}",
    "I lived in {place} until 2020", "I have lived in {place} since 2021", "I like {thing}", "I hate {thing}",
    "I don't like {thing} any more", "I'll buy {thing} on Friday", "I bought {thing}", "My wife Anna lives in {place}",
    "My wife lives in {place}", "We sold the car", "I have a red car", "We renamed the cabin the {place}",
    "if it rains tell me about {thing}", "stop telling me when it rains",
]  # fmt: skip
SAYINGS = st.builds(
    lambda shape, place, thing: shape.format(place=place, thing=thing),
    st.sampled_from(SENTENCES),
    st.sampled_from(["Lyon", "Rome", "Oslo"]),
    st.sampled_from(["tea", "plums"]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SAYINGS, st.integers(0, 2000)), max_size=12), st.integers(0, 2000), SAYINGS)
def test_forgetting_a_note_equals_never_having_added_it(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, int]], day: int, extra: str
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('house')}/hub.sqlite")
    create(engine)
    house = House(engine)
    for text, days in said:
        house.say(text, START + timedelta(days=days))
    before = house.facts.find(house.view, now=START + timedelta(days=3000))
    last = house.say(f"{extra}, as of note x", START + timedelta(days=day))
    house.record.forget(last, "ann")
    assert house.facts.find(house.view, now=START + timedelta(days=3000)) == before
    for fact in before:
        assert house.facts.get(fact.id, house.view) is not None
        assert set(fact.sources) <= {note.note.id for note in house.record.newest(house.view, 100)}
    engine.dispose()


DATES = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
CLAIMS = st.builds(
    Claim, st.sampled_from(Kind), st.sampled_from(["ann", "Ann", "the cabin"]),
    st.sampled_from(["lives_in", "likes", "dislikes", "will", "same_as", "when", "calmed_by"]),
    st.sampled_from(["Lyon", "tea", "the car", "car", "call her", "call Anna", ""]), st.just("…"),
    since=DATES, until=DATES, due=DATES, trigger=st.sampled_from(["", "it rains"]), denied=st.booleans(),
    maker=st.sampled_from(Maker),
)  # fmt: skip


@given(st.lists(st.tuples(CLAIMS, DATES), max_size=15), st.randoms())
def test_claims_give_the_same_facts_whatever_order_they_come_in(
    said: list[tuple[Claim, datetime | None]], order: random.Random
) -> None:
    spoken = [Said(claim, str(seq), seq, 0, at or START) for seq, (claim, at) in enumerate(said)]
    facts = fold(spoken)
    mixed = list(spoken)
    order.shuffle(mixed)
    assert sorted(map(repr, fold(mixed))) == sorted(map(repr, facts))
    for fact in facts:
        assert not fact.claim.denied
        since, until = fact.claim.since, fact.claim.until
        assert since is None or until is None or since <= until


def test_who_says_later_when_they_moved_lived_elsewhere_before(house: House) -> None:
    house.say("I live in Lyon", on(11, 21))
    house.say("I moved to Nice in May", on(11, 22))
    assert house.values("ann", "lives_in", on(12)) == ["Nice"]
    assert house.values("ann", "lives_in", on(6)) == ["Nice"]
    assert house.values("ann", "lives_in", on(4)) == ["Lyon"]
    assert [fact.claim.value for fact in house.history("ann", "lives_in")] == ["Lyon", "Nice"]


def test_a_promise_is_kept_by_a_deed_of_another_name(house: House) -> None:
    house.say("I'll fix the gate by Friday", on(3))
    house.say("I promised to return the drill to Nils", on(3))
    assert len(house.facts.commitments(house.view, now=on(3, 2))) == 2
    house.say("Done: I fixed the gate", on(3, 3))
    house.say("I gave the drill back to Nils", on(3, 3))
    assert house.facts.commitments(house.view, now=on(3, 4)) == []


def test_what_ended_is_not_counted(house: House) -> None:
    house.say("Bob lives in Rome", on(3))
    house.say("Bob lives in Oslo", on(4))
    assert [(one.name, one.facts) for one in house.facts.subjects(house.view)] == [("Bob", 1)]

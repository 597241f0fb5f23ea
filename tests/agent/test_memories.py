"""Memory asked in plain words: what is so, now and then; why; put right; forgotten; told only to whom it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from agent.memory.forgetting import Exact
from agent.memory.memories import Memories
from interface.recollection import past_periods
from memory.memory import Memory
from memory.note import Note, Scope
from memory.record.tables import create
from memory.vectors.plain import PlainIndex
from memory.vectors.spelling import encode
from services.record import thing_row
from services.tool import Call, Caller, Done, Failed, Outcome, Tool

NOW = datetime(2026, 5, 4, 9, tzinfo=ZoneInfo("Europe/Paris"))


class Household:
    """A memory with its tools, and what the dialogue told last."""

    def __init__(self, engine: sa.Engine) -> None:
        create(engine)
        self.memory = Memory(engine, encode, PlainIndex(), periods=past_periods)
        self.last: Sequence[Mapping[str, Any]] = ()
        self.tools = Memories(self.memory, lambda _caller: self.last)
        self.box = Exact(self.tools, self.tools.forgetful)

    def say(self, text: str, days_ago: float = 0, who: str = "ann", room: str = "home") -> Note:
        when = NOW - timedelta(days=days_ago)
        scope = Scope.PRIVATE if room == "home" else Scope.ROOM
        return self.memory.remember(Note(text, who, when, who, room, scope=scope))

    async def call(self, tool: str, text: str = "", who: str = "ann", room: str = "home", **more: Any) -> Outcome:
        name = next(iter(next(one for one in await self.box.tools() if one.name == tool).schema["properties"]))
        caller = Caller(who, room, "Europe/Paris", NOW)
        outcome = await self.box.call(Call(tool, {name: text} if text else {}, caller, **more))
        if isinstance(outcome, Done) and outcome.touched:
            self.last = [thing_row(thing) for thing in outcome.touched]
        return outcome

    async def told(self, tool: str, text: str = "", **more: Any) -> str:
        outcome = await self.call(tool, text, **more)
        assert isinstance(outcome, Done), outcome
        return outcome.text


@pytest.fixture
def house(engine: sa.Engine) -> Household:
    return Household(engine)


# What is so


async def test_a_question_is_answered_with_the_fact_in_one_sentence(house: Household) -> None:
    house.say("I live in Lyon", 10)
    outcome = await house.call("memory_recall", "where do I live?")
    assert isinstance(outcome, Done)
    assert outcome.text == "You live in Lyon."
    [fact] = outcome.data["facts"]
    assert fact["relation"] == "lives_in"
    assert len(fact["sources"]) == 1


async def test_what_changed_is_told_as_it_is_now_and_as_it_was(house: Household) -> None:
    house.say("I live in Paris", 300)
    house.say("we've moved to Lyon", 2)
    assert await house.told("memory_recall", "where do I live?") == "You live in Lyon, since 2 May 2026."
    assert "Paris" in await house.told("memory_recall", "where did I live in April?")
    assert "Paris" in await house.told("memory_recall", "where did I live before?")


@pytest.mark.parametrize(
    ("said", "asked", "answer"),
    [
        ("my sister's name is Ana", "what's my sister called?", "Your sister is Ana."),
        ("my shoe size is 42", "what size shoes do I wear?", "Your shoe size is 42."),
        ("Bob is vegetarian", "is Bob vegetarian?", "Yes: Bob is vegetarian."),
        ("I can't stand mushrooms", "do I like mushrooms?", "You do not like mushrooms."),
        ("Kira lives in Oslo", "do you know where Kira lives?", "Kira lives in Oslo."),
        ("my dentist is Dr Abel", "can you tell me who my dentist is?", "Your dentist is Dr Abel."),
    ],
)
async def test_the_same_thing_may_be_asked_in_other_words(house: Household, said: str, asked: str, answer: str) -> None:
    house.say(said, 3)
    assert await house.told("memory_recall", asked) == answer


@pytest.mark.parametrize("asked", ["who is my dentist?", "when is Olga's birthday?", "where does Bob live?"])
async def test_what_was_never_told_is_said_to_be_so(house: Household, asked: str) -> None:
    house.say("my sister's name is Ana", 3)
    house.say("Bob is vegetarian", 3)
    house.say("Olga lives in Oslo", 3)
    assert await house.told("memory_recall", asked) == "I don't know; you have not told me."


async def test_what_is_no_fact_is_told_as_it_was_said_with_its_day(house: Household) -> None:
    house.say("the boiler makes a knocking noise", 1)
    told = await house.told("memory_recall", "what did I say about the boiler?")
    assert told == "You said: “the boiler makes a knocking noise” (yesterday)."


async def test_all_that_is_known_of_somebody_is_told(house: Household) -> None:
    house.say("Bob is vegetarian", 3)
    house.say("Bob works at Oakmont", 2)
    told = await house.told("memory_about", "what do you know about Bob?")
    assert "vegetarian" in told
    assert "Oakmont" in told


async def test_of_oneself_only_what_is_still_so_is_told(house: Household) -> None:
    house.say("I live in Paris", 300)
    house.say("we've moved to Lyon", 2)
    told = await house.told("memory_about", "what do you know about me?")
    assert "Lyon" in told
    assert "Paris" not in told


async def test_open_promises_are_told_and_kept_ones_are_not(house: Household) -> None:
    house.say("I'll call Anna by Friday", 0.1)
    house.say("I'll fix the gate by Saturday", 3)
    house.say("I fixed the gate", 1)
    told = await house.told("memory_promises", "what did I promise?")
    assert told == "You will call Anna (due 8 May 2026)."
    assert "nothing" in await house.told("memory_promises", "what did I promise for next month?")


# Where it comes from


async def test_why_names_the_words_the_speaker_and_the_day(house: Household) -> None:
    house.say("I live in Lyon", 10)
    told = await house.told("memory_why", "how do you know that I live in Lyon?")
    assert told == "You said on 24 April 2026: “I live in Lyon”."


async def test_that_means_what_was_told_last(house: Household) -> None:
    note = house.say("I live in Lyon", 10)
    await house.call("memory_recall", "where do I live?")
    outcome = await house.call("memory_why", "why do you think that?")
    assert isinstance(outcome, Done)
    assert [source["id"] for source in outcome.data["sources"]] == [note.id]


async def test_for_what_nobody_said_no_source_is_made_up(house: Household) -> None:
    assert await house.told("memory_why", "who told you that Bob is vegan?") == "I know of nobody who told me that."


# Putting right


async def test_a_correction_counts_from_now_on_and_can_be_undone(house: Household) -> None:
    house.say("I live in Paris", 20)
    outcome = await house.call("memory_correct", "that's wrong, I live in Nice")
    assert isinstance(outcome, Done)
    assert outcome.undoable
    assert "Nice" in await house.told("memory_recall", "where do I live?")
    await house.call("memory_undo", outcome.data["note"])
    assert "Paris" in await house.told("memory_recall", "where do I live?")


async def test_a_correction_that_does_not_say_what_is_true_is_asked_for_it(house: Household) -> None:
    assert isinstance(await house.call("memory_correct", "that's wrong"), Failed)


# Forgetting


async def test_before_forgetting_it_is_said_how_many_notes_and_which(house: Household) -> None:
    house.say("my shoe size is 42", 5)
    told = await house.told("memory_forget", "forget my shoe size", preview=True)
    assert told == "I would forget 1 note: “my shoe size is 42”."
    assert "42" in await house.told("memory_recall", "what is my shoe size?")


@pytest.mark.parametrize(
    ("asked", "gone", "left"),
    [
        ("forget that I like tea", "I like tea", "Bob is vegetarian"),
        ("forget everything about Bob", "Bob is vegetarian", "I like tea"),
        ("forget all you know about Bob", "Bob is vegetarian", "I like tea"),
        ("forget what I said yesterday", "the boiler knocks", "I like tea"),
        ("please forget the boiler", "the boiler knocks", "Bob is vegetarian"),
    ],
)
async def test_what_is_meant_is_forgotten_and_nothing_else(house: Household, asked: str, gone: str, left: str) -> None:
    house.say("I like tea", 30)
    house.say("Bob is vegetarian", 20)
    house.say("the boiler knocks", 1)
    assert "1 note" in await house.told("memory_forget", asked)
    texts = [note.text for note in house.memory.recent("ann")]
    assert gone not in texts
    assert left in texts


async def test_forget_that_takes_what_was_told_last(house: Household) -> None:
    house.say("I live in Lyon", 10)
    house.say("I like tea", 10)
    await house.call("memory_recall", "where do I live?")
    await house.call("memory_forget", "forget that")
    assert [note.text for note in house.memory.recent("ann")] == ["I like tea"]


@pytest.mark.parametrize("asked", ["forget", "forget everything", "forget that", "forget me", "forget the moon"])
async def test_nothing_definite_is_nothing_forgotten(house: Household, asked: str) -> None:
    house.say("I like tea", 10)
    assert isinstance(await house.call("memory_forget", asked), Failed)
    assert len(house.memory.recent("ann")) == 1


async def test_the_call_that_waits_for_a_yes_names_notes_and_no_words(house: Household) -> None:
    note = house.say("my shoe size is 42", 5)
    caller = Caller("ann", "home", "Europe/Paris", NOW)
    exact = house.tools.forgetful.exactly(Call("memory_forget", {"what": "forget my shoe size"}, caller))
    assert isinstance(exact, Call)
    assert exact.arguments == {"what": f"notes: {note.id}"}


# Whom it is told


async def test_in_a_shared_room_nothing_private_is_told(house: Household) -> None:
    house.say("I live in Lyon", 10)
    house.say("Bob is vegetarian", 10)
    for tool, asked in (
        ("memory_recall", "where do I live?"),
        ("memory_about", "what do you know about Bob?"),
        ("memory_why", "how do you know that I live in Lyon?"),
    ):
        told = await house.told(tool, asked, room="kitchen")
        assert "Lyon" not in told
        assert "vegetarian" not in told


async def test_another_member_is_told_nothing_of_it(house: Household) -> None:
    house.say("I live in Lyon", 10)
    assert "Lyon" not in await house.told("memory_recall", "where does Ann live?", who="bob")
    assert isinstance(await house.call("memory_forget", "forget that I live in Lyon", who="bob"), Failed)


async def test_what_was_said_in_a_room_is_told_there_with_who_said_it(house: Household) -> None:
    house.say("the boiler makes a knocking noise", 1, who="bob", room="kitchen")
    told = await house.told("memory_recall", "what did Bob say about the boiler?", room="kitchen")
    assert told == "bob said: “the boiler makes a knocking noise” (yesterday)."


@pytest.mark.parametrize("tool", [f"memory_{name}" for name in ("remember", "recall", "about", "correct", "forget")])
async def test_a_call_without_its_text_is_refused(house: Household, tool: str) -> None:
    assert isinstance(await house.call(tool), Failed)


async def test_a_question_for_a_time_alone_is_answered_with_what_was_said_then(house: Household) -> None:
    house.say("the fridge hums", days_ago=4)
    house.say("the hedge is dry", days_ago=1)
    told = await house.told("memory_recall", "what did I say on Thursday?")
    assert "fridge" in told
    assert "hedge" not in told
    assert await house.told("memory_recall", "what did I say last year?") == "I don't know; you have not told me."


async def test_what_was_said_on_a_day_is_forgotten(house: Household) -> None:
    house.say("the fridge hums", days_ago=4)
    house.say("the hedge is dry", days_ago=1)
    outcome = await house.call("memory_forget", "forget what I said on Thursday", preview=True)
    assert isinstance(outcome, Done)
    assert [note["text"] for note in outcome.data["notes"]] == ["the fridge hums"]


async def test_a_request_to_forget_what_is_not_there_goes_no_further(house: Household) -> None:
    outcome = await house.call("memory_forget", "forget that Flurbo is green")
    assert isinstance(outcome, Failed)
    exact = Exact(Refusing(), house.tools.forgetful)
    caller = Caller("ann", "home", "Europe/Paris", NOW)
    assert await exact.call(Call("memory_forget", {"what": "forget that Flurbo is green"}, caller)) == outcome


class Refusing:
    """A toolbox that nothing may reach."""

    async def tools(self) -> Sequence[Tool]:
        return ()

    async def call(self, call: Call) -> Outcome:
        raise AssertionError(call)


async def test_before_a_move_that_was_told_later_one_lived_where_one_did_as_far_as_is_known(house: Household) -> None:
    house.say("I live in Lyon", 10)
    house.say("I have lived in Nice for a month", 1)
    outcome = await house.call("memory_recall", "where did I live two months ago?")
    assert isinstance(outcome, Done)
    assert outcome.text.startswith("As far as I know, you lived in Lyon")


async def test_any_words_for_a_car_answer_for_the_car(house: Household) -> None:
    house.say("I drive a Fiat", 30)
    house.say("we've got a new car, a Kia", 3)
    outcome = await house.call("memory_recall", "what car do I drive?")
    assert isinstance(outcome, Done)
    assert "Kia" in outcome.text
    assert "Fiat" not in outcome.text

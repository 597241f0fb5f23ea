"""What fixed rules draw from plain statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.facts.claim import Kind
from memory.facts.drawing import draw
from memory.note import Note, Scope, Source

NOW = datetime(2026, 6, 17, 10, tzinfo=timezone(timedelta(hours=2)))  # a Wednesday


def drawn(text: str, who: str = "ann", **fields: object) -> list[tuple[str, str, str]]:
    note = Note(text, who, NOW, "ann", **fields)  # type: ignore[arg-type]  # fields of the note by their names
    found = draw(note, members=frozenset({"ann", "bob"}))
    return [(claim.subject, ("not " if claim.denied else "") + claim.relation, claim.value) for claim in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I live in Lyon.", [("ann", "lives_in", "Lyon")]),
        ("i live in lyon", [("ann", "lives_in", "lyon")]),
        ("By the way, I've just moved to Lyon.", [("ann", "lives_in", "Lyon")]),
        ("We live in a small house.", [("we", "home", "a small house")]),
        ("I work as a nurse at St. Mary's.", [("ann", "job", "nurse"), ("ann", "works_at", "St Mary's")]),
        ("I'm a software developer.", [("ann", "job", "software developer")]),
        ("I study physics at Leiden", [("ann", "studies", "physics"), ("ann", "studies_at", "Leiden")]),
        ("I joined Acme last week", [("ann", "works_at", "Acme")]),
        ("my birthday is on 3 May", [("ann", "birthday", "3 May")]),
        ("I was born in Rome on 3 May 1985.", [("ann", "born_in", "Rome"), ("ann", "birthday", "3 May 1985")]),
        ("I'm 34 years old", [("ann", "age", "34")]),
        ("My blood type is A positive", [("ann", "blood_type", "A positive")]),
        ("my shoe size is 42", [("ann", "shoe_size", "42")]),
        ("My favorite color is green", [("ann", "favourite_colour", "green")]),
        ("Green is my favourite colour.", [("ann", "favourite_colour", "Green")]),
        ("I love tea, coffee and cake.", [("ann", "likes", each) for each in ("tea", "coffee", "cake")]),
        ("I can't stand coriander!", [("ann", "dislikes", "coriander")]),
        ("I don't like olives", [("ann", "dislikes", "olives")]),
        ("I'm not a fan of jazz", [("ann", "dislikes", "jazz")]),
        ("I prefer trains to planes", [("ann", "prefers", "trains")]),
        ("I take my coffee black", [("ann", "takes_coffee", "black")]),
        ("I'm allergic to peanuts and bees", [("ann", "allergic_to", "peanuts"), ("ann", "allergic_to", "bees")]),
        ("I've got a peanut allergy", [("ann", "allergic_to", "peanut")]),
        ("I'm vegetarian now.", [("ann", "diet", "vegetarian")]),
        ("I don't eat pork", [("ann", "avoids", "eat pork")]),
        ("I'm left-handed.", [("ann", "health", "left-handed")]),
        ("We have two kids", [("we", "children", "two kids")]),
        ("I have a dog called Rex", [("ann", "dog", "Rex")]),
        ("We have a red Volvo", [("we", "owns", "a red Volvo")]),
        ("I play the piano and tennis", [("ann", "plays", "piano"), ("ann", "plays", "tennis")]),
        ("I speak French and a little Dutch", [("ann", "speaks", "French"), ("ann", "speaks", "Dutch")]),
        ("I go swimming every Tuesday", [("ann", "habit", "go swimming every Tuesday")]),
        ("I get up at six.", [("ann", "gets_up", "at six")]),
        ("I parked on level 3", [("ann", "parked", "on level 3")]),
        ("my phone number is 555 0199", [("ann", "phone", "555 0199")]),
        ("Our wifi network is Heron.", [("we", "wifi_network", "Heron")]),
    ],
)
def test_what_people_say_of_themselves_is_drawn(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert drawn(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My wife Anna likes tulips.", [("ann", "partner", "Anna"), ("Anna", "likes", "tulips")]),
        ("My sister is called Eva", [("ann", "sister", "Eva")]),
        ("My sister lives in Rome", [("ann's sister", "lives_in", "Rome")]),
        ("Dad's birthday is 12 March", [("ann's dad", "birthday", "12 March")]),
        ("Tom is my boss", [("ann", "boss", "Tom")]),
        ("Leo is our dog.", [("we", "dog", "Leo")]),
        ("The dog's name is Biscuit.", [("we", "dog", "Biscuit")]),
        ("Tom's wife is called Ines", [("Tom", "partner", "Ines")]),
        ("Ella hates mushrooms", [("Ella", "dislikes", "mushrooms")]),
        ("Ella's birthday is the 4th of July", [("Ella", "birthday", "the 4th of July")]),
        ("Eva lives in Rome and she works at Fiat.", [("Eva", "lives_in", "Rome"), ("Eva", "works_at", "Fiat")]),
        ("the spare key is under the blue pot", [("spare key", "located_at", "under the blue pot")]),
        ("We keep the passports in the top drawer", [("passports", "located_at", "in the top drawer")]),
        ("The bins go out on Thursday", [("bins", "happens", "on Thursday")]),
        ("dinner is at seven", [("dinner", "happens", "at seven")]),
        ("The library is closed on Mondays", [("library", "closed", "on Mondays")]),
        ("We renamed the cabin the Nest", [("cabin", "same_as", "the Nest")]),
        ("call the green room the studio", [("green room", "same_as", "the studio")]),
        ("Sam goes by Samuel", [("Sam", "same_as", "Samuel")]),
        ("My name is now Robin", [("ann", "name", "Robin"), ("ann", "same_as", "Robin")]),
    ],
)
def test_what_people_say_of_others_and_of_things_is_drawn(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert drawn(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I no longer like coffee", [("ann", "not likes", "coffee")]),
        ("I don't like tea any more", [("ann", "not likes", "tea")]),
        ("I don't work at Siemens any more", [("ann", "not works_at", "Siemens")]),
        ("I quit my job at Acme", [("ann", "not works_at", "Acme")]),
        ("Carl isn't vegetarian now", [("Carl", "not diet", "vegetarian")]),
        ("I'm not allergic to cats", [("ann", "not allergic_to", "cats")]),
        ("We don't have a car", [("we", "not owns", "a car"), ("ann", "not owns", "a car")]),
        ("Anna and I split up.", [("ann", "not partner", "")]),
    ],
)
def test_what_is_no_longer_so_is_drawn_as_denied(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = [claim for claim in drawn(text) if claim[:2] != ("we", "not partner")]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "Where do I live?",
        "what's my blood type",
        "Add milk to the list",
        "turn on the light in the kitchen",
        "I'd like a coffee",
        "I want pizza",
        "I need to find a hotel in London",
        "I need to book a flight for Friday",
        "Maybe I live in Lyon",
        "I think Carl lives in Oslo",
        "If I lived in Rome I would be happy",
        "He said that he lives in Oslo",
        "She told me “I live in Oslo”",
        "I wish I had a dog",
        "I'm tired",
        "I'm in the kitchen",
        "I have a meeting at three",
        "I have a question",
        "I love it",
        "I love you",
        "I like that idea",
        "I loved the film",
        "It's raining",
        "Good morning",
        "I'll think about it",
        "I'll be late",
        "I'll have the soup",
        "remind me to call Anna on Friday",
        "tell me when the shop opens",
        "could you say that once again please",
        "my back is killing me",
        "My day was great",
        "The milk is on sale",
        "Everything is in the car",
        "My password is heron-42",
        "The wifi password is heron-42",
        "the code of the gate is 4711, I live in fear",
        "> I live in Lyon",
        "lol I am a potato",
    ],
)
def test_what_states_nothing_makes_no_claim(text: str) -> None:
    assert drawn(text) == []


@pytest.mark.parametrize("source", [Source.AGENT, Source.UNTRUSTED, Source.SYSTEM])
def test_foreign_text_makes_no_claim(source: Source) -> None:
    assert drawn("I live in Lyon. My wife Anna likes tulips.", source=source) == []


@pytest.mark.parametrize("text", ["Bob is vegetarian", "Bob's birthday is 3 May", "Bob will bring the drill on Sunday"])
def test_words_about_another_member_are_no_facts_about_them(text: str) -> None:
    assert drawn(text) == []
    assert drawn(text, scope=Scope.HOUSEHOLD, asked=True) == []


def test_what_is_asked_to_be_remembered_of_another_member_stays_with_who_asked() -> None:
    assert drawn("Bob is vegetarian", asked=True) == [("Bob", "diet", "vegetarian")]


def test_somebody_elses_words_are_about_themselves() -> None:
    assert drawn("I live in Oslo", who="Carl") == [("Carl", "lives_in", "Oslo")]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("I moved to Lyon in May", "2026-05-01", None),
        ("I moved to Lyon in August", "2025-08-01", None),
        ("In May I moved to Lyon", "2026-05-01", None),
        ("I have lived in Lyon since 2019", "2019-01-01", None),
        ("I've been living in Lyon for two years", "2024-06-01", None),
        ("I moved to Lyon last week", "2026-06-08", None),
        ("I moved to Lyon two weeks ago", "2026-06-03", None),
        ("I moved to Lyon on 2026-02-03", "2026-02-03", None),
        ("I moved to Lyon on Monday", "2026-06-15", None),
        ("Yesterday I moved to Lyon", "2026-06-16", None),
        ("I used to live in Lyon", None, "2026-06-17"),
        ("I lived in Lyon until 2019", None, "2019-01-01"),
        ("I lived in Lyon from 2010 to 2015", "2010-01-01", "2016-01-01"),
        ("I live in Lyon until September", None, "2026-09-01"),
    ],
)
def test_dates_say_from_when_and_until_when(text: str, since: str | None, until: str | None) -> None:
    [claim] = draw(Note(text, "ann", NOW, "ann"))
    assert (claim.subject, claim.relation, claim.value) == ("ann", "lives_in", "Lyon")
    assert (claim.since and claim.since.date().isoformat()) == since
    if until != "2026-09-01":
        assert (claim.until and claim.until.date().isoformat()) == until
    for date in (claim.since, claim.until):
        assert date is None or date.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "value", "due"),
    [
        ("I'll call her on Friday", "call her", "2026-06-19T23:59"),
        ("I promised to bring the cake on Saturday", "bring the cake", "2026-06-20T23:59"),
        ("I told Anna I'd fix the bike this weekend", "fix the bike", "2026-06-21T23:59"),
        ("I have to submit the tax return by Friday", "submit the tax return", "2026-06-19T23:59"),
        ("We need to renew the passports before July", "renew the passports", "2026-06-30T23:59"),
        ("I'll pick up Mia tomorrow at 5", "pick up Mia", "2026-06-18T17:00"),
        ("I'll return the ladder", "return the ladder", None),
    ],
)
def test_promises_are_commitments_with_their_day(text: str, value: str, due: str | None) -> None:
    [claim] = draw(Note(text, "ann", NOW, "ann"))
    assert (claim.kind, claim.subject, claim.value) == (Kind.COMMITMENT, "ann", value)
    assert (claim.due and claim.due.isoformat()[:16]) == due


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("I called Anna", "call Anna"),
        ("I've paid the rent.", "pay the rent"),
        ("I'm done with the taxes", "the taxes"),
        ("The fence is painted", "paint fence"),
        ("I won't be able to call her", "call her"),
        ("Forget about painting the fence", "paint the fence"),
    ],
)
def test_deeds_close_commitments(text: str, deed: str) -> None:
    [claim] = draw(Note(text, "ann", NOW, "ann"))
    assert (claim.kind, claim.denied, claim.value) == (Kind.COMMITMENT, True, deed)


@pytest.mark.parametrize(
    ("text", "trigger", "value"),
    [
        ("if it rains tell me", "it rains", "tell me"),
        ("Let me know when the parcel arrives", "the parcel arrives", "Let me know"),
        ("whenever Bob comes home, turn on the hall light", "Bob comes home", "turn on the hall light"),
        ("Warn me if the temperature drops below 5", "the temperature drops below 5", "Warn me"),
        ("As soon as the taxi is here, tell me", "the taxi is here", "tell me"),
    ],
)
def test_what_is_wanted_when_something_happens_is_a_condition(text: str, trigger: str, value: str) -> None:
    [claim] = draw(Note(text, "ann", NOW, "ann"))
    assert (claim.kind, claim.trigger, claim.value) == (Kind.CONDITION, trigger, value)


def test_a_larger_reading_of_dates_can_be_lent() -> None:
    start = NOW - timedelta(days=100)
    [claim] = draw(Note("I moved to Lyon around Candlemas", "ann", NOW, "ann"), lambda said, now: [(start, NOW)])
    assert claim.value.startswith("Lyon")


WORDS = st.sampled_from(
    "I we my the Anna Bob's is are live lives in at on Lyon since until May 3rd 2019 will not no longer used to like "
    'love and , . ? ! " '
    "if when tell me every Monday favourite colour car sold called name ' - 0 é 日本 \n have a dog".split(" ")
)


@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=300), st.datetimes())
def test_no_text_at_no_time_breaks_the_drawing(text: str, when: datetime) -> None:
    for claim in draw(Note(text, "ann", when.replace(tzinfo=UTC), "ann")):
        assert claim.subject
        assert claim.text
        assert claim.relation

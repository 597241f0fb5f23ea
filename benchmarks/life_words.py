"""The words of the long lives in `benchmarks/lives.py`: what is lived through, told and asked, each in several ways.

Of every list of phrasings the last third is held out (see there). Not one is taken from the tests of the grammar.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One thing that can be so of somebody."""

    name: str
    values: tuple[str, ...]
    times: tuple[int, ...]
    """How often it is told in one life: one of these."""
    said: tuple[str, ...]
    asked: tuple[str, ...]
    then: tuple[str, ...] = ()
    """Asked of a month in the past."""


def _of(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


CITIES = "Aarhus|Bergen|Cadiz|Dresden|Evora|Florence|Galway|Haarlem|Innsbruck|Jena|Krakow|Leiden|Malmo|Namur|Oulu|Porto"
FIRMS = "Novalux|Brightwater|Kestrel Labs|Oakmont|Pinefield|Quarry Street Press|Redwood Foods|Stellar Optics|Tidewater"

FACTS = (
    Theme(
        "home",
        _of(CITIES),
        (1, 2, 3),
        (
            "we've moved to {x}",
            "I live in {x} now",
            "I moved to {x} last weekend",
            "we are living in {x} these days",
            "home is now {x}",
            "as of this week I'm a resident of {x}",
            "we have finally settled in {x}",
        ),
        (
            "where do I live?",
            "which city do I live in?",
            "where am I living?",
            "where's my home now?",
            "what town do I live in?",
        ),
        ("where did I live in {month}?", "in {month}, where did I live?", "where was I living in {month}?"),
    ),
    Theme(
        "work",
        _of(FIRMS),
        (1, 2, 3),
        (
            "I work for {x} now",
            "I started working at {x} today",
            "new job! I'm at {x} from now on",
            "I've joined {x}",
            "my employer is {x} now",
            "{x} hired me, first day today",
            "I got a position with {x}",
        ),
        (
            "where do I work?",
            "who do I work for?",
            "what company do I work for?",
            "who is my employer?",
            "where's my job?",
        ),
        ("where did I work in {month}?", "who did I work for in {month}?", "which company was I with in {month}?"),
    ),
    Theme(
        "car",
        _of("Skoda|Fiat|Volvo|Renault|Toyota|Peugeot|Mazda|Kia|Honda|Seat"),
        (0, 1, 2),
        (
            "I drive a {x} now",
            "I bought a {x}",
            "my car is a {x}",
            "we've got a new car, a {x}",
            "the new car is a {x}",
            "picked up my {x} from the dealer",
        ),
        ("what car do I drive?", "which car do I have?", "what is my car?", "what make is my car?"),
        ("what car did I drive in {month}?",),
    ),
    Theme(
        "dentist",
        _of("Dr Abel|Dr Brandt|Dr Castell|Dr Dorn|Dr Ekman|Dr Falk|Dr Gruber|Dr Holm|Dr Imhof"),
        (0, 1, 2),
        (
            "my dentist is {x}",
            "my new dentist is called {x}",
            "my dentist's name is {x}",
            "{x} is my dentist now",
            "for my teeth I see {x}",
        ),
        (
            "who is my dentist?",
            "what's my dentist called?",
            "what is the name of my dentist?",
            "which dentist do I see?",
        ),
        ("who was my dentist in {month}?",),
    ),
    Theme(
        "shoes",
        _of("36|37|38|39|40|41|42|43|44|45"),
        (0, 1),
        ("my shoe size is {x}", "I wear size {x} shoes", "I take a {x} in shoes"),
        ("what's my shoe size?", "what size shoes do I wear?", "which shoe size do I have?"),
    ),
    Theme(
        "allergy",
        _of("peanuts|shellfish|penicillin|kiwis|cats|pollen|strawberries|latex|soy"),
        (0, 1),
        (
            "I'm allergic to {x}",
            "I have an allergy to {x}",
            "turns out I'm allergic to {x}",
            "the test says I react to {x}",
        ),
        (
            "what am I allergic to?",
            "do you know what I'm allergic to?",
            "what allergy do I have?",
            "which allergies do I have?",
        ),
    ),
    Theme(
        "colour",
        _of("teal|crimson|ochre|indigo|olive|turquoise|maroon|lilac|amber|ivory"),
        (0, 1, 2),
        ("my favourite colour is {x}", "{x} is my favourite colour now", "I love {x} more than any colour"),
        ("what's my favourite colour?", "which colour is my favourite?", "what colour do I like most?"),
    ),
    Theme(
        "sister",
        _of("Alba|Birte|Carla|Dunja|Elke|Frida|Greta|Hanne|Ilse"),
        (0, 1),
        (
            "my sister's name is {x}",
            "my sister is called {x}",
            "I have a sister, {x}",
            "{x} is my sister",
            "my sister {x} came by",
        ),
        ("what's my sister's name?", "what is my sister called?", "who is my sister?", "how is my sister called?"),
    ),
    Theme(
        "cat",
        _of("Mochi|Biscuit|Pepper|Ziggy|Waffle|Pixel|Truffle|Sushi|Noodle"),
        (0, 1),
        ("our cat is called {x}", "my cat's name is {x}", "we named the cat {x}", "the cat goes by {x}"),
        ("what's my cat called?", "what is the name of my cat?", "what's our cat's name?", "how do we call the cat?"),
    ),
    Theme(
        "wifi",
        _of("heron-net|otterlink|bluebarn|foxden|larkspur|mossycreek|pebblewave|sparrowhub|thistlecom"),
        (0, 1, 2),
        ("our wifi is called {x}", "the wifi name is {x}", "I renamed the wifi to {x}", "the wifi is {x} from now on"),
        ("what's our wifi called?", "what is the wifi called?", "what is the name of the wifi?", "which wifi is ours?"),
        ("what was the wifi called in {month}?",),
    ),
    Theme(
        "blood",
        _of("A positive|B positive|AB negative|O negative|A negative|O positive"),
        (0, 1),
        ("my blood type is {x}", "I have blood type {x}", "I'm {x}, says the blood test"),
        ("what's my blood type?", "which blood type do I have?", "do you know my blood type?"),
    ),
)
OTHERS = (
    Theme(
        "birthday",
        _of("3 May|14 June|27 August|9 October|21 January|30 March|11 November|18 July|5 December|24 February"),
        (1,),
        (
            "{who}'s birthday is on {x}",
            "{who} was born on {x}",
            "{who}'s birthday: {x}",
            "{who} has her birthday on {x}",
        ),
        (
            "when is {who}'s birthday?",
            "what day is {who}'s birthday?",
            "when was {who} born?",
            "when does {who} have her birthday?",
        ),
    ),
    Theme(
        "their home",
        _of(CITIES),
        (1,),
        ("{who} lives in {x}", "{who} has moved to {x}", "{who} is living in {x} now", "{who}'s place is in {x} now"),
        (
            "where does {who} live?",
            "which city does {who} live in?",
            "do you know where {who} lives?",
            "where's {who}'s home?",
        ),
    ),
    Theme(
        "their job",
        _of("nurse|baker|pilot|plumber|lawyer|florist|welder|librarian|chemist|tailor"),
        (1,),
        ("{who} is a {x}", "{who} works as a {x}", "{who} has become a {x}", "{who} earns a living as a {x}"),
        (
            "what does {who} do for a living?",
            "what is {who}'s job?",
            "what does {who} do?",
            "what's {who}'s profession?",
        ),
    ),
    Theme(
        "their taste",
        _of("liquorice|anchovies|coriander|rhubarb|olives|beetroot|marzipan|mushrooms|aubergines|fennel"),
        (1,),
        ("{who} hates {x}", "{who} can't stand {x}", "{who} doesn't like {x}", "{who} never touches {x}"),
        (
            "what does {who} hate?",
            "what does {who} not like?",
            "what doesn't {who} like?",
            "what should I not cook for {who}?",
        ),
    ),
    Theme(
        "their dog",
        _of("Rufus|Bella|Odin|Nala|Bruno|Daisy|Rocky|Luna|Otto"),
        (1,),
        (
            "{who} has a dog called {x}",
            "{who}'s dog is called {x}",
            "the name of {who}'s dog is {x}",
            "{x} is {who}'s dog",
        ),
        ("what's {who}'s dog called?", "what is the name of {who}'s dog?", "how is {who}'s dog called?"),
    ),
)
PROMISED = (
    "I'll {deed} by {day}",
    "I promised to {deed} by {day}",
    "I have to {deed} before {day}",
    "I said I would {deed} on {day}",
    "I'm going to {deed} on {day}",
    "I will {deed} by {day}, promised",
)
DONE = ("I {did}", "I've {did}", "done: I {did}")
DEEDS = (
    ("fix the gate", "fixed the gate"),
    ("return the drill to Nils", "returned the drill to Nils"),
    ("clean the gutters", "cleaned the gutters"),
    ("call the landlord", "called the landlord"),
    ("order the firewood", "ordered the firewood"),
    ("paint the fence", "painted the fence"),
    ("repair the bike", "repaired the bike"),
    ("mail the parcel", "mailed the parcel"),
)
SAID = (
    (
        "boiler",
        ("the {thing} makes a knocking noise", "the {thing} was serviced last spring", "the {thing} costs too much"),
    ),
    ("attic", ("the {thing} needs better insulation", "there are bats in the {thing}", "the {thing} could be a study")),
    (
        "fridge",
        ("the {thing} leaks at the bottom", "I set the {thing} to four degrees", "the {thing} is too small for us"),
    ),
    ("balcony", ("the {thing} gets sun until six", "tomatoes would do well on the {thing}", "the {thing} door sticks")),
    ("piano", ("the {thing} is out of tune", "I would sell the {thing}", "the {thing} tuner comes twice a year")),
)
CHAT = (
    "what a long day", "good morning", "it took {n} minutes to find a parking space", "the soup was too salty",
    "I slept badly", "thanks, that helps", "ha, that was a good one", "the bus was {n} minutes late again",
    "I watched {n} minutes of that film and fell asleep", "it's raining cats and dogs", "I'm so tired today",
    "the neighbours had a party until two", "I ate way too much", "we walked for {n} minutes by the river",
    "work was slow today", "there was a queue of {n} people at the bakery", "I should drink more water",
    "the garden looks nice after the rain", "that meeting could have been an email", "I lost {n} to one at chess",
    "set a timer for {n} minutes", "what's the weather tomorrow?", "add milk to the shopping list", "play some music",
    "remind me in {n} minutes to check the oven", "turn the heating up", "how are you?", "never mind",
    "the train was full", "dinner was lovely", "I can't believe it is only Tuesday", "nothing much happened today",
    "I read {n} pages before bed", "the kids were loud", "that film was boring", "my back hurts a little",
)  # fmt: skip

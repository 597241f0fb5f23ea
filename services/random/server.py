"""Chance: numbers, dice, coins, lots, shuffling, teams and unique ids, all from the `secrets` module.

Everything is a read: nothing is kept, so there is nothing to undo, and asking again gives something new. Passwords are
another service's.
"""

from __future__ import annotations

import re
import secrets
import uuid
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service
from services.kit.speech import one_line, spoken
from services.random.dice import COUNTS, throw

service = Service(__file__)

LARGEST = 10**15
MOST_NUMBERS = 1_000
SEVERAL = re.compile(rf"\b(\d{{1,6}}|{'|'.join(COUNTS)})\s+(?:[a-z]+\s+){{0,2}}numbers\b", re.IGNORECASE)
WHOLE = re.compile(r"(?<![\d.])-?\d{1,30}(?![\d.]*\.\d)")
Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=1_000)]
LED = re.compile(
    r"^(?:between|one of|either|from|out of|(?:teams|groups|pairs) (?:of|from|out of))\s+|^[^:]{1,60}:\s+",
    re.IGNORECASE,
)
"""What requests say before the first name."""
TRAILED = re.compile(
    r"(?:\s+(?:in)?to)?(?:\s+\w+)?\s+(?:teams|groups|sides|pairs)$|\s+in (?:a )?random order$|\s+for (?:me|us)$",
    re.IGNORECASE,
)
"""And after the last."""
ASKED = re.compile(r"(?:who |which (?:one )?)?(?:should|shall|will|must|gets to|has to) ", re.IGNORECASE)
"""The question itself, which is none of the names: "who should wash up, Anna or Ben"."""
chance = secrets.SystemRandom()


@service.tool(
    "read",
    examples=[
        "pick a random number between 1 and 50",
        "give me a random number",
        "a number from 10 to 99 please",
        "draw six different numbers from 1 to 49",
        "think of a number between 0 and 9",
        "random number up to 1000",
        "choose three lottery numbers between 1 and 45",
        "any number below 20",
    ],
)
def number(
    ctx: Context,
    bounds: Annotated[
        str,
        Field(
            description="From which number to which, and how many if several: 1 to 50, 6 numbers from 1 to 49",
            max_length=100,
            json_schema_extra={"x-fill": "rest"},
        ),
    ] = "1 to 100",
) -> Reply:
    """Draw a random whole number between two bounds, or several different ones."""
    several = SEVERAL.search(bounds)
    count = COUNTS.get(several[1].lower()) or int(several[1]) if several else 1
    low, high = bounds_of(bounds[several.end() :] if several else bounds)
    if not 1 <= count <= MOST_NUMBERS:
        raise Refusal(f"I draw 1 to {MOST_NUMBERS:,} numbers at once.")
    if count > high - low + 1:
        raise Refusal(f"There are only {high - low + 1} numbers from {low} to {high}.")
    drawn = chance.sample(range(low, high + 1), count)
    return Reply(f"{spoken([str(one) for one in drawn])}.", {"numbers": drawn, "low": low, "high": high})


@service.tool(
    "read",
    examples=[
        "roll a die",
        "roll 2d6+1",
        "throw 3 dice",
        "roll a d20",
        "I need a 1d100",
        "roll 4d6 keep highest 3",
        "throw the dice for me",
        "what do I get with 2d10 minus 3?",
        "roll five dice for Yahtzee",
        "dice please, 3d8",
    ],
)
def dice(
    ctx: Context,
    dice: Annotated[
        str | None,
        Field(
            description="Dice as players write them, such as 2d6+1 or d20",
            max_length=100,
            json_schema_extra={"x-fill": "rest"},
        ),
    ] = None,
    number: Annotated[int, Field(description="How many six-sided dice, if none are written", ge=1, le=100)] = 1,
) -> Reply:
    """Roll dice: one, several, or in the notation of games such as 2d6+1."""
    thrown = throw(dice if dice and dice.strip() else f"{number}d6")
    rolls = [str(roll) for roll in thrown.rolls]
    text = f"{spoken(rolls)}: {thrown.total} in all." if len(rolls) > 1 or rolls[0] != str(thrown.total) else ""
    return Reply(text or f"{rolls[0]}.", {"dice": thrown.notation, "rolls": list(thrown.rolls), "total": thrown.total})


@service.tool(
    "read",
    examples=[
        "flip a coin",
        "heads or tails?",
        "toss a coin for us",
        "flip a coin 5 times",
        "throw a coin",
        "let a coin decide",
        "coin toss please",
        "toss three coins",
    ],
)
def coin(ctx: Context, times: Annotated[int, Field(description="How many times", ge=1, le=1_000)] = 1) -> Reply:
    """Flip a coin, once or several times: heads or tails."""
    sides = [chance.choice(("heads", "tails")) for _ in range(times)]
    heads = sides.count("heads")
    text = f"{sides[0].capitalize()}." if times == 1 else f"{heads} times heads, {times - heads} times tails."
    return Reply(text, {"sides": sides, "heads": heads, "tails": times - heads})


@service.tool(
    "read",
    examples=[
        "pick one of pizza, pasta or salad",
        "choose between tea and coffee for me",
        "who washes up: Anna, Ben or Carla?",
        "decide for us: cinema or bowling",
        "draw a name from Tom, Lea, Jonas and Mia",
        "pick two winners from Ali, Bo, Cy and Di",
        "should we take the bus or the bike? You decide",
        "randomly select one: red, green, blue",
        "make up my mind: stay in or go out",
        "who should begin, Kim or Lou?",
        "draw a winner from Rob, Sue and Tim",
    ],
)
def choose(
    ctx: Context,
    options: Annotated[Names, Field(description="What to choose from")],
    count: Annotated[int, Field(description="How many to choose", ge=1, le=1_000)] = 1,
) -> Reply:
    """Choose at random from things or people that are named: draw lots, decide."""
    named = cleaned(options)
    if count > len(named):
        raise Refusal(f"There are only {len(named)} to choose from.")
    chosen = chance.sample(named, count)
    return Reply(f"{spoken(chosen)}.", {"chosen": chosen, "of": named})


@service.tool(
    "read",
    examples=[
        "shuffle Anna, Ben, Carla and Dev",
        "put these in random order: swim, run, bike",
        "who goes first, second and third of Max, Ida and Noor?",
        "mix up the order of the songs A, B, C and D",
        "in what order should Kim, Lou and Pat present?",
        "randomise the list apples, pears, plums",
        "draw a playing order for Red, Blue and Green",
        "scramble one, two, three, four",
    ],
)
def shuffle(ctx: Context, items: Annotated[Names, Field(description="What to put in order")]) -> Reply:
    """Put things or people that are named in a random order."""
    order = cleaned(items)
    chance.shuffle(order)
    return Reply(f"{spoken(order)}.", {"order": order})


@service.tool(
    "read",
    examples=[
        "split Anna, Ben, Carla and Dev into two teams",
        "make teams of Ali, Bea, Cem, Dina, Eli and Fay",
        "divide the kids Tim, Tom, Lia and Zoe into 2 groups",
        "three groups out of Max, Ida, Noor, Jan, Pia and Uwe",
        "who plays with whom: Ann, Bob, Cat, Dan?",
        "draw pairs from Kim, Lou, Pat and Sam",
        "random teams: Joe, Amy, Lee, Kai, Mo",
        "sort us into two sides, Ana, Bo, Cleo and Didi",
    ],
)
def teams(
    ctx: Context,
    names: Annotated[Names, Field(description="Who is to be split up")],
    number: Annotated[int, Field(description="How many teams", ge=2, le=100)] = 2,
) -> Reply:
    """Split people who are named into teams or groups at random, as even as can be."""
    order = cleaned(names)
    if number > len(order):
        raise Refusal(f"{len(order)} people don't make {number} teams.")
    chance.shuffle(order)
    made = [order[start::number] for start in range(number)]
    said = "; ".join(f"team {index}: {spoken(team)}" for index, team in enumerate(made, 1))
    return Reply(f"{said[:1].upper()}{said[1:]}.", {"teams": made})


@service.tool(
    "read",
    examples=[
        "make a UUID",
        "generate a unique id",
        "I need three GUIDs",
        "give me a random uuid",
        "new unique identifier please",
        "five uuids",
        "create a version 4 UUID",
        "a fresh GUID for the database",
    ],
)
def uuid_(ctx: Context, count: Annotated[int, Field(description="How many", ge=1, le=100)] = 1) -> Reply:
    """Make a unique identifier (UUID, also called GUID), for programs."""
    made = [str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)) for _ in range(count)]
    return Reply("\n".join(made), {"uuids": made})


def bounds_of(said: str) -> tuple[int, int]:
    """1 to 50, between 3 and 5, up to 20, below 20: the lowest and the highest that may come."""
    plain = said.replace(",", "")
    numbers = [int(one) for one in WHOLE.findall(plain)]
    if not numbers:
        return 1, 100
    if len(numbers) == 1:
        last = numbers[0] - 1 if re.search(r"\b(?:below|under|less than)\b", plain, re.IGNORECASE) else numbers[0]
        low, high = sorted((1, last))
    else:
        low, high = sorted(numbers[-2:])
    if max(abs(low), abs(high)) > LARGEST:
        raise Refusal(f"I draw numbers up to {LARGEST:,}.")
    return low, high


def cleaned(names: list[str]) -> list[str]:
    """Each in one line, without the words that led to them; refuses fewer than two."""
    plain = [TRAILED.sub("", LED.sub("", one_line(name))) for name in names]
    found = [part.strip() for name in plain for part in name.split(" or ") if part.strip()]
    found = [name for name in found if not ASKED.match(name)]
    if len(found) < 2:
        raise Refusal("Name at least two.")
    return found


if __name__ == "__main__":
    service.run()

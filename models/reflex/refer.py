"""What a request means by "it", "them", "the second one", "the same time", "also": what was just done and touched.

Also: whether it corrects the last call ("make it 5 instead", "no, on Friday") or goes on from it ("and bread too",
"what about Paris?").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.guess import Request, ToolSchema
from models.reflex.filling.named import nouns_of
from models.reflex.filling.opening import REMIND, VERBS, polite_end
from models.reflex.filling.past import CALLS_BACK, Thing, last_call, past_calls, touched
from models.reflex.filling.slot import Slot, slots_of
from models.reflex.filling.words import content_stems, stem, words_of

__all__ = [
    "ORDINAL",
    "PRONOUN",
    "continues",
    "corrects",
    "last_call",
    "past_calls",
    "references",
    "resolve",
    "stripped",
]

PRONOUN = re.compile(
    r"(?<![\w'])(?:it|them|that|this|those|these|(?:that|this|the same|the last|the other) one|the same)"
    r"(?=\s+(?:to|by|on|off|at|for|from|in|as|until|till|after|before|with|tomorrow|today|tonight|next|"
    r"please|too|now|again|that|"
    r"up|down|back|out|away|an?|half|earlier|later|forward|done|instead|and|called|named|\d|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight)(?![\w'])|\s*[.?!,]|\s*$)",
    re.I,
)
ORDINALS = {
    word: at
    for at, words in enumerate(
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th")
    )
    for word in words.split()
} | {"last": -1, "latest": -1, "final": -1}
ORDINAL = re.compile(rf"(?<![\w'])(?:the\s+)?({'|'.join(ORDINALS)})(?:\s+(one|ones|\w+))?(?![\w'])", re.I)
NUMBERED = re.compile(r"(?<![\w'])(?:number|no\.?|#)\s*(\d{1,2}|one|two|three|four|five)(?![\w'])", re.I)
COUNT = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
SAME_TIME = re.compile(r"\b(?:(?:at )?(?:the )?same time|then too)\b", re.I)
THERE = re.compile(r"(?<![\w'])(?:there|it|that|this|them|same)(?![\w'])", re.I)
ALL_OF = re.compile(r"(?<![\w'])(?:both|all of them|them all|all of it|them|those|these|everything)(?![\w'])", re.I)

PERSON = re.compile(r"(?<![\w'])(?:her|his|him|she|he|their|they|them)(?![\w'])", re.I)
WITHIN = re.compile(r"\w\s+(?:to|on|onto|in|into|from|off)\s+$", re.I)
"""Before a pronoun that stands for what holds the thing: "add honey to it"."""
CORRECTION = re.compile(
    r"^(?:(?:no|nope|wait|oops|oh|sorry|hmm+|actually|rather)[\s,.!-]+)*"
    r"(?:(?:no|nope|actually|sorry|wait|oops|rather|instead)\b[\s,.!-]*|i (?:meant|mean|said)\b\s*|"
    r"(?:make|have|change|set|put) (?:it|that)(?=\s+(?:(?:to|for|at|on)\s+)?(?:\d|half|quarter|noon|"
    r"midnight|"
    r"mon|tue|wed|thu|fri|sat|sun|tomorrow|today|tonight|next|an?\b|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve|the|for|every))\s*(?:to\s+)?|not\b)",
    re.I,
)
GOING_ON = re.compile(
    r"^(?:(?:and|also|oh|plus|ok|okay|then|but)[\s,]+)*(?:(?:what|how) about|and|also|plus|same for|"
    r"the same for|what if it(?:'s| is)|just)(?![\w'])[\s,]*(?:for |with |on )?(?=\S)",
    re.I,
)
TAIL = re.compile(r"[\s,]*\b(?:too|as well|also|instead|please|rather|then)\s*[.?!]*$", re.I)


_NEXT = (
    r"tomorrow|today|tonight|next|this|an?|half|earlier|later|\d|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
BARE_NOUN = re.compile(
    rf"\s*$|\s*[.?!,;)]|\s+(?:please|too|now|again|up|down|back|out|away|off|on|forward|done|instead|and|or|by|until|till|"
    rf"after|before|as|in|is|are|was|were|has|have|do|does|did|can|will|say|says|said|that i|{_NEXT})(?![\w'])"
    rf"|\s+(?:to|for|on|at|from|in|with)\s+(?:(?:the|about|around)\s+)?(?:{_NEXT}|it|them|that|those|me|us)(?![\w'])",
    re.I,
)
"""After a noun that stands for what was last spoken of."""
LED_NOUN = re.compile(r"\s+(to|for|on|at|from|with|into|about|of)\s", re.I)
VALUE_LEADS = frozenset({"to", "with", "at", "from", "into", "on"})
"""These lead to a value rather than to the name of the thing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a slot's value is, by what the text points at."""

    slot: str
    value: Any
    ranges: tuple[tuple[int, int], ...]
    """The pointing words; none where the context alone says it."""
    thing: Thing | None = None


def resolve(text: str, tool: ToolSchema, request: Request) -> Mapping[str, Any]:
    """Arguments that the dialogue so far gives to the pointing words of the text."""
    return {reference.slot: reference.value for reference in references(text, tool, request)}


def references(text: str, tool: ToolSchema, request: Request) -> list[Reference]:
    """As `resolve`, with the places of the pointing words."""
    found: list[Reference] = []
    for slot in slots_of(tool):
        if len(slot.path) > 1:
            continue
        one = _thing_meant(text, slot, tool, request) if slot.kind else _value_meant(text, slot, tool, request)
        if one is not None:
            found.append(one)
    return found


def _thing_meant(text: str, slot: Slot, tool: ToolSchema, request: Request) -> Reference | None:
    things = touched(request, slot.kind or "")
    if things:
        for pointed in (_counted, _by_person, _by_pronoun):
            if (one := pointed(text, slot, things)) is not None:
                return one
        told = _told(request, slot.kind or "")
        if (one := _by_noun(text, slot, things, takes_more(slot, tool), told)) is not None:
            return one
    return _container(text, slot, request)


def takes_more(slot: Slot, tool: ToolSchema) -> bool:
    """The tool takes further words beside the name of a thing: a new title, tags."""
    return any(other.shape == "text" and other.name != slot.name and other.fill != "zone" for other in slots_of(tool))


def _counted(text: str, slot: Slot, things: list[Thing]) -> Reference | None:
    for match in ORDINAL.finditer(text):
        noun = (match.group(2) or "").lower()
        if (
            noun
            and noun not in ("one", "ones")
            and stem(noun) not in nouns_of(slot)
            and noun not in ("to", "off", "from", "on", "and")
        ):
            continue
        at = ORDINALS[match.group(1).lower()]
        if -len(things) <= at < len(things):
            return _reference(slot, [things[at]], match.span())
    if numbered := NUMBERED.search(text):
        said = numbered.group(1).lower()
        at = (int(said) if said.isdigit() else COUNT[said]) - 1
        if 0 <= at < len(things):
            return _reference(slot, [things[at]], numbered.span())
    return None


def _by_pronoun(text: str, slot: Slot, things: list[Thing]) -> Reference | None:
    start = polite_end(text)
    if slot.many and (match := ALL_OF.search(text, start)):
        return _reference(slot, things, match.span())
    match = PRONOUN.search(text, start)
    if match is None or (REMIND.match(text, start) and slot.fill):
        return None
    if slot.kind == "item" and WITHIN.search(text[: match.start()]) and len(words_of(text[start : match.start()])) > 2:
        return None
    return _reference(slot, things[:1], match.span())


def _by_person(text: str, slot: Slot, things: list[Thing]) -> Reference | None:
    """ "when is her birthday", "she is my sister": the person last spoken of."""
    if slot.kind != "contact" or slot.many:
        return None
    match = PERSON.search(text)
    return _reference(slot, things[:1], match.span()) if match else None


def _by_noun(text: str, slot: Slot, things: list[Thing], more: bool, told: frozenset[str]) -> Reference | None:
    """ "the event", "that timer": the kind's noun with no name before or after it.

    `more`: the tool takes other words too, which "to" and "with" may lead to; `told`: stems of what the call said that
    touched the things.
    """
    for noun in nouns_of(slot):
        match = re.search(
            rf"(?<![\w'])(?:the|that|this|those|these|my)\s+(?:same\s+)?{re.escape(noun)}\w{{0,3}}(?![\w'])", text, re.I
        )
        if match is None or (not slot.many and match.group().lower().endswith(f"{noun.lower()}s")):
            continue  # "my contacts" is where the one that is meant is kept
        if not named_after(text[match.end() :], more):
            return _reference(slot, things if slot.many else things[:1], match.span())
        if (led := LED_NOUN.match(text, match.end())) and (one := described(text[led.end() :], things, told)):
            return _reference(slot, [one], (match.start(), led.end() + len(_phrase(text[led.end() :]))))
    return None


def described(after: str, things: list[Thing], told: frozenset[str]) -> Thing | None:
    """The one of some things whose name has the words after "about"; a lone one may have them from its call too."""
    words = content_stems(_phrase(after))
    if not words:
        return None
    named = [thing for thing in things if words <= content_stems(str(thing.get("name", "")))]
    if named:
        return named[0]
    return things[0] if len(things) == 1 and words <= told else None


def _phrase(after: str) -> str:
    """The words up to a mark or a little word at the end."""
    return re.sub(r"\s+(?:down|up|off|out|away|please|now|again|too)$", "", re.split(r"[.,;!?]", after)[0].strip())


def _told(request: Request, kind: str) -> frozenset[str]:
    """Stems of all that the call said that touched a kind last."""
    for call in past_calls(request):
        if any(thing.get("kind") == kind for thing in call.touched):
            return content_stems(" ".join(str(value) for value in call.arguments.values()))
    return frozenset()


def named_after(after: str, more: bool) -> bool:
    """What follows a kind's noun is the name of the thing that is meant: "Our daily bread", "called X", "for tea"."""
    if BARE_NOUN.match(after):
        return False
    led = LED_NOUN.match(after)
    return led is None or not (more and led.group(1).lower() in VALUE_LEADS)


def _reference(slot: Slot, things: list[Thing], place: tuple[int, int]) -> Reference:
    names = [str(thing.get("name", "")) for thing in things]
    return Reference(slot.name, names if slot.many else names[0], (place,), things[0])


def _container(text: str, slot: Slot, request: Request) -> Reference | None:
    """The list that the last call was about, where none is said."""
    call = last_call(request)
    if call is None or slot.kind != "list" or slot.many:
        return None
    within = [str(thing["within"]) for thing in call.touched if thing.get("within")]
    named = [str(thing["name"]) for thing in call.touched if thing.get("kind") == slot.kind]
    found = within[:1] or (named if len(named) == 1 else [])
    return Reference(slot.name, found[0], ()) if found else None


def _value_meant(text: str, slot: Slot, tool: ToolSchema, request: Request) -> Reference | None:
    match = SAME_TIME.search(text) if slot.shape in ("date-time", "time", "date") else None
    if match and (value := _same_time(slot, request)):
        return Reference(slot.name, value, (match.span(),))
    if slot.fill or slot.shape not in ("text", "enum", "integer", "number"):
        return None
    call = last_call(request)
    if call is None or call.name == tool.name or slot.name not in call.arguments:
        return None
    start = polite_end(text)
    return Reference(slot.name, call.arguments[slot.name], ()) if THERE.search(text, start) else None


def _same_time(slot: Slot, request: Request) -> str | None:
    cut = {"date-time": slice(None), "date": slice(10), "time": slice(11, 19)}[slot.shape]
    for back, call in enumerate(past_calls(request)):
        if back >= CALLS_BACK:
            break
        for thing in call.touched:
            if thing.get("at"):
                return str(thing["at"])[cut]
        if isinstance(call.arguments.get(slot.name), str):
            return str(call.arguments[slot.name])
    return None


def corrects(text: str, request: Request) -> bool:
    """The text changes the last call's arguments rather than asking for something new."""
    call = last_call(request)
    match = CORRECTION.match(text.strip())
    if call is None or match is None:
        return False
    return not _commands(text.strip()[match.end() :])


def continues(text: str, request: Request) -> bool:
    """The text asks for the same as the last call with something else: "and bread too", "what about Paris?"."""
    said = text.strip()
    if last_call(request) is None or corrects(text, request):
        return False
    match = GOING_ON.match(said)
    if match is not None:
        return not _commands(said[match.end() :])
    return bool(re.search(r"\b(?:too|as well|also)\s*[.?!]*$", said, re.I)) and not _commands(said)


def stripped(text: str) -> str:
    """A correction or continuation without the words that make it one."""
    said = text.strip()
    for pattern in (CORRECTION, GOING_ON):
        if match := pattern.match(said):
            said = said[match.end() :]
            break
    return TAIL.sub("", said).strip() or text


def _commands(text: str) -> bool:
    """A request in its own right: it begins with a verb that asks for something, or a question word."""
    start = polite_end(text)
    words = words_of(text[start:])
    if REMIND.match(text, start):
        return True
    if not words or len(words) < 2 or words[1].is_mark:
        return False
    first = words[0].lower
    return first in VERBS - {
        "make",
        "note",
        "call",
        "book",
        "text",
        "mail",
        "post",
        "plan",
        "do",
        "want",
        "let",
        "order",
        "light",
    } or first in (
        "what",
        "what's",
        "who",
        "when",
        "where",
        "how",
        "is",
        "are",
        "do",
        "does",
        "which",
        "why",
    )

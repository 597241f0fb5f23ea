"""Conditions: "if it rains tell me", "let me know when the parcel arrives".

Must stay true: "tell me when the shop opens" asks and is none; a time of day is no condition, it is the reminders'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DO = (
    r"(?:tell|let|remind|warn|notify|alert|ping|turn|switch|play|lock|unlock|open|close|start|stop|"
    r"pause|set|send|message|text|call|ring|dim|read|say|announce|show|add|ask|wake|"
    r"water|order|mute|run|make|put|lower|raise|give|inform|write|email)\b"
)
_IF = r"(?:if|when|whenever|as soon as|once|the moment|every time|each time|in case|should)"
_FIRST = re.compile(
    rf"(?P<if>{_IF}) (?P<trigger>(?!(?:I|you|we|he|she|it|they) (?:was|were|had|could|would)\b|(?:is|are|"
    rf"do|does|did|can|could|will|would|should|was|were|has|have|again|more|upon)\b).+?)(?:,\s*(?:then |"
    rf"please |could you |can you |you can |you should |just )*|\s+(?:then |please |"
    rf"just )?)(?P<do>{_DO}.*)",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"(?:please |could you |can you |will you |would you )*(?P<do>{_DO}(?:(?!\b(?:if|when|whenever|"
    rf"once)\b).)*?),? (?P<if>{_IF}) (?P<trigger>.+)",
    re.IGNORECASE,
)
_ALERT = re.compile(
    r"(?:let (?:me|us) know|warn|notify|alert|ping|give (?:me|us) a (?:shout|heads up|nudge)|inform)\b", re.IGNORECASE
)
_TELL = re.compile(
    r"(?:tell|remind|message|text|call|wake|show|say|read|ask|email|write|ring|make sure|give)\b", re.IGNORECASE
)
_LASTING = re.compile(r"(?:whenever|as soon as|once|the moment|every time|each time)$", re.IGNORECASE)
_COMES = re.compile(
    r"(?:\w+ )*?(?:arrives?|comes?|gets?|leaves?|rings?|finish(?:es)?|is (?:here|ready|done|empty|full|"
    r"home|over|low|open|closed|back|out|off|on|left|at the door)|goes|drops?|rises?|falls?|"
    r"reach(?:es)?|opens?|closes?|lands?|replies|answers|"
    r"calls?|writes?|rains?|snows?|freezes|stops?|starts?|wakes?|moves?|changes?|runs? out|hits?|"
    r"exceeds?|enters?|texts?|messages|are (?:home|back|ready|low|done))\b",
    re.IGNORECASE,
)
_SCHEDULE = re.compile(
    r"(?:(?:the|my|our) (?:next|first|last)\b|it (?:will|is going)|.*\b(?:is due|will|is going to|was|"
    r"were|did|is scheduled|are due|should|is supposed)\b)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:it is|it gets to)? ?(?:\d{1,2}(?:[:.]\d\d)? ?(?:[ap]m|o'clock)?|noon|midnight)$", re.IGNORECASE
)
_STOP = re.compile(
    rf"(?:please |you can |you may )*(?:stop|do not|no longer|never|no need to|you do not (?:need|"
    rf"have) to|you need not)\s+(?:telling|tell|letting|let|remind(?:ing)?|warn(?:ing)?|notify(?:ing)?|"
    rf"alert(?:ing)?|turn(?:ing)?|play(?:ing)?)\b.*? (?:{_IF}|about) (?P<trigger>.+?)(?: anymore)?",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:please|then|just)\s+|[,\s]+(?:please|thanks|thank you|ok|okay|would you|will you)$", re.IGNORECASE
)
_ASKING = re.compile(
    r"\b(?:how|what|where|who|why|which)\b|\b(?:find out|see|check|wonder|decide|just)$", re.IGNORECASE
)
_BARE = frozenset(
    "start stop open close order say ring add play run show set send put make give pause mute lock".split()
)
_NOTHING = re.compile(r"(?:again|more|upon|you|there (?:is|are)|anything|anyone|anybody)\b", re.IGNORECASE)
_TOO_VAGUE = re.compile(
    r"(?:you|i|we) (?:can|could|have time|are free|need|want|like|would|are ready|get a chance|see)\b|"
    r"possible|needed|necessary|not\b|so\b|it is (?:ok|okay|possible|not)|it does not|you (?:know|find|"
    r"do)|I (?:should|can|may|have (?:any|a)|need|am|have|was|did|do|owe|could)\b|there (?:is|"
    r"are) (?:any|a)\b|any\b|my \w+ (?:is|are|will) (?:due|expire)",
    re.IGNORECASE,
)
LONGEST = 90


@dataclass(frozen=True, slots=True)
class Condition:
    """What is to be done when."""

    trigger: str
    value: str
    over: bool = False


def condition(sentence: str) -> Condition | None:
    """What the sentence wants done, and when."""
    plain = sentence.strip(" .!?")
    if found := _STOP.fullmatch(plain):
        return Condition(found["trigger"], "", over=True)
    found = _FIRST.fullmatch(plain)
    asked = sentence.rstrip().endswith("?") and not re.search(r"\b(?:could|can|would|will) you\b", plain, re.IGNORECASE)
    if found and not asked and _meant(found["if"], found["trigger"], found["do"], first=True):
        return _made(found["trigger"], found["do"])
    if (
        (found := _LAST.fullmatch(plain))
        and not sentence.rstrip().endswith("?")
        and _meant(found["if"], found["trigger"], found["do"], first=False)
    ):
        return _made(found["trigger"], found["do"])
    return None


def _meant(word: str, trigger: str, do: str, *, first: bool) -> bool:
    """Whether it waits for something to happen, rather than asking whether or when it does."""
    trigger = trigger.strip(" ,")
    if (
        _NOTHING.match(trigger)
        or _ASKING.search(do)
        or (first and _ASKING.search(trigger))
        or (do.casefold().strip(" .,") in _BARE)
    ):
        return False
    if do.split(maxsplit=1)[0].casefold() in _BARE and len(do.split()) < 2:
        return False
    if (
        _CLOCK.fullmatch(trigger)
        or _TOO_VAGUE.match(trigger)
        or len(trigger) > LONGEST
        or len(do) > LONGEST
        or len(trigger.split()) < 2
    ):
        return False
    if first or _LASTING.match(word):
        return not (first and _SCHEDULE.match(trigger) and word.casefold() == "when")
    if _SCHEDULE.match(trigger) or word.casefold() in ("should", "in case"):
        return False
    if _ALERT.match(do):
        return word.casefold() != "when" or _COMES.match(trigger) is not None
    bare = re.fullmatch(
        r"(?:tell|show|ask|text|call|message|remind|email|give|say|read)(?: (?:me|us))?", do.strip(), re.IGNORECASE
    )
    if bare:
        return (
            word.casefold() == "when"
            and _COMES.match(trigger) is not None
            and not re.search(r"\b(?:next|usually|normally|open|opens|close|closes|start|starts)\b", trigger)
        )
    return _COMES.match(trigger) is not None


def _made(trigger: str, do: str) -> Condition:
    return Condition(_POLITE.sub("", trigger.strip(" ,.")), _POLITE.sub("", do.strip(" ,.!")))

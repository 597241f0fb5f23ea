"""The path for what is said to memory in phrases that mean nothing else, whatever they are about.

"What did I say about the alarm?" is no question to the clock, and "forget that my dog is called Rex" none to anybody
else; how near their topics come to the examples of a tool does not matter. Passes for everything else, also where a
second request follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import anyio.to_thread

from agent.answers import Answers
from agent.memory_tools import ABOUT, FORGET, RECALL, REMEMBER, WHY
from agent.nearness import Nearness
from agent.turn import Answered, Emit, Passed, Said, Turn
from services.tool import Call, Done, Failed, Outcome, Tool, Toolbox

LONGEST = 600
"""Characters of a request; a longer text is no question to memory."""

_LEAD = r"(?:(?:and|but|so|ok|okay|hey|please|muos|well|now)[\s,]+)*(?:(?:can|could|would|will) you (?:please )?)?(?:please )?"
_WE = r"(?:i|we)"
_TOLD = r"(?:say|said|tell|told|mention|mentioned|talk|talked)"
_INTENT = r"(?!\s+(?:that\s+)?(?:i|we)(?:['’](?:d|ll)|\s+(?:would|will|was|were|am|are|shall|should|want|have to)\b))"
_ASKED = re.compile(
    _LEAD
    + "(?:"
    + rf"what(?: else| exactly)? (?:did|have|had) {_WE} (?:just |ever |last |once )?{_TOLD}\b{_INTENT}"
    + rf"|(?:did|have|had) {_WE} (?:ever |already )?(?:(?:tell|told) you(?! to\b)|mention(?:ed)?|(?:say|said) (?:any|some)thing)\b(?= \w)"
    + rf"|(?:remind me|tell me|recall|repeat)(?: of)? (?:what|everything|all)(?: that)? {_WE}(?: ever|['’]ve| have)? {_TOLD}\b{_INTENT}"
    + rf"|what was it(?: that)? {_WE} (?:said|told|mentioned)\b"
    + rf"|do you (?:still )?(?:remember|recall)\b(?! to\b)(?= \w+ \w)"
    + r"|what do you (?:still )?(?:remember|recall) (?:about|of|from|on)\b"
    + ")",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    _LEAD + r"(?:what (?:else |all )?do you know (?:about|of)|(?:tell me )?(?:everything|all|what) you know (?:about|of)"
    r"|what have you (?:learn(?:ed|t)|heard) (?:about|of)) ",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    _LEAD + r"(?:what (?:did|has|have) [\w' -]{2,40}? (?:say|said|tell|told|mention|mentioned)(?: (?:me|you|us))? (?:about|of|on) "
    rf"|who (?:said|told (?:me|us|you)|mentioned)(?: that)? \w+ \w|(?:did|have|had) {_WE} (?:ever |already )?{_TOLD}\b(?! \w+ to\b) \w+ \w)",
    re.IGNORECASE,
)
_WHY = re.compile(
    _LEAD + r"(?:(?:why|since when|how) (?:do|did|would) you (?:think|believe|know|say|assume)"
    r"|what makes you (?:think|believe|say)|when did (?:i|we) (?:say|tell you|mention))(?: that)? (?!to\b|how\b)\w+ \w",
    re.IGNORECASE,
)
_KEEP = re.compile(_LEAD + r"(?:do not|don['’]?t|never) (?:you )?(?:ever )?forget that (?P<text>\S+ \S.*)", re.IGNORECASE)
_AWAY = rf"{_LEAD}(?:forget|erase|delete|remove|wipe|unlearn)"
_FORGET = re.compile(
    rf"{_AWAY}(?: about)? (?:"
    rf"(?:what(?:ever)?|everything|all|anything|the things?)(?: that)? (?:i|we|you|he|she|they|[\w'-]+)(?:['’]ve| have| has|"
    rf" had| just| ever)* (?:{_TOLD}|know|knew|remember|remembered|learned|learnt|heard|believe)\b"
    r"|(?:everything|all|anything) about (?:me\b|[A-Z]|my |our |his |her |their |the ))"
)
_THAT = re.compile(rf"(?:{_AWAY} (?:the fact )?that) (?P<said>\S+ \S.*)", re.IGNORECASE)
_STATES = re.compile(
    r"(?:(?:i|we|you|he|she|they|there|it|my|our|his|her|their|its|nobody|everybody|everyone)(?:['’]\w+)? "
    r"|(?:[\w'’-]+ ){1,4}?(?:is|isn['’]t|are|aren['’]t|was|were|has|have|had|will|would|can|can['’]t|does|doesn['’]t|did"
    r"|\w+[^s\W]s|means?) )\S",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"(?:{_AWAY}|{_LEAD}(?:don['’]?t|do not) remember|{_LEAD}drop|{_LEAD}scrub)\b", re.IGNORECASE)
_MORE = re.compile(
    r"(?:[,;.?!]|\band\b|\bthen\b)\s+(?:and |then |also |please )*(?:add|set|remind|call|turn|switch|put|create|start|play"
    r"|delete|forget|show|open|send|book|cancel|remember|tell me|what|when|where|who|how)\b",
    re.IGNORECASE,
)


class Phrases:
    """Asks memory what is meant for nobody else."""

    def __init__(self, answers: Answers) -> None:
        self.nearness = Nearness(answers)

    async def __call__(self, turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        """Ask memory, or pass."""
        meant = said_to_memory(turn.text)
        if meant is None:
            return Passed("")
        tool, text, sure = meant
        if not sure and not await anyio.to_thread.run_sync(self._knows, turn):
            return Passed("")
        [name] = tool.schema["properties"]
        call = Call(tool.name, {name: text}, turn.caller, confirmed=turn.yes, flow=turn.id)
        await emit(Said(_spoken(await toolbox.call(call))))
        return Answered()

    def _knows(self, turn: Turn) -> bool:
        return bool(self.nearness.notes(turn.text, turn.caller, 1))


def said_to_memory(text: str) -> tuple[Tool, str, bool] | None:
    """The tool, what it is given, and whether it is meant even if memory knows nothing of it."""
    said = " ".join(text.split())
    if len(said) > LONGEST or _MORE.search(said):
        return None
    if (keep := _KEEP.match(said)) is not None:
        return REMEMBER, keep["text"], True
    if _FORGET.match(said) or ((that := _THAT.match(said)) is not None and _STATES.match(that["said"])):
        return FORGET, said, True
    asked: Sequence[tuple[re.Pattern[str], Tool, bool]] = (
        (_ASKED, RECALL, True),
        (_WHY, WHY, False),
        (_KNOWN, ABOUT, False),
        (_OTHERS, RECALL, False),
    )
    return next(((tool, said, sure) for pattern, tool, sure in asked if pattern.match(said)), None)


def asks_to_forget(text: str) -> bool:
    """Whether a text begins as a request to do away with something; what it names is then not to be kept for that."""
    return _BEGINS.match(" ".join(text.split())) is not None


def _spoken(outcome: Outcome) -> str:
    match outcome:
        case Done():
            return outcome.text
        case Failed():
            return outcome.reason
        case _:
            return outcome.question

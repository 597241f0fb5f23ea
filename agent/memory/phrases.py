"""The path for what is said to memory in phrases that mean nothing else, whatever they are about.

"What did I say about the alarm?" is no question to the clock, and "forget that my dog is called Rex" none to anybody
else; how near their topics come to the examples of a tool does not matter. Passes for everything else, also where a
second request follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import anyio.to_thread

from agent.memory.answers import Answers, stated
from agent.memory.nearness import Nearness
from agent.memory.tools import ABOUT, CORRECT, FORGET, RECALL, REMEMBER, WHY
from agent.turn import Answered, Emit, Passed, Said, Turn
from memory.facts.drawing import draw
from services.tool import Call, Done, Failed, Outcome, Tool, Toolbox

LONGEST = 600
"""Characters of a request; a longer text is no question to memory."""

_LEAD = (
    r"(?:(?:and|but|so|ok|okay|hey|please|muos|well|now)[\s,]+)*"
    r"(?:(?:can|could|would|will) you (?:please )?)?(?:please )?"
)
_WE = r"(?:i|we)"
_TOLD = r"(?:say|said|tell|told|mention|mentioned|talk|talked)"
_INTENT = r"(?!\s+(?:that\s+)?(?:i|we)(?:['’](?:d|ll)|\s+(?:would|will|was|were|am|are|shall|should|want|have to)\b))"
_ASKED = re.compile(
    _LEAD
    + "(?:"
    + rf"what(?: else| exactly)? (?:did|have|had) {_WE} (?:just |ever |last |once )?{_TOLD}\b{_INTENT}"
    + rf"|(?:did|have|had) {_WE} (?:ever |already )?"
    + r"(?:(?:tell|told) you(?! to\b)|mention(?:ed)?|(?:say|said) (?:any|some)thing)\b(?= \w)"
    + rf"|(?:remind me|tell me|recall|repeat)(?: of)? (?:what|everything|all)(?: that)? {_WE}(?: ever|['’]ve| have)?"
    + rf" {_TOLD}\b{_INTENT}"
    + rf"|what was it(?: that)? {_WE} (?:said|told|mentioned)\b"
    + r"|do you (?:still )?(?:remember|recall)\b(?! to\b)(?= \w+ \w)"
    + r"|what do you (?:still )?(?:remember|recall) (?:about|of|from|on)\b"
    + ")",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    _LEAD
    + r"(?:what (?:else |all )?do you know (?:about|of)|(?:tell me )?(?:everything|all|what) you know (?:about|of)"
    r"|what have you (?:learn(?:ed|t)|heard) (?:about|of)) ",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    _LEAD
    + r"(?:what (?:did|has|have) [\w' -]{2,40}? (?:say|said|tell|told|mention|mentioned)(?: (?:me|you|us))?"
    + r" (?:about|of|on) "
    + r"|who (?:said|told (?:me|us|you)|mentioned)(?: that)? \w+ \w"
    + rf"|(?:did|have|had) {_WE} (?:ever |already )?{_TOLD}\b(?! \w+ to\b) \w+ \w)",
    re.IGNORECASE,
)
_WHY = re.compile(
    _LEAD + r"(?:(?:why|since when|how) (?:do|did|would) you (?:think|believe|know|say|assume)"
    r"|what makes you (?:think|believe|say)|when did (?:i|we) (?:say|tell you|mention))(?: that)? (?!to\b|how\b)\w+ \w",
    re.IGNORECASE,
)
_KEEP = re.compile(
    _LEAD + r"(?:do not|don['’]?t|never) (?:you )?(?:ever )?forget that (?P<text>\S+ \S.*)", re.IGNORECASE
)
_NOTE = re.compile(
    _LEAD + r"(?:remember|keep in mind|bear in mind)(?:,? that:? |: ?)(?P<text>\S+ \S.*)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|nope|wrong|that['’]s (?:wrong|not (?:right|true)))[,.!]+ +(?:actually,? )?(?P<text>\S+ \S.*)", re.I
)
_AWAY = rf"{_LEAD}(?:forget|erase|delete|remove|wipe|unlearn)"
_FORGET = re.compile(
    rf"{_AWAY}(?: about)? (?:"
    rf"(?:what(?:ever)?|everything|all|anything|the things?)(?: that)? (?:i|we|you|he|she|they|[\w'-]+)"
    rf"(?:['’]ve| have| has| had| just| ever)* (?:{_TOLD}|know|knew|remember|remembered|learned|learnt|heard|believe)\b"
    r"|(?:everything|all|anything) about (?:me\b|[A-Z]|my |our |his |her |their |the ))"
)
_THAT = re.compile(rf"(?:{_AWAY} (?:the fact )?that) (?P<said>\S+ \S.*)", re.IGNORECASE)
_STATES = re.compile(
    r"(?:(?:i|we|you|he|she|they|there|it|my|our|his|her|their|its|nobody|everybody|everyone)(?:['’]\w+)? "
    r"|(?:[\w'’-]+ ){1,4}?(?:is|isn['’]t|are|aren['’]t|was|were|has|have|had|will|would|can|can['’]t|does"
    r"|doesn['’]t|did|\w+[^s\W]s|means?) )\S",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?:i['’]m|(?:we|they)['’]re|(?:he|she|it|there)['’]s|(?:i|we|they)['’]ve) \S"
    r"|(?:(?:the|my|our|his|her|their|its|these|those|i|we|he|she|they|it|there|everybody|nobody|someone|somebody)\b"
    r"(?: [\w'’-]+){0,4}?|\w+) "
    r"(?:is|isn['’]t|are|aren['’]t|was|wasn['’]t|were|weren['’]t|has|hasn['’]t|had|doesn['’]t|didn['’]t"
    r"|said|told|went|bought|got|saw|came|took|gave|found|lost|met|felt"
    r"|\w+[^s\W]s (?=an? |the |my |our |his |her |no |not |very |too )) ?\S",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"(?:{_AWAY}|{_LEAD}(?:don['’]?t|do not) remember|{_LEAD}drop|{_LEAD}scrub)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:what|who|whose|where|when|which|why|how|is|are|was|were|do|does|did|has|have|if|tell|show|make|let|that)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:[,;.?!]|\band\b|\bthen\b)\s+(?:and |then |also |please )*(?:add|set|remind|call|turn|switch|put|create"
    r"|start|play|delete|forget|show|open|send|book|cancel|remember|tell me|what|when|where|who|how)\b",
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
            true = await anyio.to_thread.run_sync(self._corrected, turn)
            meant = (CORRECT, true, True) if true else None
        if meant is None:
            return Passed("")
        tool, text, sure = meant
        if not sure and not await anyio.to_thread.run_sync(self._knows, turn):
            return Passed("")
        [name] = tool.schema["properties"]
        call = Call(tool.name, {name: text}, turn.caller, confirmed=turn.yes, flow=turn.id)
        await emit(Said(_spoken(await toolbox.call(call))))
        return Answered()

    def _corrected(self, turn: Turn) -> str:
        """What is so instead, where the text says no and then that, of something that is believed; else empty."""
        said = _NO.match(turn.text.strip())
        if said is None or said["text"].endswith("?"):
            return ""
        facts, view = self.nearness.memory.facts, self.nearness.answers.view(turn.caller)
        claims = draw(stated(said["text"], turn.caller))
        believed = any(facts.history(view, claim.subject, claim.relation) for claim in claims)
        return str(said["text"]) if believed else ""

    def _knows(self, turn: Turn) -> bool:
        return bool(self.nearness.notes(turn.text, turn.caller, 1))


def said_to_memory(text: str) -> tuple[Tool, str, bool] | None:
    """The tool, what it is given, and whether it is meant even if memory knows nothing of it."""
    said = " ".join(text.split())
    if len(said) > LONGEST or _MORE.search(said):
        return None
    if (keep := _KEEP.match(said) or _NOTE.match(said)) is not None:
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


def is_statement(text: str) -> bool:
    """Whether a text that nothing could be done about tells how something is, by its verb."""
    said = " ".join(text.split())
    asks = said.endswith("?") or said_to_memory(said) is not None or asks_to_forget(said) or _ASKS.match(said)
    return not asks and _TELLS.match(said) is not None


def _spoken(outcome: Outcome) -> str:
    match outcome:
        case Done():
            return outcome.text
        case Failed():
            return outcome.reason
        case _:
            return outcome.question

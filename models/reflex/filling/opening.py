"""The opening of a request: the words that say what to do, not what with.

"remind me to", "add", "what's", "I'd like to book a". Found by general English and by how a tool's own
examples begin.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.guess import ToolSchema
from models.reflex.filling.words import ARTICLES, STOP, bag, content_stems, stem, stem_bag, stems_of, words_of

POLITE = re.compile(
    r"(?:hey|hi|hello|ok|okay|yes|no|well|so|oh|um+|and|then|also|plus|but|please|kindly|just|now|"
    r"actually|sorry|thanks|"
    r"(?:can|could|would|will) (?:you|we|u)(?: (?:please|kindly|just|also|help me(?: to)?|tell me))?|"
    r"(?:can|could|may|should) i(?: please)?(?= (?:have|get|see|book|order|hear|know))|"
    r"i(?:'d| would)? (?:want|need|like|love|wish)(?: (?:you|us|it))? to|i(?:'m| am) (?:looking|trying|"
    r"going|hoping|planning) to|"
    r"(?:i'm|we're|i am|we are|i've got|we've got|there's|there is) (?=[a-z]+ing [A-Z]|an? )|"
    r"i (?:have|had|got|ought|must|should)(?:n't)? to|i (?:must|should)|i (?:wanna|gotta)|help me(?: to)?|"
    r"let(?:'s| us| me(?! know))|do me a favou?r and|go ahead and|"
    r"don'?t forget to|make sure (?:to|that you)|be sure to|remember to(?= (?:remind|add|put|set)))(?![\w'-])[\s,.!:]*",
    re.I,
)
QUESTION = re.compile(
    r"(?:do you (?:know|remember) |(?:tell|show|give) me |i(?:'d like to| want to| need to)? (?:know|"
    r"wonder) |any idea )?"
    r"(?:what time (?:is|does|do|will)|what(?:'s| is| are| was| were| will| do| does| did| would| has| have)?(?: the)?|"
    r"who(?:'s| is| are| was| were| did|se)?|when(?:'s| is| are| was| were| will| do| does| did)?|"
    r"where(?:'s| is| are| was| were| can| do| does| did)?|which|why(?: is| are| do| does| did)?|"
    r"how(?:'s| is| are| do| does| did| can| would| much| many| long| far| old| big| tall| high| about)*|"
    r"is there|are there|did|does|do|is|are|was|were|has|have|will|am)(?![\w'-])"
    r"(?:\s+(?:i|we|you|it|there|have to|need to)(?![\w'-]))*\s*",
    re.I,
)
REMIND = re.compile(
    r"(?:(?:please )?(?:don'?t let (?:me|us) forget|make sure (?:that )?(?:i|we) (?:don'?t forget|remember)|"
    r"remember to tell (?:me|us)|let me know|don'?t forget|(?:jot|write|note|put|"
    r"take) (?:this|that|it) down"
    r"|(?:can you )?(?:ping|nudge|alert|notify|wake) (?:me|us))(?:\s+(?:to|about|that|"
    r"when))?(?![\w'-])[\s,:]*)|remind (?:me|us|him|her|them|everyone|everybody|"
    r"[A-Z]\w+)(?: again)?(?:\s+(?:to|about|that|of))?(?![\w'-])\s*",
    re.I,
)
NEED = re.compile(
    r"(?:i|we)(?:'d| would)?(?:'ve| have|'re| are|'m| am)?(?: (?:also|just|already|now|"
    r"still))?(?: (?:didn't (?:get|need)|don't (?:need|have)|got|bought|need|want|like|ran|run|running|"
    r"out of|looking for|interested in|"
    r"finished|done|have|out|going to need))+(?: more(?= \w))?"
    r"(?: (?:of|for|with|to (?:buy|get|book|find|order|see|have)))?(?![\w'-])\s*",
    re.I,
)
MY_WORDS = re.compile(r"(?:here(?:'s| is)|this is|the) (?:a )?(?:new )?(?=note|message|reminder)", re.I)
VERBS = bag(
    "untick uncheck unmark wipe strike reword forget jot keep halt postpone drop empty append add put "
    "set create make start begin run new schedule book reserve plan arrange enter log track record save "
    "store keep "
    "note write jot take remember memorize memorise remove delete cancel clear drop erase cross tick "
    "check mark move shift "
    "reschedule postpone push change update edit rename modify adjust turn switch dim raise lower increase decrease "
    "find search look lookup google show display list read tell give get fetch retrieve pull bring see "
    "view open close play "
    "pause stop resume skip queue send text message email mail call ring phone dial invite share post "
    "tweet reply forward "
    "buy order purchase sell pay transfer wire request rent hire hail convert translate calculate "
    "compute work figure count "
    "split divide multiply sum solve estimate determine evaluate analyze analyse identify predict "
    "recommend suggest compare "
    "define spell explain describe summarize summarise generate draw design provide obtain measure "
    "monitor assess perform "
    "optimize simulate classify detect verify validate submit register sign enroll subscribe unsubscribe "
    "download upload "
    "stick pop chuck scratch block pencil express "
    "print scan lock unlock arm disarm activate deactivate enable disable apply assign attach export "
    "import wake snooze "
    "extend shorten throw need want let use do tag label file pin mute unmute rate review watch stream hear listen"
)
PARTICLES = bag("me us up for out down off on about in at into")
SWALLOWED = bag("me us up down")
CHANGES = bag("rename change move reword edit update modify cancel delete remove shift push reschedule")
"""What follows these is a thing that exists: "the meeting to …" is no opening."""
PHRASAL = bag("off away out in")
JOTS = bag("reminder note memo task todo alarm message notification entry text")
"""What follows "to" after these is what they say: "a reminder to …", but "a flight to Rome"."""
TAKES_OFF = bag("block pencil tick cross check take throw put call turn switch clear strike wipe")
THAT = re.compile(r"(?:that|saying|which says|to say|reading|:)(?![\w'-])\s*", re.I)
CONNECT = re.compile(
    r"(?:to|that|called|named|titled|saying|about|for|reading|which says|with the (?:title|name|text)|of|"
    r":)(?![\w'-])\s*",
    re.I,
)
COMMA = re.compile(r",\s*(?!add|put|set)")
HEADS = stem_bag(
    "countdown "
    "reminder event appointment entry note memo alarm timer message task todo item thing text email contact list "
    "notification calendar meeting booking reservation song track ride flight"
)


def vocabulary(tool: ToolSchema) -> frozenset[str]:
    """Stems of the tool's own words: its name, its description's first sentence, what its examples share."""
    return _vocabulary(tool.name, tool.description, tuple(tool.examples))


@lru_cache(maxsize=2048)
def _vocabulary(name: str, description: str, examples: tuple[str, ...]) -> frozenset[str]:
    own = set(stems_of(name)) | content_stems(description.split(". ", maxsplit=1)[0].split("such as", maxsplit=1)[0])
    return frozenset(own | shared(examples)) - {stem(word) for word in STOP}


@lru_cache(maxsize=2048)
def shared(examples: tuple[str, ...]) -> frozenset[str]:
    """Stems in at least two of the examples: the tool's words, not the values'."""
    seen: dict[str, int] = {}
    for example in examples:
        for word in content_stems(example):
            seen[word] = seen.get(word, 0) + 1
    return frozenset(word for word, count in seen.items() if count >= 2)


@lru_cache(maxsize=2048)
def openers(examples: tuple[str, ...]) -> frozenset[str]:
    """The examples' first words, where they are verbs."""
    firsts = {words[0].lower for words in map(words_of, examples) if words}
    return frozenset(
        first
        for first in firsts
        if first in VERBS or (first not in STOP and sum(e.lower().startswith(first) for e in examples) >= 2)
    )


def polite_end(text: str, start: int = 0) -> int:
    """Where the courtesies end."""
    while match := POLITE.match(text, start):
        start = match.end()
    return start


AFTERTHOUGHT = re.compile(
    r"[,;.!]\s*(?:(?:and|so|please|then|you can|can you|could you)\s+)*(?:remind (?:me|us)|"
    r"(?P<verb>[a-z]+)(?: (?:off|out|down))? (?:it|them|that|this|these|those|the \w+)(?:\s+[^,;.!?]{0,40})?)[\s.!?]*$",
    re.I,
)


def afterthought(text: str) -> int:
    """Where a last command begins that speaks of what was said before it; the text's end where there is none."""
    match = AFTERTHOUGHT.search(text)
    first = words_of(text[:60])[:1]
    if match is None or not first or first[0].lower in VERBS:
        return len(text)
    verb = (match.group("verb") or "remind").lower()
    return match.start() if verb in VERBS or verb == "remind" else len(text)


def opening_end(text: str, tool: ToolSchema, start: int = 0) -> int:
    """Where the words that say what to do end; `start` where there are none."""
    while start < len(text) and (text[start].isspace() or text[start] in ",.;:-"):
        start += 1
    start = polite_end(text, start)
    for pattern in (REMIND, NEED):
        if match := pattern.match(text, start):
            return _after_head(text, match.end(), tool) if pattern is NEED else match.end()
    if afterthought(text) < len(text):
        return start
    after = _after_verb(text, start, tool)
    if after > start:
        changes = text[start:after].split(maxsplit=1)[0].lower() in CHANGES
        return after if changes else _after_head(text, after, tool)
    if match := QUESTION.match(text, start):
        return match.end()
    return start


def _after_verb(text: str, start: int, tool: ToolSchema) -> int:
    words = words_of(text[start : start + 60])
    if not words:
        return start
    first = words[0]
    known = first.lower in VERBS or first.lower in openers(tool.examples)
    if not known and not (
        first.stem in stems_of(tool.name)[:2] and (first.text.islower() or start == 0) and first.stem not in HEADS
    ):
        return start
    if first.lower in ("tell", "show", "give") and (question := QUESTION.match(text, start)):
        return question.end()
    end = first.end
    swallowed = SWALLOWED | PHRASAL if first.lower in TAKES_OFF else SWALLOWED
    for word in words[1:3]:
        if word.lower not in swallowed and not (
            word.lower in ("for", "out", "to") and first.lower in ("search", "look", "find", "figure", "work", "listen")
        ):
            break
        end = word.end
    while start + end < len(text) and text[start + end].isspace():
        end += 1
    if first.lower in ("tell", "let", "give", "show") and (question := QUESTION.match(text, start + end)):
        return question.end()
    return start + end


def _after_head(text: str, start: int, tool: ToolSchema) -> int:
    """Beyond "a reminder to", "a note that", "an event called" as well; only where a connective follows."""
    at = start
    own = vocabulary(tool) | HEADS
    for word in words_of(text[start : start + 80])[:5]:
        if word.lower in ARTICLES or word.lower in ("new", "quick", "down", "short", "little"):
            if word.lower == "that" and at > start:
                break
        elif word.stem not in own:
            break
        at = start + word.end
    if at == start:
        match = THAT.match(text, start)
        return match.end() if match else start
    follows = re.match(r"\s*", text[at:])
    at += follows.end() if follows else 0
    match = CONNECT.match(text, at) or COMMA.match(text, at)
    jots = bool({word.lower for word in words_of(text[start:at])} & JOTS)
    return match.end() if match and (jots or match.group().strip() not in ("to", ",")) else start

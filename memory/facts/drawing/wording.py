"""Says what people say in the one form that the rules read: "home is now Oslo" as "I live in Oslo".

One idea has many wordings; the rules of statements know a few of each. Here the rest is put into those, before they are
read. Must stay true: the new wording says no more than the old.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from memory.facts.relations import ATTRIBUTES, PARTNERS, ROLES

_NAME = r"[A-Z][\w-]*[a-z][\w-]*(?: (?:van |de |von |di )?[A-Z][\w-]+)?"
_PERSON = rf"(?:I|[Ww]e|(?:[Mm]y|[Oo]ur) [\w-]+|{_NAME})"
_NOW = r"(?:now|these days|nowadays|currently|at the moment|at present|right now|from now on|as of (?:now|today))"
_OWNER = rf"(?:[Mm]y|[Oo]ur|{_NAME}'s)"
_ROLE = "|".join(sorted({*ROLES, *PARTNERS, "mum", "dad", "kitten", "puppy", "baby"}, key=len, reverse=True))
_ATTRIBUTE = "|".join(sorted((re.escape(each) for each in ATTRIBUTES), key=len, reverse=True))
_WORN = r"(?P<what>shoe|shirt|dress|trouser|glove|hat|ring|jacket|boot|bra|sock|coat|helmet|belt)(?:s|es)?"
_SIZE = r"(?P<size>\d[\w./]*|x*[sml]|xx?l|small|medium|large|extra large|extra small)"
_NET = r"(?:[Tt]he|[Oo]ur|[Mm]y) (?P<thing>(?:guest |home |office |house )?(?:wi-?fi|wireless|wlan))(?: network)?"
_WORD = r"(?P<name>[\w-]+(?:\.[\w-]+)*)"
_PET = r"(?:dog|cat|rabbit|hamster|parrot|horse|pony|tortoise|puppy|kitten|budgie|baby|son|daughter)"
_DAY = r"(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?"

Write = Callable[[re.Match[str]], str]


def _whose(who: str) -> str:
    return {"i": "my", "we": "our"}.get(who.casefold(), f"{who}'s")


def _lives(found: re.Match[str]) -> str:
    owner = (found["owner"] or "my").casefold()
    who = {"my": "I live", "our": "We live"}.get(owner) or f"{found['owner'][:-2]} lives"
    return f"{who} in {found['place']}"


def _works(found: re.Match[str]) -> str:
    works = "work" if found["who"].casefold() in ("i", "we") else "works"
    return f"{found['who']} {works} at {found['place']}"


_WORDINGS: tuple[tuple[str, str | Write], ...] = (
    # what is so now, with the word for it at an end
    (rf"(?P<all>.+ (?:is|are) (?:my|our|{_NAME}'s) .+?),? {_NOW}", "{all}"),
    (rf"(?P<who>{_OWNER} (?:{_ROLE}|{_ATTRIBUTE})) (?:is|are) {_NOW} (?P<v>.+)", "{who} is {v}"),
    # homes and work
    (
        rf"(?:(?P<owner>{_OWNER}) )?(?:(?:new )?[Hh]ome)(?: town| city)? (?:is|has become)(?: {_NOW})?(?: in)? "
        rf"(?P<place>(?-i:[A-Z])[\w' -]+?)(?: {_NOW})?",
        _lives,
    ),
    (
        rf"(?P<owner>{_OWNER}) (?:(?:new )?(?:place|house|flat|apartment|home)) (?:is|are)(?: {_NOW})? in "
        rf"(?P<place>(?-i:[A-Z])[\w' -]+?)(?: {_NOW})?",
        _lives,
    ),
    (rf"(?P<who>{_PERSON}) (?:am|is|are)(?: {_NOW})? (?:based|resident) in (?P<place>.+)", "{who} moved to {place}"),
    (
        rf"(?P<who>{_PERSON}) (?:am|is|are) (?:at|with) (?P<place>[A-Z][\w& '-]+?) (?:from now on|these days|nowadays)",
        _works,
    ),
    (
        rf"(?P<who>{_PERSON}) (?:have |has )?(?:got|found|landed|started|taken|took|accepted)(?: an?| the| my)?"
        rf"(?: new)? (?:job|position|post|role|work)(?: now)? (?:at|with|for|in) (?P<place>.+)",
        "{who} got a job at {place}",
    ),
    # names and other attributes
    (
        rf"[Tt]he name of (?P<who>(?:my|our|the|{_NAME}'s) [\w' -]+?) (?:is|are)(?: {_NOW})? (?P<v>.+)",
        "{who} is called {v}",
    ),
    (rf"(?P<v>[A-Z][\w' -]*?) is the name of (?P<who>(?:my|our|the|{_NAME}'s) [\w' -]+)", "{who} is called {v}"),
    (
        rf"[Tt]he (?P<what>{_ROLE}|{_ATTRIBUTE}) of (?P<who>{_NAME}|my [\w-]+|our [\w-]+) is(?: {_NOW})? (?P<v>.+)",
        "{who}'s {what} is {v}",
    ),
    (
        rf"(?P<what>(?:[Tt]he|[Mm]y|[Oo]ur) (?:{_ROLE})) (?:that |who )?(?:I|we) (?:use|have|see|go to|trust|"
        rf"call|hired)"
        rf"(?: {_NOW})? is(?: called)? (?P<v>[A-Z].*)",
        lambda found: f"our {found['what'].split(' ', 1)[1]} is {found['v']}",
    ),
    (
        r"(?:[Tt]he|[Mm]y|[Oo]ur) (?P<what>(?:[\w-]+ )?(?:size|type|number|model|brand|voltage)) (?:of|for|on) "
        r"(?P<who>(?:the|my|our) [\w -]+?) (?:is|are) (?P<v>.+)",
        "{who}'s {what} is {v}",
    ),
    (rf"(?P<who>{_OWNER} (?:{_ROLE}|{_ATTRIBUTE})) ?(?::|=) ?(?P<v>[^:]+)", "{who} is {v}"),
    (
        rf"(?P<what>[Bb]irthday|[Aa]nniversary) of (?P<who>{_NAME}|my [\w-]+) ?(?:is|:) ?(?P<v>.+)",
        "{who}'s birthday is {v}",
    ),
    (rf"(?P<who>{_OWNER} (?:birthday|anniversary|name day)) (?:falls|comes|lands) on (?P<v>.+)", "{who} is on {v}"),
    (
        rf"(?P<who>{_PERSON}) (?:have|has)(?: got)?(?: an?| the)? (?P<what>blood type|blood group|phone number|"
        rf"licence plate|locker number|locker|seat number|star sign|nickname|middle name)(?: of)?,? "
        rf"(?P<v>(?!is\b)\S.*)",
        lambda found: f"{_whose(found['who'])} {found['what']} is {found['v']}",
    ),
    (
        rf"(?P<all>{_PERSON} (?:have|has)(?: got)? an? (?:[\w-]+ )?(?:{_ROLE}))(?:,| whose name is| and (?:his|her|its)"
        rf" name is| who is called| that is called| by the name of) (?P<name>{_NAME})",
        "{all} called {name}",
    ),
    (
        rf"[Ww]e (?:have )?(?:named|christened|called|decided to call) (?:the|our) (?:new |little )?(?P<pet>{_PET}) "
        rf"(?P<name>{_NAME})|I (?:have )?(?:named|christened) (?:the|my) (?:new |little )?(?P<pet2>{_PET}) "
        rf"(?P<name2>{_NAME})",
        lambda found: f"our {found['pet'] or found['pet2']} is called {found['name'] or found['name2']}",
    ),
    (
        r"[Tt]he (?P<what>\w+) (?:that )?(?:I|we) (?:like|love|enjoy) (?:the )?(?:best|most)(?: of all)? is(?: "
        r"called)? (?P<v>.+)",
        "my favourite {what} is {v}",
    ),
    (
        rf"(?P<who>{_PERSON}) (?P<got>(?:have |has )?(?:bought|got|have|has)(?: got)?) an? (?:brand )?(?:new |used )?"
        rf"(?P<what>car|van|bike|bicycle|motorbike|scooter|piano|guitar|phone|laptop|camera|boat),? (?P<v>an? [\w ]+)",
        "{who} {got} {v} {what}",
    ),
    (
        rf"[Yy]ou can (?:reach|contact|email|write to) (?P<who>me|us|{_NAME}|my [\w-]+) (?:at|under|on) (?P<v>\S+@\S+)",
        lambda found: f"{_whose({'me': 'I', 'us': 'we'}.get(found['who'], found['who']))} email is {found['v']}",
    ),
    (
        rf"[Yy]ou can (?:reach|call|ring|phone) (?P<who>me|us|{_NAME}|my [\w-]+) (?:at|under|on) (?P<v>\+?\d[\d /-]+)",
        lambda found: f"{_whose({'me': 'I', 'us': 'we'}.get(found['who'], found['who']))} phone number is {found['v']}",
    ),
    # the network
    (
        rf"{_NET}(?:'s)?(?: name)? (?:is|goes by)(?: {_NOW})? (?:called |named |known as |the name "
        rf")?[\"“]?(?P<name>[\w-]*[-_\d.][\w.-]*)[\"”]?(?: {_NOW})?",
        "the {thing} is called {name}",
    ),
    (
        rf"{_NET}(?:'s)? name (?:is|has changed to|was changed to)(?: {_NOW})? [\"“]?{_WORD}[\"”]?(?: {_NOW})?",
        "the {thing} is called {name}",
    ),
    (
        rf"{_NET} (?:is|has been)(?: {_NOW})? (?:called|named|renamed(?: to)?) [\"“]?{_WORD}[\"”]?(?: {_NOW})?",
        "the {thing} is called {name}",
    ),
    (rf"(?:I|[Ww]e) (?:have )?(?:re)?named {_NET} (?:to |as )?[\"“]?{_WORD}[\"”]?", "the {thing} is called {name}"),
    # sizes
    (
        rf"(?P<who>{_PERSON}) (?:wears?|takes?|needs?|(?:am|is|are))(?: an?)? size {_SIZE}(?: in| for)? "
        rf"{_WORN}(?: {_NOW})?",
        lambda found: f"{_whose(found['who'])} {found['what']} size is {found['size']}",
    ),
    (
        rf"(?P<who>{_PERSON}) (?:wears?|takes?) {_WORN}(?: in)? size {_SIZE}(?: {_NOW})?",
        lambda found: f"{_whose(found['who'])} {found['what']} size is {found['size']}",
    ),
    # days, states
    (rf"(?:[Tt]he )?(?P<what>[\w-]+ day) is(?: {_NOW})?(?: on| every)? {_DAY}(?: {_NOW})?", "the {what} is on {day}s"),
    (
        r"(?P<what>(?:[Tt]he|[Mm]y|[Oo]ur) [\w' -]+?) (?:(?:has )?stopped working|does not work|is not working|"
        r"no longer works|is no longer working|(?:has broken|broke)(?: down)?|is kaput|packed up|gave up the ghost)"
        r"(?: anymore| again| today| yesterday| now| this morning| last night)?",
        "{what} is broken",
    ),
    (
        r"(?P<what>(?:[Tt]he|[Mm]y|[Oo]ur) [\w' -]+?) (?:works again|is working again|is working now)",
        "{what} is working again",
    ),
    (rf"(?P<who>{_PERSON}) (?:have |has )?married (?P<name>{_NAME})\b.*", "{who} got married to {name}"),
)
_RULES = tuple((re.compile(shape), into) for shape, into in _WORDINGS)
_TRIGGER = re.compile(
    r"\b(?:now|these days|nowadays|currently|at the moment|at present|from now on|as of|home|place|house|flat|"
    r"apartment|based|resident|reach|contact|phone|ring|email|best|most|car|van|bike|piano|guitar|laptop|camera|boat|job|position|post|role|work|works|working|name|named|called|christened|of|use|see|"
    r"trust|hired|have|has|call|wi-?fi|wireless|wlan|WLAN|size|day|falls|comes|lands|broke|broken|kaput|packed|gave|"
    r"married)\b|:|=",
    re.IGNORECASE,
)


def worded(clause: str) -> str:
    """The clause as the rules read it; itself, where it is that already."""
    if not _TRIGGER.search(clause):
        return clause
    for _ in range(2):
        for shape, into in _RULES:
            if found := shape.fullmatch(clause):
                changed = into.format(**found.groupdict()) if isinstance(into, str) else into(found)
                break
        else:
            return clause
        if changed == clause:
            return clause
        clause = changed
    return clause

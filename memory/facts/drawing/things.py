"""What is said of things: where they are, when they happen, what they are called; and of somebody's attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from memory.facts.claim import Kind
from memory.facts.drawing.draft import Draft
from memory.facts.drawing.values import value_of
from memory.facts.relations import ROLES, role_named

_PLACE = (
    r"(?:in|on|at|under|underneath|behind|inside|above|below|beside|beneath|near|by|next to|on top of|"
    r"in front of|between|opposite|over|with)"
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun|week|work|school)days?|weekends?)"
_CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?|(?:half|quarter) (?:past|to) \w+|noon|midnight|one|two|"
    r"three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: o'clock)?(?: in the (?:morning|evening|"
    r"afternoon))?(?: sharp)?"
)
_WHEN = (
    rf"(?:(?:on|every) (?:other |second |first )?(?:\w+ )?{_WEEKDAY}(?: (?:and|"
    rf"or) {_WEEKDAY})*(?: (?:mornings?|evenings?|afternoons?))?(?: at {_CLOCK})?|at {_CLOCK}(?: (?:on|"
    rf"every) {_WEEKDAY})?|(?:from|between) {_CLOCK} (?:to|until|till|and) {_CLOCK}|every (?:morning|"
    rf"evening|day|month|week|year)(?: at {_CLOCK})?)"
)
_NO_PLACE = re.compile(
    r"(?:on|in|at|by|over|under|with) (?:the way|my mind|my nerves|fire|sale|time|progress|trouble|love|"
    r"the mood|danger|charge|a (?:mess|hurry|bad|good|row|while|minute|few|meeting|moment)|"
    r"stake|risk|order|stock|season|bloom|vain|general|control|you|me|him|her|them|us|it|all|full|top|"
    r"point|hold|average|display|schedule|repair|use|heaven|hell|tears|pain|shape|good|bad|need|"
    r"question|particular|course|"
    r"first|last|least|once|the (?:end|rise|news|past|future|air|works|point|same|whole|phone|line|"
    r"radio|tv|internet|morning|evening|afternoon|moment|meantime)|my (?:opinion|life|way|heart|head|"
    r"dreams|side)|\d+ ?%|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|"
    r"wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|english|french|"
    r"half|quarter|noon|midnight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"\d{1,2}(?:[:.]\d\d|\b))\b",
    re.IGNORECASE,
)
_MOVING = re.compile(
    r"\b(?:weather|problem|question|point|sky|sun|moon|rain|bus|train|flight|plane|taxi|kids|children|"
    r"baby|people|guests?|food|game|match|movie|film|show|song|idea|answer|reason|"
    r"thing|goal|plan|day|time|world|truth|price|company|team|focus|ball|party|trip|holiday|vacation|"
    r"email|message|call|alarm|timer|volume|light|lights|temperature|music|kitchen light|"
    r"devil|future|past|news|stock|market|heat|view|issue|worst|best|one|ones|others?|rest|whole|main|"
    r"deadline|word|wedding|concert|story|event|water|power|"
    r"traffic)\b",
    re.IGNORECASE,
)
_SUITS_PLACE = re.compile(
    rf"{_PLACE} (?:(?:the|my|our|a|an|his|her|their|your|that|this)\b|[A-Z0-9]|level|row|storage|drawer|"
    rf"box|cupboard|shelf|room|platform|gate|mum|dad|grandma)"
)
_STORE = re.compile(r"\b(?:attic|cellar|basement|drawer|cupboard|box|shed|garage|wardrobe|closet|shelf|loft|chest)$")
_COLOUR = (
    r"(?:dark |light |bright )?(?:red|blue|green|yellow|black|white|gray|silver|orange|purple|pink|"
    r"brown|beige|gold|turquoise)"
)

_SIMPLE = re.compile(
    r"(?:is|are|will be|gets?|go|goes|comes?|takes place|starts?|begins?|runs?|leaves?|departs?|arrives?|lands?|"
    r"ends?|finishes)(?: (?:always|usually|"
    r"served|held|collected|emptied|picked up|delivered|put out|taken out|out|round|by))* (?P<v>" + _WHEN + ")",
    re.IGNORECASE,
)
_OPENS = re.compile(
    rf"(?:(?P<verb>opens?|closes?|shuts?)|(?:is|are) (?:only )?(?P<state>open|closed|"
    rf"shut)) (?P<v>{_WHEN}|from .+ to .+|until {_CLOCK}|all (?:day|night))",
    re.IGNORECASE,
)
_AT = re.compile(
    rf"(?:is|are|lives?|go|goes|belongs?)(?: (?:always|usually|kept|stored|hidden|parked|hanging|lying|"
    rf"standing|sitting|located|hung|buried|locked|up|down|out|back|over|still|now))* (?P<v>{_PLACE} .+)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:is|are)(?: (?:kept|stored|hidden|parked|located))? (?P<v>(?:upstairs|downstairs|outside|"
    r"next door|(?:up|down|out|back) (?:in|on|at|by) .+))",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:is|are) (?:now )?(?:called|named) (?P<v>[\w' -]+)|(?:is|are) (?P<now>now) (?P<w>the [A-Z][\w' -]+)",
    re.IGNORECASE,
)
_BELONGS = re.compile(r"belongs? to (?P<v>.+)", re.IGNORECASE)
_IS_A = re.compile(r"(?:is|are) (?P<v>an? .+)", re.IGNORECASE)
_COLOURED = re.compile(rf"(?:is|are) (?P<v>{_COLOUR})", re.IGNORECASE)
_PAINTED = re.compile(rf"(?:is|are)(?: now)? painted (?:in )?(?P<v>(?:\w+ )?{_COLOUR})", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:is|are) (?P<v>(?:number |nr |level |row |seat |on |platform )?[A-Z]?-?\d[\w -]{0,12})", re.IGNORECASE
)
_ONE_WORD = re.compile(
    r"(?!(?:off|out|back|for|in|up|away|after|on|that|this|it|so|by|upon|into|love|what)\b)[\w.-]{3,}"
)
_STATE = re.compile(
    r"(?:is|are|got|has been|have been)(?: (?:now|all|finally|completely|totally|still))* "
    r"(?P<v>broken|out of order|fixed|repaired|mended|working again|leaking|blocked|clogged|jammed|kaput|"
    r"cracked|defective)"
    r"(?: (?:again|now|at last|since .+|today|anymore))?",
    re.IGNORECASE,
)
_FELT_PART = re.compile(
    r"\b(?:heart|world|soul|record|silence|app|site|website|link|system|news|story|card|account|login|order|screen)$",
    re.IGNORECASE,
)
_DIED = re.compile(r"(?:has )?(?:died|passed away|ran away|run away|broke down for good)\b.*")
_IS = re.compile(r"(?:is|are) (?P<v>.+)")
_MINE_IS = re.compile(
    r"\b(?:car|bike|bicycle|motorbike|scooter|van|guitar|piano|laptop|phone|camera|cat|dog|horse|rabbit|"
    r"boat|house|flat|watch|surname)$",
    re.IGNORECASE,
)


def thing(name: str, rest: str, *, asked: bool) -> list[Draft]:
    """What the rest of a statement says of a thing."""
    if _DIED.fullmatch(rest):
        return []
    if state := _STATE.fullmatch(rest):
        return [] if _FELT_PART.search(name) else [Draft("state", state["v"].casefold(), begins=True)]
    if found := _CALLED.fullmatch(rest):
        value = value_of(found["v"] or found["w"])
        relation = "same_as" if found["now"] or re.search(r"\bnow\b", rest) else "name"
        known = value and (value[0].isupper() or value.startswith("the ") or asked or _ONE_WORD.fullmatch(value))
        return [Draft(relation, value)] if known else []
    for shape, relation in ((_SIMPLE, "happens"), (_OPENS, ""), (_BELONGS, "belongs_to")):
        if found := shape.fullmatch(rest):
            return _timed(name, relation, found)
    if re.search(r"'s (?:place|home|house|flat|apartment)$", name):  # where one lives is said in too many ways
        return []
    if found := _AT.fullmatch(rest) or _NEXT.fullmatch(rest):
        return _located(name, rest, found["v"], asked)
    return _is(name, rest, asked)


def _timed(name: str, relation: str, found: re.Match[str]) -> list[Draft]:
    value = found["v"].strip()
    if relation == "belongs_to":
        value = value_of(value)
        return [Draft(relation, value)] if value else []
    if not relation:
        verb, state = found["verb"], found["state"]
        relation = "closed" if state and state != "open" else "opens" if state or verb.startswith("open") else "closes"
    return [Draft(relation, value, lasting=False)]


def _located(name: str, rest: str, said: str, asked: bool) -> list[Draft]:
    value = value_of(said)
    moves = _MOVING.search(name) and not (asked or (name.endswith("lights") and _STORE.search(value)))
    if not value or _NO_PLACE.match(value) or moves:
        return []
    if not (
        asked
        or _SUITS_PLACE.match(value)
        or re.match(r"(?:upstairs|downstairs|outside|next door|up|down|out|back)\b", value)
    ):
        return []
    return [Draft("parked" if re.search(r"\bparked\b", rest) else "located_at", value)]


def _is(name: str, rest: str, asked: bool) -> list[Draft]:
    if found := _PAINTED.fullmatch(rest):
        return [Draft("colour", value_of(found["v"]))]
    mine = _MINE_IS.search(name)
    if mine and (found := _COLOURED.fullmatch(rest)):
        return [Draft("colour", value_of(found["v"]))]
    if mine and (found := _IS_A.fullmatch(rest)):
        return (
            [Draft("is_a", value)]
            if (value := value_of(found["v"], 4))
            and not re.match(
                r"an? (?:bit|little|mess|wreck|lot|disaster|pain|nightmare|joke|dream|good|great|bad|nice|lovely|"
                r"real|total|beautiful)",
                value,
            )
            else []
        )
    if found := _NUMBERED.fullmatch(rest):
        return (
            [Draft("is", value_of(found["v"]))]
            if asked
            or re.search(r"\b(?:number|locker|seat|gate|row|desk|room|platform|bay)\b", f"{name} {rest}", re.IGNORECASE)
            else []
        )
    if asked and (found := _IS.fullmatch(rest)):
        return [Draft("is", value)] if (value := value_of(found["v"])) else []
    return []


_NAMELIKE = frozenset(
    ("name", "first name", "last name", "full name", "surname", "nickname", "middle name", "maiden name")
)
_FELT = re.compile(
    r"(?:a(?:n)? )?(?:super|amazing|awesome|incredible|great|good|bad|nice|terrible|awful|wonderful|"
    r"lovely|hard|hurting|cold|tired|busy|boring|stressful|sore|dead|broken|full|empty|going|getting|"
    r"killing|driving|making|being|too|so|very|really|quite|pretty|almost|over|done|lost|missing|out|"
    r"gone|late|in \w+$|coming up|soon|today|tomorrow|here|wrong|right|the same|important|ruined|"
    r"changing|closed|open|near|far|unknown)\b",
    re.IGNORECASE,
)


def attribute(name: str, raw: str) -> list[Draft]:
    """Somebody's birthday, size, favourite colour: `name` of it, and what was said that it is."""
    value = re.sub(
        r"^(?:(?:actually|now|currently|just|really|also|on the|on|called)\s+)+", "", raw, flags=re.IGNORECASE
    )
    value = value_of(value)
    if not value or _FELT.match(value):
        return []
    relation = name.replace(" ", "_").replace("-", "_")
    relation = {
        "date_of_birth": "birthday",
        "occupation": "job",
        "profession": "job",
        "phone_number": "phone",
        "mobile": "phone",
        "mobile_number": "phone",
        "telephone_number": "phone",
        "blood_group": "blood_type",
        "email_address": "email",
        "employer": "works_at",
        "company": "works_at",
        "first_name": "name",
        "full_name": "name",
        "home_town": "hometown",
        "wifi_name": "wifi_network",
        "network_name": "wifi_network",
        "wifi_network_name": "wifi_network",
        "wi_fi_name": "wifi_network",
        "wi_fi_network": "wifi_network",
        "zodiac_sign": "star_sign",
        "license_plate": "licence_plate",
        "number_plate": "licence_plate",
        "plate": "licence_plate",
        "mother_tongue": "native_language",
        "locker": "locker_number",
        "seat": "seat_number",
    }.get(relation, relation)
    if name in _NAMELIKE and len(value.split()) > 4:
        return []
    kind = Kind.PREFERENCE if relation.startswith("favourite_") else Kind.FACT
    value = re.sub(r"^an? ", "", value) if relation in ("job",) else value
    return [Draft(relation, value, kind, lasting=relation not in ("birthday", "anniversary"))]


Rename = Callable[[re.Match[str], str], tuple[str, Draft]]
_NAMED_THING = r"(?:the|my|our) (?P<old>[\w' -]{3,30}?)"
_NEW = r"(?P<new>(?:the |(?-i:[A-Z])|[\"'“])[\w\"'”][\w\"'” -]{1,30}?)"
_RENAMES = (
    re.compile(rf"(?:we|I) (?:have )?(?:re)?named {_NAMED_THING} (?:to |as )?{_NEW}", re.IGNORECASE),
    re.compile(rf"(?:we|I) (?:have )?(?:now )?call(?:ed)? {_NAMED_THING} {_NEW}(?: now)?", re.IGNORECASE),
    re.compile(rf"(?:please )?(?:from now on,? )?call {_NAMED_THING} {_NEW}(?: from now on| now)?", re.IGNORECASE),
    re.compile(
        rf"{_NAMED_THING} (?:is|are|has been|was|is now) (?:now )?(?:called|known as|renamed(?: to)?) {_NEW}(?: now)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<old>[A-Z][\w-]+) (?:now )?(?:goes by|is now called|calls (?:him|her)self|is also known as|"
        r"changed (?:his|her) name to|is short for)(?: the name)? (?P<new>[A-Z][\w-]+)(?: now)?"
    ),
)
_MY_NAME = re.compile(
    r"(?:my name is (?:now |actually )?|I (?:now )?go by |I changed my name to |(?:please )?call me |"
    r"I am (?:now )?called |everyone calls me |people call me |friends call me )(?P<new>[A-Z][\w'-]+(?: "
    r"[A-Z][\w-]+)?)(?: now| from now on)?",
    re.IGNORECASE,
)


_FROM_NOW = re.compile(r"^from now on,?\s+|\s+from now on$", re.IGNORECASE)


def renamed(clause: str) -> tuple[str, str] | None:
    """(old name, new name), where a thing or person gets another name; the old is empty for the speaker's own."""
    clause, from_now = _FROM_NOW.subn("", clause)
    if found := _MY_NAME.fullmatch(clause):
        new = found["new"]
        return (
            ("", new)
            if new[0].isupper() and new.casefold() not in ("back", "later", "when", "if", "a", "tomorrow")
            else None
        )
    for shape in _RENAMES:
        if found := shape.fullmatch(clause):
            old, new = found["old"].strip(), found["new"].strip("\"'“” ")
            if shape is _RENAMES[3] and not from_now and not re.search(r"\b(?:now|renamed|known)\b", clause):
                return None
            usable = (
                old
                and new
                and old.casefold() != new.casefold()
                and not re.match(r"(?:on|in|at|for|to|about|and|back|later|again|when|if|office)\b", new)
            )
            return (old, new) if usable and old.split()[0].casefold() not in ROLES else None
    return None


_PUT = re.compile(
    rf"(?:(?:I|we) (?:have )?(?:always )?|you (?:will|can) )(?P<verb>find|put|"
    rf"left|keep|kept|store|stored|hid|hide|hung|placed|"
    rf"stashed|leave) (?:the|my|our) (?P<thing>[\w' -]+?) (?P<v>(?:(?:up|down|out|back) )?{_PLACE} .+)",
    re.IGNORECASE,
)
_ABOUT_ROLE = re.compile(
    r"(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)?) is (?:now )?(?:(?P<whose>my|our) |"
    r"(?P<owner>[A-Z][\w-]+)'s )(?:(?:best|good|old|older|younger|big|little|new|twin|oldest|eldest|"
    r"youngest|family|regular|usual|current|personal|dear|only|middle) )*(?P<role>[\w-]+(?:-in-law)?)",
    re.IGNORECASE,
)
_OF_MINE = re.compile(
    r"(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)?) is an? (?:\w+ )?(?P<role>friend|colleague|neighbour|cousin|"
    r"classmate|coworker) of mine"
)
_ROLE_NAME = re.compile(
    r"(?:[Mm]y|[Oo]ur|[Tt]he(?= (?:dog|cat|rabbit|puppy|kitten|hamster|parrot|horse|baby)\b)|"
    r"(?P<owner>[A-Z][\w-]+)'s) (?:(?:best|good|old|older|younger|big|little|new|twin|oldest|eldest|"
    r"youngest) )*(?P<role>[\w-]+)(?:'s name)? (?:is|are)(?: now)?(?: called|"
    r" named)? (?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)?)(?: now)?"
)
_FAVOURITE = re.compile(
    r"(?P<v>[\w' -]+?) (?:is|are) (?:(?P<mine>my)|(?P<owner>[A-Z][\w-]+)'s) (?:absolute |"
    r"all-time )?(?P<what>favourite(?: [a-z-]+){0,2})",
    re.IGNORECASE,
)


def put(clause: str) -> tuple[str, Draft] | None:
    """(thing, where), where somebody says where they put it."""
    found = _PUT.fullmatch(clause)
    if (
        not found
        or _NO_PLACE.match(found["v"])
        or not _SUITS_PLACE.match(re.sub(r"^(?:up|down|out|back) ", "", found["v"]))
    ):
        return None
    value = value_of(found["v"])
    keeps = found["thing"].casefold() not in ("kettle", "kids", "house", "light", "lights", "tv", "heating")
    return (found["thing"], Draft("located_at", value)) if value and keeps else None


def bearer(clause: str, speaker: str, household: str) -> tuple[str, str, str] | None:
    """(whose, role, name): "Tom is my boss", "my sister is called Eva", "Jo is a friend of mine"."""
    if found := _OF_MINE.match(clause):
        return speaker, found["role"], found["name"]
    if (found := _ABOUT_ROLE.fullmatch(clause)) and _is_role(found["role"]) and found["name"][0].isupper():
        owner = found["owner"] or (speaker if (found["whose"] or "").casefold() == "my" else household)
        return owner, found["role"].casefold(), found["name"]
    if (found := _ROLE_NAME.fullmatch(clause)) and _is_role(found["role"]):
        whose = found["owner"] or (speaker if clause[:2].casefold() == "my" else household)
        return whose, found["role"].casefold(), found["name"]
    return None


def favourite(clause: str) -> tuple[str, Draft] | None:
    """(whose, what): "green is my favourite colour"; whose is empty for the speaker."""
    found = _FAVOURITE.fullmatch(clause)
    if not found:
        return None
    value = value_of(found["v"], 4)
    relation = found["what"].casefold().replace(" ", "_").replace("-", "_")
    if not value or relation == "favourite":
        return None
    return found["owner"] or "", Draft(relation, value, Kind.PREFERENCE)


def _is_role(word: str) -> bool:
    return role_named(word) in ROLES


def ended_ownership(name: str, rest: str) -> list[Draft]:
    """An animal that died is owned no more."""
    return [Draft("owns", name, denied=True, ends=True)] if _DIED.fullmatch(rest) else []


def drafts_of(name: str, rest: str, *, asked: bool) -> Sequence[Draft]:
    """What is said of a thing, its end included."""
    return ended_ownership(name, rest) or thing(name, rest, asked=asked)

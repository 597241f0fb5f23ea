"""Whom or what a statement is about: "I", "we", "my wife Anna", "Bob", "Bob's birthday", "the spare key".

Must stay true: a capital letter at the head of a sentence is no name by itself; it takes a verb that people have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.facts.relations import ATTRIBUTES, PARTNERS, ROLES

WE = "we"
"""The household, as its members speak of it."""

ROLE = "|".join(
    sorted(
        {*ROLES, *PARTNERS, *"mum dad grandma granny grandpa roommate puppy kitten kid".split()}, key=len, reverse=True
    )
)
_NAME = r"[A-Z][\w-]*[a-z][\w-]*(?: (?:van |de |von |di )?[A-Z][\w-]+)?"
_VERB = (
    r"(?:is|was|are|were|has|lives|lived|works|worked|likes|loves|hates|dislikes|enjoys|adores|prefers|plays|speaks|"
    r"moved|will|can|does|drives|owns|studies|teaches|turned|turns|wears|goes|died|got|bought|sold|started|"
    r"quit|used|no longer|never|eats|drinks|grew|born|collects|sings|runs|swims|cooks|paints|stopped|"
    r"left|joined|promised|visited|needs)"
)
_NOT_NAMES = frozenset(
    "the this that these those there here it he she they we you i my our your his her their its what "
    "who where when why how "
    "which everything nothing something anything everyone everybody someone somebody anyone anybody nobody none one "
    "another other others some any all both each every many most few much more less today tomorrow yesterday tonight "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december spring summer autumn winter breakfast lunch dinner supper tea "
    "coffee life time "
    "work school home weather traffic music love money food god jesus christmas easter halloween not no yes ok okay "
    "maybe perhaps please thanks sorry just only even also so and but or if then now well oh hey hi "
    "hello such being having "
    "doing going getting seeing looking watching reading cooking running swimming playing working living moving family "
    "nature art sleep water science history english french german spanish italian people kids children guys folks mine "
    "yours ours recycling rubbish trash bedtime football choir yoga training practice church whoever "
    "whatever whichever half part rest muos alexa siri google computer with from for at in on to of "
    "as by about after before because although while since until once too very really absolutely dad mum mom".split()
) - {"dad", "mum", "mom"}

_FIRST = re.compile(
    r"(?P<who>I|[Ww]e|(?:[Mm]y|[Oo]ur) (?:whole )?(?:family|household)|(?:[Mm]y [\w-]+|"
    r"[A-Z][\w-]+) and I)\s+(?P<rest>\S.*)"
)
_KIN = re.compile(
    rf"(?i:(?P<whose>my|our)|(?P<owner>{_NAME})'s)\s+"
    rf"(?i:(?:(?:older|elder|younger|little|big|best|good|old|new|twin|eldest|youngest|oldest|lovely|"
    rf"dear|late|ex)[ -])*(?P<role>{ROLE}))"
    rf"(?:,?\s+(?P<name>(?-i:{_NAME})|(?!{_VERB}\b|and\b|or\b|who\b|that\b|not\b|to\b|from\b|in\b|at\b|"
    rf"with\b)[a-z]{{3,12}}(?=,? {_VERB}\b)))?,?"
    rf"(?P<has>'s)?\s+(?P<rest>\S.*)"
)
_NAMED = re.compile(
    rf"(?P<name>{_NAME}|[a-z]{{3,12}}(?= (?:is allergic|is vegetarian|is vegan|lives in|"
    rf"works at)\b))\s+(?P<rest>{_VERB}\b.*)"
)
_OWNED = re.compile(rf"(?P<name>{_NAME}|[a-z]{{3,12}})'s\s+(?P<rest>\S.*)")
_PRONOUN = re.compile(r"(?P<who>[Ss]?[Hh]e|[Ss]he|He)\s+(?P<rest>\S.*)")
_HIS = re.compile(r"(?:[Hh]is|[Hh]er)\s+(?P<rest>\S.*)")
_THING = re.compile(
    r"(?i:(?P<whose>the|my|our)\s+|(?P<bare>(?=(?:dinner|breakfast|lunch|supper|bedtime|football|choir|"
    r"yoga|swimming|training|practice|church|recycling|rubbish|trash|"
    r"school)\b)))(?P<thing>[\w'+&-]+(?: (?!is\b|are\b|was\b|has\b)[\w'+&-]+){0,4}?)\s+"
    r"(?P<rest>(?:is|are|was|were|go|goes|opens?|closes?|starts?|gets?|comes?|belongs?|costs?|lives?|"
    r"arrives?|takes place|runs?|died|ran|leaves?|departs?|lands?|ends?|finishes|has been|got)\b.*)"
)
_ATTRIBUTE = "|".join(sorted((re.escape(each) for each in ATTRIBUTES), key=len, reverse=True))
_ATTRIBUTED = re.compile(
    rf"(?:new |current |own )?(?P<attribute>favourite(?: [a-z-]+){{1,3}}?|(?:{_ATTRIBUTE}))\s+(?:is|are|"
    rf"was|will be)\s+(?P<value>(?!not\b)\S.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class About:
    """The subject of a statement, and what is said of it."""

    name: str
    rest: str
    """From the verb on; of an attribute, its value."""
    person: bool = True
    first: bool = False
    """The speaker, or those they speak for."""
    attribute: str = ""
    role: tuple[str, str, str] | None = None
    """(whose, role, name), where the statement names who bears a role: "my wife Anna"."""
    shown: str = ""
    """The name as a sentence has it."""


def read_subject(clause: str, speaker: str, last: str) -> About | None:
    """What the clause is about; `last` is the one person named so far, whom "she" means."""
    if found := _FIRST.fullmatch(clause):
        return About(speaker if found["who"] == "I" else WE, found["rest"], first=True)
    if found := _KIN.fullmatch(clause):
        return _kin(found, speaker)
    whose = {"my": speaker, "our": WE}.get(clause.partition(" ")[0].casefold())
    if whose and (owned := _attribute(whose, clause.partition(" ")[2])):
        return owned
    return _named(clause, last) or _measured(clause, speaker) or _thing(clause, speaker)


_MEASURED = re.compile(
    r"(?i:the|my|our) (?P<thing>[\w' -]+?)'s (?P<what>(?:[\w-]+ )?(?:size|type|number|model|length|width|brand|"
    r"voltage)) "
    r"(?:is|are) (?P<value>(?!not\b)\S.*)"
)


def _measured(clause: str, speaker: str) -> About | None:
    """ "The heater's filter size is 16x20"."""
    found = _MEASURED.fullmatch(clause)
    if not found:
        return None
    name = f"{speaker}'s {found['thing']}" if clause[:3].casefold() == "my " else found["thing"]
    return About(name, found["value"], person=False, attribute=found["what"].casefold())


def _named(clause: str, last: str) -> About | None:
    if (found := _NAMED.fullmatch(clause)) and is_name(found["name"]):
        return About(found["name"], found["rest"])
    if (found := _OWNED.fullmatch(clause)) and is_name(found["name"]):
        return _attribute(found["name"], found["rest"]) or _property(found["name"], found["rest"])
    if last and (found := _PRONOUN.fullmatch(clause)):
        return About(last, found["rest"])
    if last and (found := _HIS.fullmatch(clause)):
        return _attribute(last, found["rest"])
    return None


def is_name(word: str) -> bool:
    """Whether it can be somebody's name."""
    return word.split(maxsplit=1)[0].casefold() not in _NOT_NAMES


def _kin(found: re.Match[str], speaker: str) -> About | None:
    owner = found["owner"] or (speaker if found["whose"].casefold() == "my" else WE)
    if found["owner"] and not is_name(found["owner"]):
        return None
    role, name, rest = found["role"].casefold(), found["name"], found["rest"]
    if name and not is_name(name):
        return None
    name = name and (name if name[0].isupper() else name.capitalize())
    bears = (owner, role, name) if name else None
    subject = name or f"{owner}'s {role}"
    if found["has"]:
        owned = _attribute(subject, rest)
        return owned and About(owned.name, owned.rest, attribute=owned.attribute, role=bears)
    return About(subject, rest, role=bears)


def _attribute(owner: str, rest: str) -> About | None:
    found = _ATTRIBUTED.fullmatch(rest)
    return About(owner, found["value"], attribute=found["attribute"].casefold()) if found else None


def _property(owner: str, rest: str) -> About | None:
    found = _THING.fullmatch(f"the {rest}")
    return About(f"{owner}'s {found['thing']}", found["rest"], person=False) if found else None


_MODAL = re.compile(
    r"\b(?:must|can|will|would|should|may|might|do|does|did|and|that|who|which|I|you|we|he|she|they|it|"
    r"to|for|when|if|not)\b"
)


def _thing(clause: str, speaker: str) -> About | None:
    found = _THING.fullmatch(clause)
    if not found or _MODAL.search(found["thing"]):
        return None
    whose, thing = (found["whose"] or "").casefold(), found["thing"]
    name = f"{speaker}'s {thing}" if whose == "my" else thing
    return About(name, found["rest"], person=False, shown={"my": name, "": thing}.get(whose, f"the {thing}"))

"""What is known of relations: which can hold only once, which exclude each other; and when two names are the same.

Must stay true: `fold_name` and `fold_value` are stored with claims and make up ids of facts, so a change to them asks
for a new `VERSION` of the drawing.
"""

from __future__ import annotations

import re

SAME_AS = "same_as"
"""Two names of one thing."""

PARTNERS = frozenset("wife husband spouse partner girlfriend boyfriend fiancé fiancée fiance fiancee".split())
_SAME_ROLE = dict.fromkeys(PARTNERS, "partner") | {
    "mum": "mother",
    "mom": "mother",
    "mama": "mother",
    "dad": "father",
    "papa": "father",
    "grandma": "grandmother",
    "granny": "grandmother",
    "grandpa": "grandfather",
    "granddad": "grandfather",
    "kid": "child",
    "puppy": "dog",
    "kitten": "cat",
    "flat mate": "flatmate",
    "roommate": "flatmate",
}
ONE_OF_A_KIND = frozenset(
    "partner mother father boss manager landlord landlady doctor dentist gp vet hairdresser accountant "
    "lawyer therapist "
    "plumber electrician cleaner babysitter childminder mechanic tutor coach ex mother-in-law father-in-law".split()
)
"""Roles that one person at a time has for another."""
MANY_OF_A_KIND = frozenset(
    "sister brother daughter son child twin aunt uncle niece nephew cousin grandmother grandfather "
    "grandson granddaughter "
    "friend flatmate housemate neighbour colleague coworker teacher dog cat rabbit hamster parrot horse pony tortoise "
    "turtle budgie pet stepmother stepfather stepson stepdaughter sister-in-law brother-in-law son-in-law "
    "daughter-in-law godmother godfather godson goddaughter classmate teammate assistant trainer".split()
)
ROLES = ONE_OF_A_KIND | MANY_OF_A_KIND

ATTRIBUTES = frozenset(
    (
        "name|surname|middle name|maiden name|first name|last name|full name|nickname|birthday|date of birth|"
        "phone|phone number|mobile|mobile number|telephone number|number|email|email address|address|postcode|zip code|"
        "blood type|blood group|shoe size|shirt size|dress size|ring size|trouser size|hat size|"
        "clothes size|size|height|"
        "weight|star sign|zodiac sign|hometown|home town|age|job|occupation|profession|employer|company|school|locker|"
        "locker number|seat|seat number|licence plate|license plate|number plate|plate|registration|username|user name|"
        "anniversary|wedding anniversary|name day|nationality|native language|mother tongue|religion|eye colour|"
        "hair colour|hobby|wifi network|wifi name|network name|wi-fi network|wi-fi name|wifi network name|"
        "insurance number|policy number|membership number|member number|customer number|library card number|"
        "frequent flyer number|flat number|room number|parking spot|parking space|desk|office|team|"
        "middle initial|pronouns|glasses prescription|waist|inseam|bedtime|dinner time|lunch time"
    ).split("|")
)
_SINGLE = frozenset(
    "lives_in home works_at works_in job age birthday born_in partner name phone email address parked "
    "located_at happens "
    "opens closes closed blood_type diet marital_status children height weight gets_up bedtime is_a colour "
    "state school studies_at "
    "from bank drives married_since lives_with collected costs".split()
)
OPPOSITES = {"likes": "dislikes", "dislikes": "likes"}
"""Who comes to like a thing no longer dislikes it."""


def is_single(relation: str) -> bool:
    """Whether only one value of it can hold at a time."""
    return (
        relation in _SINGLE
        or relation in ONE_OF_A_KIND
        or relation.startswith(("favourite_", "takes_"))
        or relation.replace("_", " ") in ATTRIBUTES
    )


def role_named(word: str) -> str:
    """One word for a role that has several: wife → partner, mum → mother."""
    return _SAME_ROLE.get(word.casefold(), word.casefold())


_LEADING = re.compile(r"(?:(?:the|my|our|a|an|his|her|their|your)\s+)+")
_ROLE_AT_END = re.compile(r"('s )([\w-]+)$")
_WORD = re.compile(r"[\w'@.+#/-]*\w")
_EDGES = ' \t\n.,;:!?"“”()'


def fold_name(name: str) -> str:
    """Equal for ways to write the same name: "The Cabin", "our cabin"; "Ann's wife", "ann's partner"."""
    plain = " ".join(name.casefold().replace("’", "'").split()).strip(_EDGES)
    plain = _LEADING.sub("", plain, count=1) if _LEADING.match(plain) else plain
    return _ROLE_AT_END.sub(lambda found: found[1] + role_named(found[2]), plain)


def fold_value(value: str) -> str:
    """Equal for values that say the same: case, articles and plurals aside."""
    return " ".join(words_of(value))


def words_of(value: str) -> list[str]:
    """The words of a value that tell it from others."""
    found = _WORD.findall(value.casefold().replace("’", "'"))
    return [_singular(word) for word in found if word not in _NO_MATTER] or found


def covers(said: str, value: str) -> bool:
    """Whether a denial of this speaks of that value: "the car" of "a blue car"; nothing in particular of all."""
    return not said.strip() or set(words_of(said)) <= set(words_of(value))


def keeps(said: str, promised: str) -> bool:
    """Whether this deed is what was promised: "called Anna" keeps "call her", "taxes" keeps "do the taxes"."""
    deed, promise = words_of(said), words_of(promised)
    if not deed or not promise:
        return False
    if set(deed) <= set(promise):
        return True
    if _DEEDS.get(deed[0], deed[0]) != _DEEDS.get(promise[0], promise[0]):
        return False
    what, wanted = set(deed[1:]) - _PARTICLES or set(deed[1:]), set(promise[1:]) - _PARTICLES or set(promise[1:])
    return bool(what & wanted) or wanted <= _WHOEVER or what <= _WHOEVER


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word


_NO_MATTER = frozenset("a an the my our his her their some any of to for with".split()) - {"her"}
_PARTICLES = frozenset("up back off out away down in over round on new".split())
_DEEDS = {
    word: words.split()[0]
    for words in (
        "call ring phone",
        "return give bring hand",
        "fix repair mend",
        "clean wash tidy clear scrub",
        "buy get order",
        "send mail post email",
        "pay settle transfer",
        "collect fetch pick",
        "mow cut",
        "cook make bake",
        "visit see",
        "hoover vacuum",
        "book reserve arrange schedule",
    )
    for word in words.split()
}
"""Deeds that people call by several names."""
_WHOEVER = frozenset("her him them it he she they that this back".split())

"""What people own, play, speak, do every week, where they have been."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.facts.drawing import values
from memory.facts.drawing.draft import Draft, of_each
from memory.facts.drawing.shapes import Found, Shapes, former, simple, verb
from memory.facts.drawing.values import value_of, values_of
from memory.facts.relations import ROLES, role_named

PLAY = verb("play", "playing", "played")


_GOT = "(?:have|has)(?: got)?"


def _owns(found: Found) -> Sequence[Draft]:
    said = re.sub(r"^(?:got )?(?:myself |ourselves |himself |herself )?", "", found["v"])
    if named := re.match(r"(?:an? )?(?:\w+ )?(?P<role>[\w-]+) (?:named|called) (?P<name>[A-Z][\w-]+)", said):
        role = named["role"].casefold()
        if role in values.PETS or role_named(role) in ROLES:
            return [Draft(role_named(role), named["name"])]
    if family := re.match(
        r"(?P<n>\d|an?|one|two|three|four|five|six|no) (?:(?:little|older|younger|big|small|grown-up|adult|"
        r"young|elder|twin|teenage) )?(?P<what>kids?|child(?:ren)?|sons?|daughters?|brothers?|sisters?|"
        r"siblings?|twins|grandchild(?:ren)?|nephews?|nieces?)\b",
        said,
    ):
        relation = "children" if re.match("kid|child", family["what"]) else "family"
        names = _NAMES.match(said[family.end() :])
        return [Draft(relation, f"{family[0]}, {names[1]}" if names else family[0])]
    if illness := values.ILLNESS.match(said):
        return [Draft("condition", illness[0])]
    if allergy := _ALLERGY.match(said):
        return of_each(values_of(allergy["v"] or allergy["w"]), "allergic_to")
    new = re.match(
        r"(?:an?|some|two|three|four|five|my|our|the) (?:(?:brand )?new|used|second-hand|secondhand|old)\b", said
    )
    listed = [value_of(re.sub(r"^(?:my|our|the)\s+", "", value)) for value in values_of(said)]
    found_owned = [
        value for value in listed if value and (values.is_owned(value) or values.is_car(value)) and _HELD.match(value)
    ]
    begins = found["got"] is not None
    if (
        begins
        and not new
        and not all(re.match(r"(?:an?|two|three|four|my|our)\b|[A-Z]", value) for value in values_of(said))
    ):
        return []
    return [draft.but(begins=begins) for draft in of_each(found_owned, "owns")]


_ALLERGY = re.compile(r"(?:an? )?(?:\w+ )?allergy to (?P<w>.+)|(?:an? )?(?:\w+ )?(?P<v>(?!an?\b)[\w-]+) allergy\b")
_HELD = re.compile(r"(?:an?|two|three|four|five|six|ten|several|some|lots of|\d+|another) |[A-Z]|[\w-]+(?: [\w-]+)?$")


def _takes(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"\s+(?:every|each|once|twice|daily|in the|at|before|after|with)\b.*", "", found["v"]))
    return [Draft("medication", value)] if value else []


def _collects(found: Found) -> Sequence[Draft]:
    return [] if _FETCHED.match(found["v"]) else [Draft("hobby", f"collecting {found['v']}")]


_FETCHED = re.compile(r"(?:the|my|our|his|her|their|your|this|these|those|some|all|kids|things|children)\b")


def _gone(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"^(?:my|our|the|his|her)\s+", "", re.sub(r"\s+(?:to|for|on|at)\b.*", "", found["v"])))
    return [Draft("owns", value, denied=True, ends=True)] if value else []


def _plays(found: Found) -> Sequence[Draft]:
    kept = [
        re.sub(r"^(?:the|a) ", "", value)
        for value in values_of(re.sub(r"\s+(?:in|on|at|with|every|for|since)\b.*", "", found["v"]))
    ]
    return of_each(
        [value for value in kept if value.casefold() in values.PLAYED or value.split()[-1].casefold() in values.PLAYED],
        "plays",
    )


def _speaks(found: Found) -> Sequence[Draft]:
    words = re.findall(r"[A-Za-z]+", re.split(r"\b(?:but|to|with|at|because)\b", found["v"])[0])
    return of_each([word.capitalize() for word in words if word.casefold() in values.LANGUAGES], "speaks")


def _habit(found: Found) -> Sequence[Draft]:
    value = f"{re.sub('(?<=[a-z])s$', '', found['verb']) if found['verb'] != 'goes' else 'go'} {found['v']}".strip()
    return [Draft("habit", value, lasting=False)] if len(value.split()) <= 9 else []


def _visited(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"\s+(?:with|for|on|to|and (?:had|loved|saw|it))\b.*", "", found["v"]), 4)
    return [Draft("visited", value, begins=True)] if value and value[0].isupper() else []


_NAMES = re.compile(
    r"(?:,| called| named|:) ((?-i:[A-Z])[\w-]+(?:, (?-i:[A-Z])[\w-]+)*,? and (?-i:[A-Z])[\w-]+)$", re.IGNORECASE
)
_EVERY = (
    r"(?:every (?:other )?(?:day|morning|evening|night|week|weekend|month|year|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday)s?|on (?:mon|tues|wednes|thurs|fri|satur|sun)days|on (?:mon|tues|wednes|"
    r"thurs|fri|satur|sun)day "
    r"(?:mornings|afternoons|evenings|nights)|(?:once|twice|"
    r"three times|four times) a (?:day|week|month|year)|on weekends|at weekends|each (?:morning|evening|"
    r"week|day))"
)


def _parked(said: str) -> str:
    said = re.sub(
        r"^(?:the|my|our) (?:\w+ )?(?:car|van|bike|truck|motorbike|volvo|scooter|bicycle)\s+",
        "",
        said,
        flags=re.IGNORECASE,
    )
    return (
        value_of(said)
        if re.match(
            r"(?:in|on|at|behind|near|next|outside|opposite|by|under|level|row|beside|across|along|around|over|down)\b",
            said,
        )
        else ""
    )


SHAPES: Shapes = (
    (r"(?P<got>(?:have |has )?(?:bought|adopted|acquired|purchased|inherited|got) )(?P<v>.+)", _owns),
    (rf"(?:{_GOT}|owns?|(?:am|is|are) the owner of)(?P<got>(?!)x)? (?P<v>.+)", _owns),
    (
        r"(?:drives?|rides?) (?P<v>(?:an?|my|the) .+)",
        lambda found: (
            [Draft("drives", value)]
            if (value := value_of(found["v"], 5)) and values.is_owned(value) | value.split()[-1][0].isupper()
            else []
        ),
    ),
    (
        r"(?:have |has )?(?:sold|got rid of|gave away|given away|scrapped|donated) (?P<v>(?:my|our|the|his|her) .+)",
        _gone,
    ),
    (rf"{PLAY} (?P<v>.+)", _plays),
    (r"played (?:the )?(?P<v>.+)", former(_plays)),
    (
        r"(?:speaks?|(?:am|is|are) fluent in|(?:am|is|are) native in|knows? (?=[A-Z])) ?(?:fluent |native |"
        r"some |a little |a bit of |good )?(?P<v>.+)",
        _speaks,
    ),
    (r"(?:takes?|wears?) (?:a )?(?:shoe )?size (?P<v>[\w/.]+)", simple("size")),
    (r"(?:takes?|(?:am|is|are) on|(?:am|is|are) taking) (?P<v>\d[\d.,]* ?(?:mg|mcg|ml|g|µg|units)\b.+)", _takes),
    (r"collects? (?P<v>(?:\w+ )?[a-z]+s)", _collects),
    (r"(?:supports?|roots? for) (?P<v>[A-Z][\w-]+(?: [A-Z][\w-]+)?)", simple("team")),
    (
        r"wears? (?P<v>glasses|contact lenses|contacts|hearing aids?|a hearing aid|braces|dentures)\b.*",
        simple("wears"),
    ),
    (
        r"(?:gets? up|wakes? up|rises?) (?P<v>(?:at|around|before|by) (?:about )?(?:\d|five|six|seven|eight|"
        r"nine|ten|half|quarter)[\w :.]*)",
        simple("gets_up"),
    ),
    (
        r"(?:goes|go) to (?:bed|sleep) (?P<v>(?:at|around|before|by) (?:about )?(?:\d|eight|nine|ten|eleven|"
        r"midnight|half|quarter)[\w :.]*)",
        simple("bedtime"),
    ),
    (
        rf"(?P<verb>goes|go|swims?|runs?|jogs?|cycles?|bikes?|hikes?|meditates?|exercises?|trains?|visits?|"
        rf"cooks?|calls?|volunteers?|sings?|dances?|attends?|practi[cs]es?|does|do|has|have|walks?|"
        rf"meets?) (?P<v>(?!to be|my best)[\w' -]*?(?i:{_EVERY})\b[\w :]*)",
        _habit,
    ),
    (
        r"(?:have|has) (?:been to|visited) (?P<v>.+)|visited (?P<w>[A-Z].+)",
        lambda found: (
            _visited(found)
            if found["v"]
            else [Draft("visited", value, begins=True)]
            if (value := value_of(re.sub(r"\s+(?:with|for|on|to)\b.*", "", found["w"]), 4))
            else []
        ),
    ),
    (r"owes? (?P<v>(?:me|[A-Z]\w+|my \w+) [\w €$£.]+)", simple("owes")),
    (r"(?:am|is|are) (?:also )?(?:called|known as|nicknamed) (?P<v>[A-Z][\w-]+)", simple("same_as")),
    (r"(?:go|goes) by(?: the name(?: of)?)? (?P<v>[A-Z][\w-]+)\b.*", simple("same_as")),
    (
        r"(?:have |has )?parked (?P<v>.+)",
        lambda found: [Draft("parked", value, begins=True)] if (value := _parked(found["v"])) else [],
    ),
    (
        r"(?:am|is|are) parked (?P<v>.+)",
        lambda found: [Draft("parked", value)] if (value := _parked(found["v"])) else [],
    ),
)

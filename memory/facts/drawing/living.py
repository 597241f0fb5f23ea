"""Where people live, what they work and learn, when they were born."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.facts.drawing.draft import Draft
from memory.facts.drawing.shapes import Found, Shapes, former, simple, verb
from memory.facts.drawing.values import value_of, values_of

LIVE = verb("live", "living", "lived") + "|(?:have|has) settled(?: down)?"


WORK = verb("work", "working", "worked")


STUDY = verb("study", "studying", third="studies")


def _lives(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"\s+(?:with|near|next to|close to|right)\b.*", "", found["v"]))
    if not value or re.match(
        r"(?:fear|hope|peace|the past|the moment|hell|harmony|a (?:dream|bubble|hotel|tent)|"
        r"an? \w+ (?:world|time)|pairs|each|my (?:head|dreams))",
        value,
        re.IGNORECASE,
    ):
        return []
    return [Draft("lives_in" if _is_place(value) else "home", value)]


def _is_place(value: str) -> bool:
    return (
        re.match(
            r"(?:an?|the (?!netherlands|hague|us|uk|usa|states|north|south|east|west|bronx|city of)|my|our|his|"
            r"her|their|number|\d)\b",
            value,
            re.IGNORECASE,
        )
        is None
    )


def _moved(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"\s+(?:with|to be|from|near|for)\b.*", "", found["v"]))
    place = (
        value
        and _is_place(value)
        and not re.match(r"(?:plan|next|level|bed|tears|another|different|slide|phase)\b", value, re.IGNORECASE)
    )
    return [Draft("lives_in", value, begins=True)] if place else []


def _works(found: Found) -> Sequence[Draft]:
    said = found["v"]
    job, _at, place = re.sub(r"\s+(?:with|near)\b.*", "", said).partition(" at ")
    drafts: list[Draft] = []
    how = found["how"].casefold()
    if how == "as":
        job, for_, employer = job.partition(" for ")
        job, _, _ = job.partition(" in ")
        if value := value_of(re.sub(r"^(?:an?|the)\s+", "", job)):
            drafts.append(Draft("job", value))
        place = place or (employer if for_ else "")
    elif how == "in":
        value = value_of(job, 3)
        drafts += (
            [Draft("works_in", value)]
            if value
            and not re.match(
                r"(?:progress|shifts|pairs|silence|my|the (?:garden|kitchen|morning|evening|afternoon))", value
            )
            else []
        )
    else:
        place = said
    if (employer := value_of(re.sub(r"\s+(?:as|in|on|with|from)\b.*", "", place))) and not re.match(
        r"(?:home|night|nights|weekends|myself|free|least|full|a living|all|hours|now)\b", employer, re.IGNORECASE
    ):
        drafts.append(Draft("works_at", employer))
    if how != "as" and (job_as := re.search(r"\bas an? (.+)", said)) and (value := value_of(job_as[1])):
        drafts.append(Draft("job", value))
    return drafts


def _joined(found: Found) -> Sequence[Draft]:
    value = value_of(re.sub(r"\s+(?:as|in|on|with)\b.*", "", found["v"]))
    named = value and (
        value[0].isupper()
        or re.match(
            r"the [\w ]*(?:hospital|bank|school|university|library|museum|bakery|post office|council|city|hotel|"
            r"clinic|firm|company|airport|station)",
            value,
        )
    )
    return [Draft("works_at", value, begins=True)] if named else []


def _left(found: Found) -> Sequence[Draft]:
    value = value_of(found["v"] or "")
    value = (
        re.sub(r"^(?:my|the|his|her|our) (?:old )?(?:job|position|work|post)(?: (?:at|with|for) )?", "", value)
        if value
        else ""
    )
    return [Draft("works_at", value, denied=True, ends=True)]


def _aged(found: Found) -> Sequence[Draft]:
    said = found["v"]
    return [Draft("age", said, begins=True)] if not said.isdigit() or 0 < int(said) < 120 else []


def _learns(found: Found) -> Sequence[Draft]:
    return [
        Draft("learning", value, begins=True)
        for value in values_of(found["v"])
        if not re.match(r"(?:about|how|that|from|more|with|lots|tons|new|as|an? (?:lot|ton|bit|few))\b", value)
    ]


def _studies(found: Found) -> Sequence[Draft]:
    subject, at, place = found["v"].partition(" at ")
    drafts = (
        [Draft("studies", value)]
        if (value := value_of(subject, 4)) and not re.match(r"(?:for|at|hard|in|with|the|every)\b", value)
        else []
    )
    return [*drafts, Draft("studies_at", school)] if at and (school := value_of(place)) else drafts


def _born(found: Found) -> Sequence[Draft]:
    drafts = []
    if found["place"] and (place := value_of(found["place"])):
        drafts.append(Draft("born_in", place, lasting=False))
    if found["date"] and found["date"].isdigit():
        drafts.append(Draft("birth_year", found["date"], lasting=False))
    elif found["date"]:
        drafts.append(Draft("birthday", value_of(found["date"].replace(",", "")), lasting=False))
    return drafts


_DATE = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Z][a-z]+(?:,? \d{4})?|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|"
    r"th)?(?:,? \d{4})?|[A-Z][a-z]+ \d{4}|\d{4}(?:-\d\d-\d\d)?)"
)


_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    rf"(?:(?:{_TENS})(?:-(?:{_ONES}))?|{_ONES}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    rf"eighteen|nineteen)"
)
_SCHOOL = (
    r"(?:the )?[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)*(?: (?:primary|secondary|high|music|middle|grammar))? "
    r"(?i:school|nursery|kindergarten|college|university|academy|gymnasium|preschool|creche)"
)


SHAPES: Shapes = (
    (rf"(?:{LIVE}) (?:in|at|on) (?P<v>.+)", _lives),
    (rf"(?:{LIVE}) with (?P<v>(?:my|his|her|our|[A-Z]).+)", simple("lives_with")),
    (r"lived (?:in|at) (?P<v>.+)", former(_lives)),
    (r"(?:have |has )?(?:moved|relocated) (?:back |over |house |out |up |down )?(?:to|into) (?P<v>.+)", _moved),
    (
        r"(?:have |has )?moved out of (?P<v>.+)",
        lambda found: [draft.but(denied=True, begins=False, ends=True) for draft in _moved(found)],
    ),
    (rf"(?:goes|go|has gone|started|starts|went|is going|moved) (?:to|at|in) (?P<v>{_SCHOOL})", simple("school", 5)),
    (
        rf"(?:attends?|(?:am|is|are) (?:a (?:pupil|student) )?at|(?:am|is|are) enrolled (?:at|in)) (?P<v>{_SCHOOL})",
        simple("school", 5),
    ),
    (rf"(?:{WORK}) (?P<how>at|for|as|in) (?P<v>.+)", _works),
    (r"worked (?P<how>at|for|as|in) (?P<v>.+)", former(_works)),
    (
        r"(?:have |has )?(?:started (?:(?:working|work|a (?:new )?job|my new job|a new position) )?(?:at|"
        r"with|for)|joined|got a (?:new )?job (?:at|with)|was hired by|got hired (?:by|at)|took a job (?:at|"
        r"with)|(?:am|is|are) employed (?:at|by)) (?P<v>.+)",
        _joined,
    ),
    (
        r"(?:have |has )?(?:left|quit|resigned from) (?P<v>[A-Z].*|(?:my|the|his|her|our) (?:old )?(?:job|position).*)",
        _left,
    ),
    (
        r"(?:goes?|(?:have |has )?(?:switched|changed|gone|moved)) to (?P<v>Dr [A-Z][\w-]+)",
        simple("doctor", begins=True),
    ),
    (r"(?:was|were|got|have been|has been) (?:laid off|fired|made redundant)(?: (?:by|from) (?P<v>.+))?", _left),
    (
        r"(?:(?:am|is|are) (?:now )?|have |has |got )?retired\b.*",
        lambda found: [Draft("job", "retired", begins=True), Draft("works_at", "", denied=True)],
    ),
    (r"(?:am|is|are) (?P<v>\d{1,3})(?: years? old| years? of age)?", _aged),
    (rf"(?:am|is|are) (?P<v>{_NUMBER})(?: and a half)?(?: years? old| months old| years? of age)", _aged),
    (rf"(?:have |has )?(?:turned|turns|just turned) (?P<v>\d{{1,3}}|{_NUMBER})\b.*", _aged),
    (r"(?:am|is|are|come|comes)(?: originally)? from (?P<v>[A-Z].+)", simple("from", 4)),
    (r"grew up (?:in|on|near) (?P<v>.+)", simple("grew_up_in")),
    (
        rf"(?:was|were|am|is) born(?: (?:in|at) (?P<place>(?!\d|(?:January|February|March|April|May|June|"
        rf"July|August|September|October|November|December)\b)[A-Za-z][\w' -]*?))?(?: (?:on|"
        rf"in) (?:the )?(?P<date>{_DATE}))?",
        _born,
    ),
    (
        r"(?:(?:am|is|are|have been|has been) (?:learning|taking lessons in)|(?:have |"
        r"has )?(?:started (?:learning|taking)|took up|taken up|begun learning)) (?P<v>.+)",
        _learns,
    ),
    (rf"(?:{STUDY}) (?P<v>.+)", _studies),
    (r"studied (?P<v>.+)", former(_studies)),
    (
        r"teach(?:es)? (?P<v>[\w ]+)",
        lambda found: (
            [Draft("teaches", value)] if (value := value_of(re.sub(r"\s+(?:at|in|to)\b.*", "", found["v"]), 3)) else []
        ),
    ),
)

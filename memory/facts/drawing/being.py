"""What people are: of what trade, how they eat, whose partner, how tall."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.facts.drawing import values
from memory.facts.drawing.draft import Draft, of_each
from memory.facts.drawing.shapes import Found, Shapes, former, simple
from memory.facts.drawing.values import value_of, values_of


def _is_a(found: Found) -> Sequence[Draft]:
    said = found["v"]
    if diet := values.DIET.match(said):
        return [Draft("diet", diet["diet"].casefold().replace("-", " "))]
    value, _, place = value_of(
        re.sub(r"^an?\s+", "", said).replace(" for ", " at ").replace(" by profession", "").replace(" by trade", "")
    ).partition(" at ")
    job = value.partition(" in ")[0]
    if found["art"] and values.is_job(job):
        drafts = [Draft("job", job)]
        return [*drafts, Draft("works_at", place)] if place and not place.startswith("heart") else drafts
    return []


def _is(found: Found) -> Sequence[Draft]:
    said = found["v"]
    if diet := values.DIET.fullmatch(value_of(said)):
        return [Draft("diet", diet["diet"].casefold().replace("-", " "))]
    if health := values.HEALTH.match(said):
        return [Draft("health", health[0].casefold())]
    return []


def _allergic(found: Found) -> Sequence[Draft]:
    return of_each(values_of(found["v"]), "allergic_to")


def _partner(found: Found) -> Sequence[Draft]:
    return [Draft("partner", value)] if (value := value_of(found["v"], 3)) and value[0].isupper() else []


SHAPES: Shapes = (
    (r"(?:am|is|are) (?:very |severely |highly |deathly |also |badly |terribly )*allergic to (?P<v>.+)", _allergic),
    (
        r"(?:am|is|are|have been|has been|got|(?:have |has )?got)(?: happily| now)? (?:married|engaged) to "
        r"(?P<v>[A-Z][\w-]+(?: [A-Z][\w-]+)?)\b.*",
        _partner,
    ),
    (
        r"(?:have |has )?(?:broken|sprained|fractured|twisted) (?:my|his|her|their|our) "
        r"(?P<v>(?:left |right )?(?:wrist|arm|leg|ankle|foot|toe|finger|thumb|hand|hip|collarbone|shoulder|knee|"
        r"nose|elbow))"
        r"\b.*",
        lambda found: [Draft("condition", f"a broken {found['v']}", begins=True)],
    ),
    (
        r"(?:have been |has been |(?:am|is|are) )?(?:dating|seeing|engaged to|"
        r"going out with) (?P<v>[A-Z][\w-]+(?: [A-Z][\w-]+)?)\b.*",
        _partner,
    ),
    (
        r"(?:am|is|are)(?: happily| still)? (?P<v>married|single|divorced|widowed|engaged|separated)",
        simple("marital_status"),
    ),
    (r"(?:have |has )?got (?P<v>married|divorced|engaged)\b.*", simple("marital_status", begins=True)),
    (
        r"(?:have |has )?(?:gone|went|became|become|turned|turned into|qualified as|trained as|been made|been "
        r"promoted to)"
        r"(?: (?P<art>an?))? (?P<v>.+)",
        lambda found: [draft.but(begins=True) for draft in (_is_a(found) if found["art"] else _is(found))],
    ),
    (
        r"(?:have |has )?(?:broke up|split up|broken up|separated)(?: with (?P<v>[A-Z][\w-]+))?",
        lambda found: [Draft("partner", found["v"] or "", denied=True, ends=True)],
    ),
    (r"(?:am|is|are) (?P<art>an?) (?P<v>.+)", _is_a),
    (r"(?:was|were) (?P<art>an?) (?P<v>.+)", former(_is_a)),
    (
        r"(?:am|is|are) (?P<v>.+ (?:tall|cm|metres|meters|feet))",
        lambda found: (
            [Draft("height", value_of(re.sub(r"\s+tall$", "", found["v"])))] if re.match(r"\d", found["v"]) else []
        ),
    ),
    (r"weighs? (?P<v>\d.+)", simple("weight", 4)),
    (r"(?:am|is|are) (?P<v>.+)", _is),
)

"""Which little words lead to which parameter: "from" to an origin, "by" to an author, "for" to a duration.

Keys are the stems of words in a parameter's name or description. A direction (origin, destination, end …)
outweighs what kind of thing the value is (a city, a date).
"""

from __future__ import annotations

from models.reflex.filling.words import stem


def _table(text: str) -> dict[str, frozenset[str]]:
    """Lines of "words: leads" as a table from stem to leads."""
    table: dict[str, frozenset[str]] = {}
    for line in text.strip().splitlines():
        words, _, leads = line.partition(":")
        for word in words.split():
            table[stem(word)] = table.get(stem(word), frozenset()) | frozenset(leads.split())
    return table


DIRECTIONS = _table("""
from origin source: from
departure depart leaving outbound: from leaving departing leave depart starting out
pickup: from at picked
sender payer: from
start begin since checkin after: from starting start begins beginning since between after arriving
to into destination: to into towards toward for against versus vs
arrival arrive arriving dropoff: to at towards arriving
recipient receiver payee addressee beneficiary assignee: to for
return back inbound: returning return back coming
end until finish checkout before deadline due: to until till ending end through and before by leaving
target: to into in
max maximum highest cheaper limit upper: under below most max maximum within than
min minimum lowest least lower: over above least min minimum than
""")

LEADS = _table("""
city town country state region county: in near for around to from of
place area zone neighborhood neighbourhood: in at near for around to from of
location where: in at near for around from of
building: in at
company employer organization organisation workplace: at with for of
address street venue hotel restaurant store shop airport station theater theatre cinema bar: at from to near for
room: in
whole: of
artist author singer band composer writer creator musician performer: by from of
director: by directed
actor actress cast star starring: with starring featuring
name title label nickname: called named titled labelled labeled entitled named
subject topic theme about issue: about on regarding titled of
query keyword term search question phrase: for about
album: from on off
playlist list: to on from off in onto
device platform app application channel network website speaker: on via through using
account: from to in into
language currency unit: to into in
person contact friend attendee participant guest who whom customer client user patient: with to for of about from
people adult passenger traveler traveller seat size party night ticket rider: for of
date day month year birthday when: on for in of
time hour: at by around for
duration length long: for lasting of
price cost fare fee: for under at of
amount quantity sum total number value: of for by to
reason purpose cause occasion: for because regarding about
message text content body note comment reply: saying that says
id identifier code reference: id number code is of
color colour: in to
temperature degree level volume brightness speed percentage: to at of by
method technique tool instrument algorithm approach: using by with via through
ingredient topping side filling: with of
interest percent rate tip: at with of
company stock symbol ticker: of for in
type kind category genre cuisine style: of for
food dish meal item product: for
""")
ALL_LEADS = frozenset(word for leads in [*DIRECTIONS.values(), *LEADS.values()] for word in leads)


def directions_of(name: tuple[str, ...], description: tuple[str, ...]) -> frozenset[str]:
    """Leads of the direction that a parameter's name, or else the start of its description, speaks of."""
    if "check" in name and {"in", "out"} & set(name):
        return DIRECTIONS[stem("checkin") if "in" in name else stem("checkout")]
    for words in (name, description[:12]):
        found = [
            DIRECTIONS[word]
            for word in words
            if word in DIRECTIONS and (words is name or word not in ("to", "from", "into", "after", "befor", "back"))
        ]
        if found:
            return found[0]
    return frozenset()


def leads_of(names: frozenset[str], hints: frozenset[str]) -> frozenset[str]:
    """Leads of the sort of thing that a parameter is, by its name or else by its description."""
    found: frozenset[str] = frozenset()
    for words in (names, hints):
        for word in words:
            found |= LEADS.get(word, frozenset())
        if found:
            break
    return found

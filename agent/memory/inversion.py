"""A question turned into the statements that would answer it: "where do I live?" into "I live in …".

So one grammar, the one that draws claims from statements, also says which fact a question asks for: the same subject
and relation. Each statement has a made-up value in the place of what is asked; a yes or no question has none.

Not covered: who does something ("who likes tea?"), comparisons, and questions about several things at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAME, DAY, COUNT = "Xanadu", "3 May", "42"
"""What stands for the answer: a name of anything, a day of the year, a number."""

_LEAD = re.compile(
    r"^(?:(?:so|and|but|hey|hi|hello|ok|okay|well|please|muos|sorry)[\s,]+)*"
    r"(?:(?:can|could|would|will) you (?:please )?(?:tell|remind) (?:me|us)(?: again)?\s+"
    r"|(?:do|did|would|can) you (?:still )?(?:happen to )?(?:know|remember|recall)\s+"
    r"|(?:please )?(?:tell|remind) (?:me|us)(?: again)?\s+|i (?:forgot|don't remember|can't remember|wonder)\s+)?"
    r"(?:again,?\s+)?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,]*\b(?:again|now|right now|currently|these days|nowadays|at the moment|today|please|by the way|back then"
    r"|then|at the time|anyway|exactly|at all|before|previously)\s*$",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\b(what|who|where|when|how|it|that)(?:'s| ?s)\b(?= )|\b(i)'m\b|\b(we|you|they)'re\b", re.IGNORECASE
)
_FULL = {1: "is", 2: "am", 3: "are"}
_FIRST = frozenset({"i", "we", "you", "they"})
_OWN = {"i": "my", "we": "our", "you": "your", "they": "their"}
_IRREGULAR = {"have": "has", "do": "does", "go": "goes"}

_WHO = (
    r"(?P<who>i|we|you|he|she|they|(?:my|our|the|his|her|their) (?:[\w'-]+ )*?[\w'-]+"
    r"|[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)"
)
_BE, _DO = r"(?P<be>is|are|am|was|were)", r"(?:do|does|did)"
_VERB, _REST, _NOUN = r"(?P<verb>[a-z]+)", r"(?: (?P<rest>.+?))?", r"(?P<noun>[\w-]+(?: [\w-]+)?)"
_PREP = r"(?:to|of|on|in|with|at|for|about|from)"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of question and the statements that answer it."""

    asked: re.Pattern[str]
    answers: tuple[str, ...]
    """With {who}, {whose}, {verb} (as its subject has it), {asis} (as said), {rest}, {noun}, {be}, and a value."""


def _form(asked: str, *answers: str) -> Form:
    return Form(re.compile(f"^{asked}$", re.IGNORECASE), answers)


FORMS = (
    _form(r"(?:what|how) (?:is|was) the name of (?P<who>.+)", "{whose} name is {name}", "{who} is called {name}"),
    _form(rf"(?:what|how) {_BE} (?P<who>.+) (?:called|named)", "{who} {be} called {name}", "{whose} name is {name}"),
    _form(r"how (?:do|did) (?:i|we|you|they) call (?P<who>.+)", "{who} is called {name}"),
    _form(rf"how old {_BE} (?P<who>.+)", "{who} {be} {count} years old", "{whose} age is {count}"),
    _form(rf"how tall {_BE} (?P<who>.+)", "{who} {be} {count} cm tall", "{whose} height is {count}"),
    _form(rf"when {_BE} {_WHO} born", "{who} was born on {day}", "{whose} birthday is {day}"),
    _form(rf"when {_DO} {_WHO} (?:have|celebrate) .*birthday", "{whose} birthday is on {day}"),
    _form(rf"where {_BE} {_WHO} born", "{who} was born in {name}"),
    _form(rf"(?:what|which) day {_BE} (?P<who>.+)", "{who} {be} on {day}"),
    _form(rf"(?:what|which) size (?P<noun>\w+?)s? {_DO} {_WHO} \w+", "{whose} {noun} size is {count}"),
    _form(rf"(?:what|which) {_NOUN} {_BE} (?P<who>.+ favou?rite)", "{who} {noun} is {lower}"),
    _form(
        rf"(?:what|which) {_NOUN} {_DO} {_WHO} (?:like|love|prefer) (?:most|best|the most|the best)",
        "{whose} favourite {noun} is {lower}",
    ),
    _form(rf"what {_DO} {_WHO} do(?: for (?:a living|work|a job))?", "{whose} job is {name}", "{who} {be} a {lower}"),
    _form(
        rf"(?:what|who) (?:{_DO} {_WHO} not|(?:don't|doesn't|didn't) (?P<who2>[\w']+)) {_VERB}{_REST}",
        "{who} {does} not {asis}{rest} {lower}",
    ),
    _form(
        rf"where {_DO} {_WHO} {_VERB}{_REST}",
        "{who} {verb} in {name}{rest}",
        "{who} {verb} at {name}{rest}",
        "{who} {verb} for {name}{rest}",
        "{who} {verb}{rest} in {name}",
        "{who} {verb}{rest} on {name}",
        "{who} {past}{rest} in {name}",
        "{who} {past} in {name}{rest}",
    ),
    _form(
        rf"where {_BE} {_WHO} (?P<rest>\w+ing)(?: (?:in|at|to))?",
        "{who} {be}{rest} in {name}",
        "{who} {be}{rest} at {name}",
    ),
    _form(
        rf"when {_DO} {_WHO} {_VERB}{_REST}",
        "{who} {verb}{rest} on {day}",
        "{who} {verb}{rest} at 5",
        "{who} {verb}{rest} every Monday",
    ),
    _form(
        rf"(?:what|which) {_NOUN} {_DO} {_WHO} {_VERB}{_REST}",
        "{who} {verb}{rest} {name}",
        "{who} {verb} a {lower} {noun}{rest}",
        "{who} {verb} {name}{rest}",
        "{whose} {noun} is {name}",
        "{whose} {noun} is a {name}",
        "{who} {verb} {noun} {count}{rest}",
    ),
    _form(
        rf"(?:what|which|who|whom) {_DO} {_WHO} {_VERB}{_REST}",
        "{who} {verb}{rest} {name}",
        "{who} {verb}{rest} {lower}",
        "{who} {verb} {lower}{rest}",
    ),
    _form(
        rf"(?:what|who|which [\w-]+|what [\w-]+) {_BE} {_WHO} (?P<rest>\w+ {_PREP})",
        "{who} {be}{rest} {name}",
        "{who} {be}{rest} {lower}",
    ),
    _form(rf"(?:what|which) [\w-]+ {_BE} {_WHO} (?P<rest>with|at)", "{who} work at {name}"),
    _form(rf"when {_BE} (?P<who>.+)", "{who} {be} on {day}", "{who} {be} {day}", "{who} {be} at 5"),
    _form(
        rf"where {_BE} (?P<who>.+?)(?: (?P<rest>from|kept|parked|stored|based|hidden|located))?",
        "{who} {be}{rest} in {name}",
        "{who} {be}{rest} {name}",
        "{who} {be} {name}",
        "{who} {be} in the {lower}",
        "{who} {be}{rest} at {name}",
        "{who} {be} on the {lower}",
    ),
    _form(
        rf"(?:what|who|which|how) (?:(?:make|kind|sort|brand|model|type) )?{_BE} (?P<who>.+)",
        "{who} {be} {name}",
        "{who} {be} {lower}",
        "{who} {be} {count}",
        "{who} {be} called {name}",
        "{who} {be} a {name}",
        "{who} {be} {day}",
    ),
    _form(rf"{_DO} {_WHO} {_VERB}{_REST}", "{who} {verb}{rest}"),
    _form(rf"{_BE} {_WHO} (?P<rest>.+)", "{who} {be}{rest}"),
    _form(rf"(?:have|has) {_WHO} (?P<rest>got .+)", "{who} have{rest}"),
    # after "tell me" and "do you know" the order is that of a statement
    _form(
        rf"where {_WHO} (?P<verb>lives?|lived|works?|worked|parks?|parked|keeps?|kept|left|put){_REST}",
        "{who} {asis} in {name}{rest}",
        "{who} {asis} at {name}{rest}",
        "{who} {asis}{rest} in {name}",
    ),
    _form(rf"what {_WHO} {_BE} (?P<rest>\w+ {_PREP})", "{who} {be}{rest} {name}"),
    _form(
        rf"(?:what|who|when|where|how) (?P<who>.+?) {_BE}(?: called| named)?",
        "{who} {be} {name}",
        "{who} {be} called {name}",
        "{who} {be} {day}",
    ),
    _form(rf"(?:what|who) {_WHO} {_VERB}{_REST}", "{who} {asis} {lower}{rest}", "{who} {asis}{rest} {name}"),
)
_OWNED = re.compile(r"^(?P<owner>my|our|.+'s) (?P<thing>[\w-]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What would answer a question, and whether it has a made-up value in it."""

    text: str
    open: bool
    """False: a yes or no is asked."""


def declared(question: str) -> Iterator[Statement]:
    """The statements that would answer the question, the likeliest first; none where it is of no known form."""
    said = plain(question)
    for form in FORMS:
        match = form.asked.match(said)
        if match is None:
            continue
        parts = _parts(match)
        for answer in (*form.answers, *_of_owned(parts["who"], form)):
            text = " ".join(answer.format(**parts).split())
            yield Statement(f"{text[:1].upper()}{text[1:]}.", _VALUE.search(answer) is not None)
        return


_VALUE = re.compile(r"\{(?:name|lower|count|day)\}")


def _of_owned(who: str, form: Form) -> tuple[str, ...]:
    """ "Ann's dog is called …" is also said as "Ann has a dog called …"."""
    owned = _OWNED.match(who)
    if owned is None or not any("called" in answer for answer in form.answers):
        return ()
    first = {"my": "I have", "our": "We have"}.get(owned["owner"].lower())
    return (f"{first or owned['owner'][:-2] + ' has'} a {owned['thing']} called {{name}}",)


def plain(question: str) -> str:
    """The question without polite words before it and idle ones after it, and without short forms."""
    said = " ".join(question.replace("’", "'").split()).strip(" ,.;:?!-")
    said = _LEAD.sub("", said, count=1)
    while (shorter := _TAIL.sub("", said)) != said:
        said = shorter
    return _SHORT.sub(lambda found: f"{found[found.lastindex or 0]} {_FULL[found.lastindex or 1]}", said)


def _parts(match: re.Match[str]) -> dict[str, str]:
    given = {name: (value or "").strip() for name, value in match.groupdict().items()}
    who, verb = given.get("who") or given.get("who2", ""), given.get("verb", "").lower()
    low, rest = who.lower(), given.get("rest", "")
    return {
        "who": "I" if low == "i" else who,
        "whose": _OWN.get(low, f"{who}'s"),
        "verb": verb if low in _FIRST else _third(verb),
        "past": f"{verb}d" if verb.endswith("e") else f"{verb}ed",
        "asis": verb,
        "does": "do" if low in _FIRST else "does",
        "be": _present(given.get("be", "is").lower(), low),
        "rest": f" {rest}" if rest else "",
        "noun": given.get("noun", ""),
        "name": NAME,
        "lower": NAME.lower(),
        "count": COUNT,
        "day": DAY,
    }


def _present(be: str, who: str) -> str:
    """As it is said while it is so, which is how it was told."""
    return {"i": "am", "we": "are", "you": "are", "they": "are"}.get(who, {"was": "is", "were": "are"}.get(be, be))


def _third(verb: str) -> str:
    """The verb as he or she has it."""
    if not verb:
        return ""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"

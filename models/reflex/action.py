"""What kind of act a sentence asks for, by how it speaks: make, ask, take away, change, finish, begin, end.

Sentence vectors say what a text is about and hardly whether something is to be set or cancelled; these few closed
word classes of English do. A tool's acts are those of its name, its description and its examples.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.reflex.filling.opening import polite_end
from models.reflex.filling.words import words_of

_BY_PHRASE = (
    ("remind", r"\bremind (?:me|us|him|her|them|everyone)\b"),
    ("remind", r"\b(?:don'?t|not) (?:let (?:me|us) )?forget\b|\b(?:nudge|ping|alert) (?:me|us)\b"),
    ("remove", r"\b(?:get rid of|throw (?:\w+ ){0,3}(?:away|out)|call (?:\w+ ){0,3}off)\b"),
    ("remove", r"\b(?:take|cross) (?:[\w'-]+ ){1,6}(?:off|out)\b"),
    ("remove", r"\ball .* gone$|\b(?:not|n'?t) needed\b|\bany ?more$"),
    ("remove", r"\b(?:(?:don'?t|doesn'?t|no longer|do not) (?:need|want))"),
    ("finish", r"\b(?:tick(?: off)?|check off)\b|\b(?:is|are|'s) (?:done|finished|sorted|completed)\b"),
    ("finish", r"\bmark (?:[\w'-]+ ){1,6}(?:as )?(?:done|completed?|finished|bought)\b"),
    ("finish", r"^(?:i|we)(?:'ve| have)? (?:just |already )?(?:got|bought|paid|finished|done|did|called|packed)\b"),
    ("undo", r"\b(?:untick|uncheck|unmark|not (?:done|finished|packed|bought)|didn'?t)\b"),
    ("make", r"^(?:i|we)(?:'re| are|'ve| have|'ll|'d)?\b.{0,12}\b(?:need|out of|going to need)\b"),
    ("make", r"\bwrite (?:\w+ ){0,2}down\b|\bput (?:[\w',-]+ ){1,9}(?:on|onto|in|into|down)\b"),
)
PHRASES = tuple((act, re.compile(pattern, re.I)) for act, pattern in _BY_PHRASE)
_BY_WORD = {
    "make": "add put set create make schedule book reserve plan arrange enter log record save store keep note write "
    "jot take new start block pencil pop stick register append insert attach include buy order send post submit",
    "ask": "what what's who who's whose when when's where where's how how's which why is are am do does did has have "
    "any show list tell read display open see find search look get fetch retrieve check let got give name "
    "anything something there recall return query provide",
    "remove": "delete remove cancel clear drop erase wipe kill scrap bin scratch abort forget cross empty",
    "change": "change move reschedule push update edit rename modify adjust shift reword postpone snooze extend "
    "shorten delay swap replace make call prolong bring",
    "begin": "start begin launch run resume play",
    "end": "stop halt end pause finish",
    "work": "calculate compute work split divide multiply subtract sum total convert round average square "
    "solve express turn change translate share add",
}
WORDS = {
    word: frozenset(act for act, listed in _BY_WORD.items() if word in listed.split())
    for word in " ".join(_BY_WORD.values()).split()
}


@lru_cache(maxsize=8192)
def acts_of(text: str) -> frozenset[str]:
    """The acts that a sentence may ask for; none where its words don't tell."""
    said = text.strip()
    for act, pattern in PHRASES:
        if pattern.search(said):
            return frozenset({act})
    words = [word.lower for word in words_of(said[polite_end(said) :])[:3] if not word.is_mark]
    for word in words[:1]:
        if word in WORDS:
            return WORDS[word]
    if said.endswith("?"):
        return frozenset({"ask"})
    return frozenset()

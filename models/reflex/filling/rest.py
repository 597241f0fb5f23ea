"""What remains of a request when the typed values, the names and the opening are taken away.

"remind me to call mum tomorrow at 5pm" leaves "call mum", in the person's own words and case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.reflex.filling.clause import Clause
from models.reflex.filling.offer import Range
from models.reflex.filling.opening import CONNECT, HEADS, NEED, QUESTION, REMIND, VERBS, opening_end, polite_end
from models.reflex.filling.words import ARTICLES, QUOTED, STOP, bag, stem_bag, words_of

LEFT = bag("at on for by from in until till every each with the a an my our before after around about")
"""Words that go with what was taken away after them."""
DANGLING = re.compile(
    r"(?:[\s,;:.!?–-]|(?<![\w'])(?:at|on|in|for|by|from|to|of|off|into|onto|with|the|a|an|my|and|or|then|"
    r"until|every|each|please|thanks|"
    r"thank you|too|also|as well|instead|again|for me|for us|as (?:not )?(?:done|bought|complete|"
    r"completed|finished)|after all|yet|is|that|called|named|"
    r"starting|lasting|beginning|away|out|back|forward|long|down|over|only|any more|anymore|"
    r"this time|from now(?: on)?))*$",
    re.I,
)
HEADING = re.compile(
    r"^(?:[\s,;:.!?–-]+|(?:in for|with the (?:text|words|message|content)|"
    r"(?:should|shall|must|is to|has to|will) (?:now )?be (?:called|named)|too|"
    r"should say|to say|say|takes place|as|at|to|that|about|saying|called|named|"
    r"titled|for|and|then|please|of|which is|is)(?![\w'-])\s*)+",
    re.I,
)
KEEP_ARTICLE = re.compile(r"(?:that|saying|say|:)\s*$", re.I)
ARTICLE = re.compile(r"^(?:a|an|the|some)\s+", re.I)
GENERIC = bag("line word words sentence following quick short little new")
PLACES = stem_bag("calendar diary agenda schedule list reminders notes contacts book planner")
OWN_PHRASE = re.compile(
    r"(?<![\w'])(?:to|on|in|into|onto|from|off|at|for|out of)\s+(?:(?:my|the|our|a|"
    r"an)\s+)?([\w-]+(?:\s+[\w-]+)?)(?![\w'-])",
    re.I,
)


def colon(clause: Clause, taken: Iterable[Range]) -> int:
    """Where "write this down:" ends: only what to do stands before the mark; 0 where there is none."""
    match = re.search(r":\s+(?=\S)", clause.text)
    if match is None:
        return 0
    used = list(taken)
    for word in clause.words[: clause.index_at(match.start())]:
        generic = word.lower in STOP | VERBS | GENERIC or word.stem in clause.own | HEADS | PLACES
        if not generic and not any(a <= word.start < b for a, b in used):
            return 0
    return match.end()


def remaining(clause: Clause, taken: Iterable[Range]) -> str:
    """The remaining words, without what leads to or joined what was taken."""
    taken = list(taken)
    quoted = QUOTED.search(clause.text)
    if quoted and quoted.end() - quoted.start() > 3:
        return (quoted.group(1) or quoted.group(2)).strip()
    said = colon(clause, taken)
    cut = sorted([*(_widened(clause, one) for one in taken), *_own_phrases(clause), (0, said)])
    if clause.afterthought < len(clause.text):
        cut = sorted([*cut, (clause.afterthought, len(clause.text))])
    pieces: list[str] = []
    opened = said > 0
    for text in _between(clause.text, cut):
        piece = _stripped(clause, text, first=not opened, kept=said > 0 and not pieces)
        opened = opened or opens(clause, text)
        if piece:
            opened = True
            pieces.append(piece)
    return re.sub(r"\s+", " ", " ".join(pieces)).strip()


def _widened(clause: Clause, taken: Range) -> Range:
    start, end = taken
    at = clause.index_at(start) - 1
    while at >= 0 and clause.words[at].lower in LEFT and clause.words[at].start >= clause.opening:
        start = clause.words[at].start
        at -= 1
    return start, end


def _own_phrases(clause: Clause) -> list[Range]:
    """ "to my calendar", "off the list": where the tool keeps things."""
    found: list[Range] = []
    for match in OWN_PHRASE.finditer(clause.text):
        words = words_of(match.group(1))
        if match.start() < clause.opening and clause.opening > match.end():
            continue
        if all(word.stem in PLACES for word in words):
            found.append(match.span())
        elif words[0].stem in PLACES & (clause.own | PLACES):
            found.append((match.start(), match.start(1) + words[0].end))
    return found


def _between(text: str, cut: list[Range]) -> list[str]:
    pieces, at = [], 0
    for start, end in cut:
        if start > at:
            pieces.append(text[at:start])
        at = max(at, end)
    pieces.append(text[at:])
    return pieces


def _stripped(clause: Clause, text: str, first: bool, kept: bool) -> str:
    """`kept`: the text stands after a colon, so an article at its head is the person's own."""
    if first:
        text = text.lstrip()
        after = clause.afterthought < len(clause.text) and not opens_with(text, polite_end(text))
        start = polite_end(text) if after else opening_end(text, clause.tool)
        kept = bool(KEEP_ARTICLE.search(text[:start]))
        text = text[start:]
    elif match := REMIND.match(text, polite_end(text)):
        text = text[match.end() :]
    if first and clause.afterthought == len(clause.text) and _only_own(clause, text):
        return ""
    text = DANGLING.sub("", text)
    if match := HEADING.match(text):
        kept = kept or bool(KEEP_ARTICLE.search(match.group()))
        text = text[match.end() :]
    if not kept:
        text = ARTICLE.sub("", text)
    return text.strip()


def opens_with(text: str, start: int) -> bool:
    return bool(REMIND.match(text, start) or NEED.match(text, start))


def opens(clause: Clause, text: str) -> bool:
    """The fragment holds the request's opening."""
    start = len(text) - len(text.lstrip(" ,.;:-"))
    return opening_end(text, clause.tool) > max(polite_end(text, start), start)


def _only_own(clause: Clause, text: str) -> bool:
    """Nothing but the tool's own words: "a reminder", "an event called"."""
    words = [word for word in words_of(CONNECT.sub(" ", text)) if not word.is_mark]
    return all(
        (word.stem in clause.own and not word.lower.isdigit()) or word.lower in STOP | ARTICLES for word in words
    )


SOUGHT = re.compile(r"\b(?:about|regarding|concerning|mention(?:s|ed|ing)?|on|for|that says?)\s+(?=\S)", re.I)
ASKED = bag("wrote written write anything something note notes saved noted jotted through thing things")
WROTE = re.compile(
    r"^(?:(?:did|have|had) )?(?:(?:i|we) )?(?:write|wrote|written|note|noted|save|saved|put)"
    r"(?: down)?(?: that| about)?\s+",
    re.I,
)


def sought(clause: Clause) -> str:
    """What a question or a search is about, as said: "Norway", "wifi password at grandma's"."""
    text = clause.text.rstrip(" ?.!")
    if match := SOUGHT.search(text):
        before = [word for word in words_of(text[: match.start()]) if not word.is_mark]
        if all(w.lower in STOP | VERBS | ASKED or w.stem in clause.own for w in before):
            return ARTICLE.sub("", text[match.end() :])
    start = polite_end(text)
    question = QUESTION.match(text, start)
    if question is None:
        return ""
    said = WROTE.sub("", text[question.end() :])
    said = DANGLING.sub("", re.sub(r"\s+again$", "", ARTICLE.sub("", said)))
    return said.strip()


def content_words(text: str) -> str:
    """A question's content words, in order and as said."""
    start = polite_end(text)
    match = QUESTION.match(text, start)
    words = words_of(text[match.end() if match else start :])
    return " ".join(word.text.removesuffix("'s") for word in words if not word.is_mark and word.lower not in STOP)


KEPT = "\ue000"
"""Joins the words of a known name that holds an "and"."""


def parts(text: str, known: Iterable[str] = ()) -> list[str]:
    """The entries of a spoken list: "milk, eggs and two avocados"."""
    found: list[str] = []
    for name in known:
        text = re.sub(
            rf"(?<![\w'])({re.escape(name)})(?![\w'])", lambda m: m.group().replace(" ", KEPT), text, flags=re.I
        )
    for piece in re.split(r"\s*[,;\n]\s*(?:and\s+|or\s+)?", text):
        entries = re.split(r"\s+(?:and|plus|as well as|&)\s+(?:also\s+)?", piece)
        found += [entry for raw in entries if (entry := _entry(raw.replace(KEPT, " ")))]
    return found


def _entry(raw: str) -> str:
    text = DANGLING.sub("", raw.strip(" .,;!?\"'"))
    text = re.sub(r"\s+(?:at|from|in) the (?:shops?|store|supermarket|market|grocery)$", "", text, flags=re.I)
    text = re.sub(r"^(?:(?:also|and|some|the|a|an|my|our|more|any)\s+)+(?=\S)", "", text, flags=re.I)
    words = [word.lower for word in words_of(text) if not word.is_mark]
    points = any(word in ("it", "them", "that") for word in words)
    return (
        "" if points and all(word in STOP or word in VERBS or word.endswith("n't") for word in words) else text.strip()
    )

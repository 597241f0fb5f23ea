"""Offers for enumerations and booleans: a choice that the text names, a switch that it turns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from models.reflex.filling.clause import SURE, Clause
from models.reflex.filling.offer import UNIT, Offer
from models.reflex.filling.slot import Slot
from models.reflex.filling.typed import near_score
from models.reflex.filling.words import STOP, bag, stem, stem_bag, stems_of

SAME = (
    ("cpu", "processor"),
    ("celsius", "centigrade", "c"),
    ("fahrenheit", "f"),
    ("phone", "number", "phone number", "telephone", "mobile", "cell"),
    ("email", "mail", "e-mail", "email address"),
    ("address", "live", "lives"),
    ("birthday", "born", "birth"),
    ("high", "urgent", "important", "asap", "top", "critical"),
    ("medium", "normal", "moderate"),
    ("low", "minor", "unimportant"),
    ("economy", "coach"),
    ("one way", "single"),
    ("round trip", "return", "roundtrip"),
    ("vegetarian", "veggie"),
    ("running", "ran", "jog", "jogged"),
    ("swimming", "swam"),
    ("cycling", "bike", "biked", "rode", "bicycle"),
    ("bicycling", "bike", "bicycle", "cycling"),
    ("driving", "drive", "car"),
    ("walking", "walk", "foot"),
    ("transit", "bus", "train", "public transport"),
    ("daily", "every day", "day"),
    ("weekly", "every week", "week"),
    ("monthly", "every month", "month"),
    ("yearly", "every year", "annually", "year"),
    ("increase", "raise", "plus", "add", "up", "louder", "warmer", "brighter", "higher"),
    ("decrease", "lower", "off", "discount", "reduced", "minus", "down", "quieter", "colder", "dimmer", "reduce"),
    ("kilometers", "km", "kilometres"),
    ("miles", "mi"),
    ("kilograms", "kg", "kilos"),
    ("pounds", "lb", "lbs"),
    ("usd", "dollars", "dollar", "bucks", "$"),
    ("eur", "euros", "euro", "€"),
    ("gbp", "pounds", "pound", "quid", "£"),
    ("jpy", "yen"),
    ("imperial", "fahrenheit"),
    ("metric", "celsius"),
    ("ascending", "ascend", "increasing", "lowest first"),
    ("descending", "descend", "decreasing", "highest first"),
)
CURRENCY = stem_bag("currency unit")
DULL = stem_bag("is has include included require required allow need want enable enabled with flag only has_")
NEGATION = bag("no not without don't dont never non exclude excluding skip isn't doesn't off disable")
SWITCHES = stem_bag("on power state enabled enable active activate switch turn")
TURN_ON = re.compile(r"\b(?:turn|switch|put)\b[^.?!]{0,40}?\bon\b|\b(?:enable|activate|start)\b", re.I)
TURN_OFF = re.compile(r"\b(?:turn|switch|shut)\b[^.?!]{0,40}?\b(?:off|out)\b|\b(?:disable|deactivate|stop)\b", re.I)


def choice_offers(clause: Clause) -> Iterator[Offer]:
    """All offers to enumerations and booleans."""
    stems = [word.stem for word in clause.words]
    for index, slot in enumerate(clause.slots):
        if slot.shape == "boolean":
            yield from _switched(clause, index, slot)
        elif slot.choices and not slot.many:
            for value in slot.choices:
                yield from _chosen(clause, stems, index, slot, value)
        elif slot.samples and slot.shape == "text" and not slot.many and not slot.kind:
            for sample in slot.samples:
                yield from _sampled(clause, stems, index, slot, sample)


def chosen_all(clause: Clause, index: int) -> list[Offer]:
    """Every choice of an array of choices that the text names."""
    stems = [word.stem for word in clause.words]
    slot = clause.slots[index]
    best = [
        max(offers, key=lambda o: o.score)
        for v in slot.choices
        if (offers := list(_chosen(clause, stems, index, slot, v)))
    ]
    return sorted((offer for offer in best if offer.score > 1.5), key=lambda offer: offer.ranges)


@lru_cache(maxsize=4096)
def forms(value: str) -> tuple[tuple[tuple[str, ...], float], ...]:
    """The stem sequences that say a choice, with what each is worth."""
    plain = " ".join(stems_of(value))
    found: dict[tuple[str, ...], float] = {stems_of(value): 2.4}
    for group in SAME:
        keys = {" ".join(stems_of(word)) for word in group[:1]}
        if plain in keys or plain + "s" in keys or (len(plain) > 3 and plain in {stem(w) for w in group}):
            for word in group:
                found.setdefault(stems_of(word), 2.4 if " " in word else 1.9)
    return tuple(found.items())


def _chosen(clause: Clause, stems: list[str], index: int, slot: Slot, value: Any) -> Iterator[Offer]:
    said = str(value)
    yield from _paid(clause, index, slot, value)
    number = (
        float(said) if said.isdigit() or (isinstance(value, (int, float)) and not isinstance(value, bool)) else None
    )
    if number is not None:
        for span in clause.spans:
            if span.kind == "number" and span.value == number and span.score >= SURE:
                yield Offer(
                    index, ((span.start, span.end),), value, 1.6 + near_score(clause, slot, span.start, span.end)
                )
        return
    for form, worth in forms(said):
        for at in _places(stems, form):
            yield from _choice_at(clause, index, slot, value, at, len(form), worth)
    if len(said) >= 5 and said.isalpha():
        for at, word in enumerate(clause.words):
            if word.stem != stem(said) and _alike(word.lower, said.lower()):
                yield from _choice_at(clause, index, slot, value, at, 1, 1.4)


def _paid(clause: Clause, index: int, slot: Slot, value: Any) -> Iterator[Offer]:
    """The currency of an amount: "$20", "50 euros"."""
    for span in clause.spans if slot.names & CURRENCY else ():
        if span.kind == "money" and str(value).upper() == span.value["currency"]:
            yield Offer(index, ((span.start, span.end),), value, 2.4, (span.start, span.end), UNIT)


def _choice_at(
    clause: Clause, index: int, slot: Slot, value: Any, at: int, count: int, worth: float
) -> Iterator[Offer]:
    first, last = clause.words[at], clause.words[at + count - 1]
    score = worth + 0.3 * (count - 1) + 0.5 * near_score(clause, slot, first.start, last.end)
    if count == 1 and first.lower in STOP and not _turns(clause, first.lower):
        score -= 1.0
    if count == 1 and len(first.lower) == 1:
        if first.lower == "a" or not (first.text.isupper() or clause.lead(first.start) in ("to", "in")):
            return
        score -= 0.4
    if last.end <= clause.opening and first.stem in clause.own:
        score -= 0.8
    if score > 0:
        yield Offer(index, ((first.start, last.end),), value, score, (first.start, last.end))


def _turns(clause: Clause, word: str) -> bool:
    return word in ("on", "off") and bool((TURN_ON if word == "on" else TURN_OFF).search(clause.text))


def _places(stems: list[str], form: tuple[str, ...]) -> Iterator[int]:
    if not form:
        return
    for at in range(len(stems) - len(form) + 1):
        if stems[at] == form[0] and tuple(stems[at : at + len(form)]) == form:
            yield at


def _alike(said: str, choice: str) -> bool:
    """One slip of the pen apart, or the same but for the ending."""
    if len(said) < 5 or abs(len(said) - len(choice)) > 3:
        return False
    shared = 0
    for a, b in zip(said, choice, strict=False):
        if a != b:
            break
        shared += 1
    longest = max(len(said), len(choice))
    return shared >= max(5, longest - 3) or (
        shared >= 2 and longest == min(len(said), len(choice)) and said[shared + 1 :] == choice[shared + 1 :]
    )


def _sampled(clause: Clause, stems: list[str], index: int, slot: Slot, sample: str) -> Iterator[Offer]:
    form = stems_of(sample)
    for at in _places(stems, form):
        first, last = clause.words[at], clause.words[at + len(form) - 1]
        if len(form) == 1 and first.lower in STOP:
            continue
        score = 1.4 + 0.3 * (len(form) - 1) + 0.5 * near_score(clause, slot, first.start, last.end)
        yield Offer(
            index, ((first.start, last.end),), clause.text[first.start : last.end], score, (first.start, last.end)
        )


def _switched(clause: Clause, index: int, slot: Slot) -> Iterator[Offer]:
    named = slot.names - DULL
    if slot.names & SWITCHES:
        for pattern, value in ((TURN_OFF, False), (TURN_ON, True)):
            if match := pattern.search(clause.text):
                yield Offer(index, ((match.start(), match.start() + 1),), value, 2.2)
                return
    hits = [at for at, word in enumerate(clause.words) if word.stem in named and word.lower not in STOP]
    if not hits or (len(named) > 1 and len({clause.words[at].stem for at in hits}) * 2 < len(named)):
        described = slot.means - clause.own - DULL
        hits = [at for at, word in enumerate(clause.words) if word.stem in described]
        if not hits:
            return
    at = hits[0]
    negated = bool({word.lower for word in clause.words[max(0, at - 3) : at]} & NEGATION)
    word = clause.words[at]
    own = 1.0 if word.stem in clause.own else 0.0
    yield Offer(index, ((word.start, word.end),), not negated, 1.8 - own)

"""From words to arguments: what a request gives to one tool's parameters, typed as its JSON Schema says.

Must stay true: nothing is invented. Every value comes from the text, the dialogue or the schema's own default; what
is required and not given is named in `Guess.missing`. Which tool is meant is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.guess import Guess, Request, ToolSchema
from models.reflex.filling.arrays import array_value
from models.reflex.filling.assign import assign
from models.reflex.filling.choice import choice_offers
from models.reflex.filling.clause import Clause, clause_of
from models.reflex.filling.leftover import fill_leftovers
from models.reflex.filling.measure import confidence
from models.reflex.filling.named import CALL, named_offers
from models.reflex.filling.offer import Offer
from models.reflex.filling.opening import QUESTION, REMIND, polite_end
from models.reflex.filling.past import anchor, last_call
from models.reflex.filling.phrase import phrase_offers
from models.reflex.filling.rooms import room_offers
from models.reflex.filling.slot import Slot, slots_of
from models.reflex.filling.state import State
from models.reflex.filling.typed import typed_offers
from models.reflex.filling.words import AUXILIARIES, PRONOUNS, QUOTED, STOP, bag, words_of
from models.reflex.refer import Reference, continues, corrects, references, stripped
from models.reflex.values import refine_moment
from models.reflex.values.words import FIXED_FIRSTS

TYPED = frozenset(
    {"date-time", "date", "time", "duration", "rrule", "number", "integer", "email", "phone", "url", "boolean", "enum"}
)
NAMED_DAYS = FIXED_FIRSTS | {"easter"}
NEVER_MIND = re.compile(
    r"^(?:(?:oh|no|ok|okay)[\s,]+)?(?:never ?mind|forget (?:it|that)|cancel(?: (?:it|that))?|nothing|stop|"
    r"leave it|don'?t bother)[\s.!]*$",
    re.I,
)
LED = re.compile(r"^(?:(?:in|for|with|on|to|at|from|about|the)\s+)+", re.I)
SHORT = 4
"""Words of a phrase that can take the place of an earlier value."""
NEW_REQUEST = bag(
    "add remind set create delete remove cancel show list find search schedule convert calculate start "
    "stop undo move change "
    "take put turn open tell give play split"
)


def fill(text: str, tool: ToolSchema, request: Request) -> Guess:
    """Fill a tool's arguments from the text and the dialogue."""
    past = last_call(request, tool.name)
    following = (
        past is not None and last_call(request) is past and (corrects(text, request) or continues(text, request))
    )
    said = stripped(text) if following else text
    base = past.arguments if past and following else {}
    untitled = _untitled(said, tool)
    state = _filled(said, tool, request, base, untitled)
    if not following and (greedy := _took_the_rest(state)):
        state = _filled(said, tool, request, base, greedy | untitled)
    arguments = _nested(state)
    if past is not None and following:
        arguments = {**past.arguments, **arguments}
    missing = tuple(s.name for s in state.clause.slots if s.required and s.path[0] not in arguments)
    return Guess(tool.name, arguments, confidence(state, len(missing)), missing)


def _untitled(text: str, tool: ToolSchema) -> frozenset[str]:
    """Titles that a tool takes beside its free text, where the request speaks of none: the text is whole."""
    properties = tool.schema.get("properties", {})
    required = tool.schema.get("required", ())
    if not any(name in required and slot.get("x-fill") == "rest" for name, slot in properties.items()):
        return frozenset()
    if CALL.search(text) or QUOTED.search(text) or "title" in text.lower():
        return frozenset()
    return frozenset(name for name in properties if name not in required and "title" in name.lower())


def _took_the_rest(state: State) -> frozenset[str]:
    """Optional free text that left nothing for the title or text that the tool requires."""
    empty = [s for i, s in enumerate(state.clause.slots) if s.fill == "rest" and s.required and i not in state.values]
    if not empty:
        return frozenset()
    slots = enumerate(state.clause.slots)
    return frozenset(
        s.name for i, s in slots if i in state.values and s.shape == "text" and not s.required and not s.kind
    )


def _filled(
    text: str, tool: ToolSchema, request: Request, base: Mapping[str, Any], given: frozenset[str] = frozenset()
) -> State:
    clause = clause_of(text, tool, request)
    state = State(clause)
    meant = {reference.slot: reference for reference in references(text, tool, request)}
    for index, slot in enumerate(clause.slots):
        reference = meant.get(slot.name)
        if reference is not None and reference.ranges:
            state.give(index, reference.value, reference.ranges)
    _named_day(state)
    offers = [
        one
        for one in _offers(clause)
        if state.free(one) and clause.slots[one.slot].name not in given and clause.slots[one.slot].holds(one.value)
    ]
    for offer in assign(clause.slots, offers, base):
        state.take(offer)
    _refine(state, meant, base)
    for index, slot in enumerate(clause.slots):
        if slot.many and index not in state.values:
            array_value(state, index)
    fill_leftovers(state, following=bool(base))
    if base and not state.values:
        _replaced(state, base)
    _default(state, meant)
    return state


def _named_day(state: State) -> None:
    """ "when is Easter in 2030?": the day's name is what is asked for, where nothing else is and no time is needed."""
    clause = state.clause
    index = next((i for i, s in enumerate(clause.slots) if s.required and s.fill == "rest" and s.shape == "text"), None)
    if index is None or any(s.required and s.shape in ("date-time", "date", "time") for s in clause.slots):
        return
    for span in clause.spans:
        words = span.text.lower().split()
        if span.kind == "day" and words and words[0] in NAMED_DAYS:
            others = (w for at, w in enumerate(clause.words) if not clause.timed(at) and w.start >= clause.opening)
            if all(w.is_mark or w.lower in STOP or w.stem in clause.own for w in others):
                state.give(index, span.text, [(span.start, span.end)])
            return


def _offers(clause: Clause) -> list[Offer]:
    return [
        *typed_offers(clause),
        *choice_offers(clause),
        *named_offers(clause),
        *phrase_offers(clause),
        *room_offers(clause),
    ]


def _replaced(state: State, base: Mapping[str, Any]) -> None:
    """ "and in Honolulu?": a bare phrase takes the place of the last call's value."""
    clause = state.clause
    said = LED.sub("", clause.text).strip(" .,!?")
    words = [word for word in words_of(said) if not word.is_mark]
    if not words or len(words) > SHORT or any(word.lower in AUXILIARIES | PRONOUNS for word in words):
        return
    had = [(i, s) for i, s in enumerate(clause.slots) if s.shape == "text" and not s.many and s.name in base]
    lead = clause.words[0].lower
    led = [i for i, s in had if lead in s.directions] or [i for i, _ in had]
    if led:
        state.give(led[0], said, [(0, len(clause.text))])


def _default(state: State, meant: Mapping[str, Reference]) -> None:
    """What the context alone says, and the schema's defaults where a value is required."""
    for index, slot in enumerate(state.clause.slots):
        if index in state.values:
            continue
        if slot.name in meant:
            state.give(index, meant[slot.name].value)
        elif slot.required and "default" in slot.schema:
            state.give(index, slot.schema["default"])
        elif slot.required and len(slot.choices) == 1:
            state.give(index, slot.choices[0])


def _refine(state: State, meant: Mapping[str, Reference], base: Mapping[str, Any]) -> None:
    """A moment said in part ("to 4", "on Friday", "an hour later") is completed by what it changes."""
    clause = state.clause
    thing = next((one.thing for one in meant.values() if one.thing and one.thing.get("at")), None)
    named = next((str(v) for i, v in state.values.items() if clause.slots[i].kind and isinstance(v, str)), "")
    first = True
    for index, slot in enumerate(clause.slots):
        if slot.shape != "date-time" or slot.many:
            continue
        said = str(base[slot.name]) if base.get(slot.name) else anchor(clause.request, thing, named) if first else None
        first = False
        if not said or (index not in state.values and not (slot.required or base)):
            continue
        if (moment := _refined(state, index, said)) is not None:
            state.values[index] = moment


def _refined(state: State, index: int, said: str) -> str | None:
    clause = state.clause
    ranges = state.ranges.get(index) or ()
    text = " ".join(clause.text[a:b] for a, b in ranges) if ranges else clause.text[clause.opening :]
    try:
        moment = refine_moment(text, datetime.fromisoformat(said), clause.now)
    except ValueError:
        return None
    if moment is None:
        return None
    if not ranges:
        state.cover((clause.opening, len(clause.text)))
    return moment.isoformat()


def _nested(state: State) -> dict[str, Any]:
    """The values under their paths, in schema order."""
    arguments: dict[str, Any] = {}
    for index, slot in enumerate(state.clause.slots):
        if index in state.values:
            inner = arguments
            for step in slot.path[:-1]:
                inner = inner.setdefault(step, {})
            inner[slot.name] = dressed(slot, state.values[index])
    return arguments


def dressed(slot: Slot, value: Any) -> Any:
    """The value in the form that the schema's description asks for, where it is only described."""
    if slot.strict or not isinstance(value, str):
        return value
    description = str(slot.schema.get("description", "")).lower()
    try:
        if slot.shape == "date":
            for said, form in (
                ("mm/dd/yyyy", "%m/%d/%Y"),
                ("dd/mm/yyyy", "%d/%m/%Y"),
                ("dd.mm.yyyy", "%d.%m.%Y"),
                ("dd-mm-yyyy", "%d-%m-%Y"),
            ):
                if said in description:
                    return datetime.fromisoformat(value).strftime(form)
        if slot.shape == "time" and "hh:mm:ss" not in description:
            return value[:5]
    except ValueError:
        return value
    return value


def complete(text: str, tool: ToolSchema, request: Request) -> Guess | None:
    """The pending call with the answer filled in; None where the text is a new request or calls it off."""
    pending = request.pending
    if pending is None or pending.name != tool.name or not text.strip() or NEVER_MIND.match(text.strip()):
        return None
    slots = [slot for slot in slots_of(tool) if slot.name in pending.missing]
    state = _filled(text, tool, request, {}, frozenset(pending.arguments))
    found = {s.name: dressed(s, state.values[i]) for i, s in enumerate(state.clause.slots) if i in state.values}
    given = {name: found[name] for name in found if name in pending.missing and _typed(slots, name)}
    asks = _asks_anew(text)
    for slot in slots:
        if slot.name not in given and not asks and not given and (value := _whole(text, slot, state)) is not None:
            given[slot.name] = value
    if asks and (not given or len(words_of(text)) > 4):
        return None
    more = {
        s.name: found[s.name]
        for s in state.clause.slots
        if s.name in found and s.shape in TYPED and s.name not in pending.arguments
    }
    arguments = {**pending.arguments, **more, **given}
    missing = tuple(name for name in pending.missing if name not in arguments)
    return Guess(tool.name, arguments, 0.95 if not missing else 0.3, missing)


def _typed(slots: list[Slot], name: str) -> bool:
    return any(slot.name == name and (slot.shape in TYPED or (slot.many and slot.shape != "text")) for slot in slots)


def _asks_anew(text: str) -> bool:
    start = polite_end(text)
    words = words_of(text[start:])
    if not words:
        return False
    if REMIND.match(text, start) or (words[0].lower in NEW_REQUEST and len(words) > 1):
        return True
    question = QUESTION.match(text, start)
    return question is not None and (
        text.strip().endswith("?") or words[0].lower.split("'")[0] in ("what", "who", "how", "when", "where")
    )


def _whole(text: str, slot: Slot, state: State) -> Any:
    """The whole answer as the value of a text or list slot."""
    if slot.fill == "rest" and len(words_of(text)) > 3:
        return text.strip()
    from_lead = re.sub(
        r"^(?:it'?s|that'?s|they'?re|to|for|called|named|with|in|on|the|my|a|an|about|that)\s+",
        "",
        text.strip(),
        flags=re.I,
    )
    said = from_lead.strip(" .,!?\"'")
    if slot.many and slot.shape == "text":
        return state.parts(said) or None
    return said if slot.shape == "text" and said else None

"""Folds claims into facts: repeats merge, later ones supersede, denials close.

Must stay true: the same claims give the same facts whatever order they come in; a model's claim closes nothing and
stands behind nothing that a person's own words said; nothing is dropped from the history but what a model added
against a person.

Claims are taken in the order they were said. Each says that something holds from a moment on: from when the note says,
else from when it was said. Of what can hold only once, that moment ends the earlier.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from memory.facts.claim import Claim, Fact, Kind, Maker
from memory.facts.relations import OPPOSITES, covers, fold_name, fold_value, is_single, keeps

BEFORE = timedelta(days=366)
"""What was told so long after the beginning of something else was not so before it: one of both is wrong."""
RANKS = {Maker.PERSON: 0, Maker.GRAMMAR: 1, Maker.MODEL: 2}
_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """One claim at one time it was said."""

    claim: Claim
    note_id: str
    seq: int
    place: int
    at: datetime

    @property
    def order(self) -> tuple[datetime, int, int, int]:
        """What is said later counts more; of what was said at once, what a person put there."""
        return self.at, -RANKS[self.claim.maker], self.seq, self.place

    @property
    def start(self) -> datetime:
        """From when it holds."""
        return self.claim.since or self.at


@dataclass(slots=True)
class _Span:
    """A fact in the making."""

    claim: Claim
    first: Claim
    folded: str
    since: datetime | None
    until: datetime | None
    said: datetime
    sources: list[str] = field(default_factory=list)
    done: bool = False
    dated: bool = False
    """Its beginning was said."""

    @property
    def begins(self) -> datetime:
        return self.since or _EVER

    @property
    def ends(self) -> datetime:
        return self.until or _NEVER

    @property
    def derived(self) -> bool:
        return self.claim.maker is Maker.MODEL

    def close(self, at: datetime) -> None:
        self.until = max(self.begins, at) if self.since else at

    def give_way(self, at: datetime, *, alone: bool) -> None:
        """Something else holds from then on. What was told as being so, without a beginning, was so before that."""
        if alone and not self.dated and self.since is not None and at <= self.since:
            self.since, self.until = None, at
        else:
            self.close(at)

    def repeat(self, said: Said) -> None:
        """It was said once more."""
        if said.note_id not in self.sources:
            self.sources.append(said.note_id)
        self.said = max(self.said, said.at)
        if RANKS[said.claim.maker] <= RANKS[self.claim.maker] and not said.claim.denied:
            self.claim = said.claim


def fold(said: Iterable[Said], root: Callable[[str], str] = fold_name) -> list[Fact]:
    """The facts that the claims amount to, ended ones too, in the order of their beginnings.

    `root` gives one name for all names of a thing.
    """
    groups: dict[tuple[str, str], list[_Span]] = {}
    for one in sorted(said, key=lambda each: each.order):
        name = root(one.claim.subject)
        spans = groups.setdefault((name, group_of(one.claim)), [])
        _FOLDS.get(one.claim.kind, _fold_fact)(spans, one)
        opposite = OPPOSITES.get(one.claim.relation)
        if opposite and not one.claim.denied and not one.claim.until:
            _deny(groups.get((name, opposite), []), one, _same)
    spans = [span for group in groups.values() for span in group]
    return [_fact(span) for span in sorted(spans, key=lambda span: (span.begins, span.said, span.folded))]


def group_of(claim: Claim) -> str:
    """Claims of one subject with the same of this bear on each other."""
    return claim.kind.value if claim.kind in _FOLDS else claim.relation


def thread_of(about: str, group: str) -> str:
    """First half of the id of a fact."""
    return _digest(about, group)


def holds(fact: Fact, at: datetime) -> bool:
    """Whether it is so at that moment."""
    since, until = fact.claim.since, fact.claim.until
    return (since is None or since <= at) and (until is None or at < until)


def _fold_fact(spans: list[_Span], said: Said) -> None:
    claim = said.claim
    if claim.denied:
        _deny(spans, said, covers)
    elif claim.until is not None and claim.until <= said.at:
        _was(spans, said)
    else:
        _is(spans, said)


def _is(spans: list[_Span], said: Said) -> None:
    """It holds from its start on."""
    claim, start, folded = said.claim, said.start, fold_value(said.claim.value)
    same = next((span for span in reversed(spans) if span.folded == folded and _meets(span, said)), None)
    others = [span for span in spans if span.folded != folded and span.ends > start and is_single(claim.relation)]
    if claim.maker is Maker.MODEL and any(not span.derived and span.begins <= start for span in others):
        return
    if same is not None:
        same.repeat(said)
        if claim.since and claim.since < same.begins and (claim.maker is not Maker.MODEL or same.derived):
            same.since, same.dated = claim.since, True
        if claim.until is not None and claim.until >= same.begins:
            same.until = claim.until
        start = same.begins
    else:
        later = [span.begins for span in others if claim.maker is Maker.MODEL and not span.derived]
        until = min([*later, claim.until or _NEVER])
        spans.append(_span(said, start, None if until == _NEVER else until))
    for span in others:
        if span.ends > start and (span.derived or claim.maker is not Maker.MODEL):
            alone = claim.since is not None and not any(one.begins < start for one in spans)
            span.give_way(start, alone=alone and span.begins < start + BEFORE)


def _meets(span: _Span, said: Said) -> bool:
    """Whether what is said is of this very stretch of time."""
    return span.begins <= said.start < span.ends or (
        said.claim.since is not None and said.start < span.begins and span.ends > said.at
    )


def _was(spans: list[_Span], said: Said) -> None:
    """It held once, and does no longer."""
    claim, folded = said.claim, fold_value(said.claim.value)
    end = claim.until or said.at
    for span in spans:
        if span.folded == folded and span.begins < end and (claim.since is None or claim.since < span.ends):
            span.repeat(said)
            if claim.since and claim.since < span.begins:
                span.since = claim.since
            if span.until is None and (claim.maker is not Maker.MODEL or span.derived):
                span.until = end
            return
    if claim.since is None and is_single(claim.relation):
        end = min([end, *(span.since for span in spans if span.since and span.until is None)])
    spans.append(_span(said, claim.since, end))


def _deny(spans: list[_Span], said: Said, speaks_of: Callable[[str, str], bool]) -> None:
    """It is no longer so."""
    at = said.claim.since or said.claim.until or said.at
    at = min(at, said.at) if said.claim.kind is not Kind.FACT else at
    for span in spans:
        if span.ends <= said.at or not speaks_of(said.claim.value, span.claim.value):
            continue
        if said.claim.maker is not Maker.MODEL or span.derived:
            span.close(at)
            span.repeat(said)
            span.done = said.claim.kind is Kind.COMMITMENT


def _same(said: str, value: str) -> bool:
    return fold_value(said) == fold_value(value)


def _fold_promise(spans: list[_Span], said: Said) -> None:
    """A commitment: the same promise for another day takes the place of the earlier."""
    claim = said.claim
    if claim.denied:
        _deny(spans, said, keeps)
        return
    folded = fold_value(claim.value)
    for span in spans:
        if span.folded == folded and span.until is None:
            if claim.due in (None, span.claim.due) or span.claim.due is None:
                due = claim.due or span.claim.due
                span.repeat(said)
                span.claim = replace(span.claim, due=due)
                return
            if claim.maker is Maker.MODEL and not span.derived:
                return
            span.close(said.at)
    spans.append(_span(said, said.start, None))


def _fold_condition(spans: list[_Span], said: Said) -> None:
    claim = said.claim
    if claim.denied:
        for span in spans:
            if span.until is None and covers(claim.trigger, span.claim.trigger):
                span.close(said.at)
                span.repeat(said)
        return
    folded = fold_value(f"{claim.trigger} {claim.value}")
    same = next((span for span in spans if span.folded == folded and span.until is None), None)
    if same:
        same.repeat(said)
    else:
        made = _span(said, said.start, claim.until)
        made.folded = folded
        spans.append(made)


_FOLDS: Mapping[Kind, Callable[[list[_Span], Said], None]] = {
    Kind.COMMITMENT: _fold_promise,
    Kind.CONDITION: _fold_condition,
}


def _span(said: Said, since: datetime | None, until: datetime | None) -> _Span:
    folded = fold_value(said.claim.value)
    if since is not None and until is not None:
        since = min(since, until)
    dated = said.claim.since is not None
    return _Span(said.claim, said.claim, folded, since, until, said.at, [said.note_id], dated=dated)


def _fact(span: _Span) -> Fact:
    about = fold_name(span.first.subject)
    start = span.since.astimezone(UTC).isoformat(timespec="seconds") if span.since else ""
    made = thread_of(about, group_of(span.first)) + _digest(span.first.relation, span.folded, start)
    claim = replace(span.claim, since=span.since, until=span.until)
    return Fact(made, claim, tuple(span.sources), span.said, span.done, span.dated)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:8]

"""How much of what people say is understood: statements, remarks and promises that the grammar was not written for.

    python -m benchmarks.statements [--misses]

`statements.jsonl` was written before and apart from the rules: what a member may say about themselves, others and the
house, with what follows from it; what says nothing that is so; promises, with what is said when they are done. Half of
it is held out: nobody reads its misses.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.report import Row, report
from memory.facts.claim import Claim, Kind
from memory.facts.drawing import draw
from memory.facts.folding import Said, fold
from memory.facts.relations import fold_name, words_of
from memory.note import Note

TITLE = "Coverage of what people say"
SAID = Path(__file__).with_name("statements.jsonl")
NOW = datetime(2026, 6, 17, 10, tzinfo=UTC)
Line = dict[str, Any]


def lines() -> list[Line]:
    """What is said, with what follows from it."""
    return [json.loads(line) for line in SAID.read_text("utf-8").splitlines()]


def _drawn(text: str, at: datetime = NOW) -> list[Claim]:
    return draw(Note(text, "ann", at, "ann"))


def is_known(line: Line) -> bool:
    """Whether what was stated is claimed."""
    names, value = {fold_name(one) for one in line["subjects"]}, set(words_of(line["value"]))
    return any(
        fold_name(claim.subject) in names
        and claim.relation in line["relations"]
        and claim.denied == line.get("denied", False)
        and value <= set(words_of(claim.value))
        for claim in _drawn(line["text"])
    )


def is_junk(line: Line) -> bool:
    """Whether anything is claimed of what says nothing."""
    return any(claim.kind is not Kind.CONDITION for claim in _drawn(line["text"]))


def _promised(line: Line) -> list[Said]:
    made = [one for one in _drawn(line["text"]) if one.kind is Kind.COMMITMENT and not one.denied]
    wanted = set(words_of(line["value"]))
    kept = [one for one in made if wanted <= set(words_of(f"{one.value} {one.text}"))]
    return [Said(one, "promise", 1, place, NOW) for place, one in enumerate(kept)]


def is_promised(line: Line) -> bool:
    """Whether the promise is understood."""
    return bool(_promised(line))


def is_settled(line: Line) -> bool:
    """Whether it is open or closed, as it should be, after what was said later."""
    made = _promised(line)
    if not made:
        return False
    later = NOW + timedelta(days=1)
    said = [Said(one, "later", 2, place, later) for place, one in enumerate(_drawn(line["later"], later))]
    [first, *_] = [fact for fact in fold([*made, *said]) if "promise" in fact.sources]
    closes: bool = line["closes"]
    return (first.claim.until is not None) == closes


def _share(told: Sequence[Line], right: Sequence[bool]) -> str:
    return f"{sum(right)} of {len(told)}, {sum(right) / max(len(told), 1):.1%}"


def _rows(told: Sequence[Line], name: str) -> Iterator[Row]:
    facts, none, promises = ([line for line in told if line["kind"] == kind] for kind in ("fact", "none", "promise"))
    known, junk = [is_known(line) for line in facts], [is_junk(line) for line in none]
    yield f"{name}: statements understood", "≥ 90 %", _share(facts, known), sum(known) >= 0.9 * len(facts)
    yield f"{name}: claims from what states nothing", "≤ 2 %", _share(none, junk), sum(junk) <= 0.02 * len(none)
    made, settled = [is_promised(line) for line in promises], [is_settled(line) for line in promises]
    yield f"{name}: promises understood", "≥ 90 %", _share(promises, made), sum(made) >= 0.9 * len(promises)
    yield (
        f"{name}: and closed or left open rightly",
        "≥ 80 %",
        _share(promises, settled),
        sum(settled) >= 0.8 * len(promises),
    )


def misses() -> Iterator[str]:
    """What of the half that is not held out was not understood, or should not have been."""
    for line in (line for line in lines() if not line["held"]):
        drawn = [(one.subject, one.relation, one.value, one.denied) for one in _drawn(line["text"])]
        if line["kind"] == "fact" and not is_known(line):
            yield f"missed  {line['text']!r}  {line['relations'][0]}: {drawn}"
        elif line["kind"] == "none" and is_junk(line):
            yield f"junk    {line['text']!r}  {drawn}"
        elif line["kind"] == "promise" and not is_settled(line):
            what = "open" if is_promised(line) else "no promise"
            later = [(one.relation, one.value, one.denied) for one in _drawn(line["later"])]
            yield f"{what}  {line['text']!r} {drawn} | {line['later']!r} {later}"


def run(quick: bool = False) -> list[Row]:
    """The rows."""
    told = lines()
    return [
        *_rows([line for line in told if not line["held"]], "developed on"),
        *_rows([line for line in told if line["held"]], "held out"),
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument("--misses", action="store_true", help="print what was missed, of the half that may be seen")
    given = parser.parse_args()
    if given.misses:
        print(*misses(), sep="\n")  # noqa: T201  # asked for on the command line
    report(TITLE, run())


if __name__ == "__main__":
    main()

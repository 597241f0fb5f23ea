"""How well and how fast requests are understood: `python -m benchmarks.understand [--held] [--wrong]`.

Reads our dev set, tests/dev/. `--held` measures the quarter that nothing was tuned on; `--wrong` lists what went
wrong. Right arguments means all of them, none too many; free text may differ in case, articles and marks.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.grade import right_arguments
from benchmarks.report import Row as Claim
from benchmarks.report import percentile, report
from models.embed.encoder import Encoder
from models.guess import Guess, Reader, Reading, Request, ToolSchema
from models.reflex.plain import PlainReader
from models.reflex.understand import history_of, tool_of

TITLE = "Understanding requests of our dev set"
ROOT = Path(__file__).parent.parent
DEV = ROOT / "tests" / "dev"
SERVICES = sorted(file.parent.name for file in (ROOT / "services").glob("*/service.toml"))
MANY = 200
Row = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """One request and what was made of it."""

    row: Row
    reading: Reading
    top: bool
    """The first tool is the right one (of several calls: all tools, in order)."""
    among: bool
    """The right tool is among the five nearest (or chosen)."""
    arguments: bool
    """All calls with all their arguments are right, and so is what is missing."""


def own_tools() -> list[ToolSchema]:
    """The tools of all our services, as the hub lists them."""
    tools = []
    for name in SERVICES:
        service = import_module(f"services.{name}.server").service
        for declared in service.declared.values():
            if not declared.hidden:
                row = declared.as_mcp().model_dump(by_alias=True, exclude_none=True)
                tools.append(tool_of({**row, "name": f"{name}_{declared.name}"}))
    return tools


def strangers(count: int) -> list[ToolSchema]:
    """Tools of imagined services, so that many are known."""
    verbs = ("search", "get", "create", "update", "delete", "share", "rate", "subscribe_to", "archive", "export")
    things = (
        "invoice", "playlist", "flight", "recipe", "parcel", "photo_album", "support_ticket", "garden_sensor",
        "museum_ticket", "spreadsheet", "podcast", "rental_car", "insurance_claim", "stock_portfolio", "game_score",
    )  # fmt: skip
    made = []
    for thing, verb in list(product(things, verbs))[:count]:
        noun = thing.replace("_", " ")
        schema = {
            "type": "object",
            "properties": {
                f"{thing}_id": {"type": "string", "description": f"Id of the {noun}"},
                "limit": {"type": "integer"},
            },
            "required": [f"{thing}_id"],
        }
        made.append(
            ToolSchema(f"{verb}_{thing}", f"{verb.replace('_', ' ').capitalize()} a {noun} of the account.", schema)
        )
    return made


def rows_of(name: str) -> list[Row]:
    """One part of the dev set."""
    return [json.loads(line) for line in (DEV / f"{name}.jsonl").read_text().splitlines()]


def request_of(row: Row, tools: Sequence[ToolSchema], home: Mapping[str, Any]) -> Request:
    """The request of one row of the dev set."""
    pending = row.get("pending")
    return Request(
        text=row["text"],
        tools=tools,
        now=datetime.fromisoformat(home["now"]),
        history=history_of(row.get("history")),
        names=home["names"],
        pending=Guess(pending["name"], pending["arguments"], 0.5, tuple(pending["missing"])) if pending else None,
    )


def judged(row: Row, reading: Reading, tools: Mapping[str, ToolSchema]) -> Result:
    """Compare one reading with the gold calls."""
    gold, got = row["calls"], reading.guesses
    pairs = list(zip(gold, got, strict=False))
    top = len(gold) == len(got) and all(guess.name in accepted(call) for call, guess in pairs)
    near = {name for name, _ in reading.near} | {guess.name for guess in got}
    among = top or bool(gold and accepted(gold[0]) & near)
    arguments = top and all(fits(call, guess, tools) for call, guess in pairs)
    missing = sorted(key for guess in got for key in guess.missing)
    return Result(row, reading, top, among, arguments and missing == sorted(row.get("missing", ())))


def alternatives(call: Row) -> list[Row]:
    """The gold call and the others that are as good."""
    return [call, *call.get("or", ())]


def accepted(call: Row) -> set[str]:
    """Names of tools that are right."""
    return {one["name"] for one in alternatives(call)}


def fits(call: Row, guess: Guess, tools: Mapping[str, ToolSchema]) -> bool:
    """The arguments are those of one of the alternatives."""
    return any(
        one["name"] == guess.name and right_arguments(one["arguments"], guess.arguments, tools[guess.name].schema)
        for one in alternatives(call)
    )


def measure(rows: Sequence[Row], tools: Sequence[ToolSchema], reader: Reader) -> list[Result]:
    """Read and judge every row."""
    home = json.loads((DEV / "home.json").read_text())
    by_name = {tool.name: tool for tool in tools}
    return [judged(row, reader.read(request_of(row, tools, home)), by_name) for row in rows]


def share(flags: Sequence[bool]) -> float:
    """Share of true ones, in per cent."""
    return 100 * sum(flags) / max(1, len(flags))


def figures(asked: Sequence[Result], none: Sequence[Result]) -> Iterator[Claim]:
    """The rows that are reported."""
    refused = [not result.reading.guesses for result in asked]
    several = [result for result in asked if len(result.row["calls"]) > 1]
    follow = [result for result in asked if result.row.get("history")]
    for what, value, least in (
        ("right tool", share([r.top for r in asked]), 92.0),
        ("right tool among the nearest five", share([r.among for r in asked]), None),
        ("all arguments right", share([r.arguments for r in asked]), 80.0),
        ("none recall", share([not r.reading.guesses for r in none]), 85.0),
        ("several calls: right tools", share([r.top for r in several]), None),
        ("several calls: all right", share([r.arguments for r in several]), None),
        ("follow-ups: all right", share([r.arguments for r in follow]), None),
    ):
        yield what, f"≥ {least:.0f} %" if least else "", f"{value:.1f} %", value >= least if least else None
    yield "false refusals", "≤ 5 %", f"{share(refused):.1f} %", share(refused) <= 5
    groups = defaultdict(list)
    for result in asked:
        groups[result.row["service"]].append(result)
    for name, some in groups.items():
        yield (
            f"  {name} ({len(some)})",
            "",
            f"{share([r.top for r in some]):.0f} / {share([r.arguments for r in some]):.0f} %",
            None,
        )


def speed(results: Sequence[Result], what: str) -> Iterator[Claim]:
    """Milliseconds in the middle and near the end."""
    times = [result.reading.ms for result in results]
    middle = percentile(times, 0.5)
    yield f"one request, {what}, p50", "≤ 15 ms", f"{middle:.1f} ms", middle <= 15
    yield f"one request, {what}, p95", "", f"{percentile(times, 0.95):.1f} ms", None


def complain(results: Sequence[Result]) -> None:
    """List what went wrong."""
    for result in results:
        if not (result.arguments if result.row["calls"] else not result.reading.guesses):
            calls = [(call["name"], call["arguments"]) for call in result.row["calls"]]
            got = [(g.name, dict(g.arguments), g.confidence, g.missing) for g in result.reading.guesses]
            mark = "args" if result.top else "TOOL"
            sys.stdout.write(f"{mark} {result.row['id']} {result.row['text']!r}\n  want {calls}\n  got  {got}\n")
            if mark == "TOOL":
                sys.stdout.write(f"  near {result.reading.near}\n")


def measured(part: str, every: int = 1, wrong: bool = False) -> list[Claim]:
    """The rows for one part of the dev set; to be quicker, for `every` third request, say."""
    reader = PlainReader(Encoder())
    tools = own_tools()
    home = json.loads((DEV / "home.json").read_text())
    reader.read(replace(request_of(rows_of("none")[0], tools, home), text="hello"))
    asked = measure(rows_of("requests" + part)[::every], tools, reader)
    none = measure(rows_of("none" + part)[::every], tools, reader)
    if wrong:
        complain([*asked, *none])
    rows = [*figures(asked, none), *speed([*asked, *none], f"{len(tools)} tools of our services")]
    many = [*tools, *strangers(max(0, MANY - len(tools)))]
    fresh = PlainReader(Encoder())  # one that has seen none of the sentences
    measure(rows_of("none" + part)[:1], many, fresh)
    crowd = measure(rows_of("requests" + part)[:: 3 * every], many, fresh)
    rows += [("right tool, many known", "", f"{share([r.top for r in crowd]):.1f} %", None)]
    return [*rows, *speed(crowd, f"{len(many)} tools known")]


def run(quick: bool = False) -> list[Claim]:
    """Measure on the part of the dev set that things were tuned on."""
    return measured("", 3 if quick else 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understand", description=__doc__)
    parser.add_argument("--held", action="store_true", help="the held-out quarter")
    parser.add_argument("--wrong", action="store_true", help="list what went wrong")
    parser.add_argument("--quick", action="store_true", help="a third of the requests")
    given = parser.parse_args(arguments)
    rows = measured("_held" * given.held, 3 if given.quick else 1, given.wrong)
    report(f"{TITLE}{' (held out)' * given.held}", rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

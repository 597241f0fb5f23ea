"""Is the right tool found among all that MuOS has? `python -m benchmarks.catalogue [--wrong]`.

Over 1,000 requests of our own, in tests/dev/: those of `benchmarks.understand`, and further ones whose tool alone is
known. A quarter of all was held out when anything was tuned, and is told separately. Chosen: the first call is one of
the right tool. Top 5: the right tool is among the five nearest, whether or not it was chosen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.report import Row as Claim
from benchmarks.report import percentile, report
from benchmarks.understand import DEV, Row, accepted, own_tools, request_of, rows_of, share
from models.embed.encoder import Encoder
from models.guess import Reading
from models.reflex.plain import PlainReader

TITLE = "The right tool among all"
Found = tuple[Row, Reading, bool, bool]
"""A request, what was made of it, whether the right tool was chosen, and whether it was among the nearest five."""


def asked(part: str) -> list[Row]:
    """The requests of one part, each with the names of the tools that are right for its first call."""
    rows = [{**row, "right": [row["tool"], *row.get("or", ())]} for row in rows_of("catalogue" + part)]
    rows += [{**row, "right": sorted(accepted(row["calls"][0]))} for row in rows_of("requests" + part)]
    return rows


def found(rows: Sequence[Row]) -> list[Found]:
    """Read them all."""
    reader, tools = PlainReader(Encoder()), own_tools()
    home = json.loads((DEV / "home.json").read_text())
    reader.read(replace(request_of(rows[0], tools, home), text="hello"))
    results = []
    for row in rows:
        reading = reader.read(request_of(row, tools, home))
        chosen = reading.guesses[0].name if reading.guesses else None
        near = {name for name, _ in reading.near} | {chosen}
        results.append((row, reading, chosen in row["right"], bool(near & set(row["right"]))))
    return results


def figures(results: Sequence[Found], what: str) -> Iterator[Claim]:
    """Two figures for some of the requests."""
    yield f"{what}: {len(results)} requests, right tool chosen", "", f"{share([r[2] for r in results]):.1f} %", None
    yield f"{what}: among the nearest five", "", f"{share([r[3] for r in results]):.1f} %", None
    yield f"{what}: taken for none", "", f"{share([not r[1].guesses for r in results]):.1f} %", None


def by_service(results: Sequence[Found]) -> Iterator[Claim]:
    """Both figures for each service."""
    count = Counter(row["service"] for row, *_ in results)
    for service, many in sorted(count.items()):
        own = [r for r in results if r[0]["service"] == service]
        yield (
            f"  {service} ({many})",
            "",
            f"{share([r[2] for r in own]):.0f} / {share([r[3] for r in own]):.0f} %",
            None,
        )


def complain(results: Sequence[Found]) -> None:
    """List what went wrong; of what was held out only how much."""
    for row, reading, chosen, _ in results:
        if not chosen:
            got = reading.guesses[0].name if reading.guesses else "none"
            sys.stdout.write(f"{row['text']!r}\n  want {row['right']}  got {got}  near {reading.near}\n")


def measured(every: int = 1, wrong: bool = False) -> list[Claim]:
    """All rows; to be quicker, of `every` third request, say."""
    dev, held = found(asked("")[::every]), found(asked("_held")[::every])
    if wrong:
        complain(dev)
    times = [reading.ms for _, reading, *_ in (*dev, *held)]
    tools = len(own_tools())
    return [
        *figures([*dev, *held], f"all, {tools} tools known"),
        *figures(held, "held out"),
        ("one request, p50", "≤ 15 ms", f"{percentile(times, 0.5):.1f} ms", percentile(times, 0.5) <= 15),
        ("one request, p95", "", f"{percentile(times, 0.95):.1f} ms", None),
        *by_service([*dev, *held]),
    ]


def run(quick: bool = False) -> list[Claim]:
    """Measure."""
    return measured(4 if quick else 1)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalogue", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list what went wrong in the part that may be tuned on")
    parser.add_argument("--quick", action="store_true", help="a quarter of the requests")
    given = parser.parse_args()
    report(TITLE, measured(4 if given.quick else 1, given.wrong))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

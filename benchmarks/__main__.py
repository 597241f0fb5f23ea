"""Every number that we claim, beside its target, as measured here and now.

    python -m benchmarks                 all of them, about five minutes on two idle cores (make bench)
    python -m benchmarks --quick         all of them with fewer rounds, about two minutes
    python -m benchmarks ask turn        only these
    python -m benchmarks.understand -h   one by itself; some take options of their own

Each works in a home of its own, which is deleted afterwards. The figures mean something on a machine that does nothing
else. The last table repeats every line that has a target. Nothing here is a test: a missed target is told, not failed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Sequence
from types import ModuleType

import benchmarks
from benchmarks.report import Row, report

ORDER = ("ask", "turn", "understand", "catalogue", "recall", "runtime", "hostile", "lost", "idle", "install", "up")
"""As in the budget; a benchmark that is not named here comes after these."""


def found() -> dict[str, ModuleType]:
    """The benchmarks by name: the modules of this package that offer `run`."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__"]
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names}
    offered = [name for name in names if hasattr(modules[name], "run")]
    return {name: modules[name] for name in sorted(offered, key=lambda name: (name not in ORDER, place(name), name))}


def place(name: str) -> int:
    """Where in the order it comes."""
    return ORDER.index(name) if name in ORDER else len(ORDER)


def rows_of(benchmark: ModuleType, quick: bool) -> list[Row]:
    """Run one; what stops it is a row too, and the others go on."""
    try:
        rows: list[Row] = benchmark.run(quick)
    except SystemExit as stopped:
        return [(f"{benchmark.TITLE}: stopped", "", " ".join(str(stopped).split()), False)]
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them in order and sum up."""
    known = found()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(known)}; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.names) - set(known)):
        parser.error(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(known)}")
    told: list[Row] = []
    started = time.monotonic()
    for name in given.names or known:
        rows = rows_of(known[name], given.quick)
        report(known[name].TITLE, rows)
        told += [row for row in rows if row[3] is not None]
    load = os.getloadavg()[0]
    report(f"All targets ({sys.platform}, {os.cpu_count()} cores, load {load:.1f})", told)
    sys.stdout.write(f"{time.monotonic() - started:.0f} s\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

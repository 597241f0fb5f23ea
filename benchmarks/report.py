"""How every benchmark prints what it found: a row for each claim, with its target and the figure."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.table import Table

Row = tuple[str, str, str, bool | None]
"""What is claimed, the target, the figure, and whether it is met (None: there is no target)."""
Run = Callable[[bool], list[Row]]
"""What every benchmark offers: its rows; the argument asks for the quick version."""
MARKS = {True: "[green]yes[/green]", False: "[red]no[/red]", None: ""}


def report(title: str, rows: Iterable[Row]) -> None:
    """Print the rows as a table."""
    table = Table(title=title, title_justify="left")
    for column in ("what", "target", "figure", "met"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, target, figure, met in rows:
        table.add_row(what, target, figure, MARKS[met])
    Console().print(table)


def alone(title: str, run: Run) -> None:
    """Be the command line of one benchmark: `--quick` or all of it."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    report(title, run(parser.parse_args().quick))


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which `share` (0 to 1) of them lie."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

"""How every benchmark prints what it found: a row for each claim, with its target and the figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

Row = tuple[str, str, str, bool | None]
"""What is claimed, the target, the figure, and whether it is met (None: there is no target)."""
MARKS = {True: "[green]yes[/green]", False: "[red]no[/red]", None: ""}


def report(title: str, rows: Iterable[Row]) -> None:
    """Print the rows as a table."""
    table = Table(title=title, title_justify="left")
    for column in ("name", "target", "figure", "met"):
        table.add_column(column, justify="left" if column == "name" else "right")
    for what, target, figure, met in rows:
        table.add_row(what, target, figure, MARKS[met])
    Console().print(table)


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which `share` (0 to 1) of them lie."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

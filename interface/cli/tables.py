"""Services as tables for a terminal; loaded by the commands that print one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Row = Mapping[str, Any]
WIDE = 110
"""Columns where the output goes to a file or a pipe."""
COLOURS = {
    "ready": "green",
    "asleep": "dim",
    "starting": "cyan",
    "draining": "cyan",
    "resting": "yellow",
    "withdrawn": "yellow",
    "unapproved": "yellow",
    "changed": "red",
    "broken": "red",
}
HINT = (
    "muos services stats NAME: what it takes, and what holds it · logs, restart, swap, rest, wake, set NAME"
    " · new NAME, add SOURCE"
)


def console() -> Console:
    """Where to print; as wide as the terminal, no colours elsewhere."""
    there = sys.stdout.isatty()
    return Console(file=sys.stdout, width=None if there else WIDE, highlight=False)


def plain_table(*columns: str) -> Table:
    """A table without lines; columns that begin with > are numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left", no_wrap=True)
    return table


def state_of(row: Row) -> str:
    """The state in its colour."""
    colour = COLOURS.get(row["state"], "")
    return f"[{colour}]{row['state']}[/{colour}]" if colour else str(row["state"])


def list_table(rows: Iterable[Row]) -> None:
    """All services, what is wrong with one right below it, and a hint."""
    rows = list(rows)
    table = plain_table("service", "state", ">tools", ">calls", "what it is")
    table.columns[-1].no_wrap = False
    for row in rows:
        said = escape(row["about"] or row["title"])
        more = ". ".join(part for part in (row.get("waiting", ""), row["error"]) if part)
        if more:
            said += f"\n[yellow]{escape(more)}[/yellow]"
        table.add_row(row["name"], state_of(row), str(row["tools"]), str(row["calls"] or ""), said)
    out = console()
    out.print(table)
    awake = sum(1 for row in rows if row["pid"])
    out.print(f"\n[dim]{len(rows)} services, {awake} awake; a sleeping one costs nothing. {escape(HINT)}[/dim]")


def stats_table(rows: Iterable[Row]) -> None:
    """What all services take, a line each."""
    table = plain_table("service", "state", ">calls", ">failed", ">p50 ms", ">p95 ms", ">own MB", ">cpu s", ">data MB")
    total = 0.0
    for row in rows:
        use = row["use"]
        total += use["own_mb"] or 0.0
        figures = (row["calls"], row["failed"], row["p50_ms"], row["p95_ms"])
        taken = (shown(use["own_mb"]), shown(use["cpu_seconds"])) if use["processes"] else ("", "")
        table.add_row(row["name"], state_of(row), *(shown(each) for each in figures), *taken, shown(row["data_mb"]))
    out = console()
    out.print(table)
    out.print(f"\n[dim]{total:.0f} MB of memory in all; what sleeps takes none. One service in full: stats NAME[/dim]")


def stats_sheet(row: Row) -> None:
    """One service in full."""
    table = plain_table("", "")
    table.show_header = False
    table.columns[1].no_wrap = False
    for what, value in facts(row):
        table.add_row(f"[bold]{what}[/bold]", escape(value))
    out = console()
    out.print(table)


def facts(row: Row) -> list[tuple[str, str]]:
    """What there is to say of one service, in order."""
    use, limits = row["use"], row["limits"]
    lines = [("service", f"{row['title']} ({row['name']})"), ("state", row["state"])]
    if use["processes"]:
        lines += [
            ("process", f"{row['pid']}, up {shown(row['uptime_seconds'])} s, {counted(use['processes'], 'process')}"),
            ("memory", f"{shown(use['own_mb'])} MB of its own, {shown(use['resident_mb'])} MB with what it shares"),
            ("processor", f"{shown(use['cpu_seconds'])} s, {counted(use['threads'], 'thread')}"),
            ("open files", shown(use["open_files"])),
        ]
    else:
        lines.append(("process", "none: it sleeps and costs nothing"))
    lines += [
        ("calls", f"{row['calls']}, of which {row['failed']} failed"),
        ("answers in", f"{shown(row['p50_ms'])} ms as a rule, {shown(row['p95_ms'])} ms at p95"),
        ("replaced", f"{counted(row['restarts'], 'restart')}, {counted(row['swaps'], 'swap')}"),
        ("data", f"{shown(row['data_mb'])} MB"),
        ("limits", ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in limits.items())),
        ("rights", "; ".join(f"{what}: {', '.join(each)}" for what, each in row["rights"].items()) or "none"),
    ]
    lines += [("enforced" if not at else "", each) for at, each in enumerate(row["enforced"])]
    lines += [("not enforced" if not at else "", each) for at, each in enumerate(row["missing"])]
    return lines


def shown(value: Any) -> str:
    """A figure, or a dash where it is not known."""
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def counted(number: int, what: str) -> str:
    """1 restart, 2 restarts."""
    plural = f"{what}es" if what.endswith("s") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"

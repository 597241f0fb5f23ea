"""What is remembered, for a person to read; loaded by the commands that show it."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from rich.markup import escape

from interface.cli.door import Row
from interface.cli.tables import console, counted, plain_table


def timeline(row: Row) -> None:
    """Notes by day, the latest last, as a conversation reads."""
    out = console()
    notes = row["notes"][::-1]
    if not notes:
        out.print("Nothing was said yet.")
    elif row["more"]:
        out.print("[dim]… there is more: --before, or -n.[/dim]")
    for day, said in groupby(notes, key=lambda note: day_of(note["when"])):
        out.print(f"[bold]{day}[/bold]")
        for note in said:
            where = f" [dim]in {escape(note['room'])}[/dim]" if note["room"] not in {"", "home"} else ""
            times = f" [dim](said {note['times']} times)[/dim]" if note["times"] > 1 else ""
            text = escape(" ".join(note["text"].split()))
            out.print(f"  {note['when'][11:16]}  {escape(note['who'])}{where}: {text}{times}", soft_wrap=True)
            if note.get("answer"):
                out.print(f"         [dim]{escape(' '.join(note['answer'].split()))}[/dim]", soft_wrap=True)


def facts(row: Row) -> None:
    """Facts by whom they are about."""
    table = plain_table("about", "what", "since", "until", "id")
    table.columns[1].no_wrap = False
    for fact in row["facts"]:
        said = escape(fact["told"]) + (" [dim](by a model)[/dim]" if fact["maker"] == "model" else "")
        table.add_row(escape(fact["subject"]), said, day_of(fact["since"]), day_of(fact["until"]), fact["id"])
    out = console()
    out.print(table if row["facts"] else "Nothing is known of that.")


def promises(row: Row) -> None:
    """What is to be done, by when."""
    table = plain_table("due", "who", "what", "id")
    table.columns[2].no_wrap = False
    for fact in row["facts"]:
        done = "[dim]done:[/dim] " if fact["done"] else ""
        table.add_row(day_of(fact["due"]), escape(fact["subject"]), done + escape(fact["told"]), fact["id"])
    out = console()
    out.print(table if row["facts"] else "Nothing was promised.")


def people(row: Row) -> None:
    """Whom and what something is known about."""
    table = plain_table("about", ">facts", "last said")
    for one in row["subjects"]:
        table.add_row(escape(one["name"]), str(one["facts"]), day_of(one["last"]))
    out = console()
    out.print(table if row["subjects"] else "Nothing is known of anybody yet.")


def why(row: Row) -> None:
    """Where it comes from."""
    console().print(escape(row["text"]), soft_wrap=True)


def status(row: Row) -> None:
    """How much there is, and where it lies."""
    out = console()
    out.print(
        f"{counted(row['notes'], 'note')} in {row['record']} for {escape(row['member'])}, {row['indexed']:,} of them"
        f" found by meaning ({row['vectors']}).",
        soft_wrap=True,
    )
    if row["filling"]:
        out.print(f"The index is being filled: {row['filling']['done']:,} of {row['filling']['all']:,}.")
    if row["trouble"]:
        out.print(escape(row["trouble"]), soft_wrap=True)


def going(row: Row) -> None:
    """What would be forgotten."""
    out = console()
    for note in row["notes"]:
        text = escape(" ".join(note["text"].split()))
        out.print(f"  {day_of(note['when'])}  {escape(note['who'])}: {text}", soft_wrap=True)
    out.print(f"{counted(len(row['notes']), 'note')} would be forgotten.")


def day_of(moment: str | None) -> str:
    """4 March 2026."""
    return f"{datetime.fromisoformat(moment):%-d %B %Y}" if moment else ""

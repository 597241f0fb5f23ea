"""What memory import, recall and export do with their lines.

Must stay true: an answer to a line goes out before the next line is read; standard output holds JSON lines alone
unless a person reads it.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.turn import in_zone
from interface.bulk import Importer, Tally
from interface.cli.memorydoor import open_memory_door
from interface.settings import Settings
from memory.lines import BadLine, Query, error_line, read_query, recalled_line, summary_line

if TYPE_CHECKING:
    # for the types alone: loading them costs every command of the terminal a fifth of a second
    from memory.vectors.indexing import Progress

Row = dict[str, Any]


def bring(
    settings: Settings, lines: Iterable[bytes], member: str, room: str, now: datetime, plain: bool = False
) -> int:
    """Keep the notes and make their vectors; tells of each line that is refused, and what it all came to."""
    began, whole = time.perf_counter(), Tally()
    now, _ = in_zone(now, settings.zone)  # lines without an offset have summer time where the person has it
    with open_memory_door(settings) as door:
        with shown("Keeping") as tell:
            for tally in door.bring(lines, Importer(member, room, now)):
                whole.imported += tally.imported
                whole.merged += tally.merged
                whole.refused += tally.refused
                for line_id, reason in tally.errors:
                    write(f"{line_id or 'A line without an id'}: {reason}" if plain else error_line(line_id, reason))
                if tell:
                    tell(whole.imported + whole.merged + whole.refused, 0)
        with shown("Reading") as tell:
            door.catch_up(tell, load=False)
    took = time.perf_counter() - began
    if plain:
        write(f"{whole.imported} imported, {whole.merged} merged, {whole.refused} refused, in {took:.1f} s.")
    else:
        write(summary_line(whole.imported, whole.merged, whole.refused, took * 1000))
    return 0


def recall(
    settings: Settings, lines: Iterable[bytes], member: str, room: str, now: datetime, k: int, plain: bool
) -> int:
    """Answer each question as it comes."""
    now, _ = in_zone(now, settings.zone)
    with open_memory_door(settings) as door:
        with shown("Reading") as tell:
            door.catch_up(tell, load=True)
        for line in lines:
            if not line.strip():
                continue
            began, line_id = time.perf_counter(), None
            try:
                query = read_query(line, member=member, room=room, now=now, k=k)
                line_id = query.id
                rows = door.answer(query)
            except (BadLine, ValueError) as bad:
                reason, line_id = str(bad), bad.line_id if isinstance(bad, BadLine) else line_id
                write(f"{line_id or 'A line without an id'}: {reason}" if plain else error_line(line_id, reason))
                continue
            ms = (time.perf_counter() - began) * 1000
            write(told(query, rows) if plain else recalled_line(query.id, rows, ms))
    return 0


def export(settings: Settings, member: str, target: Path | None) -> int:
    """Write the lines out; a file is complete or is not there."""
    with open_memory_door(settings) as door:
        if target is None:
            for line in door.export(member):
                write(line, flush=False)
            return 0
        draft = target.with_name(f".{target.name}.part")
        count = 0
        if not target.parent.is_dir() or target.is_dir():
            raise ValueError(f"{str(target)!r} can't be written: give the path of a file in a folder that is there.")
        with draft.open("w", encoding="utf-8") as stream:
            draft.chmod(0o600)
            for line in door.export(member):
                stream.write(line + "\n")
                count += '"kind": "fact"' not in line
        draft.replace(target)
    sys.stderr.write(f"Wrote {count} notes to {target}.\n")
    return 0


def told(query: Query, rows: list[Row]) -> str:
    """One answer for a person."""
    if not rows:
        return f"{query.query}\n  Nothing is remembered about this."
    notes = (f"  {row['when'][:10]}  {row['who']}: {row['text']}  ({row['why']})" for row in rows)
    return "\n".join([query.query, *notes])


def write(line: str, flush: bool = True) -> None:
    """One line out, at once."""
    sys.stdout.write(line + "\n")
    if flush:
        sys.stdout.flush()


@contextmanager
def shown(title: str) -> Iterator[Progress | None]:
    """A progress bar on a terminal's standard error; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    # rich takes 40 ms to load: only who looks at a bar pays for it
    bars, console = importlib.import_module("rich.progress"), importlib.import_module("rich.console")
    columns = bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn()
    with bars.Progress(*columns, console=console.Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)

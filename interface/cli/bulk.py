"""memory import, recall, export: many notes or questions at a time, as JSON lines."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from interface.cli.options import Home, Member, Now, Room, moment, settings_for
from interface.cli.turns import named

Source = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="JSON lines; - or nothing: standard input.")]
Lines = Annotated[bool, typer.Option("--json", help="Answer in JSON lines and nothing else.")]


def add_to(group: typer.Typer) -> None:
    """Add these commands."""
    group.command("import")(bring)
    group.command("recall")(recall)
    group.command("export")(export)


def bring(
    source: Source = None,
    as_json: Lines = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Bring in notes, one JSON object a line; what is there already merges.

    A line: {"id", "text", "who", "when", "member", "room", "scope", "source", "asked"}; only "text" is needed. Options
    stand in for what lines leave out. A line that can't be kept is told as {"id", "error"}, and the
    rest goes on. The last line is {"imported", "merged", "refused", "ms"}.

    Examples: muos memory import notes.jsonl · muos memory export --member ann | muos memory import --home elsewhere -
    """
    settings = settings_for(home)
    when = moment(now, settings.zone)
    member = named("--member", member or settings.member)
    plain = not as_json and sys.stdout.isatty()
    with open_lines(source, "notes") as lines:
        # memory takes a quarter of a second to import: only who uses it pays for it
        work = importlib.import_module("interface.cli.streams")
        return int(work.bring(settings, lines, member, named("--room", room or "home"), when, plain))


def recall(
    source: Source = None,
    as_json: Lines = False,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many notes where a line does not say so.")] = 5,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Answer many questions to memory, one JSON object a line, each as it comes.

    A line: {"id", "query", "k", "room", "member", "now"}; only "query" is needed. With --json each gets {"id", "notes":
    [{"id", "text", "who", "when", "score", "why"}], "ms"}. To ask one thing in plain words: muos recall TEXT.

    Example: echo '{"query": "where is the spare key?"}' | muos memory recall --json
    """
    settings = settings_for(home)
    when = moment(now, settings.zone)
    member = named("--member", member or settings.member)
    with open_lines(source, "questions") as lines:
        work = importlib.import_module("interface.cli.streams")
        return int(work.recall(settings, lines, member, named("--room", room or "home"), when, k, plain=not as_json))


def export(
    target: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; standard output if left out.")
    ] = None,
    member: Member = None,
    home: Home = None,
) -> int:
    """Write all that a member's memory holds as JSON lines, in the form that import reads.

    Notes come first, oldest first. Lines with "kind": "fact" tell what follows from them; import passes them over, and
    draws them anew.

    Example: muos memory export --member ann ann.jsonl
    """
    settings = settings_for(home)
    member = named("--member", member or settings.member)
    work = importlib.import_module("interface.cli.streams")
    return int(work.export(settings, member, None if target is None or str(target) == "-" else target))


def open_lines(source: Path | None, what: str) -> AbstractContextManager[Iterable[bytes]]:
    """The lines of a file, or of standard input."""
    if source is None or str(source) == "-":
        if sys.stdin.isatty():
            raise typer.BadParameter(f"Give a file of {what} as JSON lines, or send them in: … | muos memory … -")
        return nullcontext(sys.stdin.buffer)
    try:
        return source.open("rb")
    except OSError as wrong:
        raise typer.BadParameter(f"{str(source)!r} can't be read: {wrong.strerror}.") from wrong

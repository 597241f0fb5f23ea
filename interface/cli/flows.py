"""call, confirm, log, undo, cancel: typed calls for scripts, and what was done."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from interface.cli.door import Row, open_door
from interface.cli.options import AsJson, Home, Member, Now, Room, moment, settings_for
from interface.cli.turns import FAULT, TEXT_LIMIT, print_json, said

REFUSED = 2
UNCHANGED = "Nothing was changed. This is what would happen: "
ID = re.compile("[0-9a-f]{4,32}")
SHORT = 6
"""Digits of an id that are shown; any that are enough to tell it from the others are taken."""
MARKS = {"planned": "…", "running": "…", "waiting": "?", "done": "✓", "error": "✗", "cancelled": "-", "undone": "↶"}


class Ended(StrEnum):
    """How far a piece of work has come."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    ERROR = "error"
    CANCELLED = "cancelled"


Ids = Annotated[
    list[str] | None,
    typer.Argument(help="Ids of what to take back, or their first digits (muos log shows them); the last by default."),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(call)
    app.command()(confirm)
    app.command()(log)
    app.command()(undo)
    app.command()(cancel)


def call(
    tool: Annotated[str, typer.Argument(help="The tool, such as lists_add.")],
    arguments: Annotated[
        str, typer.Argument(help="Its arguments, a JSON object; - reads it from standard input.")
    ] = "{}",
    as_json: AsJson = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree beforehand to what can't be undone.")] = False,
    preview: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen; nothing is done.")] = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    home: Home = None,
) -> int:
    """Call one tool with typed arguments, for scripts.

    An argument may be {"$result": ID, "path": "/data/items/0"}: what an earlier call gave.

    Example: muos call lists_add '{"items": ["milk"]}'
    """
    settings = settings_for(home)
    typed = said(settings, "", member, room, now) | {"tool": tool, "arguments": parsed(arguments)}
    with open_door(settings) as door:
        row = door.call(typed | {"yes": yes, "preview": preview})
    text = (row["result"] or {}).get("text") or ""
    if as_json:
        print_json(row)
    elif row["status"] == "done":
        sys.stdout.write((UNCHANGED if preview else "") + text + "\n")
    elif row["status"] == "waiting":
        raise ValueError(f"{text} From here: muos confirm {row['id'][:SHORT]}, or with --no. Or give --yes.")
    else:
        raise ValueError(text)
    return 0 if row["status"] == "done" else REFUSED


def confirm(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="Id of what waits, or its first digits (muos log).")],
    no: Annotated[bool, typer.Option("--no", help="Say no: it is not done.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    home: Home = None,
) -> int:
    """Say yes to what waits for it, by its id; or no, with --no. It counts for exactly what was asked."""
    settings = settings_for(home)
    who = said(settings, "", member, room, None)
    with open_door(settings) as door:
        end = door.confirm(waiting(door.flow(an_id(wanted), who["member"]), wanted), yes=not no, who=who)
    done = no or (bool(end["calls"]) and all(row["status"] == "done" for row in end["calls"]))
    if as_json:
        print_json(end)
    elif end.get("broke"):
        return FAULT
    elif not done:
        raise ValueError(end["text"])
    else:
        sys.stdout.write(end["text"] + "\n")
    return 0 if done else REFUSED


def waiting(flow: Row, wanted: str) -> str:
    """The one call that an id means: its own, or that of the work in which it alone waits."""
    of_work = [row["id"] for row in flow["calls"] if row["status"] == "waiting"]
    meant = [call for call in of_work if call.startswith(wanted)] or of_work * flow["id"].startswith(wanted)
    if len(meant) > 1:
        raise ValueError(f"Several calls of it wait; give the id of one: {', '.join(meant)}.")
    if not meant:
        raise ValueError("That does not wait for an answer; `muos log --status waiting` shows what does.")
    return str(meant[0])


def log(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="How many pieces of work.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, newest first.")] = False,
    flow: Annotated[
        str | None, typer.Option("--flow", help="Only this one, by its id or that of a call in it.")
    ] = None,
    status: Annotated[Ended | None, typer.Option("--status", help="Only those that came so far.")] = None,
    member: Member = None,
    home: Home = None,
) -> int:
    """Show what was done: each piece of work, its calls, how they ended, and the ids that undo them."""
    settings = settings_for(home)
    who = member or settings.member
    with open_door(settings) as door:
        rows = [door.flow(an_id(flow), who)] if flow else door.flows(who, limit, status and status.value)
    if as_json:
        for row in rows:
            print_json(row)
        return 0
    if not rows:
        sys.stdout.write("Nothing was done yet.\n" if status is None else f"Nothing is {status.value}.\n")
    zone = ZoneInfo(settings.zone)
    for row in reversed(rows):
        sys.stdout.write("\n".join(flow_lines(row, zone)) + "\n")
    return 0


def undo(
    ids: Ids = None,
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, max=100, help="The last so many.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="All since then: 09:00, or ISO 8601.")] = None,
    preview: Annotated[bool, typer.Option("--dry-run", help="Only say what would be undone.")] = False,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    home: Home = None,
) -> int:
    """Take the last action back, or those with these ids; the id of a piece of work takes all of it back."""
    settings = settings_for(home)
    what = said(settings, "", member, room, None) | {"preview": preview}
    if ids:
        what["call"] = " ".join(an_id(each) for each in ids)
    if count:
        what["count"] = count
    if since:
        what["since"] = clock(since, settings.zone).isoformat()
    with open_door(settings) as door:
        end = door.undo(what)
    undone = bool(end["calls"]) and all(row["status"] == "done" for row in end["calls"])
    left = any((row["result"] or {}).get("data", {}).get("left") for row in end["calls"])
    if as_json:
        print_json(end)
    elif undone:
        sys.stdout.write(end["text"] + "\n")
    elif end.get("broke"):
        return FAULT
    else:
        raise ValueError(end["text"])
    return 0 if undone and not left else REFUSED


def cancel(
    flow: Annotated[str, typer.Argument(help="Id of the work, or its first digits (muos log shows them).")],
    as_json: AsJson = False,
    member: Member = None,
    home: Home = None,
) -> int:
    """Cancel work that runs or waits; what had taken effect stays, and can be undone."""
    settings = settings_for(home)
    wanted = an_id(flow)
    with open_door(settings) as door:
        row = door.cancel(wanted, member or settings.member)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(row["said"] + "\n")
    return 0


def an_id(text: str) -> str:
    """The id, if it can be one."""
    if not ID.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no id of an action; `muos log` shows them.")
    return text


def clock(text: str, zone: str) -> datetime:
    """A moment, or a time of today."""
    try:
        return moment(
            datetime.combine(datetime.now(ZoneInfo(zone)), datetime.strptime(text, "%H:%M").time()).isoformat(), zone
        )
    except ValueError:
        pass
    try:
        return moment(text, zone)
    except typer.BadParameter:
        raise typer.BadParameter(f"--since must be a time such as 09:00 or 2026-03-04T09:00, not {text!r}.") from None


def parsed(text: str) -> dict[str, Any]:
    """The arguments."""
    given = sys.stdin.buffer.read(TEXT_LIMIT + 1).decode("utf-8", "replace") if text == "-" else text
    if len(given) > TEXT_LIMIT:
        raise typer.BadParameter(f"The arguments are longer than {TEXT_LIMIT:,} characters.")
    try:
        arguments = json.loads(given)
    except (ValueError, RecursionError) as wrong:
        raise typer.BadParameter(f"The arguments must be a JSON object: {wrong}.") from wrong
    if not isinstance(arguments, dict):
        raise typer.BadParameter(f"The arguments must be a JSON object, not {given[:40]!r}.")
    return arguments


def flow_lines(row: Row, zone: ZoneInfo) -> list[str]:
    """One piece of work for people to read: what was asked, then a line for each call."""
    at = datetime.fromisoformat(row["started"]).astimezone(zone)
    lines = [call_line(call) for call in row["calls"]]
    if len(lines) == 1 and not row["asked"]:
        return [f"{row['id'][:SHORT]}  {at:%F %H:%M}  {lines[0]}"]
    head = f"{row['id'][:SHORT]}  {at:%F %H:%M}  {row['status']:<9}  {' '.join(row['asked'].split())}".rstrip()
    return [head, *(f"        {call['id'][:SHORT]} {line}" for call, line in zip(row["calls"], lines, strict=True))]


def call_line(row: Row) -> str:
    """One call: how it ended, what it was, what it said, and whether it stays."""
    given = ", ".join(f"{name}={value!r}" for name, value in row["arguments"].items())
    text = " ".join(((row.get("result") or {}).get("text") or "").split())
    stays = f" [{row['lasting']}]" if row["effect"] != "read" and row["status"] == "done" and row["lasting"] else ""
    return f"{MARKS[row['status']]} {row['status']:<9} {row['tool']}({given})  {text}{stays}".rstrip()

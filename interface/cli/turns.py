"""ask, chat: saying things in plain words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from interface.cli.door import Row, open_door
from interface.cli.options import AsJson, BaseUrl, Home, Member, Model, Now, Room, moment, settings_for
from interface.holder import member_name
from interface.settings import Settings

NOT_UNDERSTOOD = 3
FAULT = 1
TEXT_LIMIT = 1_000_000
"""Characters; more than anyone types."""
NAME_LIMIT = 64


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(ask)
    app.command()(chat)


def ask(
    text: Annotated[
        list[str] | None, typer.Argument(help="What to ask, in plain words; read from standard input if left out.")
    ] = None,
    as_json: AsJson = False,
    member: Member = None,
    room: Room = "home",
    now: Now = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree beforehand to what can't be undone.")] = False,
    preview: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen; nothing is done.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
    home: Home = None,
) -> int:
    """Ask for something in plain words.

    Examples: muos ask what time is it in Tokyo · muos ask "remind me to call mum tomorrow at 5pm"
    """
    settings = settings_for(home, model, base_url)
    asked = said(settings, words(text), member, room, now) | {"yes": yes, "preview": preview}
    with open_door(settings, alone=bool(model or base_url)) as door:
        end = finish(door.ask(asked), show=not as_json)
    if as_json:
        print_json({key: value for key, value in end.items() if key not in {"event", "broke"}})
    return FAULT if end.get("broke") else NOT_UNDERSTOOD if end["path"] == "none" else 0


def chat(
    member: Member = None, room: Room = "home", model: Model = None, base_url: BaseUrl = None, home: Home = None
) -> int:
    """Have a conversation in the terminal. Ctrl-D or "bye" ends it."""
    settings = settings_for(home, model, base_url)
    from_person = sys.stdin.isatty()
    with open_door(settings, alone=bool(model or base_url)) as door:
        if from_person:
            sys.stdout.write("Say something, or “bye” to leave. “what can you do?” shows what there is.\n")
        for row in door.unseen(member or settings.member):
            sys.stdout.write(f"⏰ {row['text']} (while you were away)\n")
        door.listen(member or settings.member, lambda row: ring(row, from_person))
        while True:
            try:
                line = input("› " if from_person else "")
            except EOFError:
                return 0
            if line.strip().lower() in {"bye", "exit", "quit", "goodbye"}:
                return 0
            if line.strip():
                finish(door.ask(said(settings, line, member, room, None)), show=True)


def said(settings: Settings, text: str, member: str | None, room: str, now: str | None) -> dict[str, Any]:
    """The body of a turn."""
    return {
        "text": text,
        "member": named("--member", settings.member if member is None else member),
        "room": named("--room", room or "home"),
        "zone": settings.zone,
        "now": moment(now, settings.zone).isoformat(),
    }


def named(option: str, name: str) -> str:
    """The name, if one can be called that."""
    if len(name) > NAME_LIMIT or not name.isprintable():
        shown = name[:NAME_LIMIT]
        raise typer.BadParameter(f"{option} takes a name of at most {NAME_LIMIT} characters, not {shown!r}.")
    return member_name(name) if option == "--member" else name


def words(text: list[str] | None, none: str = "Nothing was asked. Try: muos ask what time is it in Tokyo") -> str:
    """The words of the command line, or of standard input; anything a terminal or file may hold."""
    joined = (
        " ".join(text)
        if text
        else ""
        if sys.stdin.isatty()
        else sys.stdin.buffer.read(TEXT_LIMIT + 1).decode("utf-8", "replace")
    )
    plain = joined.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if not plain.strip():
        raise typer.BadParameter(none)
    if len(plain) > TEXT_LIMIT:
        raise typer.BadParameter(f"That is {len(plain):,} characters; at most {TEXT_LIMIT:,} can be asked at once.")
    return plain


def finish(events: Iterable[Row], show: bool) -> Row:
    """Take the events in, showing the answer as it comes; gives the `end` row."""
    end: Row = {"path": "none", "calls": [], "text": ""}
    broke = False
    for row in events:
        if row["event"] == "end":
            end = row
        elif row["event"] in {"said", "broke"} and show:
            sys.stdout.write(row["text"])
            sys.stdout.flush()
        broke = broke or row["event"] == "broke"
    if show:
        sys.stdout.write("\n" + "".join(f"  {name}: {value}\n" for name, value in only_shown(end)))
    return end | ({"broke": True} if broke else {})


def only_shown(end: Row) -> list[tuple[str, Any]]:
    """What an answer gives to be seen and not said: a password, a code."""
    rows = [((call.get("result") or {}).get("data") or {}).get("shown") for call in end["calls"]]
    return [pair for row in rows if isinstance(row, dict) for pair in row.items()]


def ring(row: Row, from_person: bool) -> None:
    """Tell what falls due, between the lines of the conversation."""
    sys.stdout.write(f"\r⏰ {row['text']}\n{'› ' if from_person else ''}")
    sys.stdout.flush()


def print_json(row: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")

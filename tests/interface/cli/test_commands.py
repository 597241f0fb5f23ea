"""Every command does what DESIGN promises of it: its help, its JSON, its exit codes."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interface.running import Running, announced

NOW = ("--now", "2026-03-04T09:00:00+01:00")
LIST = "what's on the shopping list?"
COMMANDS = (
    ("ask",),
    ("chat",),
    ("undo",),
    ("log",),
    ("call",),
    ("cancel",),
    ("confirm",),
    ("up",),
    ("understand",),
    ("remember",),
    ("recall",),
    ("memory",),
    ("memory", "import"),
    ("memory", "recall"),
    ("memory", "export"),
    ("memory", "timeline"),
    ("memory", "facts"),
    ("memory", "promises"),
    ("memory", "people"),
    ("memory", "why"),
    ("memory", "forget"),
    ("memory", "correct"),
    ("memory", "erase"),
    ("memory", "check"),
    ("services",),
    ("services", "list"),
    ("services", "restart"),
    ("services", "swap"),
    ("services", "rest"),
    ("services", "wake"),
    ("services", "logs"),
    ("services", "stats"),
    ("services", "new"),
    ("services", "add"),
    ("services", "review"),
    ("services", "approve"),
    ("services", "trust"),
    ("services", "tools"),
    ("services", "remove"),
    ("rooms",),
    ("rooms", "list"),
    ("rooms", "new"),
    ("rooms", "join"),
    ("rooms", "leave"),
    ("guests",),
    ("guests", "list"),
    ("guests", "add"),
    ("guests", "remove"),
    ("tokens",),
    ("tokens", "list"),
    ("tokens", "new"),
    ("tokens", "remove"),
    ("mcp",),
)
Muos = Callable[..., Any]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_teaches(muos: Muos, command: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        given = muos(*command, flag)
        assert (given.code, given.err) == (0, "")
        assert f"Usage: muos {' '.join(command)}" in given.out
        _usage, teaches, *_ = [line.strip() for line in given.out.splitlines() if line.strip()]
        assert len(teaches.split()) > 2


def test_every_command_is_looked_at_here(muos: Muos) -> None:
    text = muos("--help").out
    listed = [
        line.split()[1] for line in text.split("Commands")[1].splitlines() if line.startswith("│ ") and line[2] != " "
    ]
    assert set(listed) == {command[0] for command in COMMANDS}


@pytest.mark.parametrize(
    "arguments", [("bogus",), ("ask", "--bogus", "x"), ("log", "-n", "0"), ("undo", "zz"), ("services", "restart", "x")]
)
def test_a_slip_on_the_command_line_is_one_sentence(muos: Muos, arguments: tuple[str, ...]) -> None:
    given = muos(*arguments)
    assert given.code == 2
    assert given.sentence


def test_words_are_joined_and_standard_input_is_the_same(muos: Muos) -> None:
    wanted = muos("ask", LIST).out
    assert muos("ask", *LIST.split()).out == wanted
    assert muos("ask", stdin=LIST.encode()).out == wanted


def test_ask_gives_one_object_with_all_that_was_promised(muos: Muos) -> None:
    row = muos("ask", "--json", *NOW, LIST).json
    assert {"text", "path", "calls", "waiting", "ms"} <= row.keys()
    assert row["path"] == "reflex"
    [call] = row["calls"]
    assert {"id", "tool", "arguments", "status", "result", "undo"} <= call.keys()
    assert (call["tool"], call["status"], call["undo"]) == ("lists_show", "done", None)


def test_what_is_not_understood_is_said_and_is_exit_code_3(muos: Muos) -> None:
    given = muos("ask", "--json", "who won the world cup in 1998?")
    assert given.code == 3
    assert (given.json["path"], given.json["calls"]) == ("none", [])
    assert "MUOS_MODEL" in given.json["text"]


def test_undo_takes_back_the_last_action_or_a_given_one(muos: Muos) -> None:
    first = muos("ask", "--json", "add bread to the shopping list").json["calls"][0]["undo"]
    muos("ask", "add tea to the shopping list")
    assert muos("undo").out.startswith("Undone: Added tea")
    row = muos("undo", first[:6], "--json").json
    assert [call["status"] for call in row["calls"]] == ["done"]
    assert muos("ask", LIST).out == "On the shopping list: milk.\n"
    again = muos("undo", first)
    assert (again.code, again.sentence) == (2, "That was already undone.")
    assert muos("undo", "abcdef99").code == 2


def test_the_log_shows_the_latest_call_first_one_object_a_line(muos: Muos) -> None:
    muos("ask", "add bread to the shopping list")
    rows = [json.loads(line) for line in muos("log", "--json").out.splitlines()]
    assert [row["asked"] for row in rows] == ["add bread to the shopping list", "add milk to the shopping list"]
    assert [row["calls"][0]["arguments"]["items"] for row in rows] == [["bread"], ["milk"]]
    assert len(muos("log", "--json", "-n", "1").out.splitlines()) == 1
    assert muos("log").out.splitlines()[-1].endswith("Added bread to the shopping list.")


def test_what_is_remembered_is_recalled_at_most_k_at_once(muos: Muos) -> None:
    for place in ("pot", "mat", "stone"):
        assert muos("remember", *NOW, f"a spare key is under the {place}").code == 0
    found = muos("recall", *NOW, "spare", "key", "-k", "2", "--json").json
    assert found["query"] == "spare key"
    assert len(found["notes"]) == 2
    assert all("spare key" in note["text"] for note in found["notes"])
    assert "spare key" in muos("recall", "where is the spare key").out


def test_a_new_service_works_at_once_and_its_story_holds(muos: Muos, home: Path) -> None:
    made = muos("services", "new", "plants")
    assert made.code == 0
    folder = home / "services.d" / "plants"
    for step in runpy.run_path(str(folder / "story.py"))["STORY"]:
        row = muos("ask", "--json", *NOW, step.says).json
        assert [call["tool"] for call in row["calls"]] == [f"plants_{step.tool}"]
        assert row["calls"][0]["arguments"] == step.arguments
        assert step.answers.lower() in row["text"].lower()
    assert muos("services", "new", "plants").code == 2
    assert muos("services", "new", "No Good").code == 2
    rows = muos("services", "list", "--json").json["services"]
    assert "plants" in [row["name"] for row in rows]
    assert muos("services", "restart", "plants", "--json").json["state"] == "ready"


def test_members_do_not_see_each_other(muos: Muos) -> None:
    anna, bob = ("--member", "anna", *NOW), ("--member", "bob", *NOW)
    muos("ask", *anna, "note that the attic wifi password is heron-42")
    muos("ask", *anna, "remind me to call mum tomorrow at 5pm")
    muos("remember", *anna, "the key of the attic is blue")
    for question in ("show my notes", "what are my reminders?", "what did I say about the attic?"):
        told = muos("ask", *bob, question).out
        assert "heron" not in told
        assert "mum" not in told
        assert "blue" not in told
    recalled = muos("recall", *bob, "attic", "--json").json["notes"]
    assert {note["who"] for note in recalled} <= {"bob"}
    assert "heron" not in muos("log", "--member", "bob").out
    assert muos("undo", "--member", "bob").sentence == "There is nothing to undo."
    assert "heron" in muos("ask", *anna, "show my notes").out


def test_a_conversation_through_a_pipe(muos: Muos) -> None:
    lines = b"add bread to the shopping list\n\ntake it off\nwhat's on the shopping list?\nbye\nadd tea\n"
    given = muos("chat", stdin=lines)
    assert (given.code, given.err) == (0, "")
    assert given.out.splitlines() == [
        "Added bread to the shopping list.",
        "Took bread off the shopping list.",
        "On the shopping list: milk.",
    ]


def test_homes_do_not_see_each_other(muos: Muos, tmp_path: Path) -> None:
    assert "no shopping list" in muos("ask", "--home", str(tmp_path / "other"), LIST).out


def anonymous(row: Any) -> Any:
    """The answer without what differs from one time to the next."""
    if isinstance(row, dict):
        return {
            key: anonymous(value) for key, value in row.items() if key not in {"id", "undo", "undid", "steps", "ms"}
        }
    return [anonymous(each) for each in row] if isinstance(row, list) else row


def test_a_hub_that_runs_gives_the_same_answers(muos: Muos, home: Path, site: Any) -> None:
    zoe = ("--member", "zoe", "--json", *NOW)
    lines = ("add bread to the zebra list", "what's on the zebra list?", "who won the world cup in 1998?", "undo that")
    alone = [muos("ask", *zoe, line) for line in lines]
    with announced(home, Running("127.0.0.1", int(site.url.rsplit(":", 1)[1]), os.getpid())):
        through = [muos("ask", *zoe, line) for line in lines]
        assert "zebra" in muos("log", "--member", "zoe").out
        assert muos("undo", "--member", "zoe").sentence == "There is nothing to undo."
        assert muos("services", "list", "--json").json["services"]
        assert muos("remember", *zoe, "the stable is open").json["status"] == "done"
        assert "stable" in muos("recall", *zoe, "stable").out
        refused = muos("services", "restart", "nope")
        assert (refused.code, refused.sentence[:31]) == (2, "There is no service 'nope'. The")
    assert [given.code for given in through] == [given.code for given in alone] == [0, 0, 3, 0]
    assert [anonymous(given.json) for given in through] == [anonymous(given.json) for given in alone]


# understand


def unseen_tool(number: int) -> dict[str, Any]:
    thing = ("lamp", "sprinkler", "parcel", "invoice", "violin")[number % 5] + str(number)
    return {
        "name": f"acme.{thing}-start",
        "description": f"Start the {thing}.",
        "inputSchema": {
            "type": "object",
            "properties": {"minutes": {"type": "integer", "description": "How many minutes"}},
            "required": ["minutes"],
        },
    }


def test_a_thousand_lines_over_tools_never_seen_are_each_answered(muos: Muos, tmp_path: Path) -> None:
    tools, lines = tmp_path / "tools.json", tmp_path / "lines.jsonl"
    tools.write_text(json.dumps([unseen_tool(number) for number in range(5)]))
    written = []
    for number in range(1000):
        row: dict[str, Any] = {"id": number, "text": f"start the violin4 for {number % 50 + 1} minutes"}
        if number % 100 == 0:  # some lines bring a tool of their own
            row |= {"tools": [unseen_tool(number + 7)], "text": f"start the parcel{number + 7} for 3 minutes"}
        written.append(json.dumps(row))
    written[10], written[20], written[30] = '{"id": 10', "[]", '{"id": 30, "text": 7}'
    lines.write_text("\n".join(written) + "\n")
    given = muos("understand", "--tools", str(tools), "--in", str(lines))
    assert (given.code, given.err) == (0, "")
    rows = [json.loads(line) for line in given.out.splitlines()]
    assert len(rows) == 1000
    wrong = [number for number, row in enumerate(rows) if "error" in row]
    assert wrong == [10, 20, 30]
    assert all(len(str(rows[number]["error"]).splitlines()) == 1 for number in wrong)
    good = [row for row in rows if "error" not in row]
    assert [row["id"] for row in good] == [number for number in range(1000) if number not in wrong]
    assert all({"id", "calls", "missing", "ms"} <= row.keys() for row in good)
    right = [row for row in good if row["calls"] and row["calls"][0]["arguments"].get("minutes")]
    assert len(right) > 900


@pytest.mark.parametrize("content", [b"", b"{", b"7", b'[{"no": "name"}]', b"\xff\xfe"])
def test_a_tools_file_that_is_none_is_one_sentence(muos: Muos, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tools.json").write_bytes(content)
    given = muos("understand", "--tools", str(tmp_path / "tools.json"))
    assert given.code == 2
    assert given.sentence.startswith("--tools:")
    assert muos("understand", "--in", str(tmp_path / "nowhere")).code == 2


def test_a_command_loads_neither_the_database_nor_numpy_before_it_needs_them() -> None:
    program = "import sys, interface.cli.main; print(sorted({'sqlalchemy', 'numpy', 'pydantic'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"

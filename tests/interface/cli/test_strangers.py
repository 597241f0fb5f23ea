"""`muos services add` and what follows: seen, agreed to, trusted, changed, removed, brought back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.services.strangers.conftest import tool, written

Muos = Callable[..., Any]
PEEK, POKE = tool("peek", "Look at the odd thing."), tool("poke", "Poke the odd thing.", reads=None)
NOW = ("--now", "2026-03-04T09:00:00+01:00")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere"


@pytest.fixture
def command(elsewhere: Path) -> str:
    """What a person would type to run it."""
    return shlex.join(written(elsewhere, PEEK, POKE))


@pytest.fixture
def add(muos: Muos, command: str, elsewhere: Path) -> Callable[..., Any]:
    """Add it as `odd`."""

    def add(*options: str) -> Any:
        return muos("services", "add", command, "--name", "odd", "--read", str(elsewhere), *options)

    return add


def states(muos: Muos) -> dict[str, str]:
    return {row["name"]: row["state"] for row in muos("services", "list", "--json").json["services"]}


def test_it_is_shown_before_it_is_used_and_used_afterwards(add: Callable[..., Any], muos: Muos) -> None:
    given = add("--yes")
    assert given.code == 0
    assert "It may reach: reading" in given.out
    assert "peek: reads, runs at once (it says that it only reads)" in given.out
    assert "poke: can't be undone, asks each time (it does not say what it changes)" in given.out
    assert "Added odd" in given.out
    assert states(muos)["odd"] == "asleep"
    asked = muos("ask", "--json", *NOW, "poke the odd thing").json
    assert [call["tool"] for call in asked["calls"]] == ["odd_poke"]
    assert asked["waiting"]["kind"] == "confirm"


def test_without_anybody_to_say_yes_nothing_is_left(add: Callable[..., Any], muos: Muos, home: Path) -> None:
    given = add()
    assert given.code == 2
    assert "Nobody is here to say yes" in given.err.splitlines()[-1]
    assert "odd" not in states(muos)
    assert not (home / "services.d" / "odd").exists()
    assert not (home / "services" / "odd").exists()
    assert not (home / "approvals" / "odd.json").exists()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("npx -y ../evil", "takes the name of a package"),
        ("uvx git+https://example.org/x", "takes the name of a package"),
        ("no-such-program-here --x", "There is no program 'no-such-program-here'"),
        ("python -c 'raise SystemExit(3)'", "did not start"),
        ("http://example.org/mcp", "use https://"),
        ("http://127.0.0.1:9/mcp", "127.0.0.1 does not take connections"),
    ],
)
def test_what_can_not_be_added_is_said_in_a_line_and_leaves_nothing(
    source: str, said: str, muos: Muos, home: Path
) -> None:
    given = muos("services", "add", source, "--yes", "--name", "odd")
    assert given.code == 2
    assert said in given.err.splitlines()[-1]
    assert "odd" not in states(muos)
    assert not (home / "services.d" / "odd").exists()
    assert not list((home / "cache" / "adding").glob("*"))


@pytest.mark.parametrize(
    "options",
    [["--name", "clock"], ["--name", "No Good"], ["--read", "/no/such/folder"], ["--network", "everywhere"],
     ["--env", "NAME"], ["--env", "1=2"]],
)  # fmt: skip
def test_wishes_that_can_not_be_granted_are_refused(options: list[str], command: str, muos: Muos) -> None:
    given = muos("services", "add", command, "--yes", *options)
    assert given.code == 2
    assert len(given.err.splitlines()) == 1


def test_a_secret_reaches_the_program_and_lies_in_no_file_of_it(
    add: Callable[..., Any], muos: Muos, home: Path
) -> None:
    assert add("--yes", "--env", "SECRET_WORD=xyzzy").code == 0
    called = muos("call", "odd_peek", "{}", "--json").json
    assert "xyzzy" in json.dumps(called)
    assert not any("xyzzy" in file.read_text() for file in (home / "services.d" / "odd").rglob("*.*"))
    assert "xyzzy" not in muos("services", "set", "odd", "--json").out


def test_a_person_may_let_a_tool_run_and_take_that_back(add: Callable[..., Any], muos: Muos) -> None:
    add("--yes")
    assert muos("services", "trust", "odd", "poke").out == (
        "poke: can't be undone, runs at once (you said that it may run without asking).\n"
    )
    asked = muos("ask", "--json", *NOW, "poke the odd thing").json
    assert asked["waiting"] is None
    assert asked["calls"][0]["status"] == "done"
    assert "asks each time" in muos("services", "trust", "odd", "poke", "--forget").out
    assert "reads, runs at once" in muos("services", "trust", "odd", "odd_poke", "--effect", "read").out
    assert "asks each time" in muos("services", "trust", "odd", "peek", "--effect", "irreversible").out
    assert muos("services", "trust", "odd", "poke", "--effect", "reversible").code == 2
    assert muos("services", "trust", "odd", "nothing").code == 2
    assert muos("services", "trust", "clock", "now").code == 2


def test_a_change_is_shown_and_used_only_after_it_was_approved(
    add: Callable[..., Any], muos: Muos, elsewhere: Path
) -> None:
    add("--yes")
    written(elsewhere, tool("peek", "Look at the odd thing and tell the whole world."), tool("prod", reads=None))
    assert muos("call", "odd_peek", "{}").code != 0
    assert states(muos)["odd"] == "changed"
    shown = muos("services", "review", "odd").out
    assert "peek [changed]" in shown
    assert "-Look at the odd thing." in shown
    assert "+Look at the odd thing and tell the whole world." in shown
    assert "prod [new]" in shown
    assert "gone: poke" in shown
    assert muos("services", "approve", "odd").code == 2
    assert muos("services", "approve", "odd", "--yes").code == 0
    assert muos("call", "odd_peek", "{}").code == 0


def test_what_is_removed_comes_back_with_its_data(add: Callable[..., Any], muos: Muos, home: Path) -> None:
    add("--yes")
    data = home / "services" / "odd" / "kept.txt"
    data.write_text("kept")
    assert muos("services", "remove", "odd").code == 2
    assert muos("services", "remove", "odd", "--yes").code == 0
    assert "odd" not in states(muos)
    assert not data.exists()
    assert muos("services", "remove", "odd", "--undo").code == 0
    assert data.read_text() == "kept"
    assert muos("call", "odd_peek", "{}").code == 0
    assert muos("services", "remove", "odd", "--undo").code == 2
    assert muos("services", "remove", "clock", "--yes").code == 2

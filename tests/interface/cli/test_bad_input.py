"""Whatever is typed, and whatever happened to the home: one clear sentence, the right exit code, nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interface.running import held
from services.runtime.launch import ROOT

NOW = ("--now", "2026-03-04T09:00:00+01:00")
BAD, OURS, NOT_UNDERSTOOD = 2, 1, 3
LIST = "what's on the shopping list?"
MUOS = (sys.executable, "-c", "from interface.cli.main import main; main()")
Muos = Callable[..., Any]


def milk_is_there(muos: Muos) -> bool:
    return "milk" in muos("ask", LIST).out


# What is asked


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u00a0"])
def test_nothing_is_bad_input(muos: Muos, text: str) -> None:
    given = muos("ask", text)
    assert given.code == BAD
    assert given.sentence.startswith("Nothing was asked.")
    assert muos("ask", stdin=text.encode()).code == BAD


def test_a_million_characters_are_answered_and_more_are_refused(muos: Muos) -> None:
    assert muos("ask", stdin=b"a" * 1_000_000).code == NOT_UNDERSTOOD
    given = muos("ask", stdin=b"a" * 1_000_001)
    assert given.code == BAD
    assert "1,000,001 characters" in given.sentence


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02\x07\x1b[31m\x7f",
        "🎉🥑👩‍👩‍👧‍👦",
        "\u202egnihtemos",
        "?!?!",
        "'; DROP TABLE calls; --",
        "--" * 500,
        "把牛奶加到购物清单",
        "ajoute du lait à la liste de courses",
        "أضف الحليب إلى قائمة التسوق",
        "Käsespätzle übermorgen für fünf",
    ],
)
def test_odd_text_gets_an_answer(muos: Muos, text: str) -> None:
    given = muos("ask", "--json", "--", text)
    assert given.code in {0, NOT_UNDERSTOOD}
    assert given.json["text"]
    assert given.err == ""


def test_what_is_no_utf8_is_read_as_far_as_it_goes(home: Path) -> None:
    for arguments, stdin in (
        ([b"add caf\xe9 to the shopping list"], b""),
        ([], b"add t\xff\xfea to the shopping list"),
    ):
        ended = subprocess.run(
            [*MUOS, "ask", "--json", "--home", str(home), *arguments], input=stdin, capture_output=True, cwd=ROOT
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert "to the shopping list" in ended.stdout.decode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "remind me on the 31st of February to pay",
        "remind me on 2026-02-31 at 25:99 to pay",
        "put lunch on my calendar on the 45th of Juneuary",
        "remind me in the year 99999 to pay",
        "set a timer for 999999999999 years",
        "remind me yesterday to pay",
    ],
)
def test_a_time_that_cannot_be_is_never_written_down(muos: Muos, text: str) -> None:
    given = muos("ask", "--json", *NOW, text)
    assert given.code in {0, NOT_UNDERSTOOD}
    assert given.json["text"]
    assert not [call for call in given.json["calls"] if call["status"] == "done"]


@pytest.mark.parametrize(
    "now", ["", "tomorrow", "2026-02-31T09:00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00Z"]
)
def test_a_clock_that_cannot_be_is_bad_input(muos: Muos, now: str) -> None:
    given = muos("ask", "--now", now, LIST)
    assert given.code == BAD
    assert "--now must" in given.sentence


# What happened to the home


def test_a_home_that_is_a_file(muos: Muos, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for command in (("ask", LIST), ("up", "--port", "0"), ("log",)):
        given = muos(*command, home=tmp_path / "file")
        assert given.code == OURS
        assert "is a file, not a folder" in given.sentence
    assert (tmp_path / "file").read_text() == "mine"


def test_a_damaged_database_is_left_as_it_is(muos: Muos, home: Path) -> None:
    whole = (home / "hub.sqlite").read_bytes()
    (home / "hub.sqlite").write_text("garbage " * 100)
    for command in (("ask", LIST), ("log",), ("remember", "this"), ("up", "--port", "0")):
        given = muos(*command)
        assert given.code == OURS
        assert "is damaged" in given.sentence
    assert (home / "hub.sqlite").read_text() == "garbage " * 100
    (home / "hub.sqlite").write_bytes(whole)
    assert milk_is_there(muos)


def test_a_service_whose_data_is_damaged_says_so_and_the_others_go_on(muos: Muos, home: Path) -> None:
    for file in (home / "services" / "lists").glob("data.sqlite*"):
        file.write_text("garbage " * 100)
    given = muos("ask", LIST)
    assert given.code == OURS
    assert given.out == "Lists can't use its data: file is not a database. Nothing was changed.\n"
    assert muos("ask", *NOW, "what time is it in Tokyo?").code == 0


@pytest.mark.parametrize("content", [b"", b"garbage", b"{}", b"\x00" * 5000])
def test_a_damaged_cache_is_made_again(muos: Muos, home: Path, content: bytes) -> None:
    kept = [file for file in (home / "cache").rglob("*") if file.is_file()]
    assert kept
    for file in kept:
        file.write_bytes(content)
    assert milk_is_there(muos)


def test_a_cache_that_is_a_file_is_done_without(muos: Muos, home: Path) -> None:
    for file in sorted((home / "cache").rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    (home / "cache").rmdir()
    (home / "cache").write_text("")
    assert milk_is_there(muos)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"host": 1}', '{"host": "127.0.0.1", "port": 1, "pid": 1, "token": null}']
)
def test_what_a_killed_hub_left_behind_does_not_mislead(muos: Muos, home: Path, content: str) -> None:
    (home / "running.json").write_text(content)
    assert milk_is_there(muos)


def test_broken_services_are_named_and_all_others_work(muos: Muos, home: Path) -> None:
    folders = {
        "bad": ("name = [", None),
        "serverless": ('name = "serverless"\n[run]\npython = "server.py"', None),
        "leaving": ('name = "leaving"\n[run]\npython = "server.py"', "raise SystemExit(3)"),
        "lists": ('name = "lists"\n[run]\npython = "server.py"', "raise SystemExit(3)"),
    }
    for name, (manifest, server) in folders.items():
        folder = home / "services.d" / name
        folder.mkdir(parents=True)
        (folder / "service.toml").write_text(manifest)
        if server:
            (folder / "server.py").write_text(server)
    assert milk_is_there(muos)
    rows = muos("services", "list", "--json").json["services"]
    errors = {row["name"]: row["error"] for row in rows if row["error"]}
    assert "can't be read" in errors["bad"]
    assert "which is not there" in errors["serverless"]
    assert "exit code 3" in errors["leaving"]
    assert "calls itself 'lists'" in errors["lists"]
    assert "Traceback" not in str(errors)


def muos_process(home: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MUOS, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "MUOS_HOME": str(home)},
        **options,
    )


@pytest.mark.parametrize("room", [0, 20_000, 80_000])
def test_a_full_disk_is_one_sentence_and_nothing_is_lost(muos: Muos, home: Path, room: int) -> None:
    ended = muos_process(
        home,
        *("ask", "add bread to the shopping list"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    told = ended.stdout + ended.stderr
    assert ended.returncode == OURS
    assert "disk" in told
    assert len(told.splitlines()) == 1
    assert milk_is_there(muos)


def test_a_home_that_can_only_be_read_is_one_sentence(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    if subprocess.run(["mount", "--bind", str(home), str(place)], capture_output=True).returncode:
        pytest.skip("only root may mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
        for command in (("ask", LIST), ("up", "--port", "0")):
            ended = muos_process(place, *command)
            assert (ended.returncode, ended.stdout) == (OURS, "")
            assert ended.stderr.startswith(f"muos: MuOS can't write to '{place}")
            assert len(ended.stderr.splitlines()) == 1
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "--member", "m" * 65, "what time is it"),
        ("ask", "--member", "a\x1b[2J", "what time is it"),
        ("ask", "--room", "a\nb", "what time is it"),
        ("services", "rest", "../lists"),
        ("services", "swap", "\x1b[31m"),
        ("services", "set", "weather", "place"),
        ("services", "set", "weather", "place", "-"),
        ("services", "--json", "list"),
    ],
)
def test_what_can_not_be_a_name_or_a_value_is_one_sentence(muos: Muos, arguments: tuple[str, ...]) -> None:
    given = muos(*arguments)
    assert given.code == BAD
    assert "\x1b" not in given.sentence


def test_arguments_that_are_too_long_are_said_to_be(muos: Muos) -> None:
    given = muos("call", "lists_add", "-", stdin=b'{"items": ["' + b"z" * 1_000_000 + b'"]}')
    assert (given.code, "longer than" in given.sentence) == (BAD, True)


def test_what_is_kept_in_a_home_is_for_its_owner_alone(muos: Muos, home: Path) -> None:
    for name in ("hub.sqlite", "logs"):
        (home / name).chmod(0o755)
    muos("services")
    assert [oct((home / name).stat().st_mode & 0o077) for name in ("hub.sqlite", "logs")] == ["0o0", "0o0"]
    new = home / "new"
    assert muos("services", home=new).code == 0
    assert oct(new.stat().st_mode & 0o077) == "0o0"
    assert {each.stat().st_mode & 0o077 for each in new.glob("hub.sqlite*")} == {0}


def test_the_list_of_services_is_one_object_without_a_word_too(muos: Muos) -> None:
    bare, listed = muos("services", "--json").json, muos("services", "list", "--json").json
    assert [row["name"] for row in bare["services"]] == [row["name"] for row in listed["services"]]


def test_a_home_has_one_hub_even_while_it_starts(muos: Muos, home: Path) -> None:
    with held(home):
        given = muos("up", "--port", "0")
        assert (given.code, "just starting" in given.sentence) == (BAD, True)
    with held(home):
        pass  # it was let go of

"""`muos services …`: looking after the services from the command line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Muos = Callable[..., Any]


@pytest.fixture
def plants(muos: Muos, home: Path) -> Path:
    """A service of one's own in the home, written to its log once."""
    muos("services", "new", "plants")
    (home / "logs").mkdir(exist_ok=True)
    (home / "logs" / "plants.log").write_text("one\n\x1b[31mtwo\x1b[0m\nthree\n")
    return home / "services.d" / "plants"


def test_the_table_names_every_service_with_its_state_and_what_to_do_next(muos: Muos, plants: Path) -> None:
    shown = muos("services").out
    for name in ("lists", "clock", "plants"):
        assert f"\n{name} " in shown
    assert "muos services stats NAME" in shown
    assert "asleep" in shown


def test_a_service_is_rested_over_commands_and_woken(muos: Muos, plants: Path) -> None:
    assert muos("services", "rest", "plants").out == "Plants rests; `muos services wake plants` brings it back.\n"
    rows = {row["name"]: row for row in muos("services", "list", "--json").json["services"]}
    assert (rows["plants"]["state"], rows["plants"]["error"]) == ("withdrawn", "it was put to rest")
    assert muos("services", "wake", "plants").out == "Plants is back.\n"


def test_a_swap_says_what_changed_and_a_broken_version_is_bad_input(muos: Muos, plants: Path) -> None:
    swapped = muos("services", "swap", "plants", "--json").json
    assert swapped["text"] == "Swapped Plants: the same tools."
    assert swapped["data"]["added"] == swapped["data"]["removed"] == []
    (plants / "service.toml").write_text("name = [")
    refused = muos("services", "swap", "plants")
    assert refused.code == 2
    assert "can't be read" in refused.sentence


def test_logs_shows_the_last_lines_free_of_escapes_and_follows_until_it_is_stopped(
    muos: Muos, plants: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert muos("services", "logs", "plants", "-n", "2").out == "two\nthree\n"
    looks = iter(("four\n", ""))

    def sleep(_: float) -> None:
        with (home / "logs" / "plants.log").open("a") as log:
            log.write(next(looks) or stop())

    def stop() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    followed = muos("services", "logs", "plants", "-n", "1", "--follow")
    assert (followed.code, followed.out) == (130, "three\nfour\n")
    assert muos("services", "logs", "nobody").sentence.startswith("nobody has written no log here yet.")
    assert muos("services", "logs", "../hub").code == 2


def test_stats_are_a_table_a_sheet_and_json(muos: Muos, plants: Path) -> None:
    assert "own MB" in muos("services", "stats").out
    sheet = muos("services", "stats", "plants").out
    for what in ("Plants (plants)", "costs nothing", "limits", "enforced"):
        assert what in sheet
    [row] = muos("services", "stats", "plants", "--json").json["services"]
    assert (row["name"], row["use"]["processes"], row["limits"]["concurrent"]) == ("plants", 0, 4)
    assert "There is no service 'nobody'." in muos("services", "stats", "nobody").sentence

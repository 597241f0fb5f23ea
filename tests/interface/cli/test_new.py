"""`muos services new`: the folder that a newcomer starts from."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.runtime.manifest import read_manifest

Muos = Callable[..., Any]


def test_it_makes_all_that_a_service_needs_and_says_what_to_try(muos: Muos, home: Path) -> None:
    said = muos("services", "new", "plants").out
    folder = home / "services.d" / "plants"
    assert said.splitlines() == [
        f"Made {folder}. A hub that runs finds it by itself, within a second.",
        "Try: muos ask 'add \"hello\" to plants'",
        f"Test it: python -m pytest {folder}",
    ]
    assert {file.name for file in folder.iterdir()} == {
        "README.md",
        "server.py",
        "service.toml",
        "story.py",
        "test_plants.py",
    }
    assert not [file.name for file in folder.iterdir() if re.search("sample", file.read_text(), re.IGNORECASE)]


def test_what_is_commented_out_in_the_manifest_is_right_as_it_stands(muos: Muos, tmp_path: Path) -> None:
    muos("services", "new", "plants", "--in", str(tmp_path))
    folder = tmp_path / "plants"
    plain = read_manifest(folder)
    text = (folder / "service.toml").read_text()
    (folder / "service.toml").write_text(re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE))
    all_in = read_manifest(folder)
    assert all_in.limits == plain.limits
    assert all_in.rights.network == ("public",)
    assert all_in.rights.tools == ("places_find",)
    assert all_in.settings["greeting"].default == "hello"


def test_the_name_of_a_service_that_muos_brings_is_refused(muos: Muos, home: Path) -> None:
    result = muos("services", "new", "lists")
    assert result.code == 2
    assert "brings a service called 'lists'" in result.err
    assert not (home / "services.d" / "lists").exists()

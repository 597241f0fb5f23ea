"""The README is held true: its file tree, its commands and its links."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from interface.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = [README, *(page.read_text() for page in sorted((ROOT / "docs").glob("*.md")))]


def tree_lines() -> list[str]:
    block = re.search(r"```text tree\n(.*?)```", README, re.DOTALL)
    assert block, "the README has its file tree in a block that opens with ```text tree"
    return [line.split()[0] for line in block[1].splitlines() if line.strip()]


def test_the_file_tree_names_what_is_there() -> None:
    missing = [name for name in tree_lines() if not (ROOT / name).exists()]
    assert not missing


def test_the_file_tree_leaves_out_no_folder_or_file_of_the_root() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not listed:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in listed.splitlines()}
    assert not {name for name in top if name.rstrip("/") not in {line.rstrip("/") for line in tree_lines()}}


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = {
        target
        for page in PAGES
        for target in re.findall(r"`make ([a-z]+)`|^(?:\$ )?make ([a-z]+)", page, re.MULTILINE)
        for target in target
        if target
    }
    assert named >= {"run", "test"}
    assert not [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)]


def commands() -> set[str]:
    return {found for page in PAGES for found in re.findall(r"^(?:\$ )?muos ([a-z]+)", page, re.MULTILINE)}


def test_every_muos_command_named_exists() -> None:
    group = typer.main.get_command(app)
    known = set(getattr(group, "list_commands")(None))  # noqa: B009  # a group has it, its base type does not
    assert not commands() - known


def test_every_link_to_a_file_leads_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_file_named_in_the_architecture_exists() -> None:
    named = set(re.findall(r"\b((?:agent|services|memory|interface|models|network)/[\w/]+\.py)\b", "\n".join(PAGES)))
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]

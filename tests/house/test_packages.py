"""Our package names are general words: nothing else may stand in for them."""

import importlib
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agent", "services", "memory", "interface", "models", "network")


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_lies_in_this_repository(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).parent == ROOT / name


@pytest.mark.parametrize("name", PACKAGES)
def test_nothing_else_is_installed_under_the_name(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"muos"}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_says_what_it_is(name: str) -> None:
    assert importlib.import_module(name).__doc__


def test_every_dependency_is_pinned_by_name_and_version_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    bad = [line for line in lines if line and not line.startswith("#") and line.count("==") != 1]
    assert not bad
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_the_base_install_asks_for_no_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert not [name for name in project["dependencies"] if name.startswith(("torch", "transformers"))]

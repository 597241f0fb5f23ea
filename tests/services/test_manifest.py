"""A service is a folder with a manifest; a bad one is one clear sentence about that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.runtime.errors import BadManifest
from services.runtime.manifest import Limits, find_services, read_manifest
from services.runtime.supervisor import BUILT_IN


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "service.toml").write_text(text)
    (folder / "server.py").write_text("")
    return folder


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    manifest = read_manifest(write(tmp_path / "a", 'name = "to_do"\n[run]\npython = "server.py"\n'))
    assert manifest.called == "To do"
    assert manifest.limits == Limits()
    assert manifest.folder == tmp_path / "a"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "name: Field required"),
        ("name = [", "can't be read"),
        ('name = "a"', "run: Field required"),
        ('name = "a"\n[run]', "give either python"),
        ('name = "a"\n[run]\npython = "server.py"\ncommand = ["x"]', "give either python"),
        ('name = "a"\n[run]\npython = "gone.py"', "'gone.py', which is not there"),
        ('name = "a"\n[run]\ncommand = []', "run.command"),
        ('name = "A/b"\n[run]\npython = "server.py"', "name: String should match"),
        ('name = "a"\ncolour = 1\n[run]\npython = "server.py"', "colour: Extra inputs"),
        ('name = "a"\n[run]\npython = "server.py"\n[limits]\nseconds = 0', "limits.seconds"),
        ('name = "a"\n[run]\npython = "server.py"\n[limits]\nmemory_mb = "lots"', "limits.memory_mb"),
        ("#" * 100_000, "longer than"),
    ],
)
def test_a_bad_manifest_is_one_clear_sentence(text: str, reason: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "bad", text)
    with pytest.raises(BadManifest) as caught:
        read_manifest(folder)
    assert reason in str(caught.value)
    assert str(folder / "service.toml") in str(caught.value)


def test_a_bad_manifest_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "good", 'name = "good"\n[run]\npython = "server.py"\n')
    write(tmp_path / "bad", "name = [")
    write(tmp_path / "twin", 'name = "good"\n[run]\npython = "server.py"\n')
    (tmp_path / "no_service").mkdir()
    found = find_services([tmp_path, tmp_path / "nowhere"])
    assert [manifest.name for manifest in found.manifests] == ["good"]
    assert [broken.name for broken in found.broken] == ["bad", "twin"]


def test_a_place_may_be_a_service_itself(tmp_path: Path) -> None:
    folder = write(tmp_path / "one", 'name = "one"\n[run]\ncommand = ["npx", "thing"]\n')
    assert [manifest.name for manifest in find_services([folder]).manifests] == ["one"]


def test_every_built_in_manifest_is_good() -> None:
    assert find_services([BUILT_IN]).broken == ()
